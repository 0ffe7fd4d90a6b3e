"""The closed loop: which steps may follow, what each needs, what taking one back leaves."""

from datetime import datetime, timedelta

import pytest

from signals.clock import LOCAL
from signals.errors import StateError
from signals.handling import ENGINE, Step, case_of, check_step, may_follow
from signals.records import Handling

START = datetime(2025, 3, 1, tzinfo=LOCAL)
DUE = START + timedelta(days=2)


def loop(*names: str) -> list[Handling]:
    """Steps an hour apart; `found` and `again` by the engine, the others by the duty officer."""
    steps = []
    for hour, name in enumerate(names):
        at, by_engine = START + timedelta(hours=hour), name in ("found", "again")
        step = {"again": "reopened"}.get(name, name)
        unit = "区住建局" if name == "owned" else ""
        due = DUE if name == "found" else DUE + timedelta(days=5) if name == "owned" else None
        steps.append(Handling(7, step, at, ENGINE if by_engine else "duty", "", unit, due))
    return steps


@pytest.mark.parametrize(
    ("names", "place", "follow"),
    [
        ("found", "found", "reported owned dismissed"),
        ("found reported", "reported", "owned dismissed undone"),
        ("found reported owned", "owned", "handled owned undone"),
        ("found reported owned handled", "handled", "verified reopened undone"),
        ("found reported owned handled verified", "verified", "reopened undone"),
        ("found dismissed", "dismissed", "reopened undone"),
        ("found reported owned handled reopened", "owned", "handled owned undone"),
        ("found reported owned handled verified again", "owned", "handled owned undone"),
        ("found dismissed undone", "found", "reported owned dismissed"),
        ("found reported owned undone undone", "found", "reported owned dismissed"),
        ("found reported undone undone undone", "found", "reported owned dismissed"),
        ("found dismissed found", "found", "reported owned dismissed"),  # a new alert is a new case
        ("found reported owned found", "owned", "handled owned undone"),  # but not while the last one is open
    ],
)
def test_where_a_case_stands_and_what_may_follow(names: str, place: str, follow: str) -> None:
    case = case_of(loop(*names.split(" ")))
    assert case is not None
    assert (case.place, " ".join(may_follow(case))) == (place, follow)


def test_steps_before_any_alert_are_no_case() -> None:
    assert case_of(loop("reported", "owned")) is None


def test_whoever_owns_a_case_keeps_it_and_its_deadline_when_it_alerts_again() -> None:
    case = case_of(loop("found", "owned", "found"))
    assert case is not None
    assert (case.unit, case.due_at, case.n_alerts) == ("区住建局", DUE + timedelta(days=5), 2)


def test_a_new_alert_of_a_case_that_nobody_owns_brings_its_own_deadline() -> None:
    later = Handling(7, "found", START + timedelta(days=3), ENGINE, "", "街道办", DUE + timedelta(days=3))
    steps = [*loop("found", "reported"), later]
    case = case_of(steps)
    assert case is not None
    assert (case.unit, case.due_at, case.done) == ("街道办", DUE + timedelta(days=3), (Step.FOUND, Step.REPORTED))


def test_a_step_taken_back_leaves_the_unit_and_deadline_of_before() -> None:
    case = case_of(loop("found", "owned", "undone"))
    assert case is not None
    assert (case.unit, case.due_at, case.last) == ("", DUE, None)


AT = START + timedelta(days=1)
NEEDS = [
    ("found", Handling(7, "owned", AT, "duty", "", " ", DUE), "交给哪个单位"),
    ("found", Handling(7, "owned", AT, "duty", "", "区住建局", AT), "办理期限不对"),
    ("found", Handling(7, "owned", AT, "duty", "", "区住建局"), "办理期限不对"),
    ("found", Handling(7, "dismissed", AT, "duty", "不想管"), "为什么不立"),
    ("found owned", Handling(7, "handled", AT, "duty", "已办 "), "做了什么"),
    ("found owned handled", Handling(7, "verified", AT, "duty"), "谁怎样核查的"),
    ("found owned handled verified", Handling(7, "reopened", AT, "duty", "又 来 了"), "为什么重新打开"),
    ("found", Handling(7, "verified", AT, "duty", "现场看过已经修好"), "现在是“发现”，不能记“核查验收”"),
    ("found owned handled verified", Handling(7, "handled", AT, "duty", "又修了一次路面"), "应为 重新打开、撤回上一步"),
]


@pytest.mark.parametrize(("names", "step", "said"), NEEDS)
def test_a_step_that_may_not_follow_or_lacks_what_it_needs_is_a_sentence(names: str, step: Handling, said: str) -> None:
    with pytest.raises(StateError, match=said):
        check_step(case_of(loop(*names.split(" "))), step)


@pytest.mark.parametrize(
    ("names", "step"),
    [
        ("found", Handling(7, "reported", AT, "duty")),
        ("found", Handling(7, "owned", AT, "duty", "", "区住建局", DUE)),
        ("found reported", Handling(7, "dismissed", AT, "duty", "已知情况：上周已修")),
        ("found owned", Handling(7, "handled", AT, "duty", "已更换路灯两盏")),
        ("found owned handled", Handling(7, "verified", AT, "duty", "值班员现场核查，灯已亮")),
        ("found reported", Handling(7, "undone", AT, "duty")),
    ],
)
def test_a_step_that_has_what_it_needs_is_taken(names: str, step: Handling) -> None:
    check_step(case_of(loop(*names.split(" "))), step)


def test_an_issue_without_an_alert_has_nothing_to_handle() -> None:
    with pytest.raises(StateError, match="还没有预警"):
        check_step(None, Handling(7, "reported", AT, "duty"))
