"""Where the places of the map stand, and what may be seen of each. Hidden numbers never come this far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from board.hiding import SOURCES, Change, Shown
from signals.gazetteer import Gazetteer, Place
from signals.gazetteer.names import bare_town_name
from signals.records import Zone
from signals.smallcells import Cell

MOST_RISEN = 10


@dataclass(frozen=True, slots=True)
class Spot:
    """A district or town and its tile."""

    place: Place
    name: str
    district: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Tile:
    """One place of a map of people."""

    spot: Spot
    shown: Shown


@dataclass(frozen=True, slots=True)
class ZoneTile:
    """One town on the map of hot zones: no number, only whether it belongs to one."""

    spot: Spot
    belongs: str  # town | district (no more is known of some of its reports) | ""


@dataclass(frozen=True, slots=True)
class TileMap:
    """What may be seen for one subject, period and source."""

    areas: tuple[Tile, ...]
    towns: tuple[Tile, ...]  # empty for a single source: districts only, so that less must be hidden
    city: Shown

    @property
    def tiles(self) -> tuple[Tile, ...]:
        return (*self.areas, *self.towns)


def area_spots(gazetteer: Gazetteer) -> tuple[Spot, ...]:
    """All districts."""
    return tuple(Spot(Place(a.adcode), a.name, a.name, a.column, a.row) for a in gazetteer.areas)


def town_spots(gazetteer: Gazetteer) -> tuple[Spot, ...]:
    """All towns, each in a finer grid."""
    return tuple(
        Spot(Place(t.area, t.name), short_name(t.name), gazetteer.area_name(t.area), t.column, t.row)
        for t in gazetteer.towns
    )


def published_cells(gazetteer: Gazetteer) -> tuple[Cell, ...]:
    """All that the map page can ever show of a subject in a period: it is protected together."""
    cells = [Cell(source, area) for source in SOURCES for area in ("", *(a.adcode for a in gazetteer.areas))]
    return (*cells, *(Cell("", town.area, town.name) for town in gazetteer.towns))


def tile_map(gazetteer: Gazetteer, shown: Mapping[Cell, Shown], source: str, subject: str = "") -> TileMap:
    """Tiles of one source ("" all) and one subject of the cells that may be seen."""

    def tiles(spots: Sequence[Spot]) -> tuple[Tile, ...]:
        return tuple(Tile(spot, shown[Cell(source, spot.place.area, spot.place.town, subject)]) for spot in spots)

    towns = () if source else tiles(town_spots(gazetteer))
    return TileMap(tiles(area_spots(gazetteer)), towns, shown[Cell(source, subject=subject)])


def risen(before: Sequence[Tile], now: Sequence[Tile]) -> tuple[Change, ...]:
    """The places with most more people than in the period before, where both numbers may be seen."""
    changes = [
        Change(tile.spot.name if tile.spot.name == tile.spot.district else f"{tile.spot.district} {tile.spot.name}",
               earlier.shown, tile.shown)
        for earlier, tile in zip(before, now, strict=True)
    ]  # fmt: skip
    grown = [change for change in changes if change.rise > 0]
    return tuple(sorted(grown, key=lambda change: -change.rise))[:MOST_RISEN]


def zone_tiles(gazetteer: Gazetteer, *zones: Zone) -> tuple[ZoneTile, ...]:
    """All towns of the city, with those of the zones marked; all of a district where no town is known."""
    places = {place for zone in zones for place in zone.places}

    def belongs(place: Place) -> str:
        if (place.area, place.town) in places:
            return "town"
        return "district" if (place.area, "") in places else ""

    return tuple(ZoneTile(spot, belongs(spot.place)) for spot in town_spots(gazetteer))


def short_name(town: str) -> str:
    """A town's name short enough for its tile."""
    return bare_town_name(town.removeprefix("广东省").removeprefix("江门市"))
