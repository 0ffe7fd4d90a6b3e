"""Formulas of the benchmark's baselines by hand, its judging, and the budget kept on some stress worlds.

Sources: EARS C1 to C3, Hutwagner et al. 2003, Journal of Urban Health 80:i89; Farrington-flexible and the 42 scenarios,
Noufaily et al. 2013, Statistics in Medicine 32:1206; step-up rule, Benjamini and Hochberg 1995, Journal of the Royal
Statistical Society B 57:289.
"""

import doctest

import numpy as np
import pytest
from scipy import stats

from benchmarks import tables
from benchmarks.counts import ears, farrington, kept, negative_binomial, noufaily, ours, simple_rules, stresses, weekly
from benchmarks.counts.scoring import catches, false_alerts, shown, tuned
from benchmarks.counts.worlds import Outbreak, World, calendar, poisson_city, with_outbreaks
from benchmarks.recording import Table

WEEK = [1, 2, 3, 4, 5, 6, 7]  # mean 4, standard deviation √(28/6)


def test_c1_compares_with_the_seven_steps_before() -> None:
    assert ears.c1(np.array([[*WEEK, 11]]))[0, 7] == pytest.approx(7 / np.sqrt(28 / 6))


def test_c2_leaves_a_gap_of_two() -> None:
    assert ears.c2(np.array([[*WEEK, 90, 90, 11]]))[0, 9] == pytest.approx(7 / np.sqrt(28 / 6))


def test_c3_adds_what_c2_exceeds_one_by_over_three_steps() -> None:
    counts = np.array([[*WEEK, 9, 9, 11, 12, 3]])
    over = np.maximum(ears.c2(counts)[0, 9:] - 1.0, 0.0)
    filled = np.array([[0, 0, *WEEK, 9, 9, 11, 12, 3]])  # its third step has a past of its own
    assert ears.c3(filled)[0, -1] == pytest.approx(over.sum())
    assert over[-1] == 0.0


def test_a_series_at_rest_is_judged_by_the_least_deviation() -> None:
    assert ears.c1(np.array([[0] * 7 + [1]]))[0, 7] == pytest.approx(1 / ears.LEAST_DEVIATION)


def test_a_larger_least_deviation_weighs_the_first_report_less() -> None:
    assert ears.c2(np.array([[0] * 9 + [1]]), least=1.0)[0, 9] == 1.0


def test_a_step_without_a_past_has_no_score() -> None:
    assert np.isnan(ears.c2(np.ones((1, 12), int))[0, :9]).all()


def test_reports_of_the_last_days_are_counted_with_today() -> None:
    assert simple_rules.in_days(np.array([[1, 0, 2, 0, 1]]), 3)[0].tolist() == [1, 1, 3, 2, 3]


@pytest.mark.parametrize(
    ("days", "rings"),
    [((0, 3), True), ((0, 4), False), ((0, 20, 41), True), ((0, 20, 42), False), ((0, 4, 8), True)],
)
def test_the_plain_rule_rings_at_the_second_in_four_or_third_in_forty_two(days: tuple[int, ...], rings: bool) -> None:
    counts = np.zeros((1, 50), int)
    counts[0, list(days)] = 1
    assert bool(simple_rules.third_or_second(counts)[0, days[-1]]) == rings


def test_adjusted_p_values_are_those_of_benjamini_and_hochberg() -> None:
    p = np.array([0.01, 0.04, 0.03, 0.20])
    assert negative_binomial.adjusted(p, 4) == pytest.approx(stats.false_discovery_control(p))


def test_the_season_has_ten_steps_and_seven_weeks_like_now_in_each_year() -> None:
    weeks, level = farrington.season(600)
    assert set(level.tolist()) == set(range(10))
    assert weeks.max() == 600 - 26 - 1
    assert sorted(600 - weeks[level == 0])[:7] == [49, 50, 51, 52, 53, 54, 55]


def test_a_constant_series_is_predicted_at_its_level() -> None:
    fit = farrington.predict(np.full((1, 624), 9), 600)
    assert fit.mean[0] == pytest.approx(9.0, rel=1e-3)
    assert fit.dispersion[0] == 1.0


def test_a_series_that_grows_evenly_is_predicted_along_its_trend() -> None:
    growing = np.round(1000 * np.exp(0.002 * np.arange(624))).astype(int)[None, :]
    growing[0, 520] = 10**6  # else the trend would lead beyond the largest count of the past, and be dropped
    assert farrington.predict(growing, 600).mean[0] == pytest.approx(growing[0, 600], rel=0.05)


def test_a_past_outbreak_is_weighed_down() -> None:
    counts = np.random.default_rng(1).poisson(20, (1, 624))
    counts[0, 450:456] = 300
    assert farrington.predict(counts, 600).mean[0] == pytest.approx(20, rel=0.15)


def test_exceedance_is_the_tail_of_the_negative_binomial() -> None:
    fit = farrington.Fit(np.array([6.0, 6.0]), np.array([3.0, 1.0]))
    found = farrington.exceedance(np.array([10.0, 10.0]), fit)
    assert found == pytest.approx([stats.nbinom.sf(9, 3.0, 1 / 3), stats.poisson.sf(9, 6.0)])


def test_the_means_of_a_scenario_are_the_published_formula() -> None:
    t, angle = 7, 2 * np.pi * 7 / 52
    by_hand = np.exp(1.5 + 0.003 * t + 0.2 * np.cos(angle) - 0.4 * np.sin(angle))
    assert noufaily.means(2, trend=True, harmonics=1)[t - 1] == pytest.approx(by_hand)


def test_there_are_forty_two_scenarios_each_with_an_outbreak_in_its_last_weeks() -> None:
    given = noufaily.scenarios(3, replicates=1)
    assert given.counts.shape == (42, 624)
    assert given.is_outbreak.any(axis=1).all()


def outbreak_in(weeks: list[int]) -> noufaily.Scenarios:
    is_outbreak = np.zeros((2, noufaily.LAST), bool)
    is_outbreak[:, weeks] = True
    return noufaily.Scenarios(np.zeros((2, noufaily.WEEKS), int), is_outbreak, np.zeros(2, bool), np.zeros(2, int))


def test_delay_is_counted_in_weeks_from_the_first_of_the_outbreak_to_an_alarm_inside_it() -> None:
    given, alarms = outbreak_in([10, 11, 13]), np.zeros((2, noufaily.LAST), bool)
    assert np.isnan(noufaily.delay_weeks(alarms, given))
    alarms[0, [9, 12, 13]] = True  # before it, between its weeks, in it; the other series never
    assert noufaily.delay_weeks(alarms, given) == 3.0


def test_the_plain_rule_by_the_week_rings_at_the_second_in_one_or_third_in_six() -> None:
    counts = np.array([[1, 0, 1, 0, 0, 1, 1, 0, 2]])
    assert weekly.third_or_second(counts)[0].tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]


def test_what_is_lost_on_weekly_series_is_said_in_the_numbers_of_the_table() -> None:
    columns = ("method", *map(str, range(6)))
    equal = Table("", columns, (("Jianwei", 0.1, 0.2, 0.31, 0.4, 0.5, 0.6), ("A", *[0.9] * 2, 0.5, *[0.9] * 3),
                                ("B", *[0.8] * 2, 0.7, *[0.8] * 3)))  # fmt: skip
    assert "it detects 0.31, B 0.70." in weekly.what_is_lost(equal, 7.0)


def test_priors_are_refitted_every_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    world, days = poisson_city(6, n_series=50, n_days=300), []
    fit = ours._prior
    monkeypatch.setattr(ours, "_prior", lambda past, t: (days.append(t), fit(past, t))[1])
    ours.watch(world, budget=1.0)
    mondays = [t for t, day in enumerate(calendar(300)) if day.weekday() == 0]
    assert days == [t for t in mondays if t >= world.scored - ours.WARM_UP_DAYS]


def quiet_world() -> World:
    counts = np.zeros((2, 100), np.int64)
    counts[0, [60, 70, 71]] = 1, 2, 3
    return World("two", counts, 50, (Outbreak(0, "spike", 70, 71, (2, 3)),))


def test_an_alert_on_an_outbreaks_days_is_no_false_one_and_its_delay_is_counted() -> None:
    world = quiet_world()
    alerts = np.zeros((2, 100), bool)
    alerts[0, [60, 71]] = True
    assert false_alerts(alerts, world) == 1
    assert [(c.size, c.delay_days, c.delay_reports) for c in catches(alerts, world)] == [(5, 1, 5)]


def test_a_series_is_shown_again_only_at_twice_its_reports() -> None:
    world = quiet_world()
    alerts = shown((world.counts > 0).astype(float), 1.0, world)
    assert np.flatnonzero(alerts[0]).tolist() == [60, 70, 71]  # 1, 3 ≥ 2 · 1, 6 ≥ 2 · 3
    world.counts[0, 71] = 2
    assert np.flatnonzero(shown((world.counts > 0).astype(float), 1.0, world)[0]).tolist() == [60, 70]


def test_a_tuned_threshold_keeps_the_budget_and_the_next_lower_one_does_not() -> None:
    world = poisson_city(5, n_series=200, n_days=300)
    score = simple_rules.in_days(world.counts, 7)
    found = tuned([score], [world], budget=0.5)
    assert false_alerts(shown(score, found, world), world) <= 0.5 * world.n_scored
    assert false_alerts(shown(score, found - 1, world), world) > 0.5 * world.n_scored


def test_planted_outbreaks_add_exactly_their_reports() -> None:
    world = poisson_city(5, n_series=200, n_days=400)
    planted = with_outbreaks(world, 5, n_outbreaks=32)
    assert (planted.counts - world.counts).sum() == sum(sum(each.daily) for each in planted.outbreaks)
    assert {sum(each.daily) for each in planted.outbreaks} == {4, 6, 8, 13, 20, 40, 80, 200}


def test_the_future_changes_no_alert() -> None:
    world = with_outbreaks(poisson_city(6, n_series=300, n_days=300), 6, n_outbreaks=16)
    cut = World(world.name, world.counts[:, :230], world.scored)
    assert (ours.watch(world, budget=1.0).shown[:, :230] == ours.watch(cut, budget=1.0).shown).all()


def test_no_alert_is_shown_on_a_day_without_a_report() -> None:
    world = with_outbreaks(poisson_city(6, n_series=300, n_days=400), 6, n_outbreaks=16)
    shown_on = ours.watch(world, budget=1.0).shown
    assert shown_on.any()
    assert not (shown_on & (world.counts == 0)).any()


@pytest.mark.slow
@pytest.mark.parametrize("stress", [stresses.births, stresses.holidays, stresses.overdispersed(3.0, dense_only=False)])
def test_the_budget_is_kept_on_stress_worlds(stress: kept.Stress) -> None:
    found = kept.realized(stress, range(2))
    n = found.budget * 120 * 2  # alerts promised at most; two standard errors of a Poisson number above it
    assert 0 < found.mean <= 1 + 2 / np.sqrt(n)


def test_a_detector_that_overspends_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "SETTINGS", ours.SETTINGS.model_copy(update={"inflation": 0.4}))
    found = kept.realized(stresses.holidays, range(1))
    assert found.mean > 1 + 2 / np.sqrt(found.budget * 120)


def test_examples_of_the_page_maker_give_what_they_show() -> None:
    found = doctest.testmod(tables)
    assert found.attempted > 0
    assert found.failed == 0
