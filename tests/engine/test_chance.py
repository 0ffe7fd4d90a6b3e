"""Likeness by chance: worked out by hand, and against cosines of texts drawn at random."""

import numpy as np
import pytest
from scipy import sparse

from signals.linking.chance import LARGEST, SMALLEST, USUAL, against_chance, chance_of, deviations
from signals.linking.vectors import COLUMNS, GRAIN
from signals.settings import LinkingSettings


def rows(*texts: list[float]) -> sparse.csr_matrix:
    matrix = sparse.csr_matrix(np.array(texts, np.float32).reshape(len(texts), -1))
    matrix.resize((len(texts), COLUMNS))
    return matrix


def drawn(n_texts: int, n_words: int, n_common: int, seed: int) -> sparse.csr_matrix:
    """Texts of unit length: n_words equal words each, drawn from n_common."""
    chance = np.random.default_rng(seed)
    columns = np.concatenate([np.sort(chance.choice(n_common, n_words, replace=False)) for _ in range(n_texts)])
    values = np.full(len(columns), n_words**-0.5, np.float32)
    ends = np.arange(0, len(columns) + 1, n_words)
    return sparse.csr_matrix((values, columns.astype(np.int32), ends), shape=(n_texts, COLUMNS))


def test_the_deviation_of_two_texts_is_the_one_worked_out_by_hand() -> None:
    texts = rows([0.6, 0.8], [0.0, 1.0])
    chance = chance_of([texts])
    assert chance.variances[:2] == pytest.approx([0.36 / 2 - 0.3**2, (0.64 + 1) / 2 - 0.9**2])
    # with the text itself as a third: (2 · .09 + .36) / 3 = .18 and (2 · .01 + .64) / 3 = .22; forty more say .01
    seen = 0.36 * 0.18 + 0.64 * 0.22
    assert deviations(texts, chance)[0] == pytest.approx(((2 * seen + 40 * 0.01**2) / 42) ** 0.5)


def test_a_scaled_product_is_the_cosine_over_the_deviations() -> None:
    texts = drawn(300, 10, 60, seed=1)
    chance = chance_of([texts])
    one, two = deviations(texts[:2], chance)
    scaled = against_chance(texts, chance)
    cosine = float((texts[0] @ texts[1].T).toarray()[0, 0])
    product = float((scaled[0] @ scaled[1].T).toarray()[0, 0])
    assert product == pytest.approx(cosine * USUAL / np.sqrt(one * two), rel=0.02)


@pytest.mark.parametrize(("n_words", "n_common"), [(10, 100), (5, 200), (40, 400)])
def test_deviations_are_those_of_cosines_with_texts_drawn_at_random(n_words: int, n_common: int) -> None:
    texts, others = drawn(500, n_words, n_common, seed=2), drawn(4000, n_words, n_common, seed=3)
    expected = deviations(texts, chance_of([texts])).mean()
    seen = (texts[:50] @ others.T).toarray().std()
    assert expected == pytest.approx(seen, rel=0.1)


def test_the_same_cosine_says_less_among_texts_that_are_often_alike() -> None:
    formulaic, varied = drawn(300, 10, 40, seed=4), drawn(300, 10, 4000, seed=5)
    short = against_chance(formulaic, chance_of([formulaic]))
    long = against_chance(varied, chance_of([varied]))
    same = [float((texts[0] @ texts[0].T).toarray()[0, 0]) for texts in (short, long)]  # of cosine 1 each
    assert same[0] < same[1] / 3


def test_words_never_seen_before_are_not_infinitely_telling() -> None:
    known = drawn(300, 10, 60, seed=6)
    new = sparse.csr_matrix((np.ones(1, np.float32), [COLUMNS - 1], [0, 1]), shape=(1, COLUMNS))
    assert deviations(new, chance_of([known]))[0] == pytest.approx(((300 / 301 + 40e-4) / 340) ** 0.5)
    assert (deviations(drawn(5, 200, 10**6, seed=7), chance_of([known])) >= SMALLEST).all()


def test_before_anything_is_known_of_chance_a_similarity_is_the_cosine() -> None:
    texts = drawn(20, 10, 60, seed=11)
    before, after = texts.toarray()[:, :60], against_chance(texts, chance_of([])).toarray()[:, :60]
    assert after @ after.T == pytest.approx(before @ before.T, abs=0.002)


def test_the_same_text_twice_is_one_issue_however_formulaic_the_stream() -> None:
    formulaic = drawn(300, 10, 12, seed=12)
    chance = chance_of([formulaic])
    unbounded = against_chance(formulaic[:1], chance)
    bounded = against_chance(formulaic[:1], chance, LARGEST)
    least = LinkingSettings().join_similarity
    assert (unbounded @ unbounded.T).toarray()[0, 0] < least < (bounded @ bounded.T).toarray()[0, 0] / 2


def test_an_empty_text_stays_empty_and_without_a_past_nothing_breaks() -> None:
    nothing = chance_of([])
    assert nothing.n_texts == 0
    assert against_chance(rows([0.0, 0.0]), nothing).nnz == 0
    assert np.isfinite(against_chance(rows([0.6, 0.8]), nothing).data).all()


@pytest.mark.slow
def test_chance_is_the_same_in_portions_and_at_once() -> None:
    texts = drawn(90, 10, 60, seed=8)
    at_once, in_portions = chance_of([texts]), chance_of([texts[:40], texts[40:41], texts[41:]])
    assert in_portions.n_texts == at_once.n_texts == 90
    assert in_portions.variances == pytest.approx(at_once.variances)


def test_scaled_weights_are_multiples_of_the_grain_so_that_sums_are_exact() -> None:
    scaled = against_chance(drawn(50, 10, 60, seed=9), chance_of([drawn(300, 10, 60, seed=10)]))
    assert (scaled.data / GRAIN == np.rint(scaled.data / GRAIN)).all()
