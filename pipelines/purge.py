"""`jianwei purge`: remove the text of all reports older than the retention period; the counts stay."""

from datetime import date, datetime

from pipelines.auditing import note
from pipelines.erase import print_departed
from signals.clock import LOCAL, day_of
from signals.errors import SettingsError, StateError
from signals.keeping.backups import backups_with_text_before, remove_backup
from signals.keeping.erasing import erase_received_before
from signals.keeping.retention import months_before
from signals.settings import Settings
from signals.store.rows import first_row
from signals.store.warehouse import reading

LEAST_MONTHS = 14
MOST_AHEAD_DAYS = 92  # of today after the last import


def purge_command(
    settings: Settings, *, months: int | None = None, with_backups: bool = False, is_clock_right: bool = False,
    now: datetime | None = None,
) -> int:  # fmt: skip
    """Purge what was received more than `months` months before today, default the setting; returns 0.

    Raises StateError where the clock is far ahead of the last import, unless somebody says that it is right.
    """
    kept = settings.retention_months if months is None else months
    if kept < LEAST_MONTHS:
        raise SettingsError(f"--months: 保存期太短；得到 {kept}；应不小于 {LEAST_MONTHS}。请改正。")
    now = now or datetime.now(LOCAL)
    before = months_before(day_of(now), kept)
    _check(settings, day_of(now), is_clock_right=is_clock_right)
    note(settings, "purge", f"before:{before}")
    done = erase_received_before(settings, before, at=now)
    print(f"保存期 {kept} 个月：{before} 之前收到的诉求，这次删除 {done.n_reports} 条的内容、诉求人哈希和引文。")
    print("统计数不变，重新导入也不会再收。")
    print_departed(done)
    for backup in backups_with_text_before(settings, before):
        if with_backups:
            remove_backup(backup)
            print(f"已删除过期备份：{backup.name}。")
        else:
            print(f"备份 {backup.name} 仍含过期内容。请删除它，或加上 --backups 运行。")
    return 0


def _check(settings: Settings, today: date, *, is_clock_right: bool) -> None:
    with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        row = first_row(connection.execute("SELECT max(ingested_at) FROM files"))
    ahead = (today - day_of(row[0])).days if row and row[0] else 0
    if ahead > MOST_AHEAD_DAYS and not is_clock_right:
        raise StateError(
            f"{settings.warehouse_path}: 系统时间 {today} 比最近一次导入晚 {ahead} 天，没有删除任何内容。"
            "请核对系统时间；无误请加上 --clock-is-right。"
        )
