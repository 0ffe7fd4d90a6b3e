"""How each place of a map looks: its colour, what is written on it, the legend. Only what may be seen comes here."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from board.marks import LEVELS, Html, join, tag, text
from board.queries_where import PlaceRisk
from board.tiles import Spot, Tile, ZoneTile
from signals.gazetteer import Place

COLOURS = ("#dbeaf4", "#a9cde3", "#6aa6cb", "#2f78ab", "#124d7a")  # pale to dark, apart also in grey
WHITE_FROM = 3  # bands dark enough for white letters
HIDDEN = "#eef0f1"
DARK, WHITE, FAINT_EDGE = "#1f2a33", "#ffffff", "#98a4ad"
ZONE, ZONE_EDGE = "#f6dcc8", "#8c1d18"
LEVEL_FILLS = {"red": ("#b3261e", WHITE), "orange": ("#e08f3f", DARK), "yellow": ("#f3d772", DARK),
               "blue": ("#a9cde3", DARK)}  # fmt: skip
WATCHED, NOTHING = "#ffffff", PlaceRisk("", 0, 0)


@dataclass(frozen=True, slots=True)
class Painted:
    """A place as it is drawn."""

    spot: Spot
    fill: str
    ink: str = DARK
    said: str = ""  # written below the name
    tip: str = ""  # what the pointer is told
    edge: str = ""  # the colour of its outline, "" for none
    is_dashed: bool = False


def bands(tiles: Sequence[Tile], *, k: int) -> tuple[int, ...]:
    """Where each colour begins: k, then round and equal steps that the largest tile fills."""
    largest = max([tile.shown.n or 0 for tile in tiles], default=0)
    sizes = (size * 10**power for power in range(7) for size in (2, 5, 10))
    step = next(size for size in sizes if size * len(COLOURS) >= largest)
    return (k, *(step * i for i in range(1, len(COLOURS)) if k < step * i <= largest))


def paint_people(tiles: Sequence[Tile], *, k: int) -> tuple[Painted, ...]:
    """The more people, the darker; where the number is hidden a dashed outline and the word in its place."""
    starts = bands(tiles, k=k)
    painted = []
    for tile in tiles:
        if tile.shown.n is None:
            few = tile.shown.word.replace("少于", "<")
            painted.append(Painted(tile.spot, HIDDEN, DARK, few, tile.shown.word, FAINT_EDGE, is_dashed=True))
        else:
            band = bisect_right(starts, tile.shown.n) - 1
            ink = WHITE if band >= WHITE_FROM else DARK
            painted.append(Painted(tile.spot, COLOURS[band], ink, tile.shown.word, f"{tile.shown.word} 人"))
    return tuple(painted)


def people_legend(tiles: Sequence[Tile], *, k: int) -> Html:
    """What the colours and the two marks mean, those that occur."""
    boxes = band_boxes(bands(tiles, k=k))
    boxes.append(tag("span", tag("i", f"&lt;{k}", "jw-hatch") + text(f"不足 {k} 人（含没有）")))
    boxes.append(tag("span", tag("i", "隐", "jw-hatch") + text(f"为免由合计推出不足 {k} 人的格而一并隐去")))
    return tag("div", join(boxes), "jw-legend")


def band_boxes(starts: Sequence[int]) -> list[Html]:
    """A colour for people from each start on, up to the next."""
    ends = [high - 1 for high in starts[1:]]
    names = [f"{low}–{end} 人" if end > low else f"{low} 人" for low, end in zip(starts, ends, strict=False)]
    names.append(f"{starts[-1]} 人及以上")
    return [_box(colour, name) for colour, name in zip(COLOURS, names, strict=False)]


def paint_risk(spots: Sequence[Spot], risks: Mapping[Place, PlaceRisk]) -> tuple[Painted, ...]:
    """The colour of the most urgent alert; the level's shape and how many issues have one, or how many are watched."""
    painted = []
    for spot in spots:
        risk = risks.get(spot.place, NOTHING)
        tip = f"预警 {risk.n_alerted} 个，在看 {risk.n_watched} 个"
        if risk.level:
            shape, name, _ = LEVELS[risk.level]
            fill, ink = LEVEL_FILLS[risk.level]
            painted.append(Painted(spot, fill, ink, f"{shape} {risk.n_alerted}", f"最高{name}；{tip}"))
        elif risk.n_watched:
            painted.append(Painted(spot, WATCHED, DARK, f"在看 {risk.n_watched}", tip, FAINT_EDGE))
        else:
            painted.append(Painted(spot, HIDDEN, DARK, "—", "没有"))
    return tuple(painted)


def risk_legend() -> Html:
    """What the colours and shapes mean."""
    boxes = [
        tag("span", tag("i", shape, style=f"background:{fill};color:{ink}") + text(f"最高{name}"))
        for (fill, ink), (shape, name, _) in zip(LEVEL_FILLS.values(), LEVELS.values(), strict=True)
    ]
    watched = tag("i", "", style=f"background:{WATCHED};border:1px solid {FAINT_EDGE}")
    boxes.append(tag("span", watched + text("只有没有预警的共同问题")))
    boxes.append(_box(HIDDEN, "没有"))
    return tag("div", join(boxes), "jw-legend")


def paint_zones(tiles: Sequence[ZoneTile]) -> tuple[Painted, ...]:
    """Towns of a hot zone filled and outlined, those of a district without known towns in dashes. No number."""
    tips = {"town": "在热区内", "district": "热区内有诉求只写明到这个区县", "": "不在热区内"}
    return tuple(
        Painted(tile.spot, ZONE if tile.belongs == "town" else HIDDEN, tip=tips[tile.belongs],
                edge=ZONE_EDGE if tile.belongs else "", is_dashed=tile.belongs == "district")
        for tile in tiles
    )  # fmt: skip


def zone_legend(tiles: Sequence[ZoneTile]) -> Html:
    """What the outlines mean, those that occur."""
    meanings = {"town": "热区镇街", "district": "热区内有诉求只写明到这个区县"}
    boxes = [
        tag("span", tag("i", "", f"jw-zone-{belongs}") + text(meaning))
        for belongs, meaning in meanings.items()
        if any(tile.belongs == belongs for tile in tiles)
    ]
    return tag("div", join(boxes), "jw-legend")


def _box(colour: str, meaning: str) -> Html:
    return tag("span", tag("i", "", style=f"background:{colour}") + text(meaning))
