"""Corrections in the warehouse: recorded at once, in force from the next day that runs, kept for good."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import duckdb

from signals.correcting import CarriedOut, Corrected
from signals.corrections import ENGINE, Correction, CorrectionKind, Standing
from signals.linking.merging import Merge
from signals.store.rows import first_row, put

WEEKLY, GATHERED = "每周归并", "全市多处同一事项"
DROPPED = "运行到这一天时两个议题已经是一个"
COLUMNS = (  # an undo has the numbers of what it takes back as that came in force, perhaps only after it was recorded
    "c.correction_id, c.kind, coalesce(t.issue_id, c.issue_id), coalesce(t.other_id, c.other_id), c.report_keys,"
    " c.made_by, c.reason, c.made_at, c.undoes, t.kind, c.in_force_on"
)
TABLES = "corrections c LEFT JOIN corrections t ON t.correction_id = c.undoes"
WITHDRAWN = "(c.in_force_on IS NULL AND EXISTS (SELECT 1 FROM corrections u WHERE u.undoes = c.correction_id))"
WAITING = (  # an undo of an undo only ever withdraws
    f"c.in_force_on IS NULL AND NOT {WITHDRAWN}"
    " AND (c.undoes IS NULL OR t.in_force_on IS NOT NULL AND t.kind <> 'undo')"
)


def find_corrections(
    connection: duckdb.DuckDBPyConnection, where: str, parameters: Sequence[object] = ()
) -> list[Correction]:
    """Corrections by a condition on `c` (and `t`, what an undo takes back) and an order."""
    rows = connection.execute(f"SELECT {COLUMNS} FROM {TABLES} WHERE {where}", list(parameters)).fetchall()
    return [
        Correction(number, CorrectionKind(kind), issue, other, tuple(keys), by, reason, at, undoes,
                   CorrectionKind(undone) if undone else None, in_force_on)
        for number, kind, issue, other, keys, by, reason, at, undoes, undone, in_force_on in rows
    ]  # fmt: skip


def waiting_corrections(connection: duckdb.DuckDBPyConnection) -> list[Correction]:
    """Those that the next day brings in force, in the order recorded."""
    return find_corrections(connection, f"{WAITING} ORDER BY c.correction_id")


def undone_by(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """By what is taken back, the undo that does it, in force or waiting; withdrawn ones do not count."""
    return {
        said.undoes: said.number
        for said in find_corrections(connection, f"c.undoes IS NOT NULL AND NOT {WITHDRAWN}")
        if said.undoes
    }


def load_standing(connection: duckdb.DuckDBPyConnection) -> Standing:
    """What all corrections in force come to; on one day the engine's merges of the night before come first."""
    standing = Standing()
    order = "ORDER BY c.in_force_on, c.made_by <> ?, c.correction_id"
    for said in find_corrections(connection, f"c.in_force_on IS NOT NULL {order}", [ENGINE]):
        standing.learn(said)
    return standing


def insert_correction(connection: duckdb.DuckDBPyConnection, said: Correction) -> Correction:
    """Record a correction under the next number, which is returned with it."""
    row = first_row(connection.execute("SELECT coalesce(max(correction_id), 0) + 1 FROM corrections"))
    said = replace(said, number=int(row[0]) if row else 1)
    put(connection, "corrections", [_row(said)])
    return said


def save_merges(
    connection: duckdb.DuckDBPyConnection, merges: Sequence[Merge], gathered: set[int], on: date, at: datetime
) -> None:
    """Record merges of the engine, in force from the day `on`. gathered: those absorbed by a city-wide matter."""
    row = first_row(connection.execute("SELECT coalesce(max(correction_id), 0) FROM corrections"))
    put(connection, "corrections", [
        _row(Correction(number, CorrectionKind.MERGE, step.absorbed, step.survivor, (), ENGINE,
                        GATHERED if step.absorbed in gathered else WEEKLY, at, in_force_on=on))
        for number, step in enumerate(merges, start=int(row[0]) + 1 if row else 1)
    ])  # fmt: skip


def save_corrected(connection: duckdb.DuckDBPyConnection, corrected: Corrected, day: date, at: datetime) -> None:
    """Write what a day's corrections did: links closed and opened, issues that went or came, voices counted afresh."""
    for done in corrected.done:
        _save_done(connection, done, day)
    for number in corrected.dropped:
        (said,) = find_corrections(connection, "c.correction_id = ?", [number])
        insert_correction(connection, replace(said, kind=CorrectionKind.UNDO, by=ENGINE, reason=DROPPED, at=at,
                                              undoes=number))  # fmt: skip
    put(connection, "recounted", [(r.report_key, day, r.is_voice, r.is_first) for r in corrected.recounted])


def _save_done(connection: duckdb.DuckDBPyConnection, done: CarriedOut, day: date) -> None:
    said, last = done.correction, done.last_alert
    connection.execute(
        "UPDATE corrections SET issue_id = ?, other_id = ?, in_force_on = ?, alerted_on = ?, alerted_n = ?"
        " WHERE correction_id = ?",
        [said.issue, said.other, day, last.day if last else None, last.n_complainants if last else None, said.number],
    )
    if said.kind is CorrectionKind.SPLIT:
        put(connection, "issues", [(said.other, "", day, done.moved[0].report_key, None, None, None)])
    for issue, into in done.merged:
        connection.execute(
            "UPDATE issues SET merged_into = ?, merged_on = ?, merged_by = ? WHERE issue_id = ?",
            [into, day if into else None, said.by if into else None, issue],
        )
    connection.execute(
        "UPDATE links SET until_on = ? WHERE until_on IS NULL AND report_key IN (SELECT unnest(?::VARCHAR[]))",
        [day, [moved.report_key for moved in done.moved]],
    )
    put(connection, "links", [
        (moved.report_key, moved.issue, day, None, moved.similarity, said.by) for moved in done.moved
    ])  # fmt: skip


def _row(said: Correction) -> tuple[object, ...]:
    return (said.number, str(said.kind), said.issue, said.other, list(said.report_keys), said.by, said.reason, said.at,
            said.undoes, said.in_force_on, None, None)  # fmt: skip
