"""What the page of data quality asks: runs, arrivals, rejected rows, late sources, unknown places, files."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from board.permission import Viewer
from board.queries import Connection, rows_of
from board.queries_issue import SourceDay
from signals.clock import end_of, start_of


@dataclass(frozen=True, slots=True)
class RunRow:
    """One computed day."""

    day: date
    finished_at: datetime
    seconds: float
    n_reports: int
    expected: float
    n_quarantined: int
    n_new_issues: int
    n_alerts: int


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How one source is doing over the last 28 days."""

    source: str
    last_on: date
    n_reports: int
    n_days: int  # days with at least one report, of 28
    late_share: float  # known two days or more after they came in
    no_area_share: float
    no_town_share: float


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Rows put aside for one reason."""

    reason: str
    n_rows: int
    n_files: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row put aside, its cells redacted. Audit before use."""

    file_name: str
    sheet: str
    row_number: int
    column: str
    cells: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file taken in."""

    file_name: str
    source: str
    ingested_at: datetime
    n_rows: int
    n_new: int
    n_changed: int
    n_same: int
    n_quarantined: int


def recent_runs(con: Connection, *, limit: int = 42) -> tuple[RunRow, ...]:
    """Newest first."""
    rows = rows_of(
        con,
        """SELECT day, finished_at, seconds, n_reports, city_expected, n_quarantined, n_new_issues, n_alerts
           FROM runs ORDER BY day DESC LIMIT ?""",
        [limit],
    )
    return tuple(RunRow(*row) for row in rows)


def arrivals(con: Connection, day: date, *, days: int = 42) -> tuple[SourceDay, ...]:
    """Reports by the day they came in and source, over the days up to `day`."""
    rows = rows_of(
        con,
        """SELECT CAST(received_at AS DATE) AS d, source, count(*) FROM reports
           WHERE received_at >= ? AND received_at < ? GROUP BY 1, 2 ORDER BY 1, 2""",
        [start_of(day - timedelta(days=days - 1)), end_of(day)],
    )
    return tuple(SourceDay(*row) for row in rows)


def source_health(con: Connection, day: date) -> tuple[SourceHealth, ...]:
    """One row a source ever seen up to `day`; shares are of its last 28 days."""
    start = start_of(day - timedelta(days=27))
    rows = rows_of(
        con,
        """WITH recent AS (SELECT * FROM reports WHERE received_at >= $start AND received_at < $stop),
           seen AS (SELECT source, max(CAST(received_at AS DATE)) AS last_on FROM reports
                    WHERE received_at < $stop GROUP BY source)
           SELECT s.source, s.last_on, count(r.report_key), count(DISTINCT CAST(r.received_at AS DATE)),
             coalesce(avg(CAST(r.known_at >= r.received_at + INTERVAL 2 DAY AS DOUBLE)), 0),
             coalesce(avg(CAST(r.area = '' AS DOUBLE)), 0), coalesce(avg(CAST(r.town = '' AS DOUBLE)), 0)
           FROM seen s LEFT JOIN recent r USING (source) GROUP BY s.source, s.last_on ORDER BY s.source""",
        {"start": start, "stop": end_of(day)},
    )
    return tuple(SourceHealth(*row) for row in rows)


_REASON = "regexp_replace(reason, '得到 ''[^'']*''|第 \\d+ 行', '…', 'g')"  # one for all values


def rejection_reasons(con: Connection) -> tuple[ReasonCount, ...]:
    """Most frequent first."""
    rows = rows_of(
        con,
        f"""SELECT {_REASON} AS kind, count(*), count(DISTINCT file_id), max(known_at)
           FROM quarantine ANTI JOIN repairs USING (quarantine_id) GROUP BY kind ORDER BY 2 DESC, 1"""
    )
    return tuple(ReasonCount(*row) for row in rows)


def rejected_rows(con: Connection, viewer: Viewer, reason: str, *, limit: int = 50) -> tuple[RejectedRow, ...]:
    """Rows put aside for a reason, newest first; they have no area yet, so the centre's only. Audit before use."""
    if not viewer.may_read("view_quarantine"):
        return ()
    rows = rows_of(
        con,
        f"""SELECT file_name, sheet, row_number, column_name, cells
           FROM quarantine ANTI JOIN repairs USING (quarantine_id) WHERE {_REASON} = ?
           ORDER BY known_at DESC, quarantine_id LIMIT ?""",
        [reason, limit],
    )
    return tuple(RejectedRow(*row) for row in rows)


def recent_files(con: Connection, *, limit: int = 30) -> tuple[FileRow, ...]:
    """Newest first."""
    rows = rows_of(
        con,
        """SELECT file_name, source, ingested_at, n_rows, n_new, n_changed, n_same, n_quarantined
           FROM files ORDER BY ingested_at DESC, file_id DESC LIMIT ?""",
        [limit],
    )
    return tuple(FileRow(*row) for row in rows)
