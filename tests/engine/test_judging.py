"""Which crossings are alerts and which are updates, where a year before is known."""

from dataclasses import replace
from datetime import timedelta

import pytest

from signals.alerts import describe, raise_alert
from signals.judging import judge
from signals.memory import LastAlert
from tests.engine.issues import SETTINGS, heard, issue_of
from tests.engine.stream import FIRST_DAY
from tests.engine.test_alerts import CROSSING


@pytest.mark.parametrize(
    ("n_dangers", "again", "kind", "says_so"),
    [(0, False, "update", True), (2, False, "alert", False), (0, True, "update", False)],
)
def test_what_its_season_explains_is_an_update_but_red_is_an_alert_and_what_is_shown_already_says_nothing(
    n_dangers: int, again: bool, kind: str, says_so: bool
) -> None:
    day = FIRST_DAY + timedelta(days=1)
    entries = [replace(heard(i, who=f"p{i}", days=i % 2), danger="电梯困人" if i < n_dangers else "") for i in range(3)]
    memory = issue_of(entries)
    if again:
        memory.last_alert[CROSSING.issue_id] = LastAlert(FIRST_DAY, 3)
    alerts, updates, _ = judge(
        memory, day, [replace(CROSSING, season_now=9, season_then=8, is_seasonal=True)], [], set(),
        lambda issue, _: describe(memory, issue, day, SETTINGS),
        lambda now, crossing: raise_alert(now, crossing, SETTINGS, area_names={}), SETTINGS,
    )  # fmt: skip
    (shown,) = alerts or updates
    assert (len(alerts), len(updates)) == ((1, 0) if kind == "alert" else (0, 1))
    assert any("去年此时前后" in reason for reason in shown.reasons) is says_so
    assert (CROSSING.issue_id in memory.last_alert) is (kind == "alert" or again)
