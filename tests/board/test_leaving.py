"""Tables that leave: what the page shows, and no small number that could be had by subtraction."""

import random
from dataclasses import replace
from datetime import date, datetime
from itertools import product

import pytest
from streamlit.testing.v1 import AppTest

from board.charts_themes import HeatRow
from board.hiding import Shown
from board.leaving import PAST_HEAD, RADAR_HEAD, past_sheet, radar_sheet, service_sheet, week_sheet
from board.queries_indicators import MEASURES, Figure, ServiceRow
from board.queries_radar import Position, RadarIssue
from board.queries_today import PastAlert
from signals.clock import LOCAL
from tests.board.test_views import Point, open_view

DAY = date(2025, 4, 10)
ISSUE = RadarIssue(1, "=路灯不亮", "weak", 12, Position(9, 7, 2), Position(9, 7, 2), 1, 30.0, None, DAY, (), (), (), ())
PEOPLE = ("近28天反映人", "前两周反映人", "近两周反映人", "近120天反映人")


def told(n_120: int, n_now: int, n_before: int) -> dict[str, str]:
    issue = replace(ISSUE, n_complainants=n_120, now=Position(n_now + n_before, n_now, n_before))
    [row] = radar_sheet([issue], lambda _: "某区", k=5).rows
    return dict(zip(RADAR_HEAD, row, strict=True))


def test_a_fortnight_of_two_people_is_not_had_from_the_other_and_the_whole() -> None:
    row = told(30, 7, 2)
    assert row["前两周反映人"] == "少于5"
    assert row["近两周反映人"] == "隐"
    assert row["增长"] == "隐"  # it would say how many there were before
    assert row["近28天反映人"] == "9"


def test_points_that_a_district_may_not_know_leave_as_words() -> None:
    [row] = radar_sheet([replace(ISSUE, risk_points=None)], lambda _: "某区", k=5).rows
    assert dict(zip(RADAR_HEAD, row, strict=True))["矛盾风险分"] == "不显示"


def test_a_chance_leaves_beside_the_points_and_nothing_where_there_is_none() -> None:
    sheet = radar_sheet([ISSUE, replace(ISSUE, risk=0.337)], lambda _: "某区", k=5)
    assert [dict(zip(RADAR_HEAD, row, strict=True))["30天内升级可能"] for row in sheet.rows] == ["", "34%"]


def test_large_numbers_leave_as_they_are() -> None:
    assert [told(90, 20, 10)[name] for name in PEOPLE] == ["30", "10", "20", "90"]
    assert told(90, 20, 10)["增长"] == "1.8 倍"


@pytest.mark.parametrize("seed", range(40))
def test_whoever_tries_all_numbers_still_thinks_several_possible(seed: int) -> None:
    draw = random.Random(seed)
    now, before, earlier = (draw.choice([0, 1, 2, 3, 4, 5, 6, 9, 20]) for _ in range(3))
    row = told(now + before + earlier, now, before)
    fitting = [
        numbers for numbers in product(range(30), repeat=3)
        if all(fits(row[name], n) for name, n in zip(PEOPLE, whole_of(*numbers), strict=True))
    ]  # fmt: skip
    for part, n in enumerate((now, before, earlier)):
        if 0 < n < 5:
            assert len({numbers[part] for numbers in fitting}) >= 4, (now, before, earlier, row)


def whole_of(now: int, before: int, earlier: int) -> tuple[int, int, int, int]:
    return (now + before, before, now, now + before + earlier)


def fits(word: str, n: int) -> bool:
    """Whether a reader of the word must think the number possible."""
    return n < 5 if word == "少于5" else n >= 5 if word == "隐" else n == int(word)


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [(6, 40, ("6", "40")), (3, 40, ("少于5", "40")), (6, 8, ("隐", "8")), (9, 7, ("9", "隐")), (6, 6, ("6", "6")),
     (6, None, ("6", "—")), (3, None, ("少于5", "—"))],
)
def test_who_came_since_an_alert_is_not_told_where_they_are_few(
    then: int, now: int | None, said: tuple[str, str]
) -> None:
    alert = PastAlert(DAY, 7, "路灯不亮", "blue", then, now, "区市政部门", datetime(2025, 4, 11, 8, tzinfo=LOCAL))
    [row] = past_sheet([alert], {}, k=5).rows
    cells = dict(zip(PAST_HEAD, row, strict=True))
    assert (cells["当时反映人"], cells["现在反映人"]) == said


def test_hidden_figures_and_weeks_leave_as_words() -> None:
    figures = {measure: Figure(None, None, "少于5") for measure in MEASURES}
    [row] = service_sheet({"截至": "2025-04-10"}, "区县", [("恩平市", ServiceRow("440785", figures))]).rows
    assert row[:2] == ("2025-04-10", "恩平市")
    assert set(row[2:]) == {"少于5"}
    [row] = week_sheet({}, [HeatRow("施工噪声", (Shown(None, "隐"), Shown(12, "12")))], (DAY, DAY)).rows
    assert row == ("施工噪声", "隐", "12")


@pytest.mark.parametrize(
    ("view", "name"),
    [("today.py", "此前预警"), ("radar.py", "弱信号雷达"), ("hotspots.py", "热点图"), ("themes.py", "主题趋势"),
     ("indicators.py", "指标"), ("handling.py", "处置闭环")],
)  # fmt: skip
def test_the_page_offers_its_table(view: str, name: str, full_folder: object, on_loopback: Point) -> None:
    on_loopback(full_folder)  # type: ignore[arg-type]
    board: AppTest = open_view(view)
    assert not board.exception
    assert [f"download-{name}" in str(each.proto.id) for each in board.get("download_button")] == [True]


@pytest.mark.parametrize(
    ("query", "name"), [({"kind": "risk"}, "风险地图"), ({"kind": "zone"}, "热区"), ({"kind": "theme"}, "热点图")]
)
def test_each_kind_of_map_offers_its_table(
    query: dict[str, str], name: str, full_folder: object, on_loopback: Point
) -> None:
    on_loopback(full_folder)  # type: ignore[arg-type]
    board = open_view("hotspots.py", **query)
    assert [f"download-{name}" in str(each.proto.id) for each in board.get("download_button")] == [True]
