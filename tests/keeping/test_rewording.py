"""Which names go with the reports that said them; every text here is invented."""

import pytest

from signals.alerts import ERASED_NAME
from signals.keeping.rewording import SENSITIVE_NAME, Members, Spoken

GOING = Spoken("关于反映A3区玉兰苑（B座）电梯停运的问题，请尽快解决", "", True)
OTHER = Spoken("玉兰苑电梯坏了", "", True)


@pytest.mark.parametrize("name", ["A3区玉兰苑（B座）电梯停运", "反映a3区玉兰苑(b座)电梯停运", "A3区玉兰苑（B座）电梯…"])
def test_a_name_goes_with_the_only_report_that_said_it_by_whichever_rule_it_was_cut(name: str) -> None:
    assert Members((GOING,), (OTHER,)).instead_of({name}) == {name: "玉兰苑电梯坏了"}


def test_a_name_that_a_report_that_stays_says_too_stays() -> None:
    assert Members((GOING,), (GOING, OTHER)).instead_of({"A3区玉兰苑（B座）电梯停运"}) == {}


def test_a_name_that_no_report_said_stays() -> None:
    assert Members((GOING,), (OTHER,)).instead_of({"", ERASED_NAME, SENSITIVE_NAME, "玉兰苑电梯坏了"}) == {}


def test_a_closed_report_neither_keeps_a_name_nor_gives_one() -> None:
    closed = Spoken(GOING.title, "", False)
    assert Members((GOING,), (closed,)).instead_of({"A3区玉兰苑（B座）电梯停运"}) == {
        "A3区玉兰苑（B座）电梯停运": SENSITIVE_NAME
    }
    assert Members((GOING,), ()).instead_of({"A3区玉兰苑（B座）电梯停运"}) == {"A3区玉兰苑（B座）电梯停运": ERASED_NAME}
