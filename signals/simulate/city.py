"""The simulated city: real districts and towns, invented estates, roads, firms, schools and markets."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from signals.gazetteer import Gazetteer, Town
from signals.simulate.wording import read_words

# Letter of a kind of place → its slot pools (…_first, …_last, …_end), how many there are.
KINDS: Mapping[str, tuple[str, int]] = {
    "E": ("estate", 900),
    "R": ("road", 420),
    "V": ("village", 600),
    "F": ("firm", 600),
    "S": ("school", 220),
    "M": ("market", 220),
    "H": ("hospital", 40),
    "P": ("park", 110),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """One place somebody can complain about; `names` are what people call it."""

    kind: str
    names: tuple[str, ...]
    area: str  # adcode
    area_name: str
    town: str
    community: str
    address: str
    around: tuple[str, ...] = ()  # what people beside it call where they are: road, community, another place


@dataclass(frozen=True, slots=True)
class City:
    """All spots by kind, and the gazetteer they lie in."""

    gazetteer: Gazetteer
    spots: dict[str, tuple[Spot, ...]]

    def town_spot(
        self, area: str, town: str, address: str, names: tuple[str, ...], around: tuple[str, ...]
    ) -> Spot:
        """A spot of given names in a town (for what is planted)."""
        community = (town.removesuffix("街道").removesuffix("镇") or "城东") + "社区"
        return Spot("E", names, area, self.gazetteer.area_name(area), town, community, address, around)

    def neighbours(self, spot: Spot, kind: str) -> tuple[Spot, ...]:
        """Other places of a kind in the town of a spot."""
        here = [s for s in self.spots[kind] if (s.area, s.town) == (spot.area, spot.town) and s.names != spot.names]
        return tuple(here)


def build_city(gazetteer: Gazetteer, seed: int) -> City:
    """Scatter invented places over the towns; more of them in the four inner districts."""
    rng = random.Random(f"{seed}/city")
    words = read_words()
    towns = [town for town in gazetteer.towns if town.name.endswith(("镇", "街道"))]
    weights = [_town_weight(town) for town in towns]
    spots: dict[str, tuple[Spot, ...]] = {}
    for kind, (pool, count) in KINDS.items():
        names = [a + b for a in words[f"{pool}_first"] for b in words[f"{pool}_last"] if a != b]
        made = []
        for name in rng.sample(names, min(count, len(names))):
            town = rng.choices(towns, weights)[0]
            made.append(_spot(kind, name, rng.choice(words[f"{pool}_end"]), town, gazetteer, words, rng))
        spots[kind] = tuple(made)
    return City(gazetteer, spots)


def _town_weight(town: Town) -> float:
    urban = 3.0 if town.name.endswith("街道") else 1.0
    return urban * (1.5 if town.area in {"440703", "440704", "440705"} else 1.0)


def _spot(
    kind: str, name: str, end: str, town: Town, gazetteer: Gazetteer, words: dict[str, tuple[str, ...]],
    rng: random.Random,
) -> Spot:  # fmt: skip
    full = name + end
    short = town.name.removesuffix("街道").removesuffix("镇")
    names = [full, full, f"{short}{full}"]
    if kind in "EFS" and len(name) >= 2:
        names.append(name)
    if kind == "R":
        names += [f"{full}路口", f"{full}{rng.randint(3, 160)}号"]
    if kind == "E":
        names += [f"{full}{rng.randint(1, 18)}栋", f"{full}小区" if end != "小区" else full]
    community = rng.choice(words["village_first"]) + rng.choice(words["village_last"])
    community += f"{'村' if town.name.endswith('镇') else '社区'}"
    road = full if kind == "R" else _road(words, rng)
    address = f"{road}{rng.randint(1, 220)}号{'' if kind == 'R' else full}"
    around = (community, road if kind != "R" else f"{short}{name}", f"{short}{community}")
    area = gazetteer.area_name(town.area)
    return Spot(kind, tuple(names), town.area, area, town.name, community, address, around)


def _road(words: dict[str, tuple[str, ...]], rng: random.Random) -> str:
    return "".join(rng.choice(words[f"road_{part}"]) for part in ("first", "last", "end"))
