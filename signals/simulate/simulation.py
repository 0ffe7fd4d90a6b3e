"""A whole simulated city, from one seed to the files of its three systems."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from signals.errors import InputError
from signals.gazetteer import load_gazetteer
from signals.records import Source
from signals.simulate.background import ENQUIRY_SHARE, Background, Chronic, misplaced
from signals.simulate.city import City, build_city
from signals.simulate.decoys import Decoy, plant_decoys, reimport, seasonal_rises
from signals.simulate.demand import SHARES, daily_demand
from signals.simulate.drafts import Draft
from signals.simulate.extra import extra_incidents
from signals.simulate.incidents import Hazard, Incident, plant, read_incidents
from signals.simulate.outcomes import Outcomes
from signals.simulate.people import SERIAL_SHARE, Crowd
from signals.simulate.truth import Falsehood, Planted, Truth, days_of, rows_by_event, summary
from signals.simulate.voice import Voice
from signals.simulate.wording import Wording
from signals.simulate.writers import Row, number, write_exports, write_text

CALLS_PER_SERIAL_CALLER = 16
FEWEST_REPORTS = 3  # an incident cut off by the end of the period below this is no event


@dataclass(frozen=True, slots=True)
class SimulationSettings:
    """What to simulate. `wording` keeps the phrases for tuning apart from those for testing."""

    seed: int = 7
    n_days: int = 90
    first_on: date = date(2025, 1, 1)
    reports_per_day: float = 44.0
    n_extra_incidents: int = 0  # besides the written ones: an everyday matter that bursts at one place
    wording: Wording = Wording.FIRST

    def __post_init__(self) -> None:
        if self.n_days < 1 or self.reports_per_day <= 0 or self.n_extra_incidents < 0:
            raise InputError(
                f"simulate: 天数应不少于 1，每天件数应大于 0；得到 {self.n_days} 天、"
                f"每天 {self.reports_per_day} 件。请改正后重试。"
            )


@dataclass(frozen=True, slots=True)
class _Planting:
    incidents: tuple[Incident, ...]
    hazards: dict[str, Hazard]
    chronic: tuple[Chronic, ...]
    decoys: tuple[Decoy, ...]
    drafts: tuple[Draft, ...]


def simulate(settings: SimulationSettings, folder: Path) -> Truth:
    """Write petitions.xlsx, hotline.jsonl, grid.csv, truth.json and README.md into `folder`.

    The same settings give the same bytes (for the xlsx: the same cells).
    """
    folder.mkdir(parents=True, exist_ok=True)
    city = build_city(load_gazetteer(), settings.seed)
    voice = Voice(settings.seed, settings.wording)
    planting = _plant_all(settings, city, voice)
    rows = _rows(settings, planting.drafts, city, voice)
    truth = _truth(settings, planting, rows)
    write_exports(rows, folder)
    content = json.dumps(truth.as_json(), ensure_ascii=False, indent=1)
    write_text(folder / "truth.json", (content + "\n").encode())
    write_text(folder / "README.md", summary(truth, rows, _command(settings)).encode())
    return truth


def _plant_all(settings: SimulationSettings, city: City, voice: Voice) -> _Planting:
    seed, first_on, n_days = settings.seed, settings.first_on, settings.n_days
    n_calls = settings.reports_per_day * SHARES[Source.HOTLINE] * n_days
    crowd = Crowd(seed, round(n_calls * SERIAL_SHARE / CALLS_PER_SERIAL_CALLER))
    background = Background(city, crowd, voice, seed, settings.wording)
    incidents = [*read_incidents("incidents", city, settings.wording, seed)]
    incidents += extra_incidents(settings.n_extra_incidents, n_days, city=city, background=background, seed=seed)
    hazards: dict[str, Hazard] = {}
    drafts: list[Draft] = []
    for incident in incidents:
        told, hazard = plant(incident, first_on, n_days, crowd=crowd, voice=voice, seed=seed)
        if len(told) >= FEWEST_REPORTS:
            drafts += told
            hazards[incident.event_id] = hazard
    decoys, looks = plant_decoys(
        first_on, n_days, city=city, crowd=crowd, voice=voice, seed=seed, wording=settings.wording
    )
    seasonal, rise = seasonal_rises(first_on, n_days, background=background, city=city, crowd=crowd, seed=seed)
    near = [incident.spots[0] for incident in incidents if incident.event_id in hazards]
    chronic, trickle = background.chronic(first_on, n_days, near)
    drafts += [*looks, *rise, *trickle, *background.distractors(first_on, n_days, near)]
    everyday = max(settings.reports_per_day / 2, settings.reports_per_day - len(drafts) / n_days)
    enquiries = _enquiry_share(drafts, n_calls, everyday * SHARES[Source.HOTLINE] * n_days)
    for demand in daily_demand(first_on, n_days, everyday, seed):
        drafts += background.day(demand, enquiries)
    copied, copies = reimport(drafts, first_on, n_days, seed=seed)
    drafts += copies
    end = first_on + timedelta(days=n_days)
    inside = sorted((d for d in drafts if d.received_at.date() < end), key=lambda d: (d.received_at, d.title))
    kept = tuple(incident for incident in incidents if incident.event_id in hazards)
    return _Planting(kept, hazards, tuple(chronic), (*decoys, *seasonal, copied), tuple(inside))


def _enquiry_share(planted: Sequence[Draft], n_calls: float, n_everyday: float) -> float:
    """The share of everyday calls that must ask only, so that ENQUIRY_SHARE of all calls do."""
    asking = sum(d.source is Source.HOTLINE and d.subject.kind == "enquiry" for d in planted)
    return min(0.8, max(0.0, (ENQUIRY_SHARE * n_calls - asking) / n_everyday))


def _rows(
    settings: SimulationSettings, drafts: Sequence[Draft], city: City, voice: Voice
) -> list[Row]:  # fmt: skip
    end = datetime.combine(settings.first_on + timedelta(days=settings.n_days), time())
    outcomes = Outcomes(settings.seed, end, voice)
    rng = random.Random(f"{settings.seed}/places")
    drafts = [misplaced(draft, city.gazetteer, rng) for draft in drafts]
    rows = []
    for report_id, draft in zip(number(drafts), drafts, strict=True):
        area = city.gazetteer.area_name(draft.wrong_area) if draft.wrong_area else draft.spot.area_name
        area = "" if draft.is_without_place else area
        rows.append(Row(report_id, draft, outcomes.of(draft), area))
    return rows


def _truth(settings: SimulationSettings, planting: _Planting, rows: Sequence[Row]) -> Truth:
    rng = random.Random(f"{settings.seed}/escalation")
    events = []
    by_event = rows_by_event(rows)
    for incident in planting.incidents:
        mine = by_event[incident.event_id]
        hazard = planting.hazards[incident.event_id]
        first, last = days_of(mine)
        events.append(
            Planted(
                incident.event_id, incident.name, "burst", "citywide" if incident.is_citywide else "specific",
                incident.shape, [row.report_id for row in mine], len(mine), first, last, first,
                areas=sorted({row.draft.spot.area for row in mine}), hazard=round(hazard.probability, 4),
                hazard_unobserved=round(hazard.unobserved, 4), escalated=rng.random() < hazard.probability,
                likeness=incident.likeness,
            )
        )  # fmt: skip
    for spot in planting.chronic:
        if mine := by_event[spot.name]:
            name = f"{spot.spot.names[0]}{spot.matter.subject.name}"
            ids, (first, last) = [row.report_id for row in mine], days_of(mine)
            areas = [spot.spot.area]
            events.append(
                Planted(spot.name, name, "chronic", "specific", "steady", ids, len(ids), first, last, first,
                        areas=areas)
            )  # fmt: skip
    decoys = []
    for decoy in planting.decoys:
        if mine := by_event[decoy.event_id]:
            decoys.append(Falsehood(decoy.name, decoy.kind, [row.report_id for row in mine], *days_of(mine)))
    return Truth(settings.seed, settings.first_on, settings.n_days, events, decoys)


def _command(settings: SimulationSettings) -> str:
    return (
        f"jianwei simulate --seed {settings.seed} --days {settings.n_days} --first {settings.first_on}"
        f" --reports-per-day {settings.reports_per_day:g}"
        + (f" --extra-incidents {settings.n_extra_incidents}" if settings.n_extra_incidents else "")
        + (f" --wording {settings.wording}" if settings.wording is not Wording.FIRST else "")
        + " --out FOLDER"
    )
