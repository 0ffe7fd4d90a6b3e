"""The largest budget of false alerts that would have brought no more alerts a week than people can read.

In a small stream that is as good as a budget chosen for its meaning, and easier to explain: it is found by replaying
the past, each time with another budget.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from signals.detector.budget import BASE

LEAST, MOST = 0.02, 20.0  # false alerts a day that are tried
TRIES = 7  # replays at most
NEAR_ENOUGH = 0.9  # of the alerts a week that are wanted


@dataclass(frozen=True, slots=True)
class Tried:
    """What one budget would have brought."""

    false_alerts_per_day: float
    alerts_per_week: float


def aim(alerts_per_week: Callable[[float], float], wanted: float) -> Tried | None:
    """Halve the way between budgets that bring too many and that do not, on a logarithmic scale.

    alerts_per_week: of a budget, false alerts a day; wanted: alerts a week at most, > 0. None where every budget tried
    brings more.
    """
    low, high = LEAST, MOST
    best: Tried | None = None
    budget = BASE
    for _ in range(TRIES):
        tried = Tried(budget, alerts_per_week(budget))
        if tried.alerts_per_week > wanted:
            high = budget
        else:
            low, best = budget, tried
            if tried.alerts_per_week >= NEAR_ENOUGH * wanted:
                break
        budget = round(math.sqrt(low * high), 2)
        if budget in (low, high):
            break
    return best
