"""Levels by first match, deadlines from the morning they are read, and the proposed owner."""

from datetime import date, datetime

import pytest

from signals.clock import LOCAL
from signals.levels import due_at, level_of, owner_of
from signals.records import Kind, Level, Report, Source
from signals.settings import LevelSettings

RULE = LevelSettings()
NOON = datetime(2025, 3, 1, 12, tzinfo=LOCAL)


def level(*, danger: bool = False, points: float = 0, people: int = 1, households: int = 0, areas: int = 1) -> Level:
    return level_of(in_danger=danger, points=points, n_complainants=people, n_households=households, n_areas=areas,
                    rule=RULE)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"danger": True}, Level.RED), ({"points": 80, "people": 20}, Level.RED),
        ({"points": 80, "households": 100}, Level.RED), ({"points": 99, "people": 19}, Level.ORANGE),
        ({"points": 60}, Level.ORANGE), ({"areas": 2}, Level.ORANGE), ({"points": 59.9}, Level.YELLOW),
        ({"points": 40}, Level.YELLOW), ({"people": 5}, Level.YELLOW), ({"points": 39.9, "people": 4}, Level.BLUE),
    ],
)  # fmt: skip
def test_levels_are_decided_by_the_first_rule_that_holds(given: dict[str, float], expected: Level) -> None:
    assert level(**given) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raised", "day", "hour"), [(Level.RED, 2, 9), (Level.ORANGE, 4, 8), (Level.YELLOW, 3, 8), (Level.BLUE, 3, 8)]
)
def test_hours_run_from_eight_the_next_morning(raised: Level, day: int, hour: int) -> None:
    assert due_at(raised, date(2025, 3, 1), RULE) == datetime(2025, 3, day, hour, tzinfo=LOCAL)


def test_a_site_sets_the_hour_of_reading_and_the_hours_to_answer() -> None:
    rule = LevelSettings(read_at_hour=0, hours={"red": 2, "orange": 72, "yellow": 24, "blue": 168})
    assert due_at(Level.RED, date(2024, 12, 31), rule) == datetime(2025, 1, 1, 2, tzinfo=LOCAL)
    assert due_at(Level.BLUE, date(2024, 2, 28), rule) == datetime(2024, 3, 7, 0, tzinfo=LOCAL)  # over a leap day


def test_a_site_sets_the_thresholds_of_levels() -> None:
    rule = LevelSettings(orange_areas=3, yellow_complainants=10, red_points=50, red_households=30)

    def level_by(points: float, people: int, households: int, areas: int) -> Level:
        return level_of(in_danger=False, points=points, n_complainants=people, n_households=households, n_areas=areas,
                        rule=rule)  # fmt: skip

    assert [level_by(0, 9, 0, 2), level_by(0, 10, 0, 2), level_by(0, 1, 0, 3), level_by(50, 1, 30, 1)] == [
        Level.BLUE, Level.YELLOW, Level.ORANGE, Level.RED
    ]  # fmt: skip


def test_a_level_never_falls_when_anything_gets_worse() -> None:
    order = list(Level)[::-1]  # blue … red
    given = [(0.0, 1, 0, 1), (45.0, 3, 20, 1), (70.0, 19, 99, 1), (85.0, 19, 99, 1), (85.0, 20, 0, 2)]
    for points, people, households, areas in given:
        here = order.index(level(points=points, people=people, households=households, areas=areas))
        for worse in (
            level(points=points + 20, people=people, households=households, areas=areas),
            level(points=points, people=people + 10, households=households, areas=areas),
            level(points=points, people=people, households=households + 90, areas=areas),
            level(points=points, people=people, households=households, areas=areas + 1),
            level(danger=True, points=points, people=people, households=households, areas=areas),
        ):
            assert order.index(worse) >= here


def test_the_owner_is_the_configured_unit_of_the_commonest_category_then_the_unit_named_most_often() -> None:
    def report(category: str, unit: str) -> Report:
        return Report(Source.GRID, "1", NOON, NOON, "", "", Kind.COMPLAINT, category=category, unit=unit)

    reports = [report("噪声", "乙局"), report("物业管理/电梯", "甲局"), report("物业管理/电梯", "乙局")]
    assert owner_of(reports, {"物业": "住建局", "噪声": "生态环境局"}) == "住建局"
    assert owner_of(reports, {}) == "乙局"
    assert owner_of([report("", "")], {}) == "待定"


def test_of_two_units_named_equally_often_the_choice_does_not_depend_on_the_order() -> None:
    reports = [Report(Source.GRID, unit, NOON, NOON, "", "", unit=unit) for unit in ("丙局", "甲局", "乙局")]
    assert owner_of(reports, {}) == owner_of(reports[::-1], {})
    assert owner_of([*reports, reports[2]], {}) == "乙局"
