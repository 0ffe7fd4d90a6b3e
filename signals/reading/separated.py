"""Text tables: csv and its kin, record by record; an unclosed quote costs its own record and no other."""

import csv
from collections import Counter, deque
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from signals.reading.encoding import LOST, scan
from signals.reading.limits import CELL_CHARACTERS, LINE_CHARACTERS, RECORD_LINES, check_columns
from signals.reading.tables import File, Table, TableRow

_TOO_LONG = f"这一行超过 {LINE_CHARACTERS >> 20} MB；请检查是否缺少换行，改正后重新导入"
_UNCLOSED = "引号没有闭合，或跨行后列数与表头不符；请在原文件补上引号后重新导入这一行"
_WIDE = f"有一格超过 {CELL_CHARACTERS >> 20} MB；请删去后重新导入这一行"
_LOST_BYTES = "有无法识别的字节；请以 UTF-8 或 GB18030 重新导出这一行"
_NUL = "含有空字符（NUL），不是文字；请重新导出这一行"
_HEAD = 10  # lines that tell the separator
_ENOUGH = 3  # records that tell how wide a table is


class _Unclosed(Exception):
    """A record that does not end within so many lines, or at all; never seen outside."""


def open_separated(path: Path) -> File:
    """A csv or tsv as one table. Raises InputError where its encoding is none of ours."""
    scanned = scan(path)
    return File(path, scanned.sha256, (Table("", partial(_rows, path, scanned.encoding)),))


def _rows(path: Path, encoding: str) -> Iterator[TableRow]:
    csv.field_size_limit(CELL_CHARACTERS)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = _Lines(file_lines(file))
        delimiter = _delimiter(lines)
        number, widths, is_broken = 0, Counter[int](), False
        while not lines.is_done():
            for cells, fault in _records(lines, delimiter, widths):
                if is_broken and len(cells) == 1 and not fault and _is_odd(1, widths):
                    continue  # what is left of the text whose quote was not closed
                widths[len(cells)] += not fault and len(cells) > 1
                is_broken = fault == _UNCLOSED
                number += 1
                check_columns(len(cells), f"{path.name}:{number}")
                yield TableRow(number, tuple(cells), fault)


def _delimiter(lines: "_Lines") -> str:
    """The separator that stands equally often in most of the first lines."""

    def weight(separator: str) -> int:
        counts = Counter(line.count(separator) for line in lines.head(_HEAD))
        return max((n_lines * count for count, n_lines in counts.items()), default=0)

    return max(",\t;|", key=weight)


def _records(lines: "_Lines", delimiter: str, widths: Counter[int]) -> Iterator[tuple[list[str], str]]:
    """(cells, fault) of the records up to the first that is no record; then call again for the rest.

    widths: how many records had so many cells. A record over several lines that is not as wide as most, or in which
    a quote closes before more text, is taken for an unclosed quote that met the next one: only its first line is
    given up.
    """
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _Unclosed:
            lines.back_to_second()
            yield [], _UNCLOSED
            return
        except csv.Error:
            yield [], _WIDE
            return
        if len(lines.record) > 1 and (_is_odd(len(cells), widths) or not _is_strict(lines.record, delimiter)):
            lines.back_to_second()
            yield [], _UNCLOSED
            return
        if lines.is_cut:
            yield [], _TOO_LONG
        elif any("\0" in cell for cell in cells):
            yield [], _NUL
        elif any(LOST in cell for cell in cells):
            yield cells, _LOST_BYTES
        else:
            yield cells, ""


def _is_strict(record: list[str], delimiter: str) -> bool:
    """Whether every quote of a record closes a cell."""
    try:
        list(csv.reader(record, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True


def _is_odd(n: int, widths: Counter[int]) -> bool:
    """Whether a record of n cells does not fit the table, once a few others have been seen."""
    usual = widths.most_common(1)[0][0] if widths.total() >= _ENOUGH else n
    return n != usual


class _Lines:
    """Lines with the ones of the present record at hand, so that they can be read again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.record: list[str] = []
        self._n_characters = 0

    @property
    def is_cut(self) -> bool:
        """Whether the present record holds a line longer than a line may be."""
        return any(len(line) > LINE_CHARACTERS for line in self.record)

    def peek(self) -> str:
        """The next line, "" at the end; it stays the next."""
        if not self._again and (line := next(self._lines, None)) is not None:
            self._again.append(line)
        return self._again[0] if self._again else ""

    def head(self, n: int) -> list[str]:
        """The next n lines, which stay the next."""
        while len(self._again) < n and (line := next(self._lines, None)) is not None:
            self._again.append(line)
        return list(islice(self._again, n))

    def is_done(self) -> bool:
        return not self.peek()

    def begin(self) -> None:
        """The next line begins a record."""
        self.record, self._n_characters = [], 0

    def back_to_second(self) -> None:
        """Only the first line of the present record has been read."""
        self._again.extendleft(reversed(self.record[1:]))

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.record) >= RECORD_LINES or self._n_characters > 2 * LINE_CHARACTERS:
            raise _Unclosed
        line = self._again.popleft() if self._again else next(self._lines, None)
        if line is None:
            raise _Unclosed if self.record else StopIteration
        self.record.append(line)
        self._n_characters += len(line)
        return line if len(line) <= LINE_CHARACTERS else "\n"


def file_lines(file) -> Iterator[str]:  # type: ignore[no-untyped-def]
    """The lines of a text file; of one that is too long only so much that its length shows."""
    while line := file.readline(LINE_CHARACTERS + 1):
        if len(line) > LINE_CHARACTERS and not line.endswith("\n"):
            while (rest := file.readline(LINE_CHARACTERS)) and not rest.endswith("\n"):
                pass
        yield line
