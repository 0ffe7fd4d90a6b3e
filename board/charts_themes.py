"""Themes as pictures: weeks as a heat table, words as lines from before to now. Hidden numbers are already gone."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from board.charts import INK, styled
from board.hiding import Change, Shown
from board.marks import Html, join, tag, text
from board.painting import COLOURS, HIDDEN, WHITE_FROM, band_boxes

if TYPE_CHECKING:
    import altair as alt

ROW, AXIS = 26, 56  # pixels
LEAST_ROWS = 5  # the height of a picture of fewer
RISEN, FALLEN, BEFORE = "#a8480b", "#2c6fa6", "#98a4ad"
SOFT = "#5b6873"


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One line of the picture: a name, and its weeks in order."""

    name: str
    cells: tuple[Shown, ...]


def week_bands(rows: Sequence[HeatRow], *, k: int) -> tuple[int, ...]:
    """Where each colour begins: k, then about twice as much each time."""
    largest = max([cell.n or 0 for row in rows for cell in row.cells], default=0)
    return tuple(start for start in (k, 10, 20, 40, 80) if start == k or k < start <= largest)


def week_heat(rows: Sequence[HeatRow], mondays: Sequence[date], *, k: int) -> "alt.LayerChart":
    """People a week, a line a subject; a hidden number is a pale cell with a point."""
    import altair as alt
    import pandas as pd

    starts = week_bands(rows, k=k)
    table = pd.DataFrame([
        _cell(row.name, monday, cell, starts)
        for row in rows
        for monday, cell in zip(mondays, row.cells, strict=True)
    ])  # fmt: skip
    order = [week_text(monday) for monday in mondays]
    step = -(-len(order) // 9)
    shown = [week for back, week in enumerate(reversed(order)) if back % step == 0]
    x = alt.X(
        "周:N", sort=order, title="每周的星期一", scale=alt.Scale(paddingInner=0.06),
        axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False, values=shown, labelOverlap=False),
    )  # fmt: skip
    names = [row.name for row in rows]
    y = alt.Y("名称:N", sort=names, title=None, scale=alt.Scale(paddingInner=0.1), axis=name_axis(names))
    tips = [alt.Tooltip("名称:N"), alt.Tooltip("时间:N"), alt.Tooltip("反映人:N")]
    base = alt.Chart(table).encode(x=x, y=y, tooltip=tips)
    layers: list[Any] = [base.mark_rect(cornerRadius=2).encode(color=alt.Color("底色:N", scale=None))]
    layers.append(base.mark_text(fontSize=11).encode(text=alt.Text("字:N"), color=alt.Color("字色:N", scale=None)))
    return styled(alt.layer(*layers).properties(height=ROW * len(rows)))


def week_legend(rows: Sequence[HeatRow], *, k: int) -> Html:
    """What the colours mean, those that occur."""
    boxes = band_boxes(week_bands(rows, k=k))
    few = tag("i", "·", style=f"background:{HIDDEN}")
    boxes.append(tag("span", few + text(f"不足 {k} 人（含没有），或为免被推算而隐去")))
    return tag("div", join(boxes), "jw-legend")


def week_text(monday: date) -> str:
    """A week as a short label: 3/24."""
    return f"{monday.month}/{monday.day}"


def change_lines(changes: Sequence[Change], *, risen: bool, k: int) -> "alt.LayerChart":
    """A line a name from the period before (hollow) to the last one (filled)."""
    import altair as alt
    import pandas as pd

    colour = RISEN if risen else FALLEN
    rows = [
        (line.name, _at(line.before, k), _at(line.now, k), f"{line.before.word} → {line.now.word}") for line in changes
    ]
    table = pd.DataFrame(rows, columns=["名", "前", "后", "字"])
    table["右"] = table[["前", "后"]].max(axis=1)
    most = max(float(table["右"].max()), 10.0)
    scale = alt.Scale(domain=[0, most * 1.32], nice=False)
    x = alt.X("前:Q", title="人", scale=scale, axis=alt.Axis(tickCount=5, grid=True, domain=False))
    names = [row[0] for row in rows]
    y = alt.Y("名:N", sort=names, title=None, axis=name_axis(names, size=13))
    base = alt.Chart(table).encode(y=y)
    few = alt.Chart(pd.DataFrame({"从": [0], "到": [k - 0.5]})).mark_rect(color=HIDDEN)
    layers: list[Any] = [few.encode(x=alt.X("从:Q", scale=scale, title="人"), x2=alt.X2("到:Q"))]
    layers.append(base.mark_rule(strokeWidth=3, color=colour, opacity=0.45).encode(x=x, x2=alt.X2("后:Q")))
    hollow = base.mark_point(size=70, filled=False, stroke=BEFORE, strokeWidth=2, fill="white", opacity=1)
    layers.append(hollow.encode(x=x))
    layers.append(base.mark_point(size=95, filled=True, color=colour, opacity=1).encode(x=alt.X("后:Q", scale=scale)))
    said = base.mark_text(align="left", dx=10, fontSize=12, color=INK)
    layers.append(said.encode(x=alt.X("右:Q", scale=scale), text=alt.Text("字:N")))
    return styled(alt.layer(*layers).properties(height=ROW * len(rows) + AXIS))


def share_bars(shares: Mapping[str, Shown], whole: Shown) -> "alt.LayerChart":
    """People of each part, with their share of all people of the subject; hidden ones in words."""
    import altair as alt
    import pandas as pd

    rows = [
        (name, part.n or 0, _share_text(part, whole), SOFT if part.is_hidden else INK)
        for name, part in shares.items()
    ]
    table = pd.DataFrame(rows, columns=["名称", "人", "字", "色"])
    scale = alt.Scale(domain=[0, max(float(table["人"].max()), 1.0) * 1.45], nice=False)
    base = alt.Chart(table).encode(
        y=alt.Y("名称:N", sort=list(shares), title=None, axis=name_axis(list(shares), size=13)),
        x=alt.X("人:Q", scale=scale, axis=None),
    )  # fmt: skip
    bars = base.mark_bar(size=16, cornerRadius=2, color="#4c78a8")
    said = base.mark_text(align="left", dx=6, fontSize=12)
    words = said.encode(text=alt.Text("字:N"), color=alt.Color("色:N", scale=None))
    return styled(alt.layer(bars, words).properties(height=ROW * max(len(rows), LEAST_ROWS)))


def _share_text(part: Shown, whole: Shown) -> str:
    if part.n is None:
        return part.word
    return f"{part.n:,} 人" + (f"（{part.n / whole.n:.0%}）" if whole.n else "")


def _at(shown: Shown, k: int) -> float:
    """Where a number stands; a hidden one in the middle of what it may be."""
    return float(shown.n) if shown.n is not None else (k - 1) / 2


def _cell(name: str, monday: date, cell: Shown, starts: Sequence[int]) -> dict[str, object]:
    band = bisect_right(starts, cell.n) - 1 if cell.n is not None else -1
    sunday = monday + timedelta(days=6)
    return {
        "名称": name, "周": week_text(monday), "反映人": cell.people,
        "时间": f"{monday.year}年{monday.month}月{monday.day}日至{sunday.month}月{sunday.day}日",
        "底色": COLOURS[band] if band >= 0 else HIDDEN, "字": cell.word if cell.n is not None else "·",
        "字色": "#ffffff" if band >= WHITE_FROM else INK if band >= 0 else "#7b8791",
    }  # fmt: skip


def name_axis(names: Sequence[str], size: int = 12) -> Any:
    """An axis of names, with air before the longest."""
    import altair as alt

    room = min(max(len(name) for name in names) * size + 24, 214)
    return alt.Axis(
        labelLimit=190, labelFontSize=size, domain=False, ticks=False, labelPadding=8, minExtent=room, grid=False
    )
