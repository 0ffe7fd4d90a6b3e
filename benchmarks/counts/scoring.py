"""How alerts on a world are judged: false ones a day, outbreaks caught, and how late. Every method alike."""

from dataclasses import dataclass

import numpy as np

from benchmarks.arrays import Bools, Floats
from benchmarks.counts.suppression import Suppression
from benchmarks.counts.worlds import AFTERMATH_DAYS, World

STEPS = 20  # of halving when a threshold is sought


@dataclass(frozen=True)
class Catch:
    """One outbreak: its size, and the first alert shown on its days (None where there was none)."""

    size: int
    delay_days: int | None
    delay_reports: int | None


def shown(score: Floats, threshold: float, world: World, *, warm_up: int = 14) -> Bools:
    """Alerts of a scored method under the common suppression rule, (n, T): score ≥ threshold on a day with a report."""
    before = np.concatenate([np.zeros((len(score), 1), np.int64), np.cumsum(world.counts, axis=1)], axis=1)
    suppression = Suppression(world.counts, before)
    alarm = (score >= threshold) & (world.counts > 0)
    out = np.zeros(score.shape, bool)
    for t in range(world.scored - warm_up, world.n_days):
        out[suppression.show(np.flatnonzero(alarm[:, t]), t), t] = True
    return out


def false_alerts(alerts: Bools, world: World) -> int:
    """Alerts on scored days outside outbreaks and the weeks after them."""
    counted = alerts.copy()
    counted[:, : world.scored] = False
    for each in world.outbreaks:
        counted[each.series, each.first : each.last + AFTERMATH_DAYS + 1] = False
    return int(counted.sum())


def catches(alerts: Bools, world: World) -> list[Catch]:
    """The first alert on each outbreak's days."""
    found = []
    for each in world.outbreaks:
        days = np.flatnonzero(alerts[each.series, each.first : each.last + 1])
        first = int(days[0]) if len(days) else None
        reports = None if first is None else sum(each.daily[: first + 1])
        found.append(Catch(sum(each.daily), first, reports))
    return found


def caught_share(found: list[Catch], *, least: int = 0) -> float:
    """Share caught of the outbreaks of at least so many reports."""
    counted = [catch for catch in found if catch.size >= least]
    return sum(catch.delay_days is not None for catch in counted) / len(counted)


def median_delays(found: list[Catch]) -> tuple[float, float]:
    """Median days and reports until the alert, of those caught; −1 where none was."""
    days = [catch.delay_days for catch in found if catch.delay_days is not None]
    reports = [catch.delay_reports for catch in found if catch.delay_reports is not None]
    return (float(np.median(days)), float(np.median(reports))) if days else (-1.0, -1.0)


def tuned(scores: list[Floats], quiet: list[World], *, budget: float) -> float:
    """The lowest threshold with at most `budget` false alerts a day on worlds without outbreaks: with hindsight."""
    days = sum(world.n_scored for world in quiet)
    values = np.unique(
        np.concatenate([s[:, w.scored :][w.counts[:, w.scored :] > 0] for s, w in zip(scores, quiet, strict=True)])
    )
    values = values[np.isfinite(values)]
    low, high = 0, len(values)  # values[high] keeps the budget, with +∞ at the end
    for _ in range(STEPS):
        if low >= high:
            break
        middle = (low + high) // 2
        n = sum(false_alerts(shown(s, float(values[middle]), w), w) for s, w in zip(scores, quiet, strict=True))
        low, high = (low, middle) if n <= budget * days else (middle + 1, high)
    return float(values[high]) if high < len(values) else float(np.nextafter(values[-1], np.inf))
