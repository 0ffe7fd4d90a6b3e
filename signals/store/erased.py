"""Which reports were erased: their rows stay, without text; their text must never be taken in again."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import duckdb
import pyarrow as pa


def erased_among(connection: duckdb.DuckDBPyConnection, report_keys: Iterable[str]) -> frozenset[str]:
    """Those of the keys whose reports were erased. An import leaves such rows, and later facts about them, out."""
    given = pa.table({"report_key": pa.array(list(report_keys), pa.string())})
    connection.register("keys_given", given)
    found = connection.execute("SELECT DISTINCT report_key FROM keys_given SEMI JOIN erased USING (report_key)")
    keys = frozenset(key for (key,) in found.fetchall())
    connection.unregister("keys_given")
    return keys


def n_erased(connection: duckdb.DuckDBPyConnection) -> int:
    """How many reports were erased so far."""
    row = connection.execute("SELECT count(*) FROM erased").fetchone()
    return int(row[0]) if row else 0


def choose_reports(connection: duckdb.DuckDBPyConnection, report_keys: Sequence[str]) -> None:
    """Name the reports that are going, in the temporary table `going`."""
    _begin(connection)
    connection.register("keys_given", pa.table({"report_key": pa.array(list(report_keys), pa.string())}))
    connection.execute(
        "INSERT INTO going SELECT DISTINCT report_key FROM keys_given SEMI JOIN reports USING (report_key)"
    )
    connection.unregister("keys_given")


def choose_received_before(connection: duckdb.DuckDBPyConnection, end: datetime) -> None:
    """Name all reports received before an instant that are not erased yet."""
    _begin(connection)
    connection.execute(
        "INSERT INTO going SELECT report_key FROM reports ANTI JOIN erased USING (report_key) WHERE received_at < ?",
        [end],
    )


def n_going(connection: duckdb.DuckDBPyConnection) -> int:
    """How many reports are named."""
    row = connection.execute("SELECT count(*) FROM going").fetchone()
    return int(row[0]) if row else 0


def note_erased(connection: duckdb.DuckDBPyConnection, at: datetime, reason: str, by: str) -> None:
    """Keep which reports are going, and why; who was noted first stays."""
    connection.execute(
        "INSERT INTO erased SELECT report_key, ?, ?, ? FROM going ANTI JOIN erased USING (report_key)", [at, reason, by]
    )


def set_compacting_due(connection: duckdb.DuckDBPyConnection) -> None:
    """Note that deleted bytes may lie in the file until it is written afresh."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('compacting_due', 'yes')")


def is_compacting_due(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether deleted bytes may still lie in the file."""
    return connection.execute("SELECT 1 FROM meta WHERE key = 'compacting_due'").fetchone() is not None


def _begin(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE going (report_key VARCHAR PRIMARY KEY)")
