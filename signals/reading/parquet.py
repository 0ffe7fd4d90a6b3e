"""Parquet files, some rows at a time."""

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from signals.errors import InputError
from signals.reading.limits import UNPACKED_BYTES, check_columns
from signals.reading.tables import File, Table, TableRow

_ROWS_AT_ONCE = 2_000


def open_parquet(path: Path) -> File:
    """A Parquet file as one table. Raises InputError where it is broken, or unpacks to more than it may."""
    try:
        with pq.ParquetFile(path) as file:
            names = tuple(file.schema_arrow.names)
            groups = [file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups)]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{path.name}: Parquet 文件打不开（{_first_line(error)}）。请重新导出。") from error
    check_columns(len(names), path.name)
    if max(groups, default=0) > UNPACKED_BYTES:
        raise InputError(f"{path.name}: 一个行组解开后超过 {UNPACKED_BYTES >> 20} MB。请以更小的行组重新导出。")
    with path.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    return File(path, digest, (Table("", partial(_rows, path), names),))


def _rows(path: Path) -> Iterator[TableRow]:
    number = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
                columns = [column.to_pylist() for column in batch.columns]
                for cells in zip(*columns, strict=True):
                    number += 1
                    yield TableRow(number, cells)
    except (pa.ArrowException, OSError, ValueError) as error:
        where = f"{path.name}:{number + 1}"
        raise InputError(f"{where}: Parquet 从这一行起读不了（{_first_line(error)}）。请重新导出。") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
