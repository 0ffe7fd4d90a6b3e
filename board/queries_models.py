"""What the page of data and models asks: how late sources were, drift, model versions, measured budgets, the schema."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from board.queries import Connection, row_of, rows_of
from signals.quarantine import count_waiting

BUDGET = "budget"  # kind of the rows that keep realized ÷ budget


@dataclass(frozen=True, slots=True)
class SourceDelay:
    """How long reports of a source took to become known, on one run day."""

    day: date
    source: str
    n_reports: int
    median_hours: float


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One version of a model."""

    kind: str
    version: str
    status: str
    fitted_at: datetime
    fitted_through: date
    path: str
    notes: str
    n_themes: int
    is_in_use: bool  # by the newest run


@dataclass(frozen=True, slots=True)
class Measured:
    """Realized ÷ budget of one replay with shuffled dates."""

    version: str
    measured_at: datetime
    through: date
    ratio: float | None


@dataclass(frozen=True, slots=True)
class SettingsSpan:
    """Days that were computed with the same settings."""

    settings_hash: str
    first: date
    last: date
    n_days: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What the warehouse is, and what its newest run used."""

    schema_version: str
    settings_hash: str
    theme_version: str
    budget: float
    n_waiting: int  # rows in quarantine


@dataclass(frozen=True, slots=True)
class DriftWeek:
    """One week of run days; shares of its reports."""

    week_on: date
    n_reports: int
    no_place: float
    no_theme: float | None  # None where no themes were in force
    expected: float  # reports expected in the week; 0 when unknown


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """Rows of one file that wait in quarantine."""

    file_name: str
    source: str
    n_rows: int
    n_reasons: int
    last_at: datetime


def standing(con: Connection) -> Standing:
    """There must be a run."""
    (version,) = row_of(con, "SELECT value FROM meta WHERE key = 'schema_version'")
    used = row_of(con, "SELECT settings_hash, theme_version, budget FROM runs ORDER BY day DESC LIMIT 1")
    settings_hash, theme_version, budget = used
    return Standing(version, settings_hash, theme_version, budget, count_waiting(con))


def source_delays(con: Connection, day: date, *, days: int = 30) -> tuple[SourceDelay, ...]:
    """Hours from receipt to being known, of the reports that ran on each of the days up to `day`."""
    rows = rows_of(
        con,
        """SELECT d.day, r.source, count(*), median(epoch(r.known_at - r.received_at)) / 3600
           FROM report_days d JOIN reports r USING (report_key) WHERE d.day > ? AND d.day <= ?
           GROUP BY 1, 2 ORDER BY 1, 2""",
        [day - timedelta(days=days), day],
    )
    return tuple(SourceDelay(*row) for row in rows)


def model_rows(con: Connection) -> tuple[ModelRow, ...]:
    """Versions of all models, the newest by what they have seen first within a kind."""
    rows = rows_of(
        con,
        """SELECT m.kind, m.version, m.status, m.fitted_at, m.fitted_through, m.path, m.notes,
             (SELECT count(*) FROM themes t WHERE m.kind = 'themes' AND t.version = m.version),
             coalesce(m.version = (SELECT CASE m.kind WHEN 'themes' THEN theme_version WHEN 'risk' THEN risk_version END
               FROM runs ORDER BY day DESC LIMIT 1), false)
           FROM models m WHERE m.kind <> ? ORDER BY m.kind DESC, m.fitted_through DESC, m.fitted_at DESC""",
        [BUDGET],
    )
    return tuple(ModelRow(*row) for row in rows)


def measured_budgets(con: Connection) -> tuple[Measured, ...]:
    """Newest first."""
    rows = rows_of(
        con,
        """SELECT version, fitted_at, fitted_through, TRY_CAST(notes AS DOUBLE) FROM models WHERE kind = ?
           ORDER BY fitted_at DESC, version DESC LIMIT 30""",
        [BUDGET],
    )
    return tuple(Measured(*row) for row in rows)


def settings_spans(con: Connection) -> tuple[SettingsSpan, ...]:
    """Days by the settings they were computed with, the newest first."""
    rows = rows_of(
        con,
        "SELECT settings_hash, min(day), max(day), count(*) FROM runs GROUP BY 1 ORDER BY 3 DESC LIMIT 12",
    )
    return tuple(SettingsSpan(*row) for row in rows)


def drift_weeks(con: Connection, day: date, *, weeks: int = 26) -> tuple[DriftWeek, ...]:
    """Whole weeks up to `day`, oldest first; a week of fewer than five reports says nothing and is left out."""
    until = day - timedelta(days=(day.weekday() + 1) % 7)
    rows = rows_of(
        con,
        """WITH counted AS (
             SELECT CAST(date_trunc('week', d.day) AS DATE) AS week_on, count(*) AS n,
               avg(CAST(r.area = '' AS DOUBLE)) AS no_place,
               avg(CAST(r.report_key NOT IN (SELECT report_key FROM report_themes) AS DOUBLE)) AS no_theme
             FROM report_days d JOIN reports r USING (report_key) WHERE d.day > $first AND d.day <= $until GROUP BY 1),
           ran AS (
             SELECT CAST(date_trunc('week', day) AS DATE) AS week_on, bool_or(theme_version <> '') AS has_themes,
               sum(city_expected) AS expected
             FROM runs WHERE day > $first AND day <= $until GROUP BY 1)
           SELECT week_on, n, no_place, CASE WHEN has_themes THEN no_theme END, expected
           FROM counted JOIN ran USING (week_on) WHERE n >= 5 ORDER BY week_on""",
        {"first": until - timedelta(days=7 * weeks), "until": until},
    )
    return tuple(DriftWeek(*row) for row in rows)


def waiting_files(con: Connection) -> tuple[WaitingFile, ...]:
    """Files with rows in quarantine, most rows first."""
    rows = rows_of(
        con,
        """SELECT q.file_name, f.source, count(*), count(DISTINCT q.column_name || q.reason), max(q.known_at)
           FROM quarantine q JOIN files f USING (file_id) ANTI JOIN repairs USING (quarantine_id)
           GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 20""",
    )
    return tuple(WaitingFile(*row) for row in rows)
