"""Where the bar of the scan stands: as low as the budget allows, every alert that chance could bring paid for once.

Series overlap: the firm voices of an issue, or those of one area, are among its voices. Where y voices would alert in
a series, y or more would in the one that holds them all, as soon as the bar is no higher than what y voices mean there.
It is one alert then, and the holder has paid for it: an outcome costs its chance only while the bar is above that.
So the false alerts of a day are ≤ Σ_s P(y_s alerts in s and would not in any holder of s) (Boole's inequality).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.detector.baseline import Floats

LEAST_CHANCE = 1e-300  # of a day: one too small for a double is no infinity


def surprise_of(tail: Floats) -> Floats:
    """−log₁₀ of chances, those below LEAST_CHANCE as if they were it; the shape of tail."""
    return np.asarray(-np.log10(np.maximum(tail, LEAST_CHANCE)))


@dataclass(frozen=True, slots=True)
class Bar:
    """The lowest bar that the budget pays for, and what higher ones would cost."""

    height: float  # outcomes with z ≥ height alert; infinity where the budget pays for none
    heights: Floats  # where the cost changes, descending
    costs: Floats  # expected false alerts a day at each of them, ascending

    def recurrence_days(self, z: float) -> float:
        """1 ÷ the chance, city-wide and per day, of any outcome at least as surprising."""
        above = int(np.searchsorted(-self.heights, -z, side="right"))
        chance = self.costs[above - 1] if above else self.costs[:1].sum()
        return float(1.0 / max(chance, LEAST_CHANCE))


def paid_by_holders(z: Floats, outcomes: NDArray[np.int64], within: NDArray[np.int64]) -> Floats:
    """The z from which on downwards each outcome is its holders' affair; −∞ where no holder would ever alert.

    z: (n_series, n_y) of outcomes, −∞ where one cannot alert; outcomes: (n_series, n_y) the least voices of each,
    ascending; within: (n_series,) the series that holds all voices of each, −1 where none does, no circles. A holder
    may get more voices than the series: the least of what as many or more mean there. Returns (n_series, n_y).
    """
    at_least = np.minimum.accumulate(z[:, ::-1], axis=1)[:, ::-1]
    held = np.full_like(z, -np.inf)
    holder = within
    while (some := np.flatnonzero(holder >= 0)).size:
        there = at_least[holder[some]]
        other = np.flatnonzero((outcomes[holder[some]] != outcomes[some]).any(axis=1))
        column = column_of(outcomes[holder[some[other]]], outcomes[some[other]])
        means = np.take_along_axis(there[other], np.maximum(column, 0), axis=1)
        there[other] = np.where(column < 0, -np.inf, means)
        held[some] = np.maximum(held[some], there)
        holder = np.where(holder >= 0, within[holder], -1)
    return held


def column_of(outcomes: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.int64]:
    """The outcome that y voices are, −1 below the first; outcomes: (n_series, n_y), as above; y: (n_series, k)."""
    return np.asarray((outcomes[:, None, :] <= y[:, :, None]).sum(axis=2) - 1)


def set_bar(z: Floats, held: Floats, chance: Floats, *, budget: float) -> Bar:
    """The lowest bar at which, and above which everywhere, the false alerts expected are ≤ budget a day.

    z, held, chance: shape (n_outcomes,), see `paid_by_holders`; outcomes with z ≤ 0 are no surprise and never alert.
    Equal outcomes are above the bar together or not at all.
    """
    costs = (z > 0) & (held < z)
    z, held, chance = z[costs], held[costs], chance[costs]
    passed_on = held > 0
    changes_at = np.concatenate([z, held[passed_on]])
    change = np.concatenate([chance, -chance[passed_on]])
    order = np.argsort(-changes_at, kind="stable")
    heights = changes_at[order]
    last_of_equals = np.flatnonzero(np.append(heights[1:] < heights[:-1], len(heights) > 0))
    heights, spent = heights[last_of_equals], np.cumsum(change[order])[last_of_equals]
    spent = np.maximum.accumulate(spent)  # a holder may pay less than what it takes over
    within_budget = int(np.searchsorted(spent, budget, side="right"))
    return Bar(float(heights[within_budget - 1]) if within_budget else np.inf, heights, spent)
