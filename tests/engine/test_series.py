"""Issues as series by grade of firmness, and the promise kept on cities where nothing starts."""

from array import array
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from signals.detector.baseline import DEFAULT_PRIOR, Baseline, Prior
from signals.detector.budget import BASE
from signals.detector.shiryaev_roberts import GROWTH
from signals.detector.window_scan import Scan, scan
from signals.matters import rises
from signals.memory import FOUNDER, GRADES, LastAlert, Memory
from signals.priors import OWN_WORD, founders_of, refit_priors
from signals.series import FIRST_ARM, Crossing, Expectation, _predicted_births, detect, expect
from signals.settings import DetectorSettings, Settings
from signals.suppression import is_suppressed, state_before
from tests.engine.voices import N_SOURCES, START, at, city, seen_on, what_is_hidden


def followed(similarity: float) -> list[Crossing]:
    """What crosses when one issue brings two more voices on day 40, linked so firmly, among 200 lone issues."""
    days = np.array([*range(38)] * 5 + [38] * 10 + [38, 40, 40])
    issues = np.array([*range(1, 201), 900, 900, 900])
    memory = city(days, issues, np.array([0.0] * 201 + [similarity] * 2))
    memory.priors = (Prior(0.8, 20.0), Prior(0.3, 75.0), Prior(0.2, 200.0))  # loose links are common here
    return seen_on(memory, 40)[1]


def test_firm_links_cross_the_line_where_as_many_loose_ones_do_not() -> None:
    assert followed(0.11) == []
    (crossing,) = followed(0.3)
    assert (crossing.issue_id, crossing.observed) == (900, 3)
    assert crossing.firmness == GRADES[-1]


def one_more(similarity: float, *, n_more: int = 1, loud: float = 20.0) -> tuple[Memory, list[Crossing]]:
    """What crosses when so many voices follow a founder on the day after, where nearly nothing is ever expected."""
    days, issues = np.array([*range(38)] * 5 + [38] * 11 + [39] * n_more), np.array([*range(1, 202)] + [201] * n_more)
    memory = city(days, issues, np.array([0.0] * 201 + [similarity] * n_more))
    memory.priors = (Prior(0.2, 2000.0),) * len(GRADES)
    return memory, seen_on(memory, 39, loud)[1]


@pytest.mark.parametrize("similarity", [0.14, 0.16])
def test_two_people_loosely_alike_show_nothing_and_a_third_does(similarity: float) -> None:
    assert one_more(similarity)[1] == []
    (crossing,) = one_more(similarity, n_more=2)[1]
    assert (crossing.issue_id, crossing.observed) == (201, 3)


def test_two_people_firmly_alike_are_enough() -> None:
    (crossing,) = one_more(0.3)[1]
    assert (crossing.observed, crossing.firmness) == (2, GRADES[-1])


def test_what_a_loose_pair_does_not_show_it_does_not_pay_for() -> None:
    """Evidence of the first arm above its line stays, in the loose grades, until there are enough voices to show it."""

    def left(n_more: int, loud: float) -> float:
        memory, _ = one_more(0.16, n_more=n_more, loud=loud)
        return float(memory.m[memory.watched == 201][0, 0].mean())

    assert left(1, 20.0) == left(1, 1e-6)  # of so small a budget nothing is ever over the line
    assert left(2, 20.0) == pytest.approx(left(2, 1e-6) - 1 / (20.0 * FIRST_ARM))


def test_a_third_voice_shows_what_two_did_not_wherever_it_stands_in_120_days() -> None:
    def third_after(days: int) -> list[Crossing]:
        lone = np.arange(days + 40)
        memory = city(np.concatenate([lone, [days + 40] * 2]), np.concatenate([lone + 1, [1, 1]]),
                      np.array([0.0] * len(lone) + [0.16] * 2))  # fmt: skip
        memory.day[0] = START.toordinal() + 41  # the founder of issue 1, so many days before the two
        order = np.argsort(memory.day, kind="stable")
        memory.day, memory.issue, memory.similarity = memory.day[order], memory.issue[order], memory.similarity[order]
        memory.is_first = np.zeros(memory.day.size, bool)
        memory.is_first[np.unique(memory.issue, return_index=True)[1]] = True
        memory.priors = (Prior(0.2, 2000.0),) * len(GRADES)
        return seen_on(memory, days + 40, 20.0)[1]

    assert [crossing.observed for crossing in third_after(60)] == [2]  # in the window; the founder is older
    assert third_after(160) == []


def test_a_loose_second_voice_costs_nothing_of_the_budget() -> None:
    memory = city(np.array([0, 1, 2, 2]), np.array([7, 8, 8, 8]), np.array([0.0, 0.0, 0.16, 0.16]))
    memory.priors = (Prior(0.8, 20.0), Prior(0.3, 75.0), Prior(0.2, 200.0))  # no two series are alike
    expectation, _ = seen_on(memory, 10)
    assert expectation.voices.tolist() == [1, 3, 1, 3, 1, 1]  # of issues 7 and 8, grade by grade
    costs = np.isin(expectation.scan.z[:, 0], expectation.scan.cost.heights)  # one more voice today
    assert costs.tolist() == [False, True, False, True, True, True]


def test_what_suppression_would_not_show_is_hidden_from_the_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    found = what_is_hidden(monkeypatch)
    memory = city(np.array([0, 1, 2, 2]), np.array([7, 8, 8, 8]), np.array([0.0, 0.0, 0.3, 0.3]))
    memory.members, memory.kind = {7: array("q", [0]), 8: array("q", [1, 2, 3])}, np.zeros(4, np.int64)
    memory.last_alert[8] = LastAlert(START + timedelta(days=2), 3)  # shown again from six people on
    seen_on(memory, 10)
    lone, alerted = found[0][::2], found[0][1::2]  # issues 7 and 8, grade by grade
    assert alerted[:, :5].tolist() == [[True, True, False, False, False]] * len(GRADES)
    assert not lone[:, 1:].any()


def test_an_issue_born_today_needs_two_loose_followers_or_a_firm_one() -> None:
    def born_with(*near: float) -> list[Crossing]:
        days, issues = (
            np.array([*range(38)] * 5 + [39] * (1 + len(near))),
            np.array([*range(1, 191)] + [900] * (1 + len(near))),
        )
        memory = city(days, issues, np.array([0.0] * 191 + list(near)))
        memory.priors = (Prior(0.2, 2000.0),) * len(GRADES)
        return seen_on(memory, 39, 20.0)[1]

    assert born_with(0.16) == []
    assert [c.observed for c in born_with(0.16, 0.16)] == [3]
    assert [c.observed for c in born_with(0.3)] == [2]


def test_the_founder_counts_in_every_grade_and_others_by_their_link() -> None:
    memory = city(np.array([0, 1, 2, 3]), np.array([7, 7, 7, 7]), np.array([0.0, 0.12, 0.16, 0.4]))
    counted = [memory.is_firm(np.arange(4), grade).tolist() for grade in GRADES]
    assert counted == [[True] * 4, [True, False, True, True], [True, False, False, True]]


def test_windows_and_deposits_are_those_of_each_grade() -> None:
    memory = city(np.array([0, 1, 2, 9]), np.array([7, 7, 7, 8]), np.array([0.0, 0.12, 0.3, 0.0]))
    expectation, _ = seen_on(memory, 10)
    assert expectation.issues.tolist() == [7, 8]
    assert expectation.window_voices[:, 1].tolist() == [3, 1, 2, 1, 2, 1]  # last 14 days; grade by grade
    assert expectation.deposits.sum() <= 1 + 1e-9
    assert expectation.deposits[1] > expectation.deposits[0]  # born yesterday


def test_the_prior_of_a_firmer_grade_expects_fewer_voices() -> None:
    chance = np.random.default_rng(5)
    born = np.sort(chance.integers(0, 200, 800))
    extra = np.repeat(np.arange(800), chance.poisson(1.0, 800))
    days = np.concatenate([born, born[extra] + chance.integers(0, 100, len(extra))])
    issues = np.concatenate([np.arange(800), extra])
    near = np.concatenate([np.zeros(800), chance.choice([0.11, 0.17, 0.3], len(extra), p=[0.5, 0.3, 0.2])])
    order = np.argsort(days, kind="stable")
    priors = refit_priors(city(days[order], issues[order], near[order]), START + timedelta(300))
    means = [(prior.a0 + founder) / prior.b0 for prior, founder in zip(priors, FOUNDER, strict=True)]
    assert means[1] == pytest.approx(means[0] * 0.5**OWN_WORD, rel=0.1)
    assert means[2] == pytest.approx(means[0] * 0.2**OWN_WORD, rel=0.15)


def test_until_enough_issues_are_known_every_grade_expects_the_same_of_a_newborn() -> None:
    memory = city(np.array([0, 1, 2]), np.array([7, 7, 8]), np.array([0.0, 0.3, 0.0]))
    usual = (DEFAULT_PRIOR.a0 + 1.0) / DEFAULT_PRIOR.b0
    for priors in (memory.priors, refit_priors(memory, START + timedelta(days=9))):
        means = [(prior.a0 + founder) / prior.b0 for prior, founder in zip(priors, FOUNDER, strict=True)]
        assert means == pytest.approx([usual] * len(GRADES), rel=1e-5)


def test_reports_like_the_founder_weigh_less_than_the_founder() -> None:
    memory = city(np.array([0, 5]), np.array([7, 8]), np.zeros(2))
    memory.back_count = {8: 3}
    assert founders_of(memory, np.array([7, 8])).tolist() == [[0.5, 2.0], [0.75, 2.25], [1.0, 2.5]]  # grade by grade
    expectation, _ = seen_on(memory, 6)
    a0 = memory.priors[0].a0
    assert expectation.baseline.a.tolist() == pytest.approx([a0 + f for f in (0.5, 2.0, 0.75, 2.25, 1.0, 2.5)])
    assert expectation.newborn.a.tolist() == pytest.approx([a0 + founder for founder in FOUNDER])


def test_a_young_stream_expects_more_and_promises_the_same() -> None:
    def after(n_days: int, n_silent: int = 0) -> Expectation:
        memory = city(np.array([0, 1, 2]), np.array([7, 7, 8]), np.array([0.0, 0.3, 0.0]))
        day = at(memory, n_days + n_silent)
        memory.totals = np.repeat([[0.0] * N_SOURCES, [1.0] * N_SOURCES], [n_silent, n_days], axis=0)
        return expect(memory, day, np.ones(N_SOURCES), DetectorSettings())

    young, grown, silent = after(6), after(27), after(6, n_silent=21)
    assert young.baseline.exposure == pytest.approx(2 * grown.baseline.exposure)  # √(28 ÷ 7)
    assert young.newborn.exposure == pytest.approx(2 * grown.newborn.exposure)
    assert silent.newborn.exposure == pytest.approx(1.2 * np.sqrt(28 / 9))  # the first of its six days stands for three
    assert (silent.scan.z[:, 2:] < grown.scan.z[:, 2:]).all()  # of the same days and windows
    assert (silent.scan.newborn_z[:, 2:] < grown.scan.newborn_z[:, 2:]).all()
    assert (young.promised, grown.promised) == (BASE, BASE)


def test_matters_of_a_young_stream_are_expected_to_bring_more_too(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = city(np.array([0, 1, 2]), np.array([7, 7, 8]), np.zeros(3))
    memory.matter, memory.matter_voice, memory.matter_first = memory.issue, memory.is_voice, memory.is_first
    scanned = []

    def watched(expected: Baseline, *given: Any, inflation: float, **named: Any) -> Scan:
        scanned.append((expected.exposure.tolist(), inflation))
        return scan(expected, *given, inflation=inflation, **named)

    monkeypatch.setattr("signals.matters.scan", watched)
    for n_days in (20, 27):
        assert rises(memory, at(memory, n_days), np.ones(N_SOURCES), 0.5, Settings()) == []
    more = 1.2 * np.sqrt(28 / 21)
    assert [inflation for _, inflation in scanned] == pytest.approx([more, 1.2])
    assert [exposure for exposure, _ in scanned] == [pytest.approx([more] * 2), pytest.approx([1.2] * 2)]


def test_days_before_an_issue_was_founded_say_nothing_of_its_rate() -> None:
    days = np.concatenate([np.arange(60), [40, 70]])
    memory = city(np.sort(days), np.argsort(days, kind="stable") + 100, np.zeros(62))
    expectation, _ = seen_on(memory, 80)
    exposure = expectation.baseline.b[:62] - memory.priors[0].b0
    born = memory.day[np.searchsorted(np.sort(memory.issue), expectation.issues)]
    assert len(exposure) == len(born)
    assert exposure.max() == pytest.approx(80 - 14 - 1, abs=1)  # the first issue's, without the guard
    assert exposure.min() == 0.0  # the issue founded inside the guarded days


def test_issues_are_remembered_by_grade() -> None:
    memory = city(np.array([0, 5]), np.array([7, 7]), np.array([0.0, 0.3]))
    seen_on(memory, 5)
    assert memory.watched.tolist() == [7]
    assert memory.m.shape == (1, len(GRADES), len(GROWTH))


def quiet_city(seed: int, n_days: int, births: float, loud: NDArray[np.float64]) -> Memory:
    """Issues born at an even rate, each with a lasting rate drawn from the default prior: nothing ever starts.

    loud: (n_days,) factor of all rates on each day.
    """
    chance = np.random.default_rng(seed)
    days, issues, near = [], [], []
    number = 0
    for born in range(n_days):
        for _ in range(chance.poisson(births * loud[born])):
            number += 1
            rate = chance.gamma(DEFAULT_PRIOR.a0 + 1, 1 / DEFAULT_PRIOR.b0)  # the founder came: picked by its rate
            counts = chance.poisson(rate * loud[born + 1 :])
            later = np.repeat(np.arange(born + 1, n_days), counts)
            days += [born, *later.tolist()]
            issues += [number] * (1 + len(later))
            near += [0.0, *chance.choice([0.12, 0.18, 0.3], len(later), p=[0.6, 0.2, 0.2]).tolist()]
    order = np.argsort(np.array(days), kind="stable")
    return city(np.array(days)[order], np.array(issues)[order], np.array(near)[order])


def false_alerts_a_day(memory: Memory, loud: NDArray[np.float64], *, first: int, budget: float) -> float:
    """Alerts shown a day from day `first` on, with suppression as in the engine."""
    n_days, alerts = len(loud), 0
    settings = DetectorSettings(false_alerts_per_day=budget)
    whole = np.outer(loud, np.ones(N_SOURCES))
    for i in range(first, n_days):
        day = START + timedelta(days=i)
        memory.days = [START + timedelta(days=d) for d in range(i)]
        memory.totals, memory.exposures = whole[:i], whole[:i]
        if i % 30 == 0:
            memory.priors = refit_priors(memory, day)
        crossings, _ = detect(memory, day, expect(memory, day, whole[i], settings))
        for crossing in crossings:
            rows = np.flatnonzero((memory.issue == crossing.issue_id) & (memory.day <= day.toordinal()))
            n, _ = state_before(memory, rows, day)
            _, quiet = state_before(memory, rows[memory.day[rows] < day.toordinal()], day)
            if not is_suppressed(memory, crossing.issue_id, n, quiet, settings.quiet_days):
                alerts += 1
                memory.last_alert[crossing.issue_id] = LastAlert(day, n)
    return alerts / (n_days - first)


@pytest.mark.parametrize("world", ["even", "weekdays and loud days"])
def test_where_nothing_starts_the_budget_is_kept(world: str) -> None:
    n_days, budget = 200, 0.5
    loud = np.ones(n_days)
    if world != "even":
        loud = np.where(np.arange(n_days) % 7 < 5, 1.2, 0.5) * np.where(np.arange(n_days) % 23 == 0, 1.8, 1.0)
    found = false_alerts_a_day(quiet_city(3, n_days, 4.0, loud), loud, first=60, budget=budget)
    assert found <= budget
    assert found > 0.02 * budget  # the budget is used at all


def test_births_are_predicted_from_the_days_that_have_run() -> None:
    """A stream of ten days predicts what a day of them brought, not a third of it."""

    memory = city(np.repeat(np.arange(10), 3), np.arange(30), np.zeros(30))
    at(memory, 10)
    assert _predicted_births(memory, START.toordinal() + 10) == 3.0


def test_a_newborn_is_expected_through_the_sources_that_issues_are_born_in() -> None:
    memory = city(np.arange(10), np.arange(10), np.zeros(10))  # all through source 1
    day, quiet = at(memory, 10), np.array([9.0, 0.5, *[9.0] * (N_SOURCES - 2)])
    usual = expect(memory, day, np.ones(N_SOURCES), DetectorSettings()).newborn
    found = expect(memory, day, quiet, DetectorSettings()).newborn
    assert found.mu == pytest.approx(usual.mu / 2)


def test_what_founded_a_matter_belongs_in_its_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    memory, shapes = city(np.array([0, 1, 2]), np.array([7, 7, 8]), np.zeros(3)), []
    memory.matter, memory.matter_voice, memory.matter_first = memory.issue, memory.is_voice, memory.is_first
    monkeypatch.setattr("signals.matters.scan", lambda e, *g, **n: shapes.append(e.a.tolist()) or scan(e, *g, **n))
    rises(memory, at(memory, 40), np.ones(N_SOURCES), 0.5, Settings())
    assert shapes == [pytest.approx([memory.matter_prior.a0 + 2, memory.matter_prior.a0 + 1])]


def lives(memory: Memory, issue: int) -> float:
    """Days of exposure that the baseline of an issue has, its prior's among them."""
    expectation = expect(memory, at(memory, 360), np.ones(N_SOURCES), DetectorSettings())
    return float(expectation.baseline.b[np.flatnonzero(expectation.issues == issue)[0]])


@pytest.mark.parametrize("day", [300, 355])
def test_an_issue_that_took_up_a_younger_one_has_lived_since_it_was_founded_itself(day: int) -> None:
    days = np.array([*range(0, 340, 20), day])
    order, issues = np.argsort(days, kind="stable"), np.array([7] * 17 + [8])
    memory = city(days[order], issues[order], np.full(18, 0.3))
    alone = lives(memory, 7)
    memory.issue[:] = 7  # both founders stay founders
    assert lives(memory, 7) == pytest.approx(alone)


def test_an_issue_whose_founder_is_void_has_lived_since_its_first_voice_that_counts() -> None:
    memory = city(np.array([*range(0, 300, 10), 330, 334]), np.array([*range(1, 31), 40, 40]), np.full(32, 0.3))
    before = lives(memory, 40)
    memory.void[-2] = True
    assert lives(memory, 40) == pytest.approx(before - 4.0)
