"""Issues that rose in the same days: one event told in several ways is likelier than several events at one time.

A ferry that stops sailing is heard of as closed ports, as jams, as cars without petrol. Texts so different are no more
alike than those of two lasting matters; that they came up together says the rest.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from signals.memory import Memory
from signals.suppression import WATCHED_DAYS

RISING_DAYS = 14  # in which nearly all reports of an issue came
LEAST_REPORTS = 5  # in those days
NEARLY_ALL = 0.8  # of the reports in WATCHED_DAYS
KNOWN_DAYS = 28  # run before; in a younger stream everything is new


def risen_together(memory: Memory, day: date) -> NDArray[np.int64]:
    """Issues whose reports of the last WATCHED_DAYS nearly all came in the RISING_DAYS that end with `day`, ascending.

    None while the stream is younger than KNOWN_DAYS.
    """
    if len(memory.days) < KNOWN_DAYS:
        return np.empty(0, np.int64)
    today = day.toordinal()
    rows = np.flatnonzero((memory.day > today - WATCHED_DAYS) & ~memory.void)
    issues, place = np.unique(memory.issue[rows], return_inverse=True)
    n = np.bincount(place, minlength=len(issues))
    lately = np.bincount(place[memory.day[rows] > today - RISING_DAYS], minlength=len(issues))
    return issues[(lately >= LEAST_REPORTS) & (lately >= NEARLY_ALL * n)]
