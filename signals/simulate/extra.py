"""Incidents besides the written ones: everyday matters that burst, of all sizes and shapes, all through the period."""

import random

from signals.records import Source
from signals.simulate.background import Background
from signals.simulate.city import City, Spot
from signals.simulate.incidents import LIKENESS, Incident
from signals.simulate.matters import Matter

SHAPES = ("step", "exponential-2", "exponential-4", "exponential-7", "slow", "spike", "waves")
WEIGHTS = (1, 3, 8)  # of LIKENESS: an everyday matter has fewer facts of its own to tell
FEWEST, MOST = 4, 200
MIX = {Source.HOTLINE: (4.0, 8.0), Source.PETITION: (2.0, 6.0), Source.GRID: (0.5, 2.0)}  # weight, from, to
MANY_PLACES_SHARE = 0.48  # of those at a firm or market: one name at many places
SAME_PLACE_SHARE = 0.1  # another matter where something else has burst
NEXT_DOOR_SHARE = 0.08  # the same matter in the same town as an earlier one


def extra_incidents(
    count: int, n_days: int, *, city: City, background: Background, seed: int
) -> list[Incident]:  # fmt: skip
    """Sizes lognormal(2.6, 0.8) cut to 4 to 200, shapes and days uniform; some beside each other."""
    rng = random.Random(f"{seed}/extra")
    able = [m for m in background.matters if Source.HOTLINE in m.sources and set(m.place_kinds) - {"X"}]
    made: list[Incident] = []
    matters: list[Matter] = []
    for index in range(count):
        matter, spots = _where(able, matters, made, city, rng)
        matters.append(matter)
        made.append(
            Incident(
                f"X{index + 1:03}", matter.subject, matter.script, spots, rng.choice(SHAPES),
                rng.randrange(max(1, n_days - 7)), draw_size(rng), _mix(matter, seed),
                rng.choices(tuple(LIKENESS), WEIGHTS)[0],
            )
        )  # fmt: skip
    return made


def draw_size(rng: random.Random) -> int:
    """Reports of an incident, 4 to 200, half of them below 14."""
    return min(MOST, max(FEWEST, round(rng.lognormvariate(2.6, 0.8))))


def _mix(matter: Matter, seed: int) -> tuple[tuple[Source, float], ...]:
    """How often it is written, called in or noted: some matters are telephoned about, others put on paper."""
    rng = random.Random(f"{seed}/extra/{matter.subject.name}")
    drawn = {source: rng.uniform(*between) for source, between in MIX.items()}
    able = matter.sources if matter.script.notes else matter.sources - {Source.GRID}
    return tuple((source, weight) for source, weight in drawn.items() if source in able)


def _where(
    able: list[Matter], matters: list[Matter], made: list[Incident], city: City, rng: random.Random
) -> tuple[Matter, tuple[Spot, ...]]:
    draw = rng.random()
    if made and draw < SAME_PLACE_SHARE:
        spot = rng.choice(rng.choice(made).spots)
        others = [m for m in able if spot.kind in m.place_kinds]
        return rng.choice(others), (spot,)
    if made and draw < SAME_PLACE_SHARE + NEXT_DOOR_SHARE:
        at = rng.randrange(len(made))
        near = city.neighbours(made[at].spots[0], made[at].spots[0].kind)
        if near:
            return matters[at], (rng.choice(near),)
    matter = rng.choice(able)
    kind = rng.choice(matter.place_kinds.replace("X", ""))
    spot = rng.choice(city.spots[kind])
    if kind in "FM" and rng.random() < MANY_PLACES_SHARE:
        return matter, _branches(spot, city, rng)
    return matter, (spot,)


def _branches(head: Spot, city: City, rng: random.Random) -> tuple[Spot, ...]:
    """The same firm in three to six towns."""
    name = head.names[0]
    elsewhere = rng.sample(city.spots["R"], rng.randint(2, 5))
    return (head, *(
        Spot(head.kind, (name, f"{name}{road.names[0]}店", f"{road.town}{name}"), road.area, road.area_name, road.town,
             road.community, road.address, road.around)
        for road in elsewhere
    ))  # fmt: skip
