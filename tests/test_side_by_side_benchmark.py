"""Formulas of the ways compared, by hand; no library that compiles is imported."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy import sparse

from benchmarks.side_by_side import __main__ as table
from benchmarks.side_by_side import leader, ready_made, rules
from benchmarks.side_by_side.ready_made import Choice, Slice, Topic
from benchmarks.side_by_side.rules import Move, ring
from signals.evaluate import score

MONDAY = date(2024, 1, 1).toordinal()


def rings(days: list[int], rule: rules.Rule) -> list[int]:
    """Days on which reports of one cluster, at these days, ring."""
    day = np.array(days, np.int64)
    moves = [Move(when, row, 1) for row, when in enumerate(days)]
    return [alert.day for alert in ring(moves, day, np.ones(len(day), bool), rule)]


@pytest.mark.parametrize(("days", "expected"), [([0, 10, 29], [29]), ([0, 10, 30], []), ([0, 0, 0], [0])])
def test_the_third_report_in_thirty_days_rings(days: list[int], expected: list[int]) -> None:
    assert rings(days, rules.third_in_thirty) == expected


def test_so_many_in_so_many_days_ring() -> None:
    assert rings([0, 3, 6, 6], rules.nth_in(4, 7)) == [6]
    assert rings([0, 3, 6, 7], rules.nth_in(4, 7)) == []


@pytest.mark.parametrize(("days", "expected"), [([0, 3], [3]), ([0, 4], []), ([0, 20, 41], [41]), ([0, 20, 42], [])])
def test_the_third_in_forty_two_or_the_second_in_four_rings(days: list[int], expected: list[int]) -> None:
    assert rings(days, rules.third_or_second) == expected


def tried(setting: str, n_caught: int, alerts_per_week: float) -> table.Tried:
    nothing = score([], [], {}, {}, first=date(2024, 1, 1), last=date(2024, 1, 1))
    return table.Tried(f"rule: {setting}", replace(nothing, n_caught=n_caught, alerts_per_week=alerts_per_week), 1.0)


def test_the_best_as_quiet_as_ours_catches_most_then_rings_least() -> None:
    grid = [tried("loud", 9, 5.0), tried("good", 4, 2.0), tried("same, quieter", 4, 1.5), tried("silent", 0, 0.0)]
    most, as_quiet = table.best(grid, tried("ours", 5, 2.0), "rule")
    assert most.name == "rule, hindsight, most bursts of 4 settings: loud"
    assert as_quiet.name == "rule, hindsight, best of those as quiet as Jianwei: same, quieter"
    assert len(table.best(grid[:1], tried("ours", 5, 2.0), "rule")) == 1


def compared(stream: str, ours: float, *ruled: tuple[int, float]) -> table.Compared:
    return table.Compared(stream, [], tried("ours", 0, ours), [tried(str(i), *each) for i, each in enumerate(ruled)])


def test_one_rule_for_all_streams_may_be_louder_in_one_and_not_in_all_together() -> None:
    few = compared("few", 2.0, (9, 9.0), (5, 2.0), (5, 3.0), (2, 0.5), (6, 1.0))
    many = compared("many", 6.0, (9, 2.0), (4, 5.5), (4, 4.0), (6, 8.0), (2, 1.0))
    (one,), (other,) = table.one_for_all([few, many])
    assert [table.setting(each) for each in (one, other)] == ["2", "2"]  # 9 caught as by rule 1, with fewer alerts
    assert (one.score.n_caught, other.score.n_caught) == (5, 4)
    assert table.one_for_all([compared("loud", 1.0, (9, 2.0))]) == [[]]


def test_a_cluster_rings_again_at_twice_its_reports() -> None:
    assert rings([0, 1, 2, 3, 4, 5], rules.third_in_thirty) == [2, 5]


def test_a_cluster_rings_again_after_forty_two_quiet_days() -> None:
    assert rings([0, 0, 0, 0, 41, 41, 41], rules.third_in_thirty) == [0]
    assert rings([0, 0, 0, 0, 42, 42, 42], rules.third_in_thirty) == [0, 42]


def test_a_report_that_is_no_voice_is_shown_but_does_not_count() -> None:
    moves = [Move(day, day, 1) for day in range(4)]
    found = ring(moves, np.arange(4), np.array([True, True, False, True]), rules.third_in_thirty)
    assert [(alert.day, alert.rows) for alert in found] == [(3, (0, 1, 2, 3))]


def test_a_merge_brings_reports_but_no_news_and_the_survivor_has_rung_for_both() -> None:
    moves = [Move(0, row, 1) for row in range(3)] + [Move(0, 3, 2)]
    moves += [Move(1, row, 2) for row in range(3)] + [Move(2, 4, 2)]
    found = ring(moves, np.array([0, 0, 0, 0, 2]), np.ones(5, bool), rules.third_in_thirty)
    assert [(alert.day, alert.cluster) for alert in found] == [(0, 1)]


def test_a_report_joins_the_most_similar_leader_and_never_a_follower() -> None:
    near = np.zeros((4, 4))
    near[1, 0] = 0.6  # 1 follows 0
    near[2, 1] = 0.9  # 1 leads nobody
    near[3, 0], near[3, 2] = 0.4, 0.5
    assert leader.lead(sparse.csr_matrix(near), 0.3) == [0, 0, 2, 2]
    assert leader.lead(sparse.csr_matrix(near), 0.7) == [0, 1, 1, 3]


def test_similarities_are_cosines_with_rows_before() -> None:
    near = leader.similarities(leader.tf_idf([["a", "b"], ["a", "b"], ["c"]]))
    assert near.toarray() == pytest.approx(np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]]))


def test_weeks_end_on_sundays_and_small_ones_wait() -> None:
    day = np.array([MONDAY] * 20 + [MONDAY + 6] * 10 + [MONDAY + 7] * 5 + [MONDAY + 15] * 30)
    found = ready_made.slices(day)
    assert [(week.end - MONDAY, len(week.rows)) for week in found] == [(6, 30), (15, 35)]


def test_popularity_adds_documents_and_decays_with_the_square_of_days_without() -> None:
    topic = Topic(np.zeros(2))
    topic.advance([1, 2, 3], 7)
    topic.advance([4], 14)
    assert topic.popularity == 4.0
    topic.advance([], 21)
    assert topic.popularity == pytest.approx(4 * np.exp(-0.49))
    topic.advance([], 28)
    assert topic.popularity == pytest.approx(4 * np.exp(-0.49) * np.exp(-1.96))


@pytest.mark.parametrize(
    ("popularity", "before", "kind"), [(6, 0, "strong"), (5, 4, "weak"), (5, 5, "noise"), (0.5, 0, "noise")]
)
def test_a_signal_is_weak_between_the_percentiles_only_while_it_rises(
    popularity: float, before: float, kind: str
) -> None:
    past = [float(value) for value in range(11)]  # percentiles 1 and 5
    assert ready_made.kind_of(Topic(np.zeros(1), [], popularity, 0, before), past) == kind


def test_topics_of_a_week_join_the_most_similar_earlier_one_or_are_new() -> None:
    vectors = np.array([[1.0, 0.0]] * 3 + [[0.9, 0.1]] * 3 + [[0.0, 1.0]] * 3)
    day = np.repeat([MONDAY, MONDAY + 7, MONDAY + 7], 3)
    weeks = [Slice(MONDAY + 6, np.arange(3)), Slice(MONDAY + 13, np.arange(3, 9))]
    labels = [np.zeros(3, np.int64), np.array([0, 0, 0, 1, 1, 1])]
    _, clusters = ready_made.watch(weeks, labels, vectors, day, Choice(similarity=0.7))
    assert [clusters[row] for row in range(9)] == [0] * 6 + [1] * 3


def test_a_document_without_a_topic_is_in_no_cluster() -> None:
    week = [Slice(MONDAY + 6, np.arange(2))]
    found, clusters = ready_made.watch(week, [np.array([-1, -1])], np.eye(2), np.full(2, MONDAY), Choice())
    assert (found, clusters) == ([], {})


def test_the_grid_has_at_least_twelve_settings_and_both_defaults() -> None:
    assert len(set(ready_made.GRID)) >= 12
    assert {ready_made.BERTOPIC, ready_made.BERTREND} <= set(ready_made.GRID)
