"""How many reports stand in each cell of a table, and how many different people sent them.

Sorting whole columns once a grouping costs far less than a database needs to keep the people of each cell apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from signals.store.as_of import NOW, not_void

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
PERSON_BITS = 31  # of a packed number, whose lowest bit says whether it is a hit
ABSENT = "absent"  # complainant: one voice together

# Reports counted up to a day, with who sent them; a void one is none.
COUNTED = f"""SELECT d.report_key, d.day, d.place, r.source, r.area, r.unit, r.category, r.received_at, r.due_at,
    r.restricted = '' AND r.about_office = '' AS is_open, coalesce(v.complainant, '{ABSENT}') AS who
  FROM report_days d JOIN reports r USING (report_key) LEFT JOIN voices v USING (report_key)
  WHERE d.day > $first AND d.day <= $day
    AND {not_void("d.report_key", NOW)}"""


@dataclass(frozen=True, slots=True)
class Labels:
    """What a column says of each report: the place of a name, and the names; "" says nothing."""

    numbers: Numbers  # (n,)
    names: pa.Array

    def of(self, rows: NDArray[Any]) -> "Labels":
        """Those of some reports, by an index or flags."""
        return Labels(self.numbers[rows], self.names)

    @property
    def speaks(self) -> Flags:
        """Of which reports it says something."""
        says = np.array([name != "" for name in self.names.to_pylist()], bool)
        return np.asarray(np.take(says, self.numbers)) if len(says) else np.empty(0, bool)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one grouping: their names by label, and what stands in each; all (n_cells,)."""

    numbers: Numbers  # see `cell_of`
    names: dict[str, pa.Array]
    n_reports: Numbers
    n_people: Numbers
    n_hits: Numbers  # reports
    n_hit_people: Numbers

    def name(self, label: str) -> pa.Array:
        """What a label says of each cell, "" where the grouping is not by it."""
        return self.names.get(label, pa.repeat("", len(self.numbers)))


def labels(column: pa.ChunkedArray) -> Labels:
    """The labels in a column of names, none of them missing."""
    found = column.combine_chunks().dictionary_encode()
    return Labels(found.indices.to_numpy().astype(np.int64), found.dictionary)


def tally(by: Mapping[str, Labels], person: Numbers, hit: Flags | None = None) -> Cells:
    """Count the reports of each cell that there is; reports of which a label says nothing are in none.

    person: (n,) ≥ 0; one is a hit person where any of the reports in the cell is a hit.
    """
    cell, said = cell_of(by, len(person))
    wide = None
    if int(cell.max(initial=0)) >> 62 - PERSON_BITS:  # too wide to stand before a person in one number
        wide, cell = np.unique(cell, return_inverse=True)
    packed: Numbers = (cell << PERSON_BITS + 1) + (person << 1) + (np.int64(0) if hit is None else hit.astype(np.int64))
    packed = np.sort(packed if said.all() else packed[said])
    of_person, cell, is_hit = packed >> 1, packed >> PERSON_BITS + 1, packed & 1
    is_last = np.diff(of_person, append=-1) != 0  # of a person in a cell, a hit if there is any
    first = np.flatnonzero(np.diff(cell, prepend=-1))
    n_reports = np.diff(first, append=len(cell))
    n_people, n_hits, n_hit_people = (add_up(what, first) for what in (is_last, is_hit, is_hit & is_last))
    number = cell[first] if wide is None else wide[cell[first]]
    names, left = dict[str, pa.Array](), number
    for name, each in reversed(list(by.items())):
        names[name] = each.names.take(pa.array(left % max(len(each.names), 1)))
        left = left // max(len(each.names), 1)
    return Cells(number, names, n_reports, n_people, n_hits, n_hit_people)


def quantiles(by: Mapping[str, Labels], value: NDArray[np.float64], cells: Cells, share: float) -> pa.Array:
    """The quantile of the values in each cell, NULL where it has none; value: (n,) ascending, NaN for none.

    Between two values as DuckDB's quantile_cont has it.
    """
    cell, said = cell_of(by, len(value))
    said &= ~np.isnan(value)
    cell = cell[said].astype(np.min_scalar_type(int(cell.max(initial=0))))  # 16 bits are sorted faster
    order = np.argsort(cell, kind="stable")
    first, end = (np.searchsorted(cell[order], cells.numbers, side=side) for side in ("left", "right"))
    is_there, ordered = end > first, value[said][order]
    place = first[is_there]
    exact = (end - first - 1)[is_there] * share
    below, above = np.floor(exact).astype(np.int64), np.ceil(exact).astype(np.int64)
    part = exact - below
    found = np.full(len(cells.numbers), np.nan)
    found[is_there] = ordered[place + below] * (1.0 - part) + ordered[place + above] * part
    return pa.array(found, mask=~is_there)


def cell_of(by: Mapping[str, Labels], n: int) -> tuple[Numbers, Flags]:
    """The number of the cell of each of n reports, and whether all labels say something of it."""
    cell, said = np.zeros(n, np.int64), np.ones(n, bool)
    for each in by.values():
        cell = cell * len(each.names) + each.numbers
        said &= each.speaks
    return cell, said


def add_up(what: NDArray[Any], first: Numbers) -> Numbers:
    """The sums of what begins at each place and goes on to the next."""
    return np.asarray(np.add.reduceat(what.astype(np.int64), first)) if len(first) else np.empty(0, np.int64)
