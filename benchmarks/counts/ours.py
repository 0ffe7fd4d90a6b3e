"""The detector of `signals/detector` on a matrix of counts: both arms, one budget, one series an issue, no grades.

The loop repeats that of `signals/series.py` on arrays. City-wide matters are not part of it: their share of the budget
stays with the second arm, as while matters are not yet watched.
"""

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.arrays import Bools, Floats, Ints
from benchmarks.counts.suppression import Suppression
from benchmarks.counts.worlds import World, calendar, weekdays
from signals.detector import shiryaev_roberts as esr
from signals.detector.baseline import DEFAULT_PRIOR, Baseline, Prior, baseline, fit_prior, with_bunches
from signals.detector.dispersion import dispersion
from signals.detector.window_scan import LARGEST, WINDOWS, Scan, most_of, outcomes_of, scan
from signals.exposure import burst, day_exposure
from signals.series import BIRTH_DAYS, FIRST_ARM, PHI
from signals.settings import DetectorSettings
from signals.suppression import WATCHED_DAYS

SETTINGS = DetectorSettings()
WARM_UP_DAYS = 120  # before the scored days in which the first arm gathers evidence
SCAN_WARM_UP_DAYS = 14  # in which the second arm runs too, so that earlier alerts suppress
MONDAY = 0


@dataclass(frozen=True)
class Watched:
    """Alerts shown (n, T), and which of them the first arm raised (the second may have raised them too)."""

    shown: Bools
    by_first_arm: Bools


@dataclass(frozen=True)
class Past:
    """All sums over a world that the detector asks for; slices end before the day asked about."""

    counts: Ints
    before: Ints  # (n, T + 1) counts before each day
    pairs_before: Ints  # (n, T + 1) Σ y(y − 1) of the days before each day
    born: Ints  # (n,) day of the first report, T where none came
    exposure: Floats  # (T,)
    exposure_before: Floats  # (T + 1,)
    squares_before: Floats  # (T + 1,) of exposure squared

    def voices(self, series: Ints, begin: int, end: int) -> Ints:
        """Reports of some series on days begin ≤ t < end."""
        return np.asarray(self.before[series, max(end, 0)] - self.before[series, max(begin, 0)], np.int64)

    def days(self, begin: int, end: int) -> float:
        """Exposure of days begin ≤ t < end, in ordinary days."""
        return float(self.exposure_before[max(end, 0)] - self.exposure_before[max(begin, 0)])


def past_of(counts: Ints) -> Past:
    """The sums of a world."""
    exposure = city_exposure(counts)
    n, n_days = counts.shape
    before = np.zeros((n, n_days + 1), np.int32)
    np.cumsum(counts, axis=1, out=before[:, 1:])
    born = np.where(counts.any(axis=1), (counts > 0).argmax(axis=1), n_days)
    pairs = np.zeros((n, n_days + 1), np.int32)
    np.cumsum(counts * (counts - 1), axis=1, out=pairs[:, 1:])
    squares = np.concatenate([[0.0], np.cumsum(exposure**2)])
    return Past(counts, before, pairs, born, exposure, np.concatenate([[0.0], np.cumsum(exposure)]), squares)


def city_exposure(counts: Ints) -> Floats:
    """Exposure of every day from the totals up to it, as the engine reckons it; shape (T,)."""
    totals, days = counts.sum(axis=0, dtype=float)[:, None], calendar(counts.shape[1])
    heard = [totals[t] - burst(counts[:, t, None]) for t in range(len(totals))]
    found = [day_exposure(totals[:t], days[:t], heard[t], days[t]) for t in range(len(totals))]
    return np.array([float(day.relative[0]) for day in found])


def watch(world: World, *, budget: float) -> Watched:
    """What both arms raise with a budget of so many false alerts a day; earlier days only warm up."""
    past = past_of(world.counts)
    n, n_days = world.counts.shape
    shown, first_arm = np.zeros((n, n_days), bool), np.zeros((n, n_days), bool)
    m = np.zeros((n, len(esr.GROWTH)))
    suppression = Suppression(world.counts, past.before)
    prior = DEFAULT_PRIOR
    day_of_week = weekdays(n_days)
    for t in range(world.scored - WARM_UP_DAYS, n_days):
        if day_of_week[t] == MONDAY:
            prior = _prior(past, t)
        born_before = np.flatnonzero(past.born < t)
        live = born_before[past.voices(born_before, t - SETTINGS.live_days, t) > 0]
        births = float(((past.born < t) & (past.born >= t - BIRTH_DAYS)).sum()) / BIRTH_DAYS
        expected, of_newborn = expectation(past, live, t, prior)
        y = np.asarray(past.counts[live, t], np.int64)
        deposits = esr.deposits(past.born[live] == t - 1, predicted_births=births)
        left, crossed = esr.spend(esr.grow(m[live], deposits, y, expected, phi=PHI), budget=budget * FIRST_ARM)
        m[:] = 0.0
        m[live] = left
        alarmed = crossed & (y > 0)  # a day without news pays, but shows nothing
        first_arm[live[alarmed], t] = True
        if t >= world.scored - SCAN_WARM_UP_DAYS:
            newborn_expected = with_bunches(_newborn(past, t, prior), of_newborn)
            bar = _scan(past, live, t, expected, newborn_expected, suppression, births, budget * (1.0 - FIRST_ARM))
            alarmed |= (y > 0) & (bar.surprises(y) >= bar.bar)
            newborn = np.flatnonzero(past.born == t)
            followers = past.counts[newborn, t].astype(np.int64) - 1
            alarmed_newborn = (followers > 0) & (bar.newborn_z[0, np.clip(followers, 1, LARGEST) - 1] >= bar.bar)
            candidates = np.concatenate([live[alarmed], newborn[alarmed_newborn]])
            shown[suppression.show(candidates, t), t] = True
    return Watched(shown, shown & first_arm)


def expectation(past: Past, live: Ints, t: int, prior: Prior) -> tuple[Baseline, float]:
    """What day t may bring to the live series, from days before it and the day's exposure; and φ of newborn ones."""
    begin, end = t - SETTINGS.baseline_days, max(t - SETTINGS.guard_days, 0)
    begin = max(begin, 0)
    counted = past.voices(live, begin, end)
    is_founder_in = (past.born[live] >= begin) & (past.born[live] < end)
    voices = counted - is_founder_in + 1  # the founder counts once, whenever it came
    first = np.clip(past.born[live] + 1, begin, end)
    lives = past.exposure_before[end] - past.exposure_before[first]
    today = np.full(len(live), past.exposure[t])
    expected = baseline(prior, voices, lives, today, inflation=SETTINGS.inflation)
    phi, of_newborn = _dispersion(past, live, first, end, lives, expected)
    return replace(expected, phi=phi), of_newborn


def _dispersion(
    past: Past, live: Ints, first: Ints, end: int, lives: Floats, expected: Baseline
) -> tuple[Floats, float]:
    """φ of the live series from the days first ≤ t < end after their founding, whose exposures add up to lives."""
    voices = np.asarray(past.before[live, end] - past.before[live, first], np.int64)
    pairs = np.asarray(past.pairs_before[live, end] - past.pairs_before[live, first], np.int64)
    squares = past.squares_before[end] - past.squares_before[first]
    effective = np.divide(lives**2, squares, out=np.ones_like(lives), where=squares > 0)
    return dispersion(expected.a / expected.b, voices, pairs, effective)


def _scan(
    past: Past, live: Ints, t: int, expected: Baseline, newborn: Baseline, suppression: Suppression, births: float,
    budget: float,
) -> Scan:  # fmt: skip
    voices = np.stack([past.voices(live, t - days + 1, t) for days in WINDOWS], axis=1)
    exposure = np.tile([past.days(t - days + 1, t + 1) for days in WINDOWS], (len(live), 1))
    hidden = suppression.hidden(live, t, most_of(outcomes_of(expected)))
    return scan(expected, voices, exposure, hidden, budget=budget, inflation=SETTINGS.inflation, newborn=newborn,
                births=births)  # fmt: skip


def _newborn(past: Past, t: int, prior: Prior) -> Baseline:
    return baseline(prior, np.ones(1, np.int64), np.zeros(1), past.exposure[[t]], inflation=SETTINGS.inflation)


def _prior(past: Past, t: int) -> Prior:
    """As `signals.priors.refit_priors`: follow-ups within 120 days of birth over days of life."""
    series = np.flatnonzero(past.born < t)
    ends = np.minimum(past.born[series] + WATCHED_DAYS + 1, t)
    follow_ups = past.before[series, ends] - past.before[series, past.born[series]] - 1
    return fit_prior(follow_ups.astype(np.int64), np.minimum(t - past.born[series], WATCHED_DAYS).astype(float))
