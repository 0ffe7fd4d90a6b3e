"""A batch into the warehouse, inside one transaction: what is new, what changed, what contradicts, what is dangerous.

The first row of a number counts, in the file and for good; its later facts are the last that the file gives.
"""

from dataclasses import dataclass
from datetime import datetime

import duckdb
from duckdb.sqltypes import BOOLEAN, VARCHAR

from signals.clock import end_of, instant
from signals.records import Source, Watch
from signals.redaction.sameness import may_be_same
from signals.staging import SCHEMAS, Batch
from signals.store.erased import values_as_keys
from signals.store.rows import count_of, first_row

MEMORY_MB = 600  # for the database, however large a batch is: what does not fit goes to disk
_LATER = "greatest(coalesce($floor, $now), $now)"
_OWN_TIME = "greatest({at}, coalesce($floor, {at}))"
CONTRADICTS = "编号已经存在而内容不同；已保留先到的一件，这一行没有收；请核对编号。"


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a batch holds, and how its facts become known.

    is_history: facts with a time of their own are known from it, never inside a day already run; others from `now`.
    """

    file_name: str  # redacted
    sha256: str
    source: Source
    is_history: bool
    now: datetime
    is_repair: bool = False  # rows of quarantine put right: what contradicts goes on waiting there


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
    n_erased: int = 0  # rows of reports whose text was removed for good: left out
    contradicting: tuple[int, ...] = ()  # places in the batch, from 1, of rows that say other than an earlier one
    erased: tuple[int, ...] = ()  # the same of rows of reports whose text was removed for good


def load(connection: duckdb.DuckDBPyConnection, batch: Batch, origin: Origin) -> Loaded:
    """Load a closed batch inside the caller's transaction, in limited memory."""
    connection.execute(f"SET memory_limit = '{MEMORY_MB}MB'")
    for name in SCHEMAS:
        path = str(batch.path(name)).replace("'", "''")
        connection.execute(f"CREATE TEMP VIEW staged_{name} AS SELECT * FROM read_parquet('{path}')")
    connection.register("staged_hashes", batch.hashes())
    row = first_row(connection.execute("SELECT max(day) FROM runs"))
    floor = end_of(row[0]) if row and row[0] else None
    times = {"history": origin.is_history, "now": origin.now, "floor": floor}
    file_id = _next_id(connection, "files", "file_id")
    connection.create_function("may_be_same", may_be_same, [VARCHAR, VARCHAR], BOOLEAN)
    _classify(connection)
    _insert_reports(connection, {**times, "file_id": file_id})
    n_gone, n_known = (0, 0) if origin.is_repair else _insert_rejected(connection, origin, file_id)
    n_changed = _insert_updates(connection, {**times, "file_id": file_id})
    watches = _insert_watches(connection)
    n_of = dict(connection.execute("SELECT state, count(*) FROM staged_rows GROUP BY state").fetchall())
    n_erased = n_of.get("erased", 0) + n_gone
    n_quarantined = batch.n_rejected + n_of.get("contradicts", 0) - n_gone - n_known
    n_same = n_of.get("old", 0) + n_of.get("copy", 0) + n_known - n_changed
    contradicting, erased = _places(connection, "contradicts"), _places(connection, "erased")
    loaded = Loaded(n_of.get("new", 0), n_changed, n_same, n_quarantined, watches, n_erased, contradicting, erased)
    connection.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [file_id, origin.file_name, origin.sha256, origin.source, origin.is_history, origin.now, batch.n_rows,
         loaded.n_new, loaded.n_changed, loaded.n_same, loaded.n_quarantined],
    )  # fmt: skip
    connection.execute("DROP TABLE staged_rows; DROP TABLE fresh_updates")
    for name in SCHEMAS:
        connection.execute(f"DROP VIEW staged_{name}")
    connection.unregister("staged_hashes")
    connection.remove_function("may_be_same")
    return loaded


def _places(connection: duckdb.DuckDBPyConnection, state: str) -> tuple[int, ...]:
    rows = connection.execute("SELECT seq FROM staged_rows WHERE state = ? ORDER BY seq", [state]).fetchall()
    return tuple(seq for (seq,) in rows)


def give_voice(connection: duckdb.DuckDBPyConnection, holder: str, key: str) -> None:
    """The complainant's hash of a row of quarantine goes over to the report that it became, which keeps its own."""
    connection.execute(
        "INSERT INTO voices SELECT $key, complainant FROM voices WHERE report_key = $holder"
        " AND NOT EXISTS (FROM voices WHERE report_key = $key)",
        {"key": key, "holder": holder},
    )
    connection.execute("DELETE FROM voices WHERE report_key = ?", [holder])


def _classify(connection: duckdb.DuckDBPyConnection) -> None:
    """`staged_rows`: each row as new, old (stored before), copy (of an earlier one here), contradicts, or erased."""
    connection.execute(
        """CREATE TEMP TABLE staged_rows AS
        WITH placed AS (
          SELECT seq, report_key, content_hash,
            first_value(seq) OVER same_number AS first_seq,
            first_value(content_hash) OVER same_number AS first_hash,
            first_value(row_number) OVER same_number AS first_row
          FROM staged_reports WINDOW same_number AS (PARTITION BY report_key ORDER BY seq))
        SELECT p.seq, p.report_key,
          CASE WHEN r.report_key IS NULL THEN p.first_row END AS first_row,
          CASE WHEN e.report_key IS NOT NULL THEN 'erased'
            WHEN p.content_hash <> coalesce(r.content_hash, p.first_hash) THEN 'contradicts'
            WHEN p.seq <> p.first_seq THEN 'copy' WHEN r.report_key IS NULL THEN 'new' ELSE 'old' END AS state
        FROM placed AS p LEFT JOIN reports AS r USING (report_key) LEFT JOIN erased AS e USING (report_key)"""
    )
    connection.execute(  # redacted by other rules than today's
        """UPDATE staged_rows SET state = 'old' WHERE state = 'contradicts' AND seq IN (
          SELECT s.seq FROM staged_reports AS s JOIN reports AS r USING (report_key)
          WHERE s.received_at = r.received_at AND CASE WHEN s.content_hash = r.content_hash THEN false
            ELSE may_be_same(s.title, r.title) AND may_be_same(s.body, r.body) END)"""
    )


def _insert_reports(connection: duckdb.DuckDBPyConnection, given: dict[str, object]) -> None:
    known = f"CASE WHEN $history THEN {_OWN_TIME.format(at='received_at')} ELSE {_LATER} END"
    connection.execute(
        "INSERT INTO reports BY NAME"
        f" SELECT * EXCLUDE (seq, sheet, danger, words), $file_id AS file_id, {known} AS known_at"
        " FROM staged_reports SEMI JOIN (FROM staged_rows WHERE state = 'new') AS s USING (seq)",
        given,
    )
    connection.execute(
        "INSERT INTO voices SELECT report_key, lower(hex(hash)) FROM staged_hashes JOIN staged_rows USING (seq)"
        " WHERE state = 'new'"
    )


def _insert_rejected(connection: duckdb.DuckDBPyConnection, origin: Origin, file_id: int) -> tuple[int, int]:
    """Put bad rows, and rows that contradict an earlier one, into quarantine, with their complainants' hashes.

    Returns how many were left out because they name a report that was erased, and how many because an earlier export of
    the source held the very same row, which waits or was repaired since.
    """
    first = _next_id(connection, "quarantine", "quarantine_id")
    connection.execute(
        """CREATE TEMP TABLE quarantined AS
        WITH bad AS (
          SELECT seq, sheet, row_number, column_name, reason, cells FROM staged_rejected
          UNION ALL BY NAME
          SELECT seq, sheet, row_number, '' AS column_name,
            CASE WHEN first_row IS NULL THEN $stored
              ELSE '编号与第 ' || first_row || ' 行相同而内容不同；已收先到的一行；请核对编号。' END AS reason,
            json_object('编号', report_id, '受理时间', strftime(received_at, '%Y-%m-%d %H:%M:%S'), '标题', title,
              '内容', body, '一级分类', category, '区县', area, '镇街', town, '社区', community, '地址', address,
              '承办单位', unit)::VARCHAR AS cells
          FROM staged_reports JOIN staged_rows USING (seq) WHERE state = 'contradicts')
        SELECT $first + row_number() OVER (ORDER BY seq) - 1 AS quarantine_id, * FROM bad""",
        {"first": first, "stored": CONTRADICTS},
    )
    of_source = {"source": origin.source}
    n_gone = count_of(
        connection,
        f"""DELETE FROM quarantined WHERE quarantine_id IN (
          SELECT quarantine_id FROM ({values_as_keys("quarantined", "$source")})
          SEMI JOIN erased USING (report_key))""",
        of_source,
    )
    n_known = count_of(
        connection,
        """DELETE FROM quarantined WHERE quarantine_id IN (
          SELECT n.quarantine_id FROM quarantined AS n JOIN quarantine AS q USING (column_name, reason, cells)
          JOIN files AS f ON f.file_id = q.file_id AND f.source = $source LEFT JOIN repairs AS r
            ON r.quarantine_id = q.quarantine_id LEFT JOIN staged_hashes AS h ON h.seq = n.seq LEFT JOIN voices AS v
            ON v.report_key = coalesce(r.report_key, 'quarantine:' || q.quarantine_id)
          WHERE n.cells <> '{}' AND lower(hex(h.hash)) IS NOT DISTINCT FROM v.complainant)""",
        of_source,
    )
    connection.execute(
        "INSERT INTO quarantine BY NAME SELECT * EXCLUDE (seq), $file_id AS file_id, $file AS file_name,"
        " $now AS known_at FROM quarantined",
        {"file_id": file_id, "file": origin.file_name, "now": origin.now},
    )
    connection.execute(
        "INSERT INTO voices SELECT 'quarantine:' || quarantine_id, lower(hex(hash))"
        " FROM staged_hashes JOIN quarantined USING (seq)"
    )
    connection.execute("DROP TABLE quarantined")
    return n_gone, n_known


def _insert_updates(connection: duckdb.DuckDBPyConnection, given: dict[str, object]) -> int:
    """Append facts that differ from the last stored ones; the number of earlier reports that changed."""
    own = f"greatest({_OWN_TIME.format(at='u.at')}, r.known_at)"
    connection.execute(
        """CREATE TEMP TABLE fresh_updates AS
        WITH firm AS (
          SELECT report_key, bool_or(state = 'old') AS is_old
          FROM staged_rows WHERE state NOT IN ('contradicts', 'erased') GROUP BY ALL),
        given AS (
          SELECT u.*, s.is_old
          FROM staged_updates AS u JOIN staged_rows AS w USING (seq) JOIN firm AS s ON s.report_key = u.report_key
          WHERE w.state NOT IN ('contradicts', 'erased')
          QUALIFY row_number() OVER (PARTITION BY u.report_key, u.field ORDER BY u.seq DESC) = 1),
        last AS (
          SELECT u.* FROM updates AS u SEMI JOIN firm USING (report_key)
          QUALIFY row_number() OVER (PARTITION BY report_key, field ORDER BY known_at DESC, u.rowid DESC) = 1)
        SELECT g.* FROM given AS g JOIN reports AS r USING (report_key)
        LEFT JOIN last AS l ON l.report_key = g.report_key AND l.field = g.field
        WHERE CASE
          WHEN l.report_key IS NULL THEN g.field <> 'due' OR (g.is_old AND g.at IS DISTINCT FROM r.due_at)
          WHEN l.at IS DISTINCT FROM g.at THEN true WHEN l.value = g.value THEN false
          ELSE g.field <> 'answer' OR NOT may_be_same(l.value, g.value) END"""
    )
    connection.execute(
        f"""INSERT INTO updates BY NAME
        SELECT u.report_key, u.field, u.value, u.at, $file_id AS file_id,
          CASE WHEN $history AND u.is_timed THEN {own} ELSE {_LATER} END AS known_at
        FROM fresh_updates AS u JOIN reports AS r USING (report_key) ORDER BY u.seq, u.field""",
        given,
    )
    return count_of(connection, "SELECT count(DISTINCT report_key) FROM fresh_updates WHERE is_old")


def _insert_watches(connection: duckdb.DuckDBPyConnection) -> tuple[WatchLine, ...]:
    connection.execute(
        """CREATE TEMP TABLE dangerous AS
        SELECT s.report_key, s.danger, s.words, r.known_at, r.area, r.town
        FROM staged_reports AS s SEMI JOIN (FROM staged_rows WHERE state = 'new') AS n USING (seq)
        JOIN reports AS r USING (report_key) WHERE s.danger <> ''"""
    )
    connection.execute("INSERT INTO watch BY NAME FROM dangerous")
    rows = connection.execute(
        "SELECT report_key, danger, words, area, town, epoch_us(known_at) FROM dangerous ORDER BY known_at, report_key"
    ).fetchall()
    connection.execute("DROP TABLE dangerous")
    return tuple(
        WatchLine(Watch(key, danger, words, instant(micros)), area, town)
        for key, danger, words, area, town, micros in rows
    )


def _next_id(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> int:
    return count_of(connection, f"SELECT coalesce(max({column}), 0) + 1 FROM {table}")
