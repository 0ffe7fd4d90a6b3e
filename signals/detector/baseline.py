"""What to expect of an issue on a day, from the past only: a Gamma–Poisson rate with a fitted prior.

An issue exists because a report founded it; the founder is no evidence but belongs in the baseline ("+ 1"), for the
issue was picked because it appeared. Without it shuffled data raise 1.4–2.7 times the budget.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]
FLOOR = 1e-4  # of the expected mean, voices a day
MOST_ERRORS = 3.0  # standard errors of a series' own mean by which a prior may lower it


@dataclass(frozen=True, slots=True)
class Prior:
    """Gamma prior of an issue's rate: shape a0, rate b0 in days of exposure; mean a0 / b0 voices a day."""

    a0: float
    b0: float


@dataclass(frozen=True, slots=True)
class Priors:
    """A prior for each of n_series series, shapes (n_series,)."""

    a0: Floats
    b0: Floats


DEFAULT_PRIOR = Prior(0.3, 75.0)  # until PRIOR_ISSUES issues are known, where what founds one counts as one voice
PRIOR_ISSUES = 200
CLOSE = {"ftol": 1e-15, "gtol": 1e-9}  # the fit goes on until it is nearer than its DIGITS tell
DIGITS = 4
LEAST_SHAPE, LARGEST_SHAPE = 0.1, 0.3  # of a fitted prior: a few weeks of life hide how unlike issues are


@dataclass(frozen=True, slots=True)
class Baseline:
    """Posterior rates of n_series issues and today's expected mean, all of shape (n_series,)."""

    a: Floats  # shape of the rate's posterior
    b: Floats  # its rate, days of exposure
    mu: Floats  # expected voices today, inflated, ≥ FLOOR
    exposure: Floats  # today's exposure, inflated (mu = a / b · exposure before the floor)
    phi: Floats  # variance ÷ mean of a day's voices at a known rate, ≥ 1

    def of(self, series: NDArray[np.int64]) -> "Baseline":
        """Those of some series."""
        return Baseline(self.a[series], self.b[series], self.mu[series], self.exposure[series],
                        self.phi[series])  # fmt: skip

    def and_then(self, others: "Baseline") -> "Baseline":
        """Those of these series, then those of others."""
        pairs = ((self.a, others.a), (self.b, others.b), (self.mu, others.mu), (self.exposure, others.exposure),
                 (self.phi, others.phi))  # fmt: skip
        return Baseline(*(np.concatenate(pair) for pair in pairs))


def default_prior(founder: float) -> Prior:
    """DEFAULT_PRIOR where what founds an issue counts as `founder` voices: a newborn issue brings as many voices.

    >>> default_prior(1.0), default_prior(0.5)
    (Prior(a0=0.3, b0=75.0), Prior(a0=0.3, b0=46.153846))
    """
    a0, b0 = DEFAULT_PRIOR.a0, DEFAULT_PRIOR.b0
    return Prior(a0, round(b0 * (a0 + founder) / (a0 + 1.0), 6))


def fit_prior(
    counts: NDArray[np.int64], exposures: Floats, founders: Floats | float = 1.0, default: Prior = DEFAULT_PRIOR
) -> Prior:
    """Maximum likelihood of the Gamma prior from past issues: counts of follow-up voices over exposures in days.

    founders: what founded each issue counts as so many voices, as in its baseline. Issues are seen from their founding
    on, so the days before belong to no one. Marginal: negative binomial with shape a0 + founders and odds
    b0 / (b0 + e): the prior for which the baselines of the past foretell what followed. a0 is held between LEAST_SHAPE
    and LARGEST_SHAPE, for a larger shape at the same mean is overconfident. Fewer than PRIOR_ISSUES issues or no
    follow-up at all: default.
    """
    keep = exposures > 0
    y, e, f = counts[keep].astype(float), exposures[keep], np.broadcast_to(founders, keep.shape)[keep]
    if len(y) < PRIOR_ISSUES or y.sum() < 5:
        return default

    def loss(x: Floats) -> tuple[float, Floats]:
        """Of the logarithms of a0 and b0, with its gradient."""
        a0, b = np.exp(x)
        a = a0 + f
        terms = special.gammaln(a + y) - special.gammaln(a) + a * np.log(b / (b + e)) + y * np.log(e / (b + e))
        by_a = special.digamma(a + y) - special.digamma(a) + np.log(b / (b + e))
        by_b = (a * e / b - y) / (b + e)
        return -float(terms.sum()), np.array([-a0 * by_a.sum(), -b * by_b.sum()])

    start = np.log([DEFAULT_PRIOR.a0, DEFAULT_PRIOR.b0])
    bounds = [(np.log(LEAST_SHAPE), np.log(LARGEST_SHAPE)), (np.log(0.1), np.log(1e5))]
    found = optimize.minimize(loss, start, bounds=bounds, method="L-BFGS-B", jac=True, options=CLOSE)
    a, b = np.exp(found.x)
    return Prior(significant(float(a)), significant(float(b)))


def significant(number: float, digits: int = DIGITS) -> float:
    """A number to some significant digits: the rest differs with the processor, and says nothing.

    >>> significant(75.12345), significant(0.0123456), significant(1258427994554.34, 9)
    (75.12, 0.01235, 1258427990000.0)
    """
    return float(f"{number:.{digits}g}")


def baseline(
    prior: Prior | Priors,
    past_voices: NDArray[np.int64] | Floats,
    past_exposure: Floats,
    exposure_today: Floats,
    *,
    inflation: float,
    phi: Floats | float = 1.0,
    own: NDArray[np.int64] | None = None,
) -> Baseline:
    """Posterior after past_voices (what founded the series included, the guarded last days not) over past_exposure.

    a = a0 + past_voices, b = b0 + past_exposure; past_voices may hold parts of a voice (`signals.priors.founders_of`).
    Where most series bring next to nothing, the prior would hold what is loud every day for a third quieter than it is:
    so it lowers no mean by more than MOST_ERRORS of its standard errors, and b is less (limited translation; Efron and
    Morris 1971, J. Am. Stat. Assoc. 66:807). Few voices are within their errors of anything. own: of past_voices those
    that came over past_exposure, all where not given.
    """
    voices = (past_voices if own is None else own).astype(float)
    a = np.asarray(prior.a0 + past_voices.astype(float))
    b = np.asarray(prior.b0 + past_exposure)
    least = voices - MOST_ERRORS * np.sqrt(voices)  # voices over past_exposure that the mean must stand for
    limited = (least > 0.0) & (past_exposure > 0.0)
    b = np.where(limited, np.minimum(b, a * past_exposure / np.where(limited, least, 1.0)), b)
    exposure = exposure_today * inflation
    return Baseline(a, b, np.maximum(a / b * exposure, FLOOR), exposure, np.broadcast_to(phi, a.shape).astype(float))


def dispersed(a: Floats, b: Floats, exposure: Floats, phi: Floats) -> tuple[Floats, Floats]:
    """Shape and rate of the Gamma that gives the same mean, and the variance that days in bunches have.

    Days of variance φ times their mean make the rate φ times as unsure too (quasi-likelihood; Wedderburn 1974), so Y of
    mean m = a·exposure / b has variance φ(m + m²/a). It is matched by Y ~ Poisson(λ·exposure), λ ~ Γ(k, k·exposure / m)
    with 1/k = φ/a + (φ − 1)/m: exact for φ = 1, and NB1 where the rate is known (Johnson, Kemp and Kotz 2005,
    Univariate Discrete Distributions, chapter 5). At exposure 0, where nothing can be heard, a and b stay.
    Arrays broadcast.
    """
    mean = a / b * exposure
    bunched = (phi > 1.0) & (mean > 0.0)
    some = np.where(bunched, mean, 1.0)
    shape = np.where(bunched, 1.0 / (phi / a + (phi - 1.0) / some), a)
    return shape, np.where(bunched, shape * exposure / some, b)


def with_bunches(newborn: Baseline, phi: float) -> Baseline:
    """What to expect of series born today after their founder, where voices come in bunches of variance φ.

    The founding day of a rare series is an NB1 day that is not empty: a logarithmic distribution, whose mean less the
    founder is (φ − 1) / ln φ − 1 (Johnson, Kemp and Kotz 2005, Univariate Discrete Distributions, chapter 7).
    """
    more = (phi - 1.0) / np.log(phi) - 1.0 if phi > 1.0 + 1e-6 else 0.0
    mean = newborn.a / newborn.b * newborn.exposure + more
    return replace(newborn, b=newborn.a * newborn.exposure / mean, mu=np.maximum(mean, FLOOR),
                   phi=np.full_like(mean, phi))  # fmt: skip


def negative_binomial_tail(y: Floats, a: Floats, b: Floats, exposure: Floats) -> Floats:
    """P(Y ≥ y) for Y ~ Poisson(λ·exposure), λ ~ Γ(a, b); 1 where y ≤ 0. Arrays broadcast.

    The regularised incomplete beta function I(y, a) at exposure / (b + exposure).
    """
    safe = np.maximum(y, 1.0)
    return np.where(y <= 0, 1.0, special.betainc(safe, a, exposure / (b + exposure)))


def negative_binomial_mass(y: Floats, a: Floats, b: Floats, exposure: Floats) -> Floats:
    """P(Y = y) for the same Y; y ≥ 0. Arrays broadcast."""
    log = (
        special.gammaln(a + y) - special.gammaln(a) - special.gammaln(y + 1.0)
        + a * np.log(b / (b + exposure)) + special.xlogy(y, exposure / (b + exposure))
    )  # fmt: skip
    return np.asarray(np.exp(log))
