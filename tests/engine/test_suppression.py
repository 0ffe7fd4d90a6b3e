"""What is shown as an alert: what several people complain of, and two loosely linked voices are not enough."""

from array import array
from datetime import timedelta

import numpy as np
import pytest

from signals.alerts import describe
from signals.memory import LastAlert
from signals.records import Kind
from signals.settings import DetectorSettings
from signals.suppression import is_shared_grievance, least_shown, state_before
from signals.text.saying import only_asks
from tests.engine.issues import ISSUE, SETTINGS, heard, issue_of
from tests.engine.stream import FIRST_DAY, Entry
from tests.engine.voices import START, city

ASKED = "咨询海棠苑旁边的搅拌站何时停工"
QUESTION: dict[str, object] = {"title": ASKED, "kind": Kind.UNKNOWN}


def is_shared(*entries: Entry, days: int = 0) -> bool:
    memory, day = issue_of(entries), FIRST_DAY + timedelta(days=days)
    n = describe(memory, ISSUE, day, SETTINGS).n_complainants
    return is_shared_grievance(memory, memory.rows_of(ISSUE), n, day)


def test_one_person_who_writes_again_is_no_shared_grievance() -> None:
    again = [heard(0, who="a"), heard(1, who="a", days=95)]
    assert issue_of(again).is_voice.all()  # a voice again, after ninety days
    assert not is_shared(*again, days=95)
    assert is_shared(heard(0, who="a"), heard(1, who="b", days=95), days=95)


def test_whom_nobody_knows_counts_as_a_person_each() -> None:
    assert is_shared(heard(0, who=None), heard(1, who=None))


def test_people_of_more_than_120_days_ago_do_not_make_it_shared() -> None:
    pair = [heard(0, who="a"), heard(1, who="b", days=120)]
    assert is_shared(*pair, days=119)
    assert not is_shared(*pair, days=120)


@pytest.mark.parametrize(
    ("third", "shared"),
    [({}, True), (QUESTION, False), ({"title": ASKED}, True), ({"kind": Kind.ENQUIRY}, False)],
    ids=["a complaint", "a question", "sorted as a complaint", "sorted as an enquiry"],
)
def test_questions_alone_are_no_grievance_until_somebody_complains(third: dict[str, object], shared: bool) -> None:
    asked = [heard(i, who=f"p{i}", **QUESTION) for i in range(2)]  # type: ignore[arg-type]
    assert is_shared(*asked, heard(2, who="c", **third)) is shared  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "title",
    ["咨询新生儿参保问题", "关于咨询落户政策", "想咨询一下学位", "关于在职人员档案调动的咨询", "车辆过户手续咨询"],
)
def test_titles_that_only_ask(title: str) -> None:
    assert only_asks(title)
    assert only_asks(f" {title}\n")


@pytest.mark.parametrize(
    "title", ["投诉某教育咨询公司不退费", "多次咨询没有人管", "关于某咨询公司拖欠工资的问题", "请问路灯什么时候修", ""]
)
def test_titles_that_do_more_than_ask(title: str) -> None:
    assert not only_asks(title)


def test_rows_of_nobody_are_no_grievance() -> None:
    memory = issue_of([heard(0, who="a")])
    assert not is_shared_grievance(memory, np.empty(0, np.int64), 2, FIRST_DAY)


def test_what_today_brings_does_not_move_the_number_from_which_an_issue_is_shown() -> None:
    rule, day = DetectorSettings(), START + timedelta(days=10)
    memory = city(np.array([1, 2, 2, 10, 10]), np.full(5, 8), np.full(5, 0.3))
    memory.members = {8: array("q", range(5))}
    memory.last_alert[8] = LastAlert(START + timedelta(days=2), 3)  # shown again from six people on, three are known
    assert least_shown(memory, np.array([8]), day, rule).tolist() == [3]


def test_quiet_days_are_counted_from_the_last_new_voice() -> None:
    memory = issue_of([heard(0, who="a"), heard(1, who="a", days=50)])  # who writes again is nobody new
    assert state_before(memory, memory.rows_of(1), FIRST_DAY + timedelta(days=60)) == (1, 60)
