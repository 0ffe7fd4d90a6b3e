"""Running days in a warehouse: which days are due, one transaction each, computed while nobody is kept waiting.

Themes and the model of escalating come from functions handed in, so that this file knows no model.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import zip_longest
from pathlib import Path

import duckdb

from signals.clock import LOCAL, chinese_day, day_of, days_between
from signals.counting import counting_ahead
from signals.day import DayResult, work_day
from signals.errors import StateError
from signals.gazetteer import load_gazetteer
from signals.likelihood import LikelihoodOn, uncalibrated
from signals.settings import Settings
from signals.store.days import count_known, day_input, save_day, texts_known
from signals.store.erased import n_erased
from signals.store.memories import last_run_day, load_memory
from signals.store.rows import first_row
from signals.store.warehouse import reading, writing
from signals.theming import AssignThemes, no_themes, themed

MEMORY_MB = 2000  # of the warehouse while a day is saved: beyond that its statistics go through the disk
MOST_AHEAD_DAYS = 31  # of today after the last import, for days that nobody named to be run


@dataclass(frozen=True, slots=True)
class DayDone:
    """One day that has just run."""

    result: DayResult
    seconds: float
    n_quarantined: int


def days_due(path: Path, through: date | None, *, only: date | None = None, now: datetime | None = None) -> list[date]:
    """The days to run, oldest first, up to `through` (default: yesterday); days done are left alone.

    only: exactly this day. Raises StateError where an earlier day has not run, the day is not over, or the machine's
    clock cannot be right.
    """
    today = day_of(now or datetime.now(LOCAL))
    with reading(path) as connection:
        last = last_run_day(connection)
        if only is None and through is None:
            check_clock(connection, path, today)
        first = first_row(connection.execute("SELECT min(known_at), max(known_at) FROM reports"))
    if first is None or first[0] is None:
        raise StateError(f"{path}: 仓库里还没有诉求。请先运行 jianwei ingest。")
    earliest = day_of(first[0])
    start = last + timedelta(days=1) if last else earliest
    end = only or through or today - timedelta(days=1)
    if (only or through) and end < earliest:
        raise StateError(f"{end}: 早于第一件诉求（{earliest}）。请选更晚的日期。")
    if end >= today:
        raise StateError(f"{end}: 这一天还没有结束。请在次日运行，或选更早的日期。")
    if only is None:
        return days_between(start, end)
    if only < start:
        return []
    if only > start:
        raise StateError(f"{only}: 前面的 {chinese_day(start)} 还没有运行。请先运行 jianwei run --through {only}。")
    return [only]


def check_clock(connection: duckdb.DuckDBPyConnection, path: Path, today: date) -> None:
    """Raise StateError where the clock is behind what has run, or far ahead of the last import.

    Days run by a clock that had jumped ahead could never be taken back.
    """
    last, row = last_run_day(connection), first_row(connection.execute("SELECT max(ingested_at) FROM files"))
    if last and today <= last:
        raise StateError(f"{path}: 系统时间是 {today}，而 {last} 已经运行过。请核对系统时间；没有改动任何数据。")
    if row and row[0] and (ahead := (today - day_of(row[0])).days) > MOST_AHEAD_DAYS:
        raise StateError(
            f"{path}: 系统时间 {today} 比最近一次导入晚 {ahead} 天。请核对系统时间，或先导入；"
            "确实要补跑请给出 --through。"
        )


def run_days(
    path: Path, days: Sequence[date], settings: Settings, assign: AssignThemes = no_themes,
    likelihood_on: LikelihoodOn = uncalibrated, *, with_cells: bool = True,
) -> Iterator[DayDone]:  # fmt: skip
    """Run the days in order, each in one transaction, yielding each as it is done."""
    area_names = {area.adcode: area.name for area in load_gazetteer(settings.gazetteer).areas}
    if not days:
        return
    with reading(path, wait_seconds=settings.wait_seconds) as connection:
        n_reports = count_known(connection, days[0], days[-1]) if len(days) > 1 else 0
    with counting_ahead(n_reports, settings.linking.body_characters) as ahead:
        memory, erased_then = None, 0
        for day, tomorrow in zip_longest(days, days[1:]):
            started, clock = datetime.now(LOCAL), time.perf_counter()
            with reading(path, wait_seconds=settings.wait_seconds) as connection:
                if memory is None:
                    memory, erased_then = load_memory(connection, settings), n_erased(connection)
                given = day_input(connection, day)
                given, themes = themed(connection, memory, given, assign, settings)
                if tomorrow and ahead.is_running:
                    ahead.start(tomorrow, texts_known(connection, tomorrow))
            given = replace(given, counted=ahead.take(day), likelihood=likelihood_on(day))
            result = work_day(memory, given, settings, area_names)
            with writing(path, wait_seconds=settings.wait_seconds) as connection:
                _bound(connection, is_last=tomorrow is None)
                _check_unchanged(connection, day, len(result.keys), erased_then)
                seconds = time.perf_counter() - clock
                save_day(connection, memory, result, started_at=started, finished_at=datetime.now(LOCAL),
                         seconds=seconds, settings=settings, theme_version=themes.version, themes=themes.rows,
                         risk_version=given.likelihood.version if given.likelihood else "", with_cells=with_cells,
                         is_last=tomorrow is None)  # fmt: skip
                row = first_row(connection.execute("SELECT n_quarantined FROM runs WHERE day = ?", [day]))
            yield DayDone(result, time.perf_counter() - clock, row[0] if row else 0)


def _bound(connection: duckdb.DuckDBPyConnection, *, is_last: bool) -> None:
    """Bound what saving a day takes: memory, and threads where other days follow, whose statements are small."""
    connection.execute(f"SET memory_limit = '{MEMORY_MB}MB'")
    connection.execute("RESET threads" if is_last else "SET threads = 1")  # which would only wait for each other


def _check_unchanged(connection: duckdb.DuckDBPyConnection, day: date, n_reports: int, erased_then: int) -> None:
    """Raise StateError where another program has run or filled the day meanwhile, or erased what we remember."""
    if last_run_day(connection) not in (None, day - timedelta(days=1)):
        raise StateError(f"{day}: 另一个程序已经运行过这一天。请重新运行 jianwei run。")
    if count_known(connection, day, day) != n_reports:
        raise StateError(f"{day}: 计算期间又导入了这一天的诉求。请重新运行 jianwei run。")
    if n_erased(connection) != erased_then:
        raise StateError(f"{day}: 计算期间有诉求被删除。请重新运行 jianwei run。")
