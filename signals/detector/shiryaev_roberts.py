"""Arm 1: a budgeted Shiryaev–Roberts e-detector (extends Shin, Ramdas & Rinaldo 2022, arXiv 2203.03532).

Each series carries M_θ per growth factor θ. A day multiplies by a likelihood ratio of mean ≤ 1 under the null, after a
deposit w with Σ_s w = 1 chosen before the day. M_t − Σ w is a supermartingale, an alert spends 1/B₁ of M, and so
E[false alerts in T days] ≤ B₁·T whatever the dependence between series.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special

from signals.detector.baseline import Baseline, Floats
from signals.detector.distinct import distinct_rows

GROWTH = np.array([1.5, 2, 3, 5, 9, 17, 33, 65, 129, 257, 513])  # θ; the long reach is for tiny means
LARGEST_M = 1e150  # of a series; lowering M keeps the promise, and infinity could not be spent
LARGEST_LOG_RATIO = 300.0
SPARSE_MEAN = 0.03  # voices a day; below it the Gamma–Poisson ratio, else NB1


def cap(mu: Floats, *, phi: float) -> NDArray[np.int64]:
    """The largest count a series may bring on one day: max(8, ⌈μ + 8√(φμ)⌉), fixed before the day."""
    return np.maximum(8, np.ceil(mu + 8.0 * np.sqrt(phi * mu))).astype(np.int64)


def sparse_log_ratio(y: Floats, a: Floats, b: Floats, exposure: Floats) -> Floats:
    """ln L(θ) = y ln θ + (a + y) ln((b+E)/(b+θE)), for λ ~ Γ(a, b); shape (n_series, n_θ), increasing in y."""
    theta = GROWTH[None, :]
    e, y1 = exposure[:, None], y[:, None]
    shrink = np.log((b[:, None] + e) / (b[:, None] + theta * e))
    return np.asarray(y1 * np.log(theta) + (a[:, None] + y1) * shrink)


def dense_log_ratio(y: Floats, mu: Floats, *, phi: float) -> Floats:
    """ln L(θ) of NB1 (variance φμ, r = μ/(φ−1)) with mean θμ against μ; Poisson where φ ≤ 1 + 1e-6 or r is huge.

    L(θ) = Γ(y+θr)Γ(r) / (Γ(θr)Γ(y+r)) · φ^(−(θ−1)r); Poisson limit θ^y e^(−(θ−1)μ). Shape (n_series, n_θ).
    """
    theta = GROWTH[None, :]
    m, y1 = mu[:, None], y[:, None]
    if phi <= 1 + 1e-6:
        return np.asarray(y1 * np.log(theta) - (theta - 1.0) * m)
    r = np.maximum(m / (phi - 1.0), 1e-3)
    return np.asarray(
        special.gammaln(y1 + theta * r) + special.gammaln(r) - special.gammaln(theta * r) - special.gammaln(y1 + r)
        - (theta - 1.0) * r * np.log(phi)
    )  # fmt: skip


def grow(m: Floats, deposits: Floats, y: NDArray[np.int64], expected: Baseline, *, phi: float) -> Floats:
    """M after a day: (M_θ + w)·L(θ). m: (n_series, n_θ), deposits: (n_series,); returns a new (n_series, n_θ)."""
    counts = np.minimum(y, cap(expected.mu, phi=phi)).astype(float)
    kinds = distinct_rows(counts, expected.a, expected.b, expected.exposure, expected.mu)
    one, some = expected.of(kinds.first), counts[kinds.first]
    log_ratio = np.where(
        (one.mu < SPARSE_MEAN)[:, None],
        sparse_log_ratio(some, one.a, one.b, one.exposure),
        dense_log_ratio(some, one.mu, phi=phi),
    )
    ratio = np.exp(np.minimum(log_ratio, LARGEST_LOG_RATIO))
    return np.minimum((m + deposits[:, None]) * ratio[kinds.row], LARGEST_M)


def recurrence_days(m: Floats) -> Floats:
    """M = mean over θ: by chance, city-wide, not more often than once in so many days. Shape (n_series,)."""
    return np.asarray(m.mean(axis=1))


def spend(m: Floats, *, budget: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Which series cross 1/B₁, and M after each crossing paid 1/B₁ (each θ in proportion)."""
    total = recurrence_days(m)
    crossed = total >= 1.0 / budget
    left = np.where(crossed, (total - 1.0 / budget) / np.maximum(total, 1e-300), 1.0)
    return m * left[:, None], crossed


def deposits(born_yesterday: NDArray[np.bool_], *, predicted_births: float) -> Floats:
    """Tomorrow's deposits, sum ≤ 1: half to yesterday's newborn (½ ÷ predicted births each), half to all equally."""
    n = len(born_yesterday)
    if n == 0:
        return np.zeros(0)
    births = int(born_yesterday.sum())
    each = 0.5 / max(predicted_births, births, 1.0)
    return np.where(born_yesterday, each, 0.0) + 0.5 / n
