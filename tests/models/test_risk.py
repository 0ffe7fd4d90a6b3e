"""Weights fitted on invented outcomes, and how good their chances are reckoned by hand."""

import math
from itertools import product

import numpy as np
import pytest

from models.risk import auc, fit_risk, is_enough, is_worth, measured, quality_of
from signals.records import Factor
from signals.risk import BOUNDS
from signals.store.escalations import Examples

NAMES = ("不同诉求人", "超期未办", "按时实质答复")


def outcomes(n: int, weights: tuple[float, ...], *, base: float = -1.0, seed: int = 3, a_row: int = 1) -> Examples:
    """n issues of a_row days each, whose chance is logistic in their points in tens."""
    chance = np.random.default_rng(seed)
    points = np.column_stack([chance.uniform(0, 26, n), chance.uniform(0, 24, n), -10.0 * (chance.random(n) < 0.4)])
    odds = base + points @ np.array(weights) / 10
    escalated = chance.random(n) < 1 / (1 + np.exp(-odds))
    rows = np.repeat(np.arange(n), a_row)
    return Examples(rows + 1, NAMES, points[rows], escalated[rows], np.array(["440703", ""] * n)[rows],
                    np.array(["hotline"] * n)[rows])  # fmt: skip


def told(chances: list[float], escalated: list[int], areas: list[str] | None = None) -> tuple[np.ndarray, Examples]:
    n = len(chances)
    points = np.array(chances)[::-1, None]  # the points rank the other way round
    return np.array(chances), Examples(np.arange(n), ("不同诉求人",), points, np.array(escalated, bool),
                                       np.array(areas or [""] * n), np.array([""] * n))  # fmt: skip


def test_weights_are_those_the_outcomes_were_drawn_with() -> None:
    model = fit_risk(outcomes(20_000, (1.2, 0.6, 0.9)), "1")
    assert model.base == pytest.approx(-1.0, abs=0.1)
    assert [model.weights[name] for name in NAMES] == pytest.approx([1.2, 0.6, 0.9], abs=0.1)
    assert model.version == "1"


def test_a_weight_that_would_be_below_zero_is_zero_and_the_others_make_up_for_it() -> None:
    model = fit_risk(outcomes(5_000, (1.0, -0.8, 0.5)), "1")
    assert model.weights["超期未办"] == 0
    assert all(weight >= 0 for weight in model.weights.values())
    assert model.weights["不同诉求人"] > 0.7


def test_it_is_the_maximum_of_the_penalised_likelihood() -> None:
    examples = outcomes(300, (1.2, 0.6, 0.9))
    model = fit_risk(examples, "1")

    def penalised(base: float, weights: tuple[float, ...]) -> float:
        total = -sum(w * w for w in weights) / 2  # a normal prior of standard deviation 1
        for points, escalated in zip(examples.points.tolist(), examples.escalated.tolist(), strict=True):
            odds = base + sum(w * p / 10 for w, p in zip(weights, points, strict=True))
            total += (odds if escalated else 0.0) - math.log1p(math.exp(odds))
        return total

    best = tuple(model.weights[name] for name in NAMES)
    for step in product((-0.02, 0.0, 0.02), repeat=4):
        other = penalised(model.base + step[0], tuple(w + s for w, s in zip(best, step[1:], strict=True)))
        assert other <= penalised(model.base, best) + 1e-4


def test_what_only_keeps_the_sum_in_bounds_is_no_input() -> None:
    examples = outcomes(400, (1.0, 0.5, 0.5))
    more = Examples(examples.issues, (*NAMES, BOUNDS), np.column_stack([examples.points, examples.escalated * -20.0]),
                    examples.escalated, examples.areas, examples.sources)  # fmt: skip
    assert fit_risk(more, "1") == fit_risk(examples, "1")


def test_chances_rise_with_what_the_outcomes_rose_with() -> None:
    model = fit_risk(outcomes(2_000, (1.2, 0.6, 0.9)), "1")
    few, many = (model.of([Factor("不同诉求人", points, "")]) for points in (7.0, 21.0))
    assert 0 < few < many < 1


def test_issues_are_left_out_whole() -> None:
    """Forty days of each of sixty issues that ended by nothing but luck: who had seen an issue would know its end."""
    chance = np.random.default_rng(1)
    points, ended = chance.uniform(0, 26, (60, 30)), chance.random(60) < 0.5
    rows = np.repeat(np.arange(60), 40)
    empty = np.array([""] * len(rows))
    luck = Examples(rows, tuple(f"因素{i:02}" for i in range(30)), points[rows], ended[rows], empty, empty)
    assert quality_of(luck).brier_skill < 0  # type: ignore[operator]
    assert quality_of(outcomes(2_000, (2.0, 1.0, 1.0), base=-3.0)).brier_skill > 0.2  # type: ignore[operator]


def test_auc_is_the_share_of_pairs_in_order_ties_half() -> None:
    scores, positive = np.array([3.0, 1.0, 2.0, 2.0, 5.0]), np.array([True, False, True, False, False])
    pairs = [(a, b) for a, p in zip(scores, positive, strict=True) for b, q in zip(scores, positive, strict=True)
             if p and not q]  # fmt: skip
    assert auc(scores, positive) == sum((a > b) + 0.5 * (a == b) for a, b in pairs) / len(pairs)
    assert auc(scores, np.zeros(5, bool)) is None


def test_figures_by_hand() -> None:
    quality = measured(*told([0.9, 0.8, 0.2, 0.1], [1, 0, 1, 0]))
    assert (quality.n, quality.share, quality.auc, quality.points_auc) == (4, 0.5, 0.75, 0.25)
    assert quality.average_precision == pytest.approx((1 / 1 + 2 / 3) / 2)
    assert quality.recall == 0.5  # one of two is among the highest 12 % of four, which is one
    assert quality.brier_skill == pytest.approx(1 - (0.1**2 + 0.8**2 + 0.8**2 + 0.1**2) / 4 / 0.25)
    assert quality.ece == pytest.approx((0.1 + 0.8 + 0.8 + 0.1) / 4)
    assert [(one.n, one.said, one.seen) for one in quality.bins] == [
        (1, 0.1, 0.0), (1, 0.2, 1.0), (1, 0.8, 0.0), (1, 0.9, 1.0),
    ]  # fmt: skip


def test_bins_are_tenths_of_the_examples_and_hold_where_chances_hold() -> None:
    quality = measured(*told([0.3] * 50 + [0.7] * 50, [1] * 15 + [0] * 35 + [1] * 35 + [0] * 15))
    assert [one.n for one in quality.bins] == [10] * 10
    assert sum(one.n * one.seen for one in quality.bins) == pytest.approx(50)


def test_gaps_are_told_of_groups_that_are_large_enough() -> None:
    areas = ["440703"] * 50 + ["440704"] * 49 + [""] * 60
    quality = measured(*told([0.5] * 159, [1] * 20 + [0] * 139, areas))
    assert quality.gaps == {"440703": pytest.approx(0.5 - 20 / 50)}


def test_where_all_ended_alike_nothing_is_better_than_saying_so() -> None:
    quality = measured(*told([0.2, 0.4], [0, 0]))
    assert (quality.brier_skill, quality.recall, quality.average_precision) == (None, None, None)
    assert not is_worth(quality)


def test_enough_are_two_hundred_issues_of_which_forty_escalated() -> None:
    issues = np.repeat(np.arange(200), 2)
    escalated = issues < 40

    def examples(rows: np.ndarray) -> Examples:
        empty = np.array([""] * len(rows))
        return Examples(issues[rows], (), np.zeros((len(rows), 0)), escalated[rows], empty, empty)

    assert is_enough(examples(np.arange(400)))
    assert not is_enough(examples(np.arange(2, 400)))
    assert not is_enough(examples(np.arange(398)))
