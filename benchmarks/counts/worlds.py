"""Simulated cities as counts: thousands of series with gamma rates, most of them sparse, and outbreaks planted in them.

A series is born with its first report, as an issue is.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from benchmarks.arrays import Floats, Ints

START = date(2023, 11, 1)  # day 0; the scored days hold a Spring Festival
N_DAYS = 520
SCORED = 400  # first day scored
N_SERIES = 2000
RATE_SHAPE, RATE_MEAN = 0.25, 0.1  # of the gamma of daily means: half the series below one report in 100 days
SIZES = (4, 6, 8, 13, 20, 40, 80, 200)  # reports of an outbreak
SHAPES = ("step", "exponential", "slow", "spike")
DAYS_OF_SHAPE = (14, 16, 42, 2)
DOUBLING_DAYS = 4.0
AFTERMATH_DAYS = 28  # after an outbreak alerts on its series are neither right nor wrong


@dataclass(frozen=True)
class Outbreak:
    """A planted rise of one series: days first … last, `size` reports (fewer before the end of the world)."""

    series: int
    shape: str
    first: int
    last: int
    daily: tuple[int, ...]  # reports of the outbreak from `first` on


@dataclass(frozen=True)
class World:
    """Counts of n series on T days; `scored` is the first day that is judged."""

    name: str
    counts: Ints  # (n, T)
    scored: int = SCORED
    outbreaks: tuple[Outbreak, ...] = ()

    @property
    def n_days(self) -> int:
        return int(self.counts.shape[1])

    @property
    def n_scored(self) -> int:
        return self.n_days - self.scored


def weekdays(n_days: int) -> Ints:
    """0 = Monday, shape (n_days,)."""
    return (START.weekday() + np.arange(n_days)) % 7


def calendar(n_days: int) -> list[date]:
    """The dates of the days."""
    return [START + timedelta(days=t) for t in range(n_days)]


def rates(chance: np.random.Generator, n_series: int = N_SERIES) -> Floats:
    """Daily means of the series, shape (n,)."""
    return chance.gamma(RATE_SHAPE, RATE_MEAN / RATE_SHAPE, n_series)


def poisson_city(seed: int, *, n_series: int = N_SERIES, n_days: int = N_DAYS) -> World:
    """Constant rates, nothing happens."""
    chance = np.random.default_rng(seed)
    mean = rates(chance, n_series)
    return World("Poisson", chance.poisson(mean[:, None], (n_series, n_days)), min(SCORED, n_days // 2))


def with_outbreaks(world: World, seed: int, *, n_outbreaks: int = 64) -> World:
    """The same counts with outbreaks on distinct series: sizes and shapes in turn, starts and series drawn."""
    chance = np.random.default_rng([seed, 1])
    counts = world.counts.copy()
    hosts = chance.choice(len(counts), n_outbreaks, replace=False)
    planted = []
    for k, host in enumerate(hosts):
        size, shape = SIZES[k % len(SIZES)], k // len(SIZES) % len(SHAPES)
        length = DAYS_OF_SHAPE[shape]
        first = int(chance.integers(world.scored, world.n_days - length))
        daily = chance.multinomial(size, profile(SHAPES[shape], length))
        begin, end = int(np.flatnonzero(daily)[0]), int(np.flatnonzero(daily)[-1])
        counts[host, first : first + length] += daily
        days = tuple(int(n) for n in daily[begin : end + 1])
        planted.append(Outbreak(int(host), SHAPES[shape], first + begin, first + end, days))
    return World(world.name, counts, world.scored, tuple(planted))


def profile(shape: str, length: int) -> Floats:
    """Share of an outbreak's reports on each of its days; exponential doubles every DOUBLING_DAYS."""
    height = 2.0 ** (np.arange(length) / DOUBLING_DAYS) if shape == "exponential" else np.ones(length)
    return np.asarray(height / height.sum())
