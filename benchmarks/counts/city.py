"""A city with planted outbreaks: our detector beside the field's baselines, at the same false alerts a day."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.arrays import Bools, Floats
from benchmarks.counts import ears, negative_binomial, ours, simple_rules
from benchmarks.counts.scoring import (
    Catch,
    catches,
    caught_share,
    false_alerts,
    median_delays,
    shown,
    tuned,
)
from benchmarks.counts.worlds import SIZES, World, poisson_city, with_outbreaks
from benchmarks.recording import Cell, Table
from signals.detector.baseline import Prior

BUDGETS = (0.1, 0.5, 1.0, 2.0)  # false alerts a day
EQUAL = 0.5  # at which the baselines are tuned
LARGE = 13  # reports of an outbreak that should not be missed
FITTED = Prior(0.25, 2.5)  # the truth of the worlds, given to the baseline


@dataclass(frozen=True)
class Method:
    """A baseline: its score of a world (−∞ or NaN = no alarm), and the threshold its authors use."""

    name: str
    score: Callable[[World], Floats]
    threshold: float | None  # None: hindsight only
    is_tunable: bool = True


def predictive(world: World) -> Floats:
    """Adjusted one-day p-values, with the prior that made the world."""
    return negative_binomial.scores(world.counts, FITTED, first=world.scored - 14)


METHODS = (
    Method("EARS C1", lambda world: ears.c1(world.counts), ears.C1_C2_THRESHOLD),
    Method("EARS C2", lambda world: ears.c2(world.counts), ears.C1_C2_THRESHOLD),
    Method("EARS C2, deviation ≥ 1", lambda world: ears.c2(world.counts, least=1.0), None),
    Method("EARS C3", lambda world: ears.c3(world.counts), ears.C3_THRESHOLD),
    Method("EARS C2, 28 days", lambda world: ears.c2(world.counts, length=ears.LONG), ears.C1_C2_THRESHOLD),
    Method("EARS C2, 28 days, deviation ≥ 1", lambda w: ears.c2(w.counts, length=ears.LONG, least=1.0), None),
    Method("NB predictive, Benjamini-Hochberg", predictive, -float(np.log10(negative_binomial.SHARE))),
    Method("n in 7 days, n = 3", lambda world: simple_rules.in_days(world.counts, 7), 3.0),
    Method("3rd in 42 days or 2nd in 4", lambda w: simple_rules.third_or_second(w.counts), 1.0, is_tunable=False),
)
COLUMNS = (
    "method", "false a day, quiet city", "false a day, beside outbreaks", "caught", f"caught of ≥ {LARGE} reports",
    "median days", "median reports",
)  # fmt: skip


def measure(seeds: range, say: Callable[[str], None], *, budgets: tuple[float, ...] = BUDGETS) -> tuple[Table, ...]:
    """Both tables: methods, and our catch by size."""
    quiet = [poisson_city(seed) for seed in seeds]
    eventful = [with_outbreaks(world, seed) for world, seed in zip(quiet, seeds, strict=True)]
    rows: list[tuple[Cell, ...]] = []
    by_size: list[tuple[Cell, ...]] = []
    for budget in budgets:
        alerts = [ours.watch(world, budget=budget).shown for world in (*quiet, *eventful)]
        row, found = _row(f"Jianwei, B = {budget:g}", alerts, quiet, eventful)
        rows.append(row)
        say(f"city, {row[0]}: {row[1]:.2f} false a day, {row[3]:.2f} caught")
        by_size.append((f"B = {budget:g}", *(caught_share([c for c in found if c.size == n]) for n in SIZES)))
    for method in METHODS:
        scores = [method.score(world) for world in (*quiet, *eventful)]
        thresholds = [] if method.threshold is None else [("as published", method.threshold)]
        if method.is_tunable:
            best = tuned(scores[: len(quiet)], quiet, budget=EQUAL)
            thresholds.append((f"tuned with hindsight to {EQUAL:g} a day: {best:.3g}", best))
        for name, threshold in thresholds:
            alerts = [shown(s, threshold, w) for s, w in zip(scores, (*quiet, *eventful), strict=True)]
            row = _row(f"{method.name}, {name}", alerts, quiet, eventful)[0]
            rows.append(row)
            say(f"city, {row[0]}: {row[1]:.2f} false a day, {row[3]:.2f} caught")
    n = sum(len(world.outbreaks) for world in eventful)
    caption = (
        f"{len(quiet[0].counts):,} Poisson series, {len(seeds)} seeds of {quiet[0].n_scored} scored days, {n} outbreaks"
    )
    sizes = tuple(f"{size} reports" for size in SIZES)
    return (
        Table(caption, COLUMNS, tuple(rows)),
        Table("Share caught by Jianwei, by size of the outbreak", ("budget", *sizes), tuple(by_size)),
    )


def _row(
    name: str, alerts: list[Bools], quiet: list[World], eventful: list[World]
) -> tuple[tuple[str, float, float, float, float, float, float], list[Catch]]:
    days = sum(world.n_scored for world in quiet)
    calm = sum(false_alerts(a, w) for a, w in zip(alerts[: len(quiet)], quiet, strict=True)) / days
    beside = sum(false_alerts(a, w) for a, w in zip(alerts[len(quiet) :], eventful, strict=True)) / days
    found = [catch for a, w in zip(alerts[len(quiet) :], eventful, strict=True) for catch in catches(a, w)]
    delays = median_delays(found)
    return (name, calm, beside, caught_share(found), caught_share(found, least=LARGE), *delays), found
