"""What texts mean: words that keep the same company are near each other, exactly and reproducibly.

Source: latent semantic analysis, Deerwester et al. 1990, Journal of the American Society for Information Science
41:391.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from signals.linking.latent import DIMENSIONS, LEAST_TEXTS, Latent, latent_of
from signals.linking.linker import link
from signals.linking.sums import IssueSums
from signals.linking.vectors import COLUMNS, GRAIN, HALF, Vectors, no_vectors, weigh
from signals.settings import LinkingSettings
from tests.engine.sums import sum_up

WEIGHT = 0.25
FIREWORKS, FIRECRACKERS, PARKING = 0, 1, 2  # columns of words
N_TOPICS, N_TEXTS = 60, 900  # more than there are dimensions


def counted(*texts: list[int]) -> sparse.csr_matrix:
    """Counts of texts, given by the columns of their tokens."""
    ends = np.cumsum([0, *map(len, texts)])
    columns = np.concatenate([np.sort(text) for text in texts]) if texts else []
    return sparse.csr_matrix((np.ones(ends[-1], np.float32), columns, ends), shape=(len(texts), COLUMNS))


def weighted(*texts: list[int]) -> sparse.csr_matrix:
    return weigh(counted(*texts), np.ones(COLUMNS, np.float32))


@pytest.fixture(scope="module")
def past() -> sparse.csr_matrix:
    """Texts of many topics: of the first tell fireworks or firecrackers, of the second parking."""
    chance, texts = np.random.default_rng(5), list[list[int]]()
    for i in range(N_TEXTS):
        topic = i % N_TOPICS
        company = (100 + 10 * topic + chance.choice(10, 5, replace=False)).tolist()
        word = {0: (FIREWORKS, FIRECRACKERS)[i // N_TOPICS % 2], 1: PARKING}.get(topic, 50 + chance.integers(9))
        texts.append([int(word), *company, HALF + i])  # and a bigram that says nothing here
    return weighted(*texts)


@pytest.fixture(scope="module")
def latent(past: sparse.csr_matrix) -> Latent:
    found = latent_of(past, WEIGHT)
    assert found
    return found


def test_words_that_keep_the_same_company_are_near(latent: Latent) -> None:
    fireworks, firecrackers, parking = latent.of(weighted([FIREWORKS], [FIRECRACKERS], [PARKING]))
    assert fireworks @ firecrackers > 0.8 * WEIGHT
    assert fireworks @ parking < 0.1 * WEIGHT


def test_its_directions_are_those_in_which_texts_differ_most(past: sparse.csr_matrix) -> None:
    """No directions tell more of the texts than the first singular vectors do; these tell as good as that."""
    found = latent_of(past, WEIGHT)
    assert found
    told = past[:, np.flatnonzero(found.place >= 0)].toarray().astype(np.float64)
    values = np.linalg.svd(told, compute_uv=False)
    assert np.abs(found.basis.T @ found.basis - np.eye(DIMENSIONS)).max() < 1e-9
    assert ((told @ found.basis) ** 2).sum() > 0.999 * (values[:DIMENSIONS] ** 2).sum()


def test_cosines_are_those_of_texts_placed_by_it_beyond_their_mean(past: sparse.csr_matrix, latent: Latent) -> None:
    placed = past[:, np.flatnonzero(latent.place >= 0)].toarray().astype(np.float64) @ latent.basis
    placed /= np.linalg.norm(placed, axis=1, keepdims=True)
    rows = placed - placed.mean(axis=0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    own = latent.of(past)
    assert np.abs(own @ own.T - WEIGHT * rows @ rows.T).max() < 0.005


def test_rows_are_exact_and_as_long_as_the_weight_says(past: sparse.csr_matrix, latent: Latent) -> None:
    rows = latent.of(past)
    assert rows.shape == (N_TEXTS, DIMENSIONS)
    assert (rows / GRAIN == np.rint(rows / GRAIN)).all()
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.sqrt(WEIGHT), abs=DIMENSIONS * GRAIN)
    again = latent_of(past, WEIGHT)
    assert again
    assert (again.of(past) == rows).all()


@pytest.mark.parametrize("n_kinds", [1, 7, 100])
def test_a_stream_of_few_set_texts_teaches_the_same_every_time(n_kinds: int) -> None:
    texts = weighted(*([100 + 3 * (i % n_kinds) + j for j in range(3)] + list(range(60)) for i in range(400)))
    first, again = (latent_of(texts, WEIGHT) for _ in range(2))
    assert first
    assert again
    assert (first.of(texts) == again.of(texts)).all()
    assert np.abs(first.basis.T @ first.basis - np.eye(DIMENSIONS)).max() < 1e-9  # where fewer say anything, too


def test_directions_stay_at_right_angles_where_one_text_comes_two_thousand_times_as_often_as_another() -> None:
    kinds = [0] * 4000 + [1 + i // 2 for i in range(200)]
    found = latent_of(weighted(*([3 * kind, 3 * kind + 1] for kind in kinds)), WEIGHT)
    assert found
    assert np.abs(found.basis.T @ found.basis - np.eye(DIMENSIONS)).max() < 1e-12


def test_a_text_without_known_words_lies_nowhere(latent: Latent) -> None:
    assert not latent.of(weighted([9_999], [HALF + 3], [])).any()


def test_few_texts_teach_nothing(past: sparse.csr_matrix) -> None:
    assert latent_of(past[: LEAST_TEXTS - 1], WEIGHT) is None
    assert latent_of(past[:LEAST_TEXTS], WEIGHT)


def meant(latent: Latent, *texts: list[int]) -> Vectors:
    rows = weighted(*texts)
    return replace(no_vectors(len(texts)), text=rows, latent=latent.of(rows))


def test_a_report_joins_by_what_it_means_where_words_alone_do_not_reach(latent: Latent) -> None:
    rule = LinkingSettings(join_similarity=0.2)
    old = meant(latent, [FIREWORKS, 1001, 1002, 1003, 1004], [PARKING, 1001, 1002, 1003, 1004])
    new = meant(latent, [FIRECRACKERS, 1004, 1011, 1012, 1013])
    dull = [replace(rows, latent=np.zeros((len(rows.latent), 0))) for rows in (old, new)]
    issues = np.array([1, 2])
    assert link(new, sum_up(old, issues), next_issue=3, rule=rule).issues.tolist() == [1]
    assert link(dull[1], sum_up(dull[0], issues), next_issue=3, rule=rule).issues.tolist() == [3]
    today = meant(latent, [FIREWORKS, 1001, 1002, 1003, 1004], [FIRECRACKERS, 1004, 1011, 1012, 1013])
    assert link(today, IssueSums(dimensions=DIMENSIONS), next_issue=1, rule=rule).issues.tolist() == [1, 1]


def test_sums_of_what_is_meant_follow_their_issues(latent: Latent) -> None:
    members = meant(latent, *([word, 1001 + i] for i, word in enumerate([0, 1, 2, 0, 1, 2])))
    sums = sum_up(members.rows(slice(0, 4)), np.array([5, 7, 7, 9]))
    sums.add(members.rows(slice(4, 6)), np.array([6, 5]))  # one is woken between two others
    sums.add(members.rows(slice(1, 2)), np.array([7]), sign=-1.0)
    sums.join(9, 5)
    expected = {5: [0, 3, 5], 6: [4], 7: [2], 9: []}
    assert sums.ids.tolist() == list(expected)
    own = sums.sums(np.arange(4)).latent
    for slot, rows in enumerate(expected.values()):
        assert (own[slot] == members.latent[rows].sum(axis=0)).all()
    named = sums.named(sums.parted(members))
    totals = sums.totals(sums.parted(members), named)
    for row in range(6):
        for place in range(named.ends[row], named.ends[row + 1]):
            rows = expected[int(sums.ids[named.owners[place]])]
            words = members.text[[row]] @ members.text[rows].T
            meanings = members.latent[rows] @ members.latent[row]
            assert totals[0, place] == pytest.approx(words.sum() + meanings.sum(), abs=1e-12)
