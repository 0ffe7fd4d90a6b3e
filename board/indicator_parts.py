"""Service indicators in one table: each figure with its denominator, and where it stands beside the whole city's.

A figure is drawn in its cell as a point on the scale of its column; all columns have their own, told in the first line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor

from board.marks import Html, join, table, tag, text, wide
from board.queries_indicators import Figure, ServiceRow

LEAST = 0.05  # of the share that a scale shows at least
FEW_REPORTS = 30  # shares of fewer jump by chance


@dataclass(frozen=True, slots=True)
class Measure:
    """What an indicator is called, what it is a share of, and what it counts."""

    key: str
    name: str
    of: str  # the denominator
    is_good: bool  # whether a higher share is better


MEASURES = (
    Measure("ontime", "按期办结", "已办结或已到期", True),
    Measure("overdue", "逾期未办", "带办结或答复时间的来源", False),
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
    """A figure in words."""
    return time_text(figure) if measure.key == "answer" else share_text(figure)


def service_table(dimension: str, rows: Sequence[tuple[str, ServiceRow]], city: ServiceRow) -> Html:
    """Named rows in the order given below the whole city, a column an indicator."""
    scales = [_scale(measure, [row for _, row in rows], city) for measure in MEASURES]
    lines = [(tag("span", "刻度", "jw-muted"), *map(_ends, scales))]
    for name, row in (("全市", city), *rows):
        cells = [_cell(one, row, city, scale) for one, scale in zip(MEASURES, scales, strict=True)]
        lines.append((wide(tag("b", name) if row is city else text(name)), *cells))
    return table((dimension, *(measure.name for measure in MEASURES)), lines)


def is_small(row: ServiceRow) -> bool:
    """Of so few reports that its shares say little, or not telling how many."""
    return max(figure.n or 0 for figure in row.figures.values()) < FEW_REPORTS


@dataclass(frozen=True, slots=True)
class _Scale:
    low: float
    high: float
    said: Callable[[float], str]

    def place(self, value: float) -> str:
        """Where a value stands, from the left."""
        return f"{100 * (value - self.low) / (self.high - self.low):.1f}%"


def _scale(measure: Measure, rows: Sequence[ServiceRow], city: ServiceRow) -> _Scale:
    figures = [row.figures[measure.key] for row in (*rows, city)]
    if measure.key == "answer":
        late = [figure.late_days for figure in figures if figure.late_days is not None]
        return _Scale(0.0, round_ticks(0.0, max([1.0, *late]))[-1], lambda days: f"{days:g} 天")
    shares = [figure.share for figure in figures if figure.share is not None]
    low = floor(max(min(shares, default=0.0) - 0.1, 0.0) * 5) / 5 if measure.is_good else 0.0
    high = 1.0 if measure.is_good else round_ticks(low, max([LEAST, *shares]))[-1]
    return _Scale(low, high, lambda share: f"{share:.0%}")


def _ends(scale: _Scale) -> Html:
    return tag("div", join(tag("span", text(scale.said(end))) for end in (scale.low, scale.high)), "jw-ends jw-muted")


def _cell(measure: Measure, row: ServiceRow, city: ServiceRow, scale: _Scale) -> Html:
    figure = row.figures[measure.key]
    value, _, rest = figure_text(measure, figure).partition("（")
    number = tag("span", text(value), "jw-muted") if figure.word else tag("b", text(value))
    said = tag("div", number + tag("span", text(rest.rstrip("）")), "jw-muted"), "jw-figure")
    return join((said, _points(_values(figure), city.figures[measure.key], scale)))


def _points(values: Sequence[float], city: Figure, scale: _Scale) -> Html:
    """A filled point, for times a hollow one behind it, and the city as an upright line."""
    marks = [tag("i", "", name, style=f"left:{scale.place(value)}")
             for name, value in zip(("jw-point", "jw-hollow"), values, strict=False)]  # fmt: skip
    marks[:0] = [tag("i", "", "jw-city", style=f"left:{scale.place(value)}") for value in _values(city)[:1]]
    return tag("div", join(marks), "jw-points") if values else Html("")


def _values(figure: Figure) -> tuple[float, ...]:
    """What is drawn of a figure: its share, or both its times; nothing where it is hidden."""
    if figure.median_days is not None and figure.late_days is not None:
        return (figure.median_days, figure.late_days)
    return () if figure.share is None else (figure.share,)


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
