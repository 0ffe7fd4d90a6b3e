"""What the page of indicators asks: how reports were dealt with, by district or unit, each with its denominator.

Counted by the run (`service_counts`). Numbers of reports leave this file only where enough different people stand
behind them, and no sum gives a hidden one away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from board.hiding import SOURCES, WORDS, report_marks
from board.queries import Connection, row_of, rows_of
from signals.smallcells import Cell, Mark

MEASURES = ("ontime", "overdue", "returned", "repeat", "satisfied", "solved", "answer")
BY_HITS = ("repeat", "answer")  # hits are people who came again, or the reports that times are measured on


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: so many of so many reports; `word` stands in the place of hidden numbers."""

    n: int | None  # the denominator
    hits: int | None
    word: str  # "" where both are seen
    median_days: float | None = None
    late_days: float | None = None  # what nine in ten did not exceed

    @property
    def share(self) -> float | None:
        return self.hits / self.n if self.n and self.hits is not None else None


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """The city, a district or a unit, with a figure a measure."""

    key: str  # "" = the city
    figures: Mapping[str, Figure]

    @property
    def is_hidden(self) -> bool:
        return not any(figure.n for figure in self.figures.values())

    @property
    def late_share(self) -> float:
        """Of all reports, those past their deadline and not ended; below 0 where hidden."""
        share = self.figures["overdue"].share
        return -1.0 if share is None else share


@dataclass(frozen=True, slots=True)
class _Counts:
    n_reports: int
    n_people: int
    n_hits: int
    n_hit_people: int
    median_days: float | None
    late_days: float | None


_NONE = _Counts(0, 0, 0, 0, None, None)


def service_day(con: Connection) -> date | None:
    """The run day whose services are counted; None where no run has counted them yet."""
    row = row_of(con, "SELECT max(day) FROM service_counts")
    return row[0] if row else None


def services(
    con: Connection, period_days: int, dimension: str, areas: Sequence[str], source: str, *, k: int
) -> tuple[ServiceRow, ...]:
    """The city first, then districts (`area`, in the order given) or units (`unit`, by name; all sources only)."""
    column = {"area": "area", "unit": "unit"}[dimension]
    other = {"area": "unit", "unit": "area"}[dimension]
    rows = rows_of(
        con,
        f"""SELECT measure, source, {column}, n_reports, n_complainants, n_hits, n_hit_complainants, median_days,
              late_days
            FROM service_counts WHERE period_days = ? AND {other} = ''""",
        [period_days],
    )
    counts: dict[str, dict[Cell, _Counts]] = {measure: {} for measure in MEASURES}
    for measure, of, key, *numbers in rows:
        counts[measure][Cell(of, key)] = _Counts(*numbers)
    units = sorted({cell.area for cells in counts.values() for cell in cells if cell.area})
    keys = ["", *(areas if dimension == "area" else units)]
    sources = SOURCES if dimension == "area" else ("",)
    published = [Cell(of, key) for of in sources for key in keys]
    figures = {measure: _figures(counts[measure], published, measure, k=k) for measure in MEASURES}
    shown = source if dimension == "area" else ""
    return tuple(
        ServiceRow(key, {measure: figures[measure][Cell(shown, key)] for measure in MEASURES}) for key in keys
    )


def _figures(
    counts: Mapping[Cell, _Counts], published: Sequence[Cell], measure: str, *, k: int
) -> dict[Cell, Figure]:
    """Figures of all cells that are ever published of a measure and period together."""
    found = {cell: counts.get(cell, _NONE) for cell in published}
    if not any(each.n_reports for each in found.values()):  # no export has it
        return {cell: Figure(0, 0, "") for cell in published}
    marks = report_marks({cell: each.n_people for cell, each in found.items()}, k=k)
    hit_marks = marks
    if measure in BY_HITS:
        hit_marks = report_marks({cell: each.n_hit_people for cell, each in found.items()}, k=k)
    return {cell: _figure(each, marks[cell], hit_marks[cell], k=k) for cell, each in found.items()}


def _figure(counts: _Counts, mark: Mark, hit_mark: Mark, *, k: int) -> Figure:
    if mark is not Mark.SHOWN:
        return Figure(None, None, WORDS[mark].format(k=k))
    if hit_mark is not Mark.SHOWN:
        return Figure(counts.n_reports, None, WORDS[hit_mark].format(k=k))
    return Figure(counts.n_reports, counts.n_hits, "", counts.median_days, counts.late_days)
