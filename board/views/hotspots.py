"""热点图: distinct complainants by district and town on a tile map, small numbers hidden."""

import streamlit as st

from board.answers import ask
from board.charts_map import district_map, legend, town_map
from board.marks import SOURCES, day_text, notice, strip, tag, text, tile
from board.page import open_page
from board.queries_map import Subject, cell_counts, map_day, map_subjects
from board.sheet import show
from board.tiles import tile_map

PERIODS = (7, 28, 90)
KINDS = {"all": "全部", "theme": "主题", "issue": "议题"}


def main() -> None:
    page = open_page("热点图", "同一时段里，有多少不同的人在各区县、各镇街反映。")
    day = ask(page.settings, map_day)
    if day is None:
        show(notice("还没有热点图", "计算至少一天之后，这里会有各区县的格子。"))
        return
    subject = pick_subject(ask(page.settings, map_subjects, page.viewer, day))
    left, right = st.columns(2)
    source = left.segmented_control(
        "来源", ["", *SOURCES], default="", key="source", required=True,
        format_func=lambda s: SOURCES.get(s, "全部来源"),
    )  # fmt: skip
    days = right.segmented_control(
        "时段", PERIODS, default=28, key="period", required=True, format_func=lambda n: f"近 {n} 天"
    )
    counts = ask(page.settings, cell_counts, day, days, subject.kind, subject.subject_id)
    k = page.settings.min_cell
    seen = tile_map(page.gazetteer, counts, source or "", k=k)
    n_tiles = len(seen.areas) + len(seen.towns)
    show(strip((
        tile("统计对象", subject.name, f"截至 {day_text(day)}，近 {days} 天"),
        tile("全市反映人", f"{seen.city} 人" if seen.city != "隐" else "隐", "整段时间、整座城市去重"),
        tile("隐去的格子", f"{seen.n_hidden} / {n_tiles}", f"不足 {k} 人，或为免被推算"),
    )))  # fmt: skip
    show(tag("h2", "区县"))
    show(legend(seen.areas, k=k))
    st.altair_chart(district_map(seen.areas, k=k), theme=None, width="stretch", key="districts")
    show(tag("h2", "镇街"))
    if seen.towns:
        show(legend(seen.towns, k=k))
        st.altair_chart(town_map(seen.towns, k=k), theme=None, width="stretch", key="towns")
    else:
        show(tag("p", "分来源只显示到区县：再细分，多数格子都要隐去。选“全部来源”可看镇街。", "jw-muted"))
    show(tag("p", text("格子的位置只表示大致方位，大小不表示面积。各格按整格整段去重，不能相加。"), "jw-muted"))


def pick_subject(subjects: tuple[Subject, ...]) -> Subject:
    """What the map is about, chosen in one or two steps."""
    left, right = st.columns([1, 2])
    kinds = [kind for kind in KINDS if any(subject.kind == kind for subject in subjects)]
    kind = left.segmented_control(
        "统计对象", kinds, default="all", key="kind", required=True, format_func=lambda name: KINDS[name]
    )
    of_kind = [subject for subject in subjects if subject.kind == kind]
    if kind == "all":
        return of_kind[0]
    return right.selectbox(f"选择{KINDS[str(kind)]}", of_kind, format_func=lambda s: s.name, key=f"subject_{kind}")


main()
