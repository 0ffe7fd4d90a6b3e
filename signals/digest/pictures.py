"""Pictures of the digest as SVG, drawn by hand: no library, no script, nothing fetched.

Colours never carry a meaning alone: every tile and mark also has its text.
"""

from dataclasses import dataclass
from html import escape

from signals.digest.record import Digest, PlaceCell, TrendDay
from signals.holidays import DayKind
from signals.records import SOURCE_NAMES, Source

SANS = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','SimHei',sans-serif"
INK, GREY, LINE, PALE = "#222", "#6b6b6b", "#c9c9c9", "#f4f2ee"
SOURCE_COLOURS = {Source.PETITION: "#7d8aa3", Source.HOTLINE: "#b3bfd0", Source.GRID: "#dcd6c8"}
HEAT = ("#f7e3d4", "#eec1a2", "#de9572", "#c4664a", "#9a3b2c")
ALERT = "#a61b1b"
TREND_WIDTH, TREND_HEIGHT = 380, 170
TILE_GAP = 1.5
MAP_WIDTH = 330
LEGEND_HEIGHT = 24


@dataclass(frozen=True, slots=True)
class Picture:
    """The inside of an SVG with its size in pixels and what it says in words."""

    width: float
    height: float
    body: str
    title: str


def as_svg(picture: Picture) -> str:
    """A whole SVG document, also fit to stand inside HTML."""
    size = f'width="{picture.width:g}" height="{picture.height:g}"'
    box = f'viewBox="0 0 {picture.width:g} {picture.height:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img" font-family="{SANS}">'
        f"<title>{clean(picture.title)}</title>{picture.body}</svg>"
    )


def stacked(pictures: tuple[Picture, ...]) -> Picture:
    """Pictures below each other on white."""
    width = max(picture.width for picture in pictures) + 20
    parts, top = [], 10.0
    for picture in pictures:
        parts.append(f'<g transform="translate(10 {top:g})">{picture.body}</g>')
        top += picture.height + 14
    body = f'<rect width="{width:g}" height="{top:g}" fill="#fff"/>' + "".join(parts)
    return Picture(width, top, body, "；".join(picture.title for picture in pictures))


def clean(text: str) -> str:
    """Text that is safe inside XML: escaped, without characters that XML forbids."""
    return escape("".join(char for char in text if char >= " " and char not in "\ufffe\uffff"))


def draw_trend(digest: Digest) -> Picture:
    """Reports a day by source as stacked bars, the expected band, and the days of new alerts."""
    left, right, top, bottom = 30, 6, 22, 20
    width, height = TREND_WIDTH - left - right, TREND_HEIGHT - top - bottom
    days = digest.trend
    most = max([1.0, *(sum(day.counts) for day in days), *(_band(day)[1] for day in days)])
    ceiling = _round_up(most)
    step = width / max(1, len(days))
    parts = [_rest_days(days, left, step, (top, height)), _band_of(days, left, step, (top, height, ceiling))]
    for part in (0, 0.5, 1):
        y = top + height * (1 - part)
        parts.append(f'<path d="M{left} {y:.1f}h{width}" stroke="{LINE}" stroke-width=".5"/>')
        parts.append(_text(left - 4, y + 3, f"{ceiling * part:g}", size=8.5, anchor="end", colour=GREY))
    for index, day in enumerate(days):
        parts.append(_bar(day, digest.trend_sources, left + index * step, step, (top, height, ceiling)))
        if index % 7 == 6 or index == len(days) - 1:
            label = f"{day.day.month}/{day.day.day}"
            x = left + (index + 0.5) * step
            parts.append(_text(x, TREND_HEIGHT - 7, label, size=8.5, anchor="middle", colour=GREY))
    parts.append(_expected(days, left, step, (top, height, ceiling)))
    parts.append(_trend_legend(digest))
    return Picture(
        TREND_WIDTH, TREND_HEIGHT, "".join(parts), f"近 {len(days)} 天每日知悉诉求数，按来源；三角为新预警日"
    )


def _bar(day: TrendDay, sources: tuple[Source, ...], x: float, step: float, frame: tuple[float, float, float]) -> str:
    top, height, ceiling = frame
    parts = []
    y = top + height
    for source, count in zip(sources, day.counts, strict=True):
        tall = height * count / ceiling
        y -= tall
        parts.append(
            f'<rect x="{x + 1:.1f}" y="{y:.1f}" width="{step - 2:.1f}" height="{tall:.1f}"'
            f' fill="{SOURCE_COLOURS[source]}"/>'
        )
    if day.n_alerts:
        middle, edge = x + step / 2, max(top + 4.0, y - 3)
        parts.append(f'<path d="M{middle:.1f} {edge:.1f}l-4 -7h8z" fill="{ALERT}"/>')
        if day.n_alerts > 1:
            parts.append(_text(middle - 5, edge - 1, str(day.n_alerts), size=8, anchor="end", colour=ALERT))
    return "".join(parts)


def _band(day: TrendDay) -> tuple[float, float]:
    """Expected ± 2 standard deviations of a Poisson count; (0, 0) where nothing was expected."""
    if not day.expected:
        return (0.0, 0.0)
    reach = 2 * day.expected**0.5
    return (max(0.0, day.expected - reach), day.expected + reach)


def _rest_days(days: tuple[TrendDay, ...], left: float, step: float, frame: tuple[float, float]) -> str:
    top, height = frame
    return "".join(
        f'<rect x="{left + index * step:.1f}" y="{top}" width="{step:.1f}" height="{height}" fill="{PALE}"/>'
        for index, day in enumerate(days)
        if day.kind in {DayKind.WEEKEND, DayKind.HOLIDAY}
    )


def _band_of(days: tuple[TrendDay, ...], left: float, step: float, frame: tuple[float, float, float]) -> str:
    top, height, ceiling = frame
    parts = []
    for index, day in enumerate(days):
        low, high = _band(day)
        y, tall = top + height * (1 - high / ceiling), height * (high - low) / ceiling
        if high:
            parts.append(
                f'<rect x="{left + index * step:.1f}" y="{y:.1f}" width="{step:.1f}" height="{tall:.1f}"'
                ' fill="#3d6b58" fill-opacity=".2"/>'
            )
    return "".join(parts)


def _expected(days: tuple[TrendDay, ...], left: float, step: float, frame: tuple[float, float, float]) -> str:
    top, height, ceiling = frame
    return "".join(
        f'<path d="M{left + index * step:.1f} {top + height * (1 - day.expected / ceiling):.1f}h{step:.1f}"'
        ' stroke="#2f5a48" stroke-width="1.2"/>'
        for index, day in enumerate(days)
        if day.expected
    )


def _trend_legend(digest: Digest) -> str:
    parts, x = [], 30.0
    for source in digest.trend_sources:
        parts.append(f'<rect x="{x}" y="3" width="9" height="9" fill="{SOURCE_COLOURS[source]}"/>')
        parts.append(_text(x + 12, 11, SOURCE_NAMES[source], size=9))
        x += 40
    if any(day.expected for day in digest.trend):
        parts.append(f'<rect x="{x}" y="3" width="9" height="9" fill="#3d6b58" fill-opacity=".25"/>')
        parts.append(_text(x + 12, 11, "预期±2倍标准差", size=9))
        x += 92
    parts.append(f'<path d="M{x + 4} 12l-4 -7h8z" fill="{ALERT}"/>')
    parts.append(_text(x + 12, 11, "新预警日", size=9))
    parts.append(f'<rect x="{x + 56}" y="3" width="9" height="9" fill="{PALE}" stroke="{LINE}"/>')
    parts.append(_text(x + 68, 11, "休息日", size=9))
    return "".join(parts)


def draw_map(digest: Digest) -> Picture:
    """The city as tiles: one a town, or one a district where no town may be shown; darker is more people."""
    cells = digest.towns if any(cell.n_complainants for cell in digest.towns) else digest.areas
    n_columns = max((cell.column for cell in cells), default=0) + 1
    n_rows = max((cell.row for cell in cells), default=0) + 1
    size = min(MAP_WIDTH / n_columns, 62.0)
    breaks = heat_breaks(tuple(cell.n_complainants for cell in cells if cell.n_complainants))
    parts = [_tile(cell, size, breaks) for cell in cells]
    if cells is digest.towns:
        parts += _area_names(digest, cells, size)
    height = n_rows * size
    parts.append(_map_legend(breaks, height + 8, digest.min_cell))
    return Picture(
        MAP_WIDTH, height + LEGEND_HEIGHT, "".join(parts), f"近 {digest.places_days} 天不同诉求人数热区示意图"
    )


def heat_breaks(counts: tuple[int, ...]) -> tuple[int, ...]:
    """Lower bounds of at most five classes of equal share, ascending and distinct.

    >>> heat_breaks((5, 6, 9, 12, 40)), heat_breaks(())
    ((5, 6, 9, 12, 40), ())
    """
    ordered = sorted(counts)
    n_classes = min(len(HEAT), len(ordered))
    return tuple(sorted({ordered[len(ordered) * index // n_classes] for index in range(n_classes)}))


def _heat(count: int, breaks: tuple[int, ...]) -> str:
    index = sum(count >= low for low in breaks) - 1
    return HEAT[index + (len(HEAT) - len(breaks)) // 2]


def _tile(cell: PlaceCell, size: float, breaks: tuple[int, ...]) -> str:
    x, y = cell.column * size, cell.row * size
    count = cell.n_complainants
    fill = _heat(count, breaks) if count else "#f3f3f1"
    dark = fill in HEAT[3:]
    name = cell.name if size > 40 else cell.name[:2]
    middle = x + size / 2
    parts = [
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{size - TILE_GAP:.1f}" height="{size - TILE_GAP:.1f}" rx="2"'
        f' fill="{fill}"><title>{clean(cell.name)} {count if count else "不显示"}</title></rect>'
    ]
    name_colour = "#fff" if dark else (INK if count else "#9a9a9a")
    font = 11 if size > 40 else 7
    line = y + size * (0.42 if count else 0.58)
    parts.append(_text(middle - 0.7, line, name, size=font, anchor="middle", colour=name_colour))
    if count:
        x, y = middle - 0.7, y + size * 0.82
        parts.append(_text(x, y, str(count), size=font, anchor="middle", colour=name_colour, bold=True))
    return "".join(parts)


def _area_names(digest: Digest, cells: tuple[PlaceCell, ...], size: float) -> list[str]:
    """Names of districts over free tiles beside their towns."""
    taken = {(cell.column, cell.row) for cell in cells}
    parts = []
    for area in digest.areas:
        own = [cell for cell in cells if cell.area == area.code]
        if not own:
            continue
        first_row = min(cell.row for cell in own)
        first = min(cell.column for cell in own if cell.row == first_row)
        if (first, first_row - 1) not in taken and first_row > 0:
            x, y = first * size, first_row * size - 4
        else:
            below = max(cell.row for cell in own)
            x = min(cell.column for cell in own if cell.row == below) * size
            y = (below + 1) * size + 9
        parts.append(_text(x, y, area.name, size=10, bold=True))
    return parts


def _map_legend(breaks: tuple[int, ...], y: float, min_cell: int) -> str:
    parts = [f'<rect x="0" y="{y:.1f}" width="11" height="11" fill="#f3f3f1" stroke="{LINE}"/>']
    parts.append(_text(15, y + 9, f"少于{min_cell}或不显示", size=9))
    x = 92.0
    for index, low in enumerate(breaks):
        last = index == len(breaks) - 1
        high = "+" if last else f"–{breaks[index + 1] - 1}"
        label = str(low) if not last and breaks[index + 1] - 1 == low else f"{low}{high}"
        parts.append(f'<rect x="{x}" y="{y:.1f}" width="11" height="11" fill="{_heat(low, breaks)}"/>')
        parts.append(_text(x + 14, y + 9, label, size=9))
        x += 20 + 6.2 * len(label) + 4
    return "".join(parts)


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    anchor: str = "start",
    colour: str = INK,
    bold: bool = False,
) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"{weight}>'
        f"{clean(text)}</text>"
    )


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 6, 8, 10 times a power of ten: even, so that half of it is a whole number.

    >>> _round_up(37.2), _round_up(130)
    (40.0, 200.0)
    """
    power = 10.0 ** max(0, len(str(int(value))) - 1)
    return next(factor * power for factor in (1, 2, 4, 6, 8, 10) if factor * power >= value)
