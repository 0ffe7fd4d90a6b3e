"""The links of a day: where its reports went, and what the engine's merges of its end move from the next day on."""

from datetime import date, datetime

import duckdb

from signals.corrections import ENGINE
from signals.day import DayResult
from signals.store.corrections import save_merges
from signals.store.inserting import put


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
    for step in result.merges:
        connection.execute(
            f"UPDATE issues SET merged_into = ?, merged_on = ?, merged_by = '{ENGINE}' WHERE issue_id = ?",
            [step.survivor, tomorrow, step.absorbed],
        )
        moved = f"SELECT report_key, ?, ?, NULL, ?, '{ENGINE}' FROM links WHERE issue_id = ? AND until_on IS NULL"
        connection.execute(
            f"INSERT INTO links {moved}",
            [step.survivor, tomorrow, step.similarity, step.absorbed],
        )
        connection.execute(
            "UPDATE links SET until_on = ? WHERE issue_id = ? AND until_on IS NULL", [tomorrow, step.absorbed]
        )
