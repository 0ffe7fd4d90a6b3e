"""EARS C1, C2 and C3 (Hutwagner et al. 2003), and C2 with a longer baseline (Tokars et al. 2009), on any steps.

C1 compares a count with the mean and standard deviation of the steps just before it, C2 leaves a gap of two, C3 adds up
what C2 exceeded one by over three steps.
"""

import numpy as np

from benchmarks.arrays import Floats, Ints

GAP = 2  # steps between the baseline and the day, C2 and C3
SHORT, LONG = 7, 28  # steps of baseline
LEAST_DEVIATION = 0.2  # of a standard deviation; a series at rest would alarm at anything
C1_C2_THRESHOLD, C3_THRESHOLD = 3.0, 2.0


def deviations(counts: Ints, *, length: int, gap: int, least: float = LEAST_DEVIATION) -> Floats:
    """(y − mean) ÷ standard deviation of `length` steps ending `gap` steps before; NaN where the past is too short.

    counts: (n, T); returns (n, T). The deviation has length − 1 degrees of freedom and is at least `least`.
    """
    y = counts.astype(float)
    zeros = np.zeros((len(y), 1))
    sums = np.concatenate([zeros, np.cumsum(y, axis=1)], axis=1)
    squares = np.concatenate([zeros, np.cumsum(y * y, axis=1)], axis=1)
    out = np.full(y.shape, np.nan)
    first = length + gap
    if y.shape[1] <= first:
        return out
    ends = np.arange(first, y.shape[1]) - gap
    mean = (sums[:, ends] - sums[:, ends - length]) / length
    spread = squares[:, ends] - squares[:, ends - length] - length * mean**2
    deviation = np.sqrt(np.maximum(spread, 0.0) / (length - 1))
    out[:, first:] = (y[:, first:] - mean) / np.maximum(deviation, least)
    return out


def c1(counts: Ints) -> Floats:
    """C1 of every step; alarm from 3."""
    return deviations(counts, length=SHORT, gap=0)


def c2(counts: Ints, *, length: int = SHORT, least: float = LEAST_DEVIATION) -> Floats:
    """C2 of every step; alarm from 3."""
    return deviations(counts, length=length, gap=GAP, least=least)


def c3(counts: Ints) -> Floats:
    """C3 of every step, Σ max(0, C2 − 1) over three steps; alarm from 2."""
    over = np.maximum(c2(counts) - 1.0, 0.0)
    out = np.full(over.shape, np.nan)
    out[:, 2:] = over[:, 2:] + over[:, 1:-1] + over[:, :-2]
    return out
