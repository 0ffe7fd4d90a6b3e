"""The 42 weekly scenarios of Noufaily et al. 2013, the field's common test: simulated counts, and how each method does.

Our reading where the paper leaves room: baseline outbreaks are four in weeks 313–575, one outbreak lies in the last 49
weeks; k is drawn from 1 … 10; an outbreak counts as detected when any of its weeks alarms.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.arrays import Bools, Floats, Ints

THETA = (0.1, -2.0, 1.5, 0.5, 2.5, 3.75, 5.0)
BETA = (0.0025, 0.005, 0.003, 0.002, 0.001, 0.001, 0.0001)
GAMMA_1 = (0.6, 0.1, 0.2, 0.5, 1.0, 0.1, 0.05)
GAMMA_2 = (0.6, 0.3, -0.4, 0.5, 0.1, -0.1, 0.01)
PHI = (1.5, 2.0, 1.0, 5.0, 3.0, 1.1, 1.2)
WEEKS, YEAR = 624, 52
LAST = 49  # weeks that are scored
BASELINE_FROM = 312  # first week that may hold an outbreak of the past
PAST_OUTBREAKS = 4
SPREAD = 0.5  # sigma of the lognormal delay of an outbreak's cases, in weeks
LARGEST_K = 10


@dataclass(frozen=True)
class Scenarios:
    """Counts (n, WEEKS) of all scenarios and replicates; scored outbreak weeks (n, LAST)."""

    counts: Ints
    is_outbreak: Bools
    trend: Bools  # (n,)
    harmonics: Ints  # (n,)

    def of(self, some: Bools) -> "Scenarios":
        """Those of some series."""
        return Scenarios(self.counts[some], self.is_outbreak[some], self.trend[some], self.harmonics[some])


def means(parameters: int, *, trend: bool, harmonics: int) -> Floats:
    """Weekly means μ_t of one scenario, t = 1 … WEEKS, shape (WEEKS,)."""
    t = np.arange(1, WEEKS + 1, dtype=float)
    log = THETA[parameters] + (BETA[parameters] if trend else 0.0) * t
    for j in range(1, harmonics + 1):
        angle = 2.0 * np.pi * j * t / YEAR
        log = log + GAMMA_1[parameters] * np.cos(angle) + GAMMA_2[parameters] * np.sin(angle)
    return np.asarray(np.exp(log))


def outbreak(chance: np.random.Generator, deviation: float, k: int) -> Ints:
    """Cases of an outbreak by week from its start: Poisson(k · deviation) cases, each delayed lognormal(0, SPREAD)."""
    size = max(int(chance.poisson(k * deviation)), 1)
    delays = np.floor(chance.lognormal(0.0, SPREAD, size)).astype(int)
    return np.bincount(delays)


def scenarios(seed: int, *, replicates: int = 10) -> Scenarios:
    """All 42 scenarios, `replicates` of each."""
    chance = np.random.default_rng(seed)
    counts, marks, trends, seasons = [], [], [], []
    for parameters in range(len(THETA)):
        for trend in (False, True):
            for harmonics in (0, 1, 2):
                mu = means(parameters, trend=trend, harmonics=harmonics)
                for _ in range(replicates):
                    y, is_outbreak = _replicate(chance, mu, PHI[parameters])
                    counts.append(y)
                    marks.append(is_outbreak)
                    trends.append(trend)
                    seasons.append(harmonics)
    return Scenarios(np.array(counts), np.array(marks), np.array(trends), np.array(seasons))


def _replicate(chance: np.random.Generator, mu: Floats, phi: float) -> tuple[Ints, Bools]:
    y = chance.poisson(mu) if phi <= 1.0 else chance.negative_binomial(mu / (phi - 1.0), 1.0 / phi)
    starts = [*chance.integers(BASELINE_FROM, WEEKS - LAST, PAST_OUTBREAKS), int(chance.integers(WEEKS - LAST, WEEKS))]
    is_outbreak = np.zeros(WEEKS, bool)
    for start in starts:
        cases = outbreak(chance, float(np.sqrt(phi * mu[start])), int(chance.integers(1, LARGEST_K + 1)))
        cases = cases[: WEEKS - start]
        y[start : start + len(cases)] += cases
        if start >= WEEKS - LAST:
            is_outbreak[start : start + len(cases)] |= cases > 0
    if not is_outbreak.any():  # all its cases came after the last week
        is_outbreak[starts[-1]] = True
        y[starts[-1]] += 1
    return y, is_outbreak[WEEKS - LAST :]


def delay_weeks(alarms: Bools, given: Scenarios) -> float:
    """Median weeks from an outbreak's first to its first alarm, of those detected; NaN where none is."""
    found = alarms & given.is_outbreak
    seen = found.any(axis=1)
    delays = found.argmax(axis=1) - given.is_outbreak.argmax(axis=1)
    return float(np.median(delays[seen])) if seen.any() else float("nan")


def rates(alarms: Bools, given: Scenarios) -> tuple[float, float]:
    """False positive rate per quiet week, and share of outbreaks with an alarm; alarms: (n, LAST)."""
    false = float(alarms[~given.is_outbreak].mean())
    return false, float((alarms & given.is_outbreak).any(axis=1).mean())
