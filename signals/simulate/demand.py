"""How many reports a day brings, before anything is planted: weekdays, festival, drift, overdispersion."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from signals.holidays import DayKind, day_kind, festival_offset
from signals.records import Source

SHARES: Mapping[Source, float] = {Source.PETITION: 0.205, Source.HOTLINE: 0.61, Source.GRID: 0.185}
# Monday to Sunday, relative; the grid's upload day is Friday.
WEEKDAYS: Mapping[Source, tuple[float, ...]] = {
    Source.PETITION: (1.40, 1.25, 1.20, 1.15, 1.10, 0.50, 0.40),
    Source.HOTLINE: (1.12, 1.05, 1.03, 1.02, 1.05, 0.90, 0.83),
    Source.GRID: (0.70, 0.80, 0.80, 0.80, 2.90, 0.70, 0.30),
}
HOLIDAY: Mapping[Source, float] = {Source.PETITION: 0.15, Source.HOTLINE: 0.45, Source.GRID: 0.12}
DISPERSION: Mapping[Source, float] = {Source.PETITION: 1.4, Source.HOTLINE: 1.8, Source.GRID: 2.2}
DRIFT_A_YEAR = 0.15


@dataclass(frozen=True, slots=True)
class Demand:
    """Reports of one source on one day."""

    day: date
    source: Source
    expected: float
    count: int


def daily_demand(first_on: date, n_days: int, reports_per_day: float, seed: int) -> list[Demand]:
    """Counts of every day and source, drawn with variance φ times the mean."""
    rng = np.random.default_rng([seed, 11])
    drawn = []
    for day in (first_on + timedelta(days=i) for i in range(n_days)):
        drift = 1 + DRIFT_A_YEAR * (day - first_on).days / 365
        for source, share in SHARES.items():
            expected = reports_per_day * share * drift * day_factor(day, source)
            drawn.append(Demand(day, source, expected, _count(expected, DISPERSION[source], rng)))
    return drawn


def day_factor(day: date, source: Source) -> float:
    """The expected size of a day relative to an average one; 调休 days count as a Monday."""
    shape = WEEKDAYS[source]
    kind = day_kind(day)
    if kind is DayKind.HOLIDAY:
        return HOLIDAY[source]
    weekday = 0 if kind is DayKind.MAKE_UP else day.weekday()
    return shape[weekday] / (sum(shape) / 7) * _around_festival(day)


@lru_cache(maxsize=8192)
def season_weight(season: str, day: date) -> float:
    """How much more (or less) a seasonal matter is reported on a day; 1 in an ordinary week."""
    offset = festival_offset(day)
    since = 99 if offset is None else offset
    month = (day.month, day.day)
    if season == "wages":
        return 3.0 if -28 <= since <= -2 else 0.7
    if season == "fireworks":
        return 10.0 if -4 <= since <= 15 else 0.15
    if season == "festival":
        return 2.0 if -14 <= since <= 8 else 0.8
    if season == "rain":
        return 2.2 if 3 <= day.month <= 9 else 0.6
    if season == "enrol":
        return 4.0 if (7, 1) <= month <= (9, 10) else 1.2 if month >= (4, 20) and month < (7, 1) else 0.3
    if season == "school":
        return 1.8 if (2, 10) <= month <= (3, 10) or (4, 20) <= month <= (9, 10) else 0.6
    if season == "exam":
        return 9.0 if (5, 25) <= month <= (6, 30) else 0.1
    if season == "qingming":
        return 6.0 if (3, 18) <= month <= (4, 8) else 0.1
    return 1.0


def _around_festival(day: date) -> float:
    since = festival_offset(day)
    if since is not None and -5 <= since < 0:
        return 0.75
    if since is not None and 7 <= since <= 16:
        return 1.2
    return 1.0


def _count(expected: float, dispersion: float, rng: np.random.Generator) -> int:
    if expected <= 0:
        return 0
    shape = expected / (dispersion - 1)
    return int(rng.poisson(rng.gamma(shape, dispersion - 1)))
