"""Linking and merging worked out by hand on small matrices, and on texts as people write them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from signals.linking import vectors
from signals.linking.index import CANDIDATES
from signals.linking.linker import link
from signals.linking.merging import Merge, merge
from signals.linking.places import name_places
from signals.linking.sums import FOLDED_ROWS, IssueSums
from signals.linking.vectors import (
    COLUMNS,
    TOWNS,
    Features,
    Vectors,
    agreement,
    features,
    inverse_document_frequency,
    no_vectors,
    stack,
    town_vectors,
    weigh,
)
from signals.settings import LinkingSettings
from tests.engine.sums import sum_up

RULE = LinkingSettings(join_similarity=0.13, merge_similarity=0.3, other_place=0.3, same_place=0.3, other_town=0.5)


def rows(*texts: list[float], places: Sequence[list[float]] | None = None, towns: Sequence[str] = ()) -> Vectors:
    """Rows of a few columns; without places and towns nothing is known of them."""
    matrix = sparse.csr_matrix(np.array(texts, np.float32).reshape(len(texts), -1))
    place = np.array(places or [[0.0]] * len(texts), np.float32)
    known = town_vectors(towns or [""] * len(texts))
    return padded(Vectors(matrix, sparse.csr_matrix(place), known, np.zeros((len(texts), 0))))


def padded(vectors: Vectors) -> Vectors:
    """The same rows, as wide as those of reports."""
    parts = []
    for part, width in zip(vectors.parts(), (COLUMNS, COLUMNS, TOWNS), strict=True):
        part.resize((part.shape[0], width))
        parts.append(part)
    return Vectors(*parts, vectors.latent)


def numbers(*issues: int) -> np.ndarray:
    return np.array(issues, np.int64)


def merged(members: Vectors, *issues: int, rule: LinkingSettings = RULE) -> list[Merge]:
    return merge(sum_up(members, issues), numbers(*issues), changed=numbers(*issues), rule=rule)


def text_of(title: str, body: str = "") -> Features:
    return features(title, body).text


def test_a_report_joins_by_the_mean_over_members_not_the_nearest() -> None:
    members = sum_up(rows([1, 0, 0], [0, 1, 0], [0.6, 0, 0.8]), numbers(1, 1, 2))
    # with issue 1: (1 + 0) / 2 = 0.5, though its nearest member is equal; with issue 2: 0.6
    found = link(rows([1, 0, 0]), members, next_issue=3, rule=RULE)
    assert found.issues.tolist() == [2]
    assert found.similarities[0] == pytest.approx(0.6)


def test_a_report_below_the_threshold_founds_the_next_issue() -> None:
    found = link(rows([0, 1, 0]), sum_up(rows([0.99, 0.1, 0]), numbers(4)), next_issue=9, rule=RULE)
    assert (found.issues.tolist(), found.similarities.tolist(), found.next_issue) == ([9], [0.0], 10)


def test_later_rows_of_a_batch_see_the_earlier_ones() -> None:
    found = link(rows([1, 0], [1, 0], [0, 1]), IssueSums(), next_issue=1, rule=RULE)
    assert found.issues.tolist() == [1, 1, 2]


def test_a_tie_goes_to_the_older_issue() -> None:
    found = link(rows([1, 0]), sum_up(rows([0.5, 0], [0.5, 0]), numbers(7, 3)), next_issue=8, rule=RULE)
    assert found.issues.tolist() == [3]


def test_merging_takes_the_best_pair_first_and_keeps_the_older_number() -> None:
    members = rows([1, 0, 0], [0.6, 0.8, 0], [0, 0.6, 0.8])  # 1·2 = 0.6, 2·3 = 0.48, 1·3 = 0
    found = merged(members, 1, 2, 3)
    assert [(m.absorbed, m.survivor) for m in found] == [(2, 1)]  # {1, 2} and 3: (0 + 0.48) / 2 = 0.24 < 0.3
    assert found[0].similarity == pytest.approx(0.6)
    again = merged(members, 1, 2, 3, rule=RULE.model_copy(update={"merge_similarity": 0.2}))
    assert again == [found[0], Merge(3, 1, pytest.approx(0.24))]


def test_issues_that_rose_together_merge_at_less_likeness() -> None:
    members = rows([1, 0, 0], [0.2, 0.98, 0])  # 0.2, under merge_similarity
    looser = RULE.model_copy(update={"together_similarity": 0.15})
    both = numbers(1, 2)
    assert merged(members, 1, 2, rule=looser) == []
    assert merge(sum_up(members, both), both, changed=both, rule=looser, together=numbers(2)) == []
    found = merge(sum_up(members, both), both, changed=both, rule=looser, together=both)
    assert found == [Merge(2, 1, pytest.approx(0.2))]
    stricter = RULE.model_copy(update={"together_similarity": 0.25})
    assert merge(sum_up(members, both), both, changed=both, rule=stricter, together=both) == []


def test_what_rose_and_what_did_not_become_an_issue_that_did_not() -> None:
    members = rows([1, 0, 0], [0.6, 0.8, 0], [0, 0.3, 0.95])  # 1·2 = 0.6, 2·3 = 0.24, {1, 2}·3 = 0.12
    rule, all_of_them = RULE.model_copy(update={"together_similarity": 0.1}), numbers(1, 2, 3)
    for together, merges in ((all_of_them, 2), (numbers(2, 3), 1)):
        found = merge(sum_up(members, all_of_them), all_of_them, changed=all_of_them, rule=rule, together=together)
        assert len(found) == merges


def test_what_is_apart_does_not_merge_nor_what_either_has_gone_into() -> None:
    members = rows([1, 0, 0], [0.98, 0.2, 0], [0.8, 0.6, 0])  # 1·2 = 0.98, 2·3 = 0.904, 1·3 = 0.8
    given = sum_up(members, numbers(1, 2, 3))
    found = merge(given, numbers(1, 2, 3), changed=numbers(1, 2, 3), rule=RULE, apart=[(3, 2)])
    assert [(m.absorbed, m.survivor) for m in found] == [(2, 1)]
    given = sum_up(members, numbers(1, 2, 3))
    found = merge(given, numbers(1, 2, 3), changed=numbers(1, 2, 3), rule=RULE, apart=[(1, 2), (2, 2)])
    assert [(m.absorbed, m.survivor) for m in found] == [(3, 2)]


def test_the_weight_of_a_token_is_the_smoothed_logarithm_and_nothing_in_most_texts() -> None:
    counts = stack([text_of("甲乙丙丁")] * 3 + [text_of(f"第{i}种完全不同的说法") for i in range(7)])
    weights = inverse_document_frequency(counts, max_share=0.25)
    common = text_of("甲乙丙丁").columns
    assert weights[common].tolist() == pytest.approx([np.log(11 / 4) + 1] * len(common))  # n = 10, df = 3
    assert inverse_document_frequency(counts[:4], max_share=0.25)[common].tolist() == pytest.approx(
        [np.log(5 / 4) + 1] * len(common)
    )  # three texts are too few to be most of anything
    many = stack([text_of("甲乙丙丁")] * 8 + [text_of("别的")] * 2)
    assert inverse_document_frequency(many, max_share=0.25)[common].max() == 0.0


def test_rows_have_length_one_and_half_of_it_in_each_half() -> None:
    counts = stack([text_of("搅拌站夜间施工", "粉尘落到阳台")])
    found = weigh(counts, np.ones(COLUMNS, np.float32))
    words = found[:, : COLUMNS // 2]
    assert float(found.multiply(found).sum()) == pytest.approx(1.0, abs=1e-3)
    assert float(words.multiply(words).sum()) == pytest.approx(0.5, abs=1e-3)


def similarity(one: tuple[str, str], other: tuple[str, str]) -> float:
    matrix = weigh(stack([text_of(*one), text_of(*other)]), np.ones(COLUMNS, np.float32))
    return float(matrix[0].multiply(matrix[1]).sum())


def test_set_phrases_of_reports_do_not_make_two_reports_alike() -> None:
    polite = "尊敬的领导您好，{}，请相关部门尽快核实处理并给予答复，谢谢"
    assert similarity(("", polite.format("路灯不亮")), ("", polite.format("工资没发"))) < 0.13
    assert similarity(("", polite.format("港口路路灯不亮")), ("", "港口路的路灯坏了不亮")) > 0.3


def test_traditional_characters_and_widths_match_their_plain_forms() -> None:
    assert similarity(("電梯反覆停運，ＡＢＣ廣場", ""), ("电梯反复停运，ABC广场", "")) > 0.8


def agree(text: float, place: float, town: float, known: tuple[float, float]) -> float:
    one = np.ones(1)
    rule = LinkingSettings(other_place=0.3, same_place=0.3, other_town=0.5, same_wording=0.5)
    return float(agreement((text * one, place * one, town * one), np.array(known)[:, None], rule)[0])


def test_similarity_is_that_of_the_texts_made_smaller_where_known_places_disagree() -> None:
    assert agree(0.4, 0.0, 0.0, (0.0, 0.0)) == pytest.approx(0.4)  # nothing known
    assert agree(0.4, 0.3, 0.0, (1.0, 0.0)) == pytest.approx(0.4)  # places agree
    assert agree(0.4, 0.0, 0.0, (1.0, 0.0)) == pytest.approx(0.4 * 0.3)  # places disagree wholly
    assert agree(0.4, 0.15, 0.0, (1.0, 0.0)) == pytest.approx(0.4 * 0.65)  # half
    assert agree(0.4, 0.0, 0.0, (0.5, 0.0)) == pytest.approx(0.4 * 0.65)  # half of the pairs name a place
    assert agree(0.4, 0.3, 0.0, (1.0, 1.0)) == pytest.approx(0.4 * 0.5)  # other towns
    assert agree(0.4, 0.3, 1.0, (1.0, 1.0)) == pytest.approx(0.4)  # one town


def test_words_that_are_more_alike_than_one_wording_count_for_less_at_another_place() -> None:
    assert agree(0.5, 0.0, 0.0, (1.0, 0.0)) == pytest.approx(0.5 * 0.3)  # the most that places that disagree can reach
    assert agree(1.0, 0.0, 0.0, (1.0, 0.0)) == pytest.approx(0.5**2 / 1.0 * 0.3)
    assert agree(1.0, 0.3, 0.0, (1.0, 0.0)) == pytest.approx(1.0)  # at the same place nothing changes


def test_the_same_text_at_another_place_or_in_another_town_founds_another_issue() -> None:
    here = rows([1, 0], places=[[1, 0]], towns=["白沙街道"])
    there = rows([0.3, 0.7], [0.3, 0.7], places=[[1, 0], [0, 1]], towns=["白沙街道", "会城街道"])
    assert link(there, sum_up(here, numbers(1)), next_issue=2, rule=RULE).issues.tolist() == [1, 2]


def test_merging_asks_for_the_same_place_too() -> None:
    same = rows([1, 0], [0.8, 0.6], places=[[1, 0], [1, 0]])
    apart = rows([1, 0], [0.8, 0.6], places=[[1, 0], [0, 1]])  # 0.8 × 0.3 < 0.3
    assert [m.similarity for m in merged(same, 1, 2)] == [pytest.approx(0.8)]
    assert merged(apart, 1, 2) == []


def test_places_are_found_by_their_endings() -> None:
    words = ["松涛", "花园", "旁", "工地", "夜间", "施工", "港口", "二路", "3", "栋", "很吵"]
    named = [word for word, is_place in zip(words, name_places(words), strict=True) if is_place]
    assert named == ["松涛", "花园", "旁", "工地", "二路"]  # 旁 is the price of finding 星光工地


def test_a_known_town_is_among_the_places() -> None:
    without = features("路灯不亮", "").place
    known = features("路灯不亮", "", town="440703白沙街道").place
    assert (len(without.columns), known.counts.tolist()) == (0, [3.0])


def test_sums_grown_day_by_day_are_those_made_at_once_to_the_last_bit() -> None:
    chance = np.random.default_rng(1)
    said = [f"{chance.integers(20)}号院水管爆裂第{i}天没人修，编号{chance.integers(10**6)}" for i in range(60)]
    texts = [text_of(text) for text in said]
    members = replace(no_vectors(60), text=weigh(stack(texts), np.full(COLUMNS, 3.0, np.float32)))
    issues = chance.integers(1, 4, 60)
    daily = IssueSums()
    daily.add(members.rows(slice(0, 3)), numbers(1, 2, 3))
    for i in range(3, 60):  # one row a day, so that rows are folded many times
        daily.add(members.rows(slice(i, i + 1)), issues[i : i + 1])
    issues[:3] = 1, 2, 3
    at_once, new = sum_up(members, issues), members.rows(slice(7, 9))
    asked = daily.parted(new)
    named, same = daily.named(asked), at_once.named(asked)
    assert [named.of(i).tolist() for i in range(2)] == [same.of(i).tolist() for i in range(2)]
    assert len(named.owners) > 2
    assert daily.totals(asked, named).tolist() == at_once.totals(asked, named).tolist()
    assert max(len(rows) for rows in daily._rows_of) <= FOLDED_ROWS


def test_products_with_earlier_rows_are_the_same_however_many_are_multiplied_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = rows(*np.random.default_rng(2).integers(0, 3, (7, 4)).tolist(), towns=list("abababa"))
    members = replace(plain, latent=np.arange(14.0).reshape(7, 2))
    at_once = [part.toarray() for part in members.with_earlier()]
    said = (members.text[6] @ members.text[1].T).toarray()[0, 0]
    assert at_once[0][6, 1] == said + members.latent[6] @ members.latent[1]
    assert at_once[2][2].tolist() == [1.0, 0, 0, 0, 0, 0, 0]
    assert not np.triu(at_once[0]).any()
    monkeypatch.setattr(vectors, "ROWS_AT_ONCE", 2)
    assert [part.toarray().tolist() for part in members.with_earlier()] == [part.tolist() for part in at_once]


N_TOWNS = 3 * CANDIDATES


def from_every_town(order: Sequence[int]) -> tuple[Vectors, IssueSums]:
    """The same words from very many towns, an issue each, added one a day in some order."""
    members = rows(*[[1.0, 0.5]] * N_TOWNS, towns=[f"town {i}" for i in range(N_TOWNS)])
    sums = IssueSums()
    for i in order:
        sums.add(members.rows(slice(i, i + 1)), numbers(i + 1))
    return members, sums


def test_the_same_words_from_very_many_towns_stay_each_towns_own() -> None:
    members, sums = from_every_town(range(N_TOWNS))
    assert link(members, sums, next_issue=N_TOWNS + 1, rule=RULE).issues.tolist() == list(range(1, N_TOWNS + 1))


def test_what_is_named_among_equals_does_not_depend_on_the_order_in_which_they_came() -> None:
    found = []
    for order in (range(N_TOWNS), range(N_TOWNS - 1, -1, -1)):
        members, sums = from_every_town(order)
        named = sums.named(sums.parted(members))
        found.append((named.ends.tolist(), named.owners.tolist(), sums.totals(sums.parted(members), named).tolist()))
    assert found[0] == found[1]
    assert found[0][0][1] == N_TOWNS


def test_an_old_issue_reached_through_todays_reports_counts_with_all_its_members() -> None:
    telling = np.ones(COLUMNS, bool)
    telling[1:3] = False  # the last report shares none of the telling tokens with the old issue
    sums = IssueSums(telling)
    sums.add(rows([0.8, 0.6, 0]), numbers(1))
    found = link(rows([0.8, 0.6, 0], [0, 0.6, 0.8]), sums, next_issue=2, rule=RULE)
    assert found.issues.tolist() == [1, 1]
    assert found.similarities.tolist() == pytest.approx([1.0, 0.36], abs=1e-6)


def test_a_tie_goes_to_the_older_issue_though_only_todays_reports_lead_to_it() -> None:
    # the second row shares no word with issue 1, which the first one joins: (0 + .75 · .75) / 2 = .5 · .5625 of issue 2
    members = sum_up(rows([0, 0.5, 0], [0, 0, 0.5625]), numbers(1, 2))
    found = link(rows([0.75, 0.5, 0], [0.75, 0, 0.5]), members, next_issue=3, rule=RULE)
    assert found.issues.tolist() == [1, 1]
    assert found.similarities.tolist() == [0.25, 0.28125]


def test_an_issue_that_comes_back_between_two_others_is_found_as_if_it_had_always_been_there() -> None:
    members = rows([1, 0, 0], [0, 0, 1], [0, 1, 0])
    grown = sum_up(members.rows(slice(0, 2)), numbers(1, 3))
    grown.add(members.rows(slice(2, 3)), numbers(2))
    assert grown.ids.tolist() == [1, 2, 3]
    named = grown.named(grown.parted(members))
    assert [named.of(i).tolist() for i in range(3)] == [[0], [2], [1]]
    assert link(members, grown, next_issue=4, rule=RULE).issues.tolist() == [1, 3, 2]


def test_an_issue_none_of_whose_members_votes_can_take_up_another() -> None:
    sums = sum_up(rows([1, 0], [0, 1]), numbers(5, 7))
    sums.join(5, 2)
    assert link(rows([1, 0]), sums, next_issue=8, rule=RULE).issues.tolist() == [2]


def test_known_places_go_with_their_issue() -> None:
    members = rows([1, 0], [0.9, 0.4], places=[[1, 0], [1, 0]], towns=["白沙", "白沙"])
    joined, at_once = sum_up(members, numbers(1, 2)), sum_up(members, numbers(1, 1))
    joined.join(2, 1)
    assert joined.known[:, 0].tolist() == at_once.known[:, 0].tolist() == [2.0, 2.0]
    assert joined.known[:, 1].tolist() == [0.0, 0.0]


def test_an_index_that_grows_between_questions_forgets_nothing() -> None:
    members = rows([1, 0, 0], [0, 1, 0], [0, 0, 1])
    grown = sum_up(members.rows(slice(0, 1)), numbers(1))
    for i in (1, 2):
        grown.named(grown.parted(members))
        grown.add(members.rows(slice(i, i + 1)), numbers(i + 1))
    assert [grown.named(grown.parted(members)).of(i).tolist() for i in range(3)] == [[0], [1], [2]]


def test_what_was_folded_into_a_sum_is_not_shared_twice() -> None:
    sums, one = IssueSums(), rows([1, 0])
    for _ in range(FOLDED_ROWS + 1):
        sums.add(one, numbers(1))
    assert sums.named(sums.parted(one)).shared.tolist() == [FOLDED_ROWS + 1.0]
