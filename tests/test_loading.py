"""The last write of a large file keeps within its memory."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from signals import loading
from signals.clock import LOCAL
from signals.loading import Origin, load
from signals.records import Source
from signals.staging import HASH_BYTES, REPORTS, Batch, staging
from signals.store import warehouse
from signals.store.rows import count_of

N_ROWS, MEMORY_MB = 300_000, 90  # an index of the keys of so many new rows does not fit


def test_many_short_rows_are_loaded_in_memory_that_does_not_grow_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "MEMORY_MB", MEMORY_MB)
    path, now = tmp_path / "w.duckdb", datetime(2025, 1, 1, tzinfo=LOCAL)
    with staging(path, "large") as batch:
        fill(batch, now)
        with warehouse.writing(path) as connection:
            connection.execute("SET threads = 2")
            loaded = load(connection, batch, Origin("工单.csv", "f", Source.HOTLINE, True, now))
    assert (loaded.n_new, loaded.n_quarantined) == (N_ROWS, 0)
    with warehouse.reading(path) as connection:
        query = "SELECT count(DISTINCT complainant) FROM voices SEMI JOIN reports USING (report_key)"
        assert count_of(connection, query) == N_ROWS


def fill(batch: Batch, now: datetime) -> None:
    """Rows that a reader would have staged one by one."""
    batch.close()
    seq = np.arange(1, N_ROWS + 1)
    columns = {name: pa.repeat(pa.scalar("", pa.string()), N_ROWS) for name in REPORTS.names}
    columns |= {
        "seq": pa.array(seq), "row_number": pa.array(seq, pa.int32()),
        "report_key": pa.array([f"hotline:{n:09}" for n in seq]), "content_hash": pa.array([f"{n:064}" for n in seq]),
        "received_at": pa.repeat(pa.scalar(now, REPORTS.field("received_at").type), N_ROWS),
        "due_at": pa.nulls(N_ROWS, REPORTS.field("due_at").type),
    }  # fmt: skip
    pq.write_table(pa.table(columns, REPORTS), batch.path("reports"))
    hashes = pa.array([int(n).to_bytes(HASH_BYTES, "big") for n in seq], pa.binary(HASH_BYTES))
    batch.n_rows, batch.hashes = N_ROWS, lambda: pa.table({"seq": pa.array(seq), "hash": hashes})  # type: ignore[method-assign]
