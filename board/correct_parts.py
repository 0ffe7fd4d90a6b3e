"""Correcting the engine on the page of an issue: two are one, reports do not belong here, that is taken back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import duckdb
import streamlit as st

from board.acting import act
from board.answers import ask
from board.marks import Html, moment_text, table, tag, text, wide
from board.page import Page
from board.queries import Connection
from board.queries_issue import OpenReport, issue_choices
from board.sheet import show
from signals.clock import LOCAL
from signals.corrections import ENGINE, Correction, CorrectionKind, in_words
from signals.store.corrections import find_corrections, undone_by
from signals.store.recording import Said, record_merge, record_move, record_split, record_undo, say

MOST_REASON = 200
SHOWN_TITLE = 30
LATER = "下一个要运行的日子起生效；编号不会改变，随时可以撤销。"


def show_corrections(page: Page, issue_id: int, reports: Sequence[OpenReport]) -> None:
    """The forms that correct an issue, and what was corrected so far."""
    if not page.viewer.may_do("correct"):
        return
    show(tag("h2", "更正归并"))
    show(tag("p", text(LATER), "jw-muted"))
    with st.container(horizontal=True, gap="small"):
        with st.popover("与另一个议题是同一件事", key="open-merge"):
            _merge_form(page, issue_id)
        with st.popover("有诉求不属于这里", key="open-split"):
            _part_form(page, issue_id, reports)
    found, undone = ask(page.settings, corrections_of, issue_id)
    if found:
        show(table(("号", "更正", "岗位", "时间", "状态", "理由"), [_row(said, undone) for said in found]))
        open_ones = [said for said in found if said.number not in undone and said.kind is not CorrectionKind.UNDO]
        if open_ones:
            with st.popover("撤销一次更正", key="open-undo"):
                _undo_form(page, issue_id, open_ones)


def corrections_of(con: Connection, issue_id: int) -> tuple[tuple[Correction, ...], dict[int, int]]:
    """Corrections about an issue, the newest first; and by number the one that took it back."""
    about = "? IN (c.issue_id, c.other_id) ORDER BY c.correction_id DESC LIMIT 20"
    return tuple(find_corrections(con, about, [issue_id])), undone_by(con)


def _merge_form(page: Page, issue_id: int) -> None:
    names = _others(page, issue_id)
    with st.form("form-merge", border=False):
        other = st.selectbox(
            "另一个议题（可输入文字查找）", list(names), index=None, placeholder="请选择", key="merge-other",
            format_func=lambda number: f"{names[number]}（议题 {number}）",
        )  # fmt: skip
        reason = _reason("merge")
        is_sent = st.form_submit_button("合并", type="primary")
    if is_sent and other is None:
        show(tag("p", "请先选择另一个议题。", "jw-warning"))
    elif is_sent and other is not None:
        _correct(page, issue_id, reason, lambda con, said: record_merge(con, issue_id, other, said), "合并已记录")


def _part_form(page: Page, issue_id: int, reports: Sequence[OpenReport]) -> None:
    labels = {each.report_key: f"{moment_text(each.received_at)} {each.title[:SHOWN_TITLE]}" for each in reports}
    names = _others(page, issue_id)
    with st.form("form-part", border=False):
        keys = st.multiselect(
            "哪些诉求", list(labels), format_func=labels.__getitem__, placeholder="请选择", key="part-keys"
        )
        to = st.selectbox(
            "移到", [0, *names], key="part-to",
            format_func=lambda number: f"{names[number]}（议题 {number}）" if number else "单独成为一个新议题",
        )  # fmt: skip
        reason = _reason("part")
        is_sent = st.form_submit_button("移出", type="primary")
    if not is_sent:
        return

    def record(con: duckdb.DuckDBPyConnection, said: Said) -> Correction:
        return record_move(con, issue_id, to, keys, said) if to else record_split(con, issue_id, keys, said)

    _correct(page, issue_id, reason, record, "移出已记录")


def _undo_form(page: Page, issue_id: int, found: Sequence[Correction]) -> None:
    names = {said.number: f"第 {said.number} 号：{in_words(said)}" for said in found}
    with st.form("form-undo", border=False):
        number = st.selectbox("哪一次", list(names), format_func=names.__getitem__, key="undo-number")
        reason = _reason("undo")
        is_sent = st.form_submit_button("撤销", type="primary")
    if is_sent:
        _correct(page, issue_id, reason, lambda con, said: record_undo(con, number, said), "撤销已记录")


def _others(page: Page, issue_id: int) -> dict[int, str]:
    """Names of all issues but this one, by number."""
    choices = ask(page.settings, issue_choices, page.viewer)
    return {choice.issue_id: choice.name for choice in choices if choice.issue_id != issue_id}


def _reason(form: str) -> str:
    return st.text_input("为什么（必填，先脱敏再保存）", key=f"reason-{form}", max_chars=MOST_REASON)


def _correct(
    page: Page, issue_id: int, reason: str, record: Callable[[duckdb.DuckDBPyConnection, Said], Correction], done: str
) -> None:
    """Record with who and why; what cannot be carried out is refused in one sentence."""
    at = datetime.now(LOCAL)
    subject = f"issue:{issue_id}"
    act(page, "correct", "correct", subject, lambda con: record(con, say(page.account, reason, at)), f"{done}，{LATER}")


def _row(said: Correction, undone: Mapping[int, int]) -> tuple[Html, ...]:
    state = f"{said.in_force_on} 起生效" if said.in_force_on else "待生效"
    if said.number in undone:
        state = f"由第 {undone[said.number]} 号撤销"
    when = text(moment_text(said.at))
    who = text("引擎" if said.by == ENGINE else said.by)
    return text(said.number), text(in_words(said)), who, when, text(state), wide(text(said.reason))
