"""Reads one workbook in a process of its own, which a broken file may exhaust without harm to ours.

Started by `books.py` with a path; answers each line of standard input with one of standard output, JSON both:
`["", 0, 0]` with the names of the sheets, `[sheet, first, n]` with [width, rows]: up to n rows from the first on, each
a list of text, numbers, true, false and null; dates are ISO text. Imports nothing of ours, so that it starts at once.
"""

import json
import resource
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from python_calamine import CalamineWorkbook

_MERGED_CELLS = 200_000  # that one range may span; a larger one is a border drawn over a page


def main() -> None:
    """Answer until standard input ends. Arguments: path, bytes of address space at most."""
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with open(sys.argv[1], "rb") as file:
        book = _Book(CalamineWorkbook.from_filelike(file))
    for line in sys.stdin:
        sheet, first, n = json.loads(line)
        answer = book.rows(sheet, first, n) if n else book.names
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")
        sys.stdout.flush()


class _Book:
    """A workbook that keeps the sheet asked for last, and its place in it."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._name: str | None = None
        self._sheet: Any = None
        self.names = list(book.sheet_names)

    def rows(self, name: str, first: int, n: int) -> tuple[int, list[list[Any]]]:
        """(width of the sheet, its rows first … first + n, from 0)."""
        if name != self._name:
            self._sheet = None
            self._sheet, self._name, self._next = self._book.get_sheet_by_name(name), name, -1
        if first != self._next:
            self._rows, self._next = _filled(self._sheet), first
            next(islice(self._rows, first, first), None)
        found = list(islice(self._rows, n))
        self._next += len(found)
        return self._sheet.total_width, found


def _filled(sheet: Any) -> Iterator[list[Any]]:
    """The rows from the first cell of the sheet on, the value of a merged range in all its cells."""
    fill = _merged(sheet)
    for index, cells in enumerate(sheet.iter_rows()):
        yield [_plain(cell) for cell in fill(index, cells)]


def _plain(cell: Any) -> Any:
    if cell is None or isinstance(cell, str | int | float | bool):
        return cell
    return cell.isoformat(" ") if hasattr(cell, "hour") and hasattr(cell, "year") else str(cell)


def _merged(sheet: Any) -> Callable[[int, list[Any]], list[Any]]:
    """A function that puts the value of a merged range into all its cells; rows must come in order."""
    shift = sheet.start[1] if sheet.start else 0  # ranges count from column A, rows from the first that holds anything
    ranges = sorted(((top, left - shift), (bottom, right - shift))
                    for (top, left), (bottom, right) in sheet.merged_cell_ranges or [] if left >= shift)  # fmt: skip
    waiting = iter([(a, b) for a, b in ranges if (b[0] - a[0] + 1) * (b[1] - a[1] + 1) <= _MERGED_CELLS])
    coming = next(waiting, None)
    held: list[tuple[int, int, int, Any]] = []  # last row, first and last column, value

    def fill(index: int, cells: list[Any]) -> list[Any]:
        nonlocal coming, held
        held = [each for each in held if each[0] >= index]
        while coming and coming[0][0] <= index:
            (top, left), (bottom, right) = coming
            if top == index and left < len(cells):
                held.append((bottom, left, right, cells[left]))
            coming = next(waiting, None)
        for _, left, right, value in held:
            for column in range(left, min(right + 1, len(cells))):
                cells[column] = value
        return cells

    return fill


if __name__ == "__main__":
    main()
