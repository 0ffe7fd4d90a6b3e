"""The reports of all run days as columns of the memory, read as columns: no record is made of any of them."""

from array import array
from datetime import date
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from signals.arriving import add_tokens, read_off
from signals.clock import end_of, instant
from signals.counting import Said
from signals.memory import NOBODY, SOURCES, Arrival, Memory
from signals.progress import ANSWER_DAYS, READ_FIELDS, Facts
from signals.records import GRIEVANCES, Update
from signals.reports import COLUMNS, Reports
from signals.settings import Settings
from signals.store.corrections import load_standing
from signals.store.days import OF_REPORT
from signals.store.tokens import load_tokens

READ_AT_ONCE = 100_000  # rows
NO_MATTER = 0
READ_DAYS = 30  # at once, of what was read off the texts
DAY = 86_400_000_000  # microseconds
SHARED = ("source", "kind", "category", "area", "town", "community", "unit", "restricted", "about_office")


def load_reports(connection: duckdb.DuckDBPyConnection, memory: Memory, settings: Settings) -> None:
    """Fill an empty memory with the reports of all run days, without what was read off or became of them.

    Which row is whose stays in the temporary table `remembered`, for other tables to be joined with.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE remembered AS SELECT report_key, row_number() OVER (ORDER BY day, place) - 1 AS"
        " row, (day - DATE '0001-01-01')::INTEGER + 1 AS ordinal, is_voice, is_first FROM report_days"
    )
    table = connection.execute(
        f"""SELECT {OF_REPORT}, row, ordinal, report_key, nullif(complainant, '') AS complainant,
              w.report_key IS NOT NULL AS danger,
              restricted = '' AND about_office = '' AND (title <> '' OR body <> '') AS quotable -- as `may_quote` says
            FROM reports r JOIN remembered USING (report_key) LEFT JOIN voices USING (report_key)
            LEFT JOIN (SELECT report_key FROM watch) w USING (report_key)"""
    ).to_arrow_reader(READ_AT_ONCE).read_all()
    place = np.argsort(values(table["row"], np.int64))
    memory.reports = _reports(table.select(COLUMNS), place)
    found = table.drop_columns(["report_id", "title", "body"]).take(pa.array(place))
    memory.row_of = {key: row for row, key in enumerate(found["report_key"].to_pylist())}
    memory.day, memory.source = values(found["ordinal"], np.int64), _places(found["source"], list(map(str, SOURCES)))
    memory.area, memory.category = _numbers(found["area"], memory.areas), _numbers(found["category"], memory.kinds)
    memory.complainant, memory.place = _numbers(found["complainant"], memory.people), _places_of(memory, found["town"])
    memory.grievance = _places(found["kind"], list(map(str, GRIEVANCES))) >= 0
    memory.danger, memory.quotable = values(found["danger"], np.bool_), values(found["quotable"], np.bool_)
    received, due = values(found["received_at"], np.float64), values(found["due_at"], np.float64)
    answer_days = np.array([settings.answer_days.get(source, ANSWER_DAYS) for source in SOURCES])
    own_due = np.where(np.isnan(due), received + DAY * answer_days[memory.source], due)
    memory.received = received / 1e6
    memory.handled.append(own_due / 1e6)
    memory.kind = memory.category.copy()
    n = len(memory.day)
    memory.theme, memory.matter = np.zeros(n, np.int64), np.zeros(n, np.int64)
    memory.void, memory.matter_voice, memory.matter_first = (np.zeros(n, bool) for _ in range(3))


def _reports(table: pa.Table, place: NDArray[np.int64]) -> Reports:
    for name in SHARED:
        table = table.set_column(table.schema.get_field_index(name), name, table[name].dictionary_encode())
    return Reports(table, place)


def load_texts(connection: duckdb.DuckDBPyConnection, memory: Memory, settings: Settings) -> None:
    """Add what was read off the texts; they are read again where that was not kept, or was made by another rule."""
    said = list[Said]()
    days, firsts = np.unique(memory.day, return_index=True)
    ends = dict(pairwise([*firsts.tolist(), memory.n]))
    for some in np.array_split(np.arange(len(days)), len(days) // READ_DAYS + 1):
        dates = [date.fromordinal(ordinal) for ordinal in days[some].tolist()]
        kept = load_tokens(connection, dates, settings.linking)
        for day, first in zip(dates, firsts[some].tolist(), strict=True):
            read = kept.get(day)
            if read is None:
                arrivals = [Arrival(report, None) for report in memory.reports[first : ends[first]]]
                read = read_off(memory, arrivals, None, settings)
            add_tokens(memory, read[0])
            said.append(read[1])
    memory.text, memory.group, memory.marks = (
        np.concatenate([np.empty(0, np.int64), *(each[part] for each in said)]) for part in range(3)
    )


def load_facts(connection: duckdb.DuckDBPyConnection, memory: Memory, last: date) -> None:
    """Add the facts known by the end of the last day."""
    fields = ", ".join(f"'{name}'" for name in READ_FIELDS)
    found = connection.execute(
        f"""SELECT row, report_key, field, value, epoch_us("at") AS at, epoch_us(known_at) AS known FROM updates
            LEFT JOIN remembered USING (report_key) WHERE known_at < ? AND field IN ({fields})
            ORDER BY known_at, value""",
        [end_of(last)],
    )
    for some in found.to_arrow_reader(READ_AT_ONCE):
        has_come = pc.is_valid(some["row"])
        told = some.filter(has_come)
        rows, at, known = (values(told[name], np.float64) for name in ("row", "at", "known"))
        facts = Facts(rows.astype(np.int64), told["field"], told["value"], at / 1e6, known / 1e6)
        memory.learn(facts)
        memory.void[facts.rows_of("void")] = True
        for fact in some.filter(pc.invert(has_come)).to_pylist():
            at_once = None if fact["at"] is None else instant(fact["at"])
            waits = Update(fact["report_key"], fact["field"], fact["value"], at_once, instant(fact["known"]))
            memory.facts.setdefault(waits.report_key, []).append(waits)


def load_links(connection: duckdb.DuckDBPyConnection, memory: Memory) -> None:
    """Give the rows the issues that they are in and those that they joined when they came, and say how they count."""
    memory.standing = load_standing(connection)
    found = connection.execute(
        """SELECT arg_min(issue_id, from_on) AS home, arg_min(similarity, from_on) AS similarity,
             max(issue_id) FILTER (until_on IS NULL) AS issue
           FROM links JOIN remembered USING (report_key) GROUP BY row ORDER BY row"""
    ).to_arrow_table()
    memory.issue, memory.home = values(found["issue"], np.int64), values(found["home"], np.int64)
    memory.similarity, memory.members = values(found["similarity"], np.float64), _members(memory.issue)
    found = connection.execute(
        """SELECT coalesce(c.is_voice, r.is_voice) AS voice, coalesce(c.is_first, r.is_first) AS first
           FROM remembered r LEFT JOIN (SELECT report_key, arg_max(is_voice, from_on) AS is_voice,
             arg_max(is_first, from_on) AS is_first FROM recounted GROUP BY 1) c USING (report_key) ORDER BY row"""
    ).to_arrow_table()
    memory.is_voice, memory.is_first = values(found["voice"], np.bool_), values(found["first"], np.bool_)


def load_matters(connection: duckdb.DuckDBPyConnection, memory: Memory) -> None:
    """Give the rows their matters, and say which of these rose city-wide."""
    found = connection.execute(
        "SELECT row, matter_id AS matter, m.is_voice AS voice, m.is_first AS first"
        " FROM report_matters m JOIN remembered USING (report_key) ORDER BY row"
    ).to_arrow_table()
    rows = values(found["row"], np.int64)
    memory.matter[rows] = values(found["matter"], np.int64)
    memory.matter_voice[rows], memory.matter_first[rows] = (
        values(found["voice"], np.bool_),
        values(found["first"], np.bool_),
    )
    memory.matter_members = _members(memory.matter)
    memory.matter_members.pop(NO_MATTER, None)
    for matter, gathered in connection.execute("SELECT matter_id, gathered FROM matters").fetchall():
        memory.raised[matter] = tuple(gathered)


def values(column: Any, kind: type[np.generic]) -> NDArray[Any]:
    """An Arrow column as an array of its own; NaN where there is no value."""
    return np.array(
        column.to_numpy() if isinstance(column, pa.ChunkedArray) else column.to_numpy(zero_copy_only=False), kind
    )


def _members(group: NDArray[np.int64]) -> dict[int, "array[int]"]:
    """The rows of each group, ascending."""
    order = np.argsort(group, kind="stable")
    bounds = np.flatnonzero(np.diff(group[order], prepend=-1, append=-1)).tolist()
    return {int(group[order[a]]): array("q", order[a:b].tobytes()) for a, b in pairwise(bounds)}


def _numbers(names: pa.ChunkedArray, known: dict[str, int]) -> NDArray[np.int64]:
    """The number of each name, NOBODY where there is none; new ones are numbered in order of first sight."""
    found = names.combine_chunks().dictionary_encode()
    number = [known.setdefault(name, len(known)) for name in found.dictionary.to_pylist()]
    return np.asarray(np.take(np.array([*number, NOBODY], np.int64), found.indices.fill_null(len(number)).to_numpy()))


def _places(names: pa.ChunkedArray, among: list[str]) -> NDArray[np.int64]:
    """The place of each name among some, −1 where it is none of them."""
    return values(pc.fill_null(pc.index_in(names, pa.array(among)), -1), np.int64)


def _places_of(memory: Memory, towns: pa.ChunkedArray) -> NDArray[np.int64]:
    """The numbers of the places of rows, which are of an area and a town."""
    areas, known = list(memory.areas), dict[str, int]()
    town = _numbers(towns, known)
    both = pa.array(memory.area * len(known) + town).dictionary_encode()
    named, pairs = list(known), both.dictionary.to_pylist()
    number = [memory.number(memory.places, (areas[pair // len(named)], named[pair % len(named)])) for pair in pairs]
    return np.asarray(np.take(np.array(number, np.int64), both.indices.to_numpy()))
