"""热点图: by district and town, how many different people report, which issues are most urgent, where people gather."""

from datetime import date

import streamlit as st

from board.answers import ask
from board.charts_map import DISTRICTS, TOWNS, ZONES
from board.charts_themes import change_lines
from board.drawing import draw
from board.exports import download
from board.hiding import FEW_AND_PARTNER, Change
from board.leaving import change_sheet
from board.linked import keep_linked, linked
from board.map_parts import draw_map, people_sheet, risk_sheet, site_shapes, zone_name, zone_sheet, zone_table
from board.marks import LEVELS, SOURCES, day_text, notice, strip, tag, text, tile
from board.page import Page, open_page, scope_sentence
from board.painting import paint_people, paint_risk, paint_zones, people_legend, risk_legend, zone_legend
from board.queries_map import Subject, day_before, map_day, map_people, map_subjects
from board.queries_where import place_risks, zone_alerts
from board.sheet import show
from board.tiles import TileMap, area_spots, published_cells, risen, tile_map, town_spots, zone_tiles
from signals.stages import LEVEL_DAYS
from signals.suppression import WATCHED_DAYS

PERIODS = (7, 28, 90)
KINDS = {"all": "全部", "theme": "主题", "category": "类别", "issue": "议题", "risk": "风险", "zone": "热区"}
NOT_TO_SCALE = "格子的位置只表示大致方位，大小不表示面积。"


def main() -> None:
    purpose = "同一时段里，有多少不同的人在各区县、各镇街反映；哪里的议题最急，人聚在哪里。"
    page = open_page("热点图", purpose, of_city=True)
    day = ask(page.settings, map_day)
    if day is None:
        show(notice("还没有热点图", "计算至少一天之后，这里会有各区县的格子。"))
        return
    subjects = ask(page.settings, map_subjects, page.viewer, day)
    left, right = st.columns([5, 4])
    kinds = [kind for kind in KINDS if kind in ("risk", "zone") or any(one.kind == kind for one in subjects)]
    kind = str(left.segmented_control(
        "图上画", kinds, key=linked("hotspots", "kind", kinds, "all"), required=True, format_func=lambda one: KINDS[one]
    ) or "all")  # fmt: skip
    keep_linked(kind=(kind, "all"))
    with right:
        if kind == "risk":
            own = scope_sentence(page.viewer, page.gazetteer)
            show(tag("p", text(f"按在办的预警着色；数的是议题，不是人。{own}"), "jw-muted"))
        elif kind != "zone":
            subject = pick_subject([one for one in subjects if one.kind == kind])
    if kind == "risk":
        show_risk(page)
    elif kind == "zone":
        show_zones(page)
    else:
        show_people(page, day, subject)


def pick_subject(subjects: list[Subject]) -> Subject:
    """What the map is about; each kind has its own place in the address."""
    kind, by_key = subjects[0].kind, {one.key: one for one in subjects}
    if kind == "all":
        return subjects[0]
    keys = list(by_key)
    key = st.selectbox(f"选择{KINDS[kind]}", keys, key=linked("hotspots", kind, keys, keys[0]),
                       format_func=lambda one: by_key[one].name)  # fmt: skip
    keep_linked(**{kind: (key, keys[0])})
    return by_key[key]


def show_people(page: Page, day: date, subject: Subject) -> None:
    """Distinct complainants of a subject, source and period."""
    left, right = st.columns([5, 4])
    sources = ["", *SOURCES]
    source = str(left.segmented_control(
        "来源", sources, key=linked("hotspots", "source", sources, ""), required=True,
        format_func=lambda one: SOURCES.get(one, "全部来源"),
    ) or "")  # fmt: skip
    days = right.segmented_control("时段", PERIODS, key=linked("hotspots", "days", PERIODS, 28), required=True,
                                   format_func=lambda n: f"近 {n} 天") or 28  # fmt: skip
    keep_linked(source=(source, ""), days=(days, 28))
    k, seen = page.settings.min_cell, people(page, day, days, subject, source)
    n_hidden = sum(one.shown.is_hidden for one in seen.tiles)
    show(strip((
        tile("统计对象", subject.name, f"截至 {day_text(day)}，近 {days} 天"),
        tile("全市反映人", seen.city.people, "整段时间、整座城市去重"),
        tile("隐去的格子", f"{n_hidden} / {len(seen.tiles)}", f"不足 {k} 人，或为免被推算"),
    )))  # fmt: skip
    shapes = site_shapes(page)
    show(tag("h2", "区县"))
    show(people_legend(seen.areas, k=k))
    draw_map(paint_people(seen.areas, k=k), shapes, DISTRICTS, "districts")
    show(tag("h2", "镇街"))
    if seen.towns:
        show(people_legend(seen.towns, k=k))
        draw_map(paint_people(seen.towns, k=k), shapes, TOWNS, "towns")
    else:
        show(tag("p", "分来源只显示到区县：再细分，多数格子都要隐去。选“全部来源”可看镇街。", "jw-muted"))
    rises = show_risen(page, day, days, source, seen) if subject.kind == "all" else ()
    show(tag("p", text(f"{NOT_TO_SCALE}各格按整格整段去重，不能相加。{FEW_AND_PARTNER.format(k=k)}"), "jw-muted"))
    about = {"统计对象": subject.name, "截至": str(day), "时段": f"近 {days} 天",
             "来源": SOURCES.get(source, "全部来源")}  # fmt: skip
    heads = ("地方", f"此前 {days} 天反映人", f"近 {days} 天反映人")
    download(page, "热点图", lambda: (people_sheet(about, seen.tiles), change_sheet("上升", heads, rises)))


def people(page: Page, day: date, days: int, subject: Subject, source: str) -> TileMap:
    """The map of a day, period, subject and source."""
    cells = published_cells(page.gazetteer)
    issue = subject.key if subject.kind == "issue" else ""
    shown = ask(page.settings, map_people, day, days, subject.kind, issue, cells, k=page.settings.min_cell)
    return tile_map(page.gazetteer, shown, source, "" if issue else subject.key)


def show_risen(page: Page, day: date, days: int, source: str, now: TileMap) -> tuple[Change, ...]:
    """The places with most more people than in the period before; returned as they are shown."""
    show(tag("h2", text(f"人数上升最多的地方（近 {days} 天比此前 {days} 天）")))
    earlier = ask(page.settings, day_before, day, days)
    if earlier is None:
        show(tag("p", text(f"数据还不到 {2 * days} 天，暂不比较。选更短的时段试试。"), "jw-muted"))
        return ()
    before = people(page, earlier, days, Subject("all", "", ""), source)
    shown: list[Change] = []
    left, right = st.columns(2)
    for column, name, tiles_before, tiles_now in (
        (left, "区县", before.areas, now.areas), (right, "镇街", before.towns, now.towns)
    ):  # fmt: skip
        rises = risen(tiles_before, tiles_now)
        shown += rises
        with column:
            show(tag("h3", name))
            if rises:
                draw(f"risen_{name}", change_lines, rises, risen=True, k=page.settings.min_cell)
            elif tiles_now:
                show(tag("p", f"没有上升、而且前后都可显示的{name}。", "jw-muted"))
            else:
                show(tag("p", "分来源只显示到区县。", "jw-muted"))
    show(tag("p", text(
        f"空心是此前 {days} 天，就是 {day_text(earlier)}那天的热点图；实心是现在。只列前后两个数都可显示的地方，"
        f"按多出的人数排；全市 {before.city.people} → {now.city.people}。"
    ), "jw-muted"))  # fmt: skip
    return tuple(shown)


def show_risk(page: Page) -> None:
    """The most urgent alert of each place, and how many issues there are."""
    risks = ask(page.settings, place_risks, page.viewer, page.newest.day)
    areas, towns = area_spots(page.gazetteer), town_spots(page.gazetteer)
    levels = [risks[one.place].level for one in towns if one.place in risks]
    show(strip(
        tile(f"{shape} 最高{name}的镇街", f"{levels.count(level)} 个", f"共 {len(towns)} 个镇街")
        for level, (shape, name, _) in LEVELS.items()
    ))  # fmt: skip
    shapes = site_shapes(page)
    for name, spots, look, key in (("区县", areas, DISTRICTS, "districts"), ("镇街", towns, TOWNS, "towns")):
        show(tag("h2", name))
        show(risk_legend())
        draw_map(paint_risk(spots, risks), shapes, look, f"risk_{key}")
    show(tag("p", text(
        f"{NOT_TO_SCALE}预警：还没有核查验收、也没有解除的预警议题。在看：近 {WATCHED_DAYS} 天有两位以上反映人、"
        "没有在办预警的议题。"
        "一个议题可以在几个地方，各格不能相加；地点没有写明到镇街的只算进区县。敏感和涉办事机构的诉求不用来定地点。"
    ), "jw-muted"))  # fmt: skip
    about = {"截至": str(page.newest.day)}
    download(page, "风险地图", lambda: (risk_sheet(about, (*areas, *towns), risks),))


def show_zones(page: Page) -> None:
    """Where the people of current alerts gather: one zone, or all of them."""
    alerts = ask(page.settings, zone_alerts, page.viewer, page.newest.day)
    if not alerts:
        others = "热区按全市的人数算，只对市综治中心显示。"
        show(notice("没有热区", f"近 {LEVEL_DAYS} 天的预警没有热区。" if page.viewer.is_centre else others))
        return
    issues = {str(one.issue_id): one for one in alerts}
    keys = ["", *issues]
    key = st.selectbox(
        "选择热区", keys, key=linked("hotspots", "zone", keys, ""),
        format_func=lambda one: zone_name(page, issues[one]) if one else f"近 {LEVEL_DAYS} 天全部 {len(alerts)} 个热区",
    )  # fmt: skip
    keep_linked(zone=(key, ""))
    chosen = (issues[key],) if key else alerts
    tiles = zone_tiles(page.gazetteer, *(one.zone for one in chosen))
    shapes = site_shapes(page)
    show(zone_legend(tiles))
    draw_map(paint_zones(tiles), shapes, ZONES, "zones")
    show(zone_table(page, chosen))
    k = page.settings.min_cell
    show(tag("p", text(
        f"热区是反映人超出当地平常份额的地方；一个预警至多一个。人数只说不少于或少于 {k} 位，免得同别的图相减；"
        f"在议题页的预警理由里有人数。{NOT_TO_SCALE}"
    ), "jw-muted"))  # fmt: skip
    download(page, "热区", lambda: (zone_sheet(page, chosen),))


main()
