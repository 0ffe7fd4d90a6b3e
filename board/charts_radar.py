"""The radar as a picture: level to the right, growth upwards, one mark an issue. Pure: records in, a chart out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, log2, pi, sin, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from board.charts import INK, styled
from board.marks import STAGES, day_text
from board.queries_radar import Position, Radar, RadarIssue
from signals.likelihood import risk_said
from signals.stages import EMERGING_COMPLAINANTS, STRONG_COMPLAINANTS

if TYPE_CHECKING:
    import altair as alt

WIDTH, HEIGHT = 800, 520  # pixels of the plot for which labels are placed; wider only leaves more room
STAGE_MARKS = {  # stage → (sign in text, Vega shape, colour): apart by shape, and by lightness in grey
    "weak": ("●", "circle", "#8a97a3"),
    "emerging": ("▲", "triangle-up", "#d17a00"),
    "strong": ("◆", "diamond", "#8c1d18"),
    "fading": ("▼", "triangle-down", "#3d88c4"),
}
LABEL_CHARACTERS = 12
MOST_LABELS = 14
PEOPLE_TICKS = (0, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000)
GOLDEN_ANGLE = pi * (3 - sqrt(5))
STEP = 5.0  # pixels between marks that share one position, less where there are many
REACH, REACH_NOBODY = (33, 24), (58, 46)  # pixels that they may take, to a side and upwards; where nobody is new
CROWD = 8
ABOVE, BELOW = 66, 68  # pixels kept free for captions

CORNERS = (  # words, whether at the right, whether above
    ("人还少，在变多\n最早的苗头：先核看", False, True),
    ("人已多，还在变多\n最急：先办", True, True),
    ("人还少，在变少\n继续留意", False, False),
    ("人曾多，在变少\n盯住办结，防反复", True, False),
)
BESIDE = (("left", 0), ("left", -13), ("left", 13), ("right", 0), ("right", -13), ("right", 13))
RISEN = ("emerging", "strong")

Box = tuple[float, float, float, float]  # pixels: left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Frame:
    """The scales of one picture in doublings: people + 2 to the right, growth upwards."""

    left: float
    right: float
    low: float
    high: float

    def pixels(self, x: float, y: float) -> tuple[float, float]:
        """Pixels from the upper left corner of a plot of WIDTH × HEIGHT."""
        return (x - self.left) / (self.right - self.left) * WIDTH, (self.high - y) / (self.high - self.low) * HEIGHT

    def offset(self, right: float, up: float) -> tuple[float, float]:
        """A distance in pixels as one in the units of the scales."""
        return right / WIDTH * (self.right - self.left), up / HEIGHT * (self.high - self.low)


def radar_chart(
    issues: Sequence[RadarIssue], seen: Radar, places: Sequence[str], *, leads_on: bool = True
) -> "alt.LayerChart":
    """All given issues, each with its place; a click on a mark opens the issue, where that may be opened."""
    import altair as alt
    import pandas as pd

    frame = _frame(issues)
    spots = _spread(issues, frame)
    table = pd.DataFrame([_drawn(*each) for each in zip(issues, spots, places, strict=True)])
    table["地址"] = table["地址"] if leads_on else ""
    x, y = _axes(frame)
    shapes, colours = ([mark[i] for mark in STAGE_MARKS.values()] for i in (1, 2))
    names = [STAGES[stage] for stage in STAGE_MARKS]
    tips = ["议题", "地区", "阶段", "人数", "本两周", "前两周", "增长", "近120天", "矛盾风险", "预警"]
    base = alt.Chart(table).encode(
        x=x, y=y, href=alt.Href("地址:N"), description=alt.Description("说明:N"),
        tooltip=[alt.Tooltip(f"{name}:N", title=name) for name in tips],
        size=alt.Size("大小:Q", scale=None, legend=None),
    )  # fmt: skip
    shape = alt.Shape("阶段:N", scale=alt.Scale(domain=names, range=shapes), legend=None)
    colour = alt.Color("阶段:N", scale=alt.Scale(domain=names, range=colours), legend=None)
    marks = base.mark_point(filled=True, stroke="#ffffff", strokeWidth=0.7, cursor="pointer" if leads_on else "default")
    opacity = alt.Opacity("浓淡:Q", scale=None, legend=None)
    layers = [*_ground(frame, seen.city), *_tails(issues, spots)]
    layers.append(marks.encode(shape=shape, color=colour, opacity=opacity))
    if any(issue.alerted_on for issue in issues):
        ring = base.transform_filter("datum['圈'] > 0").mark_point(
            filled=False, shape="circle", stroke=INK, strokeWidth=1.5, cursor="pointer"
        )
        layers.append(ring.encode(size=alt.Size("圈:Q", scale=None, legend=None)))
    layers += _labels(issues, spots, frame)
    return styled(alt.layer(*layers).properties(height=HEIGHT))


def _frame(issues: Sequence[RadarIssue]) -> Frame:
    """Scales that hold every mark and every tail drawn, and at least the border of the strong and half to double."""
    stands = [issue.now for issue in issues] + [issue.before for issue in issues if _has_tail(issue)]
    most = max([STRONG_COMPLAINANTS + 6, *(stand.n_level for stand in stands)])
    growths = [log2(stand.growth) for stand in stands]
    bottom, top = min([-1.5, *growths]), max([1.5, *growths])
    pixel = (top - bottom) / (HEIGHT - ABOVE - BELOW)
    return Frame(_right(0) - 0.45, _right(most) + 0.3, bottom - BELOW * pixel, top + ABOVE * pixel)


def _right(people: float) -> float:
    return log2(people + 2)


def _at(stand: Position) -> tuple[float, float]:
    return _right(stand.n_level), log2(stand.growth)


def _has_tail(issue: RadarIssue) -> bool:
    return issue.now != issue.before and (issue.alerted_on is not None or issue.stage == "strong")


def _spread(issues: Sequence[RadarIssue], frame: Frame) -> list[tuple[float, float]]:
    """Where each mark is drawn: those of one position lie around it like seeds of a sunflower, largest inside."""
    together = Counter(_at(issue.now) for issue in issues)
    placed: Counter[tuple[float, float]] = Counter()
    spots: dict[int, tuple[float, float]] = {}
    for issue in sorted(issues, key=lambda issue: (-issue.n_complainants, issue.issue_id)):
        at = _at(issue.now)
        turn, radius = placed[at] * GOLDEN_ANGLE, sqrt(placed[at])
        wide, tall = (min(STEP, reach / sqrt(together[at])) for reach in (REACH if issue.now.n_level else REACH_NOBODY))
        right, up = frame.offset(wide * radius * cos(turn), tall * radius * sin(turn))
        spots[issue.issue_id] = (at[0] + right, at[1] + up)
        placed[at] += 1
    return [spots[issue.issue_id] for issue in issues]


def _area(issue: RadarIssue) -> float:
    """Square pixels of a mark: in proportion to people, with a least size to be hit."""
    return 12.0 + 9.0 * min(issue.n_complainants, 120)


def _drawn(issue: RadarIssue, spot: tuple[float, float], place: str) -> dict[str, object]:
    area = _area(issue)
    return {
        "x": spot[0], "y": spot[1], "大小": area, "浓淡": 0.62 if issue.stage == "weak" else 0.92,
        "圈": (sqrt(area) * 1.3 + 6) ** 2 if issue.alerted_on else 0, "地址": f"issue?issue={issue.issue_id}",
        "说明": f"{issue.name}，{STAGES[issue.stage]}，近 28 天 {issue.now.n_level} 人，增长 {growth_text(issue.now)}",
        "议题": issue.name, "地区": place, "阶段": STAGES[issue.stage],
        "人数": f"近 28 天 {issue.now.n_level} 人", "本两周": f"{issue.now.n_now} 人",
        "前两周": f"{issue.now.n_before} 人", "增长": growth_text(issue.now), "近120天": f"{issue.n_complainants} 人",
        "矛盾风险": "不显示" if issue.risk_points is None else risk_said(issue.risk_points, issue.risk),
        "预警": day_text(issue.alerted_on) if issue.alerted_on else "近 28 天没有",
    }  # fmt: skip


def growth_text(stand: Position) -> str:
    """The growth as it is read: 1.5 倍; a dash where nobody came in either fortnight."""
    return f"{stand.growth:.1f} 倍" if stand.n_now + stand.n_before else "—"


def _axes(frame: Frame) -> tuple[Any, Any]:
    import altair as alt

    people = [_right(n) for n in PEOPLE_TICKS if _right(n) < frame.right]
    x_axis = alt.Axis(values=people, labelExpr="round(pow(2, datum.value) - 2) + ' 人'", grid=False, labelOverlap=True)
    words = "datum.value == 0 ? '持平' : datum.value > 0 ? pow(2, datum.value) + ' 倍' : '1/' + pow(2, -datum.value)"
    doublings = [n for n in range(-9, 10) if ABOVE - 30 < frame.pixels(0, n)[1] < HEIGHT - BELOW + 30]
    y_axis = alt.Axis(values=doublings, labelExpr=words, gridColor="#eef2f5")
    x_scale = alt.Scale(domain=[frame.left, frame.right], nice=False, zero=False)
    y_scale = alt.Scale(domain=[frame.low, frame.high], nice=False, zero=False)
    x = alt.X("x:Q", title="近 28 天有多少人新来反映 →", scale=x_scale, axis=x_axis)
    return x, alt.Y("y:Q", title="本两周与前两周相比 →", scale=y_scale, axis=y_axis)


def _ground(frame: Frame, city: Position) -> list[Any]:
    """Borders of the stages, the line of no change, and the city's own growth where it is another."""
    import altair as alt
    import pandas as pd

    x, y = alt.X("x:Q"), alt.Y("y:Q")
    emerging, strong = (_right(n - 0.5) for n in (EMERGING_COMPLAINANTS, STRONG_COMPLAINANTS))
    borders = alt.Chart(pd.DataFrame({"x": [emerging, strong]}))
    level = alt.Chart(pd.DataFrame({"y": [0.0]}))
    heads = (
        (emerging, frame.high, f"{EMERGING_COMPLAINANTS} 人起：萌芽"),
        (strong, frame.high, f"{STRONG_COMPLAINANTS} 人起：显著"),
    )
    words = _words(heads)
    layers = [
        borders.mark_rule(color="#b8c2ca", strokeDash=[4, 4]).encode(x=x),
        level.mark_rule(color="#9aa7b1", strokeWidth=1.2).encode(y=y),
        words.mark_text(align="left", dx=6, dy=12, fontSize=12, color="#5b6873"),
        *(_caption(frame, *corner) for corner in CORNERS),
    ]
    ratio = log2(city.growth)
    if abs(ratio) > 0.1 and frame.low < ratio < frame.high:
        layers.append(alt.Chart(pd.DataFrame({"y": [ratio]})).mark_rule(color="#2f6f9f", strokeDash=[2, 3]).encode(y=y))
        down = 10 if ratio < 0 else -8
        word = _words([(frame.right, ratio, f"全市同期 {city.growth:.2f} 倍")])
        layers.append(word.mark_text(align="right", dx=-6, dy=down, fontSize=12, color="#2f6f9f"))
    return layers


def _caption(frame: Frame, words: str, is_right: bool, is_high: bool) -> Any:
    at = (frame.right if is_right else frame.left, frame.high if is_high else frame.low, words)
    return _words([at]).mark_text(
        align="right" if is_right else "left", dx=-10 if is_right else 10, dy=16 if is_high else -32, fontSize=13,
        lineBreak="\n", lineHeight=18, color="#6f7c87", fontWeight="bold", baseline="middle",
    )  # fmt: skip


def _tails(issues: Sequence[RadarIssue], spots: Sequence[tuple[float, float]]) -> list[Any]:
    """From where an issue stood a week ago to where it stands, for those that rose or alerted."""
    import altair as alt
    import pandas as pd

    told = [pair for pair in zip(issues, spots, strict=True) if _has_tail(pair[0])]
    rows = [(*_at(issue.before), *spot) for issue, spot in told]
    if not rows:
        return []
    table = alt.Chart(pd.DataFrame(rows, columns=["x", "y", "x2", "y2"])).encode(x=alt.X("x:Q"), y=alt.Y("y:Q"))
    line = table.mark_rule(color="#7d8a95", strokeWidth=1, opacity=0.55).encode(x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"))
    return [line, table.mark_point(filled=True, size=14, color="#7d8a95", opacity=0.7)]


def _labels(issues: Sequence[RadarIssue], spots: Sequence[tuple[float, float]], frame: Frame) -> list[Any]:
    """Names of the alerted, the strong and the emerging, in this order, where they hide no other name."""
    told = [pair for pair in zip(issues, spots, strict=True) if pair[0].alerted_on or pair[0].stage in RISEN]
    told.sort(key=lambda pair: (pair[0].alerted_on is None, -pair[0].now.n_level, pair[0].issue_id))
    marks = [_mark_box(frame.pixels(*spot), issue) for issue, spot in told]
    taken = np.array(marks + _crowds(issues, frame)).reshape(-1, 4)
    rows = []
    for issue, spot in told:
        name = issue.name[:LABEL_CHARACTERS] + ("…" if len(issue.name) > LABEL_CHARACTERS else "")
        for align, down in BESIDE:
            box = _label_box(frame.pixels(*spot), issue, name, align, down)
            if box[0] > 0 and box[2] < WIDTH and not _touches(box, taken):
                taken = np.vstack([taken, box])
                gap, up = frame.offset(_gap(issue), -down)
                rows.append((spot[0] + (gap if align == "left" else -gap), spot[1] + up, name, align))
                break
        if len(rows) == MOST_LABELS:
            break
    layers = []
    for align in ("left", "right"):
        own = [row[:3] for row in rows if row[3] == align]
        if own:
            text = _words(own)
            halo = text.mark_text(align=align, fontSize=12, stroke="#ffffff", strokeWidth=4, color="#ffffff")
            layers += [halo, text.mark_text(align=align, fontSize=12, color=INK)]
    return layers


def _words(rows: Sequence[tuple[float, float, str]]) -> Any:
    """Words at their places."""
    import altair as alt
    import pandas as pd

    table = pd.DataFrame(rows, columns=["x", "y", "字"])
    return alt.Chart(table).encode(x=alt.X("x:Q"), y=alt.Y("y:Q"), text=alt.Text("字:N"))


def _crowds(issues: Sequence[RadarIssue], frame: Frame) -> list[Box]:
    """Where many marks share a position: no name is written over them."""
    boxes = []
    for at, n in Counter(_at(issue.now) for issue in issues).items():
        if n > CROWD:
            x, y = frame.pixels(*at)
            wide, tall = (min(reach, STEP * sqrt(n)) for reach in REACH)
            boxes.append((x - wide, y - tall, x + wide, y + tall))
    return boxes


def _gap(issue: RadarIssue) -> float:
    """Pixels from the middle of a mark to its name."""
    return sqrt(_area(issue)) * 0.65 + 8


def _mark_box(at: tuple[float, float], issue: RadarIssue) -> Box:
    reach = _gap(issue) - 3
    return at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach


def _label_box(at: tuple[float, float], issue: RadarIssue, name: str, align: str, down: float) -> Box:
    width = 12.5 * len(name)
    left = at[0] + _gap(issue) if align == "left" else at[0] - _gap(issue) - width
    return left, at[1] + down - 8, left + width, at[1] + down + 8


def _touches(box: Box, taken: NDArray[np.float64]) -> bool:
    """Whether a box overlaps any of those taken, (n, 4)."""
    left, top, right, bottom = taken.T
    return bool(((box[0] < right) & (left < box[2]) & (box[1] < bottom) & (top < box[3])).any())
