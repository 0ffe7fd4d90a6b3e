"""Rows into tables, as values where they are few, else as one Arrow table; and one row, or one number, out of them."""

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa

FEW_ROWS = 20


def put(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert rows into a table by position: a few as the values of one statement, more as an Arrow table."""
    if not rows:
        return
    if len(rows) < FEW_ROWS:
        values = ", ".join([f"({', '.join('?' * len(rows[0]))})"] * len(rows))
        connection.execute(f"INSERT INTO {table} VALUES {values}", [value for row in rows for value in row])
        return
    columns = [pa.array(list(column)) for column in zip(*rows, strict=True)]
    insert(connection, table, pa.table(columns, names=[f"c{i}" for i in range(len(columns))]))


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """Insert the rows of an Arrow table into a table by position."""
    connection.register("rows_put", rows)
    connection.execute(f"INSERT INTO {table} SELECT * FROM rows_put")
    connection.unregister("rows_put")


def first_row(found: duckdb.DuckDBPyConnection) -> tuple[Any, ...] | None:
    """The first row of an executed query, None where there is none; the others are fetched too, as DuckDB 2 demands."""
    rows = found.fetchall()
    return rows[0] if rows else None


def count_of(connection: duckdb.DuckDBPyConnection, query: str, parameters: object = None) -> int:
    """The one number of a query that counts, 0 where it gives no row."""
    row = first_row(connection.execute(query, parameters))
    return int(row[0]) if row else 0
