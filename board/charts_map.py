"""The tile map as pictures. It sees tiles only, in which hidden numbers are already gone."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from board.charts import styled
from board.marks import Html, join, tag, text
from board.tiles import Tile, ZoneTile

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

COLOURS = ("#dbeaf4", "#a9cde3", "#6aa6cb", "#2f78ab", "#124d7a")  # pale to dark, apart also in grey
WHITE_FROM = 3  # bands dark enough for white letters
HIDDEN = "#eef0f1"
GAP = 0.62  # between blocks of towns, in tiles
MARGIN = 0.08
LINE = 4  # characters of a name on one line of its tile
ZONE, ZONE_EDGE = "#f6dcc8", "#8c1d18"

Head = tuple[str, float, float]  # the name of a district and where it stands


@dataclass(frozen=True, slots=True)
class Square:
    """A tile and where it is drawn."""

    tile: Tile
    x: float
    y: float


def bands(tiles: Sequence[Tile], *, k: int) -> tuple[int, ...]:
    """Where each colour begins: k, then round and equal steps that the largest tile fills."""
    largest = max([tile.n or 0 for tile in tiles], default=0)
    sizes = (size * 10**power for power in range(7) for size in (2, 5, 10))
    step = next(size for size in sizes if size * len(COLOURS) >= largest)
    return (k, *(step * i for i in range(1, len(COLOURS)) if k < step * i <= largest))


def district_map(tiles: Sequence[Tile], *, k: int) -> "alt.LayerChart":
    """The districts as big tiles."""
    squares = [Square(tile, tile.column, tile.row) for tile in tiles]
    return _tile_chart(squares, [], bands(tiles, k=k), sizes=(17, 24), unit=104)


def town_map(tiles: Sequence[Tile], *, k: int) -> "alt.LayerChart":
    """All towns, every district a named block of its own."""
    at = _places([(tile.column, tile.row) for tile in tiles])
    squares = [Square(tile, x, y) for tile, (x, y) in zip(tiles, at, strict=True)]
    return _tile_chart(squares, _heads(tiles, at), bands(tiles, k=k), sizes=(12, 13), unit=58)


def zone_map(tiles: Sequence[ZoneTile]) -> "alt.LayerChart":
    """All towns, those of a hot zone filled and outlined, those of a district without known towns in dashes."""
    import altair as alt
    import pandas as pd

    at = _places([(tile.column, tile.row) for tile in tiles])
    rows = [_of_zone(tile, x, y) for tile, (x, y) in zip(tiles, at, strict=True)]
    base, height = _base(pd.DataFrame(rows), top=-GAP, unit=34)
    tips = [alt.Tooltip("district:N", title="区县"), alt.Tooltip("name:N", title="地名")]
    area = {"x2": alt.X2("x2:Q"), "y2": alt.Y2("y2:Q")}
    layers = [base.mark_rect(cornerRadius=3).encode(**area, color=alt.Color("fill:N", scale=None), tooltip=tips)]
    for belongs, dash in (("town", [1, 0]), ("district", [4, 3])):
        edge = base.transform_filter(alt.datum.belongs == belongs)
        rect = edge.mark_rect(cornerRadius=3, stroke=ZONE_EDGE, strokeWidth=2.5, strokeDash=dash, fillOpacity=0)
        layers.append(rect.encode(**area))
    names = base.mark_text(fontSize=11, baseline="middle", lineBreak="|", lineHeight=13, color="#1f2a33")
    layers.append(names.encode(x=alt.X("middle:Q"), y=alt.Y("upper:Q"), text=alt.Text("lines:N")))
    layers.append(_headings(_heads(tiles, at), size=12))
    return styled(alt.layer(*layers).properties(height=height))


def zone_legend(tiles: Sequence[ZoneTile]) -> Html:
    """What the outlines mean, those that occur."""
    meanings = {"town": "热区镇街", "district": "热区内有诉求只写明到这个区县"}
    boxes = [
        tag("span", tag("i", "", f"jw-zone-{belongs}") + text(meaning))
        for belongs, meaning in meanings.items()
        if any(tile.belongs == belongs for tile in tiles)
    ]
    return tag("div", join(boxes), "jw-legend")


def _places(cells: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """Where tiles in columns and rows are drawn."""
    columns, rows = _closed_up([column for column, _ in cells]), _closed_up([row for _, row in cells])
    return [(columns[column], rows[row]) for column, row in cells]


def _heads(tiles: Sequence[Tile | ZoneTile], at: Sequence[tuple[float, float]]) -> list[Head]:
    """The name of each district at the upper left of its block."""
    blocks: dict[str, list[tuple[float, float]]] = {}
    for tile, place in zip(tiles, at, strict=True):
        blocks.setdefault(tile.district, []).append(place)
    return [(district, min(x for x, _ in block), min(y for _, y in block)) for district, block in blocks.items()]


def _closed_up(positions: Sequence[int]) -> dict[int, float]:
    """Where each used row or column goes once every empty stretch between them is equally narrow."""
    used = sorted(set(positions))
    placed = {used[0]: 0.0}
    for before, here in zip(used, used[1:], strict=False):
        placed[here] = placed[before] + (1 if here == before + 1 else 1 + GAP)
    return placed


def legend(tiles: Sequence[Tile], *, k: int) -> Html:
    """What the colours and the two marks mean, those that occur."""
    starts = bands(tiles, k=k)
    names = [f"{low}–{high - 1} 人" for low, high in zip(starts, starts[1:], strict=False)] + [f"{starts[-1]} 人及以上"]
    boxes = [
        tag("span", tag("i", "", style=f"background:{colour}") + text(name))
        for colour, name in zip(COLOURS, names, strict=False)
    ]
    boxes.append(tag("span", tag("i", f"&lt;{k}", "jw-hatch") + text(f"不足 {k} 人（含没有）")))
    boxes.append(tag("span", tag("i", "隐", "jw-hatch") + text(f"为免由合计推出不足 {k} 人的格而一并隐去")))
    return tag("div", join(boxes), "jw-legend")


def _tile_chart(
    squares: Sequence[Square],
    names: Sequence[Head],
    starts: Sequence[int],
    *,
    sizes: tuple[int, int],
    unit: int,
) -> "alt.LayerChart":
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame([_drawn(square, starts) for square in squares])
    base, height = _base(frame, top=-GAP if names else -MARGIN, unit=unit)
    colour, ink = alt.Color("fill:N", scale=None), alt.Color("ink:N", scale=None)
    titles = {"district": "区县", "name": "地名", "n": "反映人"}
    tips = [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]
    boxes = base.mark_rect(cornerRadius=4).encode(x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"), color=colour, tooltip=tips)
    layers = [boxes]
    if not frame["is_shown"].all():
        edge = base.transform_filter("!datum.is_shown").mark_rect(
            cornerRadius=4, strokeDash=[3, 3], stroke="#98a4ad", strokeWidth=1, fillOpacity=0
        )
        layers.append(edge.encode(x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q")))
    lines = base.mark_text(fontSize=sizes[0], lineBreak="|", baseline="middle", lineHeight=sizes[0] + 2)
    layers.append(lines.encode(x=alt.X("middle:Q"), y=alt.Y("upper:Q"), text=alt.Text("lines:N"), color=ink))
    values = base.mark_text(fontSize=sizes[1], fontWeight="bold", baseline="middle")
    layers.append(values.encode(x=alt.X("middle:Q"), y=alt.Y("lower:Q"), text=alt.Text("n:N"), color=ink))
    if names:
        layers.append(_headings(names, size=14))
    return styled(alt.layer(*layers).properties(height=height))


def _base(frame: "pd.DataFrame", *, top: float, unit: int) -> tuple["alt.Chart", int]:
    """A chart whose x and y are tiles, without axes, and its height in pixels at `unit` a tile."""
    import altair as alt

    bottom = float(frame["y2"].max()) + MARGIN
    left, right = float(frame["x"].min()) - MARGIN, float(frame["x2"].max()) + MARGIN
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[left, right], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[top, bottom], nice=False, reverse=True))
    return alt.Chart(frame).encode(x=x, y=y), int(unit * (bottom - top))


def _headings(heads: Sequence[Head], *, size: int) -> "alt.Chart":
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame(heads, columns=["name", "x", "y"])
    words = alt.Chart(frame).mark_text(align="left", baseline="bottom", dy=-5, fontSize=size, fontWeight="bold")
    return words.encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text=alt.Text("name:N"))


def _of_zone(tile: ZoneTile, x: float, y: float) -> dict[str, object]:
    lines = _lines(tile.name)
    return {
        "x": x, "x2": x + 0.95, "y": y, "y2": y + 0.9, "middle": x + 0.475,
        "upper": y + (0.27 if "|" in lines else 0.45), "lines": lines, "name": tile.name,
        "district": tile.district, "belongs": tile.belongs, "fill": ZONE if tile.belongs == "town" else HIDDEN,
    }  # fmt: skip


def _lines(name: str) -> str:
    """A name in at most two lines, parted by a bar."""
    return f"{name[:LINE]}|{name[LINE : 2 * LINE]}" if len(name) > LINE else name


def _drawn(square: Square, starts: Sequence[int]) -> dict[str, object]:
    tile = square.tile
    band = bisect_right(starts, tile.n) - 1 if tile.n is not None else -1
    lines = _lines(tile.name)
    return {
        "x": square.x, "x2": square.x + 0.95, "y": square.y, "y2": square.y + 0.93, "middle": square.x + 0.475,
        "upper": square.y + (0.2 if "|" in lines else 0.32), "lower": square.y + (0.76 if "|" in lines else 0.68),
        "lines": lines, "name": tile.name, "district": tile.district, "n": tile.label,
        "fill": COLOURS[band] if band >= 0 else HIDDEN, "ink": "#ffffff" if band >= WHITE_FROM else "#1f2a33",
        "is_shown": band >= 0,
    }  # fmt: skip
