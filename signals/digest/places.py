"""The hot-spot map: distinct complainants by district and town, small cells hidden.

Absent and small read the same, so that a nought tells nothing; `signals.smallcells` says which larger cells
are hidden with them.
"""

from dataclasses import dataclass, replace

from signals.digest.known import Known, whole
from signals.digest.record import PlaceCell
from signals.gazetteer import Gazetteer
from signals.smallcells import Cell, Mark, mark_cells

LONGEST_PERIOD_DAYS = 28


@dataclass(frozen=True, slots=True)
class Places:
    """Tiles of districts and towns with what may be shown of them."""

    areas: tuple[PlaceCell, ...]
    towns: tuple[PlaceCell, ...]
    period_days: int  # 0 when nothing was counted
    n_hidden: int  # tiles with reports that are hidden
    city_complainants: int | None


def collect_places(known: Known, gazetteer: Gazetteer, *, min_cell: int) -> Places:
    """Cells of the day over the longest counted period of at most 28 days."""
    period = known.number(
        "SELECT max(period_days) FROM cells WHERE day = ? AND subject = 'all' AND period_days <= ?",
        [known.day, LONGEST_PERIOD_DAYS],
    )
    found = {
        (str(area), str(town)): (whole(n_complainants), whole(n_reports))
        for area, town, n_complainants, n_reports in known.rows(
            """SELECT area, town, n_complainants, n_reports FROM cells
               WHERE day = ? AND period_days = ? AND subject = 'all' AND source = ''""",
            [known.day, period],
        )
    }
    areas = [
        _cell(PlaceCell(area.adcode, area.name, area.adcode, area.column, area.row, None, None), found, "")
        for area in gazetteer.areas
    ]
    towns = [
        _cell(PlaceCell(town.area, town.name, town.area, town.column, town.row, None, None), found, town.name)
        for town in gazetteer.towns
    ]
    city = Cell()
    counts = {Cell(area=cell.area): cell.n_complainants or 0 for cell in areas}
    divided = {cell.area for cell in towns if (cell.n_complainants or 0) >= min_cell}
    counts |= {Cell(area=cell.area, town=cell.name): cell.n_complainants or 0 for cell in towns if cell.area in divided}
    counts[city] = found.get(("", ""), (0, 0))[0]
    marks = mark_cells(counts, k=min_cell)
    return Places(
        tuple(_shown(cell, marks[Cell(area=cell.area)]) for cell in areas),
        tuple(_shown(cell, marks.get(Cell(area=cell.area, town=cell.name), Mark.FEW)) for cell in towns),
        period,
        sum(count > 0 and marks[cell] is not Mark.SHOWN for cell, count in counts.items()),
        counts[city] if marks[city] is Mark.SHOWN else None,
    )


def _shown(cell: PlaceCell, mark: Mark) -> PlaceCell:
    return cell if mark is Mark.SHOWN else replace(cell, n_complainants=None, n_reports=None)


def _cell(cell: PlaceCell, found: dict[tuple[str, str], tuple[int, int]], town: str) -> PlaceCell:
    n_complainants, n_reports = found.get((cell.area, town), (0, 0))
    return replace(cell, n_complainants=n_complainants, n_reports=n_reports)
