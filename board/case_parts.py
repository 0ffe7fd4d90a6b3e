"""The loop of an issue as people see and move it: the strip of five, the history, and a form for each next step."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import streamlit as st

from board.acting import act
from board.marks import Html, day_text, join, moment_text, table, tag, text, wide
from board.page import Page
from board.sheet import show
from signals.accounts import ROLE_NAMES
from signals.clock import LOCAL
from signals.handling import DISMISSALS, FIVE, STEP_NAMES, Case, Step, may_follow
from signals.records import Handling
from signals.store.handling import record_step

BUTTONS = {
    Step.REPORTED: "确认并报告", Step.OWNED: "交办", Step.HANDLED: "登记处置结果", Step.VERIFIED: "核查验收",
    Step.REOPENED: "重新打开", Step.DISMISSED: "不立为预警", Step.UNDONE: "撤回上一步",
}  # fmt: skip
ASKS = {
    Step.REPORTED: "向谁报告、怎样报告的（可不填）", Step.OWNED: "交办要求（可不填）", Step.HANDLED: "做了什么",
    Step.VERIFIED: "谁、怎样核查的，结果如何", Step.REOPENED: "为什么重新打开", Step.DISMISSED: "说明（可不填）",
    Step.UNDONE: "为什么撤回（可不填）",
}  # fmt: skip
DONE = {
    Step.REPORTED: "已确认并报告", Step.OWNED: "已交办", Step.HANDLED: "处置结果已登记",
    Step.VERIFIED: "已核查验收，办结", Step.REOPENED: "已重新打开", Step.DISMISSED: "不立为预警，已记下原因",
    Step.UNDONE: "已撤回上一步",
}  # fmt: skip
DECIDED = (Step.REPORTED, Step.DISMISSED)  # by whoever may decide on alerts; all other steps by whoever may handle
DAYS_TO_HANDLE = 7  # proposed where the case has no deadline ahead
MOST_CHARACTERS = 300


def loop_strip(case: Case | None, steps: Sequence[Handling]) -> Html:
    """The five of the loop (五有): which are done, when and by whom, which are open."""
    done = case.done if case else ()
    newest = {step.step: step for step in steps}
    parts = []
    for name in FIVE:
        if name in done:
            step = newest.get(name)
            who = _who(step) if step else ""
            parts.append(tag("li", tag("b", text(f"✓ {STEP_NAMES[name]}")) + tag("span", text(who)), "jw-done"))
        else:
            parts.append(tag("li", tag("b", text(STEP_NAMES[name])) + tag("span", "待办"), "jw-open"))
    return tag("ol", join(parts), "jw-loop")


def _who(step: Handling) -> str:
    """By whom and when; an alert is of its day."""
    by = step.unit if step.step == Step.OWNED else step.role
    return f"{by} {day_text(step.at.astimezone(LOCAL).date()) if step.step == Step.FOUND else moment_text(step.at)}"


def history_table(steps: Sequence[Handling], *, with_notes: bool) -> Html:
    """All steps ever written down, the newest first. Audit before notes are shown."""
    rows = [
        (
            text(moment_text(step.at)), text(STEP_NAMES[Step(step.step)]), text(step.role), text(step.unit),
            text(moment_text(step.due_at) if step.due_at else ""), wide(text(step.note if with_notes else "")),
        )
        for step in reversed(steps)
    ]  # fmt: skip
    return table(("时间", "步骤", "岗位", "单位", "期限", "说明"), rows)


def case_buttons(page: Page, issue_id: int, case: Case) -> None:
    """A button for each next step that the account may take; what it needs is asked for in a small form."""
    say_overtaken(issue_id, case)
    with st.container(horizontal=True, gap="small"):
        for step in _open_to(page, case):
            with st.popover(BUTTONS[step], key=f"open-{issue_id}-{step}"):
                _form(page, issue_id, case, step)


def case_button(page: Page, issue_id: int, case: Case) -> None:
    """One button for all next steps, where there is little room: the step is chosen first."""
    say_overtaken(issue_id, case)
    follow = _open_to(page, case)
    if not follow:
        return
    with st.popover("下一步", key=f"next-{issue_id}"):
        step = st.segmented_control(
            "步骤", follow, default=follow[0], required=True, format_func=BUTTONS.__getitem__,
            key=f"step-{issue_id}", label_visibility="collapsed",
        )  # fmt: skip
        _form(page, issue_id, case, step or follow[0])


def _open_to(page: Page, case: Case) -> list[Step]:
    return [step for step in may_follow(case) if page.viewer.may_do(_permission(step))]


def _permission(step: Step) -> str:
    return "decide" if step in DECIDED else "handle"


def _form(page: Page, issue_id: int, case: Case, step: Step) -> None:
    with st.form(f"form-{issue_id}-{step}", border=False):
        reason = st.radio("原因", DISMISSALS, key=f"reason-{issue_id}") if step is Step.DISMISSED else ""
        unit, due_at = _handed_to(issue_id, case) if step is Step.OWNED else ("", None)
        note = st.text_area(ASKS[step], key=f"note-{issue_id}-{step}", max_chars=MOST_CHARACTERS, height=90)
        is_sent = st.form_submit_button(BUTTONS[step], type="primary", key=_sent(issue_id, step))
    if is_sent:
        said = f"{reason}：{note}" if reason and note.strip() else reason or note
        taken = Handling(issue_id, step, datetime.now(LOCAL), ROLE_NAMES[page.viewer.role], said, unit, due_at)
        act(page, _permission(step), f"handle_{step}", f"issue:{issue_id}",
            lambda con: record_step(con, taken), DONE[step])  # fmt: skip


def say_overtaken(issue_id: int, case: Case) -> None:
    """Tell somebody whose step came too late: the page stood open while another person went on."""
    late = [step for step in BUTTONS if step not in may_follow(case) and st.session_state.get(_sent(issue_id, step))]
    for step in late:
        now = f"现在是“{STEP_NAMES[case.place]}”，不能记“{STEP_NAMES[step]}”"
        show(tag("p", text(f"没有记录：{now}。别人已经先办了一步，请看处置经过。"), "jw-warning"))


def _sent(issue_id: int, step: Step) -> str:
    return f"send-{issue_id}-{step}"


def _handed_to(issue_id: int, case: Case) -> tuple[str, datetime]:
    """The unit and its deadline, proposed from the case."""
    now = datetime.now(LOCAL)
    due_at = case.due_at if case.due_at and case.due_at > now else now + timedelta(days=DAYS_TO_HANDLE)
    proposed = "" if case.unit == "待定" else case.unit
    unit = st.text_input("交给哪个单位", value=proposed, key=f"unit-{issue_id}", max_chars=40)
    day = st.date_input("办理期限", value=due_at.astimezone(LOCAL).date(), key=f"due-{issue_id}", format="YYYY-MM-DD")
    return unit, datetime.combine(day, time(18), LOCAL)
