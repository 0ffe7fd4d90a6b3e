"""Voices in bunches: φ measured by hand and by simulation, the laws that use it, and e-values that keep their mean.

The moment estimate is derived in `signals.detector.dispersion`; NB1, whose variance is φ times its mean, is that of
Cameron and Trivedi 1986, Journal of Applied Econometrics 1:29.
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy import stats

from signals.detector import shiryaev_roberts as esr
from signals.detector.baseline import DEFAULT_PRIOR, Prior, baseline, dispersed, with_bunches
from signals.detector.dispersion import KIND_VOICES, LARGEST, OWN_VOICES, dispersion, same_day_pairs
from signals.detector.window_scan import LARGEST as MOST_VOICES
from signals.detector.window_scan import WINDOWS, scan
from signals.history import History, history
from signals.memory import SOURCES, Memory
from signals.series import expect
from signals.settings import DetectorSettings
from tests.engine.voices import N_SOURCES, START, at, city

Counts = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
SPARSE, DENSE = 0.01, 0.2  # voices a day
SHARES = (0.0, 0.1, 0.25, 0.5, 1.0)  # of φ − 1 that is true


def array(*values: float) -> Floats:
    return np.array(values, float)


def phi_of(counts: Counts, mu: float, *, inflation: float = 1.0) -> Floats:
    """φ of series from their counts (n, days), all expecting mu a day."""
    n, days = counts.shape
    pairs = (counts * (counts - 1)).sum(axis=1)
    return dispersion(np.full(n, mu), counts.sum(axis=1), pairs, np.full(n, float(days)), inflation=inflation)[0]


def bunches(chance: np.random.Generator, mean: float, phi: float, shape: tuple[int, int]) -> Counts:
    """NB1 days: mean `mean`, variance φ · mean."""
    return chance.negative_binomial(mean / (phi - 1.0), 1.0 / phi, shape)


def test_phi_is_pairs_beyond_chance_over_voices_drawn_to_its_kind() -> None:
    # days of 2, 1, 1 voices out of 10: 2 pairs, 4 · 3 / 10 by chance, weight 4 · .9
    kind = (2 - 1.2) / (3.6 + KIND_VOICES)
    own = (2 - 1.2 + OWN_VOICES * kind) / (3.6 + OWN_VOICES)
    found, sparse = dispersion(array(SPARSE), np.array([4]), np.array([2]), array(10.0), inflation=1.25)
    assert found[0] == pytest.approx(1 + 1.25 * own)
    assert sparse == pytest.approx(1 + 1.25 * kind)


def test_pairs_are_counted_within_a_series_and_a_day() -> None:
    series, days = np.array([0, 0, 0, 2, 2, 2]), np.array([5, 5, 6, 5, 5, 5])
    assert same_day_pairs(series, days, 4).tolist() == [2, 0, 6, 0]


@pytest.mark.parametrize("mu", [SPARSE, DENSE])
@pytest.mark.parametrize("phi", [1.5, 2.0, 3.0])
def test_the_phi_of_days_in_bunches_is_recovered(mu: float, phi: float) -> None:
    counts = bunches(np.random.default_rng(3), mu, phi, (2000, 364))
    assert phi_of(counts, mu).mean() == pytest.approx(phi, rel=0.06)


@pytest.mark.parametrize("mu", [SPARSE, DENSE])
def test_where_nothing_comes_in_bunches_phi_is_nearly_one(mu: float) -> None:
    found = phi_of(np.random.default_rng(4).poisson(mu, (2000, 364)), mu)
    assert 1.0 <= found.mean() < 1.05


def test_a_series_of_many_voices_is_believed_over_its_kind() -> None:
    chance = np.random.default_rng(5)
    even, odd = chance.poisson(2.0, (200, 364)), bunches(chance, 2.0, 4.0, (1, 364))
    found = phi_of(np.concatenate([even, odd]), 2.0)
    assert found[:-1].mean() < 1.1
    assert found[-1] > 3.0


def test_sparse_and_dense_series_are_two_kinds() -> None:
    chance = np.random.default_rng(6)
    counts = np.concatenate([chance.poisson(SPARSE, (500, 364)), bunches(chance, DENSE, 3.0, (500, 364))])
    pairs, mu = (counts * (counts - 1)).sum(axis=1), np.repeat([SPARSE, DENSE], 500)
    found, sparse = dispersion(mu, counts.sum(axis=1), pairs, np.full(1000, 364.0), inflation=1.0)
    assert found[500:].mean() > 2.5 > 1.1 > found[:500].mean()
    assert sparse < 1.1


@pytest.mark.parametrize("effective", [1.0, 1.0 + 1e-9, 364.0])
@pytest.mark.parametrize("voices", [0, 1, 40, 10**6])
def test_phi_stays_between_one_and_its_largest(voices: int, effective: float) -> None:
    one_day = np.array([voices * (voices - 1)])  # all on one day
    found, sparse = dispersion(array(SPARSE), np.array([voices]), one_day, array(effective), inflation=1.2)
    assert 1.0 <= found[0] <= LARGEST
    assert 1.0 <= sparse <= LARGEST


def test_without_series_nothing_comes_in_bunches() -> None:
    none = np.zeros(0, np.int64)
    found, sparse = dispersion(np.zeros(0), none, none, np.zeros(0), inflation=1.2)
    assert (found.tolist(), sparse) == ([], 1.0)


@pytest.mark.parametrize("phi", [1.0, 1.5, 10.0])
@pytest.mark.parametrize("a", [0.3, 2.0, 500.0])
def test_the_matched_law_has_the_mean_and_the_variance_of_bunches_at_an_unsure_rate(a: float, phi: float) -> None:
    b, exposure = 90.0, 3.0
    mean = a / b * exposure
    shape, rate = dispersed(array(a), array(b), array(exposure), array(phi))
    known = stats.nbinom(shape[0], rate[0] / (rate[0] + exposure))
    assert known.mean() == pytest.approx(mean)
    assert known.var() == pytest.approx(phi * (mean + mean**2 / a))


def test_where_nothing_can_be_heard_the_law_is_left_as_it_was() -> None:
    assert [part.tolist() for part in dispersed(array(1.3), array(75.0), array(0.0), array(2.0))] == [[1.3], [75.0]]


def test_without_bunches_the_law_is_left_as_it_was() -> None:
    assert [part.tolist() for part in dispersed(array(1.3), array(75.0), array(2.0), array(1.0))] == [[1.3], [75.0]]


def test_at_a_known_rate_the_matched_law_is_negative_binomial_of_the_first_kind() -> None:
    a, mean, phi = 1e12, 0.4, 2.5  # NB1: shape μ / (φ − 1), success 1 / φ
    shape, rate = dispersed(array(a), array(a / mean), array(1.0), array(phi))
    assert shape[0] == pytest.approx(mean / (phi - 1), rel=1e-6)
    assert rate[0] / (rate[0] + 1.0) == pytest.approx(1 / phi, rel=1e-6)


@pytest.mark.parametrize("phi", [1.2, 2.0, 5.0])
def test_followers_on_the_first_day_are_those_of_a_logarithmic_distribution(phi: float) -> None:
    plain = baseline(Prior(0.3, 75.0), np.array([1]), array(0.0), array(1.0), inflation=1.0)
    more = stats.logser(1 - 1 / phi).mean() - 1  # an NB1 day that is not empty, of a tiny rate, less its founder
    assert with_bunches(plain, phi).mu[0] == pytest.approx(plain.mu[0] + more)


def test_newborns_without_bunches_are_left_as_they_were() -> None:
    plain = baseline(Prior(0.3, 75.0), np.array([1]), array(0.0), array(1.0), inflation=1.2)
    same = with_bunches(plain, 1.0)
    assert (same.mu[0], same.b[0]) == (pytest.approx(plain.mu[0]), pytest.approx(plain.b[0]))


def chance_of(y: Floats, a: float, b: float, exposure: float, phi: float) -> Floats:
    """P(Y = y) where λ ~ Γ(a, b) and Y is NB1 of mean λ · exposure (Poisson for φ = 1), by quadrature over λ."""
    edges = np.concatenate([np.linspace(0, 0.99, 300), 1 - np.logspace(-2, -10, 300)[1:], [1.0]])
    mean = np.maximum(stats.gamma(a, scale=1 / b).ppf((edges[1:] + edges[:-1]) / 2), 1e-12)[:, None] * exposure
    law = stats.poisson(mean) if phi == 1.0 else stats.nbinom(mean / (phi - 1.0), 1.0 / phi)
    return np.asarray((np.diff(edges)[:, None] * law.pmf(y)).sum(axis=0))


@pytest.mark.parametrize("phi", [1.0, 1.5, 3.0, LARGEST])
@pytest.mark.parametrize(("a", "b"), [(1.3, 75.0), (1.3, 439.0), (10.3, 439.0)])
def test_the_sparse_e_value_keeps_its_mean_at_an_unsure_rate_in_bunches(a: float, b: float, phi: float) -> None:
    y, one = np.arange(0.0, 300.0), np.ones(300)
    shape, rate = dispersed(array(a), array(b), array(1.0), array(phi))
    seen = np.minimum(y, esr.cap(array(a / b), phi=max(phi, 1.5))[0])
    ratio = np.exp(esr.sparse_log_ratio(seen, shape * one, rate * one, one))
    for true in (1 + share * (phi - 1) for share in SHARES):
        assert (chance_of(y, a, b, 1.0, true) @ ratio).max() <= 1 + 1e-3


@pytest.mark.parametrize("phi", [1.5, 3.0, LARGEST])
@pytest.mark.parametrize("mu", [0.03, 0.3, 3.0])
def test_the_dense_e_value_keeps_its_mean_at_its_phi_and_at_every_smaller_one(mu: float, phi: float) -> None:
    y = np.arange(0.0, 250.0)
    ratio = np.exp(esr.bunched_log_ratio(y, np.full(250, mu), phi=phi))
    for true in (1 + share * (phi - 1) for share in SHARES):
        law = stats.poisson(mu) if true == 1.0 else stats.nbinom(mu / (true - 1), 1 / true)
        assert (law.pmf(y) @ ratio).max() <= 1 + 1e-4


def test_the_dense_e_value_still_grows_with_the_count() -> None:
    found = esr.bunched_log_ratio(np.arange(0.0, 40.0), np.full(40, 0.4), phi=3.0)
    assert (np.diff(found, axis=0) > 0).all()


@pytest.mark.parametrize("phi", [1.0, LARGEST])
def test_a_tiny_expectation_gives_finite_evidence(phi: float) -> None:
    tiny = baseline(Prior(0.1, 1e5), np.array([0]), array(364.0), array(0.05), inflation=1.2, phi=array(phi))
    grown = esr.grow(np.zeros((1, len(esr.GROWTH))), array(1.0), np.array([3]), tiny, phi=1.5)
    bar = scan(tiny, np.zeros((1, 4), int), array(*WINDOWS)[None, :] * 0.05, np.zeros((1, MOST_VOICES), bool),
               budget=0.5, inflation=1.2)  # fmt: skip
    assert np.isfinite(grown).all()
    assert np.isfinite(bar.z).all()


@pytest.mark.parametrize(("modelled", "is_kept"), [(True, True), (False, False)])
def test_the_budget_is_kept_where_voices_come_in_bunches_and_only_if_these_are_modelled(
    modelled: bool, is_kept: bool
) -> None:
    """400 series of φ = 3 at rates drawn from the prior: both arms, false alerts a day within 3 standard errors."""
    chance, n, days, budget, phi = np.random.default_rng(11), 400, 300, 0.5, 3.0
    rates = np.maximum(chance.gamma(DEFAULT_PRIOR.a0, 1 / DEFAULT_PRIOR.b0, n), 1e-9)
    counts = chance.negative_binomial(rates[:, None] / (phi - 1), 1 / phi, (n, days))
    m, alerts = np.zeros((n, len(esr.GROWTH))), 0
    for day in range(60, days):
        past, length = counts[:, :day], np.full(n, float(day))
        voices, pairs = past.sum(axis=1), (past * (past - 1)).sum(axis=1)
        expected = baseline(DEFAULT_PRIOR, voices, length, np.ones(n), inflation=1.0)
        if modelled:
            found, _ = dispersion(expected.a / expected.b, voices, pairs, length)
            expected = replace(expected, phi=found)
        windows = np.stack([counts[:, day - w + 1 : day].sum(axis=1) for w in WINDOWS], axis=1)
        bar = scan(expected, windows, np.tile(array(*WINDOWS), (n, 1)), np.zeros((n, MOST_VOICES), bool),
                   budget=budget / 2, inflation=1.0)  # fmt: skip
        y = counts[:, day]
        m, crossed = esr.spend(esr.grow(m, np.full(n, 1 / n), y, expected, phi=1.5), budget=budget / 2)
        alerts += int(crossed.sum() + (bar.surprises(y) >= bar.bar).sum())
    assert (alerts <= budget * (days - 60) + 3 * np.sqrt(budget * (days - 60))) == is_kept


def bunched_city() -> Memory:
    """Issue 7 founded on day 0 with one follower that day; then two voices on day 2, one on day 5, three on day 30."""
    return city(np.array([0, 0, 2, 2, 5, 30, 30, 30]), np.full(8, 7), np.zeros(8))


def history_of_one(memory: Memory, day: date) -> History:
    """That of all rows as one series."""
    n = len(memory.day)
    return history(memory, day, np.ones(N_SOURCES), DetectorSettings(), rows=np.arange(n), series=np.zeros(n, np.int64),
                   n=1, is_first=memory.is_first)  # fmt: skip


def test_pairs_of_the_past_leave_out_the_founding_day_and_the_guarded_days() -> None:
    memory = bunched_city()
    day = at(memory, 40)
    known = history_of_one(memory, day)
    assert (known.followers.tolist(), known.pairs.tolist()) == ([3], [2])  # day 2 and 5; day 30 is guarded
    assert known.effective_days.tolist() == [pytest.approx(25.0)]  # days 1 … 25


def test_effective_days_weigh_the_sources_a_series_is_heard_through_together() -> None:
    memory = city(np.array([0, 1]), np.array([7, 7]), np.zeros(2))
    memory.source = np.array([0, 1])
    day = at(memory, 20)
    memory.exposures = np.ones((20, len(SOURCES)))
    memory.exposures[1:6, 0], memory.exposures[1:6, 1] = (2, 1, 2, 1, 2), (0, 1, 0, 1, 0)  # together always 1
    known = history_of_one(memory, day)
    assert known.effective_days.tolist() == [pytest.approx(5.0)]


def test_what_today_brings_changes_no_phi_of_today() -> None:
    memory = bunched_city()
    day = at(memory, 40)
    before = expect(memory, day, np.ones(N_SOURCES), DetectorSettings()).baseline.phi
    loud = city(np.array([0, 0, 2, 2, 5, 30, 30, 30, *[40] * 9]), np.full(17, 7), np.zeros(17))
    assert at(loud, 40) == START + timedelta(days=40)
    assert expect(loud, day, np.ones(N_SOURCES), DetectorSettings()).baseline.phi.tolist() == before.tolist()


def test_voices_are_counted_on_the_very_days_whose_exposure_counts() -> None:
    memory = city(np.arange(400), np.full(400, 7), np.zeros(400))
    known, rule = history_of_one(memory, at(memory, 400)), DetectorSettings()
    assert known.past.tolist() == known.past_exposure.tolist() == [rule.baseline_days - rule.guard_days]
    assert known.window_voices.tolist() == [[days - 1 for days in WINDOWS]]  # today brings its own
    assert known.window_exposure.tolist() == [list(WINDOWS)]
