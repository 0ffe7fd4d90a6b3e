"""Planted incidents: a shared problem starting at one place, told by different people in their own words."""

import math
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

from signals.records import Source
from signals.simulate.background import moment, with_text
from signals.simulate.city import City, Spot
from signals.simulate.demand import day_factor
from signals.simulate.drafts import Draft, Subject
from signals.simulate.people import Crowd
from signals.simulate.voice import Telling, Voice
from signals.simulate.wording import Block, Script, Wording, read_blocks, script_of

# How like each other the reports of one incident are: share of joint petitions (the same text handed in by somebody
# else), chance that a teller speaks of the same cause in other words.
LIKENESS = {"copies": (0.45, 0.05), "ordinary": (0.05, 0.18), "diverse": (0.0, 0.4)}
LIKENESS_WEIGHTS = (1, 6, 4)
JITTER_DAYS = 5  # a written incident starts up to so many days earlier, by seed
DELAY_DAYS = {Source.PETITION: (1.0, 0.8), Source.HOTLINE: (0.15, 0.8), Source.GRID: (0.5, 0.8)}  # median, log sd
UNOBSERVED_SD = 0.7
INTERCEPT, SIZE_SLOPE = -10.2, 2.4
STAKES = {"劳动社保", "住房物业", "公共安全", "教育", "公用事业"}  # wages, homes, safety, children, supply
REACH_DAYS = {"step": 26.0, "slow": 58.0, "spike": 12.0}
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
    likeness: str = "ordinary"  # copies | ordinary | diverse

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


def read_incidents(name: str, city: City, wording: Wording, seed: int) -> tuple[Incident, ...]:
    """All incidents of one phrase file; when they start and how like their reports are depends on the seed."""
    rng = random.Random(f"{seed}/{name}")
    return tuple(_incident(block, city, wording, rng) for block in read_blocks(name, wording))


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


def hazard_of(*, n: int, shape: str, level1: str, is_citywide: bool, rng: random.Random) -> Hazard:
    """Logistic in size, growth, reach and what is at stake, plus a part that nobody can see."""
    growth = 1.6 if shape.startswith("exponential") else 1.0 if shape == "spike" else 0.0
    reach = 1.5 if is_citywide else 0.0
    stake = 2.2 if level1 in STAKES else 0.0
    observed = INTERCEPT + SIZE_SLOPE * math.log(n) + growth + reach + stake
    unobserved = rng.gauss(0, UNOBSERVED_SD)
    return Hazard(1 / (1 + math.exp(-observed - unobserved)), observed, unobserved)


def plant(
    incident: Incident, first_on: date, n_days: int, *, crowd: Crowd, voice: Voice, seed: int
) -> tuple[list[Draft], Hazard]:
    """The drafts of one incident that fall inside the period."""
    rng = random.Random(f"{seed}/{incident.event_id}")
    hazard = hazard_of(
        n=incident.n, shape=incident.shape, level1=incident.subject.level1, is_citywide=incident.is_citywide, rng=rng
    )
    copies, other_words = LIKENESS[incident.likeness]
    drafts: list[Draft] = []
    for offset in arrivals(incident.shape, incident.n, rng):
        source = _source(incident, offset, rng)
        median, spread = DELAY_DAYS[source]
        late = median * rng.lognormvariate(0, spread) if offset else 0.0
        day = reporting_day(first_on + timedelta(days=int(incident.starts_after_days + offset + late)), source, rng)
        if day >= first_on + timedelta(days=n_days):
            continue
        spot, person = rng.choice(incident.spots), crowd.new()
        at = moment(day, source, rng)
        draft = Draft(source, at, incident.subject, spot, person, "", event=incident.event_id)
        draft = replace(draft, hazard=hazard.probability)
        earlier = [d for d in drafts if d.source is Source.PETITION and d.received_at < at]
        if source is Source.PETITION and earlier and rng.random() < copies:
            model = rng.choice(earlier)
            drafts.append(replace(draft, title=model.title, body=f"我也是，{model.body}", spot=model.spot))
            continue
        telling = Telling(incident.subject, incident.script, spot, person, day, other_words)
        drafts.append(with_text(draft, telling, voice))
    return drafts, hazard


def reporting_day(day: date, source: Source, rng: random.Random) -> date:
    """The day on which it is reported: offices and callers rest on holidays, half of the grid notes wait for Friday."""
    if source is Source.GRID and rng.random() < 0.5:
        day += timedelta(days=(4 - day.weekday()) % 7)
    while rng.random() > day_factor(day, source):
        day += timedelta(days=1)
    return day


def _source(incident: Incident, offset: float, rng: random.Random) -> Source:
    sources = [source for source, _ in incident.mix]
    source = rng.choices(sources, [weight for _, weight in incident.mix])[0]
    return Source.HOTLINE if source is Source.GRID and offset == 0 else source


def _incident(block: Block, city: City, wording: Wording, rng: random.Random) -> Incident:
    label, level1, level2, unit, kind, shape, start, n, mix = block.fields
    event_id, name = label.split(" ", 1)
    names = tuple(block.marked("P")[0].split("|"))
    around = tuple(name for line in block.marked("A") for name in line.split("|"))
    spots = []
    for where in block.marked("W"):
        area, town, address = (where.split(" ", 2) + ["", ""])[:3]
        spots.append(city.town_spot(area, town, address, names, around))
    weights = [float(share) for share in mix.split(",")]
    sources = [Source.PETITION, Source.HOTLINE, Source.GRID]
    return Incident(
        event_id,
        Subject(name, level1, level2, unit, kind),
        script_of(block, wording),
        tuple(spots),
        shape,
        max(0, int(start) - rng.randint(0, JITTER_DAYS)),
        int(n),
        tuple((source, weight) for source, weight in zip(sources, weights, strict=True) if weight),
        rng.choices(tuple(LIKENESS), LIKENESS_WEIGHTS)[0],
    )
