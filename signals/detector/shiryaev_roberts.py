"""Arm 1: a budgeted Shiryaev–Roberts e-detector (extends Shin, Ramdas & Rinaldo 2022, arXiv 2203.03532).

Each series carries M_θ per growth factor θ. A day multiplies by a likelihood ratio of mean ≤ 1 under the null, after a
deposit w with Σ_s w = 1 chosen before the day. M_t − Σ w is a supermartingale, an alert spends 1/B₁ of M, and so
E[false alerts in T days] ≤ B₁·T whatever the dependence between series.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special

from signals.detector.baseline import Baseline, Floats, dispersed
from signals.detector.distinct import distinct_rows

GROWTH = np.array([1.5, 2, 3, 5, 9, 17, 33, 65, 129, 257, 513])  # θ; the long reach is for tiny means
LARGEST_M = 1e150  # of a series; lowering M keeps the promise, and infinity could not be spent
LARGEST_LOG_RATIO = 300.0
SPARSE_MEAN = 0.03  # voices a day; below it the Gamma–Poisson ratio, else NB1 of any φ up to its own


def cap(mu: Floats, *, phi: Floats | float) -> NDArray[np.int64]:
    """The largest count a series may bring on one day: max(8, ⌈μ + 8√(φμ)⌉), fixed before the day."""
    return np.maximum(8, np.ceil(mu + 8.0 * np.sqrt(phi * mu))).astype(np.int64)


def sparse_log_ratio(y: Floats, a: Floats, b: Floats, exposure: Floats) -> Floats:
    """ln L(θ) = y ln θ + (a + y) ln((b+E)/(b+θE)), for λ ~ Γ(a, b); shape (n_series, n_θ), increasing in y."""
    theta = GROWTH[None, :]
    e, y1 = exposure[:, None], y[:, None]
    shrink = np.log((b[:, None] + e) / (b[:, None] + theta * e))
    return np.asarray(y1 * np.log(theta) + (a[:, None] + y1) * shrink)


def dense_log_ratio(y: Floats, mu: Floats, *, phi: Floats | float) -> Floats:
    """ln L(θ) of NB1 (variance φμ, r = μ/(φ−1)) with mean θμ against μ; Poisson where φ ≤ 1 + 1e-6 or r is huge.

    L(θ) = Γ(y+θr)Γ(r) / (Γ(θr)Γ(y+r)) · φ^(−(θ−1)r); Poisson limit θ^y e^(−(θ−1)μ). Shape (n_series, n_θ).
    """
    theta = GROWTH[None, :]
    m, y1 = mu[:, None], y[:, None]
    over = np.broadcast_to(phi, mu.shape)[:, None]
    r = np.maximum(m / np.maximum(over - 1.0, 1e-6), 1e-3)
    bunched = (
        special.gammaln(y1 + theta * r) + special.gammaln(r) - special.gammaln(theta * r) - special.gammaln(y1 + r)
        - (theta - 1.0) * r * np.log(over)
    )  # fmt: skip
    return np.asarray(np.where(over > 1 + 1e-6, bunched, y1 * np.log(theta) - (theta - 1.0) * m))


def bunched_log_ratio(y: Floats, mu: Floats, *, phi: Floats | float) -> Floats:
    """The smaller of the dense ratios at φ and at 1: an e-value whatever the true φ′ between them.

    The ratio at φ alone is concave in y where θr is small, and then has mean above 1 (up to 1.8) where φ′ is near 1: a
    series that came in bunches once would gather evidence from even days. Shape (n_series, n_θ), increasing in y.
    """
    return np.asarray(np.minimum(dense_log_ratio(y, mu, phi=phi), dense_log_ratio(y, mu, phi=1.0)))


def grow(m: Floats, deposits: Floats, y: NDArray[np.int64], expected: Baseline, *, phi: float) -> Floats:
    """M after a day: (M_θ + w)·L(θ). m: (n_series, n_θ), deposits: (n_series,); returns a new (n_series, n_θ).

    phi: what a dense series has at least, for the dense ratio knows no other doubt than its own φ.
    """
    counts = np.minimum(y, cap(expected.mu, phi=np.maximum(expected.phi, phi))).astype(float)
    kinds = distinct_rows(counts, expected.a, expected.b, expected.exposure, expected.mu, expected.phi)
    one, some = expected.of(kinds.first), counts[kinds.first]
    log_ratio = np.where(
        (one.mu < SPARSE_MEAN)[:, None],
        sparse_log_ratio(some, *dispersed(one.a, one.b, one.exposure, one.phi), one.exposure),
        bunched_log_ratio(some, one.mu, phi=np.maximum(one.phi, phi)),
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
