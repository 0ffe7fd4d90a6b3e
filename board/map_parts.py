"""The pieces of the hot-spot page: a map in tiles or in the site's shapes, zones in words, tables that leave."""

from collections.abc import Callable, Mapping, Sequence

from board.charts_map import Look, shape_chart, tile_chart
from board.drawing import draw
from board.exports import Sheet
from board.marks import LEVELS, Html, day_text, level_badge, table, tag, text, wide
from board.page import Page
from board.painting import NOTHING, Painted
from board.queries_where import PlaceRisk, ZoneAlert
from board.shapes import Shapes, load_shapes
from board.sheet import show
from board.tiles import Spot, Tile
from signals.errors import SettingsError
from signals.gazetteer import Place
from signals.records import Zone
from signals.zones import zone_places, zone_sentence

PLACE_HEAD = ("区县", "镇街")
MOST_NAMED = 5  # features of the site's map that are no known place


def site_shapes(page: Page) -> Shapes:
    """The outlines of the site's own map; none where it has none or it cannot be read, which the page says."""
    path = page.settings.map_geojson
    if path is None:
        return Shapes()
    try:
        shapes = load_shapes(path, page.gazetteer)
    except SettingsError as error:
        show(tag("p", text(f"{error}现在用自带的格子图。"), "jw-warning"))
        return Shapes()
    if others := shapes.unmatched:
        named = "、".join(others[:MOST_NAMED]) + (f" 等 {len(others)} 个" if len(others) > MOST_NAMED else "")
        show(tag("p", text(f"{path}: 地名表里没有这些要素，未画：{named}。请改正代码、名称或地名表。"), "jw-warning"))
    return shapes


def draw_map(painted: Sequence[Painted], shapes: Shapes, look: Look, key: str) -> None:
    """A map of places: in the site's shapes those that have one, the others as tiles."""
    shaped = [one for one in painted if one.spot.place in shapes.by_place]
    others = [one for one in painted if one.spot.place not in shapes.by_place]
    if shaped:
        outlines = {one.spot.place: shapes.by_place[one.spot.place] for one in shaped}
        draw(f"{key}_shapes", shape_chart, shaped, outlines, look)
    if shaped and others:
        show(tag("p", text(f"地图文件里没有边界的 {len(others)} 处，用格子表示："), "jw-muted"))
    if others:
        draw(key, tile_chart, others, look)


def zone_text(page: Page, zone: Zone) -> str:
    """A zone in words; how many people only as at least or fewer than k, as its issue's own map is next to it."""
    k = page.settings.min_cell
    names = {area.adcode: area.name for area in page.gazetteer.areas}
    return zone_sentence(zone, names, counted=f"{k}位以上" if zone.observed >= k else f"少于{k}位")


def zone_name(page: Page, alert: ZoneAlert) -> str:
    """One line of the picker."""
    shape, name, _ = LEVELS[alert.level]
    where = zone_places(alert.zone, {area.adcode: area.name for area in page.gazetteer.areas})
    return f"{shape}{name} · {where} · {alert.name} · {day_text(alert.day)}"


def zone_table(page: Page, alerts: Sequence[ZoneAlert]) -> Html:
    """Zones in lines, each leading to its issue."""
    lines = [
        (
            text(day_text(alert.day)), level_badge(alert.level),
            wide(tag("a", text(alert.name), href=f"issue?issue={alert.issue_id}")),
            wide(text(zone_text(page, alert.zone).removeprefix("热区："))),
        )
        for alert in alerts
    ]  # fmt: skip
    return table(("预警日", "级别", "议题", "热区：反映人与按以往的人数"), lines)


def people_sheet(about: Mapping[str, str], tiles: Sequence[Tile]) -> Sheet:
    """The numbers on the map; about: heads and texts that every row begins with."""
    return _place_sheet("热点图", about, [tile.spot for tile in tiles], ("反映人",), lambda n: (tiles[n].shown.word,))


def risk_sheet(about: Mapping[str, str], spots: Sequence[Spot], risks: Mapping[Place, PlaceRisk]) -> Sheet:
    """Levels and numbers of issues by place."""

    def said(n: int) -> tuple[str, ...]:
        risk = risks.get(spots[n].place, NOTHING)
        return (LEVELS[risk.level][1] if risk.level else "", str(risk.n_alerted), str(risk.n_watched))

    return _place_sheet("风险", about, spots, ("最高级别", "在办预警议题", "在看议题"), said)


def zone_sheet(page: Page, alerts: Sequence[ZoneAlert]) -> Sheet:
    """Zones in words."""
    return Sheet("热区", ("议题编号", "议题", "级别", "预警日", "热区"), tuple(
        (str(alert.issue_id), alert.name, LEVELS[alert.level][1], str(alert.day), zone_text(page, alert.zone))
        for alert in alerts
    ))  # fmt: skip


def _place_sheet(
    name: str,
    about: Mapping[str, str],
    spots: Sequence[Spot],
    heads: tuple[str, ...],
    said: Callable[[int], tuple[str, ...]],
) -> Sheet:
    rows = tuple(
        (*about.values(), spot.district, spot.place.town, *said(number)) for number, spot in enumerate(spots)
    )
    return Sheet(name, (*about, *PLACE_HEAD, *heads), rows)
