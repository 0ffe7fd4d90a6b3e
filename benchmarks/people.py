"""Which labelled events so many different people brought: counts out of a replay's warehouse, never who they are."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from benchmarks import commands
from signals.evaluate import read_events
from signals.store.warehouse import reading

PEOPLE, WITHIN_DAYS = 5, 42


def crowded(out: Path, events: Path) -> frozenset[str]:
    """Ids of the events of at least PEOPLE within WITHIN_DAYS, by the replay in `out`; an unnamed reporter is one."""
    with reading(commands.warehouse(out)) as connection:
        rows = connection.execute(
            "SELECT r.report_id, r.received_at::DATE, coalesce(v.complainant, r.report_key)"
            " FROM reports r LEFT JOIN voices v USING (report_key)"
        ).fetchall()
    by_id = {report: (day, person) for report, day, person in rows}
    listed = ((event.event_id, [by_id[i] for i in event.ids if i in by_id]) for event in read_events(events))
    return frozenset(event for event, reports in listed if most_people(reports) >= PEOPLE)


def most_people(reports: Sequence[tuple[date, str]], *, within_days: int = WITHIN_DAYS) -> int:
    """The most different people of any so many days; reports: day and person.

    >>> most_people([(date(2025, 1, 1), "a"), (date(2025, 1, 2), "a"), (date(2025, 2, 11), "b")])
    2
    """
    span = timedelta(days=within_days)
    return max((len({who for day, who in reports if first <= day < first + span}) for first, _ in reports), default=0)
