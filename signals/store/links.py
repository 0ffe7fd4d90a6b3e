"""The links of a day: where its reports went, and what the engine's merges of its end move from the next day on."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import duckdb
import pyarrow as pa

from signals.corrections import ENGINE
from signals.day import DayResult
from signals.linking.merging import Merge
from signals.store.corrections import save_merges
from signals.store.rows import put


def save_links(connection: duckdb.DuckDBPyConnection, result: DayResult, at: datetime) -> None:
    """Write the new issues, links, counts and matters of a day, and its merges; at: when the run finished."""
    day, tomorrow = result.day, date.fromordinal(result.day.toordinal() + 1)
    founders: dict[int, str] = {}
    for key, issue in zip(result.keys, result.issues.tolist(), strict=True):
        founders.setdefault(issue, key)
    put(connection, "issues", [(i, "", day, founders[i], None, None, None) for i in result.born])
    put(connection, "links", [
        (key, issue, day, None, near, ENGINE)
        for key, issue, near in zip(result.keys, result.issues.tolist(), result.similarities.tolist(), strict=True)
    ])  # fmt: skip
    put(connection, "report_days", [
        (key, day, place, voice, first, copy)
        for place, (key, voice, first, copy) in enumerate(
            zip(result.keys, result.is_voice.tolist(), result.is_first.tolist(), result.copies, strict=True)
        )
    ])  # fmt: skip
    put(connection, "report_matters", list(zip(
        result.keys, result.matters.tolist(), result.matter_voice.tolist(), result.matter_first.tolist(), strict=True,
    )))  # fmt: skip
    put(connection, "matters", [(matter, issues[0], day, list(issues)) for matter, issues in result.raised])
    gathered = {issue for _, issues in result.raised for issue in issues[1:]}
    save_merges(connection, result.merges, gathered, tomorrow, at)
    for steps in _at_once(result.merges):
        _move(connection, steps, tomorrow)


def _at_once(merges: Sequence[Merge]) -> Iterator[list[Merge]]:
    """Merges in their order, parted wherever one gives away what another of its portion has just been given."""
    steps, survivors = list[Merge](), set[int]()
    for step in merges:
        if step.absorbed in survivors:
            yield steps
            steps, survivors = [], set()
        steps.append(step)
        survivors.add(step.survivor)
    if steps:
        yield steps


def _move(connection: duckdb.DuckDBPyConnection, steps: Sequence[Merge], tomorrow: date) -> None:
    """Give the links and the numbers of absorbed issues to their survivors; none is given away that was just given."""
    table = pa.table({
        "absorbed": pa.array([step.absorbed for step in steps], pa.int64()),
        "survivor": pa.array([step.survivor for step in steps], pa.int64()),
        "similarity": pa.array([step.similarity for step in steps], pa.float64()),
    })  # fmt: skip
    connection.register("steps", table)
    connection.execute(
        f"UPDATE issues SET merged_into = survivor, merged_on = ?, merged_by = '{ENGINE}' FROM steps"
        " WHERE issue_id = absorbed",
        [tomorrow],
    )
    connection.execute(
        f"CREATE TEMP TABLE moved AS SELECT report_key, survivor, ? AS from_on, NULL::DATE AS until_on,"
        f" steps.similarity, '{ENGINE}' AS by FROM links JOIN steps ON issue_id = absorbed WHERE until_on IS NULL",
        [tomorrow],
    )
    connection.execute(
        "UPDATE links SET until_on = ? FROM steps WHERE issue_id = absorbed AND until_on IS NULL", [tomorrow]
    )
    connection.execute("INSERT INTO links SELECT * FROM moved")
    connection.execute("DROP TABLE moved")
    connection.unregister("steps")
