"""Planted incidents: a shared problem starting at one place, told by different people in their own words."""

import math
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from signals.records import Source
from signals.simulate.background import moment, with_text
from signals.simulate.city import City, Spot
from signals.simulate.drafts import Draft, Subject
from signals.simulate.people import Crowd
from signals.simulate.voice import Telling, Voice
from signals.simulate.wording import Block, Script, Wording, read_blocks, script_of

COPY_SHARE = 0.05  # joint petitions: the same text handed in by somebody else
REACH_DAYS = {"step": 26.0, "slow": 58.0, "spike": 12.0, "waves": 60.0}
SECOND_WAVE_DAYS = 45.0


@dataclass(frozen=True, slots=True)
class Incident:
    """What is planted, where and when; read from `wording/incidents.txt` or `decoys.txt`."""

    event_id: str
    subject: Subject
    script: Script
    spots: tuple[Spot, ...]
    shape: str  # step | exponential-K (doubling in K days) | slow | spike | waves, or a kind of decoy
    starts_after_days: int
    n: int
    mix: tuple[tuple[Source, float], ...]

    @property
    def name(self) -> str:
        return self.subject.name

    @property
    def is_citywide(self) -> bool:
        return len({spot.area for spot in self.spots}) > 1


@dataclass(frozen=True, slots=True)
class Hazard:
    """How badly handling goes: what can be observed, and what cannot."""

    probability: float
    observed: float
    unobserved: float


def read_incidents(name: str, city: City, wording: Wording) -> tuple[Incident, ...]:
    """All incidents of one phrase file."""
    return tuple(_incident(block, city, wording) for block in read_blocks(name))


def arrivals(shape: str, n: int, rng: random.Random) -> list[float]:
    """Days after the start of n reports, sorted; the first is 0."""
    if shape.startswith("exponential-"):
        doubling = float(shape.removeprefix("exponential-"))
        top = n / 1.6  # the rate grows until the last doubling brings half of all
        days = [doubling * math.log2(1 + rng.random() * top) for _ in range(n)]
    elif shape == "spike":
        days = [min(rng.expovariate(1 / 2.8), REACH_DAYS["spike"]) for _ in range(n)]
    elif shape == "waves":
        days = [rng.expovariate(1 / 4) + (SECOND_WAVE_DAYS if i >= n // 2 else 0) for i in range(n)]
    elif shape == "slow":
        days = [REACH_DAYS["slow"] * rng.random() ** 0.8 for _ in range(n)]
    else:
        days = [REACH_DAYS["step"] * rng.random() for _ in range(n)]
    days.sort()
    return [day - days[0] for day in days]


def hazard_of(incident: Incident, rng: random.Random) -> Hazard:
    """Logistic in size and growth, plus a part that nobody can see (standard deviation 0.8)."""
    growth = 0.6 if incident.shape.startswith("exponential") else 0.0
    observed = -2.2 + 0.55 * math.log(incident.n) + growth
    unobserved = rng.gauss(0, 0.8)
    return Hazard(1 / (1 + math.exp(-observed - unobserved)), observed, unobserved)


def plant(
    incident: Incident, first_on: date, n_days: int, *, crowd: Crowd, voice: Voice, seed: int
) -> tuple[list[Draft], Hazard]:
    """The drafts of one incident that fall inside the period."""
    rng = random.Random(f"{seed}/{incident.event_id}")
    hazard = hazard_of(incident, rng)
    drafts: list[Draft] = []
    for offset in arrivals(incident.shape, incident.n, rng):
        source = _source(incident, offset, rng)
        late = rng.lognormvariate(0, 0.8) if source is Source.PETITION and offset else 0.0
        day = first_on + timedelta(days=int(incident.starts_after_days + offset + late))
        if source is Source.GRID and offset and rng.random() < 0.5:
            day += timedelta(days=(4 - day.weekday()) % 7)  # uploaded on Friday
        if day >= first_on + timedelta(days=n_days):
            continue
        spot, person = rng.choice(incident.spots), crowd.new()
        at = moment(day, source, rng)
        draft = Draft(source, at, incident.subject, spot, person, "", event=incident.event_id)
        draft = replace(draft, hazard=hazard.probability)
        earlier = [d for d in drafts if d.source is Source.PETITION and d.received_at < at]
        if source is Source.PETITION and earlier and rng.random() < COPY_SHARE:
            model = rng.choice(earlier)
            drafts.append(replace(draft, title=model.title, body=f"我也是，{model.body}", spot=model.spot))
            continue
        telling = Telling(incident.subject, incident.script, spot, person, day)
        drafts.append(with_text(draft, telling, voice))
    return drafts, hazard


def _source(incident: Incident, offset: float, rng: random.Random) -> Source:
    sources = [source for source, _ in incident.mix]
    source = rng.choices(sources, [weight for _, weight in incident.mix])[0]
    return Source.HOTLINE if source is Source.GRID and offset == 0 else source


def _incident(block: Block, city: City, wording: Wording) -> Incident:
    label, level1, level2, unit, kind, shape, start, n, mix = block.fields
    event_id, name = label.split(" ", 1)
    names = tuple(block.marked("P")[0].split("|"))
    spots = []
    for where in block.marked("W"):
        area, town, address = (where.split(" ", 2) + ["", ""])[:3]
        spots.append(city.town_spot(area, town, address, names))
    weights = [float(share) for share in mix.split(",")]
    sources = [Source.PETITION, Source.HOTLINE, Source.GRID]
    return Incident(
        event_id,
        Subject(name, level1, level2, unit, kind),
        script_of(block, wording),
        tuple(spots),
        shape,
        int(start),
        int(n),
        tuple((source, weight) for source, weight in zip(sources, weights, strict=True) if weight),
    )
