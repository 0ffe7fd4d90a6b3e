"""One-day predictive p-values of a Gamma–Poisson rate, with Benjamini–Hochberg over the series of a day."""

import numpy as np

from benchmarks.arrays import Floats, Ints
from signals.detector.baseline import Prior, negative_binomial_tail

SHARE = 0.05  # of false discoveries among a day's alerts
BASELINE_DAYS, GUARD_DAYS = 364, 14


def adjusted(p: Floats, n: int) -> Floats:
    """Benjamini–Hochberg adjusted p-values of the smallest len(p) of n tests (the rest are taken as 1)."""
    order = np.argsort(p)
    raw = p[order] * n / np.arange(1, len(p) + 1)
    smallest = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    out = np.empty(len(p))
    out[order] = smallest
    return out


def scores(counts: Ints, prior: Prior, *, first: int, baseline: int = BASELINE_DAYS, guard: int = GUARD_DAYS) -> Floats:
    """−log₁₀ of the adjusted p-value of every count above 0 from step `first` on, −∞ elsewhere; shape of counts."""
    before = np.concatenate([np.zeros((len(counts), 1)), np.cumsum(counts, axis=1, dtype=float)], axis=1)
    out = np.full(counts.shape, -np.inf)
    for t in range(first, counts.shape[1]):
        heard = np.flatnonzero((counts[:, t] > 0) & (before[:, t] > 0))
        begin, end = max(t - baseline, 0), max(t - guard, 0)
        a = prior.a0 + before[heard, end] - before[heard, begin]
        b = np.full(len(heard), prior.b0 + end - begin)
        p = negative_binomial_tail(counts[heard, t].astype(float), a, b, np.ones(len(heard)))
        n = int((before[:, t] > 0).sum())
        out[heard, t] = -np.log10(np.maximum(adjusted(p, n), 1e-300))
    return out
