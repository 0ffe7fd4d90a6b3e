"""How well chances of escalating hold, and what weighs in them, as pictures. Pure: records in, an Altair chart out."""

from collections.abc import Mapping
from math import exp
from typing import TYPE_CHECKING

from board.charts import INK, styled
from signals.likelihood import LOWERING, Quality

if TYPE_CHECKING:
    import altair as alt

DOT, LINE = "#4c78a8", "#7b8791"
HEIGHT, BAR_HEIGHT = 260, 26


def reliability(quality: Quality) -> "alt.LayerChart":
    """The share that escalated over the chance that was said, a point a tenth of issues; on the line both agree."""
    import altair as alt
    import pandas as pd

    rows = [(one.said, one.seen, f"说 {one.said:.0%}", f"升级 {one.seen:.0%}", f"{one.n:,} 个议题日")
            for one in quality.bins]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["说", "见", "可能性", "实际", "数"])
    scale, axis = alt.Scale(domain=[0, 1], nice=False), alt.Axis(format=".0%", tickCount=5)
    x = alt.X("说:Q", title="说的可能性", scale=scale, axis=axis)
    y = alt.Y("见:Q", title="实际升级的", scale=scale, axis=axis)
    even = alt.Chart(pd.DataFrame({"说": [0.0, 1.0], "见": [0.0, 1.0]}))
    line = even.mark_line(color=LINE, strokeDash=[4, 3], strokeWidth=1.2).encode(x=x, y=y)
    tips = [alt.Tooltip(f"{name}:N") for name in ("可能性", "实际", "数")]
    points = alt.Chart(frame).mark_point(color=DOT, filled=True, size=80, opacity=1).encode(x=x, y=y, tooltip=tips)
    return styled(alt.layer(line, points).properties(height=HEIGHT))


def weight_bars(weights: Mapping[str, float]) -> "alt.LayerChart":
    """By how much ten points of each factor multiply the odds, or divide them where they lower them.

    The heaviest come first; those without weight are left out.
    """
    import altair as alt
    import pandas as pd

    heavy = sorted(((exp(weight), name) for name, weight in weights.items() if weight > 0), reverse=True)
    signs = [("÷", LINE) if name in LOWERING else ("×", DOT) for _, name in heavy]
    rows = [(name, times, 1.0, f"{sign} {times:.1f}", colour)
            for (times, name), (sign, colour) in zip(heavy, signs, strict=True)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["因素", "倍", "底", "字", "色"])
    axis = alt.Axis(labelLimit=220, labelFontSize=13, domain=False, ticks=False, labelPadding=8)
    top = max([2.0, *frame["倍"]]) * 1.15
    x = alt.X("倍:Q", axis=None, scale=alt.Scale(domain=[1, top], nice=False))
    base = alt.Chart(frame).encode(y=alt.Y("因素:N", sort=None, title=None, axis=axis), x=x)
    bars = base.mark_bar(cornerRadius=2, size=16).encode(x2=alt.X2("底:Q"), color=alt.Color("色:N", scale=None))
    words = base.mark_text(align="left", dx=5, fontSize=13, color=INK).encode(text=alt.Text("字:N"))
    return styled(alt.layer(bars, words).properties(height=BAR_HEIGHT * max(len(frame), 1)))
