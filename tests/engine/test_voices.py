"""Who counts as a voice of an issue, counted by hand (rules: `signals.voices`)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from signals.records import Kind
from signals.voices import count_voices
from tests.engine.issues import heard, instant, issue_of, told
from tests.engine.stream import FIRST_DAY, Entry
from tests.engine.worlds import world_of


def voices(entries: Sequence[Entry], *, days: int = 1) -> dict[str, bool]:
    """Report id → whether it counted as a voice; all must have become one issue."""
    with world_of(entries) as world:
        for day in range(days):
            world.run(FIRST_DAY + timedelta(days=day))
        rows = world.connection.execute(
            """SELECT report_id, is_voice, issue_id FROM reports JOIN report_days USING (report_key)
               JOIN links USING (report_key) WHERE until_on IS NULL ORDER BY place"""
        ).fetchall()
    assert len({issue for _, _, issue in rows}) == 1
    return {report: is_voice for report, is_voice, _ in rows}


def test_one_person_counts_once() -> None:
    assert voices([heard(0, who="a"), heard(1, who="a"), heard(2, who="b")]) == {"n0": True, "n1": False, "n2": True}


def test_one_person_counts_once_on_different_days() -> None:
    assert list(voices([heard(0, who="a"), heard(1, who="a", days=1)], days=2).values()) == [True, False]


SAME = "海棠苑旁边的搅拌站凌晨两点还在装料轰鸣，水泥罐车排队按喇叭"


def test_the_same_text_of_two_people_within_two_hours_is_one_import() -> None:
    found = voices([heard(0, who="a", body=SAME), heard(1, who="b", body=SAME, minutes=119)])
    assert found == {"n0": True, "n1": False}


def test_the_same_text_of_two_people_hours_apart_is_a_joint_petition() -> None:
    found = voices([heard(0, who="a", body=SAME), heard(1, who="b", body=SAME, minutes=121)])
    assert found == {"n0": True, "n1": True}


def test_a_near_copy_by_nobody_known_is_the_same_voice() -> None:
    found = voices([heard(0, who=None, body=SAME), heard(1, who=None, body=SAME + "！", minutes=300)])
    assert found == {"n0": True, "n1": False}


@pytest.mark.parametrize("kind", [Kind.ENQUIRY, Kind.THANKS, Kind.FOLLOW_UP])
def test_an_enquiry_praise_or_a_follow_up_is_no_voice(kind: Kind) -> None:
    assert list(voices([heard(0, who="a"), heard(1, who="b", kind=kind)]).values()) == [True, False]


def test_a_void_report_is_no_voice() -> None:
    void = told(heard(1, who="b"), ("void", "作废", None))
    assert voices([heard(0, who="a"), void]) == {"n0": True, "n1": False}


def counted(*entries: Entry) -> list[bool]:
    """is_voice in the order known, all being one issue."""
    found: list[bool] = issue_of(entries).is_voice.tolist()
    return found


@pytest.mark.parametrize(("days", "again"), [(89, False), (90, True)])
def test_one_person_counts_again_after_ninety_days(days: int, again: bool) -> None:
    assert counted(heard(0, who="a"), heard(1, who="a", days=days)) == [True, again]


def test_one_person_counts_in_each_of_two_issues() -> None:
    memory = issue_of([heard(0, who="a"), heard(1, who="a", days=1)])
    memory.issue[1] = 2
    count_voices(memory, 0, voice_days=90, near_copy_similarity=0.85)
    assert memory.is_voice.tolist() == [True, True]
    assert memory.is_first.tolist() == [True, True]


def test_a_persons_enquiry_does_not_use_up_their_voice() -> None:
    assert counted(heard(0, who="a", kind=Kind.ENQUIRY), heard(1, who="a", days=1)) == [False, True]


def test_a_void_report_does_not_use_up_a_persons_voice() -> None:
    assert counted(told(heard(0, who="a"), ("void", "作废", None)), heard(1, who="a", days=1)) == [False, True]


def test_ten_people_who_sign_one_text_on_ten_days_are_ten_voices() -> None:
    assert counted(*(heard(i, who=f"p{i}", body=SAME, days=i) for i in range(10))) == [True] * 10


def test_an_import_repeated_with_other_numbers_adds_no_voice() -> None:
    """The same rows under new numbers: the same people, the same instants."""
    once = [heard(i, who=f"p{i}", minutes=30 * i) for i in range(4)]
    twice = [heard(10 + i, who=f"p{i}", minutes=30 * i, body=e.report.body) for i, e in enumerate(once)]
    assert sum(counted(*once, *twice)) == sum(counted(*once)) == 4


@pytest.mark.parametrize(("days", "again"), [(89, False), (90, True)])
def test_an_unknown_persons_text_is_the_same_voice_for_ninety_days(days: int, again: bool) -> None:
    assert counted(heard(0, who=None, body=SAME), heard(1, who=None, body=SAME, days=days)) == [True, again]


def test_unknown_people_with_their_own_words_are_voices_of_their_own() -> None:
    assert counted(*(heard(i, who=None, title="", minutes=i) for i in range(3))) == [True] * 3


def test_an_unknown_person_who_repeats_a_known_ones_text_is_the_same_voice() -> None:
    assert counted(heard(0, who="a", body=SAME), heard(1, who=None, body=SAME, days=9)) == [True, False]


def test_an_enquiry_in_between_does_not_make_a_copy_a_new_voice() -> None:
    between = heard(1, who=None, body=SAME, days=1, kind=Kind.ENQUIRY)
    found = counted(heard(0, who=None, body=SAME), between, heard(2, who=None, body=SAME, days=2))
    assert found == [True, False, False]


def test_a_grievance_after_an_enquiry_with_the_same_words_is_a_voice() -> None:
    asked = heard(0, who=None, body=SAME, kind=Kind.ENQUIRY)
    assert counted(asked, heard(1, who=None, body=SAME, days=1)) == [False, True]


def test_the_two_hours_are_between_receipts_not_between_imports() -> None:
    late = replace(heard(1, who="b", body=SAME).report, known_at=instant(3))
    assert counted(heard(0, who="a", body=SAME), Entry(late, "b")) == [True, False]


def test_a_copy_names_what_it_repeats_and_the_first_voice_is_marked() -> None:
    entries = [heard(0, who="a", body=SAME), heard(1, who="b"), heard(2, who="c", body=SAME, days=1)]
    with world_of(entries) as world:
        results = [world.run(FIRST_DAY), world.run(FIRST_DAY + timedelta(days=1))]
    assert [copy for result in results for copy in result.copies] == ["", "", "hotline:n0"]
    assert [first for result in results for first in result.is_first.tolist()] == [True, False, False]


def test_distinct_people_are_known_ones_once_and_unknown_ones_by_their_voices() -> None:
    memory = issue_of([
        heard(0, who="a"), heard(1, who="a", days=1), heard(2, who="b"), heard(3, who="c", kind=Kind.ENQUIRY),
        heard(4, who=None, body=SAME), heard(5, who=None, body=SAME, days=1),
    ])  # fmt: skip
    assert memory.distinct(memory.rows_of(1)) == 3  # a, b and one unknown
