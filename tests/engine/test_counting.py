"""Who counts as a voice, what an ordinary day is, when an issue may alert again: small cities, counted by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from signals.clock import start_of
from signals.exposure import SHRINK, day_exposure
from signals.memory import LastAlert
from signals.records import Kind, Report, Source, Update
from signals.series import is_suppressed
from tests.engine.stream import FIRST_DAY, Entry
from tests.engine.worlds import world_of

TITLE = "海棠苑搅拌站夜间施工太吵"
BODIES = ("凌晨两点还在装料轰鸣", "整栋楼震得睡不着", "水泥罐车排队按喇叭", "窗台落满一层灰", "投诉多次依然照旧开工")


def heard(number: int, *, who: str | None, minutes: int = 0, days: int = 0, body: str = "", **changes: object) -> Entry:
    at = start_of(FIRST_DAY) + timedelta(days=days, minutes=minutes)
    said = body or f"海棠苑旁边的搅拌站{BODIES[number % len(BODIES)]}"
    report = Report(Source.HOTLINE, f"n{number}", at, at, TITLE, said, Kind.COMPLAINT, area="440703", town="白沙街道")
    return Entry(replace(report, **changes), who)  # type: ignore[arg-type]


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


@pytest.mark.parametrize("kind", [Kind.ENQUIRY, Kind.THANKS])
def test_an_enquiry_or_praise_is_no_voice(kind: Kind) -> None:
    assert list(voices([heard(0, who="a"), heard(1, who="b", kind=kind)]).values()) == [True, False]


def test_a_void_report_is_no_voice() -> None:
    void = heard(1, who="b")
    gone = Update(void.report.key, "void", "作废", None, void.report.known_at)
    assert voices([heard(0, who="a"), replace(void, updates=(gone,))]) == {"n0": True, "n1": False}


def test_without_a_past_every_day_is_ordinary() -> None:
    found = day_exposure(np.zeros((0, 2)), np.zeros(0, np.int64), np.array([3.0, 40.0]), 0)
    assert found.relative.tolist() == [1.0, 1.0]


def test_exposure_is_weekday_shape_times_the_days_total() -> None:
    past = np.tile(np.array([[20.0]] * 5 + [[5.0]] * 2), (8, 1))  # 8 weeks: 20 on working days, 5 at weekends
    weekdays = np.tile(np.arange(7), 8)
    mean = 110 / 7
    monday = (8 * 20 + mean) / 9
    found = day_exposure(past, weekdays, np.array([20.0]), 0)
    assert found.expected[0] == pytest.approx(monday)
    assert found.relative[0] == pytest.approx(monday / mean * (20 + SHRINK) / (monday + SHRINK))


def test_a_day_of_many_reports_of_everything_lets_more_be_heard_but_at_most_twice_as_much() -> None:
    past, weekdays = np.full((56, 1), 20.0), np.tile(np.arange(7), 8)
    assert day_exposure(past, weekdays, np.array([30.0]), 0).relative[0] == pytest.approx(40 / 30)
    assert day_exposure(past, weekdays, np.array([900.0]), 0).relative[0] == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("people", "quiet", "suppressed"), [(5, 0, True), (9, 41, True), (10, 0, False), (5, 42, False), (2, 100, False)]
)
def test_an_issue_alerts_again_at_twice_the_people_or_after_42_quiet_days(
    people: int, quiet: int, suppressed: bool
) -> None:
    with world_of([]) as world:
        world.memory.last_alert[1] = LastAlert(date(2025, 1, 1), 5)
        assert is_suppressed(world.memory, 1, people, quiet, 42) is suppressed
        assert is_suppressed(world.memory, 2, people, quiet, 42) is False
