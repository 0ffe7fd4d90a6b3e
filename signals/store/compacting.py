"""Copying a warehouse's live rows into a fresh file: what was deleted is not in it, not in any byte.

DuckDB keeps deleted bytes in its file. And a file that this process has open must never be opened by Python as well:
closing that would let go of DuckDB's lock. So copies are made by DuckDB itself.
"""

from pathlib import Path

import duckdb

from signals.disk import put_in_place
from signals.store.rows import first_row


def copy_database(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Copy the open database into `target`, which appears whole or not at all; outside a transaction.

    Raises duckdb.IOException where the disk is full or does not allow it; an earlier target then stays.
    """
    row = first_row(connection.execute("SELECT current_database()"))
    copy_attached(connection, str(row[0]) if row else "", target)


def copy_attached(
    connection: duckdb.DuckDBPyConnection, name: str, target: Path, *, then: str = "SELECT 1"
) -> None:
    """`copy_database` for the one of the attached databases that has this name. then: run in the copy, as `copying`."""
    temporary = target.with_name(f".{target.name}.copying")
    _remove(temporary)
    connection.execute(f"ATTACH {quoted(temporary)} AS copying")
    try:
        connection.execute(f'COPY FROM DATABASE "{name}" TO copying')
        connection.execute(then)
        connection.execute("CHECKPOINT copying")
    except duckdb.Error:
        connection.execute("DETACH copying")
        _remove(temporary)
        raise
    connection.execute("DETACH copying")
    put_in_place(temporary, target)


def quoted(path: Path) -> str:
    """A path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"


def _remove(path: Path) -> None:
    for each in (path, path.with_name(f"{path.name}.wal")):
        each.unlink(missing_ok=True)
