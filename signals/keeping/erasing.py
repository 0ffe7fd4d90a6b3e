"""Erasing reports for good: in the warehouse, in the digests, in every byte of the file; and saying what was sent out.

The order is what makes it safe: tombstones are on disk first, the warehouse changes in one transaction with the digests
already written anew, then the file is written afresh. Killed anywhere in between, the same command again completes it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from signals.clock import start_of
from signals.errors import StateError
from signals.keeping.blanking import blank
from signals.keeping.compaction import compact
from signals.keeping.page_rewriting import RewrittenPages, rewrite_pages
from signals.keeping.sweeping import sweep
from signals.keeping.tombstones import Tombstone, append_tombstones, read_tombstones, tombstones_path
from signals.settings import Settings
from signals.store import erased
from signals.store.rows import count_of
from signals.store.warehouse import changing

RETIRED_BY, RETIRED_REASON = "purge", "超过保存期限"


@dataclass(frozen=True, slots=True)
class Erased:
    """What erasing did."""

    n_reports: int  # named, those erased before too
    pages: RewrittenPages
    models: tuple[str, ...]  # kind and version of those that may have learnt from them


def check_reports(settings: Settings, report_keys: Sequence[str]) -> tuple[str, ...]:
    """The keys, each once. Raises StateError naming the first that is not in the warehouse; changes nothing."""
    keys = tuple(dict.fromkeys(report_keys))
    with changing(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        erased.choose_reports(connection, keys)
        known = {key for (key,) in connection.execute("FROM going").fetchall()}
    for key in keys:
        if key not in known:
            raise StateError(f"{key}: 仓库里没有这条诉求；应为来源和编号，如 hotline:H1。请核对编号。")
    return keys


def erase_reports(settings: Settings, report_keys: Sequence[str], *, by: str, reason: str, at: datetime) -> Erased:
    """Erase single reports of the warehouse, see `check_reports`. reason: redacted already."""
    keys = tuple(report_keys)
    append_tombstones(tombstones_path(settings.folder), [Tombstone(at, by, reason, key) for key in keys])

    def choose(connection: duckdb.DuckDBPyConnection) -> None:
        erased.choose_reports(connection, keys)

    return _erase(settings, choose, at=at, reason=reason, by=by)


def erase_received_before(settings: Settings, before: date, *, at: datetime, by: str = RETIRED_BY) -> Erased:
    """Erase all reports received before a local day, the days' digests with them."""
    stone = Tombstone(at, by, RETIRED_REASON, before=before)
    append_tombstones(tombstones_path(settings.folder), [stone])

    def choose(connection: duckdb.DuckDBPyConnection) -> None:
        erased.choose_received_before(connection, start_of(before))

    return _erase(settings, choose, at=at, reason=RETIRED_REASON, by=by, since=before)


def apply_tombstones(settings: Settings, *, at: datetime) -> int:
    """Erase again whatever the folder's tombstones name; returns how many reports lost their text by it."""
    stones = read_tombstones(tombstones_path(settings.folder))
    n_before = _n_erased(settings)
    single = [stone for stone in stones if stone.report_key]

    def choose(connection: duckdb.DuckDBPyConnection) -> None:
        erased.note_each(connection, [(stone.report_key, stone.at, stone.reason, stone.by) for stone in single])
        erased.choose_reports(connection, [stone.report_key for stone in single])

    if single:
        _erase(settings, choose, at=at, reason="", by="")
    if befores := [stone.before for stone in stones if stone.before]:
        erase_received_before(settings, max(befores), at=at)
    return _n_erased(settings) - n_before


def pending_tombstones(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Tombstones whose reports are here and not erased: a command that was stopped, or a file put back by hand."""
    stones = read_tombstones(path)
    erased.choose_reports(connection, [stone.report_key for stone in stones if stone.report_key])
    return count_of(
        connection,
        "SELECT (SELECT count(*) FROM going ANTI JOIN erased USING (report_key)) + (SELECT count(*) FROM reports"
        " ANTI JOIN erased USING (report_key) WHERE received_at < ?)",
        [max((start_of(stone.before) for stone in stones if stone.before), default=None)],
    )


def _erase(
    settings: Settings, choose: Callable[[duckdb.DuckDBPyConnection], None], *, at: datetime, reason: str, by: str,
    since: date | None = None,
) -> Erased:  # fmt: skip
    with changing(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        choose(connection)
        n, models = erased.n_going(connection), _models_that_saw(connection)
        reworded = blank(connection, at=at, reason=reason, by=by, since=since)
        pages = rewrite_pages(connection, settings, reworded, since=since)
    write_file_afresh(settings)
    return Erased(n, pages, models)


def write_file_afresh(settings: Settings) -> None:
    """Leave no byte of what was taken out of the tables. Raises StateError where there is no room for it."""
    sweep(settings.folder)
    try:
        compact(settings.warehouse_path, wait_seconds=settings.wait_seconds)
    except StateError as error:
        raise StateError(
            f"{settings.warehouse_path}: 内容已从各表删除，但磁盘不够或文件被占用，没能重写文件，旧字节可能还在其中。"
            "请腾出空间后再运行一次同样的命令。"
        ) from error


def _models_that_saw(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Models fitted on facts of days on or after the first on which one of the reports had run."""
    found = connection.execute(
        """SELECT kind || ' ' || version FROM models WHERE kind <> 'budget' AND fitted_through >=
             (SELECT min(day) FROM report_days SEMI JOIN going USING (report_key)) ORDER BY 1"""
    ).fetchall()
    return tuple(name for (name,) in found)


def _n_erased(settings: Settings) -> int:
    with changing(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        return erased.n_erased(connection)
