"""Distinct complainants of a run day's map: by source, district and town, over whole periods."""

from datetime import date
from itertools import product

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from signals.memory import NOBODY, SOURCES, Memory
from signals.store.as_of import linked, not_void
from signals.store.rows import insert, put
from signals.store.tallies import ABSENT, labels, tally

CELL_PERIODS = (7, 28, 90)  # days
CATEGORY = "category:"  # before the first level of the export's own category, in the column `subject`
LEAST_REPORTS = 5  # of an issue that is mapped
PLACES: tuple[tuple[str, ...], ...] = (
    (), ("source",), ("area",), ("source", "area"), ("area", "town"), ("source", "area", "town")
)  # fmt: skip
PEOPLE_BITS = 32  # of a number of a cell and a person
Where = tuple[str, str] | None  # area and town, "" for all; None where it is not known


def save_cells(
    connection: duckdb.DuckDBPyConnection, memory: Memory, day: date, theme_version: str, *, with_subjects: bool
) -> None:
    """Distinct complainants over whole cells and periods; those whose complainant is absent are one voice together.

    Those of all reports stay for the digest of the day, and to be compared with; with_subjects, those of themes,
    categories and issues replace those of the days before.
    """
    connection.execute("DELETE FROM cells WHERE subject <> 'all' AND day < ?", [day])
    put(connection, "cells", _of_all_reports(memory, day))
    if with_subjects:
        _save_subjects(connection, day, theme_version)


def _of_all_reports(memory: Memory, day: date) -> list[tuple[object, ...]]:
    """The cells of all reports, from the memory: every day has them, and joins over all tables cost more each day."""
    today = day.toordinal()
    first, end = np.searchsorted(memory.day, [today - max(CELL_PERIODS), today], side="right").tolist()
    counted = first + np.flatnonzero(~memory.void[first:end])
    whole = np.zeros(memory.n, np.int64)
    by_source = ((whole, [""]), (memory.source, list(map(str, SOURCES))))
    areas: list[Where] = [(area, "") if area else None for area in memory.areas]
    towns: list[Where] = [(area, town) if area and town else None for area, town in memory.places]
    everywhere: list[Where] = [("", "")]
    by_place = ((whole, everywhere), (memory.area, areas), (memory.place, towns))
    found = list[tuple[object, ...]]()
    for period, (source, sources), (place, places) in product(CELL_PERIODS, by_source, by_place):
        rows = counted[memory.day[counted] > today - period]
        n_reports, n_people = _count(source[rows] * len(places) + place[rows], memory.complainant[rows])
        for cell in np.flatnonzero(n_reports).tolist():
            if named := places[cell % len(places)]:
                of = sources[cell // len(places)]
                found.append((day, period, "all", 0, of, *named, int(n_reports[cell]), int(n_people[cell])))
    return found


def _count(cell: NDArray[np.int64], person: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Reports and distinct people of each cell; cell, person: of each report."""
    n_reports = np.bincount(cell)
    pairs = np.sort((cell << PEOPLE_BITS) + person - NOBODY)
    people = pairs[np.diff(pairs, prepend=-1) > 0] >> PEOPLE_BITS
    return n_reports, np.bincount(people, minlength=len(n_reports))


def _save_subjects(connection: duckdb.DuckDBPyConnection, day: date, theme_version: str) -> None:
    """The cells of themes, of categories and of issues of LEAST_REPORTS."""
    found = connection.execute(
        f"""SELECT ($day - d.day)::BIGINT AS age, r.source, r.area, r.town, coalesce(v.complainant, '{ABSENT}') AS who,
          coalesce(CAST(t.theme_id AS VARCHAR), '') AS theme, CAST(l.issue_id AS VARCHAR) AS issue,
          trim(split_part(r.category, '/', 1)) AS category
        FROM report_days d JOIN reports r USING (report_key)
        JOIN links l ON l.report_key = d.report_key AND {linked("$day")}
        LEFT JOIN voices v ON v.report_key = d.report_key
        LEFT JOIN report_themes t ON t.report_key = d.report_key AND t.version = $version
        WHERE d.day > $day - CAST($longest AS INTEGER) AND d.day <= $day
          AND {not_void("d.report_key", "$day")}""",
        {"day": day, "longest": max(CELL_PERIODS), "version": theme_version},
    ).to_arrow_table()
    said = {name: labels(found[name]) for name in ("theme", "issue", "category", "source", "area", "town")}
    age, person, counted = found["age"].to_numpy(), labels(found["who"]).numbers, list[pa.Table]()
    for period, subject in product(CELL_PERIODS, ("theme", "issue", "category")):
        rows = np.flatnonzero(age < period)
        if subject == "issue":
            issue = said["issue"].numbers[rows]
            rows = rows[np.bincount(issue)[issue] >= LEAST_REPORTS]
        for places in PLACES:
            cells = tally({name: said[name].of(rows) for name in (subject, *places)}, person[rows])
            n, name = len(cells.numbers), cells.name(subject)
            is_named = subject == "category"
            counted.append(pa.table({
                "day": pa.repeat(day, n), "period": pa.repeat(period, n),
                "subject": pc.binary_join_element_wise(CATEGORY, name, "") if is_named else pa.repeat(subject, n),
                "subject_id": pa.repeat(0, n) if is_named else name.cast(pa.int64()),
                **{place: cells.name(place) for place in ("source", "area", "town")},
                "n": cells.n_reports, "people": cells.n_people,
            }))  # fmt: skip
    insert(connection, "cells", pa.concat_tables(counted))
