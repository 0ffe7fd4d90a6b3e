"""Which cells of a statistic may be printed: small counts are hidden, and so is what would give them away.

A small cell is protected when a reader who sees every printed cell and every mark must still think k − 1
different numbers possible. Where a total is not the sum of its parts (one person in two parts, no place known), the
difference is one more hidden number; where it is, the reader is taken to know. This file knows nothing of maps.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from math import inf
from typing import NamedTuple


class Cell(NamedTuple):
    """Where a count belongs; "" means all: all sources, the whole city, the whole district, whatever it is about."""

    source: str = ""
    area: str = ""
    town: str = ""
    subject: str = ""  # one of several that together are all


class Total(NamedTuple):
    """A cell and the cells it is the sum of."""

    whole: Cell
    parts: tuple[Cell, ...]


class Mark(StrEnum):
    """What a reader is told about a cell."""

    SHOWN = "shown"
    FEW = "few"  # fewer than k, 0 included
    PARTNER = "partner"  # k or more, hidden because it would reveal a small one


def cell_totals(cells: Collection[Cell]) -> list[Total]:
    """All sums among the cells: sources to all, districts to the city, towns to their district, subjects to all."""
    wholes: dict[Cell, list[list[Cell]]] = {}
    for cell in sorted(cells):
        larger = []
        if cell.source:
            larger.append((0, cell._replace(source="")))
        if cell.town:
            larger.append((1, cell._replace(town="")))
        elif cell.area:
            larger.append((1, cell._replace(area="")))
        if cell.subject:
            larger.append((2, cell._replace(subject="")))
        for axis, whole in larger:
            wholes.setdefault(whole, [[], [], []])[axis].append(cell)
    known = set(cells)
    return [Total(w, tuple(parts)) for w, axes in wholes.items() if w in known for parts in axes if parts]


def mark_cells(counts: Mapping[Cell, int], *, k: int = 5) -> dict[Cell, Mark]:
    """Mark every cell shown, few or partner.

    counts: distinct complainants of every cell, zeros included; a cell left out is printed nowhere. Each subject is
    first protected by itself, which is quick, and then what all subjects together would still give away.
    """
    totals = cell_totals(counts.keys())
    marks = {cell: Mark.FEW if n < k else Mark.SHOWN for cell, n in counts.items()}
    if len(subjects := {cell.subject for cell in counts}) > 1:
        for subject in sorted(subjects):
            marks |= mark_cells({cell: n for cell, n in counts.items() if cell.subject == subject}, k=k)
    while exposed := _exposed_totals(counts, marks, totals, k):
        partner = _next_partner(counts, marks, exposed, totals)
        if partner is None:
            break
        marks[partner] = Mark.PARTNER
    return marks


def mark_wholes(counts: Mapping[Cell, int], marks: Mapping[Cell, Mark], *, k: int = 5) -> dict[Cell, Mark]:
    """Marks of the cells without a subject, of which those are hidden that would give away a cell of a subject.

    counts: of all subjects and of the whole; marks: of each subject, and of the whole, by itself. The subjects keep
    theirs: they are printed whatever becomes of the whole.
    """
    totals, found = cell_totals(counts.keys()), dict(marks)
    while exposed := _exposed_totals(counts, found, totals, k):
        near = {cell for total in exposed for cell in (total.whole, *total.parts)}
        printed = [cell for cell in counts if not cell.subject and found[cell] is Mark.SHOWN]
        if not printed:
            break
        found[min(printed, key=lambda cell: (cell not in near, counts[cell], cell))] = Mark.PARTNER
    return {cell: mark for cell, mark in found.items() if not cell.subject}


def possible_range(
    cell: Cell, counts: Mapping[Cell, int], marks: Mapping[Cell, Mark], *, k: int = 5
) -> tuple[float, float]:
    """The smallest and largest number that a reader must still think possible for a cell, both included."""
    return _ranges(counts, marks, cell_totals(counts.keys()), k)[cell]


def _exposed_totals(
    counts: Mapping[Cell, int], marks: Mapping[Cell, Mark], totals: Sequence[Total], k: int
) -> list[Total]:
    ranges = _ranges(counts, marks, totals, k)
    exposed = set()
    for cell, mark in marks.items():
        low, high = ranges[cell]
        if mark is Mark.FEW and counts[cell] and high - low < k - 2:
            exposed.add(cell)
    return [total for total in totals if exposed & {total.whole, *total.parts}]


def _next_partner(
    counts: Mapping[Cell, int], marks: Mapping[Cell, Mark], exposed: Sequence[Total], totals: Sequence[Total]
) -> Cell | None:
    """The smallest printed part: of a sum that gives a partner away, of an exposed sum; else a whole."""
    leaking = []
    for total in totals:
        hidden = [cell for cell in (total.whole, *total.parts) if marks[cell] is not Mark.SHOWN]
        if len(hidden) == 1 and marks[hidden[0]] is Mark.PARTNER and not _difference(total, counts):
            leaking.append(total)
    for cells in (
        {part for total in leaking for part in total.parts},
        {part for total in exposed for part in total.parts},
        {total.whole for total in exposed},
        {part for total in totals for part in total.parts},
        set(counts),
    ):
        if printed := [cell for cell in cells if marks[cell] is Mark.SHOWN]:
            return min(printed, key=lambda cell: (counts[cell], cell))
    return None


def _ranges(
    counts: Mapping[Cell, int], marks: Mapping[Cell, Mark], totals: Sequence[Total], k: int
) -> dict[Cell, tuple[float, float]]:
    """What follows for every cell from all sums together, tightened until nothing changes."""
    start = {Mark.FEW: (0.0, float(k - 1)), Mark.PARTNER: (float(k), inf)}
    low: dict[Cell, float] = {}
    high: dict[Cell, float] = {}
    for cell, mark in marks.items():
        low[cell], high[cell] = (counts[cell],) * 2 if mark is Mark.SHOWN else start[mark]
    sums = []
    for number, total in enumerate(totals):
        signed = [(total.whole, -1), *((part, 1) for part in total.parts)]
        if all(marks[cell] is Mark.SHOWN for cell, _ in signed):
            continue
        if difference := _difference(total, counts):
            unknown = Cell("difference", str(number))
            low[unknown], high[unknown] = start[Mark.FEW if abs(difference) < k else Mark.PARTNER]
            signed.append((unknown, -1 if difference > 0 else 1))
        sums.append(signed)
    while sum(_tighten(signed, low, high) for signed in sums):  # every sum each time, not up to the first that moves
        pass
    return {cell: (low[cell], high[cell]) for cell in counts}


def _difference(total: Total, counts: Mapping[Cell, int]) -> int:
    """By how much the parts exceed the whole."""
    return sum(counts[part] for part in total.parts) - counts[total.whole]


def _tighten(signed: Sequence[tuple[Cell, int]], low: dict[Cell, float], high: dict[Cell, float]) -> bool:
    """Narrow the cells of one sum, Σ sign · cell = 0. Returns whether anything moved."""
    changed = False
    least = _of_others([low[cell] if sign > 0 else -high[cell] for cell, sign in signed], -inf)
    most = _of_others([high[cell] if sign > 0 else -low[cell] for cell, sign in signed], inf)
    for (cell, sign), fewest, largest in zip(signed, least, most, strict=True):
        bounds = (-largest, -fewest) if sign > 0 else (fewest, largest)
        if bounds[0] > low[cell]:
            low[cell], changed = bounds[0], True
        if bounds[1] < high[cell]:
            high[cell], changed = bounds[1], True
    return changed


def _of_others(values: Sequence[float], unknown: float) -> list[float]:
    """For each value the sum of all others; `unknown` where one of those is."""
    known, n_unknown = sum(value for value in values if value != unknown), values.count(unknown)
    return [
        unknown if n_unknown > (value == unknown) else known - (0 if value == unknown else value) for value in values
    ]
