"""The scan over sets of places: sums by hand, the best of all subsets, nothing in nothing, what is planted."""

from itertools import combinations

import numpy as np
import pytest

from signals.detector.hot_spots import hot_spot, score


def best_of_all_subsets(observed: np.ndarray, expected: np.ndarray) -> float:
    """The highest score of any set of places in any window, each tried."""
    n_windows, n_places = observed.shape
    sets = [list(c) for size in range(1, n_places + 1) for c in combinations(range(n_places), size)]
    scores = [score(observed[w, s].sum(), expected[w, s].sum()) for w in range(n_windows) for s in sets]
    return float(max(scores))


@pytest.mark.parametrize(
    ("observed", "expected", "value"),
    [
        (5, 2.0, 1.5815),  # 5 ln 2.5 + 2 − 5 = 5 · 0.91629 − 3
        (3, 0.1, 7.3036),  # 3 ln 30 + 0.1 − 3 = 3 · 3.40120 − 2.9
        (1, 0.5, 0.1931),  # ln 2 − 0.5
        (20, 10.0, 3.8629),  # 20 ln 2 − 10 = 20 · 0.69315 − 10
        (2, 2.0, 0.0),
        (1, 2.0, 0.0),
        (0, 2.0, 0.0),
    ],
)
def test_the_score_is_c_times_ln_c_over_b_plus_b_minus_c_and_nought_up_to_the_expected(
    observed: int, expected: float, value: float
) -> None:
    """Neill 2009 and 2012, the expectation-based Poisson statistic, worked by hand."""
    assert float(score(np.array(float(observed)), np.array(expected))) == pytest.approx(value, abs=5e-5)


@pytest.mark.parametrize("seed", range(60))
def test_no_subset_of_places_scores_higher_than_the_one_found_in_linear_time(seed: int) -> None:
    chance = np.random.default_rng(seed)
    shape = (int(chance.integers(1, 4)), int(chance.integers(1, 8)))
    expected = chance.choice([0.01, 0.2, 0.5, 1.0, 3.0], shape)  # few values, so that ratios tie
    observed = chance.poisson(expected * chance.choice([1.0, 1.0, 4.0], shape))
    found = hot_spot(observed, expected)
    best = best_of_all_subsets(observed, expected)
    assert (found.score if found else 0.0) == pytest.approx(best)
    if found:
        assert found.observed == observed[found.window, found.places].sum()
        assert found.expected == pytest.approx(expected[found.window, found.places].sum())


def test_a_populous_place_is_not_hot_because_it_is_populous() -> None:
    found = hot_spot(np.array([[10, 3]]), np.array([[10.0, 0.5]]))
    assert found is not None
    assert found.places.tolist() == [1]


def test_the_planted_places_and_their_window_are_found() -> None:
    expected = np.array([[0.5] * 6, [1.0] * 6])
    observed = np.array([[0, 4, 0, 5, 1, 0], [1, 4, 1, 5, 1, 1]])
    found = hot_spot(observed, expected)
    assert found is not None
    assert (found.window, sorted(found.places.tolist()), found.observed) == (0, [1, 3], 9)


def test_a_slow_rise_is_found_in_the_longer_window() -> None:
    found = hot_spot(np.array([[2, 0], [9, 1]]), np.array([[1.0, 1.0], [2.0, 2.0]]))
    assert found is not None
    assert (found.window, found.places.tolist()) == (1, [0])


@pytest.mark.parametrize("observed", [[[0, 0, 0]], [[1, 0, 2]], [[1, 1, 2]]])
def test_where_nothing_exceeds_what_is_expected_there_is_no_hot_spot(observed: list[list[int]]) -> None:
    assert hot_spot(np.array(observed), np.array([[1.0, 1.0, 2.0]])) is None


def test_without_a_place_there_is_no_hot_spot() -> None:
    assert hot_spot(np.empty((4, 0), np.int64), np.empty((4, 0))) is None


def test_a_place_without_voices_changes_nothing() -> None:
    alone = hot_spot(np.array([[3]]), np.array([[0.2]]))
    among = hot_spot(np.array([[0, 3, 0]]), np.array([[0.1, 0.2, 5.0]]))
    assert alone is not None
    assert among is not None
    assert (alone.observed, alone.score, among.places.tolist()) == (among.observed, among.score, [1])


def test_where_nothing_rises_no_place_is_in_the_spot_more_often_than_another() -> None:
    chance, hits = np.random.default_rng(1), np.zeros(4)
    for _ in range(2000):
        found = hot_spot(chance.poisson(2.0, (1, 4)), np.full((1, 4), 2.0))
        if found:
            hits[found.places] += 1
    assert hits.min() > 0.85 * hits.max()


def test_a_place_where_nothing_can_be_expected_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 0 voices"):
        hot_spot(np.array([[1]]), np.array([[0.0]]))
