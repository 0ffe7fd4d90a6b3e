"""Excel workbooks, one sheet in memory at a time; what is merged downwards or across holds for all its cells."""

import hashlib
import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from signals.errors import InputError
from signals.reading.limits import check_book, check_columns
from signals.reading.tables import File, Table, TableRow
from signals.reading.values import Cell

_MERGED_CELLS = 200_000  # that one range may span; a larger one is a border drawn over a page


def open_book(path: Path) -> File:
    """The sheets of a workbook. Raises InputError where it cannot be opened, or is more than a book may be."""
    check_book(path)
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    with _Explained(path):
        book = _Book(path, data)
        tables = tuple(Table(name, partial(book.rows, name)) for name in book.names)
    return File(path, digest, tables)


class _Book:
    """A workbook that keeps the sheet asked for last."""

    def __init__(self, path: Path, data: bytes) -> None:
        self._path = path
        self._book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        self._last: tuple[str, Any] | None = None
        self.names = tuple(self._book.sheet_names)

    def rows(self, name: str) -> Iterator[TableRow]:
        with _Explained(self._path):
            if self._last is None or self._last[0] != name:
                self._last = None
                self._last = (name, self._book.get_sheet_by_name(name))
            sheet = self._last[1]
            check_columns(sheet.total_width, f"{self._path.name}[{name}]")
            fill = _merged(sheet)
            for index, cells in enumerate(sheet.iter_rows()):  # from the first cell of the sheet on, empty or not
                yield TableRow(index + 1, tuple(fill(index, cells)))


def _merged(sheet: Any) -> Callable[[int, list[Cell]], list[Cell]]:
    """A function that puts the value of a merged range into all its cells; rows must come in order."""
    ranges = sorted(sheet.merged_cell_ranges or [])
    ranges = [(a, b) for a, b in ranges if (b[0] - a[0] + 1) * (b[1] - a[1] + 1) <= _MERGED_CELLS]
    waiting = iter(ranges)
    coming = next(waiting, None)
    held: list[tuple[int, int, int, Cell]] = []  # last row, first and last column, value

    def fill(index: int, cells: list[Cell]) -> list[Cell]:
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


class _Explained:
    """What the library says, as a sentence; it panics on some broken files, which is no Exception in Python."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if kind is not None and issubclass(kind, CalamineError | OSError | ValueError | OverflowError):
            raise InputError(
                f"{self._path.name}: Excel 文件打不开（{error}）。请重新导出，去掉密码后再试。"
            ) from error
        if kind is not None and kind.__name__ == "PanicException":
            raise InputError(f"{self._path.name}: Excel 文件打不开（内容损坏）。请重新导出后再试。") from None
