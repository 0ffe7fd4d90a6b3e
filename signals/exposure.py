"""How much a day lets be heard: the rhythm of weekdays and holidays × that day's city total by source.

A quiet or loud day for everything is not a signal. Exposure is relative: 1 is an ordinary day of the source. What is
known late is counted on the day it becomes known, and so are the totals: where a source uploads on Fridays, exposure
already says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from signals.holidays import DayKind, day_kind, festival_offset

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
WEEKS = 8  # of past days that shape the weekday means
RHYTHM_DAYS = 800  # of past days whose holidays are looked at: two Spring Festivals
SHRINK = 10.0  # reports by which a day's total is shrunk to its weekday mean
CLIP = (0.5, 2.0)  # of the ratio of a day's total to its weekday mean
SHAPE_CLIP = (0.1, 5.0)  # of a kind of day's mean to the overall one

WEEK = 7  # kinds 0 … 6 are the weekdays, Monday first, where no arrangement changes them
MAKE_UP, HOLIDAY, FESTIVAL = 7, 8, 9
WORKDAYS, WEEKEND = slice(0, 5), slice(5, 7)
FESTIVAL_DAYS = (-1, 7)  # from the first day of the lunar year


@dataclass(frozen=True, slots=True)
class DayExposure:
    """Exposure of one day by source, shape (n_sources,), and the totals expected from the kind of day alone."""

    relative: Floats
    expected: Floats


@lru_cache(maxsize=4096)
def rhythm(day: date) -> int:
    """What kind of day it is: its weekday, MAKE_UP, HOLIDAY or FESTIVAL. Never raises for a far year.

    >>> rhythm(date(2025, 1, 26)), rhythm(date(2025, 1, 29)), rhythm(date(2025, 5, 1)), rhythm(date(2025, 5, 6))
    (7, 9, 8, 1)
    """
    kind, offset = day_kind(day), festival_offset(day)
    if kind is DayKind.MAKE_UP:
        return MAKE_UP
    if kind is DayKind.HOLIDAY:
        return FESTIVAL if offset is not None and FESTIVAL_DAYS[0] <= offset <= FESTIVAL_DAYS[1] else HOLIDAY
    return day.weekday()


def day_exposure(past: Floats, days: Sequence[date], today: Floats, day: date) -> DayExposure:
    """Exposure of `day` by source.

    past: (n_days, n_sources) daily totals before today, oldest first; days: their dates; today: (n_sources,). Without
    a past every source has exposure 1, as has a source never heard before.
    """
    past, days = past[-RHYTHM_DAYS:], days[-RHYTHM_DAYS:]
    if len(past) == 0:
        return DayExposure(np.ones_like(today), today.copy())
    kinds = np.array([rhythm(each) for each in days], np.int64)
    week = _week(past[-WEEK * WEEKS :], kinds[-WEEK * WEEKS :])
    mean = week.mean(axis=0)
    expected = _expected(past, kinds, week, rhythm(day))
    shape = np.clip(np.divide(expected, mean, out=np.ones_like(mean), where=mean > 0), *SHAPE_CLIP)
    ratio = np.clip((today + SHRINK) / (expected + SHRINK), *CLIP)
    return DayExposure(np.where(mean > 0, shape * ratio, 1.0), expected)


def burst(counts: Ints) -> Floats:
    """By how much the largest issue of a day exceeds the second largest, by source, shape (n_sources,).

    counts: (n_issues, n_sources) the day's reports. Taken from the day's total, it keeps a burst from raising the
    exposure that it is measured by. The measure stays the same for all issues: one that left out each issue's own
    reports would set those with news, and only those, above the ties in which the scan's bar lies.

    >>> burst(np.array([[9, 0], [2, 1], [1, 1]])).tolist()
    [7.0, 0.0]
    """
    n_sources = counts.shape[1]
    first, second = np.sort(np.vstack([counts, np.zeros((2, n_sources), np.int64)]), axis=0)[::-1][:2]
    return np.asarray(first - second, float)


def _week(past: Floats, kinds: Ints) -> Floats:
    """Mean of each weekday without its holidays, drawn to the overall mean by one pseudo-day; (7, n_sources)."""
    ordinary = kinds < WEEK
    mean = past[ordinary].mean(axis=0) if ordinary.any() else past.mean(axis=0)
    return np.stack([_drawn(past[kinds == weekday], mean) for weekday in range(WEEK)])


def _drawn(past: Floats, mean: Floats) -> Floats:
    return np.asarray((past.sum(axis=0) + mean) / (len(past) + 1.0))


def _expected(past: Floats, kinds: Ints, week: Floats, kind: int) -> Floats:
    """Total of a day of some kind, shape (n_sources,).

    A make-up day is drawn to the mean workday, a holiday to the mean day of a weekend, a day of the Spring Festival to
    a holiday, by one pseudo-day each; their own past are all days of the kind in RHYTHM_DAYS, each against the weeks
    before it.
    """
    if kind < WEEK:
        return np.asarray(week[kind])
    if kind == FESTIVAL:
        prior = _expected(past, kinds, week, HOLIDAY)
    else:
        prior = week[WORKDAYS if kind == MAKE_UP else WEEKEND].mean(axis=0)
    level, mean = _levels(past, kinds), week.mean(axis=0)
    same = (kinds == kind) & np.isfinite(level).all(axis=1)
    scale = level[same].sum(axis=0) + mean
    now = np.divide(mean, scale, out=np.zeros_like(mean), where=scale > 0)
    return np.asarray((past[same].sum(axis=0) + prior) * now)


def _levels(past: Floats, kinds: Ints) -> Floats:
    """Mean total of the ordinary days in the WEEKS before each day, NaN where there are none; the shape of past."""
    ordinary = kinds < WEEK
    sums = np.concatenate([np.zeros((1, past.shape[1])), np.cumsum(np.where(ordinary[:, None], past, 0.0), axis=0)])
    counts = np.concatenate([[0], np.cumsum(ordinary)])
    before = np.arange(len(past))
    first = np.maximum(before - WEEK * WEEKS, 0)
    n = (counts[before] - counts[first])[:, None]
    return np.asarray(np.divide(sums[before] - sums[first], n, out=np.full(past.shape, np.nan), where=n > 0))
