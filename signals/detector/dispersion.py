"""How far the voices of a series come in bunches: variance ÷ mean φ of its days, measured on its past.

Given how many voices came in all, pairs on one day are N(N − 1)·Σp² by chance where days have shares p of the
exposure; a variance of φ times the mean adds (φ − 1)·N(1 − Σp²) to them. So φ − 1 = pairs beyond chance ÷ voices, a
moment estimate that is exactly 1 on average where nothing comes in bunches. A series is drawn to its kind.
"""

import numpy as np
from numpy.typing import NDArray

from signals.detector.baseline import Floats
from signals.detector.shiryaev_roberts import SPARSE_MEAN

OWN_VOICES = 30.0  # from which a series is believed as much as its kind
KIND_VOICES = 50.0  # from which a kind is believed as much as "no bunches"
INFLATION = 1.5  # of φ − 1: what is measured on the past alone keeps no budget; chosen on benchmarks/counts/stresses.py
LARGEST = 10.0  # φ


def dispersion(
    mu: Floats, voices: NDArray[np.int64], pairs: NDArray[np.int64], effective_days: Floats, *,
    inflation: float = INFLATION,
) -> tuple[Floats, float]:  # fmt: skip
    """φ of each of n series, and that of the sparse ones together (for series born today); 1 ≤ φ ≤ LARGEST.

    mu: (n,) expected voices a day, which tells the two kinds apart at SPARSE_MEAN; voices: (n,) of the past, without
    the day that founded the series; pairs: (n,) Σ y(y − 1) over its days; effective_days: (n,) 1 ÷ Σp², ≥ 1;
    inflation: of φ − 1.
    """
    share = 1.0 / np.maximum(effective_days, 1.0)
    beyond = pairs - voices * (voices - 1.0) * share
    weight = voices * (1.0 - share)
    is_sparse = mu < SPARSE_MEAN
    kinds = [float(beyond[some].sum() / (weight[some].sum() + KIND_VOICES)) for some in (is_sparse, ~is_sparse)]
    kind = np.where(is_sparse, *kinds)
    own = (beyond + OWN_VOICES * kind) / (weight + OWN_VOICES)
    most = LARGEST - 1.0
    return 1.0 + np.clip(inflation * own, 0.0, most), 1.0 + float(np.clip(inflation * kinds[0], 0.0, most))


def same_day_pairs(series: NDArray[np.int64], days: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Σ y(y − 1) over the days of each of n series, from one entry a voice."""
    key, y = np.unique(series * (1 << 32) + days, return_counts=True)
    return np.bincount(key >> 32, weights=y * (y - 1), minlength=n).astype(np.int64)
