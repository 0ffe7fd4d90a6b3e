"""The detector's view of a day: live issues as series with baseline, windows, exposure, and what crossed.

Everything up to `Expectation` uses only days before the day (and that day's city totals);
`detect` then sees the counts.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from signals.detector import shiryaev_roberts as esr
from signals.detector.baseline import Baseline, Prior, baseline, fit_prior
from signals.detector.budget import daily_budget
from signals.detector.window_scan import LARGEST, WINDOWS, Scan, scan
from signals.memory import SOURCES, Memory
from signals.settings import DetectorSettings

Floats = NDArray[np.float64]
PHI = 1.5  # variance ÷ mean of established series
BIRTH_DAYS = 28  # of past days that predict tomorrow's births
WATCHED_DAYS = 120  # counts of an issue are over so many days


@dataclass(frozen=True, slots=True)
class Expectation:
    """What today may bring, fixed before seeing it; all arrays follow `issues` (ascending ids)."""

    issues: NDArray[np.int64]
    baseline: Baseline
    scan: Scan
    window_exposure: Floats  # (n, len(WINDOWS))
    window_voices: NDArray[np.int64]  # (n, len(WINDOWS)), before today
    deposits: Floats
    newborn: Baseline  # of one issue born today, shape (1,)
    budget: float  # false alerts today, both arms


@dataclass(frozen=True, slots=True)
class Crossing:
    """One series over the line today."""

    issue_id: int
    arm: str  # esr | scan
    evidence: float  # log₁₀ of recurrence_days
    recurrence_days: float
    window_days: int
    expected: float  # voices expected in the window
    observed: int  # voices seen in the window, today included


@dataclass(frozen=True, slots=True)
class Seen:
    """One series with a new voice today, for the record."""

    issue_id: int
    y: int
    mu: float
    exposure: float
    m: tuple[float, ...]
    recurrence_days: float
    z: float


def expect(memory: Memory, day: date, exposure_today: Floats, settings: DetectorSettings) -> Expectation:
    """Baselines, deposits and the scan's bar for `day`, from voices before it."""
    today = day.toordinal()
    voice = memory.is_voice & ~memory.void & (memory.day < today)
    rows = np.flatnonzero(voice)
    live = np.unique(memory.issue[rows[memory.day[rows] >= today - settings.live_days]])
    rows = rows[np.isin(memory.issue[rows], live)]
    place = np.searchsorted(live, memory.issue[rows])
    n = len(live)

    shares = np.zeros((n, len(SOURCES)))
    np.add.at(shares, (place, memory.source[rows]), 1.0)
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1.0)

    ordinals = np.array([d.toordinal() for d in memory.days], np.int64)
    in_baseline = (ordinals >= today - settings.baseline_days) & (ordinals < today - settings.guard_days)
    past_exposure = shares @ memory.exposures[in_baseline].sum(axis=0)
    counted = (memory.day[rows] < today - settings.guard_days) & (memory.day[rows] >= today - settings.baseline_days)
    first = memory.is_first[rows]
    past = np.bincount(place[counted & ~first], minlength=n) + 1
    past += np.array([memory.back_count.get(int(i), 0) for i in live], np.int64)
    expected = baseline(memory.prior, past, past_exposure, shares @ exposure_today, inflation=settings.inflation)

    window_voices = np.stack(
        [np.bincount(place[memory.day[rows] > today - days], minlength=n) for days in WINDOWS], axis=1
    )
    window_exposure = np.stack(
        [shares @ (memory.exposures[ordinals > today - days].sum(axis=0) + exposure_today) for days in WINDOWS], axis=1
    )
    born = np.zeros(n, np.int64)
    born[place[first]] = memory.day[rows][first]
    births = _predicted_births(memory, today)
    deposits = esr.deposits(born == today - 1, predicted_births=births)
    budget = daily_budget(settings.false_alerts_per_day, memory.totals)
    exposure = _newborn_exposure(memory, today, exposure_today)
    newborn = baseline(memory.prior, np.ones(1, np.int64), np.zeros(1), exposure, inflation=settings.inflation)
    bar = scan(expected, window_voices, window_exposure, _hidden(memory, live, day, settings), budget=budget / 2,
               inflation=settings.inflation, newborn=newborn, births=births)  # fmt: skip
    return Expectation(live, expected, bar, window_exposure, window_voices, deposits, newborn, budget)


def detect(memory: Memory, day: date, expectation: Expectation) -> tuple[list[Crossing], list[Seen]]:
    """See today's voices: grow every series, spend what crossed, and list crossings and series with news."""
    today, live = day.toordinal(), expectation.issues
    today_voices = np.flatnonzero(memory.is_voice & ~memory.void & (memory.day == today))
    voices = today_voices[np.isin(memory.issue[today_voices], live) & ~memory.is_first[today_voices]]
    y = np.bincount(np.searchsorted(live, memory.issue[voices]), minlength=len(live))
    before = np.stack([memory.series(int(i)) for i in live]) if len(live) else np.zeros((0, len(esr.GROWTH)))
    grown = esr.grow(before, expectation.deposits, y, expectation.baseline, phi=PHI)
    left, over = esr.spend(grown, budget=expectation.budget / 2)
    memory.m = {int(i): left[k] for k, i in enumerate(live)}
    total = esr.recurrence_days(grown)

    crossings, seen = [], []
    for k in np.flatnonzero(y > 0):
        column = min(int(y[k]), LARGEST) - 1
        z = float(expectation.scan.z[k, column])
        issue = int(live[k])
        seen.append(Seen(issue, int(y[k]), float(expectation.baseline.mu[k]), float(expectation.baseline.exposure[k]),
                         tuple(left[k].tolist()), float(total[k]), z))  # fmt: skip
        scanned = z >= expectation.scan.bar
        if not (over[k] or scanned):
            continue
        by_scan = expectation.scan.recurrence_days(z) if scanned else 0.0
        recurrence = max(by_scan, float(total[k]) if over[k] else 0.0)
        window = int(expectation.scan.window[k, column])
        w = WINDOWS.index(window) if window in WINDOWS else len(WINDOWS) - 1
        base = expectation.baseline
        crossings.append(
            Crossing(
                issue,
                "esr" if over[k] else "scan",
                float(np.log10(recurrence)),
                recurrence,
                WINDOWS[w],
                float(base.a[k] / base.b[k] * expectation.window_exposure[k, w]),
                int(expectation.window_voices[k, w] + y[k]),
            )  # fmt: skip
        )
    born = memory.issue[today_voices[memory.is_first[today_voices]]]
    followers = today_voices[np.isin(memory.issue[today_voices], born) & ~memory.is_first[today_voices]]
    for issue_id, count in zip(*np.unique(memory.issue[followers], return_counts=True), strict=True):
        if crossing := _newborn_crossing(int(issue_id), int(count), expectation):
            crossings.append(crossing)
    return crossings, seen


def _newborn_crossing(issue: int, n_after_founder: int, expectation: Expectation) -> Crossing | None:
    z = float(expectation.scan.newborn_z[min(n_after_founder, LARGEST) - 1])
    if z < expectation.scan.bar:
        return None
    recurrence, newborn = expectation.scan.recurrence_days(z), expectation.newborn
    expected = float(newborn.a[0] / newborn.b[0] * newborn.exposure[0])
    return Crossing(issue, "scan", float(np.log10(recurrence)), recurrence, 1, expected, n_after_founder + 1)


def refit_prior(memory: Memory, day: date) -> Prior:
    """The prior from all series born before `day`: follow-up voices within 120 days over their days of life."""
    today = day.toordinal()
    rows = np.flatnonzero(memory.is_voice & ~memory.void & (memory.day < today))
    issues, place = np.unique(memory.issue[rows], return_inverse=True)
    if not len(issues):
        return memory.prior
    born = np.full(len(issues), today, np.int64)
    np.minimum.at(born, place, memory.day[rows])
    within = (memory.day[rows] - born[place] <= WATCHED_DAYS) & ~memory.is_first[rows]
    counts = np.bincount(place[within], minlength=len(issues))
    lives = np.minimum(today - born, WATCHED_DAYS).astype(float)
    return fit_prior(counts, lives)


def is_suppressed(memory: Memory, issue_id: int, n_complainants: int, quiet_since: int, quiet_days: int) -> bool:
    """Again on the same issue only at twice the distinct complainants of its last alert, or after quiet days."""
    last = memory.last_alert.get(issue_id)
    if last is None:
        return False
    return n_complainants < 2 * last.n_complainants and quiet_since < quiet_days


def _hidden(memory: Memory, live: NDArray[np.int64], day: date, settings: DetectorSettings) -> NDArray[np.bool_]:
    hidden = np.zeros((len(live), LARGEST), bool)
    for k, issue in enumerate(live):
        if int(issue) in memory.last_alert:
            rows = memory.rows_of(int(issue))
            rows = rows[memory.day[rows] < day.toordinal()]
            n, quiet = state_before(memory, rows, day)
            for y in range(1, LARGEST + 1):
                hidden[k, y - 1] = is_suppressed(memory, int(issue), n + y, quiet, settings.quiet_days)
    return hidden


def state_before(memory: Memory, rows: NDArray[np.int64], day: date) -> tuple[int, int]:
    """Distinct complainants in the last 120 days among rows, and days since the last voice among them."""
    recent = rows[memory.day[rows] > day.toordinal() - WATCHED_DAYS]
    voiced = rows[memory.is_voice[rows]]
    quiet = day.toordinal() - int(memory.day[voiced].max()) if len(voiced) else 10**6
    return memory.distinct(recent), quiet


def _newborn_exposure(memory: Memory, today: int, exposure_today: Floats) -> Floats:
    """Today's exposure of an issue born today: that of the sources in which issues were born lately, shape (1,)."""
    births = memory.is_first & (memory.day < today) & (memory.day >= today - BIRTH_DAYS)
    shares = np.bincount(memory.source[births], minlength=len(SOURCES)).astype(float)
    return np.array([float(exposure_today @ shares / shares.sum()) if shares.sum() else 1.0])


def _predicted_births(memory: Memory, today: int) -> float:
    births = memory.is_first & (memory.day < today) & (memory.day >= today - BIRTH_DAYS)
    known = sum(1 for d in memory.days if d >= date.fromordinal(today) - timedelta(days=BIRTH_DAYS))
    return float(births.sum()) / max(known, 1)
