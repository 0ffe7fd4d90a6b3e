"""Charts over days and of risk points. Pure: records in, an Altair chart out; only what is passed in is in it."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from board.marks import SOURCES
from board.queries_issue import FactorRow, SourceDay

if TYPE_CHECKING:
    import altair as alt

FONT = "Noto Sans CJK SC, Noto Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
SOURCE_COLOURS = {"信访": "#4c78a8", "热线": "#e0a23b", "网格": "#3f9c8f"}  # apart also in grey
INK, FAINT, ALARM = "#23303b", "#dfe5ea", "#b3261e"


def styled(chart: Any) -> Any:
    """The board's look for any chart."""
    return (
        chart.configure(font=FONT, background="transparent")
        .configure_axis(
            labelFontSize=12, titleFontSize=12, labelColor=INK, titleColor="#5b6873", titleFontWeight="normal",
            gridColor=FAINT, domainColor="#b8c2ca", tickColor="#b8c2ca",
        )
        .configure_legend(labelFontSize=12, titleFontSize=12, orient="top", symbolType="square", title=None)
        .configure_view(stroke=None)
    )  # fmt: skip


def daily_bars(
    days: Sequence[SourceDay],
    *,
    first: date,
    last: date,
    alert_days: Sequence[date] = (),
    expected: Sequence[tuple[date, float]] = (),
    height: int = 220,
) -> "alt.LayerChart":
    """Reports a day stacked by source, alert days marked, the expected number as a line where given."""
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame(
        [(pd.Timestamp(row.day), SOURCES.get(row.source, row.source), row.n_reports) for row in days],
        columns=["日期", "来源", "件数"],
    )
    span = [alt.DateTime(year=d.year, month=d.month, date=d.day) for d in (first, last)]
    x = alt.X(
        "日期:T",
        title=None,
        scale=alt.Scale(domain=span, padding=12),
        axis=alt.Axis(format="%-m月%-d日", grid=False, tickCount=10, labelOverlap=True),
    )
    names = list(SOURCE_COLOURS)
    colour = alt.Color("来源:N", scale=alt.Scale(domain=names, range=[SOURCE_COLOURS[name] for name in names]))
    width = max(3, min(22, 700 // ((last - first).days + 2)))
    y = alt.Y("sum(件数):Q", title="件", axis=alt.Axis(tickMinStep=1, tickCount=5))
    tips = [alt.Tooltip("日期:T", format="%Y-%m-%d"), "来源:N", "件数:Q"]
    layers: list[Any] = [
        alt.Chart(frame).mark_bar(size=width).encode(x=x, y=y, color=colour, order="来源:N", tooltip=tips)
    ]
    if expected:
        line = pd.DataFrame([(pd.Timestamp(d), n) for d, n in expected], columns=["日期", "预期"])
        layers.append(
            alt.Chart(line).mark_line(color=INK, strokeDash=[4, 3], strokeWidth=1.4).encode(x=x, y="预期:Q")
        )
    if alert_days:
        marks = pd.DataFrame({"日期": [pd.Timestamp(d) for d in alert_days], "字": "▼ 预警"})
        rule = alt.Chart(marks).encode(x=x)
        layers.append(rule.mark_rule(color=ALARM, strokeWidth=1.4, strokeDash=[2, 2]))
        layers.append(
            rule.mark_text(color=ALARM, fontSize=12, align="right", dx=-5, baseline="top").encode(
                y=alt.value(2), text="字:N"
            )
        )
    return styled(alt.layer(*layers).properties(height=height))


def factor_bars(factors: Sequence[FactorRow]) -> "alt.LayerChart":
    """Risk points by factor: what raises to the right, what lowers to the left, each with its sign."""
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame(
        [(f"{f.name}（{f.value}）" if f.value else f.name, f.points, f"{f.points:+.0f}") for f in factors],
        columns=["因素", "分", "字"],
    )
    low, high = min(0.0, *frame["分"]), max(1.0, *frame["分"])
    room = (high - low) * 0.12
    y = alt.Y("因素:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, domain=False, ticks=False, labelPadding=8))
    x = alt.X("分:Q", title="风险分", scale=alt.Scale(domain=[low - room, high + room], nice=False))
    colour = alt.condition("datum['分'] >= 0", alt.value("#c0632b"), alt.value("#2f6f9f"))
    base = alt.Chart(frame).encode(y=y, x=x)
    bars = base.mark_bar(size=18, cornerRadius=2).encode(color=colour)
    up = base.transform_filter("datum['分'] >= 0").mark_text(align="left", dx=5, fontSize=13, color=INK)
    down = base.transform_filter("datum['分'] < 0").mark_text(align="right", dx=-5, fontSize=13, color=INK)
    zero = alt.Chart(pd.DataFrame({"分": [0]})).mark_rule(color="#7b8791").encode(x="分:Q")
    layers = alt.layer(bars, up.encode(text="字:N"), down.encode(text="字:N"), zero)
    return styled(layers.properties(height=36 * len(frame) + 40))
