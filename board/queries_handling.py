"""What the pages ask about the closed loop: the cases of all alerted issues that may be named; one issue's steps."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from board.permission import Viewer
from board.queries import Connection, rows_of
from board.queries_scope import OF_ALERT, is_counted, is_readable, safe_name
from signals.clock import LOCAL
from signals.digest.follow_up import Orders, collect_orders
from signals.digest.known import Known
from signals.handling import Case, case_of
from signals.records import Handling
from signals.store.handling import cases_known, merged_now, steps_known

_ALL = 1_000
_EVER = datetime(9000, 1, 1, tzinfo=LOCAL)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """The case of one issue with what its newest alert says."""

    issue_id: int
    name: str
    level: str
    alerted_on: date
    n_complainants: int | None  # as of that alert; None where only a part of its people may be known of
    areas: tuple[str, ...]
    case: Case


def case_rows(con: Connection, viewer: Viewer) -> tuple[CaseRow, ...]:
    """Every case that a viewer may know of, the one with the earliest deadline first."""
    lives_on = merged_now(con)
    cases = cases_known(con, _EVER, lives_on)
    newest = {}
    for issue_id, name, level, day, n_complainants, areas in rows_of(
        con,
        f"""SELECT a.issue_id, {safe_name(viewer, "a", OF_ALERT)}, a.level, a.day, a.n_complainants, a.areas
            FROM alerts a WHERE NOT a.is_update AND EXISTS (SELECT 1 {OF_ALERT} AND {is_readable(viewer)})
            ORDER BY a.day, a.issue_id""",
    ):
        n = n_complainants if viewer.is_centre else None
        newest[lives_on.get(issue_id, issue_id)] = (name, level, day, n, tuple(areas))
    silent = _silent_issues(con, viewer)
    rows = [
        CaseRow(issue, *alert, _silenced(cases[issue]) if issue in silent else cases[issue])
        for issue, alert in newest.items() if issue in cases
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.case.due_at or _EVER, row.issue_id)))


def overdue_orders(con: Connection, viewer: Viewer, day: date) -> Orders:
    """Imported orders past their own deadline and not ended at the end of a day, by town and unit, of the own part."""
    return collect_orders(Known(con, day), most=_ALL, counted=is_counted(viewer))


def issue_loop(con: Connection, viewer: Viewer, issue_id: int) -> tuple[Case | None, tuple[Handling, ...]]:
    """The case of an issue, and all its steps from the first alert on, those taken back too."""
    steps = steps_known(con, _EVER).get(issue_id, [])
    if issue_id in _silent_issues(con, viewer):
        steps = [replace(step, note="") for step in steps]
    return case_of(steps), tuple(steps)


def _silent_issues(con: Connection, viewer: Viewer) -> set[int]:
    """Issues whose notes the viewer may not read: outside the centre those that hold a report about an office."""
    if viewer.is_centre:
        return set()
    rows = rows_of(con, "SELECT DISTINCT issue_id FROM links JOIN reports USING (report_key) WHERE about_office <> ''")
    return {issue for (issue,) in rows}


def _silenced(case: Case) -> Case:
    return replace(case, last=replace(case.last, note="") if case.last else None)
