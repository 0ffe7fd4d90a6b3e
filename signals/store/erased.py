"""Which reports were erased: their rows stay, without text; their text must never be taken in again."""

from collections.abc import Sequence
from datetime import datetime

import duckdb
import pyarrow as pa

from signals.store.rows import count_of, first_row


def values_as_keys(table: str, source: str) -> str:
    """A query: quarantine_id and each value of a row's cells as if it were the number of a report of its source.

    source: an SQL expression for the source of the rows of `table`, which has quarantine_id and cells.
    """
    return f"""SELECT quarantine_id, {source} || ':' || regexp_replace(value, '[.]0$', '') AS report_key
        FROM (SELECT *, unnest(json_extract_string(cells, '$.*')) AS value FROM {table} WHERE json_valid(cells))"""


QUARANTINED = values_as_keys("quarantine JOIN files USING (file_id)", "source")


def n_erased(connection: duckdb.DuckDBPyConnection) -> int:
    """How many reports were erased so far."""
    return count_of(connection, "SELECT count(*) FROM erased")


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
    return count_of(connection, "SELECT count(*) FROM going")


def note_erased(connection: duckdb.DuckDBPyConnection, at: datetime, reason: str, by: str) -> None:
    """Keep which reports are going, and why; who was noted first stays."""
    connection.execute(
        "INSERT INTO erased SELECT report_key, ?, ?, ? FROM going ANTI JOIN erased USING (report_key)", [at, reason, by]
    )


def note_each(connection: duckdb.DuckDBPyConnection, noted: Sequence[tuple[str, datetime, str, str]]) -> None:
    """Keep for each report key when it was erased, why and by whom, where the report is here and not noted yet."""
    connection.executemany(
        "INSERT INTO erased SELECT report_key, ?, ?, ? FROM reports WHERE report_key = ? ON CONFLICT DO NOTHING",
        [(at, reason, by, key) for key, at, reason, by in noted],
    )


def n_with_text_again(connection: duckdb.DuckDBPyConnection) -> int:
    """Erased reports of which text, hash, answer or a quarantined row is here: an import has brought it back."""
    return count_of(
        connection,
        f"""SELECT count(DISTINCT report_key) FROM erased SEMI JOIN (
              SELECT report_key FROM reports WHERE title <> '' OR body <> '' OR context <> '' OR address <> ''
              UNION ALL SELECT report_key FROM voices
              UNION ALL SELECT report_key FROM updates WHERE field = 'answer' AND value <> ''
              UNION ALL SELECT report_key FROM ({QUARANTINED})) USING (report_key)""",
    )


def set_compacting_due(connection: duckdb.DuckDBPyConnection) -> None:
    """Note that deleted bytes may lie in the file until it is written afresh."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('compacting_due', 'yes')")


def is_compacting_due(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether deleted bytes may still lie in the file."""
    return first_row(connection.execute("SELECT 1 FROM meta WHERE key = 'compacting_due'")) is not None


def _begin(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE going (report_key VARCHAR PRIMARY KEY)")
