"""From raw cells to tiles that may be seen. No number that must stay hidden leaves this file."""

from collections.abc import Mapping
from dataclasses import dataclass

from board.hiding import SOURCES
from signals.gazetteer import Gazetteer
from signals.gazetteer.names import bare_town_name
from signals.records import Zone
from signals.smallcells import Cell, Mark, mark_cells

LABELS = {Mark.PARTNER: "隐"}


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of the map; n is None where the number is hidden."""

    name: str
    district: str
    column: int
    row: int
    n: int | None
    label: str  # the number, <5 or 隐


@dataclass(frozen=True, slots=True)
class ZoneTile:
    """One town on the map of a hot zone: no number, only whether it belongs to the zone."""

    name: str
    district: str
    column: int
    row: int
    belongs: str  # town | district (no more is known of some of its reports) | ""


@dataclass(frozen=True, slots=True)
class TileMap:
    """What may be seen for one subject, period and source."""

    areas: tuple[Tile, ...]
    towns: tuple[Tile, ...]  # empty for a single source: districts only, so that less must be hidden
    city: str
    n_hidden: int


def tile_map(gazetteer: Gazetteer, counts: Mapping[Cell, int], source: str, *, k: int) -> TileMap:
    """Tiles of one source ("" all). All that the map page can ever show of a subject is protected together."""
    published = {cell: counts.get(cell, 0) for cell in _published(gazetteer)}
    marks = mark_cells(published, k=k)

    def seen(cell: Cell) -> tuple[int | None, str]:
        mark = marks[cell]
        return (published[cell], str(published[cell])) if mark is Mark.SHOWN else (None, LABELS.get(mark, f"<{k}"))

    areas = tuple(
        Tile(area.name, area.name, area.column, area.row, *seen(Cell(source, area.adcode)))
        for area in gazetteer.areas
    )
    towns = () if source else tuple(
        Tile(short_name(town.name), gazetteer.area_name(town.area), town.column, town.row,
             *seen(Cell("", town.area, town.name)))
        for town in gazetteer.towns
    )  # fmt: skip
    n_hidden = sum(tile.n is None for tile in (*areas, *towns))
    return TileMap(areas, towns, seen(Cell(source))[1], n_hidden)


def zone_tiles(gazetteer: Gazetteer, zone: Zone) -> tuple[ZoneTile, ...]:
    """All towns of the city, with those of a zone marked; all of a district where no town is known."""
    places = set(zone.places)
    tiles = []
    for town in gazetteer.towns:
        belongs = "town" if (town.area, town.name) in places else "district" if (town.area, "") in places else ""
        district = gazetteer.area_name(town.area)
        tiles.append(ZoneTile(short_name(town.name), district, town.column, town.row, belongs))
    return tuple(tiles)


def short_name(town: str) -> str:
    """A town's name short enough for its tile."""
    return bare_town_name(town.removeprefix("广东省").removeprefix("江门市"))


def _published(gazetteer: Gazetteer) -> list[Cell]:
    cells = [Cell(source, area) for source in SOURCES for area in ("", *(a.adcode for a in gazetteer.areas))]
    return cells + [Cell("", town.area, town.name) for town in gazetteer.towns]
