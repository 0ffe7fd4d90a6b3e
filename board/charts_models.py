"""Runs, drift and measured budgets as small pictures. Pure: records in, an Altair chart out."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from board.charts import ALARM, INK, SOURCE_COLOURS, styled
from board.marks import SOURCES, day_text
from board.queries_models import Measured, SourceDelay

if TYPE_CHECKING:
    import altair as alt

BAR, SOFT = "#4c78a8", "#5b6873"
SHAPES = {"信访": "circle", "热线": "square", "网格": "triangle-up"}
HEIGHT = 120


def day_bars(rows: Sequence[tuple[date, float]], unit: str, *, first: date, last: date) -> "alt.LayerChart":
    """One bar a day over the whole period."""
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame([
        (_at(day, 2), _at(day, 22), value, 0, day_text(day), f"{value:,.10g} {unit}") for day, value in rows
    ], columns=["起", "止", "值", "底", "日期", "数"])  # fmt: skip
    y = alt.Y("值:Q", title=None, axis=alt.Axis(tickCount=3, tickMinStep=1))
    base = alt.Chart(frame).encode(x=_days(first, last), x2=alt.X2("止:T"), y=y, y2=alt.Y2("底:Q"))
    bars = base.mark_bar(color=BAR).encode(tooltip=_tips("日期", "数"))
    return styled(alt.layer(bars, _span(first, last)).properties(height=HEIGHT))


def delay_lines(delays: Sequence[SourceDelay], *, first: date, last: date) -> "alt.LayerChart":
    """Median days from receipt to being known, a line a source, apart by shape and by colour."""
    import altair as alt
    import pandas as pd

    rows = [
        (_at(one.day, 12), one.median_hours / 24, SOURCES.get(one.source, one.source), day_text(one.day),
         f"{one.median_hours / 24:.1f} 天（{one.n_reports} 件）")
        for one in delays
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["起", "天", "来源", "日期", "数"])
    names = list(SOURCE_COLOURS)
    colour = alt.Color("来源:N", scale=alt.Scale(domain=names, range=list(SOURCE_COLOURS.values())))
    shape = alt.Shape("来源:N", scale=alt.Scale(domain=names, range=[SHAPES[name] for name in names]))
    top = max([1.0, *frame["天"]]) * 1.1
    y = alt.Y("天:Q", title=None, axis=alt.Axis(tickCount=3), scale=alt.Scale(domain=[0, top], nice=False))
    base = alt.Chart(frame).encode(x=_days(first, last), y=y, color=colour)
    points = base.mark_point(size=36, filled=True, opacity=1).encode(shape=shape, tooltip=_tips("日期", "来源", "数"))
    layers = alt.layer(base.mark_line(strokeWidth=1.4), points, _span(first, last))
    return styled(layers.properties(height=HEIGHT))


def week_line(rows: Sequence[tuple[date, float]], *, span: tuple[date, date], is_share: bool) -> "alt.LayerChart":
    """One number a week as a line with points, the last one in words; a share from 0, a ratio around 1."""
    import altair as alt
    import pandas as pd

    said = [f"{value:.1%}" if is_share else f"{value:.2f}" for _, value in rows]
    weeks = [f"{week.month}月{week.day}日起的一周" for week, _ in rows]
    frame = pd.DataFrame({"起": [_at(week, 12) for week, _ in rows], "值": [value for _, value in rows], "周": weeks,
                          "数": said})  # fmt: skip
    top = max([0.1 if is_share else 1.5, *frame["值"]]) * 1.15
    axis = alt.Axis(tickCount=3, format=".0%" if is_share else ".1f")
    y = alt.Y("值:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, top], nice=False))
    base = alt.Chart(frame).encode(x=_days(*span), y=y)
    layers: list[Any] = [_span(span[0], span[1] + timedelta(days=(span[1] - span[0]).days // 8))]
    if not is_share:
        one = alt.Chart(pd.DataFrame({"值": [1.0]})).mark_rule(color=SOFT, strokeDash=[4, 3])
        layers.append(one.encode(y=alt.Y("值:Q", title=None)))
    layers.append(base.mark_line(color=BAR, strokeWidth=1.6))
    layers.append(base.mark_point(color=BAR, filled=True, size=34, opacity=1).encode(tooltip=_tips("周", "数")))
    last = alt.Chart(frame.tail(1)).encode(x=alt.X("起:T", title=None), y=alt.Y("值:Q", title=None))
    said = last.mark_text(align="left", dx=8, dy=0 if is_share else -10, fontSize=13, fontWeight="bold", color=INK)
    layers.append(said.encode(text=alt.Text("数:N")))
    return styled(alt.layer(*layers).properties(height=HEIGHT))


def budget_points(rows: Sequence[Measured]) -> "alt.LayerChart":
    """Realized ÷ budget of each replay against the line of 1: beyond it the promise was not kept."""
    import altair as alt
    import pandas as pd

    lines = [(f"到 {one.through}", one.ratio, f"{one.ratio:.2f}", ALARM if one.ratio > 1 else BAR,
              "超过预算" if one.ratio > 1 else "守住预算") for one in rows if one.ratio is not None]  # fmt: skip
    frame = pd.DataFrame(lines, columns=["到", "值", "字", "色", "说"])
    frame["行"] = [f"{name}（第 {len(lines) - number} 次）" for number, name in enumerate(frame["到"])]
    scale = alt.Scale(domain=[0, max(1.5, float(frame["值"].max()) * 1.25)], nice=False)
    axis = alt.Axis(labelLimit=240, labelFontSize=12, domain=False, ticks=False, labelPadding=8, minExtent=190)
    x = alt.X("值:Q", title="实测 ÷ 预算", scale=scale, axis=alt.Axis(tickCount=4))
    base = alt.Chart(frame).encode(y=alt.Y("行:N", sort=None, title=None, axis=axis), x=x)
    one = alt.Chart(pd.DataFrame({"值": [1.0]})).mark_rule(color=INK, strokeDash=[4, 3]).encode(x=x)
    points = base.mark_point(size=95, filled=True, opacity=1).encode(
        color=alt.Color("色:N", scale=None), tooltip=_tips("行", "字", "说")
    )
    told = base.transform_calculate(句="datum['字'] + '，' + datum['说']")
    words = told.mark_text(align="left", dx=10, fontSize=12, color=INK)
    return styled(alt.layer(one, points, words.encode(text=alt.Text("句:N"))).properties(height=28 * len(lines) + 20))


def _tips(*names: str) -> list[Any]:
    import altair as alt

    return [alt.Tooltip(f"{name}:N") for name in names]


def _days(first: date, last: date) -> Any:
    import altair as alt

    step = max(1, -(-((last - first).days + 1) // 5))
    ticks = [last - timedelta(days=back) for back in range(max(step // 2, 2), (last - first).days + 1, step)]
    values = [alt.DateTime(year=day.year, month=day.month, date=day.day, hours=12) for day in ticks]
    axis = alt.Axis(values=values, format="%-m月%-d日", grid=False, labelOverlap="greedy", labelSeparation=8)
    return alt.X("起:T", title=None, scale=alt.Scale(nice=False), axis=axis)


def _span(first: date, last: date) -> Any:
    """The whole period, also where its ends are empty."""
    import altair as alt
    import pandas as pd

    ends = pd.DataFrame({"起": [_at(first, 0), _at(last, 23)]})
    return alt.Chart(ends).mark_rule(opacity=0).encode(x=alt.X("起:T", title=None))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour))
