"""What the columns of each source's exports mean, settled with the first export that had them."""

from collections.abc import Mapping
from datetime import datetime

import duckdb

from signals.reading.fields import Columns, Field
from signals.records import Source


def saved_columns(connection: duckdb.DuckDBPyConnection) -> Mapping[str, Columns]:
    """Source → header → field."""
    found: dict[str, dict[str, str]] = {}
    for source, header, field in connection.execute(
        "SELECT source, header, field FROM export_columns ORDER BY source, settled_at, header"
    ).fetchall():
        found.setdefault(source, {})[header] = field
    return found


def settle_columns(
    connection: duckdb.DuckDBPyConnection, source: Source, columns: Mapping[str, Field | None], at: datetime
) -> None:
    """Keep how an export's columns were read; a later word replaces an earlier one, also that a column is left out."""
    for header, field in columns.items():
        if field is None:
            connection.execute("DELETE FROM export_columns WHERE source = ? AND header = ?", [source, header])
            continue
        connection.execute(
            "INSERT INTO export_columns VALUES (?, ?, ?, ?) ON CONFLICT (source, header)"
            " DO UPDATE SET field = excluded.field, settled_at = excluded.settled_at"
            " WHERE export_columns.field <> excluded.field",
            [source, header, field, at],
        )
