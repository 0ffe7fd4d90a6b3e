"""Statistics of a run day for the board: weeks of themes and categories, words, how reports were dealt with.

Distinct complainants are counted here, over whole cells and periods, because nothing else reads their hashes; those
whose complainant is absent are one voice together. What may be shown of it is decided by `signals/smallcells.py`.
"""

from datetime import date, timedelta
from itertools import product

import duckdb
import numpy as np
import pyarrow as pa

from signals.linking.vectors import HALF
from signals.settings import Settings
from signals.store.rows import insert
from signals.store.services import save_services
from signals.store.tallies import COUNTED, Labels, Numbers, add_up, labels, tally
from signals.store.tokens import made_by

WEEKS = 78  # half a year, and the same weeks of the year before
SUBJECT_PERIODS = (56, 91, 182)  # days
WORD_DAYS = 28
SUBJECTS = ("all", "category", "theme")
PLACES: tuple[tuple[str, ...], ...] = ((), ("source",), ("area",), ("source", "area"))
WORDED = ("word", "source", "area")
NOBODYS = -1  # number of a word that is not counted, or of a report
TABLES = ("subject_counts", "word_counts", "service_counts")


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
    save_services(connection, day, settings)


def _save_subjects(connection: duckdb.DuckDBPyConnection, day: date) -> None:
    """A theme is that of the newest version which saw the report; a category the first level of the export's own."""
    sunday = last_week(day) + timedelta(days=6)
    found = connection.execute(
        f"""WITH counted AS ({COUNTED}),
        themed AS (SELECT report_key, arg_max(theme_id, (day, version)) AS theme_id FROM report_themes GROUP BY 1)
        SELECT ($day - c.day)::BIGINT AS age, CAST(date_trunc('week', c.day) AS DATE) AS week, c.source, c.area, c.who,
          trim(split_part(c.category, '/', 1)) AS category, coalesce(CAST(t.theme_id AS VARCHAR), '') AS theme
        FROM counted c LEFT JOIN themed t USING (report_key)""",
        {"first": sunday - timedelta(days=7 * WEEKS), "day": sunday},
    ).to_arrow_table()
    said = {name: labels(found[name]) for name in ("source", "area", "category", "theme", "week")}
    age, person = found["age"].to_numpy(), labels(found["who"]).numbers
    counted = list[pa.Table]()
    for subject, places, period in product(SUBJECTS, PLACES, (7, *SUBJECT_PERIODS)):
        rows = np.flatnonzero(age < (period if period > 7 else 7 * WEEKS))
        names = (*places, *([subject] if subject != "all" else []), *(["week"] if period == 7 else []))
        cells = tally({name: said[name].of(rows) for name in names}, person[rows])
        n, first_on = len(cells.numbers), sunday - timedelta(days=period - 1)
        counted.append(pa.table({
            "day": pa.repeat(day, n), "first_on": cells.names["week"] if period == 7 else pa.repeat(first_on, n),
            "period": pa.repeat(period, n), "subject": pa.repeat(subject, n), "key": cells.name(subject),
            "source": cells.name("source"), "area": cells.name("area"), "n": cells.n_reports, "people": cells.n_people,
        }))  # fmt: skip
    insert(connection, "subject_counts", pa.concat_tables(counted))


def _save_words(connection: duckdb.DuckDBPyConnection, day: date, settings: Settings) -> None:
    """Only words that `min_cell` people used in either period."""
    found = connection.execute(
        f"""WITH counted AS ({COUNTED})
        SELECT ($day - day)::BIGINT AS age, place, source, area, who FROM counted WHERE is_open""",
        {"first": day - timedelta(days=2 * WORD_DAYS), "day": day},
    ).to_arrow_table()
    words = connection.execute(
        "SELECT token, word FROM vocabulary WHERE regexp_full_match(word, '[\\p{Han}]{2,}')"
    ).to_arrow_table()
    age = found["age"].to_numpy()
    report, word = _said(connection, day, age, found["place"].to_numpy(), words["token"].to_numpy(), settings)
    said = {"word": Labels(word, words["word"].combine_chunks())}
    said |= {name: labels(found[name]).of(report) for name in ("source", "area")}
    said["is_now"] = Labels((age[report] < WORD_DAYS).astype(np.int64), pa.array([False, True]))
    person = labels(found["who"]).numbers[report]
    used = tally({name: said[name] for name in ("word", "is_now")}, person)
    common = np.zeros(len(words), bool)
    common[used.numbers[used.n_people >= settings.min_cell] // 2] = True
    kept = np.flatnonzero(common[word])
    said, person = {name: each.of(kept) for name, each in said.items()}, person[kept]
    counted = list[pa.Table]()
    for places in PLACES:
        cells = tally({name: said[name] for name in ("word", *places, "is_now")}, person)
        first = np.flatnonzero(np.diff(cells.numbers // 2, prepend=-1))  # of both periods
        now, before = (np.where(cells.numbers % 2 == part, cells.n_people, 0) for part in (1, 0))
        counted.append(pa.table({
            "day": pa.repeat(day, len(first)), **{name: cells.name(name).take(pa.array(first)) for name in WORDED},
            "now": add_up(now, first), "before": add_up(before, first),
        }))  # fmt: skip
    insert(connection, "word_counts", pa.concat_tables(counted))


def _said(
    connection: duckdb.DuckDBPyConnection, last: date, age: Numbers, place: Numbers, words: Numbers, settings: Settings
) -> tuple[Numbers, Numbers]:
    """Which words stand in which reports: the number of the report and that of the word, once each.

    age: of each report, days before the last; place: in its day; words: tokens.
    """
    number = np.full(HALF, NOBODYS, np.int64)
    number[words] = np.arange(len(words))
    reports, found = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for day, ends, columns in connection.execute(
        "SELECT day, ends, columns FROM tokens WHERE part = 'text' AND made_by = ? AND day > ? AND day <= ?",
        [made_by(settings.linking), last - timedelta(days=2 * WORD_DAYS), last],
    ).fetchall():
        lengths, token = np.diff(np.frombuffer(ends, "<i4")), np.frombuffer(columns, "<i4")
        of_day = np.flatnonzero(age == (last - day).days)
        report = np.full(len(lengths), NOBODYS, np.int64)
        report[place[of_day]] = of_day
        owner, word = np.repeat(report, lengths), np.where(token < HALF, number[token % HALF], NOBODYS)
        kept = (owner != NOBODYS) & (word != NOBODYS)
        reports.append(owner[kept])
        found.append(word[kept])
    return np.concatenate(reports), np.concatenate(found)
