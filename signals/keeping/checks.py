"""The doctor's checks of a working folder: each looks at one thing, changes nothing, and says what to do.

Everything is read from an open warehouse or the folder beside it; no check shows a word of a report.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import duckdb

from signals.accounts import read_accounts
from signals.clock import LOCAL, day_of, start_of
from signals.complainants import site_key
from signals.errors import JianweiError, StateError, WarehouseBusyError
from signals.holidays import arrangement_published
from signals.keeping.backups import backup_folders, is_readable, read_manifest
from signals.keeping.chain import check_audit
from signals.keeping.erasing import pending_tombstones
from signals.keeping.retention import months_before
from signals.keeping.soundness import check_soundness
from signals.keeping.sweeping import left_behind
from signals.keeping.tombstones import tombstones_path
from signals.records import SOURCE_NAMES, Source
from signals.settings import Settings
from signals.store.erased import is_compacting_due, n_with_text_again
from signals.store.memories import last_run_day
from signals.store.migrations import SCHEMA_VERSION
from signals.store.rows import first_row
from signals.store.warehouse import reading, version_of

LATE_DAYS = 3  # without an import of a source that has delivered before
TIMES_ROOM = 3  # free room wanted, in sizes of the warehouse: a backup, a rewrite, and what comes in meanwhile
LEAST_ROOM = 2**30  # bytes


class State(StrEnum):
    """How a check came out."""

    WELL = "正常"
    NOTICE = "注意"
    FAULT = "故障"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor."""

    name: str
    state: State
    said: str  # what was found, and what to do where that is not well


@dataclass(frozen=True, slots=True)
class Examined:
    """What is looked at, and when."""

    settings: Settings
    connection: duckdb.DuckDBPyConnection
    now: datetime


def examine(settings: Settings, *, now: datetime) -> Iterator[Check]:
    """All checks; those inside the warehouse only where it opens. Changes nothing, not even an old version."""
    opening = _opening(settings)
    yield opening
    for outside in (_room, _access, _key, _accounts, _holidays, _left_over):
        yield outside(settings, now)
    if opening.state is State.FAULT:
        yield _backup(settings, now)
        return
    if opening.state is State.WELL:
        with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
            examined = Examined(settings, connection, now)
            for inside in (_soundness, _clock, _last_run, _last_imports, _retention, _erasure, _audit):
                yield _said_of(inside, examined)
    yield _backup(settings, now)


def _said_of(check: Callable[[Examined], Check], examined: Examined) -> Check:
    """What a check says, or what stopped it: a damaged block is only met when it is read."""
    try:
        return check(examined)
    except duckdb.Error as error:
        said = f"读不出来（{str(error).splitlines()[0]}）；请用 jianwei restore 恢复备份。"
        return Check("数据仓库", State.FAULT, said)


def _opening(settings: Settings) -> Check:
    try:
        version = version_of(settings.warehouse_path, wait_seconds=settings.wait_seconds)
    except WarehouseBusyError as error:
        return Check("数据仓库", State.FAULT, str(error))
    except StateError as error:
        return Check("数据仓库", State.FAULT, str(error))
    if version < SCHEMA_VERSION:
        said = f"结构版本 {version}，本程序是 {SCHEMA_VERSION}；请先备份，再运行 jianwei migrate，然后重新体检。"
        return Check("数据仓库", State.NOTICE, said)
    return Check("数据仓库", State.WELL, f"能打开，结构版本 {version}。")


def _room(settings: Settings, now: datetime) -> Check:
    folder = _nearest(settings.folder)
    free = shutil.disk_usage(folder).free
    size = settings.warehouse_path.stat().st_size if settings.warehouse_path.is_file() else 0
    said = f"剩余 {free / 2**30:.1f} GB，数据仓库 {size / 2**30:.2f} GB"
    if free < size:
        return Check("磁盘", State.FAULT, f"{said}；不够重写一次，请尽快腾出空间。")
    if free < max(LEAST_ROOM, TIMES_ROOM * size):
        return Check("磁盘", State.NOTICE, f"{said}；不到 {TIMES_ROOM} 倍或 1 GB，请腾出空间。")
    return Check("磁盘", State.WELL, f"{said}。")


def _access(settings: Settings, now: datetime) -> Check:
    paths = [_nearest(settings.folder), settings.warehouse_path, settings.audit_folder, settings.digests_folder]
    shut = [path for path in paths if path.exists() and not os.access(path, os.R_OK | os.W_OK)]
    if odd := [path for path in (settings.audit_folder, settings.digests_folder) if path.is_file()]:
        return Check("权限", State.FAULT, f"{odd[0]} 应是文件夹而不是文件；请保全后移走它。")
    if shut:
        return Check("权限", State.FAULT, f"不能读写 {shut[0]}；请改属主或权限。")
    wide = _nearest(settings.folder)
    if wide.stat().st_mode & 0o007 and not settings.demo:
        return Check("权限", State.NOTICE, f"{wide} 对所有账号开放；请运行 chmod o-rwx {wide}。")
    return Check("权限", State.WELL, "工作文件夹可读写。")


def _key(settings: Settings, now: datetime) -> Check:
    if settings.demo:
        return Check("密钥", State.WELL, "演示，不需要密钥。")
    try:
        site_key(settings)
    except JianweiError as error:
        return Check("密钥", State.FAULT, str(error))
    at = os.environ.get("JIANWEI_COMPLAINANT_KEY_FILE")
    if at and settings.folder.resolve() in Path(at).resolve().parents:
        return Check("密钥", State.NOTICE, f"{at} 与数据仓库放在一起；请移到别处。")
    return Check("密钥", State.WELL, "已设置。")


def _accounts(settings: Settings, now: datetime) -> Check:
    try:
        n_accounts = len(read_accounts(settings.accounts_path))
    except StateError as error:
        return Check("账号", State.FAULT, str(error))
    return Check("账号", State.WELL, f"{n_accounts} 个，账号文件能读。")


def _holidays(settings: Settings, now: datetime) -> Check:
    year = day_of(now).year
    if not arrangement_published(day_of(now)):
        said = f"没有 {year} 年的放假安排，按平常周末计算；请升级 chinesecalendar。"
        return Check("节假日表", State.NOTICE, said)
    following = day_of(now).replace(year=year + 1, month=1, day=1)
    if not arrangement_published(following):
        said = f"只到 {year} 年；年底前请升级 chinesecalendar，装入 {year + 1} 年的安排。"
        return Check("节假日表", State.NOTICE, said)
    return Check("节假日表", State.WELL, f"有 {year + 1} 年的放假安排。")


def _left_over(settings: Settings, now: datetime) -> Check:
    found = [*left_behind(settings.folder), *sorted(settings.warehouse_path.parent.glob(".*.copying*"))]
    if found:
        said = f"{found[0].name} 等 {len(found)} 个，是中断的命令留下的；下次备份或删除时会清掉。"
        return Check("半成品", State.NOTICE, said)
    return Check("半成品", State.WELL, "没有中断留下的半成品。")


def _soundness(examined: Examined) -> Check:
    wrong = check_soundness(examined.connection)
    if wrong:
        return Check("完整性", State.FAULT, f"{'；'.join(wrong)}。请保留现状，用 jianwei restore 恢复备份。")
    return Check("完整性", State.WELL, "每个表都能读完，运行日连续，归并与计数一致。")


def _clock(examined: Examined) -> Check:
    row = first_row(examined.connection.execute(
        "SELECT epoch(greatest((SELECT max(ingested_at) FROM files), (SELECT max(finished_at) FROM runs)))"
    ))
    last = last_run_day(examined.connection)
    newest = datetime.fromtimestamp(float(row[0]), LOCAL) if row and row[0] is not None else None
    if newest and newest > examined.now + timedelta(minutes=5):
        said = f"系统时间 {examined.now:%Y-%m-%d %H:%M}，而记录里有 {newest:%Y-%m-%d %H:%M} 的导入或运行；请核对时钟。"
        return Check("时钟", State.FAULT, said)
    if last and last >= day_of(examined.now):
        return Check("时钟", State.FAULT, f"已经运行过还没有结束的 {last}；请核对时钟。")
    return Check("时钟", State.WELL, f"系统时间 {examined.now:%Y-%m-%d %H:%M}，没有未来的记录。")


def _last_run(examined: Examined) -> Check:
    last, yesterday = last_run_day(examined.connection), day_of(examined.now) - timedelta(days=1)
    if last is None:
        return Check("运行", State.NOTICE, "还没有运行过；请运行 jianwei run。")
    if last < yesterday:
        behind = (yesterday - last).days
        return Check("运行", State.NOTICE, f"最近运行日 {last}，落后 {behind} 天；请运行 jianwei run。")
    return Check("运行", State.WELL, f"最近运行日 {last}。")


def _last_imports(examined: Examined) -> Check:
    found = examined.connection.execute(
        "SELECT source, (max(ingested_at) AT TIME ZONE 'Asia/Shanghai')::DATE FROM files GROUP BY 1 ORDER BY 1"
    ).fetchall()
    if not found:
        return Check("导入", State.NOTICE, "还没有导入过；请运行 jianwei ingest。")
    said = "，".join(f"{SOURCE_NAMES[Source(source)]} {day}" for source, day in found)
    late = [SOURCE_NAMES[Source(source)] for source, day in found if (day_of(examined.now) - day).days > LATE_DAYS]
    if late:
        return Check("导入", State.NOTICE, f"最近导入：{said}；{'、'.join(late)}超过 {LATE_DAYS} 天没有来，请催要。")
    return Check("导入", State.WELL, f"最近导入：{said}。")


def _retention(examined: Examined) -> Check:
    months = examined.settings.retention_months
    before = months_before(day_of(examined.now), months)
    row = first_row(examined.connection.execute(
        "SELECT count(*) FROM reports WHERE received_at < ? AND (title <> '' OR body <> '')", [start_of(before)]
    ))
    if row and row[0]:
        said = f"{row[0]} 条诉求的内容已超过 {months} 个月；请运行 jianwei purge。"
        return Check("保存期", State.NOTICE, said)
    return Check("保存期", State.WELL, f"没有超过 {months} 个月的诉求内容。")


def _erasure(examined: Examined) -> Check:
    pending = pending_tombstones(examined.connection, tombstones_path(examined.settings.folder))
    if pending:
        return Check("删除", State.FAULT, f"{pending} 条诉求有删除记录而内容还在；请再运行一次原来的 erase 或 purge。")
    if again := n_with_text_again(examined.connection):
        return Check("删除", State.FAULT, f"{again} 条已删除的诉求又有了内容；请对它们再运行一次 jianwei erase。")
    if is_compacting_due(examined.connection):
        return Check("删除", State.FAULT, "删除后还没有重写文件；请再运行一次原来的 erase 或 purge。")
    return Check("删除", State.WELL, "删除的内容没有回来。")


def _audit(examined: Examined) -> Check:
    wrong, n_heads = check_audit(examined.settings)
    if wrong:
        return Check("审计", State.FAULT, wrong)
    return Check("审计", State.WELL, f"哈希链完整，{n_heads} 份日报上印的链首都对得上。")


def _backup(settings: Settings, now: datetime) -> Check:
    made = backup_folders(settings)
    if unreadable := [path.name for path in made if not is_readable(path)]:
        said = f"{'、'.join(unreadable)} 的清单读不出来，不能恢复；请删除它，重新备份。"
        return Check("备份", State.FAULT, said)
    if not made:
        said = f"{settings.backups_folder} 里没有备份；请运行 jianwei backup，并复制到另一块磁盘。"
        return Check("备份", State.NOTICE, said)
    age = (now - read_manifest(made[-1]).made_at).total_seconds() / 86400
    if age > settings.backup_days:
        return Check("备份", State.NOTICE, f"最近一份是 {age:.0f} 天前的 {made[-1].name}；请运行 jianwei backup。")
    return Check("备份", State.WELL, f"最近一份 {made[-1].name}。")


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    folder = folder.resolve()
    return next(path for path in (folder, *folder.parents) if path.exists())
