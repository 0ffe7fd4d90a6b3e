"""How many new voices of an issue would be usual over two weeks, day by day, by what the detector expected of it then.

Only what was known by each day goes in, and nothing that is learnt later changes it. It knows counts and exposures; the
rows they are counted from are its caller's affair.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.detector.baseline import Floats, dispersed, negative_binomial_tail
from signals.series import PHI

USUAL_WINDOW_DAYS = 14
OUTSIDE = 0.05  # chance of fewer than `low`, and of more than `high`, at most


@dataclass(frozen=True, slots=True)
class Usual:
    """What two weeks usually bring, for each of n days, both ends inclusive."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]


def usual_range(rate: Floats, past_voices: NDArray[np.int64], exposure: Floats, *, inflation: Floats | float) -> Usual:
    """The range in which nine windows in ten lie while an issue goes on as before.

    rate: (n,) voices a day of exposure that the detector expected, not inflated, ≥ 0; past_voices: (n,) voices that
    this expectation rests on, the founder included, ≥ 1; exposure: (n,) days of exposure in the window;
    inflation: of what the detector expected, one or (n,).
    The rate is taken as Γ(past_voices, past_voices / rate), so without the shape of the prior, which was some tenths:
    rather too wide than too narrow. Days come in bunches of variance PHI times their mean, as the detector's first arm
    has it at least. Quantiles of `negative_binomial_tail` after `dispersed`, where the formulas have their sources.

    >>> usual_range(np.array([0.02, 0.5]), np.array([1, 40]), np.array([14.0, 14.0]), inflation=1.2).high.tolist()
    [2, 15]
    """
    a, mean = past_voices.astype(float), rate * exposure * inflation
    shape, pace = dispersed(a, a, mean, np.full(len(a), PHI))  # of Γ(a, a) over the mean: the same, and a rate may be 0
    most = int(np.ceil((mean + 10.0 * np.sqrt(PHI * (mean + mean**2 / a)) + 10.0).max(initial=0.0)))
    counts = np.arange(1, most + 1, dtype=float)[None, :]
    tail = negative_binomial_tail(counts, shape[:, None], pace[:, None], mean[:, None])
    return Usual((tail >= 1.0 - OUTSIDE).sum(axis=1), (tail > OUTSIDE).sum(axis=1))
