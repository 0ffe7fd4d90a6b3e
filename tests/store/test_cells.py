"""What the map counts of all reports, against a count by hand of the same stream."""

from datetime import timedelta
from itertools import product

from signals.clock import day_of
from signals.store.cells import CELL_PERIODS
from tests.engine.stream import FIRST_DAY, Entry, make_stream
from tests.engine.worlds import stream_days, world_of

N_DAYS = 12
LAST_DAY = FIRST_DAY + timedelta(days=N_DAYS - 1)
Found = dict[tuple[object, ...], tuple[int, int]]


def counted(entries: list[Entry]) -> Found:
    """Reports and distinct people by period, source, area and town, "" for all; the absent are one voice together."""
    seen: dict[tuple[object, ...], list[str]] = {}
    for entry in entries:
        report, days = entry.report, (LAST_DAY - day_of(entry.report.known_at)).days
        void = any(fact.field == "void" and day_of(fact.known_at) <= LAST_DAY for fact in entry.updates)
        places = {("", ""), (report.area, ""), (report.area, report.town)}
        for period, source, where in product(CELL_PERIODS, ("", str(report.source)), places):
            if 0 <= days < period and not void:
                seen.setdefault((period, source, *where), []).append(entry.complainant or "absent")
    return {cell: (len(people), len(set(people))) for cell, people in seen.items()}


def test_cells_of_all_reports_count_each_person_once_and_no_void_report() -> None:
    entries = make_stream(N_DAYS)
    with world_of(entries) as world:
        for day in stream_days(N_DAYS):
            world.run(day, with_cells=day == LAST_DAY)
        rows = world.connection.execute(
            "SELECT period_days, source, area, town, n_reports, n_complainants FROM cells WHERE subject = 'all'"
        ).fetchall()
    assert {tuple(cell): (n, people) for *cell, n, people in rows} == counted(entries)
    assert len(rows) == len(counted(entries)) > 50
