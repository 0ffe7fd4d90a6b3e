"""Golden values of every formula of the detector, and the budget kept on counts whose baseline is known.

Sources: Gamma–Poisson and its negative binomial predictive law, Gelman et al. 2013, Bayesian Data Analysis, 3rd ed.,
section 2.6; Shiryaev–Roberts e-detector, Shin, Ramdas and Rinaldo 2022 (arXiv 2203.03532); dense ratio: likelihood
ratio of NB1 counts, variance φμ, as in Cameron and Trivedi 1986, Journal of Applied Econometrics 1:29. The scan's bar
is linearity of expectation. scipy gives the laws independently where a test says so.
"""

import math

import numpy as np
import pytest
from scipy import stats

from signals.detector import shiryaev_roberts as esr
from signals.detector.baseline import (
    DEFAULT_PRIOR,
    FLOOR,
    LARGEST_SHAPE,
    PRIOR_ISSUES,
    Prior,
    baseline,
    dispersed,
    fit_prior,
    negative_binomial_mass,
    negative_binomial_tail,
)
from signals.detector.window_scan import LARGEST, WINDOWS, Scan, scan

CASES = [(0.3, 75.0, 1.0), (2.0, 400.0, 7.0), (1.3, 75.0, 42.0), (40.0, 20.0, 1.2)]  # a, b, exposure


def array(*values: float) -> np.ndarray:
    return np.array(values, float)


@pytest.mark.parametrize(("a", "b", "e"), CASES)
def test_tail_and_mass_are_those_of_the_negative_binomial(a: float, b: float, e: float) -> None:
    y = np.arange(0.0, 15.0)
    known = stats.nbinom(a, b / (b + e))
    np.testing.assert_allclose(negative_binomial_mass(y, array(a), array(b), array(e)), known.pmf(y), rtol=1e-9)
    np.testing.assert_allclose(negative_binomial_tail(y, array(a), array(b), array(e)), known.sf(y - 1), rtol=1e-9)


def test_one_voice_from_an_even_rate_has_the_chance_worked_out_by_hand() -> None:
    one = array(1.0)  # a = b = E = 1: P(Y = y) = 1 / 2^(y + 1)
    assert negative_binomial_mass(one, one, one, one)[0] == pytest.approx(0.25)
    assert negative_binomial_tail(one, one, one, one)[0] == pytest.approx(0.5)


def test_the_baseline_is_the_posterior_inflated_and_floored() -> None:
    found = baseline(Prior(0.5, 50.0), np.array([1, 4]), array(50.0, 0.0), array(2.0, 0.0), inflation=1.2)
    assert found.a.tolist() == [1.5, 4.5]
    assert found.b.tolist() == [100.0, 50.0]
    assert found.mu.tolist() == pytest.approx([1.5 / 100 * 2.4, FLOOR])


def test_the_prior_of_few_issues_is_the_default() -> None:
    n = PRIOR_ISSUES - 1
    assert fit_prior(np.full(n, 3), np.full(n, 100.0)) == DEFAULT_PRIOR


def test_the_prior_of_many_issues_is_recovered() -> None:
    chance = np.random.default_rng(2)
    lives = chance.uniform(20, 120, 6000)
    founders = chance.choice([1.0, 1.5, 3.0], 6000)
    counts = chance.poisson(chance.gamma(0.2 + founders, 1 / 30.0) * lives)  # rates of issues that were founded
    found = fit_prior(counts, lives, founders)
    assert found.a0 == pytest.approx(0.2, abs=0.1)
    assert (found.a0 + 1) / found.b0 == pytest.approx(1.2 / 30, rel=0.03)


def test_baselines_with_the_fitted_prior_foretell_what_followed_whatever_the_rates_are() -> None:
    chance = np.random.default_rng(3)
    lives = chance.uniform(20, 120, 6000)
    counts = chance.poisson(chance.lognormal(-5.0, 1.0, 6000) * lives)
    newborn = baseline(fit_prior(counts, lives), np.ones(6000), np.zeros(6000), lives, inflation=1.0)
    assert newborn.mu.sum() == pytest.approx(counts.sum(), rel=0.02)


@pytest.mark.parametrize("rate", [0.03, 0.6])
def test_a_prior_keeps_the_mean_and_is_never_more_sure_than_the_largest_shape(rate: float) -> None:
    chance = np.random.default_rng(2)
    found = fit_prior(chance.poisson(100 * rate, 500), np.full(500, 100.0))
    assert found.a0 == LARGEST_SHAPE
    assert (found.a0 + 1) / found.b0 == pytest.approx(rate, rel=0.05)


def test_the_sparse_ratio_worked_out_by_hand() -> None:
    # a = 1, b = 9, E = 1, θ = 2: y = 0 → 10/11; y = 1 → 2 · (10/11)²
    found = esr.sparse_log_ratio(array(0, 1), array(1, 1), array(9, 9), array(1, 1))
    two = esr.GROWTH.tolist().index(2)
    assert np.exp(found[:, two]).tolist() == pytest.approx([10 / 11, 200 / 121])


def test_the_dense_ratio_worked_out_by_hand() -> None:
    # φ = 2, μ = 1 → r = 1; θ = 2: y = 0 → 1/2; y = 1 → Γ(3)Γ(1) / (Γ(2)Γ(2)) / 2 = 1; y = 2 → 6 / 2 / 2 = 3/2
    found = esr.dense_log_ratio(array(0, 1, 2), array(1, 1, 1), phi=2.0)
    two = esr.GROWTH.tolist().index(2)
    assert np.exp(found[:, two]).tolist() == pytest.approx([0.5, 1.0, 1.5])


def test_the_dense_ratio_is_the_formula_with_gamma_functions() -> None:
    mu, phi = 1.2, 1.5
    r = mu / (phi - 1)
    found = np.exp(esr.dense_log_ratio(array(4), array(mu), phi=phi)[0])
    for theta, value in zip(esr.GROWTH[:5], found[:5], strict=True):
        g = math.gamma
        direct = g(4 + theta * r) * g(r) / (g(theta * r) * g(4 + r)) * phi ** (-(theta - 1) * r)
        assert value == pytest.approx(direct, rel=1e-9)


def test_the_dense_ratio_tends_to_poisson_without_overdispersion() -> None:
    near = esr.dense_log_ratio(array(3), array(0.5), phi=1 + 1e-5)
    exact = esr.dense_log_ratio(array(3), array(0.5), phi=1.0)
    np.testing.assert_allclose(exact[0], 3 * np.log(esr.GROWTH) - (esr.GROWTH - 1) * 0.5)
    np.testing.assert_allclose(near[0, :4], exact[0, :4], rtol=2e-4, atol=2e-4)


@pytest.mark.parametrize(("a", "b", "e"), CASES)
def test_the_sparse_ratio_has_expectation_one_under_its_null(a: float, b: float, e: float) -> None:
    y = np.arange(0.0, 4000.0)
    log_ratio = esr.sparse_log_ratio(y, np.full_like(y, a), np.full_like(y, b), np.full_like(y, e))
    expectation = np.exp(stats.nbinom(a, b / (b + e)).logpmf(y)[:, None] + log_ratio).sum(axis=0)
    assert (expectation <= 1 + 1e-9).all()
    np.testing.assert_allclose(expectation[:3], 1.0, rtol=1e-6)


@pytest.mark.parametrize("mu", [0.03, 0.4, 5.0])
@pytest.mark.parametrize("phi", [1.2, 1.5, 3.0])
def test_the_dense_ratio_has_expectation_one_under_its_null(mu: float, phi: float) -> None:
    y = np.arange(0.0, 6000.0)
    log_ratio = esr.dense_log_ratio(y, np.full_like(y, mu), phi=phi)
    expectation = np.exp(stats.nbinom(mu / (phi - 1), 1 / phi).logpmf(y)[:, None] + log_ratio).sum(axis=0)
    assert (expectation <= 1 + 1e-9).all()
    np.testing.assert_allclose(expectation[:3], 1.0, rtol=1e-6)


def test_both_ratios_grow_with_the_count() -> None:
    y, ones = np.arange(0.0, 40.0), np.ones(40)
    for found in (esr.sparse_log_ratio(y, ones, 75 * ones, ones), esr.dense_log_ratio(y, 0.4 * ones, phi=1.5)):
        assert (np.diff(found, axis=0) > 0).all()


def test_the_count_of_one_day_is_capped_before_it_is_seen() -> None:
    assert esr.cap(array(0.001, 4.0), phi=1.5).tolist() == [8, math.ceil(4 + 8 * math.sqrt(6))]
    expected = baseline(Prior(0.3, 75.0), np.array([1]), array(0.0), array(1.0), inflation=1.2)
    nothing, stake = np.zeros((1, len(esr.GROWTH))), array(1.0)
    eight = esr.grow(nothing, stake, np.array([8]), expected, phi=1.5)
    assert esr.grow(nothing, stake, np.array([500]), expected, phi=1.5).tolist() == eight.tolist()


def test_a_series_far_beyond_its_baseline_for_weeks_stays_finite_and_still_alerts() -> None:
    m, crossed = np.zeros((1, len(esr.GROWTH))), np.zeros(1, bool)
    expected = baseline(DEFAULT_PRIOR, np.array([2000]), array(350.0), array(1.0), inflation=1.2)
    for _ in range(60):
        grown = esr.grow(m, array(1.0), np.array([5000]), expected, phi=1.5)
        m, crossed = esr.spend(grown, budget=0.5)
    assert np.isfinite(m).all()
    assert crossed.all()


def test_an_alert_pays_the_inverse_budget_in_proportion() -> None:
    m = np.vstack([np.full(len(esr.GROWTH), 12.0), np.full(len(esr.GROWTH), 9.0)])
    m[0, 0] = 1.0  # mean 11
    left, crossed = esr.spend(m, budget=0.1)
    assert crossed.tolist() == [True, False]
    assert esr.recurrence_days(left).tolist() == pytest.approx([11.0 - 10.0, 9.0])
    assert left[0, 1] / left[0, 0] == pytest.approx(12.0)


@pytest.mark.parametrize("n_born", [0, 1, 3, 40])
@pytest.mark.parametrize("predicted", [0.0, 0.5, 4.0])
def test_a_day_deposits_at_most_one(n_born: int, predicted: float) -> None:
    born = np.arange(60) < n_born
    stakes = esr.deposits(born, predicted_births=predicted)
    assert stakes.sum() <= 1 + 1e-12
    assert stakes.min() == pytest.approx(0.5 / 60)


def test_newborns_get_their_share_of_the_predicted_births() -> None:
    stakes = esr.deposits(np.array([True, False]), predicted_births=5.0)
    assert stakes.tolist() == pytest.approx([0.1 + 0.25, 0.25])
    assert len(esr.deposits(np.zeros(0, bool), predicted_births=3.0)) == 0


def given_scan(n: int, budget: float, *, hidden: bool = False, seed: int = 4):  # type: ignore[no-untyped-def]
    chance = np.random.default_rng(seed)
    expected = baseline(DEFAULT_PRIOR, chance.integers(1, 6, n), chance.uniform(0, 300, n), np.ones(n), inflation=1.0)
    voices = np.cumsum(chance.integers(0, 2, (n, len(WINDOWS))), axis=1)
    exposure = np.tile(np.array(WINDOWS, float), (n, 1))
    return scan(expected, voices, exposure, np.full((n, LARGEST), hidden), budget=budget, inflation=1.0)


@pytest.mark.parametrize("budget", [0.001, 0.05, 0.3])
@pytest.mark.parametrize("n", [1, 30, 400])
def test_outcomes_at_or_above_the_bar_cost_at_most_the_budget(n: int, budget: float) -> None:
    found = given_scan(n, budget)
    assert found.chance[found.z >= found.bar].sum() <= budget + 1e-12


def test_the_bar_leaves_no_room_for_one_more_outcome() -> None:
    found = given_scan(400, 0.05)
    below = found.z[found.z < found.bar].max()
    assert found.chance[found.z >= below].sum() > 0.05


def test_equal_outcomes_are_above_the_bar_together_or_not_at_all() -> None:
    expected = baseline(DEFAULT_PRIOR, np.ones(10, int), np.zeros(10), np.ones(10), inflation=1.0)
    one = float(negative_binomial_mass(array(2), array(1.3), array(75.0), array(1.0))[0])
    found = scan(expected, np.zeros((10, 4), int), np.tile(np.array(WINDOWS, float), (10, 1)),
                 np.zeros((10, LARGEST), bool), budget=5.5 * one, inflation=1.0)  # fmt: skip
    assert found.chance[found.z >= found.bar].sum() <= 5.5 * one
    assert len(set((found.z >= found.bar).sum(axis=1).tolist())) == 1


def test_hidden_outcomes_cost_nothing_and_set_no_bar() -> None:
    assert given_scan(30, 0.05, hidden=True).bar == math.inf


def test_the_first_report_of_a_window_is_not_counted() -> None:
    expected = baseline(DEFAULT_PRIOR, np.array([1]), array(0.0), array(1.0), inflation=1.0)
    found = scan(expected, np.zeros((1, 4), int), array(*WINDOWS)[None, :], np.zeros((1, LARGEST), bool),
                 budget=0.1, inflation=1.0)  # fmt: skip
    tail = negative_binomial_tail(array(1.0), expected.a, expected.b, array(7.0))[0]
    assert found.z[0, 0] == 0.0  # one report alone says nothing
    assert found.z[0, 1] == pytest.approx(-math.log10(tail))
    assert found.window[0, 1] == 7


def test_an_outcome_is_judged_by_its_most_surprising_window_of_all() -> None:
    chance, n = np.random.default_rng(5), 300
    expected = baseline(DEFAULT_PRIOR, chance.integers(1, 6, n), chance.uniform(0, 300, n), np.ones(n), inflation=1.0,
                        phi=chance.uniform(1, 4, n))  # fmt: skip
    voices = np.cumsum(chance.integers(0, 2, (n, len(WINDOWS))), axis=1)
    held = np.cumsum(chance.uniform(1, 14, (n, len(WINDOWS))), axis=1)
    found = scan(expected, voices, held, np.zeros((n, LARGEST), bool), budget=0.1, inflation=1.0)
    a, b, phi = (part[:, None, None] for part in (expected.a, expected.b, expected.phi))
    exposure = held[:, :, None]
    of_all = -np.log10(negative_binomial_tail(
        voices[:, :, None] + np.arange(LARGEST, dtype=float), *dispersed(a, b, exposure, phi), exposure
    ))  # fmt: skip
    assert found.z == pytest.approx(of_all.max(axis=1), rel=1e-12)
    assert (found.window == np.array(WINDOWS)[of_all.argmax(axis=1)]).all()
    assert len(np.unique(found.window)) == len(WINDOWS)


def test_recurrence_is_the_inverse_chance_of_anything_as_surprising() -> None:
    found = given_scan(30, 0.05)
    z = float(found.cost.heights[4])
    assert found.recurrence_days(z) == pytest.approx(1 / found.chance[found.z >= z].sum(), rel=1e-6)


def test_with_a_known_baseline_both_arms_keep_their_budget() -> None:
    """400 series whose rates are drawn from the prior: false alerts a day stay under B within 3 standard errors."""
    chance, n, days, budget = np.random.default_rng(11), 400, 300, 0.5
    rates = chance.gamma(DEFAULT_PRIOR.a0, 1 / DEFAULT_PRIOR.b0, n)
    history = chance.poisson(rates[:, None] * np.ones(days))
    none, m, alerts = np.zeros((n, LARGEST), bool), np.zeros((n, len(esr.GROWTH))), np.zeros((2, days))
    for day in range(days):
        past = history[:, :day].sum(axis=1)
        expected = baseline(DEFAULT_PRIOR, past, np.full(n, float(day)), np.ones(n), inflation=1.0)
        windows = np.stack([history[:, max(0, day - w + 1) : day].sum(axis=1) for w in WINDOWS], axis=1)
        lengths = np.tile(np.minimum(np.array(WINDOWS, float), day + 1), (n, 1))
        bar = scan(expected, windows, lengths, none, budget=budget / 2, inflation=1.0)
        y = history[:, day]
        m, crossed = esr.spend(esr.grow(m, np.full(n, 1 / n), y, expected, phi=1.5), budget=budget / 2)
        alerts[:, day] = crossed.sum(), (bar.surprises(y) >= bar.bar).sum()
    error = math.sqrt(budget / 2 / days)
    assert (alerts.mean(axis=1) <= budget / 2 + 3 * error).all()
    assert alerts[1].sum() > 0.3 * days * budget / 2  # the budget is used, not hoarded


def scan_of_births(births: float, budget: float) -> Scan:
    nothing = np.zeros((0, len(WINDOWS)))
    live = baseline(DEFAULT_PRIOR, np.zeros(0, int), np.zeros(0), np.zeros(0), inflation=1.0)
    born = baseline(DEFAULT_PRIOR, np.ones(1, int), np.zeros(1), np.ones(1), inflation=1.0)
    return scan(live, nothing.astype(int), nothing, np.zeros((0, LARGEST), bool), budget=budget, inflation=1.0,
                newborn=born, births=births)  # fmt: skip


@pytest.mark.parametrize("births", [1.0, 40.0, 400.0])
def test_issues_that_will_be_born_today_cost_the_budget_as_often_as_they_are_predicted(births: float) -> None:
    found = scan_of_births(births, 0.3)
    y = np.arange(1.0, 60.0)
    chance = negative_binomial_mass(y, array(1.3), array(75.0), array(1.0))
    least = int(np.flatnonzero(found.newborn_z[0] >= found.bar)[0]) + 1  # voices after the founder that alert
    assert births * chance[least - 1 :].sum() <= 0.3
    assert births * chance[least - 2 :].sum() > 0.3 or least == 1


def test_the_surprise_of_a_newborn_is_the_tail_of_one_day() -> None:
    found = scan_of_births(40.0, 0.3)
    tail = negative_binomial_tail(array(2.0), array(1.3), array(75.0), array(1.0))[0]
    assert found.newborn_z[0, 1] == pytest.approx(-math.log10(tail))


def test_without_predicted_births_a_first_day_cannot_alert() -> None:
    assert scan_of_births(0.0, 0.3).newborn_z.max() == -math.inf


def test_an_established_series_is_never_held_for_more_even_than_phi() -> None:
    expected = baseline(Prior(0.3, 75.0), np.array([400]), np.array([200.0]), np.ones(1), inflation=1.0)  # φ 1
    grown = esr.grow(np.ones((1, len(esr.GROWTH))), np.zeros(1), np.array([6]), expected, phi=1.5)
    assert grown == pytest.approx(np.exp(esr.bunched_log_ratio(np.array([6.0]), expected.mu, phi=1.5)))
