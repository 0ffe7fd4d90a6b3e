"""The pace of each kind of trouble: issues of kinds that usually gather voices are expected to, from the past only.

Source of the smoothed ratio: Clayton and Kaldor 1987, Biometrics 43:671.
"""

from array import array
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

import signals.day
from signals.day import DayInput, work_day
from signals.memory import GRADES, Arrival, Memory
from signals.priors import PACE_VOICES, paces_of, refit_paces, refit_priors
from signals.series import expect
from signals.settings import DetectorSettings, Settings
from tests.engine.stream import FIRST_DAY, make_stream
from tests.engine.voices import N_SOURCES, START, city

QUICK, SLOW = 1, 2
STREAM = make_stream(20)


def two_kinds(n_each: int = 100) -> Memory:
    """Issues of two kinds, born on one day: three voices follow each quick one, one follows each tenth slow one."""
    issues = list(range(1, 2 * n_each + 1))
    kind_of = {issue: QUICK if issue <= n_each else SLOW for issue in issues}
    follows = [issue for issue in issues for _ in range(3 if kind_of[issue] == QUICK else issue % 10 == 0)]
    all_issues = np.array(issues + follows)
    days = np.concatenate([np.zeros(len(issues), int), 1 + np.arange(len(follows)) % 60])
    order = np.argsort(days, kind="stable")
    memory = city(days[order], all_issues[order], np.full(len(days), GRADES[-1]))
    memory.kinds = {"": 0, "噪声": QUICK, "路灯": SLOW}
    memory.kind = np.array([kind_of[issue] for issue in memory.issue.tolist()])
    memory.members = {issue: array("q", np.flatnonzero(memory.issue == issue).tolist()) for issue in issues}
    return memory


def test_paces_are_the_smoothed_ratios_worked_out_by_hand() -> None:
    # 300 + 10 follow-ups of 200 issues, all of one age: a kind of 100 would usually have 155
    found = refit_paces(two_kinds(), START + timedelta(days=100))
    assert found[QUICK] == pytest.approx((300 + PACE_VOICES) / (155 + PACE_VOICES), abs=1e-6)
    assert found[SLOW] == pytest.approx((10 + PACE_VOICES) / (155 + PACE_VOICES), abs=1e-6)


def test_a_kind_of_which_little_is_known_goes_at_nearly_the_usual_pace() -> None:
    memory = two_kinds()
    memory.kind[memory.issue == 1] = 3
    memory.kinds["水压"] = 3
    assert refit_paces(memory, START + timedelta(days=100))[3] == pytest.approx(1.0, abs=0.2)


def test_what_has_no_kind_has_the_usual_pace() -> None:
    memory = two_kinds()
    memory.kind[memory.issue == 1] = 0
    memory.paces = refit_paces(memory, START + timedelta(days=100))
    assert 0 not in memory.paces
    assert paces_of(memory, np.array([1, 2, 150, 999])).tolist() == [1.0, memory.paces[QUICK], memory.paces[SLOW], 1.0]


def test_nothing_of_the_day_and_later_is_looked_at() -> None:
    memory = two_kinds()
    before = refit_paces(memory, START + timedelta(days=40))
    later = memory.day >= START.toordinal() + 40
    memory.is_voice[later] = False
    assert refit_paces(memory, START + timedelta(days=40)) == before


def test_more_is_expected_of_an_issue_of_a_quick_kind() -> None:
    memory, day, rule = two_kinds(), START + timedelta(days=100), DetectorSettings()
    usual = expect(memory, day, np.ones(N_SOURCES), rule)
    memory.paces = {QUICK: 2.0, SLOW: 0.5}
    paced = expect(memory, day, np.ones(N_SOURCES), rule)
    change = paced.baseline.mu / usual.baseline.mu
    quick = np.tile(usual.issues <= 100, len(GRADES))
    assert change[quick].min() > 1.05
    assert change[~quick].max() < 0.95
    assert (paced.newborn.mu == usual.newborn.mu).all()  # its kind is not known before the day


def test_priors_and_paces_are_fitted_with_the_weights_and_every_monday_but_not_on_the_first_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fitted: dict[str, list[date]] = {"refit_priors": [], "refit_paces": [], "refit_matter_prior": []}
    refreshed: list[date | None] = []

    def watch(name: str, real: Callable[[Memory, date], Any]) -> Callable[[Memory, date], Any]:
        def watched(memory: Memory, day: date) -> Any:
            fitted[name].append(day)
            return real(memory, day)

        return watched

    for name in fitted:
        monkeypatch.setattr(signals.day, name, watch(name, getattr(signals.day, name)))
    memory, days = Memory(), [FIRST_DAY + timedelta(days=i) for i in range(20)]
    for day in days:
        today = [Arrival(e.report, None) for e in STREAM if e.report.received_at.date() == day]
        work_day(memory, DayInput(day, today, ()), Settings(), {})
        refreshed.append(memory.refreshed_on)
    due = [day for day, last in zip(days, refreshed, strict=True) if last == day or day.weekday() == 0]
    assert list(fitted.values()) == [due[1:]] * 3
    assert sum(day.weekday() == 0 for day in due) == 3


def test_void_voices_teach_neither_priors_nor_paces() -> None:
    day, without, void = START + timedelta(days=100), two_kinds(), two_kinds()
    wrong = ~without.is_first & (np.arange(len(without.day)) % 2 == 0)
    without.is_voice[wrong], void.void[wrong] = False, True
    assert refit_paces(void, day) == refit_paces(without, day) != refit_paces(two_kinds(), day)
    assert refit_priors(void, day) == refit_priors(without, day)


def test_of_an_issue_120_days_of_life_are_looked_at() -> None:

    def pace(last: int) -> float:
        memory = two_kinds()
        follower = np.flatnonzero(~memory.is_first & (memory.kind == QUICK))[-1]
        memory.day[follower] = START.toordinal() + last
        return refit_paces(memory, START + timedelta(days=200))[QUICK]

    assert pace(60) == pace(120) > pace(121)
