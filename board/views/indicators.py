"""指标: how reports were dealt with, by district or unit; never a ranking by how many there are."""

import streamlit as st

from board.answers import ask
from board.exports import download
from board.hiding import FEW_AND_PARTNER
from board.indicator_parts import FEW_REPORTS, MEASURES, figure_text, is_small, service_table
from board.leaving import service_sheet
from board.linked import keep_linked, linked
from board.marks import SOURCES, Html, day_text, join, notice, strip, tag, text, tile
from board.page import Page, open_page
from board.queries_indicators import ServiceRow, service_day, services
from board.sheet import show

PERIODS = (28, 90, 365)
DIMENSIONS = {"area": "区县", "unit": "承办单位"}
NOTHING_YET = (
    "指标由 jianwei run 在每天算完时写下，要用到办结和答复的时间、退单次数或回访结果。"
    "来源都没有提供这些时，这里没有内容。"
)
ORDERS = {"name": "名称", "overdue": "逾期占比"}
BELOW = {
    "ontime": "时限按工单，没有的按设置",
    "overdue": "到期还没有办结",
    "answer": "从收到到首次答复或办结，中位 / 九成以内",
    "satisfied": "回访说明满意", "solved": "回访说明已解决", "returned": "退单次数不为零",
    "repeat": "答复后同一人就同一议题再来",
}  # fmt: skip


def main() -> None:
    page = open_page("指标", "收到的诉求办得怎样：按期、答复、解决、满意，各带分母。", of_city=True)
    day = ask(page.settings, service_day)
    if day is None:
        show(notice("还没有指标", NOTHING_YET))
        return
    first, second = st.columns(2)
    dimension = str(first.segmented_control(
        "分列", list(DIMENSIONS), key=linked("indicators", "by", list(DIMENSIONS), "area"), required=True,
        format_func=lambda name: f"按{DIMENSIONS[name]}",
    ) or "area")  # fmt: skip
    days = second.segmented_control("时段", PERIODS, key=linked("indicators", "days", PERIODS, 90), required=True,
                                    format_func=lambda n: f"近 {n} 天")  # fmt: skip
    sources = ["", *SOURCES] if dimension == "area" else [""]
    source = str(first.segmented_control(
        "来源", sources, key=linked("indicators", "source", sources, ""), required=True,
        format_func=lambda name: SOURCES.get(name, "全部来源"),
    ) or "")  # fmt: skip
    order = str(second.segmented_control(
        "排列", list(ORDERS), key=linked("indicators", "order", list(ORDERS), "name"), required=True,
        format_func=lambda name: f"按{ORDERS[name]}",
    ) or "name")  # fmt: skip
    keep_linked(by=(dimension, "area"), days=(days, 90), source=(source, ""), order=(order, "name"))
    areas = tuple(area.adcode for area in page.gazetteer.areas)
    k = page.settings.min_cell
    city, *rows = ask(page.settings, services, days or 90, dimension, areas, source, k=k)
    show(city_tiles(city))
    seen = [row for row in rows if not row.is_hidden]
    if order == "overdue":
        seen.sort(key=lambda row: -row.late_share)
    elif dimension == "area":
        seen.sort(key=lambda row: page.gazetteer.area_name(row.key))
    show(tag("h2", text(f"按{DIMENSIONS[dimension]}（截至 {day_text(day)}，近 {days} 天收到的诉求）")))
    order_said = "按名称排列" if order == "name" else "按逾期占比从高到低排列"
    unit_said = "分承办单位只看全部来源：再细分，多数格子都要隐去。" if dimension == "unit" else ""
    marks_said = "● 是本行，○ 是九成以内的天数，竖线是全市"
    show(tag("p", text(f"{order_said}；从不按诉求多少排名。格内 {marks_said}。{unit_said}"), "jw-muted"))
    if not seen:
        show(tag("p", text(f"每一格都不足 {k} 人，不画。"), "jw-muted"))
        return
    show_rows(page, dimension, seen, city, days or 90)
    if len(seen) < len(rows):
        rest = f"另有 {len(rows) - len(seen)} 个{DIMENSIONS[dimension]}各项都不足 {k} 人，未列。"
        show(tag("p", text(rest), "jw-muted"))
    show(how_counted(k))
    about = {"截至": str(day), "时段": f"近 {days} 天", "来源": SOURCES.get(source, "全部来源")}
    named = [(name_of(page, dimension, row), row) for row in (*seen, city)]
    download(page, "指标", lambda: (service_sheet(about, DIMENSIONS[dimension], named),))


def city_tiles(city: ServiceRow) -> Html:
    """The whole city, a tile an indicator."""
    tiles = []
    for measure in MEASURES:
        value, _, rest = figure_text(measure, city.figures[measure.key]).partition("（")
        below = f"{rest.rstrip('）').removesuffix(' 件')} 件（分母：{measure.of}）" if rest else f"分母：{measure.of}"
        tiles.append(tile(measure.name, value, below))
    return join((strip(tiles[:4]), strip(tiles[4:])))


def show_rows(page: Page, dimension: str, rows: list[ServiceRow], city: ServiceRow, days: int) -> None:
    """All indicators of all rows; those of few reports folded up, unless there are no others."""
    def named(some: list[ServiceRow]) -> list[tuple[str, ServiceRow]]:
        return [(name_of(page, dimension, row), row) for row in some]

    small = [row for row in rows if is_small(row)]
    large = [row for row in rows if not is_small(row)] or small
    show(service_table(DIMENSIONS[dimension], named(large), city))
    if small and large is not small:
        about = f"近 {days} 天不足 {FEW_REPORTS} 件，占比起伏大，或件数已隐去"
        with st.expander(f"另有 {len(small)} 个{DIMENSIONS[dimension]}：{about}"):
            show(service_table(DIMENSIONS[dimension], named(small), city))


def how_counted(k: int) -> Html:
    """The rules of counting, in sentences."""
    sentences = (
        "；".join(f"{measure.name}：{BELOW[measure.key]}，分母是{measure.of}的" for measure in MEASURES) + "。",
        FEW_AND_PARTNER.format(k=k),
        "诉求按算进的那一天归入时段，作废的不计；办结、答复按各自的时间，没有自带时间的事实（退单次数、回访结果）从导入起算知道。",
        "办结时限是工单自带的；没有的，按设置 answer_days 从收到算起。没有办结时间的来源，以答复为办结。",
        "答复用时只计已答复的；答复后再次反映只计能辨认为同一人的，人数不足时不写。",
        "用途是看办得快不快、解决没有解决，不用来比谁的诉求多。",
    )
    return tag("div", join(tag("p", text(sentence)) for sentence in sentences), "jw-muted")


def name_of(page: Page, dimension: str, row: ServiceRow) -> str:
    """A row's name as it is read."""
    if not row.key:
        return "全市"
    return page.gazetteer.area_name(row.key) if dimension == "area" else row.key


main()
