"""Places of the city: its districts and towns, their tiles, and how a report's place is read.

A place is never guessed: two districts named, a town name that several districts share, or a name that is
also a common word leave the field empty. It knows nothing of estates, roads or coordinates.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import ahocorasick
import opencc

from signals.errors import SettingsError
from signals.gazetteer.names import (
    BLOCKERS,
    COMMON_WORDS,
    ROAD_ENDINGS,
    UNIT_ENDINGS,
    bare_area_name,
    bare_town_name,
)

COLUMNS = ("adcode", "district", "town", "column", "row")
UNKNOWN_AREA = "未知区域"


@dataclass(frozen=True, slots=True)
class Area:
    """A district (区县) with its tile."""

    adcode: str
    name: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Town:
    """A town or street office (镇街) with its tile in the finer grid."""

    area: str  # adcode
    name: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of where a report happened; both "" when unknown, never a town without its area."""

    area: str = ""  # adcode
    town: str = ""  # full name


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name in a text: candidates sharing it, and whether it must stand beside its district to count."""

    places: tuple[Place, ...]
    is_bare: bool
    needs_district: bool


@dataclass(frozen=True)
class Gazetteer:
    """All areas and towns of one city. Make it with `load_gazetteer`."""

    areas: tuple[Area, ...]
    towns: tuple[Town, ...]
    _area_aliases: dict[str, str] = field(repr=False, compare=False)
    _town_aliases: dict[str, tuple[Place, ...]] = field(repr=False, compare=False)
    _automaton: Any = field(repr=False, compare=False)

    def area_name(self, adcode: str) -> str:
        """The district's name; 未知区域 for "" or an unknown code."""
        return next((area.name for area in self.areas if area.adcode == adcode), UNKNOWN_AREA)

    def locate(self, *, district: str = "", town: str = "", text: str = "") -> Place:
        """The place a report belongs to: from its columns, and what they leave open from its text.

        district, town: cells of the export, with or without 区/市/镇/街道, or an adcode. A district in its
        column is never overruled by the town column or the text. Undecided is "".
        """
        area = self._area_of_cell(district)
        candidates = self._towns_of_cell(town)
        if area:
            candidates = tuple(place for place in candidates if place.area == area)
        if len(candidates) == 1:
            return candidates[0]
        if candidates and not area:  # a town name that several districts share
            named = self._locate_text(text, within="")
            return next((place for place in candidates if place.area == named.area), Place())
        return self._locate_text(text, within=area) if text else Place(area)

    def _area_of_cell(self, cell: str) -> str:
        return self._area_aliases.get(_clean(cell), "")

    def _towns_of_cell(self, cell: str) -> tuple[Place, ...]:
        return self._town_aliases.get(_clean(cell), ())

    def _locate_text(self, text: str, *, within: str) -> Place:
        mentions = list(self._mentions(text))
        areas = {place.area for places in mentions if len({p.area for p in places}) == 1 for place in places}
        if within:
            area = within
        elif len(areas) == 1:
            area = next(iter(areas))
        else:
            return Place()
        towns = {place.town for places in mentions for place in places if place.area == area and place.town}
        return Place(area, next(iter(towns)) if len(towns) == 1 else "")

    def _mentions(self, text: str) -> Iterator[tuple[Place, ...]]:
        previous: tuple[int, str] = (-1, "")  # where the last district name ended, and its code
        for end, mention in self._automaton.iter_long(text):
            if mention is None:
                continue
            word, found = mention
            start = end - len(word) + 1
            beside = previous[1] if previous[0] == start - 1 else ""
            places = tuple(p for p in found.places if p.area == beside) if beside else found.places
            places = places or found.places
            follows = text[end + 1 : end + 5]
            if found.is_bare and _names_a_road(follows) and not follows.startswith(UNIT_ENDINGS):
                continue
            if not places[0].town:
                previous = (end, places[0].area)
            sure = beside and places[0].area == beside
            if found.needs_district and not sure and not follows.startswith(UNIT_ENDINGS):
                continue
            yield places


def load_gazetteer(path: Path | None = None) -> Gazetteer:
    """Read a gazetteer; None: the shipped one of Jiangmen. Raises SettingsError naming the row.

    What was made of the same text before is given again: making it takes longer than most pages of the board.
    """
    where = str(path) if path else "jiangmen.csv"
    source = path or files("signals.gazetteer").joinpath("jiangmen.csv")
    try:
        text = source.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{where}: 地名表读不出（{error}）。请检查 gazetteer 的路径，文件须为 UTF-8。"
        ) from error
    return _made_of(text, where)


@lru_cache(maxsize=2)
def _made_of(text: str, where: str) -> Gazetteer:
    rows = list(csv.DictReader(text.splitlines()))
    if not rows or any(name not in rows[0] for name in COLUMNS):
        raise SettingsError(f"{where}: 地名表缺列；应有 {'、'.join(COLUMNS)}。请补齐表头。")
    areas, towns = [], []
    for number, row in enumerate(rows, start=2):
        try:
            column, line = int(row["column"]), int(row["row"])
        except (TypeError, ValueError) as error:
            raise SettingsError(f"{where}:{number}: column 和 row 应为整数。请改正这一行。") from error
        if row["town"]:
            towns.append(Town(row["adcode"], row["town"], column, line))
        else:
            areas.append(Area(row["adcode"], row["district"], column, line))
    codes = {area.adcode for area in areas}
    if orphan := next((town for town in towns if town.area not in codes), None):
        raise SettingsError(
            f"{where}: {orphan.name} 所属的 {orphan.area} 没有区县行。请补一行 town 为空的区县。"
        )
    return _index(tuple(areas), tuple(towns))


def _index(areas: tuple[Area, ...], towns: tuple[Town, ...]) -> Gazetteer:
    variants = [opencc.OpenCC("s2t"), opencc.OpenCC("s2hk")]
    area_aliases: dict[str, str] = {}
    town_aliases: defaultdict[str, list[Place]] = defaultdict(list)
    bare_words: set[str] = set()

    def spellings(name: str) -> set[str]:
        return {name, *(variant.convert(name) for variant in variants)}

    for area in areas:
        area_aliases[area.adcode] = area.adcode
        for name in (area.name, bare_area_name(area.name)):
            area_aliases.update(dict.fromkeys(spellings(name), area.adcode))
        bare_words |= spellings(bare_area_name(area.name))
    for town in towns:
        bare = bare_town_name(town.name)
        for spelling in set().union(*(spellings(name) for name in {town.name, bare})):
            town_aliases[spelling].append(Place(town.area, town.name))
        if bare != town.name:
            bare_words |= spellings(bare)
    common = set().union(*(spellings(word) for word in COMMON_WORDS))
    automaton = ahocorasick.Automaton()
    for word in BLOCKERS:
        automaton.add_word(word, None)
    found = {alias: tuple(places) for alias, places in town_aliases.items()}
    found |= {alias: (Place(code),) for alias, code in area_aliases.items() if not alias.isdigit()}
    for alias, places in found.items():
        if len(alias) >= 2:
            mention = _Mention(places, alias in bare_words, alias in common)
            automaton.add_word(alias, (alias, mention))
    automaton.make_automaton()
    return Gazetteer(areas, towns, area_aliases, dict(found), automaton)


def _clean(cell: str) -> str:
    cell = "".join(cell.split())
    for prefix in ("广东省", "江门市", "江门"):
        if len(cell) > len(prefix):
            cell = cell.removeprefix(prefix)
    return cell.removesuffix("办事处")


def _names_a_road(follows: str) -> bool:
    return follows.lstrip("东西南北中一二三四五六七八九十0123456789").startswith(ROAD_ENDINGS)
