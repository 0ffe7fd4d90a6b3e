"""Decoys: what looks like a rise and is none. An alert on any of them is false."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from signals.holidays import spring_festival
from signals.records import Source
from signals.simulate.background import Background, moment, with_text
from signals.simulate.city import City
from signals.simulate.drafts import Draft
from signals.simulate.incidents import Incident, read_incidents
from signals.simulate.people import Crowd, Person
from signals.simulate.voice import Telling, Voice
from signals.simulate.wording import Wording

REIMPORT = "D5"
N_SEASONAL, N_REIMPORTED = 30, 18
REIMPORT_AFTER_DAYS = 41
REACH_DAYS = {"one-person": 40.0, "enquiries": 9.0, "praise": 16.0}


@dataclass(frozen=True, slots=True)
class Decoy:
    """One decoy by its code in the drafts."""

    event_id: str
    name: str
    kind: str  # one-person | enquiries | praise | seasonal | re-import


def plant_decoys(
    first_on: date, n_days: int, *, city: City, crowd: Crowd, voice: Voice, seed: int, wording: Wording
) -> tuple[list[Decoy], list[Draft]]:
    """One person fifteen times, a wave of enquiries, praise."""
    decoys, drafts = [], []
    for incident in read_incidents("decoys", city, wording, seed):
        decoys.append(Decoy(incident.event_id, incident.name, incident.shape))
        rng = random.Random(f"{seed}/{incident.event_id}")
        person = crowd.new()
        for _ in range(incident.n):
            offset = REACH_DAYS[incident.shape] * rng.random()
            day = first_on + timedelta(days=int(incident.starts_after_days + offset))
            if day < first_on + timedelta(days=n_days):
                who = person if incident.shape == "one-person" else crowd.new()
                drafts.append(_told(incident, day, who, rng, voice))
    return decoys, drafts


def _told(incident: Incident, day: date, person: Person, rng: random.Random, voice: Voice) -> Draft:
    source = rng.choices([s for s, _ in incident.mix], [w for _, w in incident.mix])[0]
    spot = rng.choice(incident.spots)
    at = moment(day, source, rng)
    draft = Draft(source, at, incident.subject, spot, person, "", event=incident.event_id)
    return with_text(draft, Telling(incident.subject, incident.script, spot, person, day), voice)


def seasonal_rises(
    first_on: date, n_days: int, *, background: Background, city: City, crowd: Crowd, seed: int
) -> tuple[list[Decoy], list[Draft]]:
    """What rises every year, all over the city, never twice at one place; only seasons inside the period."""
    decoys, drafts = [], []
    last_on = first_on + timedelta(days=n_days - 1)
    for year in range(first_on.year, last_on.year + 1):
        for event_id, name, season, start, peak, end in _seasons(year):
            rng = random.Random(f"{seed}/{event_id}/{year}")
            matter = next(m for m in background.matters if m.season == season)
            told = []
            for _ in range(N_SEASONAL):
                day = start + timedelta(days=round(rng.triangular(0, (end - start).days, (peak - start).days)))
                if first_on <= day <= last_on:
                    spot = rng.choice(city.spots[rng.choice(matter.place_kinds)])
                    at = moment(day, Source.HOTLINE, rng)
                    draft = background.tell(matter, Source.HOTLINE, spot, at, crowd.new())
                    told.append(replace(draft, event=f"{event_id}-{year}"))
            if told:
                decoys.append(Decoy(f"{event_id}-{year}", f"{year}年{name}", "seasonal"))
                drafts += told
    return decoys, drafts


def _seasons(year: int) -> list[tuple[str, str, str, date, date, date]]:
    """Code, name, season of the matter, first day, peak and last day of each yearly rise."""
    festival = spring_festival(year)
    return [
        ("D4", "春节烟花爆竹投诉季节性上升", "fireworks",
         festival - timedelta(days=3), festival, festival + timedelta(days=16)),
        ("D6", "汛期排水积水投诉季节性上升", "rain", date(year, 4, 20), date(year, 5, 25), date(year, 6, 30)),
        ("D7", "中高考噪声投诉季节性上升", "exam", date(year, 5, 28), date(year, 6, 6), date(year, 6, 28)),
        ("D8", "入学学位诉求季节性上升", "enrol", date(year, 7, 1), date(year, 8, 15), date(year, 9, 5)),
    ]  # fmt: skip


def reimport(drafts: Sequence[Draft], first_on: date, n_days: int, *, seed: int) -> tuple[Decoy, list[Draft]]:
    """Old petitions of a day's export come again under new ids."""
    rng = random.Random(f"{seed}/{REIMPORT}")
    day = first_on + timedelta(days=min(REIMPORT_AFTER_DAYS, n_days - 1))
    old = [d for d in drafts if d.source is Source.PETITION and not d.event and d.received_at.date() < day]
    chosen = rng.sample(old, min(N_REIMPORTED, len(old)))
    at = moment(day, Source.PETITION, rng)
    copies = [replace(draft, event=REIMPORT, received_at=at + timedelta(seconds=i)) for i, draft in enumerate(chosen)]
    return Decoy(REIMPORT, "旧信访件重复导入", "re-import"), copies
