"""How many alerts a day may be due to chance: as chosen, else one number for most streams.

More for the largest: it is a duty officer's time that false alerts cost, and that does not grow with the stream. A city
that hears ten times as much as a mid-sized one has more people to look at alerts, but not ten times as many: there it
is the cube root.
"""

import math

import numpy as np
from numpy.typing import NDArray

BASE = 0.6  # false alerts a day in a stream of up to BASE_WEEK reports a week, chosen on one city's petitions
BASE_WEEK = 1000.0
WEEKS = 8  # of past days that tell how large the stream is
LARGEST = 10.0  # false alerts a day, however large the stream


def daily_budget(chosen: float | None, past_totals: NDArray[np.float64]) -> float:
    """The budget B of a day, false alerts a day.

    chosen: the setting, None to follow the stream; past_totals: (n_days, n_sources) reports of problems on the days
    before, oldest first. To two digits.

    >>> daily_budget(None, np.full((56, 1), 8000 / 7))
    1.2
    >>> daily_budget(None, np.full((13, 1), 80 / 7))
    0.6
    """
    if chosen is not None:
        return chosen
    past = past_totals[-7 * WEEKS :]
    a_week = 7.0 * float(past.sum()) / len(past) if len(past) else 0.0
    return float(f"{min(LARGEST, BASE * math.cbrt(max(a_week, BASE_WEEK) / BASE_WEEK)):.2g}")
