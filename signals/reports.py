"""All known reports in the order known: those of earlier runs as columns, those of the run's own days as records.

A run reads the words of few reports of the past, so a record is made of one only where it is asked for.
"""

import sys
from collections.abc import Iterable, Sequence
from typing import Any, overload

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from signals.clock import instant
from signals.records import Kind, Report, Source

COLUMNS = (
    "source", "report_id", "received_at", "known_at", "title", "body", "kind", "category", "area", "town", "community",
    "unit", "due_at", "restricted", "about_office",
)  # fmt: skip; times in microseconds since the epoch
TITLE, BODY = COLUMNS.index("title"), COLUMNS.index("body")


def report_of(values: Iterable[Any]) -> Report:
    """The record of the values of COLUMNS; the engine does not read context and address: they are left empty."""
    source, report_id, received, known, title, body, kind, *rest = values
    *shared, due, restricted, about_office = rest
    category, area, town, community, unit = map(sys.intern, shared)  # the same in many reports
    return Report(
        Source(source), report_id, instant(received), instant(known), title, body, Kind(kind), "", category, area,
        town, community, "", unit, None if due is None else instant(due), restricted, about_office,
    )  # fmt: skip


class Reports(Sequence[Report]):
    """Reports by row."""

    def __init__(self, past: pa.Table | None = None, place: NDArray[np.int64] | None = None) -> None:
        """past: COLUMNS; place: where each row lies in it."""
        self._columns = [] if past is None else [past[name] for name in COLUMNS]
        self._place = np.empty(0, np.int64) if place is None else place
        self._own = list[Report]()

    def __len__(self) -> int:
        return len(self._place) + len(self._own)

    @overload
    def __getitem__(self, row: int) -> Report: ...
    @overload
    def __getitem__(self, row: slice) -> list[Report]: ...
    def __getitem__(self, row: int | slice) -> Report | list[Report]:
        if isinstance(row, slice):
            return [self[each] for each in range(len(self))[row]]
        row = range(len(self))[row]
        if row >= len(self._place):
            return self._own[row - len(self._place)]
        return report_of(each[int(self._place[row])].as_py() for each in self._columns)

    def words(self, row: int) -> tuple[str, str]:
        """Title and body of a row, without a record of it."""
        if row >= len(self._place):
            report = self[row]
            return report.title, report.body
        title, body = (self._columns[each][int(self._place[row])].as_py() for each in (TITLE, BODY))
        return title, body

    def extend(self, reports: Iterable[Report]) -> None:
        """Add reports after all others."""
        self._own.extend(reports)


class Chosen(Sequence[Report]):
    """The reports of some rows, made when they are read."""

    def __init__(self, reports: Sequence[Report], rows: NDArray[np.int64]) -> None:
        self._reports, self._rows = reports, rows

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Chosen) and list(self) == list(other)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Report: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Report]: ...
    def __getitem__(self, place: int | slice) -> Report | Sequence[Report]:
        if isinstance(place, slice):
            return Chosen(self._reports, self._rows[place])
        return self._reports[int(self._rows[place])]
