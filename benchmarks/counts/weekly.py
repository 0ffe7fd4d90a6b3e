"""Noufaily's scenarios: our detector on weekly steps beside EARS and Farrington-flexible.

All series form one city with one budget, as the detector is meant to be used; it knows no season of a single series.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.arrays import Bools, Floats, Ints
from benchmarks.counts import ears, farrington, negative_binomial, simple_rules
from benchmarks.counts.noufaily import LAST, WEEKS, Scenarios, delay_weeks, rates
from benchmarks.recording import Cell, Table
from signals.detector import shiryaev_roberts as esr
from signals.detector.baseline import Baseline, Prior, baseline
from signals.detector.dispersion import dispersion
from signals.detector.window_scan import LARGEST, scan
from signals.series import FIRST_ARM, PHI
from signals.settings import DetectorSettings

WINDOWS = (1, 2, 4, 6)  # weeks, for the days of signals.detector.window_scan.WINDOWS
BASELINE, GUARD, WARM_UP = 52, 2, 104  # weeks
FIRST = WEEKS - LAST
PRIOR = Prior(0.3, 1.0)  # worth one week: nothing is known of a scenario beforehand
NOMINAL = (1000, 100, 50, 20, 10, 5, 2)  # series-weeks for one false alert
SHOWN = (100, 50, 20, 5)
TYPICAL = 0.05  # of them, for the sentence about what is lost
RATES = (0.01, 0.025, TYPICAL)  # false positives per quiet week at which methods are compared


def watch(given: Scenarios, *, budget: float) -> Bools:
    """Alarms (n, LAST) of both arms with `budget` false alerts a series-week; nothing is suppressed."""
    counts, settings = given.counts, DetectorSettings()
    n = len(counts)
    before = np.concatenate([np.zeros((n, 1), np.int64), np.cumsum(counts, axis=1)], axis=1)
    m, alarms = np.zeros((n, len(esr.GROWTH))), np.zeros((n, LAST), bool)
    deposits = esr.deposits(np.zeros(n, bool), predicted_births=0.0)
    for t in range(FIRST - WARM_UP, WEEKS):
        expected = _expected(counts[:, t - BASELINE : t - GUARD], inflation=settings.inflation)
        y = counts[:, t]
        m, crossed = esr.spend(esr.grow(m, deposits, y, expected, phi=PHI), budget=budget * n * FIRST_ARM)
        if t >= FIRST:
            voices = np.stack([before[:, t] - before[:, t - weeks + 1] for weeks in WINDOWS], axis=1)
            bar = scan(expected, voices, np.tile(np.array(WINDOWS, float), (n, 1)), np.zeros((n, LARGEST), bool),
                       budget=budget * n * (1.0 - FIRST_ARM), inflation=settings.inflation)  # fmt: skip
            scanned = (y > 0) & (bar.surprises(y) >= bar.bar)
            alarms[:, t - FIRST] = crossed | scanned
    return alarms


def _expected(past: Ints, *, inflation: float) -> Baseline:
    """What the next week may bring, from the weeks (n, BASELINE − GUARD) of the baseline."""
    n, weeks = past.shape
    voices = past.sum(axis=1)
    expected = baseline(PRIOR, voices + 1, np.full(n, float(weeks)), np.ones(n), inflation=inflation)
    phi, _ = dispersion(expected.a / expected.b, voices, (past * (past - 1)).sum(axis=1), np.full(n, float(weeks)))
    return replace(expected, phi=phi)


def scores(given: Scenarios) -> list[tuple[str, Floats, float]]:
    """Baselines: name, score (n, LAST), usual threshold. A score of only 0 and 1 has no rate to be tuned to."""
    y, last = given.counts, slice(FIRST, None)
    predictive = negative_binomial.scores(y, PRIOR, first=FIRST, baseline=BASELINE, guard=GUARD)
    found = [
        ("Farrington-flexible, 1 in 20", farrington.scores(y, range(FIRST, WEEKS)), -float(np.log10(0.05))),
        ("EARS C1, 3", ears.c1(y)[:, last], ears.C1_C2_THRESHOLD),
        ("EARS C2, 3", ears.c2(y)[:, last], ears.C1_C2_THRESHOLD),
        ("EARS C3, 2", ears.c3(y)[:, last], ears.C3_THRESHOLD),
        ("EARS C2 of 28 weeks, 3", ears.c2(y, length=ears.LONG)[:, last], ears.C1_C2_THRESHOLD),
        ("NB predictive, Benjamini-Hochberg", predictive[:, last], -float(np.log10(negative_binomial.SHARE))),
        ("n in a week, n = 3", simple_rules.in_days(y, 1)[:, last], 3.0),
        ("3rd in 6 weeks or 2nd in one", third_or_second(y)[:, last], 1.0),
    ]
    return [(name, np.nan_to_num(score, nan=-np.inf, neginf=-1e9), threshold) for name, score, threshold in found]


def third_or_second(counts: Ints) -> Floats:
    """1 where a week brings at least the third report in six weeks or the second in one, else 0."""
    return ((simple_rules.in_days(counts, 6) >= 3) | (counts >= 2)).astype(float)


def at_rate(score: Floats, given: Scenarios, rate: float) -> float:
    """Share of outbreaks detected at the threshold that this share of quiet weeks exceeds."""
    threshold = np.quantile(score[~given.is_outbreak], 1.0 - rate, method="higher")
    return rates(score > threshold, given)[1]


def measure(given: Scenarios, say: Callable[[str], None]) -> tuple[Table, ...]:
    """Methods as they are used; and at equal false positive rates."""
    used: list[tuple[Cell, ...]] = []
    steady = ~given.trend & (given.harmonics == 0)
    groups = (np.ones(len(steady), bool), steady)
    curves: tuple[list[tuple[float, float]], ...] = ([], [])
    for weeks in NOMINAL:
        alarms = watch(given, budget=1.0 / weeks)
        for curve, some in zip(curves, groups, strict=True):
            curve.append(rates(alarms[some], given.of(some)))
        if weeks in SHOWN:
            used.append(_used(f"Jianwei, nominal 1 in {weeks}", alarms, given, say))
    ours = [_between(curve, rate) for curve in curves for rate in RATES]
    equal: list[tuple[Cell, ...]] = [("Jianwei, between its budgets", *ours)]
    for name, score, threshold in scores(given):
        used.append(_used(name, score >= threshold, given, say))
        if len(np.unique(score)) > 2:
            found = [at_rate(score[some], given.of(some), rate) for some in groups for rate in RATES]
            equal.append((name.partition(",")[0], *found))
    kinds = ("false positives, steady", "false positives, trend", "false positives, season", "detected, steady")
    shares = [f"{100 * rate:g} %{group}" for group in ("", ", steady") for rate in RATES]
    return (
        Table(f"As used: {len(given.counts)} series of 42 scenarios, the last {LAST} weeks",
              ("method", "false positives", "detected", "median weeks until detected", *kinds), tuple(used)),
        Table("Detected at the same false positives per quiet week, all scenarios and the steady ones, with hindsight",
              ("method", *shares), tuple(equal)),
    )  # fmt: skip


def _between(curve: list[tuple[float, float]], rate: float) -> Cell:
    false, detected = np.array(sorted(curve)).T
    return float(np.interp(rate, false, detected)) if rate >= false[0] else "not reached"


def _used(name: str, alarms: Bools, given: Scenarios, say: Callable[[str], None]) -> tuple[Cell, ...]:
    false, detected = rates(alarms, given)
    say(f"noufaily, {name}: false positives {false:.3f}, detected {detected:.2f}")
    weeks = delay_weeks(alarms, given)
    return (name, false, detected, "–" if math.isnan(weeks) else weeks, *_by_kind(alarms, given))


def what_is_lost(equal: Table, median_reports: float) -> str:
    """The sentence of where the detector stands on a test it was not made for, in the numbers of the second table."""
    place = 1 + RATES.index(TYPICAL)
    ours, *others = ((str(row[0]), row[place]) for row in equal.rows)
    name, best = max(others, key=lambda each: float(each[1]))
    detected = f"{ours[1]:.2f}" if isinstance(ours[1], float) else "a share that its budgets do not reach"
    return (
        f"These 42 are dense weekly series with seasons and trends, in the median {median_reports:g} reports a week;"
        " Jianwei's are sparse and daily, and it learns a season and a trend of the city alone. Here, at"
        f" {100 * TYPICAL:g} % false positives and with hindsight, it detects {detected}, {name} {best:.2f}."
    )


def _by_kind(alarms: Bools, given: Scenarios) -> tuple[float, float, float, float]:
    """False positives of the scenarios with neither trend nor season, with trend alone, with season; detected."""
    constant = ~given.trend & (given.harmonics == 0)
    trend, season = given.trend & (given.harmonics == 0), given.harmonics > 0
    false = [float(alarms[some][~given.is_outbreak[some]].mean()) for some in (constant, trend, season)]
    detected = float((alarms & given.is_outbreak)[constant].any(axis=1).mean())
    return false[0], false[1], false[2], detected
