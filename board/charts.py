"""Charts over days and of risk points. Pure: records in, an Altair chart out; only what is passed in is in it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from board.marks import SOURCES, day_text
from board.queries_issue import FactorRow, SourceDay
from board.queries_usual import UsualDay

if TYPE_CHECKING:
    import altair as alt

FONT = "Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
SOURCE_COLOURS = {"信访": "#4c78a8", "热线": "#e0a23b", "网格": "#3f9c8f"}  # apart also in grey
INK, FAINT, ALARM, USUAL = "#23303b", "#dfe5ea", "#b3261e", "#d5dce2"


def styled(chart: Any) -> Any:
    """The board's look for any chart."""
    import altair as alt

    axis = alt.AxisConfig(
        labelFontSize=12, titleFontSize=12, labelColor=INK, titleColor="#5b6873", titleFontWeight="normal",
        gridColor=FAINT, domainColor="#b8c2ca", tickColor="#b8c2ca",
    )  # fmt: skip
    legend = alt.LegendConfig(labelFontSize=12, titleFontSize=12, orient="top", symbolType="square", title=None)
    view = alt.ViewConfig(stroke=None)
    room = {"left": 12, "right": 14, "top": 4, "bottom": 12}  # said of the chart itself: Streamlit adds a bottom alone
    return chart.properties(padding=room).configure(
        font=FONT, background="transparent", axis=axis, legend=legend, view=view
    )


def daily_bars(
    days: Sequence[SourceDay],
    *,
    first: date,
    last: date,
    alert_days: Sequence[date] = (),
    expected: Sequence[tuple[date, float]] = (),
) -> "alt.LayerChart":
    """Reports a day stacked by source, alert days marked, the expected number as a line where given."""
    import altair as alt
    import pandas as pd

    names = list(SOURCE_COLOURS)
    frame = pd.DataFrame(_stacked(days), columns=["日期", "起", "止", "来源", "件数", "底", "顶"])
    top = max([1.0, *(float(n) for n in frame["顶"]), *(n for _, n in expected)]) * (1.25 if alert_days else 1.08)
    x = _day_axis(first, last)
    scale = alt.Scale(domain=[0, top], nice=False)
    y = alt.Y("底:Q", title=None, scale=scale, axis=alt.Axis(tickMinStep=1, tickCount=5, minExtent=22))
    at, height = alt.X("起:T", title=None), alt.Y("底:Q", title=None)  # the same axes, set by the bars alone
    colour = alt.Color("来源:N", scale=alt.Scale(domain=names, range=[SOURCE_COLOURS[name] for name in names]))
    tips = ["日期:N", "来源:N", "件数:Q"]
    bars = alt.Chart(frame).mark_bar().encode(x=x, x2="止:T", y=y, y2="顶:Q", color=colour, tooltip=tips)
    half = timedelta(hours=18)
    ends = pd.DataFrame({"起": [_noon(first) - half, _noon(last) + half]})
    span = alt.Chart(ends).mark_rule(opacity=0).encode(x=at)  # the whole period, also where its ends are empty
    layers: list[Any] = [bars, span]
    if expected:
        line = pd.DataFrame([(_noon(day), n) for day, n in expected], columns=["起", "底"])
        dashes = alt.Chart(line).mark_line(color=INK, strokeDash=[4, 3], strokeWidth=1.4)
        layers.append(dashes.encode(x=at, y=height))
    layers += _alert_marks(alert_days, top, room_days=(last - first).days / 10)
    return styled(alt.layer(*layers).properties(height=220))


def usual_band(
    days: Sequence[UsualDay], *, first: date, last: date, alert_days: Sequence[date] = ()
) -> "alt.LayerChart":
    """New people of two weeks as a line over the range that would be usual, under the same days as `daily_bars`."""
    import altair as alt
    import pandas as pd

    half = timedelta(hours=12)
    rows = [
        (day_text(d.day), _noon(d.day) - half, _noon(d.day) + half, d.low, d.high, d.n_people, f"{d.low}–{d.high} 人")
        for d in days
    ]
    frame = pd.DataFrame(rows, columns=["日期", "起", "止", "低", "高", "人", "平常"])
    top = max(2.0, *frame["高"], *frame["人"]) * (1.3 if alert_days else 1.1)
    axis = alt.Axis(tickMinStep=1, tickCount=4, minExtent=22)
    y = alt.Y("低:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False), axis=axis)
    tips = [alt.Tooltip("日期:N"), alt.Tooltip("人:Q", title="14 天内新增"), alt.Tooltip("平常:N", title="平常范围")]
    base = alt.Chart(frame).encode(x=_day_axis(first, last), tooltip=tips)
    band = base.mark_rect(color=USUAL, stroke=USUAL, strokeWidth=1).encode(x2="止:T", y=y, y2="高:Q")
    ends = pd.DataFrame({"起": [_noon(first) - 1.5 * half, _noon(last) + 1.5 * half]})
    at, height = alt.X("起:T", title=None), alt.Y("人:Q", title=None)
    line = alt.Chart(pd.DataFrame([(_noon(d.day), d.n_people) for d in days], columns=["起", "人"]))
    drawn = line.mark_line(color=INK, strokeWidth=2, interpolate="step", point={"color": INK, "size": 14})
    layers: list[Any] = [band, alt.Chart(ends).mark_rule(opacity=0).encode(x=at), drawn.encode(x=at, y=height)]
    layers += _alert_marks(alert_days, top, room_days=(last - first).days / 10)
    return styled(alt.layer(*layers).properties(height=150))


def _alert_marks(alert_days: Sequence[date], top: float, *, room_days: float) -> list[Any]:
    """A dashed line and a word at the top for each alert."""
    import altair as alt
    import pandas as pd

    if not alert_days:
        return []
    flags = _flags(alert_days, room_days=room_days)
    marks = pd.DataFrame([(_noon(day), word, top) for day, word in flags], columns=["起", "字", "底"])
    drops = alt.Chart(marks).encode(x=alt.X("起:T", title=None))
    words = drops.mark_text(color=ALARM, fontSize=12, fontWeight="bold", align="right", dx=5, dy=8)
    rule = drops.mark_rule(color=ALARM, strokeWidth=1.4, strokeDash=[2, 2])
    return [rule, words.encode(y=alt.Y("底:Q", title=None), text="字:N")]


def _flags(alert_days: Sequence[date], *, room_days: float) -> list[tuple[date, str]]:
    """A mark an alert; the word only where the one before leaves it room."""
    days = sorted(alert_days)
    roomy = [True, *((later - day).days >= room_days for day, later in pairwise(days))]
    return [(day, "预警 ▼" if room else "▼") for day, room in zip(days, roomy, strict=True)]


def _stacked(days: Sequence[SourceDay]) -> list[tuple[object, ...]]:
    """One row a bar piece: label, start and end of the day with a little air, source, count, bottom, top."""
    order = list(SOURCE_COLOURS)
    named = [(row.day, SOURCES.get(row.source, row.source), row.n_reports) for row in days]
    height: dict[date, int] = {}
    rows: list[tuple[object, ...]] = []
    for day, source, n in sorted(named, key=lambda row: (row[0], order.index(row[1]) if row[1] in order else 9)):
        bottom = height.get(day, 0)
        height[day] = bottom + n
        start, stop = (datetime.combine(day, time(hour)) for hour in (2, 22))
        rows.append((day_text(day), start, stop, source, n, bottom, bottom + n))
    return rows


def _day_axis(first: date, last: date) -> Any:
    import altair as alt

    n_days = (last - first).days + 1
    step = max(1, -(-n_days // 10))  # about ten labels, none so near an edge that it would be cut
    labelled = [last - timedelta(days=back) for back in range(min(step // 2, n_days - 1), n_days, step)]
    values = [alt.DateTime(year=d.year, month=d.month, date=d.day, hours=12) for d in reversed(labelled)]
    axis = alt.Axis(values=values, format="%-m月%-d日", grid=False, labelOverlap=True, labelFlush=False)
    return alt.X("起:T", title=None, scale=alt.Scale(nice=False), axis=axis)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12))


def factor_bars(factors: Sequence[FactorRow]) -> "alt.LayerChart":
    """Risk points by factor: what raises to the right, what lowers to the left, each with its sign."""
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame(
        [(f"{f.name}|{f.value}", f.points, f"{f.points:+.0f}") for f in sorted(factors, key=lambda f: -f.points)],
        columns=["因素", "分", "字"],
    )
    low, high = min(0.0, *frame["分"]), max(1.0, *frame["分"])
    room = (high - low) * 0.18
    axis = alt.Axis(
        labelLimit=220, labelFontSize=13, domain=False, ticks=False, labelPadding=8,
        labelExpr="split(datum.label, '|')", labelBaseline="line-bottom",
    )  # fmt: skip
    y = alt.Y("因素:N", sort=None, title=None, axis=axis)
    x = alt.X("分:Q", axis=None, scale=alt.Scale(domain=[low - room if low < 0 else 0, high + room], nice=False))
    colour = alt.condition("datum['分'] >= 0", alt.value("#c0632b"), alt.value("#2f6f9f"))
    base = alt.Chart(frame).encode(y=y, x=x)
    bars = base.mark_bar(size=18, cornerRadius=2).encode(color=colour)
    up = base.transform_filter("datum['分'] >= 0").mark_text(align="left", dx=5, fontSize=13, color=INK)
    down = base.transform_filter("datum['分'] < 0").mark_text(align="right", dx=-5, fontSize=13, color=INK)
    zero = alt.Chart(pd.DataFrame({"分": [0]})).mark_rule(color="#7b8791").encode(x=x)
    said = alt.Text("字:N")
    layers = alt.layer(bars, up.encode(text=said), down.encode(text=said), zero)
    return styled(layers.properties(height=46 * len(frame)))
