"""Arm 2: a budgeted scan of the last 7, 14, 28 and 42 days, above all for young and sparse issues.

Before the day, every possible outcome (series, y) gets its surprise z(y) and its chance π(y). The bar is set where the
chances of all outcomes above it add up to B₂ (`bar.py`); by linearity of expectation the false alerts a day are ≤ B₂,
whatever the dependence. The first report of a window is not counted: it opened the window. Issues that will be born
today are outcomes too, as many as the past weeks predict: on its first day an issue is judged by the voices after its
founder.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.detector.bar import Bar, column_of, paid_by_holders, set_bar, surprise_of
from signals.detector.baseline import Baseline, Floats, dispersed, negative_binomial_mass, negative_binomial_tail
from signals.detector.distinct import distinct_rows

WINDOWS = (7, 14, 28, 42)  # days
LARGEST = 12  # outcomes of a series that are told apart; the last one stands for "or more"
WIDE_DEVIATIONS = 4.0  # beyond the mean, that 1 … LARGEST must reach; where they do not, outcomes are
DEVIATIONS = np.array([0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.5, 9.0])  # beyond the mean, LARGEST of them
NARROW = np.arange(1, LARGEST + 1)
MANY = 10**9  # voices of a day: more than any


@dataclass(frozen=True, slots=True)
class Scan:
    """What the day's outcomes would mean, fixed before seeing them."""

    outcomes: NDArray[np.int64]  # (n_series, LARGEST) see `outcomes_of`
    z: Floats  # (n_series, LARGEST) −log₁₀ tail if as many came as the outcome begins with
    window: NDArray[np.int64]  # (n_series, LARGEST) the window, in days, that gave z
    chance: Floats  # (n_series, LARGEST) π of the outcome
    newborn_z: Floats  # (n_newborn, LARGEST) the same for series born today, of column + 1 voices after the founder
    cost: Bar

    @property
    def bar(self) -> float:
        """Outcomes with z ≥ bar alert."""
        return self.cost.height

    def column(self, series: int, y: int) -> int:
        """The outcome that y voices today are; −1 where they are fewer than any."""
        return int(np.searchsorted(self.outcomes[series], y, side="right")) - 1

    def surprise(self, series: int, y: int) -> float:
        """z of y voices today, 0 where they are fewer than any outcome."""
        column = self.column(series, y)
        return float(self.z[series, column]) if column >= 0 else 0.0

    def surprises(self, y: NDArray[np.int64]) -> Floats:
        """`surprise` of y voices in each series, shape (n_series,)."""
        column = column_of(self.outcomes, y[:, None])
        return np.where(column < 0, 0.0, np.take_along_axis(self.z, np.maximum(column, 0), axis=1))[:, 0]

    def recurrence_days(self, z: float) -> float:
        """1 ÷ the chance, city-wide and per day, of any outcome at least as surprising."""
        return self.cost.recurrence_days(z)


def outcomes_of(expected: Baseline) -> NDArray[np.int64]:
    """The least voices today of each outcome that is told apart, ascending, shape (n_series, LARGEST).

    1 … LARGEST; where so many may come by chance, from the mean on in steps of standard deviations (DEVIATIONS).
    """
    shape, rate = dispersed(expected.a, expected.b, expected.exposure, expected.phi)
    mean = expected.a / expected.b * expected.exposure
    deviation = np.sqrt(mean * (1.0 + expected.exposure / rate))
    found = np.tile(NARROW, (len(mean), 1))
    wide = mean + WIDE_DEVIATIONS * deviation > LARGEST  # then a deviation is 2 at least: no two outcomes are the same
    found[wide] = np.ceil(mean[wide, None] + DEVIATIONS * deviation[wide, None])
    return found


def most_of(outcomes: NDArray[np.int64]) -> NDArray[np.int64]:
    """The most voices today that each outcome stands for, MANY for the last; shapes (n_series, LARGEST)."""
    return np.concatenate([outcomes[:, 1:] - 1, np.full((len(outcomes), 1), MANY)], axis=1)


def scan(
    expected: Baseline,
    window_voices: NDArray[np.int64],
    window_exposure: Floats,
    hidden: NDArray[np.bool_],
    *,
    budget: float,
    inflation: float,
    newborn: Baseline | None = None,
    births: float = 0.0,
    newborn_hidden: NDArray[np.bool_] | None = None,
    within: NDArray[np.int64] | None = None,
) -> Scan:
    """Set today's bar.

    window_voices: (n_series, len(WINDOWS)) voices in the days before today that a window ending today holds;
    window_exposure: the same shape, days of exposure of each window, today included, not inflated; hidden:
    (n_series, LARGEST) outcomes (`outcomes_of`) of which nothing would be shown: free, and cannot alert. newborn:
    what to expect of series born today after their founder, shape (n_newborn,), each holding the voices of the next;
    births: how many of each are predicted; newborn_hidden: (n_newborn, LARGEST), as hidden. within: (n_series,) the
    series that holds all voices of each, −1 where none does.
    """
    outcomes = outcomes_of(expected)
    bits = hidden @ (1 << np.arange(LARGEST))
    kinds = distinct_rows(expected.a, expected.b, expected.exposure, expected.phi, window_voices, window_exposure,
                          bits)  # fmt: skip
    of = kinds.first
    z = np.full((len(of), LARGEST), -np.inf)
    window = np.zeros((len(of), LARGEST), np.int64)
    for k, days in enumerate(WINDOWS):
        # a longer window that holds no more voices is no more surprising
        more = np.flatnonzero(window_voices[of, k] > window_voices[of, k - 1]) if k else np.arange(len(of))
        some = of[more]
        counted = np.maximum(window_voices[some, k : k + 1] + outcomes[some] - 1.0, 0.0)
        length = window_exposure[some, k : k + 1] * inflation
        shape, rate = dispersed(expected.a[some, None], expected.b[some, None], length, expected.phi[some, None])
        surprise = surprise_of(negative_binomial_tail(counted, shape, rate, length))
        better = surprise > z[more]
        z[more], window[more] = np.where(better, surprise, z[more]), np.where(better, days, window[more])
    chance = _chances(outcomes[of], expected.of(of))
    may_alert = np.where(hidden[of], -np.inf, z)[kinds.row]
    held = paid_by_holders(may_alert, outcomes, np.full(len(may_alert), -1) if within is None else within)
    alike = distinct_rows(kinds.row, held)
    surprises, holders = may_alert[alike.first], held[alike.first]
    chances = chance[kinds.row[alike.first]] * alike.count[:, None]
    newborn_z = np.full((0 if newborn is None else len(newborn.a), LARGEST), -np.inf)
    if newborn is not None and births > 0:
        narrow = np.tile(NARROW, (len(newborn.a), 1))
        tail = negative_binomial_tail(narrow.astype(float), *_of_the_day(newborn))
        newborn_z = surprise_of(tail)
        if newborn_hidden is not None:
            newborn_z[newborn_hidden] = -np.inf
        surprises = np.concatenate([surprises, newborn_z])
        holders = np.concatenate([holders, paid_by_holders(newborn_z, narrow, np.arange(len(newborn_z)) - 1)])
        chances = np.concatenate([chances, births * _chances(narrow, newborn)])
    cost = set_bar(surprises.ravel(), holders.ravel(), chances.ravel(), budget=budget)
    return Scan(outcomes, z[kinds.row], window[kinds.row], chance[kinds.row], newborn_z, cost)


def _chances(outcomes: NDArray[np.int64], expected: Baseline) -> Floats:
    """The chance of each outcome today, that of the last or more, shape (n_series, LARGEST)."""
    of_the_day = _of_the_day(expected)
    chance = negative_binomial_mass(outcomes.astype(float), *of_the_day)
    chance[:, -1:] = negative_binomial_tail(outcomes[:, -1:].astype(float), *of_the_day)
    if (wide := np.flatnonzero(outcomes[:, -1] > LARGEST)).size:  # of outcomes that are several numbers of voices
        tail = negative_binomial_tail(outcomes[wide].astype(float), *_of_the_day(expected.of(wide)))
        chance[wide, :-1] = tail[:, :-1] - tail[:, 1:]
    return chance


def _of_the_day(expected: Baseline) -> tuple[Floats, Floats, Floats]:
    """Shape, rate and exposure of today's predictive distribution, each (n_series, 1)."""
    e = expected.exposure[:, None]
    return *dispersed(expected.a[:, None], expected.b[:, None], e, expected.phi[:, None]), e
