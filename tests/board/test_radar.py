"""The radar: counted by hand on a few reports, held to its day, and silent about what may not be shown."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from board.charts_radar import radar_chart
from board.permission import Viewer
from board.queries_radar import Position, Radar, RadarIssue, radar
from board.radar_parts import counted_only, radar_table
from signals.clock import LOCAL, end_of
from signals.store.warehouse import reading, writing
from tests.board.conftest import ROOT
from tests.board.seeded import LAST_DAY, OFFICE_TITLE, RESTRICTED_TITLE
from tests.board.test_views import Point, open_view, page_text
from tests.board.viewers import CENTRE, STRICT

DAY = date(2025, 4, 10)
LATER = DAY + timedelta(days=1)


@dataclass(frozen=True)
class Heard:
    """One report of the little city, so many days before DAY."""

    issue: int
    ago: int
    is_voice: bool = True
    restricted: str = ""
    area: str = "440703"
    title: str = "路灯不亮"
    name: str = "议题甲"
    category: str = "城乡建设/设施维护"


def write(path: Path, heard: list[Heard], *, first: int = 1) -> Path:
    """A warehouse of these reports, numbered in their order, each linked on its day and its issue described then."""
    with writing(path) as con:
        for number, one in enumerate(heard, start=first):
            day, key = DAY - timedelta(days=one.ago), f"hotline:{number}"
            at = datetime.combine(day, time(9), LOCAL)
            text = (one.title, "灯坏了。", "", "complaint", one.category, one.area, "", "", "", "")
            _put(con, "reports", (key, "hotline", key, 1, number, at, at, *text, None, one.restricted, "", key))
            counted = "report_days (report_key, day, place, is_voice, is_first, copy_of)"
            _put(con, counted, (key, day, number, one.is_voice, False, ""))
            _put(con, "links", (key, one.issue, day, None, 0.3, "engine"))
            con.execute("DELETE FROM issue_days WHERE issue_id = ? AND day = ?", [one.issue, day])
            state = (one.issue, day, f"{one.name}{one.issue}", "weak", 1, 1, 1, 1, day, day)
            _put(con, "issue_days", (*state, [], [], [], None, [], 0.1, 1.0, 30.0, "blue", [], None))
    return path


def _put(con: Any, table: str, row: tuple[Any, ...]) -> None:
    con.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def alert(con: Any, issue: int, day: date, key: str) -> None:
    row = (day, issue, "甲", "blue", "weak", 1.0, 1.0, "scan", 1.0, None, 1, 1, 0.1, 1, 7, day, [], [], [], [], [], [],
           [key], "", end_of(day), None, [], False, None)  # fmt: skip
    _put(con, "alerts", row)


def seen_on(path: Path, day: date = DAY, viewer: Viewer = STRICT) -> Radar:
    with reading(path) as con:
        return radar(con, viewer, day)


def only(path: Path, day: date = DAY) -> RadarIssue:
    (issue,) = seen_on(path, day).issues
    return issue


def test_the_windows_are_28_and_twice_14_days_with_the_day_itself(tmp_path: Path) -> None:
    path = write(tmp_path / "w.duckdb", [Heard(1, ago) for ago in (0, 13, 14, 27, 28, 119, 120)])
    assert only(path).now == Position(n_level=4, n_now=2, n_before=2)
    assert only(path).n_complainants == 6


def test_where_an_issue_stood_a_week_ago_knows_nothing_of_the_week(tmp_path: Path) -> None:
    path = write(tmp_path / "w.duckdb", [Heard(1, ago) for ago in (0, 6, 7, 20, 21, 34, 35)])
    assert only(path).before == Position(n_level=4, n_now=2, n_before=2)


def test_a_report_that_is_no_new_voice_adds_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "w.duckdb", [Heard(1, 0), Heard(1, 1), Heard(1, 0, is_voice=False)])
    assert only(path).now.n_level == 2


def test_a_report_counts_as_a_correction_says_from_the_day_it_is_in_force(tmp_path: Path) -> None:
    path = write(tmp_path / "w.duckdb", [Heard(1, 5), Heard(1, 5), Heard(1, 5, is_voice=False)])
    with writing(path) as con:
        _put(con, "recounted", ("hotline:3", DAY, True, False))
    assert only(path, DAY - timedelta(days=1)).now.n_level == 2
    assert only(path).now.n_level == 3


@pytest.mark.parametrize(
    ("days", "stage"),
    [((0, 1), "weak"), ((0, 1, 2), "emerging"), (range(10), "strong"), ((21, 22, 23), "fading"), ((40, 41), "weak")],
)
def test_the_stage_is_that_of_the_day(days: tuple[int, ...], stage: str, tmp_path: Path) -> None:
    assert only(write(tmp_path / "w.duckdb", [Heard(1, ago) for ago in days])).stage == stage


def test_an_issue_between_two_stored_states_ages_all_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "w.duckdb", [Heard(1, ago) for ago in (0, 1, 2)])
    assert only(path, DAY + timedelta(days=20)).stage == "emerging"
    assert only(path, DAY + timedelta(days=21)).stage == "fading"


def test_a_matter_of_one_person_is_counted_and_not_drawn(tmp_path: Path) -> None:
    seen = seen_on(write(tmp_path / "w.duckdb", [Heard(1, 0), Heard(1, 1, is_voice=False), Heard(2, 0), Heard(2, 0)]))
    assert ([issue.issue_id for issue in seen.issues], seen.n_single) == ([2], 1)


def test_issues_come_fastest_growing_first_and_the_city_is_the_sum(tmp_path: Path) -> None:
    path = write(
        tmp_path / "w.duckdb", [Heard(1, 20), Heard(1, 0), Heard(2, 0), Heard(2, 0), Heard(3, 20), Heard(3, 20)]
    )
    seen = seen_on(path)
    assert [(issue.issue_id, issue.now.growth) for issue in seen.issues] == [(2, 2.0), (1, 1.0), (3, 0.5)]
    assert seen.city == Position(6, 3, 3)


def test_nothing_that_became_known_later_changes_a_day(tmp_path: Path) -> None:
    heard = [Heard(1, 3), Heard(1, 2), Heard(2, 9), Heard(2, 8)]
    path = write(tmp_path / "w.duckdb", heard)
    before = seen_on(path)
    write(
        path,
        [
            Heard(1, -1, title="议题甲1", restricted="minor"),
            Heard(2, -2, name="后来的名字"),
            Heard(3, -1),
            Heard(3, -1),
        ],
        first=10,
    )
    with writing(path) as con:
        con.execute("UPDATE links SET until_on = ? WHERE issue_id = 2 AND from_on <= ?", [LATER, DAY])
        for number in (3, 4):
            _put(con, "links", (f"hotline:{number}", 1, LATER, None, 0.3, "engine"))
        con.execute("UPDATE issues SET name = '后来的名字', merged_into = 1, merged_on = ? WHERE issue_id = 2", [LATER])
        con.execute("INSERT INTO updates VALUES ('hotline:1', 'void', '作废', NULL, ?, 1)", [end_of(DAY)])
        alert(con, 1, LATER, "hotline:1")
    assert seen_on(path) == before
    assert seen_on(path, DAY + timedelta(days=2)) != before


def test_a_void_report_no_longer_counts_once_that_is_known(tmp_path: Path) -> None:
    path = write(tmp_path / "w.duckdb", [Heard(1, 3), Heard(1, 2), Heard(1, 1)])
    with writing(path) as con:
        con.execute(
            "INSERT INTO updates VALUES ('hotline:1', 'void', '作废', NULL, ?, 1)", [end_of(DAY) - timedelta(1)]
        )
    assert only(path, DAY - timedelta(days=1)).now.n_level == 3
    assert only(path).now.n_level == 2


def test_an_alert_follows_its_reports_into_the_issue_that_took_them_up(tmp_path: Path) -> None:
    path = write(tmp_path / "w.duckdb", [Heard(1, 9), Heard(1, 8), Heard(2, 7), Heard(2, 7)])
    with writing(path) as con:
        alert(con, 2, DAY - timedelta(days=7), "hotline:3")
        con.execute("UPDATE links SET until_on = ? WHERE issue_id = 2", [DAY - timedelta(days=3)])
        for number in (3, 4):
            _put(con, "links", (f"hotline:{number}", 1, DAY - timedelta(days=3), None, 0.3, "engine"))
    assert only(path).alerted_on == DAY - timedelta(days=7)
    assert only(path, DAY + timedelta(days=20)).alerted_on == DAY - timedelta(days=7)
    assert only(path, DAY + timedelta(days=21)).alerted_on is None


def test_an_issue_of_sensitive_reports_only_is_a_number(tmp_path: Path) -> None:
    path = write(tmp_path / "w.duckdb", [Heard(1, 0, restricted="minor"), Heard(1, 1, restricted="minor")])
    assert (seen_on(path).issues, seen_on(path).n_withheld) == ((), 1)


def test_a_sensitive_report_counts_but_tells_neither_name_nor_place_nor_category(tmp_path: Path) -> None:
    closed = Heard(1, 0, restricted="minor", area="440781", title="议题甲1 的孩子", category="敏感/其他")
    issue = only(write(tmp_path / "w.duckdb", [Heard(1, 1), Heard(1, 2), closed]))
    assert (issue.now.n_level, issue.name) == (3, "议题 1")
    assert (issue.areas, issue.categories) == (("440703",), ("城乡建设",))


def test_the_radar_of_the_seeded_city(seeded_warehouse: Path) -> None:
    seen = seen_on(seeded_warehouse, LAST_DAY)
    assert {issue.issue_id for issue in seen.issues} == set(range(1, 24))
    assert (seen.n_withheld, seen.n_single) == (2, 0)
    first = next(issue for issue in seen.issues if issue.issue_id == 1)
    assert (first.stage, first.now.n_level, first.alerted_on) == ("strong", 20, LAST_DAY)


def test_a_picture_has_a_mark_for_every_issue_and_no_two_on_one_spot(tmp_path: Path) -> None:
    heard = [Heard(issue, ago) for issue in range(1, 60) for ago in (1, 2)]
    seen = seen_on(write(tmp_path / "w.duckdb", heard))
    rows = _marks(radar_chart(seen.issues, seen, ["某区"] * len(seen.issues)))
    assert {row["地址"] for row in rows} == {f"issue?issue={n}" for n in range(1, 60)}
    assert len({(round(row["x"], 3), round(row["y"], 3)) for row in rows}) == 59


def test_a_picture_of_the_seeded_city_holds_no_word_of_closed_reports(seeded_warehouse: Path) -> None:
    seen = seen_on(seeded_warehouse, LAST_DAY)
    sent = radar_chart(seen.issues, seen, [""] * len(seen.issues)).to_json(ensure_ascii=False)
    assert seen.issues[0].name in sent
    assert RESTRICTED_TITLE[:8] not in sent
    assert OFFICE_TITLE[:8] not in sent


def test_a_name_with_markup_is_escaped_in_the_table(tmp_path: Path) -> None:
    issue = replace(only(write(tmp_path / "w.duckdb", [Heard(1, 0), Heard(1, 0)])), name="<img src=x>")
    assert "<img" not in radar_table([issue], lambda _: "<b>某地</b>")
    assert "<b>某地" not in radar_table([issue], lambda _: "<b>某地</b>")


def test_whoever_may_not_open_issues_is_led_to_none(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    for role, leads_on in (("建模员", False), ("风险研判员", True)):
        board = open_view("radar.py")
        board.session_state["demo_role"] = role
        board.run()
        assert ("issue?issue=" in page_text(board)) is leads_on
        assert ("issue?issue=" in str(board.get("vega_lite_chart")[0].proto)) is leads_on
        assert ("点开即到议题页" in page_text(board)) is leads_on


def test_what_is_not_drawn_is_said() -> None:
    words = counted_only(2, 785, 184, with_silent=False)
    assert all(said in words for said in ("785 个议题", "184 个微弱议题", "2 个议题只含敏感"))
    assert "184" not in counted_only(2, 785, 184, with_silent=True)


def test_the_page_says_what_each_stage_means_and_leads_to_every_issue(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    shown = page_text(open_view("radar.py"))
    assert "近 28 天有 10 位以上不同的人反映。" in shown
    assert "两边各加 2" in shown
    assert all(f'href="issue?issue={n}"' in shown for n in range(1, 24))


def test_filters_leave_the_issues_that_have_such_a_report(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("radar.py")
    board.selectbox(key="radar_area").set_value("440785").run()
    shown = page_text(board)
    assert shown.count('href="issue?issue=') == 2  # of Enping: 9 and 20
    assert 'href="issue?issue=9"' in shown


def test_a_filter_that_leaves_nothing_says_so(full_folder: Path, on_loopback: Point) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute("UPDATE reports SET source = 'hotline' WHERE source = 'grid'")
    on_loopback(full_folder)
    board = open_view("radar.py")
    board.button_group(key="radar_source").set_value("grid").run()
    assert not board.exception
    assert "这样筛选没有议题" in page_text(board)


def test_an_earlier_day_shows_the_radar_of_that_day(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("radar.py")
    board.selectbox(key="radar_day").set_value(LAST_DAY - timedelta(days=39)).run()
    assert not board.exception
    assert "还没有共同问题" in page_text(board)


@pytest.mark.parametrize("order", ["growth", "level", "risk"])
def test_the_table_can_be_put_in_another_order(order: str, full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("radar.py")
    board.button_group(key="radar_order").set_value(order).run()
    assert not board.exception
    by_id = {issue.issue_id: issue for issue in seen_on(full_folder / "jianwei.duckdb", LAST_DAY, CENTRE).issues}
    shown = [by_id[int(number)] for number in re.findall(r"issue\?issue=(\d+)", page_text(board))]
    values = [{"growth": i.now.growth, "level": i.now.n_level, "risk": i.risk_points}[order] for i in shown]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) > 1


def test_who_is_not_signed_in_sees_nothing_of_the_radar(
    full_folder: Path, on_loopback: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_loopback(full_folder)
    monkeypatch.setenv("JIANWEI_DEMO", "false")
    board = AppTest.from_file(str(ROOT / "board/views/radar.py"), default_timeout=60).run()
    assert not board.exception
    assert "请先登录" in page_text(board)
    assert "议题" not in page_text(board)
    assert not board.selectbox


def _marks(chart: Any) -> list[dict[str, Any]]:
    """The rows behind the marks, as sent to the browser."""
    sets = chart.to_dict()["datasets"].values()
    return next(rows for rows in sets if rows and "地址" in rows[0])
