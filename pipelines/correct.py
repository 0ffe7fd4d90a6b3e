"""`jianwei correct`: say that issues are one, or are not, or that a report belongs elsewhere; take it back; list all.

The engine is imported only when a correction is made. No text of a report is printed, or needed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.options import Folder, Warehouse, load

if TYPE_CHECKING:
    import duckdb

    from signals.corrections import Correction
    from signals.settings import Settings
    from signals.store.recording import Said

correct_app = typer.Typer(help="更正归并：合并、拆分、移动、撤销，下一个要运行的日子起生效。", no_args_is_help=True)

By = Annotated[str, typer.Option("--by", help="更正人的岗位或账号。")]
Reason = Annotated[str, typer.Option("--reason", help="为什么更正，一句话；先脱敏再保存。")]
Reports = Annotated[list[str], typer.Argument(help="诉求：来源和编号，如 hotline:H1；用 list --issue 查看。")]
Issue = Annotated[int, typer.Argument(help="议题的编号。")]


@correct_app.command("merge")
def correct_merge(
    issue: Issue,
    other: Annotated[int, typer.Argument(help="另一个议题的编号。")],
    by: By,
    reason: Reason,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """把两个议题合并为一个；较早的编号保留。"""
    from signals.store.recording import record_merge

    _record(load(warehouse, folder), by, reason, lambda con, said: record_merge(con, issue, other, said))


@correct_app.command("split")
def correct_split(
    issue: Issue, reports: Reports, by: By, reason: Reason, warehouse: Warehouse = None, folder: Folder = None
) -> None:
    """把议题里的几条诉求拆出来，成为一个新编号的议题。"""
    from signals.store.recording import record_split

    _record(load(warehouse, folder), by, reason, lambda con, said: record_split(con, issue, reports, said))


@correct_app.command("move")
def correct_move(
    issue: Issue,
    other: Annotated[int, typer.Argument(help="移到的议题的编号。")],
    reports: Reports,
    by: By,
    reason: Reason,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """把议题里的几条诉求移到另一个已有的议题。"""
    from signals.store.recording import record_move

    _record(load(warehouse, folder), by, reason, lambda con, said: record_move(con, issue, other, reports, said))


@correct_app.command("undo")
def correct_undo(
    number: Annotated[int, typer.Argument(help="更正的编号，引擎的归并也有编号；用 list 查看。")],
    by: By,
    reason: Reason,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """撤销一次更正或引擎的一次归并；还没有生效的直接撤回。"""
    from signals.store.recording import record_undo

    _record(load(warehouse, folder), by, reason, lambda con, said: record_undo(con, number, said))


@correct_app.command("list")
def correct_list(
    issue: Annotated[int | None, typer.Option("--issue", help="只看这个议题，并列出它现有的诉求编号。")] = None,
    limit: Annotated[int, typer.Option(min=1, help="最多显示多少次更正。")] = 50,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """列出更正和引擎的归并，新的在前；不显示诉求内容。"""
    from signals.corrections import in_words
    from signals.store.corrections import find_corrections, undone_by, waiting_corrections
    from signals.store.warehouse import reading

    settings = load(warehouse, folder)
    with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as con:
        where, about = "(? IS NULL OR ? IN (c.issue_id, c.other_id))", [issue, issue]
        found = find_corrections(con, f"{where} ORDER BY c.correction_id DESC LIMIT ?", [*about, limit])
        undone, waiting = undone_by(con), waiting_corrections(con)
        keys = _reports_of(con, issue) if issue is not None else []
    for said in found:
        state = _state(said, undone.get(said.number), is_waiting=said in waiting)
        print(f"{said.number}  {in_words(said)}  {said.by}  {said.at:%Y-%m-%d %H:%M}  {state}  理由：{said.reason}")
    print(f"显示 {len(found)} 次更正。")
    if issue is not None:
        print(f"议题 {issue} 现有 {len(keys)} 条诉求：{' '.join(keys) or '无'}")


def _record(
    settings: Settings, by: str, reason: str, record: Callable[[duckdb.DuckDBPyConnection, Said], Correction]
) -> None:
    """Record a correction with its audit line: both are kept, or neither, but for a line about one that was lost."""
    from pipelines.auditing import note
    from signals.clock import LOCAL
    from signals.corrections import in_words
    from signals.store.corrections import waiting_corrections
    from signals.store.memories import last_run_day
    from signals.store.recording import say
    from signals.store.warehouse import changing

    said = say(by, reason, datetime.now(LOCAL))
    with changing(settings.warehouse_path, wait_seconds=settings.wait_seconds) as con:
        new = record(con, said)
        is_waiting = any(waits.number == new.number for waits in waiting_corrections(con))
        last = last_run_day(con)
        note(settings, "correct", f"correction:{new.number}", len(new.report_keys), by=said.by)
    since = f"从 {last + timedelta(days=1)}" if last else "从第一个要运行的日子"
    effect = f"{since} 起生效。" if is_waiting else "它不会再生效。"
    print(f"第 {new.number} 号更正已记录：{in_words(new)}。{effect}")


def _state(said: Correction, undone: int | None, *, is_waiting: bool) -> str:
    if said.in_force_on is None:
        return "待生效" if is_waiting else f"由第 {undone} 号撤回" if undone else "撤回"
    return f"{said.in_force_on} 起生效" + (f"，由第 {undone} 号撤销" if undone else "")


def _reports_of(con: duckdb.DuckDBPyConnection, issue: int) -> list[str]:
    rows = con.execute(
        "SELECT report_key FROM links WHERE issue_id = ? AND until_on IS NULL ORDER BY from_on, report_key", [issue]
    ).fetchall()
    return [key for (key,) in rows]
