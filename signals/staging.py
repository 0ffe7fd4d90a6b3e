"""Redacted rows on their way into the warehouse: staged as Parquet beside it, then one short write.

Only redacted facts are staged; complainant hashes go from memory straight into their table. A staging folder
that a crash left behind is removed at the next start.
"""

import os
import shutil
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from signals.records import Rejected, Report, report_key

_AT = pa.timestamp("us", "UTC")
_TEXT_FIELDS = (
    "report_key", "source", "report_id", "title", "body", "context", "kind", "category", "area", "town",
    "community", "address", "unit", "restricted", "about_office", "content_hash", "sheet", "danger", "words",
)  # fmt: skip
REPORTS = pa.schema(
    [("seq", pa.int64()), *((name, pa.string()) for name in _TEXT_FIELDS), ("row_number", pa.int32()),
     ("received_at", _AT), ("due_at", _AT)]
)  # fmt: skip
UPDATES = pa.schema(
    [("seq", pa.int64()), ("report_key", pa.string()), ("field", pa.string()), ("value", pa.string()), ("at", _AT),
     ("is_timed", pa.bool_())]
)  # fmt: skip
REJECTED = pa.schema(
    [("seq", pa.int64()), *((name, pa.string()) for name in ("sheet", "column_name", "reason", "cells")),
     ("row_number", pa.int32())]
)  # fmt: skip
SCHEMAS = {"reports": REPORTS, "updates": UPDATES, "rejected": REJECTED}
_ROWS_AT_ONCE = 20_000  # of all three kinds together
_CHARACTERS_AT_ONCE = 8_000_000
HASH_BYTES = 32
_OWN = {"sheet", "danger", "words", "content_hash", "row_number"}  # of a staged report, not of its report


@dataclass(frozen=True, slots=True)
class StagedReport:
    """A redacted report with what only the load needs; its `known_at` is set by the load."""

    report: Report
    sheet: str
    row_number: int
    content_hash: str
    danger: str
    words: str


@dataclass(frozen=True, slots=True)
class StagedUpdate:
    """A later fact; `is_timed` where `at` is also when it became known (answer, closing, visit)."""

    report_key: str
    field: str
    value: str
    at: datetime | None
    is_timed: bool


class Batch:
    """The rows of one file as they come, numbered in their order; written down every few thousand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.n_rows = 0
        self.n_rejected = 0
        self._rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in SCHEMAS}
        self._writers = {name: pq.ParquetWriter(self.path(name), schema) for name, schema in SCHEMAS.items()}
        self._n_characters = 0  # of what waits to be written
        self._hashed = array("q")
        self._hashes = bytearray()

    def path(self, name: str) -> Path:
        """The Parquet file of `reports`, `updates` or `rejected`."""
        return self.folder / f"{name}.parquet"

    def report(self, staged: StagedReport, updates: Sequence[StagedUpdate], complainant: bytes | None) -> None:
        """Stage a report with its later facts; complainant: a hash of 32 bytes, kept in memory."""
        report = staged.report
        seq = self._next(complainant, len(report.body) + len(report.context) + sum(len(u.value) for u in updates))
        self._rows["reports"].append((seq, *(_value(staged, name) for name in REPORTS.names[1:])))
        self._rows["updates"] += [(seq, u.report_key, u.field, u.value, u.at, u.is_timed) for u in updates]

    def reject(self, row: Rejected, complainant: bytes | None) -> None:
        """Stage a row for quarantine."""
        seq = self._next(complainant, len(row.cells))
        self.n_rejected += 1
        self._rows["rejected"].append((seq, row.sheet, row.column, row.reason, row.cells, row.row_number))

    def close(self) -> None:
        """Write what is left; the files are whole afterwards."""
        self._flush()
        for writer in self._writers.values():
            writer.close()

    def hashes(self) -> pa.Table:
        """`seq` and the complainant's hash (bytes), of the rows that have one."""
        buffers = [None, pa.py_buffer(self._hashes)]
        hashes = pa.Array.from_buffers(pa.binary(HASH_BYTES), len(self._hashed), buffers)
        return pa.table({"seq": pa.array(self._hashed, pa.int64()), "hash": hashes})

    def _next(self, complainant: bytes | None, n_characters: int) -> int:
        self._n_characters += n_characters
        if self._n_characters > _CHARACTERS_AT_ONCE or sum(map(len, self._rows.values())) >= _ROWS_AT_ONCE:
            self._flush()
        self.n_rows += 1
        if complainant is not None:
            self._hashed.append(self.n_rows)
            self._hashes += complainant
        return self.n_rows

    def _flush(self) -> None:
        for name, rows in self._rows.items():
            if rows:
                self._writers[name].write_table(_table(SCHEMAS[name], list(zip(*rows, strict=True))))
                rows.clear()
        self._n_characters = 0


def _value(staged: StagedReport, name: str) -> Any:
    if name == "report_key":
        return report_key(staged.report.source, staged.report.report_id)
    return getattr(staged if name in _OWN else staged.report, name)


def _table(schema: pa.Schema, columns: Sequence[Sequence[Any]]) -> pa.Table:
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


@contextmanager
def staging(beside: Path, name: str) -> Iterator[Batch]:
    """A batch in a folder beside the warehouse; gone when the block ends, however it ends."""
    root = beside.parent / "staging"
    for left in left_by_the_dead(root, "*-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = root / f"{name}-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield Batch(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if root.is_dir() and not any(root.iterdir()):
            root.rmdir()


def left_by_the_dead(folder: Path, *patterns: str) -> list[Path]:
    """What matches below a folder and ends in the number of a process that is no more, or in none."""
    found = sorted(path for pattern in patterns for path in folder.glob(pattern))
    return [path for path in found if not _is_alive(path.name.rpartition("-")[2])]


def _is_alive(number: str) -> bool:
    """Whether a process of this number is there."""
    if not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
