"""指标: how reports were dealt with, by district or unit; never a ranking by how many there are."""

import streamlit as st

from board.answers import ask
from board.charts_indicators import MEASURES, figure_text, measure_chart, share_text, time_text
from board.drawing import draw
from board.exports import download
from board.hiding import FEW_AND_PARTNER
from board.leaving import service_sheet
from board.linked import keep_linked, linked
from board.marks import SOURCES, Html, day_text, join, notice, strip, table, tag, text, tile, wide
from board.page import Page, open_page
from board.queries_indicators import ServiceRow, service_day, services
from board.sheet import show

PERIODS = (28, 90, 365)
DIMENSIONS = {"area": "区县", "unit": "承办单位"}
ORDERS = {"name": "名称", "overdue": "逾期占比"}
BELOW = {
    "ontime": "时限按工单，没有的按设置",
    "overdue": "到期还没有办结",
    "answer": "从收到到首次答复或办结，中位 / 九成以内",
    "satisfied": "回访说明满意", "solved": "回访说明已解决", "returned": "退单次数不为零",
    "repeat": "答复后同一人就同一议题再来",
}  # fmt: skip


def main() -> None:
    page = open_page("指标", "收到的诉求办得怎样：按期、答复、解决、满意，各带分母。")
    day = ask(page.settings, service_day)
    if day is None:
        show(notice("还没有指标", "指标由 jianwei run 在每天算完时写下；再算一天之后，这里就有内容。"))
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
    show(tag("p", text(f"{order_said}；从不按诉求多少排名。虚线是全市。{unit_said}"), "jw-muted"))
    if not seen:
        show(tag("p", text(f"每一格都不足 {k} 人，不画。"), "jw-muted"))
        return
    show_pictures(page, dimension, seen, city)
    show_table(page, dimension, seen, city)
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
        figure = city.figures[measure.key]
        whole = time_text(figure) if measure.key == "answer" else share_text(figure)
        value, _, rest = whole.partition("（")
        below = f"{rest.rstrip('）').removesuffix(' 件')} 件（分母：{measure.of}）" if rest else f"分母：{measure.of}"
        tiles.append(tile(measure.name, value, below))
    return join((strip(tiles[:4]), strip(tiles[4:])))


def show_pictures(page: Page, dimension: str, rows: list[ServiceRow], city: ServiceRow) -> None:
    """One picture an indicator, two side by side."""
    columns = st.columns(2)
    names = [name_of(page, dimension, row) for row in rows]
    drawn = [one for one in MEASURES if any(row.figures[one.key].n and not row.figures[one.key].word for row in rows)]
    for number, measure in enumerate(drawn):
        with columns[number % 2]:
            below = tag("p", text(f"{BELOW[measure.key]}；分母：{measure.of}"), "jw-muted")
            show(join((tag("h3", text(measure.name)), below)))
            draw(f"picture_{measure.key}", measure_chart, measure, rows, city, names)
    for measure in MEASURES:
        if measure not in drawn:
            whole = figure_text(measure, city.figures[measure.key])
            has_any = bool(city.figures[measure.key].n)
            said = f"各{DIMENSIONS[dimension]}人数不足，不画；全市 {whole}" if has_any else "没有这一项"
            show(tag("p", text(f"{measure.name}（分母：{measure.of}）：{said}。"), "jw-muted"))


def show_table(page: Page, dimension: str, rows: list[ServiceRow], city: ServiceRow) -> None:
    """All indicators in numbers, the city last."""
    show(tag("h2", "各项数字"))
    head = (DIMENSIONS[dimension], *(measure.name for measure in MEASURES))
    lines = [
        (wide(text(name_of(page, dimension, row))),
         *(two_lines(figure_text(measure, row.figures[measure.key])) for measure in MEASURES))
        for row in (*rows, city)
    ]  # fmt: skip
    show(table(head, lines, numbers=tuple(range(1, len(head)))))


def two_lines(said: str) -> Html:
    """A figure with its denominator below it."""
    value, _, rest = said.partition("（")
    return join((text(value), tag("span", text(rest.rstrip("）")), "jw-body jw-muted"))) if rest else text(value)


def how_counted(k: int) -> Html:
    """The rules of counting, in sentences."""
    sentences = (
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
