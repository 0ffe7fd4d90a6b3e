"""How many alerts a day may be due to chance: as chosen, else one number for most streams, more for the largest.

It is a duty officer's time that false alerts cost, and that does not grow with the stream. A city that hears ten times
as much as a mid-sized one has more people to look at alerts, but not ten times as many: there it is the cube root.
"""

import math

import numpy as np
from numpy.typing import NDArray

BASE = 0.75  # false alerts a day in a stream of up to BASE_WEEK reports a week, chosen on one city's petitions
BASE_WEEK = 1000.0
WEEKS = 8  # of past days that tell how large the stream is
LARGEST = 10.0  # false alerts a day, however large the stream


def daily_budget(chosen: float | None, past_totals: NDArray[np.float64]) -> float:
    """The budget B of a day, false alerts a day.

    chosen: the setting, None to follow the stream; past_totals: (n_days, n_sources) reports of problems on the days
    before, oldest first. Without a past B is BASE.

    >>> daily_budget(None, np.full((56, 1), 8000 / 7))
    1.5
    """
    if chosen is not None:
        return chosen
    past = past_totals[-7 * WEEKS :]
    if not len(past):
        return BASE
    a_week = 7.0 * float(past.sum()) / len(past)
    return round(min(LARGEST, BASE * math.cbrt(max(a_week, BASE_WEEK) / BASE_WEEK)), 2)
