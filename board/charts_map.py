"""The tile map as pictures. It sees tiles only, in which hidden numbers are already gone."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from board.charts import styled
from board.marks import Html, join, tag, text
from board.tiles import Tile

if TYPE_CHECKING:
    import altair as alt

COLOURS = ("#dbeaf4", "#a9cde3", "#6aa6cb", "#2f78ab", "#124d7a")  # pale to dark, apart also in grey
WHITE_FROM = 3  # bands dark enough for white letters
HIDDEN = "#eef0f1"
GAP = 0.62  # between blocks of towns, in tiles
MARGIN = 0.08


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
    columns = _closed_up([tile.column for tile in tiles])
    rows = _closed_up([tile.row for tile in tiles])
    squares = [Square(tile, columns[tile.column], rows[tile.row]) for tile in tiles]
    names = []
    for district in dict.fromkeys(tile.district for tile in tiles):
        block = [square for square in squares if square.tile.district == district]
        names.append((district, min(s.x for s in block), min(s.y for s in block)))
    return _tile_chart(squares, names, bands(tiles, k=k), sizes=(12, 13), unit=58)


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
    names: Sequence[tuple[str, float, float]],
    starts: Sequence[int],
    *,
    sizes: tuple[int, int],
    unit: int,
) -> "alt.LayerChart":
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame([_drawn(square, starts) for square in squares])
    top = -GAP if names else -MARGIN
    bottom = float(frame["y2"].max()) + MARGIN
    left, right = float(frame["x"].min()) - MARGIN, float(frame["x2"].max()) + MARGIN
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[left, right], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[top, bottom], nice=False, reverse=True))
    colour, ink = alt.Color("fill:N", scale=None), alt.Color("ink:N", scale=None)
    titles = {"district": "区县", "name": "地名", "n": "反映人"}
    tips = [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]
    base = alt.Chart(frame).encode(x=x, y=y)
    boxes = base.mark_rect(cornerRadius=4).encode(x2="x2:Q", y2="y2:Q", color=colour, tooltip=tips)
    layers = [boxes]
    if not frame["is_shown"].all():
        edge = base.transform_filter("!datum.is_shown").mark_rect(
            cornerRadius=4, strokeDash=[3, 3], stroke="#98a4ad", strokeWidth=1, fillOpacity=0
        )
        layers.append(edge.encode(x2="x2:Q", y2="y2:Q"))
    lines = base.mark_text(fontSize=sizes[0], lineBreak="|", baseline="middle", lineHeight=sizes[0] + 2)
    layers.append(lines.encode(x="middle:Q", y="upper:Q", text="lines:N", color=ink))
    values = base.mark_text(fontSize=sizes[1], fontWeight="bold", baseline="middle")
    layers.append(values.encode(x="middle:Q", y="lower:Q", text="n:N", color=ink))
    if names:
        heads = pd.DataFrame(names, columns=["name", "x", "y"])
        words = alt.Chart(heads).mark_text(align="left", baseline="bottom", dy=-5, fontSize=14, fontWeight="bold")
        layers.append(words.encode(x="x:Q", y="y:Q", text="name:N"))
    return styled(alt.layer(*layers).properties(height=int(unit * (bottom - top))))


def _drawn(square: Square, starts: Sequence[int]) -> dict[str, object]:
    tile = square.tile
    band = bisect_right(starts, tile.n) - 1 if tile.n is not None else -1
    lines = [tile.name[:4], tile.name[4:8]] if len(tile.name) > 4 else [tile.name]
    return {
        "x": square.x, "x2": square.x + 0.95, "y": square.y, "y2": square.y + 0.93, "middle": square.x + 0.475,
        "upper": square.y + (0.2 if len(lines) > 1 else 0.32), "lower": square.y + (0.76 if len(lines) > 1 else 0.68),
        "lines": "|".join(lines), "name": tile.name, "district": tile.district, "n": tile.label,
        "fill": COLOURS[band] if band >= 0 else HIDDEN, "ink": "#ffffff" if band >= WHITE_FROM else "#1f2a33",
        "is_shown": band >= 0,
    }  # fmt: skip
