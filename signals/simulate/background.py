"""Everyday reports: almost every one is about another matter at another place, so they belong to no issue."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from signals.gazetteer import Gazetteer
from signals.records import Source
from signals.simulate.city import City, Spot
from signals.simulate.demand import Demand, season_weight
from signals.simulate.drafts import Draft
from signals.simulate.matters import Matter, read_matters
from signals.simulate.people import Crowd, Person
from signals.simulate.voice import Telling, Voice
from signals.simulate.wording import Wording, about

ENQUIRY_SHARE = 0.6  # of all calls
FAMILY_SHARE = 0.85  # of grievances: the long tail, a thing times a defect
RARE_SHARE = 0.03  # sensitive matters and dangers to life
SECOND_CHANNEL_SHARE = 0.02  # callers who write the same in a petition some days later
TRIES = 30  # to find a matter and place not yet reported
REPEAT_SHARE = 0.1  # chance that a matter already reported at a place may come again
MISSING_PLACE_SHARE, WRONG_PLACE_SHARE = 0.08, 0.03
N_CHRONIC, CHRONIC_GAP_DAYS = 6, 9.0
N_CHRONIC_NEAR = 2  # of them at the place of an incident
OTHER_MATTERS, NEIGHBOURS = (1, 2, 3), (1, 2)  # reports beside an incident: other matter there, like matter next door
OPENING_HOURS = {Source.PETITION: (7, 23), Source.HOTLINE: (7, 22), Source.GRID: (8, 17)}


@dataclass(frozen=True, slots=True)
class Chronic:
    """A spot that is never quiet: the same matter at the same place, week after week."""

    name: str
    matter: Matter
    spot: Spot


class Background:
    """Draws everyday drafts."""

    def __init__(self, city: City, crowd: Crowd, voice: Voice, seed: int, wording: Wording) -> None:
        self._rng = random.Random(f"{seed}/background")
        self._city, self._crowd, self._voice = city, crowd, voice
        self.matters = read_matters("matters", wording)
        self._families = read_matters("families", wording)
        self._enquiries = read_matters("enquiries", wording)
        self._rare = read_matters("rare", wording)
        self._seen: Counter[tuple[str, str]] = Counter()

    def day(self, demand: Demand, enquiry_share: float) -> list[Draft]:
        """The drafts of one source on one day; now and then a caller also writes a petition later."""
        drafts = []
        for _ in range(demand.count):
            draft = self._draft(demand.source, demand.day, enquiry_share)
            drafts.append(draft)
            wanted = draft.subject.kind != "enquiry" and draft.source is Source.HOTLINE
            if wanted and self._rng.random() < SECOND_CHANNEL_SHARE:
                drafts.append(self._again(draft))
        return drafts

    def chronic(self, first_on: date, n_days: int, near: Sequence[Spot]) -> tuple[list[Chronic], list[Draft]]:
        """A few spots with a steady trickle all along, some where an incident is planted with another matter."""
        spots, drafts = [], []
        able = [m for m in self.matters if Source.HOTLINE in m.sources and set(m.place_kinds) & set("ERVMP")]
        for number, matter in enumerate(self._rng.sample(able, N_CHRONIC), start=1):
            beside = number <= N_CHRONIC_NEAR and near
            spot = self._rng.choice(near) if beside else self._spot(matter)
            spots.append(Chronic(f"C{number:02}", matter, spot))
            at = self._rng.expovariate(1 / CHRONIC_GAP_DAYS)
            while at < n_days:
                source = self._rng.choice(sorted(matter.sources - {Source.GRID}))
                day = first_on + timedelta(days=int(at))
                draft = self.tell(matter, source, spot, moment(day, source, self._rng), self._crowd.new())
                drafts.append(replace(draft, event=f"C{number:02}", hazard=0.3))
                at += self._rng.expovariate(1 / CHRONIC_GAP_DAYS)
        return spots, drafts

    def distractors(self, first_on: date, n_days: int, near: Sequence[Spot]) -> list[Draft]:
        """Reports that belong to no incident but sound like one: another matter there, a like matter next door."""
        rng, drafts = self._rng, []
        able = [m for m in self.matters if Source.HOTLINE in m.sources]
        for spot in near:
            there = [m for m in able if spot.kind in m.place_kinds]
            places = [spot] * rng.choice(OTHER_MATTERS)
            if next_door := self._city.neighbours(spot, spot.kind):
                places += [rng.choice(next_door)] * rng.choice(NEIGHBOURS)
            for place in places:
                matter = rng.choice(there)
                source = rng.choice(sorted(matter.sources - {Source.GRID}))
                day = first_on + timedelta(days=rng.randrange(n_days))
                drafts.append(self.tell(matter, source, place, moment(day, source, rng), self._crowd.new()))
        return drafts

    def tell(self, matter: Matter, source: Source, spot: Spot, at: datetime, person: Person) -> Draft:
        """One draft about a matter at a spot."""
        script = about(matter.script, self._rng.choice(matter.things)) if matter.things else matter.script
        telling = Telling(matter.subject, script, spot, person, at.date())
        urgent = matter.danger or self._rng.random() < 0.03
        draft = Draft(source, at, matter.subject, spot, person, "", urgent=urgent)
        return with_text(draft, telling, self._voice)

    def _draft(self, source: Source, day: date, enquiry_share: float) -> Draft:
        rng = self._rng
        at = moment(day, source, rng)
        person = self._crowd.caller() if source is Source.HOTLINE else self._crowd.new()
        if source is Source.HOTLINE and rng.random() < enquiry_share:
            pool = self._enquiries
        elif rng.random() < RARE_SHARE:
            pool = self._rare
        elif rng.random() < FAMILY_SHARE:
            pool = self._families
        else:
            pool = self.matters
        able = [m for m in pool if source in m.sources and (source is not Source.GRID or m.script.notes)]
        able = able or [m for m in self.matters if source in m.sources and m.script.notes]
        weights = [m.weight * season_weight(m.season, day) for m in able]
        for _ in range(TRIES):  # a large city has more reports than matters times places
            matter = rng.choices(able, weights)[0]
            spot = self._spot(matter)
            key = (matter.subject.name, spot.names[0] if spot.names else str(self._seen.total()))
            if not self._seen[key] or (self._seen[key] < 2 and rng.random() < REPEAT_SHARE):
                break
            if matter.subject.kind == "enquiry":
                break
        self._seen[key] += 1
        return self.tell(matter, source, spot, at, person)

    def _spot(self, matter: Matter) -> Spot:
        kinds = [kind for kind in matter.place_kinds if kind != "X"]
        if kinds:
            return self._rng.choice(self._city.spots[self._rng.choice(kinds)])
        nowhere = self._rng.choice(self._city.spots["E"])
        return replace(nowhere, names=(nowhere.town.removesuffix("街道").removesuffix("镇"), nowhere.area_name))

    def _again(self, draft: Draft) -> Draft:
        matter = next(m for m in (*self.matters, *self._families, *self._rare) if m.subject == draft.subject)
        at = draft.received_at + timedelta(days=self._rng.randint(1, 6), minutes=self._rng.randint(1, 300))
        return self.tell(matter, Source.PETITION, draft.spot, at, draft.person)


def misplaced(draft: Draft, gazetteer: Gazetteer, rng: random.Random) -> Draft:
    """The draft as the office files it: in 8 of 100 without a place, in 3 of 100 under another district."""
    draw = rng.random()
    if draw < MISSING_PLACE_SHARE:
        return replace(draft, is_without_place=True)
    if draw < MISSING_PLACE_SHARE + WRONG_PLACE_SHARE:
        others = [area.adcode for area in gazetteer.areas if area.adcode != draft.spot.area]
        return replace(draft, wrong_area=rng.choice(others))
    return draft


def with_text(draft: Draft, telling: Telling, voice: Voice) -> Draft:
    """The draft with what its source's kind of person would say."""
    if draft.source is Source.PETITION:
        title, body = voice.petition(telling)
        return replace(draft, title=title, body=body)
    if draft.source is Source.HOTLINE:
        title, turns = voice.call(telling)
        return replace(draft, title=title, turns=turns)
    title, body = voice.note(telling)
    return replace(draft, title=title, body=body)


def moment(day: date, source: Source, rng: random.Random) -> datetime:
    """An instant of the day inside the source's hours, mornings busier."""
    first, last = OPENING_HOURS[source]
    hour = first + (last - first) * rng.betavariate(1.6, 2.2)
    return datetime.combine(day, time()) + timedelta(seconds=int(hour * 3600))
