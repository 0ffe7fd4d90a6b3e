"""What the same weeks of the year before brought: a trouble all over the city that returns every year is no news.

An office plans ahead for what returns with the season, and warns of what does not (国办函〔2025〕66号). So an issue all
over the city is held against what was like it a year before. One place that suffers every year still rings: there the
trouble has not been put right.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from signals.detector.baseline import Floats, negative_binomial_tail
from signals.holidays import same_festival_day
from signals.memory import Memory
from signals.series import Crossing
from signals.settings import Settings
from signals.theme_nodes import ARM as THEME_ARM

YEAR_DAYS = 365
SLACK_DAYS = 14  # by which a season may come sooner or later than the year before
LEAST_THEN = 5  # reports of those weeks; fewer are no season
LEAST_PLACES = 3  # towns, of what is spread over the city
MOST_AT_ONE = 0.5  # of its reports that name a town
GROWTH_DAYS = 28  # over which the city now is compared with the city then
MOST_GROWTH = 2.0  # of the city in a year, or its reciprocal
READ_AT_ONCE = 20_000  # reports, so that memory stays bounded


def same_season(day: date) -> date:
    """The day a year before: equally far from the Spring Festival where that is near, else 365 days.

    >>> same_season(date(2026, 2, 18)), same_season(date(2026, 7, 1)), same_season(date(2028, 2, 29))
    (datetime.date(2025, 1, 30), datetime.date(2025, 7, 1), datetime.date(2027, 3, 1))
    """
    return same_festival_day(day) or day - timedelta(days=YEAR_DAYS)


def with_seasons(
    memory: Memory, day: date, crossings: Sequence[Crossing], bar: float, settings: Settings
) -> list[Crossing]:  # fmt: skip
    """The crossings, those of issues all over the city with what was like them a year before, where there was a season.

    bar: −log₁₀ of the chance from which a rise is shown. A report is like an issue where its mean cosine to the reports
    there, of what is said apart from where, is linking.matter_similarity. In a younger stream nothing is known.
    """
    similarity = settings.linking.matter_similarity
    then = same_season(day).toordinal()
    return [
        crossing if crossing.arm == THEME_ARM or not _is_known(memory, then - SLACK_DAYS - crossing.window_days)
        else _with_season(memory, day, then, crossing, bar, similarity) for crossing in crossings
    ]  # fmt: skip


def season_surprise(now: int, then: int, growth: float) -> float:
    """−log₁₀ of the chance of `now` reports or more where a season is as it was, in a city `growth` times as large.

    then: reports of the season before, ≥ 1. Two Poisson counts with one rate: given the first, the second is negative
    binomial with shape `then` and mean growth · then (Gelman et al. 2013, Bayesian Data Analysis, section 2.6, with the
    prior that adds nothing to the shape).

    >>> round(season_surprise(12, 12, 1.0), 2), round(season_surprise(24, 12, 1.0), 2)
    (0.3, 1.69)
    """
    numbers = (np.array(float(number)) for number in (now, then, 1.0 / growth, 1.0))
    return -float(np.log10(negative_binomial_tail(*numbers)))


def _is_known(memory: Memory, first: int) -> bool:
    return bool(memory.days) and memory.days[0].toordinal() <= first


def _with_season(
    memory: Memory, day: date, then: int, crossing: Crossing, bar: float, similarity: float
) -> Crossing:  # fmt: skip
    today, window = day.toordinal(), crossing.window_days
    rows = memory.rows_of(crossing.issue_id)
    rows = rows[memory.day[rows] > today - window]
    if not is_spread(memory, rows):
        return crossing
    like = np.asarray(memory.matter_vectors(rows).text.astype(np.float64).mean(axis=0)).ravel()
    n_then = busiest(_days_alike(memory, like, similarity, then - SLACK_DAYS - window + 1, then + SLACK_DAYS), window)
    if n_then < LEAST_THEN:
        return crossing
    n_now = max(len(_days_alike(memory, like, similarity, today - window + 1, today)), crossing.observed)
    is_seasonal = season_surprise(n_now, n_then, _growth(memory, day, then)) < bar
    return replace(crossing, season_now=n_now, season_then=n_then, is_seasonal=is_seasonal)


def is_spread(memory: Memory, rows: NDArray[np.int64]) -> bool:
    """Whether reports come from LEAST_PLACES towns or more, and from none of them more than MOST_AT_ONE."""
    towns = [town for _, town in memory.places]
    named = [place for place in memory.place[rows].tolist() if towns[place]]
    counts = np.unique(named, return_counts=True)[1]
    return len(counts) >= LEAST_PLACES and bool(counts.max() <= MOST_AT_ONE * counts.sum())


def busiest(days: NDArray[np.int64], window: int) -> int:
    """The most of some days, ascending, that any `window` days in a row hold.

    >>> busiest(np.array([1, 1, 8, 9, 14]), 7)
    3
    """
    ends = np.searchsorted(days, days + window)
    return int((ends - np.arange(len(days))).max(initial=0))


def _days_alike(memory: Memory, like: Floats, similarity: float, first: int, last: int) -> NDArray[np.int64]:
    """Days, ascending, of the voices from first to last (ordinals) that are like it; those who only ask count too."""
    rows = np.flatnonzero(memory.matter_voice & ~memory.void & (memory.day >= first) & (memory.day <= last))
    parts = np.array_split(rows, len(rows) // READ_AT_ONCE + 1)
    means = np.concatenate([memory.matter_vectors(part).text.astype(np.float64) @ like for part in parts])
    return np.asarray(memory.day[rows[means >= similarity]])


def _growth(memory: Memory, day: date, then: int) -> float:
    """Reports of problems in the city lately ÷ in the same weeks a year before, within MOST_GROWTH; 1 where unknown."""
    ordinals, totals = np.array([d.toordinal() for d in memory.days], np.int64), memory.totals.sum(axis=1)
    now = totals[(ordinals > day.toordinal() - GROWTH_DAYS) & (ordinals < day.toordinal())]
    before = totals[(ordinals > then - GROWTH_DAYS) & (ordinals < then)]
    if not len(now) or not before.sum():
        return 1.0
    return float(np.clip(now.mean() / before.mean(), 1.0 / MOST_GROWTH, MOST_GROWTH))
