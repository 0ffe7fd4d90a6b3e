"""What the same weeks of the year before brought: a trouble all over the city that returns every year is no news.

An office plans ahead for what returns with the season, and warns of what does not (国办函〔2025〕66号). So an issue all
over the city is held against what was like it a year before. One place that suffers every year still rings, as does
what is heard from one district alone: there the trouble has not been put right.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from signals.detector.bar import surprise_of
from signals.detector.baseline import negative_binomial_tail
from signals.holidays import same_festival_day
from signals.memory import Memory
from signals.series import Crossing
from signals.settings import Settings
from signals.theme_nodes import ARM as THEME_ARM

YEAR_DAYS = 365
SLACK_DAYS = 14  # by which a season may come sooner or later than the year before
LEAST_THEN = 5  # reports of those weeks; fewer are no season
TIMES_USUAL = 2.0  # as many as ordinary days bring; fewer are no season
ORDINARY_DAYS = (140, 56)  # the days so long ago, from and before, are of no season that is now
NEWS = 2.0  # −log₁₀ of the chance from which more than a year before is news
LEAST_TOWNS, LEAST_AREAS = 3, 2  # of what is all over the city
MOST_AT_ONE = 0.5  # of its voices in one town; and as many at least name theirs
GROWTH_DAYS = (42, 14)  # before today, from and before, in which the city is compared with the city then
MOST_GROWTH = 2.0  # of the city in a year, or its reciprocal
MOST_UNREAD = 0.2  # of the voices of then without their texts, beyond which nobody can say what they were
READ_AT_ONCE = 20_000  # reports, so that memory stays bounded
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Voices:
    """Voices of the days that are looked at, and which are like which issue."""

    day: Ints  # (n,) ordinals, ascending
    is_read: NDArray[np.bool_]  # (n,) whether its text is still there
    alike: NDArray[np.bool_]  # (n, n_issues)

    def days_alike(self, issue: int, first: int, last: int) -> Ints:
        """Days, from first to last, of those like one."""
        return self.day[self.alike[:, issue] & (self.day >= first) & (self.day <= last)]


def same_season(day: date) -> date:
    """The day a year before: equally far from the Spring Festival where that is near, else 365 days.

    >>> same_season(date(2026, 2, 18)), same_season(date(2026, 7, 1)), same_season(date(2028, 2, 29))
    (datetime.date(2025, 1, 30), datetime.date(2025, 7, 1), datetime.date(2027, 3, 1))
    """
    return same_festival_day(day) or day - timedelta(days=YEAR_DAYS)


def with_seasons(memory: Memory, day: date, crossings: Sequence[Crossing], settings: Settings) -> list[Crossing]:
    """The crossings, those of issues all over the city with what was like them a year before, where there was a season.

    A report is like an issue where its mean cosine to the voices that crossed, of what is said apart from where, is
    linking.matter_similarity. In a younger stream nothing is known; what crossed in one area, or as a theme, stays.
    """
    found, then = list(crossings), same_season(day).toordinal()
    own = {
        i: _voices_of(memory, crossing, day) for i, crossing in enumerate(found)
        if not crossing.area and crossing.arm != THEME_ARM and _is_known(memory, _first(then, crossing))
    }  # fmt: skip
    asked = {i: rows for i, rows in own.items() if is_spread(memory, rows)}
    if asked:
        of = [(found[i], rows) for i, rows in asked.items()]
        voices = _voices(memory, day, then, of, settings.linking.matter_similarity)
        growth = growth_of(memory, day, then)
        for number, i in enumerate(asked):
            found[i] = _with_season(found[i], voices, number, day.toordinal(), then, growth)
    return found


def without_season(crossing: Crossing) -> Crossing:
    """The crossing as if nothing were known of a year before."""
    return replace(crossing, season_now=0, season_then=0, is_seasonal=False)


def season_surprise(now: int, then: int, growth: float) -> float:
    """−log₁₀ of the chance of `now` reports or more where a season is as it was, in a city `growth` times as large.

    then: reports of the season before, ≥ 1. Two Poisson counts with one rate: given the first, the second is negative
    binomial with shape `then` and mean growth · then (Gelman et al. 2013, Bayesian Data Analysis, section 2.6, with the
    prior that adds nothing to the shape).

    >>> round(season_surprise(12, 12, 1.0), 2), round(season_surprise(24, 12, 1.0), 2)
    (0.3, 1.69)
    """
    numbers = (np.array(float(number)) for number in (now, then, 1.0 / growth, 1.0))
    return float(surprise_of(negative_binomial_tail(*numbers)))


def is_spread(memory: Memory, rows: Ints) -> bool:
    """Whether voices come from all over the city: from LEAST_TOWNS or more, none with most of them, in LEAST_AREAS.

    A city of one area has no second. Voices that name no town are not counted, and may be no more than those that do.
    """
    named = list(memory.places)
    places = [named[place] for place in memory.place[rows].tolist() if named[place][1]]
    if len(places) < MOST_AT_ONE * len(rows):
        return False
    towns = [places.count(place) for place in set(places)]
    several = len({area for area, _ in places}) >= min(LEAST_AREAS, len(memory.areas) - 1)
    return several and len(towns) >= LEAST_TOWNS and max(towns) <= MOST_AT_ONE * len(places)


def busiest(days: Ints, window: int) -> int:
    """The most of some days, ascending, that any `window` days in a row hold.

    >>> busiest(np.array([1, 1, 8, 9, 14]), 7)
    3
    """
    ends = np.searchsorted(days, days + window)
    return int((ends - np.arange(len(days))).max(initial=0))


def growth_of(memory: Memory, day: date, then: int) -> float:
    """Reports of problems in the city of late ÷ in the same weeks a year before, within MOST_GROWTH; 1 where unknown.

    then: ordinal of the day a year before. The last days are left out: what rises now is no growth of the city.
    """
    ordinals, totals = np.array([d.toordinal() for d in memory.days], np.int64), memory.totals.sum(axis=1)
    first, end = GROWTH_DAYS
    now, before = (totals[(ordinals >= last - first) & (ordinals < last - end)] for last in (day.toordinal(), then))
    if not now.sum() or not before.sum():
        return 1.0
    return float(np.clip(now.mean() / before.mean(), 1.0 / MOST_GROWTH, MOST_GROWTH))


def _first(then: int, crossing: Crossing) -> int:
    """Ordinal of the first day that a season of the year before is looked for."""
    return then - SLACK_DAYS - crossing.window_days + 1


def _is_known(memory: Memory, first: int) -> bool:
    return bool(memory.days) and memory.days[0].toordinal() <= first


def _voices_of(memory: Memory, crossing: Crossing, day: date) -> Ints:
    """The voices of an issue in its crossing's window, those who only ask among them."""
    rows = memory.rows_of(crossing.issue_id)
    return rows[memory.matter_voice[rows] & (memory.day[rows] > day.toordinal() - crossing.window_days)]


def _voices(
    memory: Memory, day: date, then: int, of: Sequence[tuple[Crossing, Ints]], similarity: float
) -> Voices:  # fmt: skip
    """All that seasons are told from; of: crossings, and the rows of each that crossed."""
    told = [memory.matter_vectors(rows).text.astype(np.float64).mean(axis=0) for _, rows in of]
    like = sparse.vstack([sparse.csr_matrix(each) for each in told]).T.tocsr()
    window = max(crossing.window_days for crossing, _ in of)
    ages, earliest = day.toordinal() - memory.day, min(_first(then, crossing) for crossing, _ in of)
    is_of_then = (memory.day >= earliest) & (memory.day <= then + SLACK_DAYS)
    is_ordinary = (ages <= ORDINARY_DAYS[0]) & (ages > ORDINARY_DAYS[1])
    looked_at = is_of_then | is_ordinary | ((ages >= 0) & (ages < window))
    rows = np.flatnonzero(memory.matter_voice & ~memory.void & looked_at)
    parts = np.array_split(rows, len(rows) // READ_AT_ONCE + 1)
    means = [(memory.matter_vectors(part).text.astype(np.float64) @ like).toarray() for part in parts]
    return Voices(memory.day[rows], memory.counts.lengths(rows) > 0, np.concatenate(means) >= similarity)


def _with_season(
    crossing: Crossing, voices: Voices, number: int, today: int, then: int, growth: float
) -> Crossing:  # fmt: skip
    first, last, window = _first(then, crossing), then + SLACK_DAYS, crossing.window_days
    is_read = voices.is_read[(voices.day >= first) & (voices.day <= last)]
    n_then = busiest(voices.days_alike(number, first, last), window)
    ordinary = len(voices.days_alike(number, today - ORDINARY_DAYS[0], today - ORDINARY_DAYS[1] - 1))
    usual = ordinary * window / (ORDINARY_DAYS[0] - ORDINARY_DAYS[1]) / growth
    if n_then < max(LEAST_THEN, TIMES_USUAL * usual) or is_read.mean() < 1.0 - MOST_UNREAD:
        return crossing
    n_now = max(len(voices.days_alike(number, today - window + 1, today)), crossing.observed)
    return replace(crossing, season_now=n_now, season_then=n_then,
                   is_seasonal=season_surprise(n_now, n_then, growth) < NEWS)  # fmt: skip
