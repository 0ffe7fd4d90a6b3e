"""A day in the warehouse: what became known inside it, and writing its result in one transaction."""

import hashlib
import sys
from collections.abc import Iterable
from datetime import date, datetime

import duckdb
import numpy as np
import pyarrow as pa

from signals.alerts import IssueDay
from signals.clock import end_of, instant, start_of
from signals.counting import Text, town_key
from signals.day import DayInput, DayResult
from signals.holidays import alike_days
from signals.memory import SOURCES, STATE, Arrival, Memory
from signals.records import Alert, Update
from signals.reports import COLUMNS, report_of
from signals.settings import Settings
from signals.store.as_of import linked
from signals.store.cells import save_cells
from signals.store.corrections import save_corrected, waiting_corrections
from signals.store.handling import reopen_where_reports_go_on
from signals.store.links import save_links
from signals.store.promises import realized_before
from signals.store.rows import count_of, first_row, insert, put
from signals.store.statistics import save_statistics
from signals.store.tokens import save_tokens
from signals.zones import stored_zone

OF_REPORT = ", ".join(f"epoch_us(r.{name}) AS {name}" if name.endswith("_at") else f"r.{name}" for name in COLUMNS)
READ_AT_ONCE = 10_000  # rows
SHORT = 20  # characters of a value that others share: a state, a unit


def arrivals(connection: duckdb.DuckDBPyConnection, where: str, parameters: list[object]) -> list[Arrival]:
    """Reports with their complainant hash and danger mark, in the order of `where`, in which r stands for reports."""
    found = connection.execute(
        f"SELECT {OF_REPORT}, v.complainant, w.report_key IS NOT NULL"
        " FROM reports r LEFT JOIN voices v USING (report_key)"
        f" LEFT JOIN (SELECT report_key FROM watch) w USING (report_key) {where}",
        parameters,
    )
    rows = (row for some in iter(lambda: found.fetchmany(READ_AT_ONCE), []) for row in some)
    return [Arrival(report_of(of_report), who, in_danger) for *of_report, who, in_danger in rows]


def updates(connection: duckdb.DuckDBPyConnection, first: datetime | None, end: datetime) -> list[Update]:
    """Facts with first ≤ known_at < end (all before `end` when first is None), in the order known."""
    rows = connection.execute(
        'SELECT report_key, field, value, epoch_us("at"), epoch_us(known_at) FROM updates'
        " WHERE (? IS NULL OR known_at >= ?) AND known_at < ?"
        " ORDER BY known_at, report_key, field, value",
        [first, first, end],
    ).fetchall()
    return [
        Update(key, sys.intern(field), sys.intern(value) if len(value) <= SHORT else value,
               None if at is None else instant(at), instant(known))
        for key, field, value, at, known in rows
    ]  # fmt: skip


def day_input(connection: duckdb.DuckDBPyConnection, day: date) -> DayInput:
    """All that became known inside `day`, and the corrections that wait, themes apart. The day must be the next."""
    first, end = start_of(day), end_of(day)
    where = "WHERE r.known_at >= ? AND r.known_at < ? ORDER BY r.known_at, r.received_at, r.report_key"
    found = arrivals(connection, where, [first, end])
    return DayInput(day, found, updates(connection, first, end), corrections=waiting_corrections(connection),
                    realized=realized_before(connection, day))  # fmt: skip


def texts_known(connection: duckdb.DuckDBPyConnection, day: date) -> list[Text]:
    """The texts that became known inside `day`, in its defined order."""
    rows = connection.execute(
        "SELECT report_key, title, body, area, town FROM reports WHERE known_at >= ? AND known_at < ?"
        " ORDER BY known_at, received_at, report_key",
        [start_of(day), end_of(day)],
    ).fetchall()
    return [Text(key, title, body, town_key(area, town)) for key, title, body, area, town in rows]


def count_known(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> int:
    """How many reports became known from the day first to the day last, as the warehouse stands now."""
    query = "SELECT count(*) FROM reports WHERE known_at >= ? AND known_at < ?"
    return count_of(connection, query, [start_of(first), end_of(last)])


def save_day(
    connection: duckdb.DuckDBPyConnection,
    memory: Memory,
    result: DayResult,
    *,
    started_at: datetime,
    finished_at: datetime,
    seconds: float,
    settings: Settings,
    theme_version: str,
    themes: Iterable[tuple[str, int, float]] = (),
    risk_version: str = "",
    with_cells: bool = True,
    is_last: bool = True,
) -> None:
    """Write everything a day adds; the caller's transaction makes it whole or nothing.

    with_cells: what the map and the digest count. is_last: no other day follows at once; only the newest is mapped.
    """
    day = result.day
    save_corrected(connection, result.corrected, day, finished_at)
    save_links(connection, result, finished_at)
    save_tokens(connection, memory, day, settings.linking)
    put(connection, "day_totals", [
        (day, str(source), int(result.totals[i]), float(result.expected_totals[i]), float(result.exposure[i]))
        for i, source in enumerate(SOURCES)
    ])  # fmt: skip
    put(connection, "evidence", [
        (s.issue_id, day, s.y, s.mu, s.exposure, list(s.m), s.recurrence_days, s.z, min(result.scan_bar, 999.0))
        for s in result.seen
    ])  # fmt: skip
    put(connection, "alerts", [_alert_row(a, is_update=False) for a in result.alerts]
        + [_alert_row(a, is_update=True) for a in result.updates])  # fmt: skip
    put(connection, "issue_days", [_state_row(state) for state in result.states])
    _rename(connection, result)
    put(connection, "handling", [
        (a.issue_id, "found", finished_at, "引擎", f"{a.level}", a.owner, a.due_at) for a in result.alerts
    ])  # fmt: skip
    reopen_where_reports_go_on(connection, day)
    put(connection, "report_themes", [(key, theme_version, theme, near, day) for key, theme, near in themes])
    _save_trends(connection, day)
    if with_cells:
        save_cells(connection, memory, day, theme_version, with_subjects=is_last)
        if is_last:
            save_statistics(connection, day, settings)
    _save_state(connection, memory, day)
    quarantined = first_row(connection.execute(
        "SELECT count(*) FROM quarantine WHERE known_at >= ? AND known_at < ?", [start_of(day), end_of(day)]
    ))
    connection.execute(
        "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [day, started_at, finished_at, len(result.keys), quarantined[0] if quarantined else 0, len(result.born),
         len(result.alerts), len(result.updates), seconds, settings.digest(), theme_version,
         _expected_reports(connection, day, len(result.keys)), result_hash(result), result.budget,
         risk_version],
    )  # fmt: skip


def _expected_reports(connection: duckdb.DuckDBPyConnection, day: date, otherwise: int) -> float:
    """Mean reports of the days like it that have run (`alike_days`); today's number when there are none."""
    row = first_row(connection.execute("SELECT avg(n_reports) FROM runs WHERE day IN (SELECT unnest(?))",
                                       [alike_days(day)]))  # fmt: skip
    return float(row[0]) if row and row[0] is not None else float(otherwise)


def result_hash(result: DayResult) -> str:
    """A hash of what a day raised and linked, to compare a recomputed day with the one stored."""
    parts = [str(result.day), *result.keys, *map(str, result.issues.tolist()), *map(str, result.is_voice.tolist())]
    parts += [repr(alert) for alert in (*result.alerts, *result.updates)]
    parts += [repr(step) for step in (*result.merges, *result.corrected.done)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _rename(connection: duckdb.DuckDBPyConnection, result: DayResult) -> None:
    names = pa.table({"issue_id": pa.array([state.issue_id for state in result.states], pa.int64()),
                      "name": pa.array([state.name for state in result.states], pa.string())})  # fmt: skip
    connection.register("names_now", names)
    connection.execute("UPDATE issues SET name = n.name FROM names_now n WHERE issues.issue_id = n.issue_id")
    connection.unregister("names_now")


def _alert_row(a: Alert, *, is_update: bool) -> tuple[object, ...]:
    return (
        a.day, a.issue_id, a.name, str(a.level), str(a.stage), a.evidence, a.recurrence_days, a.arm, a.risk_points,
        a.risk, a.n_reports, a.n_complainants, a.expected, a.observed, a.window_days, a.first_on, list(a.areas),
        list(a.towns), [str(s) for s in a.sources], list(a.words), list(a.reasons), list(a.quotes),
        list(a.report_keys), a.owner, a.due_at, a.theme_id, _factors(a), is_update, stored_zone(a.zone),
    )  # fmt: skip


def _state_row(s: IssueDay) -> tuple[object, ...]:
    return (
        s.issue_id, s.day, s.name, str(s.stage), s.n_reports, s.n_complainants, s.n_complainants_7,
        s.n_complainants_28, s.first_on, s.last_on, list(s.areas), list(s.towns), [str(x) for x in s.sources],
        s.theme_id, list(s.words), s.expected_day, s.recurrence_days, s.points, str(s.level), _factors(s),
        s.risk,
    )  # fmt: skip


def _factors(of: Alert | IssueDay) -> list[dict[str, object]]:
    return [{"name": f.name, "points": f.points, "value": f.value, "remedy": f.remedy} for f in of.factors]


def _save_trends(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    connection.execute(
        f"""INSERT INTO trends
        SELECT l.issue_id, d.day, r.source, r.area, r.town, count(*), count(DISTINCT coalesce(v.complainant, 'absent')),
               count(*) FILTER (WHERE d.is_voice)
        FROM report_days d JOIN reports r USING (report_key) JOIN links l USING (report_key)
        LEFT JOIN voices v USING (report_key)
        WHERE d.day = $day AND {linked("$day")}
        GROUP BY ALL""",
        {"day": day},
    )


def _save_state(connection: duckdb.DuckDBPyConnection, memory: Memory, day: date) -> None:
    priors = (*memory.priors, memory.matter_prior)
    for table in ("engine_state", "series_state", "paces"):
        connection.execute(f"DELETE FROM {table}")
    connection.execute(
        "INSERT INTO engine_state VALUES (?, ?, ?, ?, ?, ?)",
        [day, memory.refreshed_on or day, [p.a0 for p in priors], [p.b0 for p in priors], memory.next_issue,
         memory.next_matter],
    )
    name_of = {number: name for name, number in memory.kinds.items()}
    put(connection, "paces", [(name_of[kind], pace) for kind, pace in memory.paces.items()])
    issues = np.union1d(memory.watched, np.array(sorted(memory.back_count), np.int64))
    states = memory.states(issues).reshape(len(issues), STATE[0] * STATE[1])
    ends = pa.array(np.arange(len(issues) + 1, dtype=np.int32) * states.shape[1])
    table = pa.table({
        "issue_id": issues, "back_count": [memory.back_count.get(issue, 0) for issue in issues.tolist()],
        "m": pa.ListArray.from_arrays(ends, pa.array(states.ravel())),
    })  # fmt: skip
    insert(connection, "series_state", table)
