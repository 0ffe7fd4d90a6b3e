"""The tile map as pictures. It sees tiles only, in which hidden numbers are already gone."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from board.charts import styled
from board.marks import Html, join, tag, text
from board.tiles import Tile

if TYPE_CHECKING:
    import altair as alt

STEPS = ((5, "#dbeaf4"), (10, "#a9cde3"), (20, "#6aa6cb"), (50, "#2f78ab"), (100, "#124d7a"))  # from n, colour
HIDDEN = "#eef0f1"


def district_map(tiles: Sequence[Tile]) -> "alt.LayerChart":
    """Seven big tiles."""
    return _tile_chart(tiles, size=(16, 22), height=340)


def town_map(tiles: Sequence[Tile]) -> "alt.LayerChart":
    """All towns, every district a block of its own."""
    rows = max(tile.row for tile in tiles) + 1
    return _tile_chart(tiles, size=(11, 12), height=46 * rows)


def legend(k: int) -> Html:
    """What the colours and the two marks mean."""
    ends = [f"{low}–{high - 1} 人" for (low, _), (high, _) in zip(STEPS, STEPS[1:], strict=False)]
    names = [*ends, f"{STEPS[-1][0]} 人及以上"]
    boxes = [
        tag("span", tag("i", "", style=f"background:{colour}") + text(name))
        for (_, colour), name in zip(STEPS, names, strict=True)
    ]
    boxes.append(tag("span", tag("i", f"&lt;{k}", "jw-hatch") + text(f"不足 {k} 人（含没有）")))
    boxes.append(tag("span", tag("i", "隐", "jw-hatch") + text(f"为免由合计推出不足 {k} 人的格而一并隐去")))
    return tag("div", join(boxes), "jw-legend")


def _colour(n: int | None) -> str:
    return HIDDEN if n is None else [colour for low, colour in STEPS if n >= low][-1]


def _tile_chart(tiles: Sequence[Tile], *, size: tuple[int, int], height: int) -> "alt.LayerChart":
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame([
        {
            "列": tile.column, "行": tile.row, "右": tile.column + 0.94, "下": tile.row + 0.92,
            "中": tile.column + 0.47, "上": tile.row + 0.32, "低": tile.row + 0.64,
            "地名": tile.name, "区县": tile.district, "反映人": tile.label,
            "色": _colour(tile.n), "字色": "#ffffff" if (tile.n or 0) >= 50 else "#1f2a33",
            "边": "hidden" if tile.n is None else "shown",
        }
        for tile in tiles
    ])  # fmt: skip
    width = [int(frame["列"].min()), float(frame["右"].max())]
    depth = [int(frame["行"].min()), float(frame["下"].max())]
    base = alt.Chart(frame)
    x = alt.X("列:Q", axis=None, scale=alt.Scale(domain=width, nice=False))
    y = alt.Y("行:Q", axis=None, scale=alt.Scale(domain=depth, nice=False, reverse=True))
    dash = alt.condition("datum['边'] == 'hidden'", alt.value([3, 3]), alt.value([1, 0]))
    edge = alt.condition("datum['边'] == 'hidden'", alt.value("#98a4ad"), alt.value("#ffffff"))
    ink = alt.Color("字色:N", scale=None)
    boxes = base.mark_rect(cornerRadius=4).encode(
        x=x, x2="右:Q", y=y, y2="下:Q", color=alt.Color("色:N", scale=None), stroke=edge, strokeDash=dash,
        tooltip=["区县:N", "地名:N", "反映人:N"],
    )  # fmt: skip
    names = base.mark_text(fontSize=size[0]).encode(x="中:Q", y="上:Q", text="地名:N", color=ink)
    values = base.mark_text(fontSize=size[1], fontWeight="bold").encode(x="中:Q", y="低:Q", text="反映人:N", color=ink)
    return styled(alt.layer(boxes, names, values).properties(height=height))
