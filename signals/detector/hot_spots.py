"""Where voices gather: the expectation-based Poisson scan over sets of places and windows, exact and in linear time.

Of all sets of places the one with the highest score is found without trying them all: with the places in order of
observed ÷ expected, the best set is one of the first k. Any set may be a zone; places need not be neighbours.

Sources: Neill, "Expectation-based scan statistics for monitoring spatial time series data", International Journal of
Forecasting 25 (2009); Neill, "Fast subset scan for spatial pattern detection", JRSS B 74 (2012), the property (LTSS).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HotSpot:
    """The set of places and the window that stand out most."""

    window: int  # row of the window
    places: NDArray[np.int64]  # columns of the places, the highest observed ÷ expected first
    observed: int  # voices
    expected: float  # voices
    score: float  # F, a log likelihood ratio; > 0


def score(observed: Floats, expected: Floats) -> Floats:
    """F = C ln(C / B) + B − C where C > B, else 0: how much better a rate of C / B times the expected one explains C.

    observed: C ≥ 0 voices; expected: B > 0 voices; arrays broadcast. Few voices against next to none expected score
    high: F says which set stands out most, not whether any does by chance.

    >>> score(np.array([5.0, 1.0]), np.array([2.0, 2.0])).round(3).tolist()
    [1.581, 0.0]
    """
    ratio = np.maximum(observed, expected) / expected
    return np.where(observed > expected, observed * np.log(ratio) + expected - observed, 0.0)


def hot_spot(observed: NDArray[np.int64], expected: Floats) -> HotSpot | None:
    """The set of places and the window with the highest score; None where no set has more than expected.

    observed, expected: (n_windows, n_places) voices; expected > 0, else ValueError. A place without voices may be left
    out: it is in no best set. Of equal scores the earlier window and the smaller set.
    """
    if (expected <= 0).any():
        raise ValueError(f"expected: every place needs more than 0 voices; got {expected.min()}.")
    if not observed.size:
        return None
    order = np.argsort(-(observed / expected), axis=1, kind="stable")
    counts = np.take_along_axis(observed, order, axis=1).cumsum(axis=1)
    means = np.take_along_axis(expected, order, axis=1).cumsum(axis=1)
    scores = score(counts.astype(float), means)
    window, last = divmod(int(scores.argmax()), observed.shape[1])
    if scores[window, last] <= 0:
        return None
    return HotSpot(window, order[window, : last + 1], int(counts[window, last]), float(means[window, last]),
                   float(scores[window, last]))  # fmt: skip
