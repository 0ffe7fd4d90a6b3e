"""Series of many voices a day are scanned too: their outcomes begin at what is usual, in steps of deviations."""

import math
from array import array
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy import stats

from signals.detector.bar import paid_by_holders
from signals.detector.baseline import DEFAULT_PRIOR, Baseline, Prior, baseline, dispersed, negative_binomial_tail
from signals.detector.dispersion import dispersion
from signals.detector.window_scan import DEVIATIONS, LARGEST, MANY, WINDOWS, Scan, most_of, outcomes_of, scan
from signals.memory import GRADES, LastAlert, Memory
from signals.settings import DetectorSettings
from signals.suppression import is_suppressed, least_shown
from tests.engine.voices import START, city, seen_on, what_is_hidden

KNOWN = 1e9  # shape of a rate that is known


def known(*rates: float, phi: float = 1.0) -> Baseline:
    """Series of known rates a day, without inflation."""
    n, mu = len(rates), np.array(rates)
    return Baseline(np.full(n, KNOWN), KNOWN / mu, mu, np.ones(n), np.full(n, phi))


def scanned(expected: Baseline, *, budget: float = 0.1) -> Scan:
    """A scan of series that brought what is usual until yesterday."""
    n = len(expected.a)
    usual = np.rint(np.outer(expected.mu, np.array(WINDOWS) - 1)).astype(int)
    return scan(expected, usual, np.tile(np.array(WINDOWS, float), (n, 1)), np.zeros((n, LARGEST), bool),
                budget=budget, inflation=1.0)  # fmt: skip


def test_few_voices_are_told_apart_one_by_one_and_many_by_how_far_they_are_beyond_the_mean() -> None:
    few, many = outcomes_of(known(0.02, 40.0))
    assert few.tolist() == list(range(1, LARGEST + 1))
    assert many.tolist() == [math.ceil(40 + math.sqrt(40) * deviations) for deviations in DEVIATIONS]
    bunched = outcomes_of(known(40.0, phi=4.0))[0]
    assert bunched.tolist() == [math.ceil(40 + math.sqrt(160) * deviations) for deviations in DEVIATIONS]


@pytest.mark.parametrize("phi", [1.0, 1.5, 6.0])
def test_every_rate_has_outcomes_that_differ_and_reach_four_deviations(phi: float) -> None:
    rates = np.geomspace(1e-4, 5000, 400)
    found = outcomes_of(known(*rates, phi=phi))
    assert (np.diff(found, axis=1) > 0).all()
    assert (found[:, 0] >= 1).all()
    assert (found[:, -1] >= rates + 4 * np.sqrt(phi * rates)).all()


def test_the_chances_of_all_outcomes_are_that_of_the_first_or_more() -> None:
    """A known rate without bunches brings Poisson counts: scipy's tail is the source."""
    found = scanned(known(40.0))
    assert found.outcomes[0, 6] == 59  # 40 + 3 · √40, rounded up
    for first in range(LARGEST):
        at_least = stats.poisson.sf(found.outcomes[0, first] - 1, 40.0)
        assert found.chance[0, first:].sum() == pytest.approx(at_least, rel=1e-5)


def test_a_dense_series_crosses_when_it_doubles_and_not_when_it_is_as_usual() -> None:
    found = scanned(known(40.0, *[0.02] * 300))
    assert found.surprise(0, 80) >= found.bar > found.surprise(0, 45)
    assert found.window[0, found.column(0, 80)] == 7


def test_less_than_usual_is_no_surprise() -> None:
    found = scanned(known(40.0, 0.02))
    assert (found.column(0, 39), found.surprise(0, 39), found.surprise(1, 0)) == (-1, 0.0, 0.0)


def test_a_number_between_two_outcomes_is_the_lower_one_and_a_huge_one_the_last() -> None:
    found = scanned(known(40.0, 0.02))
    assert found.outcomes[0, :3].tolist() == [40, 44, 47]
    assert [found.column(0, y) for y in (40, 43, 44, 46, 47, 10**6)] == [0, 0, 1, 1, 2, LARGEST - 1]
    for y in (39, 43, 10**6):
        assert found.surprises(np.array([y, 2])).tolist() == [found.surprise(0, y), found.surprise(1, 2)]


@pytest.mark.parametrize("phi", [1.0, 2.0])
def test_a_city_of_dense_series_keeps_its_budget(phi: float) -> None:
    """200 series of 3 to 60 voices a day, variance φ times the mean: false alerts a day ≤ B, by 3 standard errors."""
    chance, n, n_days, budget = np.random.default_rng(5), 200, 600, 0.5
    rates = chance.uniform(3, 60, n)
    days = np.array(
        chance.poisson(rates, (n_days, n)) if phi == 1.0
        else chance.negative_binomial(rates / (phi - 1.0), 1.0 / phi, (n_days, n))
    )  # fmt: skip
    before, raised = np.concatenate([np.zeros((1, n), int), np.cumsum(days, axis=0)]), 0
    expected, exposure = known(*rates, phi=phi), np.tile(np.array(WINDOWS, float), (n, 1))
    scored = range(max(WINDOWS), n_days)
    for day in scored:
        voices = np.stack([before[day] - before[day - length + 1] for length in WINDOWS], axis=1)
        bar = scan(expected, voices, exposure, np.zeros((n, LARGEST), bool), budget=budget, inflation=1.0)
        raised += int((bar.surprises(days[day]) >= bar.bar).sum())
    realized, error = raised / len(scored), math.sqrt(budget / len(scored))
    assert 0.2 * budget < realized <= budget + 3 * error


@pytest.mark.parametrize("rate", [5.0, 10.0, 30.0, 100.0])
@pytest.mark.parametrize("n_known", [60, 180])
def test_what_is_as_loud_as_ever_keeps_the_budget_where_most_series_bring_next_to_nothing(
    rate: float, n_known: int
) -> None:
    """Ten series of a constant rate beside 500 sparse ones, their means learnt from n_known days less the guard."""
    chance, n_days, guard, budget = np.random.default_rng(1), 60, 14, 0.45
    rates = np.array([rate] * 10 + [0.004] * 500)
    days = chance.poisson(rates, (n_known + n_days, len(rates)))
    none, raised = np.zeros((len(rates), LARGEST), bool), 0
    for day in range(n_known, n_known + n_days):
        past = days[: day - guard]
        length = np.full(len(rates), float(len(past)))
        expected = baseline(DEFAULT_PRIOR, past.sum(axis=0) + 1, length, np.ones(len(rates)), inflation=1.2)
        phi, _ = dispersion(expected.a / expected.b, past.sum(axis=0), (past * (past - 1)).sum(axis=0), length)
        voices = np.stack([days[day - window + 1 : day].sum(axis=0) for window in WINDOWS], axis=1)
        bar = scan(replace(expected, phi=phi), voices, np.tile(np.array(WINDOWS, float), (len(rates), 1)), none,
                   budget=budget, inflation=1.2)  # fmt: skip
        raised += int((bar.surprises(days[day]) >= bar.bar).sum())
    assert raised / n_days <= budget


def test_a_prior_lowers_a_mean_by_three_standard_errors_at_most_and_that_of_few_voices_as_it_likes() -> None:
    """By hand: 3,600 voices in 60 days are 60 a day, with an error of 1; the prior alone would say 26.7."""
    found = baseline(DEFAULT_PRIOR, np.array([3600, 16, 1]), np.full(3, 60.0), np.ones(3), inflation=1.0)
    assert found.mu[0] == pytest.approx(57.0)
    assert found.mu[1:] == pytest.approx([16.3 / 135, 1.3 / 135])
    older = baseline(DEFAULT_PRIOR, np.array([100, 100]), np.array([0.0, 60.0]), np.ones(2), inflation=1.0,
                     own=np.array([0, 4]))  # fmt: skip
    assert older.mu == pytest.approx([100.3 / 75, 100.3 / 135])  # what came before these days says nothing of them


def test_an_outcome_is_hidden_where_none_of_its_numbers_would_be_shown() -> None:
    assert most_of(np.array([[1, 2, 3], [13, 15, 19]])).tolist() == [[1, 2, MANY], [14, 18, MANY]]


def test_what_a_part_brings_is_paid_for_by_a_dense_holder_where_as_many_would_alert_there() -> None:
    z, outcomes = np.array([[1.0, 2.0, 4.0], [3.0, 5.0, 6.0]]), np.array([[10, 14, 20], [1, 2, 15]])
    held = paid_by_holders(z, outcomes, np.array([-1, 0]))
    assert held[1].tolist() == [-np.inf, -np.inf, 2.0]  # one or two voices are fewer than any outcome of the holder


@pytest.mark.parametrize(("last", "n_now", "quiet"), [(0, 3, 1), (5, 3, 1), (5, 11, 1), (5, 3, 41), (5, 3, 42)])
def test_the_least_number_that_is_shown_is_where_suppression_ends(
    monkeypatch: pytest.MonkeyPatch, last: int, n_now: int, quiet: int
) -> None:
    memory, settings, day = Memory(), DetectorSettings(), date(2025, 3, 1)
    monkeypatch.setattr("signals.suppression.state_before", lambda *_: (n_now, quiet))
    if last:
        memory.last_alert[7] = LastAlert(day, last)
    (least,) = least_shown(memory, np.array([7]), day, settings).tolist()
    for y in range(40):
        assert (y < least) == is_suppressed(memory, 7, n_now + y, quiet, settings.quiet_days)
    assert least == {(5, 3, 1): 7, (5, 3, 41): 7}.get((last, n_now, quiet), 0)


def loud(today: int) -> Memory:
    """One issue that brings thirty people a day over 180 days, and so many on the day after."""
    days = np.concatenate([np.repeat(np.arange(180), 30), np.full(today, 180)])
    memory = city(days, np.ones(len(days), np.int64), np.full(len(days), 0.3))
    memory.members, memory.kind = {1: array("q", range(len(days)))}, np.zeros(len(days), np.int64)
    return memory


@pytest.mark.parametrize(("today", "crosses"), [(30, False), (90, True)])
def test_an_issue_of_thirty_voices_a_day_crosses_when_it_trebles_and_not_as_usual(today: int, crosses: bool) -> None:
    expectation, crossings = seen_on(loud(today), 180)
    assert bool(crossings) == crosses
    assert max(expectation.scan.surprise(grade, 90) for grade in range(len(GRADES))) >= expectation.scan.bar


def test_an_outcome_that_is_partly_shown_is_paid_for(monkeypatch: pytest.MonkeyPatch) -> None:
    found = what_is_hidden(monkeypatch)
    memory = loud(0)
    first = int(seen_on(memory, 180)[0].scan.outcomes[0, 0])
    n, day = 119 * 30, START + timedelta(days=180)
    least = first + 1 + (n + first + 1) % 2  # of 2 or more numbers, those from the second or third on
    assert least < seen_on(memory, 180)[0].scan.outcomes[0, 1]
    memory.last_alert[1] = LastAlert(day - timedelta(days=1), (n + least) // 2)
    seen_on(memory, 180)
    assert found[-1][0].tolist() == [False] * len(found[-1][0])
    memory.last_alert[1] = LastAlert(day - timedelta(days=1), (n + least) // 2 + 2)
    seen_on(memory, 180)
    assert found[-1][0, 0]


def test_the_last_outcome_stands_for_all_beyond_it() -> None:
    past = np.array([3, 900])  # one told apart by numbers, one by deviations
    e = baseline(Prior(0.3, 75.0), past, np.full(2, 100.0), np.ones(2), inflation=1.0, phi=3.0)
    found = scan(e, np.zeros((2, 4), np.int64), np.tile(np.array(WINDOWS, float), (2, 1)),
                 np.zeros((2, LARGEST), bool), budget=0.1, inflation=1.0)  # fmt: skip
    law = dispersed(e.a, e.b, e.exposure, e.phi)
    last = negative_binomial_tail(found.outcomes[:, -1].astype(float), *law, e.exposure)
    assert found.chance[:, -1] == pytest.approx(last, rel=1e-9)
