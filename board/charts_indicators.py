"""Service indicators as pictures: a point a district or unit, the city as a line, the denominator in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from board.charts import INK, styled
from board.charts_themes import name_axis
from board.queries_indicators import Figure, ServiceRow

if TYPE_CHECKING:
    import altair as alt

ROW = 26  # pixels
POINT, CITY, SOFT = "#2f6f9f", "#8a97a3", "#7b8791"
LEAST = 0.05  # of the share that the axis shows at least


@dataclass(frozen=True, slots=True)
class Measure:
    """What an indicator is called, what it is a share of, and what it counts."""

    key: str
    name: str
    of: str  # the denominator
    is_good: bool  # whether a higher share is better


MEASURES = (
    Measure("ontime", "按期办结", "已办结或已到期", True),
    Measure("overdue", "逾期未办", "全部诉求", False),
    Measure("answer", "首次答复用时", "已答复", False),
    Measure("satisfied", "满意", "回访说明是否满意", True),
    Measure("solved", "解决", "回访说明是否解决", True),
    Measure("returned", "退回改派", "带退单次数的来源", False),
    Measure("repeat", "答复后再次反映", "已答复、能辨认同一人", False),
)

def share_text(figure: Figure) -> str:
    """92%（287/312 件）, or the word in its place; a dash where there is nothing to be a share of."""
    if figure.n is None:
        return figure.word
    if figure.hits is None:
        return f"{figure.word} / {figure.n:,} 件"
    return f"{_percent(figure.hits, figure.n)}（{figure.hits:,}/{figure.n:,}）" if figure.n else "—"


def time_text(figure: Figure) -> str:
    """Median and ninth tenth of the days to the first answer, with how many were answered."""
    if figure.median_days is None or figure.late_days is None:
        return figure.word or "—"
    return f"{_days(figure.median_days)} / {_days(figure.late_days)} 天（{figure.hits:,} 件）"


def figure_text(measure: Measure, figure: Figure) -> str:
    """A figure in a table."""
    return time_text(figure) if measure.key == "answer" else share_text(figure)


def measure_chart(
    measure: Measure, rows: Sequence[ServiceRow], city: ServiceRow, names: Sequence[str]
) -> "alt.LayerChart":
    """One indicator of all rows, each by its name, in their order."""
    return _time_chart(rows, city, names) if measure.key == "answer" else _share_chart(measure, rows, city, names)


def _share_chart(
    measure: Measure, rows: Sequence[ServiceRow], city: ServiceRow, names: Sequence[str]
) -> "alt.LayerChart":
    import altair as alt
    import pandas as pd

    figures = [row.figures[measure.key] for row in rows]
    middle = city.figures[measure.key].share
    shares = [share for figure in figures if (share := figure.share) is not None] + ([middle] if middle else [])
    low = floor(max(min(shares, default=0.0) - 0.1, 0.0) * 5) / 5 if measure.is_good else 0.0
    ticks = round_ticks(low, 1.0 if measure.is_good else max(max(shares, default=0.0), LEAST))
    high = ticks[-1]
    scale = alt.Scale(domain=[low, high + (high - low) * 0.62], nice=False)
    frame = pd.DataFrame(
        [(name, figure.share, share_text(figure), SOFT if figure.share is None else INK)
         for name, figure in zip(names, figures, strict=True)],
        columns=["名称", "值", "字", "色"],
    )  # fmt: skip
    axis = alt.Axis(values=ticks, format=".0%", grid=True, domain=False, ticks=False)
    x = alt.X("值:Q", title=None, scale=scale, axis=axis)
    return _points(frame, names, x, middle, (low, high, scale))


def _points(frame: Any, names: Sequence[str], x: Any, middle: float | None, span: tuple[float, float, Any]) -> Any:
    import altair as alt
    import pandas as pd

    low, high, scale = span
    frame = frame.assign(中=middle if middle is not None else low, 右=high)
    base = alt.Chart(frame).encode(y=alt.Y("名称:N", sort=list(names), title=None, axis=name_axis(names)))
    known = base.transform_filter("isValid(datum['值'])")
    layers: list[Any] = []
    if middle is not None:
        line = alt.Chart(pd.DataFrame({"值": [middle]})).mark_rule(color=CITY, strokeDash=[4, 3], strokeWidth=1.4)
        layers.append(line.encode(x=x))
        layers.append(known.mark_rule(strokeWidth=3, opacity=0.4, color=POINT).encode(x=x, x2=alt.X2("中:Q")))
    point = known.mark_point(size=95, filled=True, color=POINT, opacity=1)
    layers.append(point.encode(x=x, tooltip=[alt.Tooltip("名称:N"), alt.Tooltip("字:N")]))
    said = base.mark_text(align="left", dx=12, fontSize=12)
    layers.append(said.encode(x=alt.X("右:Q", scale=scale), text=alt.Text("字:N"), color=alt.Color("色:N", scale=None)))
    return styled(alt.layer(*layers).properties(height=ROW * len(names)))


def _time_chart(rows: Sequence[ServiceRow], city: ServiceRow, names: Sequence[str]) -> "alt.LayerChart":
    """Half were answered by the filled point, nine in ten by the hollow one."""
    import altair as alt
    import pandas as pd

    figures = [row.figures["answer"] for row in rows]
    frame = pd.DataFrame(
        [(label, figure.median_days, figure.late_days, time_text(figure), SOFT if figure.median_days is None else INK)
         for label, figure in zip(names, figures, strict=True)],
        columns=["名称", "值", "九成", "字", "色"],
    )  # fmt: skip
    ticks = round_ticks(0.0, max([1.0, *(figure.late_days for figure in figures if figure.late_days is not None)]))
    frame["右"] = ticks[-1]
    scale = alt.Scale(domain=[0, ticks[-1] * 1.75], nice=False)
    axis = alt.Axis(values=ticks, labelExpr="datum.value + ' 天'", grid=True, domain=False, ticks=False)
    x = alt.X("值:Q", title=None, scale=scale, axis=axis)
    base = alt.Chart(frame).encode(y=alt.Y("名称:N", sort=list(names), title=None, axis=name_axis(names)))
    known = base.transform_filter("isValid(datum['值'])")
    layers: list[Any] = []
    if (middle := city.figures["answer"].median_days) is not None:
        line = alt.Chart(pd.DataFrame({"值": [middle]})).mark_rule(color=CITY, strokeDash=[4, 3], strokeWidth=1.4)
        layers.append(line.encode(x=x))
    layers.append(known.mark_rule(strokeWidth=3, opacity=0.4, color=POINT).encode(x=x, x2=alt.X2("九成:Q")))
    hollow = known.mark_point(size=75, filled=False, fill="white", stroke=POINT, strokeWidth=2, opacity=1)
    layers.append(hollow.encode(x=alt.X("九成:Q", scale=scale)))
    point = known.mark_point(size=95, filled=True, color=POINT, opacity=1)
    layers.append(point.encode(x=x, tooltip=[alt.Tooltip("名称:N"), alt.Tooltip("字:N")]))
    said = base.mark_text(align="left", dx=12, fontSize=12)
    layers.append(said.encode(x=alt.X("右:Q", scale=scale), text=alt.Text("字:N"), color=alt.Color("色:N", scale=None)))
    return styled(alt.layer(*layers).properties(height=ROW * len(names)))


def round_ticks(low: float, high: float) -> list[float]:
    """At most six round ticks, the last at `high` or just beyond.

    >>> round_ticks(0.0, 0.23)
    [0.0, 0.05, 0.1, 0.15, 0.2, 0.25]
    """
    steps = [size * 10.0**power for power in range(-2, 6) for size in (1, 2, 5)]
    step = next(step for step in steps if (high - low) / step <= 5)
    return [round(low + step * part, 6) for part in range(ceil(round((high - low) / step, 6)) + 1)]


def _percent(hits: int, n: int) -> str:
    share = hits / n
    return f"{share:.1%}" if 0 < share < 0.1 or 0.95 < share < 1 else f"{share:.0%}"


def _days(days: float) -> str:
    return f"{days:.1f}" if days < 10 else f"{days:.0f}"
