"""The hot zone (热区) of an alert: in which towns its voices gather, against what each town usually brings.

Uses what is known by the day alone. Sensitive reports and those about an office are on no map, so in no zone either.
How usual an issue is comes from its crossing; where it would be heard by chance, from all grievances of the past.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from signals.detector.baseline import FLOOR
from signals.detector.hot_spots import hot_spot
from signals.detector.window_scan import WINDOWS
from signals.history import Floats, through
from signals.memory import NOBODY, SOURCES, Memory
from signals.records import Zone
from signals.series import Crossing
from signals.settings import DetectorSettings
from signals.theme_nodes import ARM as THEME_ARM

LEAST_VOICES = 2  # of a place in a zone: one person makes no place hot
MOST_NAMED = 3  # places of a zone in its sentence; the others are a number


def find_zones(
    memory: Memory, day: date, crossings: Sequence[Crossing], exposure_today: Floats, rule: DetectorSettings
) -> dict[int, Zone]:
    """The zone of each issue over the line today, by issue; none where no place has two people and more than usual.

    The memory holds today's reports but not yet today's exposure; exposure_today: (n_sources,).
    """
    if not crossings:
        return {}
    shares = place_shares(memory, day, rule)
    lengths = {*WINDOWS, *(crossing.window_days for crossing in crossings)}
    exposures = {length: _exposure(memory, day, length, exposure_today) for length in lengths}
    own = [crossing for crossing in crossings if crossing.arm != THEME_ARM]  # those of a theme count others' voices
    found = {crossing.issue_id: _zone(memory, day, crossing, shares, exposures) for crossing in own}
    return {issue: zone for issue, zone in found.items() if zone}


def place_shares(memory: Memory, day: date, rule: DetectorSettings) -> Floats:
    """The share of all grievances that each place usually brings, shape (len(memory.places),), adding up to 1.

    Over the baseline's days, without the guard days. Places as in `memory.places`: towns, districts where no town is
    known, and unknown. One grievance more is counted everywhere, so that a silent place has a share as well.
    """
    today = day.toordinal()
    in_baseline = (memory.day >= today - rule.baseline_days) & (memory.day < today - rule.guard_days)
    counts = np.bincount(memory.place[in_baseline & memory.grievance & ~memory.void], minlength=len(memory.places)) + 1
    return np.asarray(counts / counts.sum())


def zone_sentence(zone: Zone, area_names: Mapping[str, str], *, counted: str = "") -> str:
    """What a zone says; counted: in place of the number of people, where that must not be shown.

    >>> zone_sentence(Zone((("440703", "棠下镇"),), 5, 0.104, 7, 9.0), {"440703": "蓬江区"})
    '热区：蓬江区棠下镇，近7天5位，按以往约0.10位'
    """
    usual = f"约{zone.expected:.2f}位" if zone.expected >= 0.01 else "不足0.01位"
    where = zone_places(zone, area_names)
    return f"热区：{where}，近{zone.window_days}天{counted or f'{zone.observed}位'}，按以往{usual}"


def zone_places(zone: Zone, area_names: Mapping[str, str]) -> str:
    """The places of a zone as people write them, by district, at most MOST_NAMED of them by name."""
    named = zone.places[:MOST_NAMED]
    parts = []
    for area in dict.fromkeys(area for area, _ in named):
        towns = [town for code, town in named if code == area]
        known = "、".join(town for town in towns if town)
        parts.append(area_names.get(area, area) + known + ("（含未写明镇街的）" if known and "" in towns else ""))
    more = f"等{len(zone.places)}处" if len(zone.places) > MOST_NAMED else ""
    return "、".join(parts) + more


def stored_zone(zone: Zone | None) -> dict[str, Any] | None:
    """A zone as the column `zone` of the alerts holds it; None for none."""
    if zone is None:
        return None
    return asdict(zone) | {"places": [{"area": area, "town": town} for area, town in zone.places]}


def read_zone(stored: Any) -> Zone | None:
    """The zone that the column holds."""
    if stored is None:
        return None
    return Zone(**stored | {"places": tuple((place["area"], place["town"]) for place in stored["places"])})


def _zone(memory: Memory, day: date, crossing: Crossing, shares: Floats, exposures: dict[int, Floats]) -> Zone | None:
    rows = _mapped_voices(memory, day, crossing)
    if not len(rows):
        return None
    where = [(memory.reports[row].area, memory.reports[row].town) for row in rows.tolist()]
    places = sorted(set(where))
    column, age = np.array([places.index(place) for place in where]), day.toordinal() - memory.day[rows]
    observed = np.array([np.bincount(column[age < length], minlength=len(places)) for length in WINDOWS])
    observed[observed < LEAST_VOICES] = 0
    heard = np.bincount(memory.source[rows], minlength=len(SOURCES)) / len(rows)
    a_day = max(crossing.expected / float(through(heard, exposures[crossing.window_days])), FLOOR)  # 0: nothing heard
    usual = np.array([a_day * through(heard, exposures[length]) for length in WINDOWS])
    spot = hot_spot(observed, np.outer(usual, [shares[memory.places[place]] for place in places]))
    if spot is None:
        return None
    return Zone(tuple(places[k] for k in spot.places.tolist()), spot.observed, round(spot.expected, 6),
                WINDOWS[spot.window], round(spot.score, 4))  # fmt: skip


def _mapped_voices(memory: Memory, day: date, crossing: Crossing) -> NDArray[np.int64]:
    """Rows of an issue's voices in the longest window at a known place, each known person once, none sensitive."""
    rows = memory.rows_of(crossing.issue_id)
    rows = rows[memory.is_voice[rows] & (memory.day[rows] > day.toordinal() - max(WINDOWS))]
    rows = rows[memory.is_firm(rows, crossing.firmness)]
    reports = [memory.reports[row] for row in rows.tolist()]
    rows = rows[[bool(r.area) and not r.restricted and not r.about_office for r in reports]]
    newest = rows[::-1]  # of a person whom a merge makes count twice, so that no window misses one
    people = memory.complainant[newest]
    _, last = np.unique(np.where(people == NOBODY, -2 - np.arange(len(newest)), people), return_index=True)
    return np.sort(newest[last])


def _exposure(memory: Memory, day: date, length: int, exposure_today: Floats) -> Floats:
    """Exposure of the days run among the last `length`, today included, by source: shape (n_sources,)."""
    ordinals = np.array([d.toordinal() for d in memory.days], np.int64)
    return np.asarray(memory.exposures[ordinals > day.toordinal() - length].sum(axis=0) + exposure_today)
