"""Reports with their dates shuffled: nothing starts in such a stream, so every alert on it is due to chance.

Each source keeps its days and how many reports each day has; only which report came when is drawn anew.
"""

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from signals.errors import InputError

DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Shuffle:
    """How far a report may move: anywhere (None), or about so many days either way."""

    within_days: int | None
    seed: int = 1

    @property
    def name(self) -> str:
        return "year" if self.within_days is None else f"{self.within_days}d"


def shuffle_named(name: str, *, seed: int = 1) -> Shuffle:
    """The shuffle of a name.

    >>> shuffle_named("60d").within_days
    60
    """
    if name == "year":
        return Shuffle(None, seed)
    if name.endswith("d") and name[:-1].isdecimal() and 0 < int(name[:-1]) <= 3650:
        return Shuffle(int(name[:-1]), seed)
    raise InputError(f"--shuffle: 得到 {name}；应为 year（全年打乱）或天数如 60d（前后 60 天内打乱）。请改正后重试。")


def shuffle_days(connection: duckdb.DuckDBPyConnection, shuffle: Shuffle) -> int:
    """Give every report the time of another of its source, and move its later facts along; how many were moved.

    Within ± d days: reports are ranked by their time plus a uniform draw from ± d days; the k-th gets the k-th time.
    """
    chance = np.random.default_rng(shuffle.seed)
    keys, received, known = [], [], []
    for (source,) in connection.execute("SELECT DISTINCT source FROM reports ORDER BY source").fetchall():
        found = connection.execute(
            "SELECT report_key, epoch_us(received_at), epoch_us(known_at) FROM reports WHERE source = ?"
            " ORDER BY known_at, received_at, report_key",
            [source],
        ).fetchnumpy()
        n, at = len(found["report_key"]), np.asarray(found["epoch_us(known_at)"], np.int64)
        reach = shuffle.within_days
        order = chance.permutation(n) if reach is None else np.argsort(at + chance.uniform(-reach, reach, n) * DAY_US)
        keys += np.asarray(found["report_key"])[order].tolist()  # the k-th in the new order gets the k-th time
        received += np.asarray(found["epoch_us(received_at)"], np.int64).tolist()
        known += at.tolist()
    moved = pa.table({"report_key": pa.array(keys, pa.string()), "received": pa.array(received, pa.int64()),
                      "known": pa.array(known, pa.int64())})  # fmt: skip
    connection.register("moved", moved)
    for table, column in (("updates", "known_at"), ("updates", '"at"'), ("watch", "known_at")):
        connection.execute(
            f"UPDATE {table} SET {column} = {table}.{column} + to_microseconds(m.known - epoch_us(r.known_at))"
            f" FROM moved m JOIN reports r USING (report_key) WHERE {table}.report_key = m.report_key"
        )
    connection.execute(
        "UPDATE reports SET received_at = make_timestamptz(m.received), known_at = make_timestamptz(m.known)"
        " FROM moved m WHERE reports.report_key = m.report_key"
    )
    connection.unregister("moved")
    return len(keys)
