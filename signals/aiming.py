"""The largest budget of false alerts that would have brought no more alerts a week than people can read.

In a small stream that is as good as a budget chosen for its meaning, and easier to explain: it is found by replaying
the past, each time with another budget.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from signals.detector.budget import BASE

LEAST, MOST = 0.02, 20.0  # false alerts a day, between which is searched; LEAST is tried where all else is too much
TRIES = 7  # between them, at most
NEAR_ENOUGH = 0.9  # of the alerts a week that are wanted


@dataclass(frozen=True, slots=True)
class Tried:
    """What one budget would have brought."""

    false_alerts_per_day: float
    alerts_per_week: float


def aim(alerts_per_week: Callable[[float], float], wanted: float) -> list[Tried]:
    """The budgets tried: halving the way between too much and not, on a logarithmic scale, until near enough.

    alerts_per_week: of a budget, false alerts a day; wanted: alerts a week at most, > 0.
    """
    low, high, budget = LEAST, MOST, BASE
    tried = list[Tried]()
    while len(tried) < TRIES and budget not in (low, high):
        tried.append(Tried(budget, alerts_per_week(budget)))
        if tried[-1].alerts_per_week > wanted:
            high = budget
        elif tried[-1].alerts_per_week >= NEAR_ENOUGH * wanted:
            return tried
        else:
            low = budget
        budget = float(f"{math.sqrt(low * high):.2g}")
    return tried if largest(tried, wanted) else [*tried, Tried(LEAST, alerts_per_week(LEAST))]


def largest(tried: Sequence[Tried], wanted: float) -> Tried | None:
    """The largest budget that kept to what is wanted; None where none did."""
    kept = [each for each in tried if each.alerts_per_week <= wanted]
    return max(kept, key=lambda each: each.false_alerts_per_day, default=None)


def is_too_quiet(tried: Sequence[Tried], wanted: float) -> bool:
    """Whether every budget brought far less than is wanted, so that none can be told from the others."""
    return all(each.alerts_per_week < NEAR_ENOUGH * wanted for each in tried)
