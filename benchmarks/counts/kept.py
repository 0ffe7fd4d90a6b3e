"""Is the budget kept? Realized ÷ budget of our detector on cities in which nothing happens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.counts import ours
from benchmarks.counts.worlds import World
from benchmarks.recording import Table

Stress = Callable[[np.random.Generator], World]
BUDGET = 0.5  # false alerts a day


@dataclass(frozen=True)
class Kept:
    """Realized ÷ budget of each seed, and the share of all alerts that the first arm raised."""

    name: str
    budget: float
    ratios: tuple[float, ...]
    first_arm: float

    @property
    def mean(self) -> float:
        return float(np.mean(self.ratios))

    @property
    def error(self) -> float:
        """One standard error of the mean."""
        return float(np.std(self.ratios, ddof=1) / np.sqrt(len(self.ratios))) if len(self.ratios) > 1 else 0.0

    @property
    def kept_share(self) -> float:
        """Share of seeds with a ratio of at most 1."""
        return float(np.mean([ratio <= 1.0 for ratio in self.ratios]))


def realized(stress: Stress, seeds: Sequence[int], *, budget: float = BUDGET) -> Kept:
    """Run our detector on a stress world with each seed; nothing happens there, so every alert is false."""
    ratios, n, n_first, name = [], 0, 0, ""
    for seed in seeds:
        world = stress(np.random.default_rng([seed, 2]))
        name = world.name
        watched = ours.watch(world, budget=budget)
        alerts = int(watched.shown[:, world.scored :].sum())
        n, n_first = n + alerts, n_first + int(watched.by_first_arm[:, world.scored :].sum())
        ratios.append(alerts / (budget * world.n_scored))
    return Kept(name, budget, tuple(ratios), n_first / max(n, 1))


def table(rows: Sequence[Kept], caption: str) -> Table:
    """Mean ratio, its error, the worst seed, the share of seeds within the budget, and the first arm's part."""
    columns = ("world", "realized ÷ budget", "± one s.e.", "worst seed", "seeds ≤ 1", "raised by the first arm")
    return Table(
        caption,
        columns,
        tuple((k.name, k.mean, k.error, max(k.ratios), k.kept_share, k.first_arm) for k in rows),
    )
