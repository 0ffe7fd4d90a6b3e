"""Points that add up, levels by first match, deadlines from the morning they are read."""

from datetime import date, datetime

import pytest

from signals.clock import LOCAL
from signals.levels import due_at, level_of, owner_of
from signals.records import Kind, Level, Report, Source
from signals.risk import chinese_number, risk_points, stated_group
from signals.settings import LevelSettings
from tests.engine.stream import make_stream
from tests.engine.worlds import stream_days, world_of

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


@pytest.mark.parametrize(
    ("text", "number"),
    [("两千三百", 2300), ("二十", 20), ("十", 10), ("一百零五", 105), ("三百", 300), ("418", 418)],
)
def test_numbers_in_words(text: str, number: int) -> None:
    assert chinese_number(text) == number


def test_the_size_of_a_group_is_the_largest_that_is_stated() -> None:
    assert stated_group("我们小区200多户业主，二期三百二十户也一样，3个电梯") == 320
    assert stated_group("我一个人住在12栋") == 0


def test_the_owner_is_the_configured_unit_of_the_commonest_category_then_the_unit_named_most_often() -> None:
    def report(category: str, unit: str) -> Report:
        return Report(Source.GRID, "1", NOON, NOON, "", "", Kind.COMPLAINT, category=category, unit=unit)

    reports = [report("噪声", "乙局"), report("物业管理/电梯", "甲局"), report("物业管理/电梯", "乙局")]
    assert owner_of(reports, {"物业": "住建局", "噪声": "生态环境局"}) == "住建局"
    assert owner_of(reports, {}) == "乙局"
    assert owner_of([report("", "")], {}) == "待定"


def test_factors_add_up_to_the_points_on_every_day_and_stay_within_bounds() -> None:
    with world_of(make_stream(16)) as world:
        for day in stream_days(16):
            world.run(day)
        rows = world.connection.execute("SELECT risk_points, factors FROM issue_days").fetchall()
    assert len(rows) > 50
    assert len({factor["name"] for _, factors in rows for factor in factors}) >= 6
    assert [points for points, factors in rows if abs(sum(f["points"] for f in factors) - points) > 0.05] == []
    assert all(0 <= points <= 100 for points, _ in rows)
    assert risk_points(()) == 0
