"""Arm 2: a budgeted scan of the last 7, 14, 28 and 42 days, for young and sparse issues.

Before the day, every possible outcome (series, y) gets its surprise z(y) and its chance π(y). The bar is set where the
chances of all outcomes above it add up to B₂ (`bar.py`); by linearity of expectation the false alerts a day are ≤ B₂,
whatever the dependence. The first report of a window is not counted: it opened the window. Issues that will be born
today are outcomes too, as many as the past weeks predict: on its first day an issue is judged by the voices after its
founder.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.detector.bar import LEAST_CHANCE, Bar, paid_by_holders, set_bar
from signals.detector.baseline import Baseline, Floats, dispersed, negative_binomial_mass, negative_binomial_tail
from signals.detector.distinct import distinct_rows

WINDOWS = (7, 14, 28, 42)  # days
LARGEST = 12  # outcomes y = 1 … LARGEST; the last one stands for "or more"


@dataclass(frozen=True, slots=True)
class Scan:
    """What the day's outcomes would mean, fixed before seeing them."""

    z: Floats  # (n_series, LARGEST) −log₁₀ tail if y = column + 1 came
    window: NDArray[np.int64]  # (n_series, LARGEST) the window, in days, that gave z
    chance: Floats  # (n_series, LARGEST) π(y)
    newborn_z: Floats  # (n_newborn, LARGEST) the same for series born today, of column + 1 voices after the founder
    cost: Bar

    @property
    def bar(self) -> float:
        """Outcomes with z ≥ bar alert."""
        return self.cost.height

    def recurrence_days(self, z: float) -> float:
        """1 ÷ the chance, city-wide and per day, of any outcome at least as surprising."""
        return self.cost.recurrence_days(z)


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
    (n_series, LARGEST) outcomes that the suppression rule would not show: they cost nothing and cannot alert. newborn:
    what to expect of series born today after their founder, shape (n_newborn,), each holding the voices of the next;
    births: how many of each are predicted; newborn_hidden: (n_newborn, LARGEST), as hidden. within: (n_series,) the
    series that holds all voices of each, −1 where none does.
    """
    y = np.arange(1, LARGEST + 1, dtype=float)
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
        counted = np.maximum(window_voices[some, k : k + 1] + y[None, :] - 1.0, 0.0)
        length = window_exposure[some, k : k + 1] * inflation
        shape, rate = dispersed(expected.a[some, None], expected.b[some, None], length, expected.phi[some, None])
        surprise = -np.log10(np.maximum(negative_binomial_tail(counted, shape, rate, length), LEAST_CHANCE))
        better = surprise > z[more]
        z[more], window[more] = np.where(better, surprise, z[more]), np.where(better, days, window[more])
    chance = _mass_to_largest(y, expected.of(of))
    may_alert = np.where(hidden[of], -np.inf, z)[kinds.row]
    held = paid_by_holders(may_alert, np.full(len(may_alert), -1) if within is None else within)
    alike = distinct_rows(kinds.row, held)
    outcomes, holders = may_alert[alike.first], held[alike.first]
    chances = chance[kinds.row[alike.first]] * alike.count[:, None]
    newborn_z = np.full((0 if newborn is None else len(newborn.a), LARGEST), -np.inf)
    if newborn is not None and births > 0:
        tail = negative_binomial_tail(y[None, :], *_of_the_day(newborn))
        newborn_z = -np.log10(np.maximum(tail, LEAST_CHANCE))
        if newborn_hidden is not None:
            newborn_z[newborn_hidden] = -np.inf
        outcomes = np.concatenate([outcomes, newborn_z])
        holders = np.concatenate([holders, paid_by_holders(newborn_z, np.arange(len(newborn_z)) - 1)])
        chances = np.concatenate([chances, births * _mass_to_largest(y, newborn)])
    cost = set_bar(outcomes.ravel(), holders.ravel(), chances.ravel(), budget=budget)
    return Scan(z[kinds.row], window[kinds.row], chance[kinds.row], newborn_z, cost)


def _mass_to_largest(y: Floats, expected: Baseline) -> Floats:
    """P(Y = y) for y = 1 … LARGEST − 1 and P(Y ≥ LARGEST) last, shape (n_series, LARGEST)."""
    of_the_day = _of_the_day(expected)
    chance = negative_binomial_mass(y[None, :], *of_the_day)
    chance[:, -1] = negative_binomial_tail(y[None, -1:], *of_the_day)[:, 0]
    return chance


def _of_the_day(expected: Baseline) -> tuple[Floats, Floats, Floats]:
    """Shape, rate and exposure of today's predictive distribution, each (n_series, 1)."""
    e = expected.exposure[:, None]
    return *dispersed(expected.a[:, None], expected.b[:, None], e, expected.phi[:, None]), e
