"""The bar: what it costs by hand, that holders pay once, and that what it promises holds when series are nested."""

import numpy as np
import pytest

from signals.detector.bar import paid_by_holders, set_bar
from signals.detector.baseline import DEFAULT_PRIOR, baseline
from signals.detector.window_scan import LARGEST, WINDOWS, Scan, scan

NEVER = -np.inf


def array(*values: float) -> np.ndarray:
    return np.array(values, float)


def test_the_bar_is_the_lowest_whose_outcomes_cost_no_more_than_the_budget() -> None:
    found = set_bar(array(3, 1, 2), array(NEVER, NEVER, NEVER), array(0.1, 0.4, 0.2), budget=0.35)
    assert found.height == 2.0
    assert found.heights.tolist() == [3.0, 2.0, 1.0]
    assert found.costs.tolist() == pytest.approx([0.1, 0.3, 0.7])
    assert found.recurrence_days(2.5) == pytest.approx(10.0)
    assert found.recurrence_days(2.0) == pytest.approx(1 / 0.3)


def test_equal_outcomes_are_paid_for_together_or_not_at_all() -> None:
    assert set_bar(array(2, 2), array(NEVER, NEVER), array(0.2, 0.2), budget=0.3).height == np.inf
    assert set_bar(array(2, 2), array(NEVER, NEVER), array(0.2, 0.2), budget=0.4).height == 2.0


def test_an_outcome_costs_only_while_no_holder_would_alert() -> None:
    # firm: z 3, .1, its holder takes over from 1 on, with .4 of its own: at bar 1 .4 is paid, not .5
    found = set_bar(array(3, 1), array(1, NEVER), array(0.1, 0.4), budget=0.45)
    assert (found.height, found.costs.tolist()) == (1.0, pytest.approx([0.1, 0.4]))


def test_what_its_holder_says_louder_costs_nothing() -> None:
    found = set_bar(array(3, 1), array(NEVER, 2), array(0.1, 0.4), budget=0.1)
    assert (found.height, found.heights.tolist()) == (3.0, [3.0])


def test_a_holder_that_pays_less_than_it_takes_over_makes_no_higher_bar_dearer_than_a_lower_one() -> None:
    found = set_bar(array(3, 1), array(1, NEVER), array(0.4, 0.1), budget=0.2)
    assert found.height == np.inf
    assert found.costs.tolist() == pytest.approx([0.4, 0.4])


def test_nothing_to_alert_leaves_no_bar() -> None:
    found = set_bar(array(0, -1), array(NEVER, NEVER), array(0.1, 0.1), budget=1.0)
    assert (found.height, len(found.heights)) == (np.inf, 0)
    assert found.recurrence_days(5.0) > 1e200


def test_holders_of_holders_take_over_too_and_only_where_all_larger_outcomes_alert() -> None:
    z = np.array([[1.0, 2.0, NEVER], [0.5, 3.0, 4.0], [5.0, 6.0, 7.0], [1.0, 1.0, 1.0]])
    outcomes = np.tile(np.arange(1, 4), (4, 1))
    held = paid_by_holders(z, outcomes, np.array([-1, 0, 1, -1]))
    assert held[1].tolist() == [NEVER] * 3  # the holder cannot alert at three or more: nobody knows how many it gets
    assert held[2].tolist() == [0.5, 3.0, 4.0]
    assert held[[0, 3]].tolist() == [[NEVER] * 3] * 2
    z[0] = [1.0, 2.0, 5.0]  # now the outermost can alert at any number
    assert paid_by_holders(z, outcomes, np.array([-1, 0, 1, -1]))[2].tolist() == [1.0, 3.0, 5.0]


def nested(within: bool, budget: float, seed: int = 3, n: int = 300) -> tuple[Scan, np.ndarray, np.ndarray]:
    """A scan of n series and of n parts of them, half the voices each; shapes and rates of the whole."""
    chance = np.random.default_rng(seed)
    a = chance.integers(1, 6, n).astype(float)
    expected = baseline(DEFAULT_PRIOR, np.tile(a, 2), np.tile(np.full(n, 60.0), 2), np.ones(2 * n), inflation=1.0)
    expected.b[n:] *= 2.0  # a part of a half: the same shape, half the mean
    voices = np.cumsum(chance.integers(0, 2, (n, len(WINDOWS))), axis=1)
    held = np.concatenate([np.full(n, -1), np.arange(n)]) if within else None
    found = scan(expected, np.tile(voices, (2, 1)), np.tile(array(*WINDOWS), (2 * n, 1)),
                 np.zeros((2 * n, LARGEST), bool), budget=budget, inflation=1.0, within=held)  # fmt: skip
    return found, expected.a[:n], expected.b[:n]


@pytest.mark.parametrize("budget", [0.1, 0.5, 2.0])
def test_nested_series_keep_the_budget_of_alerts_and_get_a_lower_bar_for_it(budget: float) -> None:
    found, a, b = nested(True, budget)
    assert found.bar <= nested(False, budget)[0].bar
    chance, n_days = np.random.default_rng(8), 4000
    whole = chance.poisson(chance.gamma(a, 1 / b, (n_days, len(a))))
    part = chance.binomial(whole, 0.5)
    surprises = np.array([found.surprises(y) for y in np.concatenate([whole, part], axis=1)])
    reach = surprises >= found.bar
    alerts = reach[:, : len(a)] | reach[:, len(a) :]
    realized = alerts.sum() / n_days
    assert realized <= budget + 3 * np.sqrt(budget / n_days)
    assert realized > 0.6 * budget  # paid for once, not twice


def test_followers_of_a_newborn_that_are_too_few_to_show_cost_nothing() -> None:
    nothing = np.zeros((0, len(WINDOWS)))
    live = baseline(DEFAULT_PRIOR, np.zeros(0, int), np.zeros(0), np.zeros(0), inflation=1.0)
    born = baseline(DEFAULT_PRIOR, np.ones(1, int), np.zeros(1), np.ones(1), inflation=1.0)
    hidden = np.arange(1, LARGEST + 1)[None, :] < 2
    found = scan(live, nothing.astype(int), nothing, np.zeros((0, LARGEST), bool), budget=0.3, inflation=1.0,
                 newborn=born, births=400.0, newborn_hidden=hidden)  # fmt: skip
    assert found.newborn_z[0, 0] == NEVER
    assert found.bar <= found.newborn_z[0, 1]  # two followers, which 400 births pay for
