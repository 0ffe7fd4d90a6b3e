"""Which issues rose in the same days, and that they become one on any evening."""

from array import array
from datetime import timedelta

import numpy as np

from signals.day import _merge
from signals.linking.merging import Merge
from signals.memory import GRADES, Memory
from signals.refreshing import refresh
from signals.settings import LinkingSettings, Settings
from signals.together import KNOWN_DAYS, risen_together
from tests.engine.issues import heard, issue_of
from tests.engine.stream import FIRST_DAY
from tests.engine.voices import START, at, city

FRIDAY = FIRST_DAY + timedelta(days=36)


def risen(*issues: list[int], known_days: int = 60) -> list[int]:
    """The issues, numbered from 1, that rose by the day 100; given are the days of the reports of each."""
    days = np.concatenate([np.array(one) for one in issues])
    numbers = np.repeat(np.arange(1, len(issues) + 1), [len(one) for one in issues])
    order = np.argsort(days, kind="stable")
    memory = city(days[order], numbers[order], np.full(len(days), GRADES[-1]))
    day = at(memory, 100)
    memory.days = [START + timedelta(days=i) for i in range(101 - known_days, 101)]
    return risen_together(memory, day).tolist()


def test_an_issue_of_five_late_reports_rose_and_a_lasting_one_did_not() -> None:
    assert risen([90, 91, 95, 99, 100], list(range(20, 101, 5)), [97, 98, 99, 100]) == [1]


def test_an_old_report_among_many_late_ones_does_not_matter() -> None:
    assert risen([10, 91, 92, 95, 99, 100], [10, 20, 91, 92, 95, 99, 100]) == [1]


def test_the_days_looked_at_end_with_the_day() -> None:
    assert risen([87] * 5, [86] * 5) == [1]


def test_what_is_void_does_not_count() -> None:
    memory = city(np.array([95] * 5), np.ones(5, int), np.full(5, GRADES[-1]))
    memory.days = [START + timedelta(days=i) for i in range(101)]
    assert risen_together(memory, at(memory, 100)).tolist() == [1]
    memory.void[0] = True
    assert risen_together(memory, at(memory, 100)).tolist() == []


def test_in_a_young_stream_everything_is_new_and_nothing_rose() -> None:
    assert risen([95] * 5, known_days=KNOWN_DAYS) == [1]
    assert risen([95] * 5, known_days=KNOWN_DAYS - 1) == []


def two_that_rose() -> Memory:
    """Two issues of five reports each that say different things about one closed port, all of the last days."""
    said = ("码头停航几天了什么时候开船", "港口外面堵车几公里车没油了")
    entries = [heard(i, who=f"p{i}", days=30 + i % 5, title="", body=said[i % 2] + "，秀丽港") for i in range(10)]
    memory = issue_of(entries)
    memory.issue[:] = 1 + np.arange(10) % 2
    memory.members = {i: array("q", np.flatnonzero(memory.issue == i).tolist()) for i in (1, 2)}
    memory.days = [FIRST_DAY + timedelta(days=i) for i in range(37)]
    refresh(memory, FRIDAY, LinkingSettings(max_document_share=1))  # each word is in half of the texts
    return memory


def test_they_become_one_on_the_same_evening_and_others_only_on_sunday() -> None:
    loose = Settings(linking=LinkingSettings(merge_similarity=1, together_similarity=0))
    (step,) = _merge(two_that_rose(), FRIDAY, loose)
    assert (step.absorbed, step.survivor) == (2, 1)
    assert isinstance(step, Merge)
    old = two_that_rose()
    old.day[:4] = FRIDAY.toordinal() - 30  # both are lasting matters
    assert _merge(old, FRIDAY, loose.model_copy(update={"linking": LinkingSettings(merge_similarity=0)})) == ()
    assert len(_merge(old, FRIDAY + timedelta(days=2), Settings(linking=LinkingSettings(merge_similarity=0)))) == 1
