"""议题: one issue with its days, its risk points and what lowers them, and its open reports."""

import streamlit as st

from board.answers import ask
from board.cards import why
from board.case_parts import case_buttons, history_table, loop_strip
from board.charts import factor_bars
from board.charts_map import zone_map
from board.correct_parts import show_corrections
from board.drawing import draw
from board.issue_parts import choice_text, how_told, issue_tiles, remedies, report_table, three_quotes
from board.issue_pictures import show_days, show_districts
from board.marks import day_text, notice, tag, text
from board.page import NO_AUDIT, Page, open_page
from board.painting import zone_legend
from board.queries_handling import issue_loop
from board.queries_issue import (
    IssueState,
    issue_choices,
    issue_state,
    kept_by_season,
    newest_alert,
    open_reports,
    surviving_issue,
)
from board.sheet import show
from board.tiles import zone_tiles
from signals.likelihood import risk_said


def main() -> None:
    page = open_page("议题", "同一件事、同一个地方的诉求合在一起看。")
    choices = {choice.issue_id: choice for choice in ask(page.settings, issue_choices, page.viewer)}
    if not choices:
        show(notice("还没有议题", "导入并计算至少一天之后，这里会列出议题。"))
        return
    asked = wanted(page)
    options = list(choices)
    if asked is not None and asked not in choices:
        options.insert(0, asked)
    if asked is not None and st.session_state.get("issue_from_link") != asked:
        st.session_state["issue_from_link"] = asked
        st.session_state["issue"] = asked
    picked = st.selectbox(
        "选择或输入文字查找议题", options, key="issue", format_func=lambda i: choice_text(i, choices.get(i))
    )
    st.session_state["issue_from_link"], st.query_params["issue"] = picked, str(picked)
    state = ask(page.settings, issue_state, page.viewer, picked)
    if state is None:
        show(notice("这个议题还没有算过", "请先运行 jianwei run 计算当天。"))
        return
    show_issue(page, state)


def wanted(page: Page) -> int | None:
    """The issue that the address asks for (?issue=ID), after merges; None without one."""
    asked = st.query_params.get("issue", "")
    if not asked:
        return None
    is_number = asked.isdecimal() and len(asked) < 10
    issue_id = ask(page.settings, surviving_issue, page.viewer, int(asked)) if is_number else None
    if issue_id is None:
        show(tag("p", text(f"没有可以打开的议题 {asked[:12]}，下面是最近的议题。"), "jw-warning"))
    elif str(issue_id) != asked:
        show(tag("p", text(f"议题 {asked} 已并入议题 {issue_id}。"), "jw-muted"))
    return issue_id


def show_issue(page: Page, state: IssueState) -> None:
    """Everything about one issue: figures, pictures, then text."""
    show(issue_tiles(state, page.places(state.areas, state.towns)))
    show_loop(page, state.issue_id)
    show_alert(page, state)
    if state.elsewhere:
        show(tag("p", text(state.elsewhere), "jw-muted"))
    show_days(page, state)
    show_districts(page, state)
    show_risk(state)
    show_reports(page, state)


def show_risk(state: IssueState) -> None:
    """The chance or the points, the points by factor, and what lowers them; outside the centre the remedies alone."""
    if state.risk_points is None:
        show(tag("h2", "怎样降低矛盾风险"))
        show(remedies(state.factors))
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        show(tag("h2", text(f"矛盾风险 {risk_said(state.risk_points, state.risk)}")))
        show(tag("p", text(how_told(state.risk_points, state.risk)), "jw-muted"))
        if state.factors:
            draw("factors", factor_bars, state.factors)
        else:
            show(tag("p", "没有使风险升高或降低的因素。", "jw-muted"))
    with right:
        show(tag("h2", "怎样降低"))
        show(remedies(state.factors))


def show_loop(page: Page, issue_id: int) -> None:
    """Where the closed loop stands, and what may come next."""
    case, steps = ask(page.settings, issue_loop, page.viewer, issue_id)
    show(loop_strip(case, steps))
    if case is None:
        show(tag("p", "还没有预警，没有待办的处置。", "jw-muted"))
        return
    case_buttons(page, issue_id, case)
    may = page.may_show("view_handling", f"issue:{issue_id}", sum(bool(step.note) for step in steps))
    with st.expander(f"处置经过（{len(steps)} 步）"):
        show(history_table(steps, with_notes=may))


def show_alert(page: Page, state: IssueState) -> None:
    """Why it was none for its season, why it was last an alert, and the map of towns with the zone of its people."""
    if not page.viewer.is_centre:
        return
    if kept := ask(page.settings, kept_by_season, page.viewer, state.issue_id):
        show(tag("h2", text(f"为什么没有预警（{day_text(kept.day)}）")))
        show(why(kept.reasons, kept.recurrence_days))
    alert = ask(page.settings, newest_alert, page.viewer, state.issue_id)
    if alert is None:
        return
    show(tag("h2", text(f"为什么预警（{day_text(alert.day)}）")))
    show(why(alert.reasons, alert.recurrence_days))
    tiles = zone_tiles(page.gazetteer, alert.zone) if alert.zone else ()
    if any(tile.belongs for tile in tiles):
        show(tag("h2", text(f"热区（截至 {day_text(alert.day)}）")))
        show(zone_legend(tiles))
        draw("zone", zone_map, tiles)
        show(tag("p", text("热区是超出当地平常份额的地方，人数见上面的理由；格子只表示大致方位。"), "jw-muted"))


def show_reports(page: Page, state: IssueState) -> None:
    """Open reports as a table, after their audit line; the others as a number."""
    reports = ask(page.settings, open_reports, page.viewer, state.issue_id)
    show(tag("h2", text(f"相关诉求（可阅 {len(reports)} 件，均已脱敏）")))
    if state.n_closed:
        show(tag("p", text(f"另有 {state.n_closed} 件敏感或涉办事机构的诉求，只计数，不在此显示。"), "jw-muted"))
    if page.may_show("view_reports", f"issue:{state.issue_id}", len(reports)):
        places = [page.places((report.area,), (report.town,)) for report in reports]
        show(three_quotes(reports, places))
        show(report_table(reports, places))
        show_corrections(page, state.issue_id, reports)
    else:
        show(tag("p", f"{NO_AUDIT}。", "jw-muted"))


main()
