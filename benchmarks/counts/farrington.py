"""Farrington-flexible (Noufaily et al. 2013) for weekly counts, many series at once.

Quasi-Poisson regression on five years without the last 26 weeks: level, trend, and a season of ten steps. Weeks with
large Anscombe residuals are weighed down; the threshold is a quantile of the negative binomial with the fitted mean
and dispersion. The trend is dropped where it leads beyond the largest count of the past (Farrington et al. 1996).
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from benchmarks.arrays import Bools, Floats, Ints

YEARS, YEAR = 5, 52
HALF_WINDOW = 3  # weeks either side of the same week of earlier years: the first step of the season
LEFT_OUT = 26  # most recent weeks
REWEIGHT = 2.58  # Anscombe residuals above it lose weight
LEVELS = 10  # steps of the season
STEPS = 6  # of the fit
RECENT, LEAST = 4, 5  # no alarm with fewer than 5 reports in the last 4 weeks


@dataclass(frozen=True)
class Fit:
    """Prediction of n series for one week, and their dispersion ≥ 1, shapes (n,)."""

    mean: Floats
    dispersion: Floats


def season(t: int) -> tuple[Ints, Ints]:
    """The weeks of the baseline of week t, oldest first, and the step of the season each belongs to (0 = like t)."""
    weeks = np.arange(max(t - YEARS * YEAR - HALF_WINDOW, 0), t - LEFT_OUT)
    away = (weeks - t + HALF_WINDOW) % YEAR  # 0 … 6 inside the window
    width = 2 * HALF_WINDOW + 1
    rest = (away - width) * (LEVELS - 1) // (YEAR - width) + 1
    return weeks, np.where(away < width, 0, rest)


def design(t: int, *, trend: bool) -> tuple[Ints, Floats, Floats]:
    """Weeks of the baseline, their rows (n_weeks, p), and the row of week t (p,)."""
    weeks, level = season(t)
    columns = [np.ones(len(weeks))] + [(level == k).astype(float) for k in range(1, LEVELS)]
    now = [1.0] + [0.0] * (LEVELS - 1)
    if trend:
        columns.append((weeks - t) / (YEARS * YEAR))
        now.append(0.0)
    return weeks, np.stack(columns, axis=1), np.array(now)


def regress(x: Floats, y: Floats, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """Weighted Poisson regressions: fitted means (n, weeks), coefficients of the log (n, p), leverages (n, weeks)."""
    products = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    p = x.shape[1]
    mu = y + 0.5
    for _ in range(STEPS):
        work = np.log(mu) + (y - mu) / mu
        w = weight * mu
        normal = (w @ products).reshape(-1, p, p) + 1e-6 * np.eye(p)
        beta = np.linalg.solve(normal, ((w * work) @ x)[:, :, None])[:, :, 0]
        mu = np.exp(np.clip(beta @ x.T, -12.0, 12.0))
    inverse = np.linalg.inv(((weight * mu) @ products).reshape(-1, p, p) + 1e-6 * np.eye(p))
    leverage = weight * mu * (inverse.reshape(len(y), -1) @ products.T)
    return np.asarray(mu), np.asarray(beta, float), np.asarray(np.clip(leverage, 0.0, 0.99))


def dispersion(y: Floats, mu: Floats, weight: Floats, p: int) -> Floats:
    """Weighted Pearson dispersion, at least 1, shape (n,)."""
    return np.asarray(np.maximum((weight * (y - mu) ** 2 / mu).sum(axis=1) / (y.shape[1] - p), 1.0))


def anscombe(y: Floats, mu: Floats, phi: Floats, leverage: Floats) -> Floats:
    """Standardised Anscombe residuals 3/(2√φ) · (y^⅔ − μ^⅔) / (μ^⅙ √(1 − h))."""
    raw = 1.5 * (y ** (2 / 3) - mu ** (2 / 3)) / mu ** (1 / 6)
    return np.asarray(raw / np.sqrt(phi[:, None] * (1.0 - leverage)))


def predict(counts: Ints, t: int, *, trend: bool = True) -> Fit:
    """Prediction for week t from the weeks before; counts: (n, T)."""
    weeks, x, now = design(t, trend=trend)
    y = counts[:, weeks].astype(float)
    weight = np.ones_like(y)
    mu, _, leverage = regress(x, y, weight)
    residual = anscombe(y, mu, dispersion(y, mu, weight, x.shape[1]), leverage)
    weight = np.where(residual > REWEIGHT, 1.0 / np.maximum(residual, 1e-9) ** 2, 1.0)
    weight *= y.shape[1] / weight.sum(axis=1, keepdims=True)
    mu, beta, _ = regress(x, y, weight)
    mean, phi = np.exp(np.clip(beta @ now, -12.0, 12.0)), dispersion(y, mu, weight, x.shape[1])
    beyond = mean > y.max(axis=1)
    if trend and beyond.any():
        level = predict(counts[beyond], t, trend=False)
        mean[beyond], phi[beyond] = level.mean, level.dispersion
    return Fit(mean, phi)


def exceedance(y: Floats, fit: Fit) -> Floats:
    """P(Y ≥ y) of the negative binomial with the fitted mean and variance φ·mean; Poisson where φ is 1."""
    spread = np.maximum(fit.dispersion - 1.0, 1e-6)
    above = np.maximum(y, 1.0)
    tail = special.betainc(above, fit.mean / spread, spread / (1.0 + spread))
    poisson = special.gammainc(above, fit.mean)
    return np.where(y <= 0, 1.0, np.where(fit.dispersion <= 1.0 + 1e-6, poisson, tail))


def scores(counts: Ints, weeks: range) -> Floats:
    """−log₁₀ P(Y ≥ y) of the named weeks, 0 where too few reports came lately; shape (n, len(weeks))."""
    found = [exceedance(counts[:, t].astype(float), predict(counts, t)) for t in weeks]
    recent: list[Bools] = [counts[:, t - RECENT + 1 : t + 1].sum(axis=1) >= LEAST for t in weeks]
    return np.where(np.stack(recent, axis=1), -np.log10(np.maximum(np.stack(found, axis=1), 1e-300)), 0.0)
