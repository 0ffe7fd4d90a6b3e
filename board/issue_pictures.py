"""The pictures of the page of one issue: its days by source, what would be usual, and where its people are."""

from datetime import timedelta

import streamlit as st

from board.answers import ask
from board.charts import daily_bars, usual_band
from board.charts_map import SMALL, tile_chart
from board.drawing import draw
from board.marks import Html, day_text, tag, text
from board.page import Page
from board.painting import paint_people, people_legend
from board.queries_issue import IssueState, issue_timeline
from board.queries_map import is_mapped, map_day, map_people
from board.queries_usual import usual_days
from board.sheet import show
from board.tiles import published_cells, tile_map
from signals.usual import USUAL_WINDOW_DAYS

SHOWN_DAYS = 42  # at least
MAP_DAYS = 90


def show_days(page: Page, state: IssueState) -> None:
    """Reports a day by source, and below them, to the centre, the new people of two weeks over their usual range."""
    days = ask(page.settings, issue_timeline, page.viewer, state.issue_id)
    last = max(state.day, state.last_on)
    first = min(*(row.day for row in days), last - timedelta(days=SHOWN_DAYS - 1))
    show(tag("h2", "每日诉求（件，按来源）"))
    draw("days", daily_bars, days, first=first, last=last, alert_days=state.alert_days)
    if not page.viewer.is_centre:
        return
    usual = ask(page.settings, usual_days, page.viewer, state.issue_id, first, page.settings.detector)
    show(tag("h2", text(f"与平常相比（{USUAL_WINDOW_DAYS} 天内新增的反映人）")))
    if not usual:
        show(tag("p", "第二位反映人出现以前，还没有可比的平常水平。", "jw-muted"))
        return
    show(usual_legend())
    draw("usual", usual_band, usual, first=first, last=last, alert_days=state.alert_days)


def usual_legend() -> Html:
    """What the line and the band are."""
    line = tag("span", tag("i", "", "jw-line") + text(f"到当天为止 {USUAL_WINDOW_DAYS} 天里新增的反映人（去重）"))
    said = "平常范围：按当天已知的以往频率，没有新情况时，十次至少九次落在带内"
    return tag("div", line + tag("span", tag("i", "", "jw-usual") + text(said)), "jw-legend")


def show_districts(page: Page, state: IssueState) -> None:
    """Distinct people by district on the tiles of 热点图, where an issue may be mapped and the small cells let it.

    To the centre alone: who knows the number of one district exactly could have others by subtraction.
    """
    day = ask(page.settings, map_day)
    if day is None or not page.viewer.is_centre:
        return
    show(tag("h2", text(f"哪里的人在反映（截至 {day_text(day)}，近 {MAP_DAYS} 天）")))
    if not ask(page.settings, is_mapped, state.issue_id):
        show(tag("p", "含有敏感或涉办事机构的诉求，不上地图。", "jw-muted"))
        return
    k = page.settings.min_cell
    cells = published_cells(page.gazetteer)
    shown = ask(page.settings, map_people, day, MAP_DAYS, "issue", str(state.issue_id), cells, k=k)
    areas = tile_map(page.gazetteer, shown, "").areas
    if all(area.shown.is_hidden for area in areas):
        show(tag("p", text(f"各区县都不足 {k} 位不同的反映人，不画地图。"), "jw-muted"))
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        draw("issue_map", tile_chart, paint_people(areas, k=k), SMALL)
    with right:
        show(people_legend(areas, k=k))
        show(tag("p", "格子只表示大致方位。各格整段去重，不能相加。镇街见热点图。", "jw-muted"))
