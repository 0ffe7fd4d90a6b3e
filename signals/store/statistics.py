"""Statistics of a run day for the board: weeks of themes and categories, words, how reports were dealt with.

Distinct complainants are counted here, over whole cells and periods, because nothing else reads their hashes; those
whose complainant is absent are one voice together. What may be shown of it is decided by `signals/smallcells.py`.
"""

from datetime import date, timedelta

import duckdb
import numpy as np
import pyarrow as pa

from signals.clock import end_of
from signals.linking.vectors import HALF
from signals.progress import ANSWER_DAYS
from signals.settings import Settings
from signals.store.as_of import NOW, linked, not_void
from signals.store.tokens import made_by

WEEKS = 78  # half a year, and the same weeks of the year before
SUBJECT_PERIODS = (56, 91, 182)  # days
WORD_DAYS = 28
SERVICE_PERIODS = (28, 90, 365)  # days
TABLES = ("subject_counts", "word_counts", "service_counts")

# Reports counted up to a day, with who sent them; a void one is none.
_COUNTED = f"""SELECT d.report_key, d.day, d.place, r.source, r.area, r.unit, r.category, r.received_at, r.due_at,
    r.restricted = '' AND r.about_office = '' AS is_open, coalesce(v.complainant, 'absent') AS who
  FROM report_days d JOIN reports r USING (report_key) LEFT JOIN voices v USING (report_key)
  WHERE d.day > $first AND d.day <= $day
    AND {not_void("d.report_key", NOW)}"""


def last_week(day: date) -> date:
    """The Monday of the last week that is over at the end of `day`.

    >>> last_week(date(2025, 3, 30)), last_week(date(2025, 3, 31))
    (datetime.date(2025, 3, 24), datetime.date(2025, 3, 24))
    """
    return day - timedelta(days=(day.weekday() + 1) % 7 + 6)


def save_statistics(connection: duckdb.DuckDBPyConnection, day: date, settings: Settings) -> None:
    """Replace the statistics by those of a day that has just been written.

    Reports count by the day they ran on. A fact counts where its own time lies before the day's end; one without a time
    counts from its import on.
    """
    for table in TABLES:
        connection.execute(f"DELETE FROM {table}")
    _save_subjects(connection, day)
    _save_words(connection, day, settings)
    _save_services(connection, day, settings)


def _save_subjects(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    """A theme is that of the newest version which saw the report; a category the first level of the export's own."""
    sunday = last_week(day) + timedelta(days=6)
    periods = ", ".join(f"({days})" for days in SUBJECT_PERIODS)
    connection.execute(
        f"""INSERT INTO subject_counts
        WITH counted AS ({_COUNTED}),
        themed AS (SELECT report_key, arg_max(theme_id, (day, version)) AS theme_id FROM report_themes GROUP BY 1),
        base AS (SELECT c.day AS on_day, c.source, c.area, c.who,
            trim(split_part(c.category, '/', 1)) AS category, t.theme_id
          FROM counted c LEFT JOIN themed t USING (report_key)),
        subjects AS (
          SELECT 'all' AS subject, '' AS subject_key, * FROM base
          UNION ALL SELECT 'category', category, * FROM base WHERE category <> ''
          UNION ALL SELECT 'theme', CAST(theme_id AS VARCHAR), * FROM base WHERE theme_id IS NOT NULL),
        spans AS (
          SELECT CAST(date_trunc('week', on_day) AS DATE) AS first_on, 7 AS period_days, * FROM subjects
          UNION ALL SELECT $day - p.n + 1, p.n, s.* FROM subjects s JOIN (VALUES {periods}) p(n)
            ON s.on_day > $day - p.n)
        SELECT $last, first_on, period_days, subject, subject_key, coalesce(source, ''), coalesce(area, ''), count(*),
          count(DISTINCT who)
        FROM spans
        GROUP BY GROUPING SETS ((subject, subject_key, first_on, period_days),
          (subject, subject_key, first_on, period_days, source), (subject, subject_key, first_on, period_days, area),
          (subject, subject_key, first_on, period_days, source, area))
        HAVING NOT (grouping(area) = 0 AND area = '')""",
        {"first": sunday - timedelta(days=7 * WEEKS), "day": sunday, "last": day},
    )


def _save_words(connection: duckdb.DuckDBPyConnection, day: date, settings: Settings) -> None:
    """Only words that `min_cell` people used in either period."""
    split, first = day - timedelta(days=WORD_DAYS), day - timedelta(days=2 * WORD_DAYS)
    connection.register("said_words", _said_words(connection, first, day, made_by(settings.linking)))
    connection.execute(
        f"""INSERT INTO word_counts
        WITH counted AS ({_COUNTED}),
        used AS (SELECT v.word, c.source, c.area, c.who, c.day > $split AS is_now
          FROM said_words s JOIN counted c USING (day, place) JOIN vocabulary v USING (token)
          WHERE c.is_open AND regexp_full_match(v.word, '[\\p{{Han}}]{{2,}}')),
        common AS (SELECT word FROM used GROUP BY word
          HAVING greatest(count(DISTINCT who) FILTER (is_now), count(DISTINCT who) FILTER (NOT is_now)) >= $k)
        SELECT $day, word, coalesce(source, ''), coalesce(area, ''), count(DISTINCT who) FILTER (is_now),
          count(DISTINCT who) FILTER (NOT is_now)
        FROM used SEMI JOIN common USING (word)
        GROUP BY GROUPING SETS ((word), (word, source), (word, area), (word, source, area))
        HAVING NOT (grouping(area) = 0 AND area = '')""",
        {"first": first, "day": day, "split": split, "k": settings.min_cell},
    )
    connection.unregister("said_words")


def _said_words(connection: duckdb.DuckDBPyConnection, first: date, last: date, rule: str) -> pa.Table:
    """Which words stand in which report of the days after `first`: day, place, token."""
    found = connection.execute(
        "SELECT day, ends, columns FROM tokens WHERE part = 'text' AND made_by = ? AND day > ? AND day <= ?"
        " ORDER BY day",
        [rule, first, last],
    ).fetchall()
    days, places, tokens = [], [], []
    for day, ends, columns in found:
        lengths = np.diff(np.frombuffer(ends, "<i4"))
        token = np.frombuffer(columns, "<i4")
        is_word = token < HALF
        places.append(np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)[is_word])
        tokens.append(token[is_word])
        days.append(np.full(int(is_word.sum()), (day - date(1970, 1, 1)).days, np.int32))
    empty = [np.empty(0, np.int32)]
    return pa.table({
        "day": pa.array(np.concatenate(days or empty)).cast(pa.date32()),
        "place": np.concatenate(places or empty), "token": np.concatenate(tokens or empty),
    })  # fmt: skip


def _save_services(connection: duckdb.DuckDBPyConnection, day: date, settings: Settings) -> None:
    """What each measure is a share of, and what its hits are, stands in `measured`."""
    own = " ".join(f"WHEN '{source}' THEN {days}" for source, days in settings.answer_days.items())
    connection.execute(
        f"""CREATE TEMP TABLE dealt AS
        WITH counted AS ({_COUNTED}),
        facts AS (SELECT u.report_key,
            arg_max(u."at", u.known_at) FILTER (u.field = 'due') AS moved,
            arg_max(coalesce(u."at", u.known_at), u.known_at) FILTER (u.field = 'answered') AS answered,
            arg_max(coalesce(u."at", u.known_at), u.known_at) FILTER (u.field = 'closed') AS closed,
            arg_max(u.value, u.known_at) FILTER (u.field = 'returned') AS returned,
            arg_max(u.value, u.known_at) FILTER (u.field = 'solved') AS solved,
            arg_max(u.value, u.known_at) FILTER (u.field = 'satisfied') AS satisfied
          FROM updates u SEMI JOIN counted USING (report_key)
          WHERE u.field = 'due' OR u."at" < $end OR (u."at" IS NULL
            AND (u.known_at < $end OR u.field NOT IN ('answered', 'closed')))
          GROUP BY u.report_key)
        SELECT c.*, f.returned, f.solved, f.satisfied, least(f.answered, f.closed) AS first_at,
          coalesce(f.closed, f.answered) AS ended_at, l.issue_id,
          coalesce(f.moved, c.due_at,
            c.received_at + to_days(CASE c.source {own} ELSE {ANSWER_DAYS} END)) AS ends_by
        FROM counted c LEFT JOIN facts f USING (report_key)
        LEFT JOIN links l ON l.report_key = c.report_key AND {linked("$day")}""",
        {"first": day - timedelta(days=max(SERVICE_PERIODS)), "day": day, "end": end_of(day)},
    )
    for period in SERVICE_PERIODS:
        connection.execute(
            """INSERT INTO service_counts
            WITH dealt_in AS (FROM dealt WHERE day > $day - CAST($period AS INTEGER)),
            again AS (SELECT DISTINCT a.report_key FROM dealt_in a JOIN dealt b
              ON a.issue_id = b.issue_id AND a.who = b.who AND a.who <> 'absent' AND b.received_at > a.first_at),
            measured AS (
              SELECT 'ontime' AS measure, ended_at <= ends_by AS hit, NULL::INTERVAL AS took, * FROM dealt_in
                WHERE ended_at IS NOT NULL OR ends_by < $end
              UNION ALL SELECT 'overdue', ended_at IS NULL AND ends_by < $end, NULL, * FROM dealt_in
              UNION ALL SELECT 'returned', returned NOT IN ('', '0'), NULL, * FROM dealt_in
                WHERE source IN (SELECT DISTINCT source FROM dealt WHERE returned IS NOT NULL)
              UNION ALL SELECT 'repeat', report_key IN (FROM again), NULL, * FROM dealt_in
                WHERE first_at IS NOT NULL AND who <> 'absent'
              UNION ALL SELECT 'satisfied', satisfied = '是', NULL, * FROM dealt_in WHERE satisfied IN ('是', '否')
              UNION ALL SELECT 'solved', solved = '是', NULL, * FROM dealt_in WHERE solved IN ('是', '否')
              UNION ALL SELECT 'answer', first_at IS NOT NULL, first_at - received_at, * FROM dealt_in)
            SELECT $day, $period, measure, coalesce(source, ''), coalesce(area, ''), coalesce(unit, ''), count(*),
              count(DISTINCT who), count(*) FILTER (hit), count(DISTINCT who) FILTER (hit),
              quantile_cont(epoch(took) / 86400, 0.5), quantile_cont(epoch(took) / 86400, 0.9)
            FROM measured
            GROUP BY GROUPING SETS ((measure), (measure, source), (measure, area), (measure, source, area),
              (measure, unit))
            HAVING NOT (grouping(area) = 0 AND area = '') AND NOT (grouping(unit) = 0 AND unit = '')""",
            {"day": day, "period": period, "end": end_of(day)},
        )
    connection.execute("DROP TABLE dealt")
