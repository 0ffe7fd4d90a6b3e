"""The map as pictures: as tiles of our own, or in the shapes of the site. It draws what was painted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from board.charts import styled
from board.painting import Painted, paint_zones
from board.shapes import Shape
from board.tiles import ZoneTile
from signals.gazetteer import Place

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

GAP = 0.62  # between blocks of towns, in tiles
MARGIN = 0.08
LINE = 4  # characters of a name on one line of its tile
SHAPES_HEIGHT = 620  # pixels

Head = tuple[str, float, float]  # the name of a district and where it stands


class Look(NamedTuple):
    """How large tiles and their letters are, in pixels (0: nothing of the kind is written), and the edges of some."""

    name: int
    value: int
    tile: int
    head: int
    edge: float
    columns: int  # at least so many fit beside each other


DISTRICTS, TOWNS, ZONES = Look(17, 24, 104, 0, 1, 4), Look(11, 13, 58, 14, 1, 12), Look(11, 0, 34, 12, 2.5, 12)
SMALL = Look(13, 16, 62, 0, 1, 4)  # districts beside something else


@dataclass(frozen=True, slots=True)
class _At:
    """Where a tile is drawn."""

    x: float
    y: float


def tile_chart(painted: Sequence[Painted], look: Look) -> "alt.LayerChart":
    """Places as tiles; with heads every district is a named block of its own."""
    import altair as alt
    import pandas as pd

    at = _places([(one.spot.column, one.spot.row) for one in painted], closed_up=bool(look.head))
    frame = pd.DataFrame([_drawn(one, place, look) for one, place in zip(painted, at, strict=True)])
    base, height = _base(frame, top=-GAP if look.head else -MARGIN, look=look)
    corners, ink = {"x2": "x2:Q", "y2": "y2:Q"}, alt.Color("ink:N", scale=None)
    boxes = base.mark_rect(cornerRadius=4).encode(**corners, color=alt.Color("fill:N", scale=None), tooltip=_tips())
    layers = [boxes]
    for is_dashed, dash in ((False, [1, 0]), (True, [4, 3])):
        if any(one.edge and one.is_dashed == is_dashed for one in painted):
            edge = base.transform_filter(f"datum.edge && datum.is_dashed == {str(is_dashed).lower()}")
            rect = edge.mark_rect(cornerRadius=4, strokeDash=dash, strokeWidth=look.edge, fillOpacity=0)
            layers.append(rect.encode(**corners, stroke=alt.Stroke("edge:N", scale=None)))
    lines = base.mark_text(fontSize=look.name, lineBreak="|", baseline="middle", lineHeight=look.name + 2)
    layers.append(lines.encode(x="middle:Q", y="upper:Q", text="lines:N", color=ink))
    if look.value:
        values = base.mark_text(fontSize=look.value, fontWeight="bold", baseline="middle")
        layers.append(values.encode(x="middle:Q", y="lower:Q", text="said:N", color=ink))
    if look.head:
        layers.append(_headings(_heads(painted, at), size=look.head))
    return styled(alt.layer(*layers).properties(height=height))


def zone_map(tiles: Sequence[ZoneTile]) -> "alt.LayerChart":
    """All towns, those of a hot zone marked."""
    return tile_chart(paint_zones(tiles), ZONES)


def shape_chart(painted: Sequence[Painted], shapes: Mapping[Place, Shape], look: Look) -> "alt.LayerChart":
    """Places in the shapes of the site; each must have one."""
    import altair as alt
    import pandas as pd

    def drawn(one: Painted) -> dict[str, Any]:
        return {
            "name": one.spot.name, "district": one.spot.district, "tip": one.tip, "fill": one.fill, "ink": one.ink,
            "edge": one.edge or "#ffffff", "is_dashed": one.is_dashed, "width": look.edge if one.edge else 1,
            "short": one.spot.name if len(one.spot.name) <= LINE else f"{one.spot.name[: LINE - 1]}…",
        }  # fmt: skip

    features = [
        {"type": "Feature", "geometry": shapes[one.spot.place].geometry, "properties": drawn(one)} for one in painted
    ]
    areas = alt.Chart(alt.Data(values=features)).mark_geoshape().encode(
        color=alt.Color("properties.fill:N", scale=None), stroke=alt.Stroke("properties.edge:N", scale=None),
        strokeWidth=alt.StrokeWidth("properties.width:Q", scale=None), tooltip=_tips("properties."),
        strokeDash=alt.condition("datum.properties.is_dashed", alt.value([4, 3]), alt.value([1, 0])),
    )  # fmt: skip
    middles = [shapes[one.spot.place].middle for one in painted]
    frame = pd.DataFrame([drawn(one) | {"said": one.said} for one in painted])
    frame["x"], frame["y"] = [x for x, _ in middles], [y for _, y in middles]
    words = alt.Chart(frame).encode(longitude="x:Q", latitude="y:Q", color=alt.Color("ink:N", scale=None))
    names = words.mark_text(fontSize=look.name - 1, baseline="bottom", dy=2 if look.value else 6)
    layers = [areas, names.encode(text="short:N")]
    if look.value:
        values = words.mark_text(fontSize=look.name + 1, fontWeight="bold", baseline="top", dy=3)
        layers.append(values.encode(text="said:N"))
    flat = [layer.project(type="identity", reflectY=True) for layer in layers]
    return styled(alt.layer(*flat).properties(height=SHAPES_HEIGHT))


def _tips(of: str = "") -> list["alt.Tooltip"]:
    import altair as alt

    titles = {"district": "区县", "name": "地名", "tip": "这里"}
    return [alt.Tooltip(f"{of}{field}:N", title=title) for field, title in titles.items()]


def _places(cells: Sequence[tuple[int, int]], *, closed_up: bool) -> list[_At]:
    """Where tiles in columns and rows are drawn; closed_up: every empty stretch between them equally narrow."""
    if not closed_up:
        return [_At(column, row) for column, row in cells]
    columns, rows = _closed_up([column for column, _ in cells]), _closed_up([row for _, row in cells])
    return [_At(columns[column], rows[row]) for column, row in cells]


def _closed_up(positions: Sequence[int]) -> dict[int, float]:
    used = sorted(set(positions))
    placed = {used[0]: 0.0}
    for before, here in zip(used, used[1:], strict=False):
        placed[here] = placed[before] + (1 if here == before + 1 else 1 + GAP)
    return placed


def _heads(painted: Sequence[Painted], at: Sequence[_At]) -> list[Head]:
    """The name of each district at the upper left of its block."""
    blocks: dict[str, list[_At]] = {}
    for one, place in zip(painted, at, strict=True):
        blocks.setdefault(one.spot.district, []).append(place)
    return [(name, min(one.x for one in block), min(one.y for one in block)) for name, block in blocks.items()]


def _base(frame: "pd.DataFrame", *, top: float, look: Look) -> tuple["alt.Chart", int]:
    """A chart whose x and y are tiles, without axes, and its height in pixels."""
    import altair as alt

    bottom = float(frame["y2"].max()) + MARGIN
    left = float(frame["x"].min()) - MARGIN
    right = max(float(frame["x2"].max()), left + look.columns) + MARGIN
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[left, right], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[top, bottom], nice=False, reverse=True))
    return alt.Chart(frame).encode(x=x, y=y), int(look.tile * (bottom - top))


def _headings(heads: Sequence[Head], *, size: int) -> "alt.Chart":
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame(heads, columns=["name", "x", "y"])
    words = alt.Chart(frame).mark_text(align="left", baseline="bottom", dy=-5, fontSize=size, fontWeight="bold")
    return words.encode(x="x:Q", y="y:Q", text="name:N")


def _lines(name: str) -> str:
    """A name in at most two lines of about the same length, parted by a bar."""
    half = min((len(name) + 1) // 2, LINE)
    return f"{name[:half]}|{name[half : half + LINE]}" if len(name) > LINE else name


def _drawn(one: Painted, at: _At, look: Look) -> dict[str, object]:
    lines = _lines(one.spot.name)
    upper = (0.2, 0.32) if look.value else (0.27, 0.45)
    return {
        "x": at.x, "x2": at.x + 0.95, "y": at.y, "y2": at.y + 0.93, "middle": at.x + 0.475,
        "upper": at.y + (upper[0] if "|" in lines else upper[1]), "lower": at.y + (0.76 if "|" in lines else 0.68),
        "lines": lines, "name": one.spot.name, "district": one.spot.district, "said": one.said, "tip": one.tip,
        "fill": one.fill, "ink": one.ink, "edge": one.edge, "is_dashed": one.is_dashed,
    }  # fmt: skip
