"""What the board asks of the warehouse about days: runs, freshness, the figures of one day.

Pure functions of a short read-only connection. No file of this room reads complainant hashes.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import duckdb

from board.permission import Viewer
from board.queries_scope import OF_ALERT, is_counted, is_readable, is_visible
from signals.clock import end_of, start_of
from signals.promise import Promise
from signals.store.promises import promise_of

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Freshness:
    """The newest finished day, and when it was computed."""

    day: date
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The figures of one run day, each with its denominator."""

    day: date
    n_reports: int
    expected: float  # reports expected from weekday and holiday; 0 when unknown
    by_source: tuple[tuple[str, int], ...]
    n_new_issues: int
    n_live_issues: int  # with a report in the last 120 days
    n_alerts: int
    n_closed: int  # of n_reports: sensitive or about an office, and not for this viewer; counted only
    n_watch: int
    promise: Promise  # of false alerts that day


def rows_of(con: Connection, sql: str, parameters: list[Any] | dict[str, Any] | None = None) -> list[Any]:
    """All rows as tuples; instants are aware (fetching them without Arrow would need pytz)."""
    table = con.sql(sql, params=parameters).to_arrow_table()
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def row_of(con: Connection, sql: str, parameters: list[Any] | None = None) -> Any:
    """The first row, or None."""
    return next(iter(rows_of(con, sql, parameters)), None)


def freshness(con: Connection) -> Freshness | None:
    """None where no day was ever run."""
    row = row_of(con, "SELECT day, finished_at FROM runs ORDER BY day DESC LIMIT 1")
    return Freshness(*row) if row else None


def run_days(con: Connection) -> tuple[date, ...]:
    """All days with a run, newest first."""
    return tuple(day for (day,) in rows_of(con, "SELECT day FROM runs ORDER BY day DESC"))


def day_figures(con: Connection, viewer: Viewer, day: date) -> DayFigures:
    """The figures of a run day; the day must have a run. Those of a district or an office are of its own part."""
    span = [start_of(day), end_of(day)]
    counted = is_counted(viewer)
    n_reports, expected, n_new = row_of(
        con, "SELECT n_reports, city_expected, n_new_issues FROM runs WHERE day = ?", [day]
    )
    sources = rows_of(
        con,
        f"""SELECT source, count(*) FROM reports r WHERE known_at >= ? AND known_at < ? AND {counted}
            GROUP BY source ORDER BY source""",
        span,
    )
    (n_closed,) = row_of(
        con,
        f"""SELECT count(*) FROM reports r
            WHERE known_at >= ? AND known_at < ? AND {counted} AND NOT {is_readable(viewer)}""",
        span,
    )
    visible = "true" if viewer.is_centre else is_visible(viewer)
    (n_live,) = row_of(
        con,
        f"""SELECT count(DISTINCT d.issue_id) FROM issue_days d LEFT JOIN issues i USING (issue_id)
            WHERE d.day <= ? AND d.last_on > ? AND {visible}""",
        [day, day - timedelta(days=120)],
    )
    alerted = f"EXISTS (SELECT 1 {OF_ALERT} AND {counted})"
    (n_alerts,) = row_of(con, f"SELECT count(*) FROM alerts a WHERE day = ? AND NOT is_update AND {alerted}", [day])
    (n_watch,) = row_of(
        con,
        f"""SELECT count(*) FROM watch w WHERE w.known_at >= ? AND w.known_at < ?
            AND EXISTS (SELECT 1 FROM reports r WHERE r.report_key = w.report_key AND {counted})""",
        span,
    )
    if not viewer.is_centre:
        n_reports = sum(n for _, n in sources)
        (n_new,) = row_of(con, f"SELECT count(*) FROM issues i WHERE born_on = ? AND {visible}", [day])
        expected = 0.0 if viewer.areas else expected  # nothing is expected of a single district
    return DayFigures(
        day, n_reports, expected, tuple(sources), n_new, n_live, n_alerts, n_closed, n_watch, promise_of(con, day)
    )
