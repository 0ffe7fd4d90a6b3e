"""How much a day lets be heard: weekday shape × that day's city total by source.

A quiet or loud day for everything is not a signal. Exposure is relative: 1 is an ordinary day of the source.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WEEKS = 8  # of past days that shape the weekday means
SHRINK = 10.0  # reports by which a day's total is shrunk to its weekday mean
CLIP = (0.5, 2.0)  # of the ratio of a day's total to its weekday mean


@dataclass(frozen=True, slots=True)
class DayExposure:
    """Exposure of one day by source, shape (n_sources,), and the totals expected from the weekday alone."""

    relative: Floats
    expected: Floats


def day_exposure(past: Floats, weekdays: NDArray[np.int64], today: Floats, weekday: int) -> DayExposure:
    """Exposure of today by source.

    past: (n_days, n_sources) daily totals before today, oldest first; weekdays: (n_days,) 0 = Monday. Weekday means
    come from the last WEEKS weeks, drawn to the overall mean by one pseudo-day. Without a past every
    source has exposure 1.
    """
    past, weekdays = past[-7 * WEEKS :], weekdays[-7 * WEEKS :]
    if len(past) == 0:
        return DayExposure(np.ones_like(today), today.copy())
    mean = past.mean(axis=0)
    same = past[weekdays == weekday]
    by_weekday = (same.sum(axis=0) + mean) / (len(same) + 1.0)
    ratio = np.clip((today + SHRINK) / (by_weekday + SHRINK), *CLIP)
    shape = np.divide(by_weekday, mean, out=np.ones_like(mean), where=mean > 0)
    relative = np.where(mean > 0, np.clip(shape, 0.1, 5.0) * ratio, 1.0)
    return DayExposure(relative, by_weekday)
