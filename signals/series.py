"""The detector's view of a day: live issues as series with baseline, windows, exposure, and what crossed.

An issue is watched as one series a grade of firmness: all its voices, and only those whose link is firm. What joins by
chance joins loosely, so a few firm links say more than many loose ones; every series pays from the same budget.
Everything up to `Expectation` uses only days before the day (and that day's city totals);
`detect` then sees the counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from signals.detector import shiryaev_roberts as esr
from signals.detector.baseline import Baseline, Prior, Priors, baseline, with_bunches
from signals.detector.budget import daily_budget
from signals.detector.dispersion import dispersion
from signals.detector.window_scan import LARGEST, NARROW, WINDOWS, Scan, most_of, outcomes_of, scan
from signals.history import Floats, History, history, through
from signals.memory import FOUNDER, GRADES, SOURCES, Memory
from signals.priors import founders_of, paces_of
from signals.settings import DetectorSettings
from signals.suppression import WATCHED_DAYS, least_shown

PHI = 1.5  # variance ÷ mean of established series, at least
FIRST_ARM = 0.25  # share of the budget that the first arm may spend; the second arm has the rest
MATTERS_SHARE = 0.03  # share of the budget that city-wide matters may spend once they are watched
BIRTH_DAYS = 28  # of past days that predict tomorrow's births
ENOUGH_VOICES = (3, 3, 1)  # by grade: in WATCHED_DAYS, the founder's and today's included; fewer show nothing


@dataclass(frozen=True, slots=True)
class Beside:
    """What the scan needs of n series; watched beside issues, they share its bar and have no state of their own."""

    baseline: Baseline
    window_voices: NDArray[np.int64]  # (n, len(WINDOWS)), before today
    window_exposure: Floats  # (n, len(WINDOWS))
    hidden: NDArray[np.bool_]  # (n, LARGEST) outcomes that would not be shown
    within: NDArray[np.int64]  # (n,) the issue whose voices hold all those of each, 0 where none's do

    def and_then(self, others: "Beside") -> "Beside":
        """These series, then others."""
        return Beside(
            self.baseline.and_then(others.baseline), np.concatenate([self.window_voices, others.window_voices]),
            np.concatenate([self.window_exposure, others.window_exposure]),
            np.concatenate([self.hidden, others.hidden]), np.concatenate([self.within, others.within]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expectation:
    """What today may bring, fixed before seeing it.

    `issues` are the n live ones, ids ascending; the other arrays follow the n · len(GRADES) series, grade by grade.
    """

    issues: NDArray[np.int64]
    baseline: Baseline
    scan: Scan  # of the n_series, then of those watched beside them
    window_exposure: Floats  # (n_series, len(WINDOWS))
    window_voices: NDArray[np.int64]  # (n_series, len(WINDOWS)), before today
    voices: NDArray[np.int64]  # (n_series,) of WATCHED_DAYS, before today
    deposits: Floats  # (n_series,), sum ≤ 1
    newborn: Baseline  # of one issue born today, shape (len(GRADES),)
    promised: float  # false alerts today, by all
    budget: float  # of those what may be spent


@dataclass(frozen=True, slots=True)
class Crossing:
    """One series over the line today."""

    issue_id: int
    arm: str  # esr | scan | theme, where theme × area crossed and the rest is its own
    evidence: float  # log₁₀ of recurrence_days
    recurrence_days: float
    window_days: int
    expected: float  # voices expected in the window
    observed: int  # voices seen in the window, today included
    firmness: float = 0.0  # only voices linked with at least this similarity were counted
    n_gathered: int = 0  # issues that became one because their matter rose all over the city
    area: str = ""  # adcode, where the voices of one area alone crossed
    season_now: int = 0  # reports like it in the window, all over the city, where it had a season a year before
    season_then: int = 0  # and in the busiest so many days of the same weeks a year before
    is_seasonal: bool = False  # it does not bring clearly more than its season did then


@dataclass(frozen=True, slots=True)
class Seen:
    """One issue with a new voice today, for the record: y, mu, exposure of all its voices, the rest of all grades."""

    issue_id: int
    y: int
    mu: float
    exposure: float
    m: tuple[float, ...]  # grade by grade
    recurrence_days: float  # of the most surprising grade, as is z
    z: float


def are_matters_watched(memory: Memory, settings: DetectorSettings) -> bool:
    """City-wide matters are watched from when there is a baseline: before, nobody knows how usual they are."""
    return len(memory.days) > settings.guard_days


def expect(
    memory: Memory, day: date, exposure_today: Floats, settings: DetectorSettings, *,
    beside: Beside | None = None, set_aside: float = 0.0, realized: float = 0.0,
) -> Expectation:  # fmt: skip
    """Baselines, deposits and the scan's bar for `day`, from voices before it.

    set_aside: share of the budget that others spend, city-wide matters apart. realized: realized ÷ budget as last
    measured; where it exceeds 1, so much less is spent, that the promise is kept.
    """
    today = day.toordinal()
    voiced = np.flatnonzero(memory.is_voice & ~memory.void & (memory.day < today))
    live = np.unique(memory.issue[voiced[memory.day[voiced] >= today - settings.live_days]])
    rows, place = _by_grade(memory, voiced[np.isin(memory.issue[voiced], live)], live)
    n = len(live) * len(GRADES)

    known = history(memory, day, exposure_today, settings, rows=rows, series=place, n=n, is_first=memory.is_first[rows])
    past = known.past + founders_of(memory, live).ravel()
    paces = np.tile(paces_of(memory, live), len(GRADES))
    expected, phi_of_newborn = expected_of(known, _each(memory.priors, len(live), paces), past)
    births = _predicted_births(memory, today)
    promised = daily_budget(settings.false_alerts_per_day, memory.totals)
    deposits = esr.deposits(known.born == today - 1, predicted_births=births * len(GRADES))
    budget = promised / max(1.0, realized)
    newborn = with_bunches(baseline(
        _each(memory.priors, 1), np.array(FOUNDER), np.zeros(len(GRADES)),
        np.repeat(_newborn_exposure(memory, today, exposure_today), len(GRADES)), inflation=known.inflation,
    ), phi_of_newborn)  # fmt: skip
    voices = np.bincount(place[memory.day[rows] > today - WATCHED_DAYS], minlength=n)
    most = most_of(outcomes_of(expected))  # an outcome of which any number would be shown is paid for
    hidden = most < np.tile(least_shown(memory, live, day, settings), len(GRADES))[:, None]
    hidden |= _too_few(voices, most)
    share = 1.0 - FIRST_ARM - set_aside - (MATTERS_SHARE if are_matters_watched(memory, settings) else 0.0)
    seen = Beside(expected, known.window_voices, known.window_exposure, hidden, np.zeros(n, np.int64))
    seen = seen if beside is None else seen.and_then(beside)
    bar = scan(seen.baseline, seen.window_voices, seen.window_exposure, seen.hidden, budget=budget * share,
               inflation=known.inflation, newborn=newborn, births=births, within=_holders(live, seen.within),
               newborn_hidden=_too_few(np.ones(len(GRADES), np.int64), NARROW[None, :]))  # fmt: skip
    return Expectation(live, expected, bar, known.window_exposure, known.window_voices, voices, deposits, newborn,
                       promised, budget)  # fmt: skip


def expected_of(known: History, prior: Priors, past: NDArray[np.int64] | Floats) -> tuple[Baseline, float]:
    """What today may bring to n series, and the φ of series born today.

    past: (n,) voices of the baseline, what founded each included.
    """
    expected = baseline(prior, past, known.life_exposure, known.exposure, inflation=known.inflation, own=known.past)
    return bunched(expected, known)


def bunched(expected: Baseline, known: History) -> tuple[Baseline, float]:
    """The same expectation with the φ that the past of the series shows, and the φ of series born today."""
    phi, of_newborn = dispersion(expected.a / expected.b, known.followers, known.pairs, known.effective_days)
    return replace(expected, phi=phi), of_newborn


def detect(memory: Memory, day: date, expectation: Expectation) -> tuple[list[Crossing], list[Seen]]:
    """See today's voices: grow every series, spend what crossed, and list issues that crossed and issues with news."""
    today, live = day.toordinal(), expectation.issues
    n, grades = len(live), range(len(GRADES))
    today_voices = np.flatnonzero(memory.is_voice & ~memory.void & (memory.day == today))
    voices = today_voices[np.isin(memory.issue[today_voices], live) & ~memory.is_first[today_voices]]
    y = np.bincount(_by_grade(memory, voices, live)[1], minlength=n * len(GRADES))
    before = memory.states(live).transpose(1, 0, 2).reshape(-1, len(esr.GROWTH))
    grown = esr.grow(before, expectation.deposits, y, expectation.baseline, phi=PHI)
    left, over = esr.spend(grown, budget=expectation.budget * FIRST_ARM)
    enough = ~_too_few(expectation.voices, y[:, None])[:, 0]
    left = np.where(enough[:, None], left, grown)  # what is not shown is not paid for
    memory.watched, memory.m = live, left.reshape(len(GRADES), n, len(esr.GROWTH)).transpose(1, 0, 2).copy()
    total = esr.recurrence_days(grown)

    crossings, seen = [], []
    for k in np.flatnonzero(y[:n] > 0):
        series = [int(k) + n * g for g in grades if y[k + n * g]]
        z = [expectation.scan.surprise(s, int(y[s])) for s in series]
        base = expectation.baseline
        seen.append(Seen(int(live[k]), int(y[k]), float(base.mu[k]), float(base.exposure[k]),
                         tuple(left[k::n].ravel().tolist()), float(total[series].max()), max(z)))  # fmt: skip
        allowed = [s for s in series if enough[s]]
        found = [c for s in allowed if (c := _crossing(s, int(y[s]), float(total[s]), bool(over[s]), expectation))]
        crossings += sorted(found, key=lambda crossing: -crossing.recurrence_days)[:1]
    born = memory.issue[today_voices[memory.is_first[today_voices]]]
    followers = today_voices[np.isin(memory.issue[today_voices], born) & ~memory.is_first[today_voices]]
    for issue in np.unique(memory.issue[followers]):
        rows = followers[memory.issue[followers] == issue]
        counts = [int(memory.is_firm(rows, grade).sum()) for grade in GRADES]
        found = [c for g in grades if (c := _newborn_crossing(int(issue), counts[g], g, expectation))]
        crossings += sorted(found, key=lambda crossing: -crossing.recurrence_days)[:1]
    return crossings, seen


def _by_grade(
    memory: Memory, rows: NDArray[np.int64], live: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows that count in each grade, grade by grade, and the series of each."""
    firm = [rows[memory.is_firm(rows, grade)] for grade in GRADES]
    place = [np.searchsorted(live, memory.issue[some]) + g * len(live) for g, some in enumerate(firm)]
    return np.concatenate(firm), np.concatenate(place)


def _too_few(voices: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which outcomes leave a series with fewer voices than its grade needs to show anything, shape (n_series, k).

    voices: (n_series,), before today; y: voices today, shape (1 or n_series, k). Two people whose reports are loosely
    alike are what chance brings; a third of them, or a firm link, is needed.
    """
    least = np.repeat(np.array(ENOUGH_VOICES), len(voices) // len(GRADES))
    return np.asarray(voices[:, None] + y < least[:, None])


def _holders(live: NDArray[np.int64], within: NDArray[np.int64]) -> NDArray[np.int64]:
    """The series that holds all voices of each, −1 where none does; see `Beside.within`.

    Of an issue the firmer grade is held by the looser one, and what is watched beside by the loosest.
    """
    n = len(live)
    holders = np.arange(len(within)) - n
    holders[:n] = -1
    place = np.searchsorted(live, within)
    is_live = np.append(live, 0)[place] == within
    beside = slice(n * len(GRADES), None)
    holders[beside] = np.where(is_live & (within > 0), place, -1)[beside]
    return holders


def _each(priors: Sequence[Prior], n: int, paces: Floats | float = 1.0) -> Priors:
    """The priors of the grades for n series a grade, shapes (n · len(GRADES),); a pace multiplies the mean."""
    return Priors(np.repeat([prior.a0 for prior in priors], n), np.repeat([prior.b0 for prior in priors], n) / paces)


def _crossing(s: int, y: int, total: float, is_over: bool, expectation: Expectation) -> Crossing | None:
    n, base = len(expectation.issues), expectation.baseline
    column, z = expectation.scan.column(s, y), expectation.scan.surprise(s, y)
    scanned = z >= expectation.scan.bar
    if not (is_over or scanned):
        return None
    recurrence = max(expectation.scan.recurrence_days(z) if scanned else 0.0, total if is_over else 0.0)
    window = int(expectation.scan.window[s, max(column, 0)])
    w = WINDOWS.index(window) if window in WINDOWS else len(WINDOWS) - 1
    return Crossing(
        int(expectation.issues[s % n]), "esr" if is_over else "scan", float(np.log10(recurrence)), recurrence,
        WINDOWS[w], float(base.a[s] / base.b[s] * expectation.window_exposure[s, w]),
        int(expectation.window_voices[s, w] + y), GRADES[s // n],
    )  # fmt: skip


def _newborn_crossing(issue: int, n_after_founder: int, grade: int, expectation: Expectation) -> Crossing | None:
    z = float(expectation.scan.newborn_z[grade, min(n_after_founder, LARGEST) - 1]) if n_after_founder else -np.inf
    if z < expectation.scan.bar:
        return None
    recurrence, newborn = expectation.scan.recurrence_days(z), expectation.newborn
    expected = float(newborn.a[grade] / newborn.b[grade] * newborn.exposure[grade])
    return Crossing(issue, "scan", float(np.log10(recurrence)), recurrence, 1, expected, n_after_founder + 1,
                    GRADES[grade])  # fmt: skip


def scan_crossing(
    issue: int, y: int, seen: Beside, k: int, bar: Scan, row: int, *, area: str = "", arm: str = "scan"
) -> Crossing:
    """The crossing of y voices today of the k-th of the series `seen`, which is the given row of the scan."""
    base, w = seen.baseline, WINDOWS.index(int(bar.window[row, bar.column(row, y)]))
    recurrence = bar.recurrence_days(bar.surprise(row, y))
    return Crossing(
        issue, arm, float(np.log10(recurrence)), recurrence, WINDOWS[w],
        float(base.a[k] / base.b[k] * seen.window_exposure[k, w]), int(seen.window_voices[k, w] + y), area=area,
    )  # fmt: skip


def _newborn_exposure(memory: Memory, today: int, exposure_today: Floats) -> float:
    """Today's exposure of an issue born today: that of the sources in which issues were born lately."""
    births = memory.is_first & (memory.day < today) & (memory.day >= today - BIRTH_DAYS)
    shares = np.bincount(memory.source[births], minlength=len(SOURCES)).astype(float)
    return float(through(shares, exposure_today) / shares.sum()) if shares.sum() else 1.0


def _predicted_births(memory: Memory, today: int) -> float:
    births = memory.is_first & (memory.day < today) & (memory.day >= today - BIRTH_DAYS)
    known = sum(1 for d in memory.days if d >= date.fromordinal(today) - timedelta(days=BIRTH_DAYS))
    return float(births.sum()) / max(known, 1)
