"""The hot-spot map: distinct complainants by district and town, small cells hidden.

Absent and small read the same, so that a nought tells nothing; where only one cell of a group would be hidden
beside a shown total, the smallest shown one is hidden with it.
"""

from dataclasses import dataclass, replace

from signals.digest.known import Known, whole
from signals.digest.record import PlaceCell
from signals.gazetteer import Gazetteer

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
    areas = tuple(
        _cell(PlaceCell(area.adcode, area.name, area.adcode, area.column, area.row, None, None), found, "")
        for area in gazetteer.areas
    )
    towns = tuple(
        _cell(PlaceCell(town.area, town.name, town.area, town.column, town.row, None, None), found, town.name)
        for town in gazetteer.towns
    )
    shown_areas = hide_small(areas, min_cell=min_cell)
    shown_towns = tuple(
        cell
        for area in gazetteer.areas
        for cell in hide_small(tuple(town for town in towns if town.area == area.adcode), min_cell=min_cell)
    )
    city = found.get(("", ""), (0, 0))[0]
    hidden = [
        cell.name
        for before, cell in zip(areas, shown_areas, strict=True)
        if before.n_complainants and cell.n_complainants is None
    ]
    by_place = {(cell.area, cell.name): cell.n_complainants for cell in towns}
    hidden += [
        cell.name
        for cell in shown_towns
        if by_place[cell.area, cell.name] and cell.n_complainants is None
    ]
    return Places(shown_areas, shown_towns, period, len(hidden), city if city >= min_cell else None)


def hide_small(cells: tuple[PlaceCell, ...], *, min_cell: int) -> tuple[PlaceCell, ...]:
    """Cells of one group with small counts hidden, and a second one where one alone could be worked out."""
    hidden = {index for index, cell in enumerate(cells) if (cell.n_complainants or 0) < min_cell}
    if len(hidden) == 1 and len(cells) > 1 and any(cells[index].n_complainants for index in hidden):
        shown = [index for index in range(len(cells)) if index not in hidden]
        hidden.add(min(shown, key=lambda index: cells[index].n_complainants or 0))
    return tuple(
        replace(cell, n_complainants=None, n_reports=None) if index in hidden else cell
        for index, cell in enumerate(cells)
    )


def _cell(cell: PlaceCell, found: dict[tuple[str, str], tuple[int, int]], town: str) -> PlaceCell:
    n_complainants, n_reports = found.get((cell.area, town), (0, 0))
    return replace(cell, n_complainants=n_complainants, n_reports=n_reports)
