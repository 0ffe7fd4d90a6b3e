"""A redacted batch on its way into the warehouse: staged as Parquet beside it, then one short write.

Only redacted facts are staged; complainant hashes go from memory straight into their table. A staging folder
that a crash left behind is removed at the next start.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from signals.clock import end_of, instant
from signals.records import Rejected, Report, Source, Watch, report_key

_AT = pa.timestamp("us", "UTC")
_TEXT_FIELDS = (
    "report_key", "source", "report_id", "title", "body", "context", "kind", "category", "area", "town",
    "community", "address", "unit", "restricted", "about_office", "content_hash", "sheet", "danger", "words",
)  # fmt: skip
REPORTS = pa.schema(
    [(name, pa.string()) for name in _TEXT_FIELDS] + [("row_number", pa.int32()), ("received_at", _AT), ("due_at", _AT)]
)
UPDATES = pa.schema(
    [
        ("report_key", pa.string()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("at", _AT),
        ("is_timed", pa.bool_()),
    ]
)
REJECTED = pa.schema(
    [(name, pa.string()) for name in ("file_name", "sheet", "column_name", "reason", "cells")]
    + [("row_number", pa.int32())]
)
VOICES = pa.schema([("report_key", pa.string()), ("complainant", pa.string())])


@dataclass(frozen=True, slots=True)
class StagedReport:
    """A redacted report with what only the load needs; its `known_at` is set by the load."""

    report: Report
    sheet: str
    row_number: int
    content_hash: str
    complainant: str | None
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


@dataclass(frozen=True)
class Batch:
    """One file, redacted."""

    file_name: str
    sha256: str
    source: Source
    n_rows: int
    n_same: int  # exact copies inside the file
    reports: tuple[StagedReport, ...]
    updates: tuple[StagedUpdate, ...]
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class WatchLine:
    """A watch row as the command prints it; no report text but the words that named the danger."""

    watch: Watch
    area: str
    town: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one load did."""

    n_new: int
    n_changed: int
    n_same: int
    n_quarantined: int
    watches: tuple[WatchLine, ...]


def write_stage(folder: Path, batch: Batch) -> None:
    """Write the batch's Parquet files; hashes are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(_reports_table(batch.reports), folder / "reports.parquet")
    updates = [[getattr(update, name) for update in batch.updates] for name in UPDATES.names]
    pq.write_table(_table(UPDATES, updates), folder / "updates.parquet")
    rejected = [
        [getattr(row, "column" if name == "column_name" else name) for row in batch.rejected] for name in REJECTED.names
    ]
    pq.write_table(_table(REJECTED, rejected), folder / "rejected.parquet")


@contextmanager
def stage(beside: Path, batch: Batch) -> Iterator[Path]:
    """The folder of a staged batch beside the warehouse; gone when the block ends, however it ends."""
    root = beside.parent / "staging"
    _sweep(root)
    folder = root / f"{batch.sha256[:16]}-{os.getpid()}"
    try:
        write_stage(folder, batch)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if root.is_dir() and not any(root.iterdir()):
            root.rmdir()


def load(connection: duckdb.DuckDBPyConnection, folder: Path, batch: Batch, *, history: bool, now: datetime) -> Loaded:
    """Load a staged batch inside the caller's transaction.

    history: facts with a time of their own are known from it, never inside a day already run; others from `now`.
    """
    for name in ("reports", "updates", "rejected"):
        path = str(folder / f"{name}.parquet").replace("'", "''")
        connection.execute(f"CREATE TEMP TABLE staged_{name} AS SELECT * FROM read_parquet('{path}')")
    row = connection.execute("SELECT max(day) FROM runs").fetchone()
    floor = end_of(row[0]) if row and row[0] else None
    times = {"history": history, "now": now, "floor": floor}
    file_id = _next_id(connection, "files", "file_id")
    _classify(connection)
    _insert_reports(connection, batch, {**times, "file_id": file_id})
    n_conflicts = _insert_rejected(connection, batch, file_id, now)
    n_changed = _insert_updates(connection, {**times, "file_id": file_id})
    watches = _insert_watches(connection)
    n_new = _count(connection, "SELECT count(*) FROM staged_reports WHERE state = 'new'")
    n_old = _count(connection, "SELECT count(*) FROM staged_reports WHERE state = 'old'")
    loaded = Loaded(n_new, n_changed, n_old - n_changed + batch.n_same, len(batch.rejected) + n_conflicts, watches)
    connection.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [file_id, batch.file_name, batch.sha256, batch.source, history, now, batch.n_rows,
         loaded.n_new, loaded.n_changed, loaded.n_same, loaded.n_quarantined],
    )  # fmt: skip
    for name in ("staged_reports", "staged_updates", "staged_rejected", "fresh_updates"):
        connection.execute(f"DROP TABLE {name}")
    return loaded


def _classify(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("ALTER TABLE staged_reports ADD COLUMN state VARCHAR DEFAULT 'new'")
    connection.execute(
        "UPDATE staged_reports AS s"
        " SET state = CASE WHEN s.content_hash = r.content_hash THEN 'old' ELSE 'conflict' END"
        " FROM reports AS r WHERE r.report_key = s.report_key"
    )


_LATER = "greatest(coalesce($floor, $now), $now)"
_OWN_TIME = "greatest({at}, coalesce($floor, {at}))"


def _insert_reports(connection: duckdb.DuckDBPyConnection, batch: Batch, given: dict[str, object]) -> None:
    known = f"CASE WHEN $history THEN {_OWN_TIME.format(at='received_at')} ELSE {_LATER} END"
    connection.execute(
        "INSERT INTO reports BY NAME"
        f" SELECT * EXCLUDE (sheet, danger, words, state), $file_id AS file_id, {known} AS known_at"
        " FROM staged_reports WHERE state = 'new' ORDER BY row_number",
        given,
    )
    hashed = [staged for staged in batch.reports if staged.complainant]
    keys, hashes = [each.report.key for each in hashed], [each.complainant for each in hashed]
    connection.register("hashed", _table(VOICES, [keys, hashes]))
    connection.execute(
        "INSERT INTO voices SELECT hashed.* FROM hashed SEMI JOIN"
        " (FROM staged_reports WHERE state = 'new') AS s USING (report_key)"
    )
    connection.unregister("hashed")


def _insert_rejected(connection: duckdb.DuckDBPyConnection, batch: Batch, file_id: int, now: datetime) -> int:
    """Put bad rows and rows that contradict a stored report into quarantine; the number of the latter."""
    reason = "编号已经存在而内容不同；已保留先到的一件，这一行没有收；请核对编号。"
    connection.execute(
        "INSERT INTO staged_rejected BY NAME"
        " SELECT $file AS file_name, sheet, '' AS column_name, $reason AS reason,"
        " json_object('编号', report_id, '标题', title, '内容', body)::VARCHAR AS cells, row_number"
        " FROM staged_reports WHERE state = 'conflict' ORDER BY row_number",
        {"file": batch.file_name, "reason": reason},
    )
    first = _next_id(connection, "quarantine", "quarantine_id")
    connection.execute(
        "INSERT INTO quarantine BY NAME SELECT $first + row_number() OVER (ORDER BY sheet, row_number) - 1"
        " AS quarantine_id, $file_id AS file_id, *, $now AS known_at FROM staged_rejected",
        {"first": first, "file_id": file_id, "now": now},
    )
    return _count(connection, "SELECT count(*) FROM staged_reports WHERE state = 'conflict'")


def _insert_updates(connection: duckdb.DuckDBPyConnection, given: dict[str, object]) -> int:
    """Append facts that differ from the last stored ones; the number of earlier reports that changed."""
    own = f"greatest({_OWN_TIME.format(at='u.at')}, r.known_at)"
    connection.execute(
        """CREATE TEMP TABLE fresh_updates AS
        WITH last AS (
          SELECT u.* FROM updates AS u SEMI JOIN staged_reports USING (report_key)
          QUALIFY row_number() OVER (PARTITION BY report_key, field ORDER BY known_at DESC, u.rowid DESC) = 1)
        SELECT u.*, s.state
        FROM staged_updates AS u JOIN staged_reports AS s USING (report_key) JOIN reports AS r USING (report_key)
        LEFT JOIN last AS l ON l.report_key = u.report_key AND l.field = u.field
        WHERE s.state <> 'conflict' AND CASE
          WHEN l.report_key IS NOT NULL THEN l.value <> u.value OR l.at IS DISTINCT FROM u.at
          ELSE u.field <> 'due' OR (s.state = 'old' AND u.at IS DISTINCT FROM r.due_at) END"""
    )
    connection.execute(
        f"""INSERT INTO updates BY NAME
        SELECT u.report_key, u.field, u.value, u.at, $file_id AS file_id,
          CASE WHEN $history AND u.is_timed THEN {own} ELSE {_LATER} END AS known_at
        FROM fresh_updates AS u JOIN reports AS r USING (report_key)""",
        given,
    )
    return _count(connection, "SELECT count(DISTINCT report_key) FROM fresh_updates WHERE state = 'old'")


def _insert_watches(connection: duckdb.DuckDBPyConnection) -> tuple[WatchLine, ...]:
    rows = connection.execute(
        "SELECT s.report_key, s.danger, s.words, r.area, r.town, epoch_us(r.known_at)"
        " FROM staged_reports AS s JOIN reports AS r USING (report_key)"
        " WHERE s.state = 'new' AND s.danger <> '' ORDER BY r.known_at, s.report_key"
    ).fetchall()
    connection.execute(
        "INSERT INTO watch BY NAME SELECT s.report_key, s.danger, s.words, r.known_at, r.area, r.town"
        " FROM staged_reports AS s JOIN reports AS r USING (report_key)"
        " WHERE s.state = 'new' AND s.danger <> ''"
    )
    return tuple(
        WatchLine(Watch(key, danger, words, instant(micros)), area, town)
        for key, danger, words, area, town, micros in rows
    )


def _reports_table(staged: Sequence[StagedReport]) -> pa.Table:
    own = {"sheet", "danger", "words", "content_hash", "row_number"}
    columns: list[list[Any]] = []
    for name in REPORTS.names:
        if name == "report_key":
            columns.append([report_key(each.report.source, each.report.report_id) for each in staged])
        else:
            columns.append([getattr(each if name in own else each.report, name) for each in staged])
    return _table(REPORTS, columns)


def _table(schema: pa.Schema, columns: Sequence[Sequence[Any]]) -> pa.Table:
    arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _next_id(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> int:
    return _count(connection, f"SELECT coalesce(max({column}), 0) + 1 FROM {table}")


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _sweep(root: Path) -> None:
    """Remove what processes that are no more have left behind."""
    for folder in root.glob("*-*"):
        pid = folder.name.rpartition("-")[2]
        if pid.isdigit() and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
