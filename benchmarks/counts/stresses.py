"""Cities in which nothing happens and the detector's assumptions fail, one at a time: is the budget still kept?"""

from collections.abc import Callable

import numpy as np

from benchmarks.arrays import Floats
from benchmarks.counts.worlds import N_DAYS, N_SERIES, World, calendar, rates, weekdays
from signals.holidays import DayKind, day_kind, festival_offset

WEEKEND = 0.5  # of a workday's reports
HOLIDAY = 0.25
REBOUND = 1.4  # in the two weeks after the Spring Festival
DRIFT = 0.4  # largest change of a series' log rate in a year, either way
LOUD_SHARE = 0.05  # of days
LATE_SHARE = 0.3  # of reports that wait for the Friday upload
MISSED_SHARE = 0.25  # of uploads that come a week later
AGAIN_SHARE = 0.03  # of voices that come again from the same person, unrecognised
AGAIN_DAYS = 14
DENSE = 0.03  # reports a day
LATENT = 30_000  # tiny issues of the world of births
LATENT_MEAN = 0.001  # reports a day, gamma with shape 0.5


def _null(name: str, chance: np.random.Generator, n_days: int, factor: Floats | None = None) -> World:
    mean = rates(chance)[:, None]
    by_day = np.ones(n_days) if factor is None else factor
    return World(name, chance.poisson(mean * by_day[None, :]))


def poisson(chance: np.random.Generator) -> World:
    """Constant rates: every assumption holds."""
    return _null("Poisson, constant rates", chance, N_DAYS)


def overdispersed(phi: float, *, dense_only: bool) -> Callable[[np.random.Generator], World]:
    """NB1 days of variance φμ. In sparse series that means reports in bunches, which no count can tell from a rise."""

    def world(chance: np.random.Generator) -> World:
        mean = rates(chance)
        r = np.maximum(mean / (phi - 1.0), 1e-9)
        counts = chance.negative_binomial(r[:, None], 1.0 / phi, (N_SERIES, N_DAYS))
        if dense_only:
            plain = chance.poisson(mean[:, None], (N_SERIES, N_DAYS))
            counts = np.where((mean < DENSE)[:, None], plain, counts)
        return World(f"variance {phi:g} x mean, {'series above .03 a day' if dense_only else 'all series'}", counts)

    return world


def drifting(chance: np.random.Generator) -> World:
    """Every series grows or shrinks steadily."""
    mean = rates(chance)[:, None]
    slope = chance.uniform(-DRIFT, DRIFT, (N_SERIES, 1))
    years = (np.arange(N_DAYS) - N_DAYS / 2)[None, :] / 365
    return World("slow drift of each series, up to 49 % a year", chance.poisson(mean * np.exp(slope * years)))


def office_days(n_days: int) -> Floats:
    """Relative city total of each day: weekends, holidays, make-up days, the festival and its rebound."""
    factor = np.ones(n_days)
    for t, day in enumerate(calendar(n_days)):
        kind, offset = day_kind(day), festival_offset(day)
        factor[t] = {DayKind.WEEKEND: WEEKEND, DayKind.HOLIDAY: HOLIDAY}.get(kind, 1.0)
        if offset is not None and 8 <= offset <= 21:
            factor[t] *= REBOUND
    return factor


def holidays(chance: np.random.Generator) -> World:
    """Weekdays and holidays, the Spring Festival among the scored days."""
    return _null("weekdays, holidays, Spring Festival and rebound", chance, N_DAYS, office_days(N_DAYS))


def loud_days(chance: np.random.Generator) -> World:
    """Some days bring 1.5 to 3 times as much of everything."""
    is_loud = chance.random(N_DAYS) < LOUD_SHARE
    factor = np.where(is_loud, chance.uniform(1.5, 3.0, N_DAYS), 1.0)
    return _null("loud days for everything, 1.5 to 3 times", chance, N_DAYS, factor)


def delayed(chance: np.random.Generator) -> World:
    """Part of the reports wait for a Friday upload, and some uploads come a week later."""
    mean = rates(chance)[:, None]
    late = chance.poisson(mean * LATE_SHARE, (N_SERIES, N_DAYS))
    counts = chance.poisson(mean * (1.0 - LATE_SHARE), (N_SERIES, N_DAYS))
    fridays = np.flatnonzero(weekdays(N_DAYS) == 4)
    sent = fridays[(chance.random(len(fridays)) >= MISSED_SHARE) | (fridays == fridays[-1])]
    begin = 0
    for friday in sent:
        counts[:, friday] += late[:, begin : friday + 1].sum(axis=1)
        begin = friday + 1
    return World("reports that wait for uploads", counts)


def serial_callers(chance: np.random.Generator) -> World:
    """Some voices come again within two weeks from the same person under another number."""
    counts = _null("", chance, N_DAYS).counts
    again = chance.binomial(counts, AGAIN_SHARE)
    for series, day in np.argwhere(again):
        for gap in chance.integers(1, AGAIN_DAYS + 1, again[series, day]):
            if day + gap < N_DAYS:
                counts[series, day + gap] += 1
    return World("3 % of voices again from the same person, unrecognised", counts)


def births(chance: np.random.Generator) -> World:
    """Most reports found an issue of their own: 30,000 latent issues beside the 2,000."""
    tiny = chance.gamma(0.5, LATENT_MEAN / 0.5, LATENT)
    mean = np.concatenate([rates(chance), tiny])
    counts = chance.poisson(mean[:, None], (len(mean), N_DAYS))
    return World("births: 30,000 latent issues", counts[counts.any(axis=1)])


STRESSES: tuple[Callable[[np.random.Generator], World], ...] = (
    poisson,
    births,
    drifting,
    holidays,
    loud_days,
    delayed,
    serial_callers,
    overdispersed(1.5, dense_only=True),
    overdispersed(2.0, dense_only=True),
    overdispersed(3.0, dense_only=True),
    overdispersed(1.5, dense_only=False),
    overdispersed(2.0, dense_only=False),
    overdispersed(3.0, dense_only=False),
)
