"""Excel workbooks, read in a process with a limit of memory and time: a broken one cannot take ours with it."""

import hashlib
import json
import select
import subprocess
import sys
import weakref
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from signals.errors import InputError
from signals.reading.limits import READER_BYTES, READER_SECONDS, check_book, check_columns
from signals.reading.tables import File, Table, TableRow

_READER = Path(__file__).with_name("book_reader.py")
_ROWS_AT_ONCE = 1_000


def open_book(path: Path) -> File:
    """The sheets of a workbook. Raises InputError where it cannot be opened, or is more than a book may be."""
    check_book(path)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    reader = _Reader(path)
    return File(path, digest, tuple(Table(name, partial(reader.rows, name)) for name in reader.names))


class _Reader:
    """A process that holds one workbook and hands out its rows; it ends with this object."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(_READER), str(path.absolute()), str(READER_BYTES)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        weakref.finalize(self, _end, self._process)
        self.names: list[str] = self._ask("", 0, 0)

    def rows(self, sheet: str) -> Iterator[TableRow]:
        """The rows of a sheet, from its first cell on."""
        first = 0
        while True:
            width, rows = self._ask(sheet, first, _ROWS_AT_ONCE)
            check_columns(width, f"{self._path.name}[{sheet}]")
            for number, cells in enumerate(rows, first + 1):
                yield TableRow(number, tuple(cells))
            first += len(rows)
            if len(rows) < _ROWS_AT_ONCE:
                return

    def _ask(self, sheet: str, first: int, n: int) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(json.dumps([sheet, first, n]) + "\n")
            stdin.flush()
            is_ready, _, _ = select.select([stdout], [], [], READER_SECONDS)
            line = stdout.readline() if is_ready else ""
        except BrokenPipeError:
            line = ""
        if not line:
            raise self._refusal()
        return json.loads(line)

    def _refusal(self) -> InputError:
        if self._process.poll() is None:
            try:
                self._process.wait(2)
            except subprocess.TimeoutExpired:
                _end(self._process)
                what = f"Excel 文件读不完（超过 {READER_SECONDS} 秒）"
                return InputError(f"{self._path.name}: {what}。请导出为 csv 后再试。")
        said = self._process.stderr.read() if self._process.stderr else ""
        is_encrypted = "password" in said.lower() or "encrypt" in said.lower()
        what = "有密码" if is_encrypted else "内容损坏，或不是表格"
        return InputError(f"{self._path.name}: Excel 文件打不开（{what}）。请重新导出，去掉密码后再试。")


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            pipe.close()
    process.wait()
