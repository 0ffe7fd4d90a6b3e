"""How young a stream is, and how much more than its past says is to be expected of it while it is.

In its first days every old trouble is heard for the first time, and what is always heard of founds most issues: those
issues bring more than the average issue, from which they are expected, and no past of their own corrects it yet.
"""

import numpy as np
from numpy.typing import NDArray

from signals.detector.baseline import Floats

YOUNG_DAYS = 28  # with reports, today included, in which more is expected: twice what a baseline leaves out
BATCH_DAYS = 7  # that one day may stand for, where reports come in weekly batches


def days_heard(reports: Floats) -> NDArray[np.int64]:
    """Over how many days a stream has been heard after each day; shape (n_days,).

    reports: (n_days,), of consecutive days. A day that brings reports stands for those since the last that did, but for
    no more than BATCH_DAYS and no more than its reports: a weekly upload is a week, a stray petition a day.

    >>> days_heard(np.array([0, 3, 2, 0, 0, 40, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 50])).tolist()
    [0, 2, 3, 3, 3, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 14]
    """
    days, heard = np.zeros(len(reports), np.int64), np.flatnonzero(reports)
    days[heard] = np.minimum(np.diff(heard, prepend=-1), np.minimum(reports[heard], BATCH_DAYS))
    return np.cumsum(days)


def inflation_after(n_days: NDArray[np.int64] | int, inflation: float) -> Floats:
    """The factor on what is expected after a stream has been heard over n_days: inflation, and more while it is young.

    What is too much falls with the square root of the days, as the error of a mean does. Shape of n_days.

    >>> inflation_after(np.array([0, 6, 27, 365]), 1.2).round(2).tolist()
    [6.35, 2.4, 1.2, 1.2]
    """
    return np.asarray(inflation * np.sqrt(YOUNG_DAYS / np.clip(np.add(n_days, 1), 1, YOUNG_DAYS)))
