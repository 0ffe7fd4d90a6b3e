"""Steps of the closed loop in the warehouse: read, checked and added; added by the run where reports go on.

An alert counts as the step FOUND of its day. Steps of an issue that was merged away belong to the one it lives on in.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import duckdb

from signals.clock import LOCAL, end_of, instant
from signals.handling import ENGINE, Case, Step, case_of, check_step
from signals.records import Handling, Kind
from signals.redaction import redact
from signals.store.rows import first_row

SAY_NOTHING = (Kind.ENQUIRY, Kind.THANKS, Kind.SUGGESTION)  # kinds of report that do not reopen a case
_MOMENT = timedelta(microseconds=1)
REOPENED_BY_REPORT = "核查验收后又有诉求"


def steps_known(
    connection: duckdb.DuckDBPyConnection, end: datetime, lives_on: Mapping[int, int] | None = None
) -> dict[int, list[Handling]]:
    """The steps of every issue with an alert, known before `end`, in their order.

    lives_on: issue merged away → the one it lives on in; default as of now.
    """
    lives_on = merged_now(connection) if lives_on is None else lives_on
    taken = connection.execute(
        """SELECT issue_id, step, epoch_us("at"), role, note, unit, epoch_us(due_at) FROM handling
        WHERE step <> $found AND "at" < $end
        UNION ALL
        SELECT issue_id, $found, epoch_us(timezone($zone, day::TIMESTAMP)), $engine, '', owner, epoch_us(due_at)
        FROM alerts WHERE NOT is_update AND timezone($zone, day::TIMESTAMP) < $end ORDER BY 3, 2, 6""",
        {"found": Step.FOUND, "engine": ENGINE, "end": end, "zone": str(LOCAL)},
    ).fetchall()
    found: dict[int, list[Handling]] = {}
    for issue_id, step, at, role, note, unit, due in taken:
        issue = lives_on.get(issue_id, issue_id)
        due_at = None if due is None else instant(due)
        found.setdefault(issue, []).append(Handling(issue, step, instant(at), role, note, unit, due_at))
    return found


def cases_known(
    connection: duckdb.DuckDBPyConnection, end: datetime, lives_on: Mapping[int, int] | None = None
) -> dict[int, Case]:
    """The case of every issue that has one, as known before `end`."""
    folded = {issue: case_of(steps) for issue, steps in steps_known(connection, end, lives_on).items()}
    return {issue: case for issue, case in folded.items() if case}


def record_step(connection: duckdb.DuckDBPyConnection, step: Handling) -> None:
    """Check and add one step a person took, its note redacted. Raises StateError where it may not come next.

    An issue that is handed over without having been reported is reported by that.
    """
    case = cases_known(connection, step.at + _MOMENT).get(step.issue_id)
    check_step(case, step)
    if step.step == Step.OWNED and case and Step.REPORTED not in case.done:
        _insert(connection, Handling(step.issue_id, Step.REPORTED, step.at - _MOMENT, step.role))
    _insert(connection, step)


def reopen_where_reports_go_on(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    """Reopen verified cases whose issue got a grievance on a day, received after the verification."""
    for issue, case in cases_known(connection, end_of(day)).items():
        if case.ended is not Step.VERIFIED:
            continue
        row = first_row(connection.execute(
            "SELECT epoch_us(min(r.known_at)) FROM links l JOIN reports r USING (report_key)"
            " JOIN report_days d USING (report_key) WHERE l.issue_id = ? AND l.until_on IS NULL AND d.day = ?"
            " AND r.received_at > ? AND NOT list_contains(?, r.kind)",
            [issue, day, case.ended_at, list(SAY_NOTHING)],
        ))  # fmt: skip
        if row and row[0] is not None:
            at = max(instant(row[0]), case.ended_at or instant(row[0]))
            _insert(connection, Handling(issue, Step.REOPENED, at, ENGINE, REOPENED_BY_REPORT))


def note_telephoned(connection: duckdb.DuckDBPyConnection, report_key: str, at: datetime) -> None:
    """A danger to life was telephoned to whoever must act; the first time counts."""
    connection.execute("UPDATE watch SET phoned_at = ? WHERE report_key = ? AND phoned_at IS NULL", [at, report_key])


def merged_now(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """Issue merged away → the issue it lives on in, as the warehouse stands."""
    found = connection.execute("SELECT issue_id, merged_into FROM issues WHERE merged_into IS NOT NULL").fetchall()
    return survivors(dict(found))


def survivors(merged: Mapping[int, int]) -> dict[int, int]:
    """Issue merged away → the issue it lives on in, over several merges."""
    ends: dict[int, int] = {}
    for issue, target in merged.items():
        seen = {issue}
        while target in merged and target not in seen:
            seen.add(target)
            target = merged[target]
        ends[issue] = target
    return ends


def _insert(connection: duckdb.DuckDBPyConnection, step: Handling) -> None:
    note = redact(" ".join(step.note.split()))
    connection.execute(
        "INSERT INTO handling VALUES (?, ?, ?, ?, ?, ?, ?)",
        [step.issue_id, step.step, step.at, step.role, note, " ".join(step.unit.split()), step.due_at],
    )
