"""What counts as escalated within 30 days, case by case; and that nothing known later tells."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from signals.store.warehouse import create, writing
from tests.store.outcomes import DAY, THROUGH, Outcomes, at, described, files


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Outcomes]:
    """An issue 1, described on DAY, of whatever reports are told; the hotline tells when one is dealt with."""
    create(tmp_path / "w.duckdb")
    with writing(tmp_path / "w.duckdb") as connection:
        files(connection)
        described(connection, 1, DAY)
        told = Outcomes(connection)
        told.report(-60, done=-50, issue=9)
        yield told


def test_an_issue_dealt_with_in_time_did_not_escalate(warehouse: Outcomes) -> None:
    warehouse.report(done=3)
    warehouse.report(done=4)
    assert not warehouse.escalated


@pytest.mark.parametrize(
    ("due", "done", "expected"),
    [(10, None, True), (10, 9, False), (10, 11, True), (-3, None, True), (-3, -1, False), (-3, 2, True),
     (29.9, None, True), (30, None, False), (31, None, False)],
)  # fmt: skip
def test_overdue_at_any_time_in_the_thirty_days(
    warehouse: Outcomes, due: float, done: float | None, expected: bool
) -> None:
    warehouse.report(due=due, done=done)
    assert warehouse.escalated is expected


def test_without_a_deadline_of_its_own_that_of_the_source_holds_and_a_moved_one_before_both(
    warehouse: Outcomes,
) -> None:
    warehouse.report(-5, due=None, done=11, source="petition")  # 60 days
    assert not warehouse.escalated
    warehouse.report(-5, due=2, done=11, facts=[("due", "", 12, 1)])
    assert not warehouse.escalated
    warehouse.report(-5, due=None, done=11)  # 15 days: one too late
    assert warehouse.escalated


def test_a_source_that_never_tells_when_reports_are_dealt_with_has_none_overdue(warehouse: Outcomes) -> None:
    warehouse.report(due=10, source="petition")
    assert not warehouse.escalated
    warehouse.report(-60, done=-50, issue=2, source="petition")
    assert warehouse.escalated


@pytest.mark.parametrize(
    ("fact", "file", "expected"),
    [(("returned", "1", 3, 3), 1, True), (("returned", "0", 3, 3), 1, False), (("returned", "1", -1, -1), 1, False),
     (("returned", "1", 30, 30), 1, False), (("returned", "1", None, 3), 1, True),
     (("returned", "1", None, 3), 2, False),  # a first load of the past tells it without its time
     (("solved", "否", 3, 3), 1, True), (("solved", "未解决", 3, 3), 1, True), (("solved", "是", 3, 3), 1, False),
     (("satisfied", "否", 3, 3), 1, False)],
)  # fmt: skip
def test_a_return_or_a_visit_that_says_not_solved(
    warehouse: Outcomes, fact: tuple[str, str, float | None, float], file: int, expected: bool
) -> None:
    warehouse.report(facts=[fact], file=file)
    assert warehouse.escalated is expected


def test_two_other_complainants_after_an_answer(warehouse: Outcomes) -> None:
    warehouse.report(done=-2)
    warehouse.report(-3)  # before the answer
    warehouse.report(-1)  # after it, and before the thirty days
    warehouse.report(1)
    warehouse.report(2, is_voice=False)  # somebody who was counted already
    warehouse.report(30)
    assert not warehouse.escalated
    warehouse.report(29)
    assert warehouse.escalated


def test_an_answer_that_comes_after_them_is_none(warehouse: Outcomes) -> None:
    for received in (1, 2, 3):
        warehouse.report(received)
    warehouse.report(done=4)
    assert not warehouse.escalated


def test_reports_that_are_no_grievance_void_or_elsewhere_do_not_tell(warehouse: Outcomes) -> None:
    warehouse.report(due=5, kind="enquiry")
    warehouse.report(due=5, facts=[("void", "作废", 1, 1)])
    warehouse.report(due=5, issue=2)
    warehouse.report(due=5, until=DAY)  # it had left the issue by the end of the day
    assert not warehouse.escalated
    warehouse.report(due=5, until=DAY + timedelta(days=1))
    assert warehouse.escalated


def test_a_report_that_joins_later_tells_too(warehouse: Outcomes) -> None:
    warehouse.report(20, due=25)
    assert warehouse.escalated
    warehouse.connection.execute("UPDATE links SET from_on = ?", [DAY + timedelta(days=31)])
    assert not warehouse.escalated


def test_a_verification_that_held_ends_it_and_a_case_that_is_reopened_escalated(warehouse: Outcomes) -> None:
    warehouse.report(due=10)
    warehouse.step("verified", 9)
    assert not warehouse.escalated
    warehouse.step("reopened", 9.5)
    assert warehouse.escalated


def test_a_verification_after_it_comes_too_late(warehouse: Outcomes) -> None:
    warehouse.report(due=10)
    warehouse.step("verified", 11)
    assert warehouse.escalated


def test_reopening_outside_the_thirty_days_is_none(warehouse: Outcomes) -> None:
    warehouse.report(done=1)
    for when in (-1, 30):
        warehouse.step("reopened", when)
    assert not warehouse.escalated
    warehouse.step("reopened", 0)
    assert warehouse.escalated


def test_what_becomes_known_after_the_last_day_tells_nothing(warehouse: Outcomes) -> None:
    warehouse.report(due=10, done=9)
    warehouse.report(done=3, facts=[("returned", "1", 5, 31), ("void", "作废", 31, 31), ("due", "", 4, 31)])
    before = warehouse.escalated
    warehouse.connection.execute("DELETE FROM updates WHERE known_at >= ?", [at(30)])
    assert (before, warehouse.escalated) == (False, False)
    warehouse.connection.execute("DELETE FROM updates WHERE field = 'closed' AND known_at > ?", [at(0)])
    assert warehouse.escalated


def test_only_those_whose_thirty_days_are_over_and_of_two_people_and_of_the_last_year(warehouse: Outcomes) -> None:
    warehouse.report()
    described(warehouse.connection, 2, DAY, people=1)
    described(warehouse.connection, 3, DAY + timedelta(days=1))
    described(warehouse.connection, 4, DAY - timedelta(days=365))
    described(warehouse.connection, 5, DAY - timedelta(days=364))
    assert warehouse.examples().issues.tolist() == [1, 5]
    assert warehouse.examples(THROUGH + timedelta(days=1)).issues.tolist() == [1, 3]


def test_rows_and_columns_are_of_issues_and_factors(warehouse: Outcomes) -> None:
    described(warehouse.connection, 2, DAY, factors=[("超期未办", 12.1), ("不同诉求人", 7.0)], areas=["440703"],
              sources=["grid", "hotline"])  # fmt: skip
    described(warehouse.connection, 2, DAY - timedelta(days=1), factors=[("不同诉求人", 11.1)],
              areas=["440703", "440704"])  # fmt: skip
    warehouse.report(due=5, issue=2)
    found = warehouse.examples()
    assert (found.issues.tolist(), found.escalated.tolist()) == ([1, 2, 2], [False, True, True])
    assert dict(zip(found.names, found.points.T.tolist(), strict=True)) == {
        "不同诉求人": [0, 11.1, 7.0], "超期未办": [0, 0, 12.1],
    }  # fmt: skip
    assert (found.areas.tolist(), found.sources.tolist()) == (["", "", "440703"], ["hotline", "hotline", ""])
    assert (found.n_issues, found.n_escalated) == (2, 1)


def test_where_nothing_was_described_there_is_nothing(warehouse: Outcomes) -> None:
    found = warehouse.examples(DAY)
    assert (len(found.issues), found.names, found.points.shape, found.n_escalated) == (0, (), (0, 0), 0)
    assert found.escalated.dtype == np.bool_
