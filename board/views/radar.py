"""弱信号雷达: all shared issues by level and growth, with their stage; a click opens the issue."""

from dataclasses import dataclass

import streamlit as st

from board.answers import ask
from board.charts_radar import radar_chart
from board.drawing import draw
from board.exports import download
from board.leaving import radar_sheet
from board.linked import keep_linked, linked
from board.marks import SOURCES, join, notice, tag, text
from board.page import Page, open_page
from board.queries import run_days
from board.queries_radar import Radar, RadarIssue, radar
from board.radar_parts import counted_only, radar_table, stage_tiles
from board.sheet import show
from signals.clock import chinese_day
from signals.stages import GROWTH_SENTENCE

HOW_TO_READ = (
    "一个标记是一个议题，点开即到议题页；越大，近 120 天反映的人越多；同一位置的议题摊成一团。"
    "带圈的近 28 天预警过，细线的另一端是它 7 天前的位置。",
    GROWTH_SENTENCE,
    "筛选只决定画哪些议题；人数总按整个议题计。",
)
ROWS = 30
ORDERS = {"growth": "增长最快", "level": "人数最多", "risk": "风险最高"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader wants to see; "" is everything."""

    area: str
    source: str
    category: str
    with_silent: bool

    def keeps(self, issue: RadarIssue) -> bool:
        """Whether an issue is shown: it has a report of each thing chosen."""
        chosen = ((self.area, issue.areas), (self.source, issue.sources), (self.category, issue.categories))
        return (self.with_silent or not issue.is_silent) and all(not one or one in all_ for one, all_ in chosen)


def main() -> None:
    page = open_page("弱信号雷达", "每个共同问题有多少人在反映，是在变多还是在变少。")
    days = ask(page.settings, run_days)
    first, second, third, fourth = st.columns([5, 4, 6, 4])
    day = first.selectbox("截至", days, format_func=chinese_day, key=linked("radar", "day", days, days[0]))
    keep_linked(day=(day, days[0]))
    seen = ask(page.settings, radar, page.viewer, day)
    if not seen.issues:
        show(notice("还没有共同问题", "到这一天为止，没有两位以上不同的人反映过同一件事。"))
        return
    areas = ["", *(area.adcode for area in page.gazetteer.areas)]
    area = second.selectbox(
        "区县", areas, key=linked("radar", "area", areas, ""),
        format_func=lambda code: page.gazetteer.area_name(code) if code else "全部区县",
    )  # fmt: skip
    sources = ["", *SOURCES]
    source = str(third.segmented_control(
        "来源", sources, key=linked("radar", "source", sources, ""), required=True,
        format_func=lambda name: SOURCES.get(name, "全部"),
    ) or "")  # fmt: skip
    categories = ["", *sorted({category for issue in seen.issues for category in issue.categories})]
    category = fourth.selectbox("类别", categories, key=linked("radar", "category", categories, ""),
                                format_func=lambda name: name or "全部类别")  # fmt: skip
    silent = linked("radar", "silent", (False, True), False)
    with_silent = st.toggle("也画出近 28 天没有新的人的微弱议题", key=silent)
    keep_linked(area=(area, ""), source=(source, ""), category=(category, ""), silent=(with_silent, False))
    show_issues(page, seen, Choice(area, source, category, with_silent))


def show_issues(page: Page, seen: Radar, choice: Choice) -> None:
    """Stages in numbers, the picture, the table."""
    issues = tuple(issue for issue in seen.issues if choice.keeps(issue))
    n_silent = sum(issue.is_silent for issue in seen.issues)
    rest = counted_only(seen.n_withheld, seen.n_single, n_silent, with_silent=choice.with_silent)
    if not issues:
        show(notice("这样筛选没有议题", "换一个区县、来源或类别，或看全部。"))
        show(rest)
        return
    show(stage_tiles(issues))
    leads_on = page.viewer.may_open("issue")
    draw("radar", radar_chart, issues, seen, [page.places(issue.areas) for issue in issues], leads_on=leads_on)
    how = [sentence if leads_on else sentence.replace("，点开即到议题页", "") for sentence in HOW_TO_READ]
    show(tag("div", join(tag("p", text(sentence)) for sentence in how), "jw-muted"))
    show(rest)
    show_table(page, issues)


def show_table(page: Page, issues: tuple[RadarIssue, ...]) -> None:
    """The same issues in lines, the first ROWS of them."""
    show(tag("h2", text(f"议题 {len(issues)} 个" + (f"，列出前 {ROWS} 个" if len(issues) > ROWS else ""))))
    orders = list(ORDERS)
    order = st.segmented_control("排序", orders, key=linked("radar", "order", orders, "growth"), required=True,
                                 format_func=lambda name: ORDERS[name])  # fmt: skip
    keep_linked(order=(order, "growth"))
    if order == "level":
        issues = tuple(sorted(issues, key=lambda issue: -issue.now.n_level))
    elif order == "risk":
        issues = tuple(sorted(issues, key=lambda issue: (-(issue.risk or 0.0), -(issue.risk_points or 0.0))))
    listed = issues[:ROWS]
    leads_on = page.viewer.may_open("issue")
    show(radar_table(listed, lambda issue: page.places(issue.areas), leads_on=leads_on))
    k = page.settings.min_cell
    download(page, "弱信号雷达", lambda: (radar_sheet(listed, lambda issue: page.places(issue.areas), k=k),))


main()
