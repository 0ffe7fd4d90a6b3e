"""The range that two weeks of an issue usually keep to."""

import numpy as np
import pytest
from scipy import stats

from signals.series import PHI
from signals.usual import usual_range


def test_the_range_holds_the_middle_nine_tenths_of_the_negative_binomial() -> None:
    """Against scipy's own quantiles: mean m, variance PHI·(m + m²/a)."""
    rate, past = np.array([0.0003, 0.005, 0.02, 0.5, 0.5, 3.0]), np.array([1, 1, 1, 40, 400, 900])
    exposure = np.array([14.0, 14.0, 9.5, 14.0, 14.0, 20.0])
    mean = rate * exposure * 1.2
    variance = PHI * (mean + mean**2 / past)
    shape = mean**2 / (variance - mean)
    usual = usual_range(rate, past, exposure, inflation=1.2)
    assert usual.low.tolist() == stats.nbinom.ppf(0.05, shape, mean / variance).tolist()
    assert usual.high.tolist() == stats.nbinom.ppf(0.95, shape, mean / variance).tolist()


def test_the_range_of_one_issue_worked_out_by_hand() -> None:
    """Mean .24 and variance .4464 make P(Y ≥ 1) = .159 and P(Y ≥ 2) = .051, so two are usual and three are not."""
    mean, variance = 0.24, 1.5 * (0.24 + 0.24**2)
    shape, p = mean**2 / (variance - mean), mean / variance
    none, one = p**shape, shape * (1 - p) * p**shape
    assert (round(1 - none, 3), round(1 - none - one, 3)) == (0.159, 0.051)
    usual = usual_range(np.array([0.02]), np.array([1]), np.array([10.0]), inflation=1.2)
    assert (usual.low.tolist(), usual.high.tolist()) == ([0], [2])


@pytest.mark.filterwarnings("error")
def test_where_nothing_is_expected_or_can_be_heard_nobody_is_usual() -> None:
    usual = usual_range(np.array([0.0, 0.3]), np.array([3, 3]), np.array([14.0, 0.0]), inflation=1.2)
    assert (usual.low.tolist(), usual.high.tolist()) == ([0, 0], [0, 0])


@pytest.mark.parametrize("more", [1, 4])
def test_more_past_at_the_same_rate_makes_the_range_no_wider(more: int) -> None:
    few = usual_range(np.array([0.3]), np.array([2]), np.array([14.0]), inflation=1.2)
    many = usual_range(np.array([0.3]), np.array([2 * (1 + more)]), np.array([14.0]), inflation=1.2)
    assert many.high[0] < few.high[0]
    assert many.low[0] >= few.low[0]
