"""The pictures of an issue's page: its usual range is that of each day, and its map keeps small numbers hidden."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from board.issue_pictures import show_districts
from board.painting import paint_people
from board.permission import Viewer
from board.queries_map import is_mapped
from board.queries_usual import UsualDay, usual_days
from board.tiles import Tile
from signals.detector.youth import days_heard
from signals.settings import DetectorSettings, Settings
from signals.store.warehouse import reading, writing
from signals.usual import Usual, usual_range
from tests.board.seeded import FIRST_DAY, LAST_DAY
from tests.board.test_views import open_view, page_text
from tests.board.viewers import CENTRE, IN_PENGJIANG, OFFICE

Point = Callable[[Path], None]
KNOWN_ON = {  # the day on which a row became known, for every table that the usual range is made of
    "runs": "day", "report_days": "day", "links": "from_on", "day_totals": "day", "evidence": "day",
    "recounted": "from_on",
}  # fmt: skip


def usual(path: Path, issue: int = 1) -> tuple[UsualDay, ...]:
    with reading(path) as con:
        return usual_days(con, CENTRE, issue, FIRST_DAY, DetectorSettings())


def change(path: Path, *statements: str) -> None:
    with writing(path) as con:
        for statement in statements:
            con.execute(statement)


def test_the_line_is_the_new_people_of_the_last_two_weeks(full_folder: Path) -> None:
    with reading(full_folder / "jianwei.duckdb") as con:
        counted = con.execute(
            "SELECT count(*) FROM links JOIN report_days USING (report_key)"
            " WHERE issue_id = 1 AND is_voice AND day > ?::DATE - 14 AND day <= ?", [LAST_DAY, LAST_DAY]
        ).fetchone()  # fmt: skip
    last = usual(full_folder / "jianwei.duckdb")[-1]
    assert counted == (last.n_people,)
    assert last.n_people > last.high


def test_nothing_known_later_changes_the_usual_range_of_a_day(full_folder: Path, tmp_path: Path) -> None:
    path, cut = full_folder / "jianwei.duckdb", tmp_path / "cut.duckdb"
    change(path, f"INSERT INTO recounted VALUES ('hotline:R0001', DATE '{LAST_DAY}', false, false)",
           "UPDATE links SET until_on = DATE '2025-04-09' WHERE report_key = (SELECT max(report_key) FROM links"
           " WHERE issue_id = 1 AND from_on < DATE '2025-04-08')")  # fmt: skip
    whole = usual(path)
    assert len({day.high for day in whole}) > 1
    for back in (1, 2, 5, 8):
        day = LAST_DAY - timedelta(days=back)
        shutil.copy(path, cut)
        change(cut, *(f"DELETE FROM {table} WHERE {known} > DATE '{day}'" for table, known in KNOWN_ON.items()),
               f"UPDATE links SET until_on = NULL WHERE until_on > DATE '{day}'")  # fmt: skip
        assert usual(cut) == tuple(each for each in whole if each.day <= day)


def test_a_report_that_left_the_issue_or_became_void_is_counted_until_then(full_folder: Path) -> None:
    path = full_folder / "jianwei.duckdb"
    before = {each.day: each.n_people for each in usual(path)}
    keys = "(SELECT max(report_key) FROM links JOIN report_days USING (report_key) WHERE issue_id = 1 AND is_voice"
    left = f"{keys} AND day = DATE '2025-04-08')"
    change(path, f"UPDATE links SET until_on = DATE '{LAST_DAY}' WHERE report_key = {left}",
           f"INSERT INTO updates SELECT {keys} AND day = DATE '2025-04-07'), 'void', '', NULL,"
           f" TIMESTAMPTZ '{LAST_DAY} 09:00:00+08', 1")  # fmt: skip
    after = {each.day: each.n_people for each in usual(path)}
    assert {day: before[day] - n for day, n in after.items() if n != before[day]} == {LAST_DAY: 2}


@pytest.mark.parametrize("viewer", [IN_PENGJIANG, OFFICE])
def test_only_the_centre_sees_what_is_usual_in_the_whole_city(full_folder: Path, viewer: object) -> None:
    with reading(full_folder / "jianwei.duckdb") as con:
        assert usual_days(con, viewer, 1, FIRST_DAY, DetectorSettings()) == ()  # type: ignore[arg-type]


def test_before_a_second_person_nothing_is_usual(full_folder: Path, on_loopback: Point) -> None:
    change(full_folder / "jianwei.duckdb", "DELETE FROM evidence WHERE issue_id = 2")
    on_loopback(full_folder)
    assert "还没有可比的平常水平" in page_text(open_view("issue.py", issue="2"))
    assert "平常范围" in page_text(open_view("issue.py", issue="3"))


def test_an_issue_with_a_sensitive_report_is_on_no_map(full_folder: Path, on_loopback: Point) -> None:
    with reading(full_folder / "jianwei.duckdb") as con:
        assert (is_mapped(con, 1), is_mapped(con, 2)) == (True, False)
    on_loopback(full_folder)
    assert "不上地图" in page_text(open_view("issue.py", issue="2"))


def test_the_map_of_an_issue_holds_no_number_below_five(
    full_folder: Path, on_loopback: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Tile] = []
    monkeypatch.setattr(
        "board.issue_pictures.paint_people", lambda areas, **of: drawn.extend(areas) or paint_people(areas, **of)
    )
    on_loopback(full_folder)
    assert "不足 5 人（含没有）" in page_text(open_view("issue.py", issue="1"))
    assert {tile.spot.name for tile in drawn if not tile.shown.is_hidden} == {"蓬江区"}
    assert len(drawn) == 7


@pytest.mark.parametrize("viewer", [IN_PENGJIANG, OFFICE])
def test_a_district_and_an_office_see_no_map_of_an_issue(
    full_folder: Path, viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr("board.issue_pictures.show", shown.append)
    show_districts(SimpleNamespace(viewer=viewer, settings=Settings(folder=full_folder)), SimpleNamespace(issue_id=2))  # type: ignore[arg-type]
    assert shown == []


def test_an_issue_with_few_people_everywhere_is_not_mapped(full_folder: Path, on_loopback: Point) -> None:
    change(full_folder / "jianwei.duckdb", "UPDATE cells SET n_complainants = 4 WHERE subject = 'issue'")
    on_loopback(full_folder)
    assert "各区县都不足 5 位不同的反映人，不画地图" in page_text(open_view("issue.py", issue="1"))


def test_a_day_without_a_run_is_not_drawn(full_folder: Path) -> None:
    change(full_folder / "jianwei.duckdb", f"DELETE FROM runs WHERE day = DATE '{date(2025, 4, 8)}'")
    assert date(2025, 4, 8) not in {each.day for each in usual(full_folder / "jianwei.duckdb")}


def test_the_expectation_rests_on_the_past_before_the_guarded_days_with_its_founder_once(
    full_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[list[int]] = []

    def watched(rate: object, past: Any, exposure: object, *, inflation: object) -> Usual:
        given.append(past.tolist())
        return usual_range(rate, past, exposure, inflation=inflation)  # type: ignore[arg-type]

    monkeypatch.setattr("board.queries_usual.usual_range", watched)
    path = full_folder / "jianwei.duckdb"
    old = "SELECT report_key FROM links WHERE issue_id = 1 AND from_on < DATE '2025-04-03'"
    change(path, f"UPDATE report_days SET day = day - 20 WHERE report_key IN ({old})",
           "INSERT INTO series_state VALUES (1, 7, [0.1])")  # fmt: skip
    with reading(path) as con:
        voices = con.execute(
            "SELECT is_first FROM links JOIN report_days USING (report_key)"
            " WHERE issue_id = 1 AND is_voice AND day < ?::DATE - 14", [LAST_DAY]
        ).fetchall()  # fmt: skip
    usual(path)
    assert (True,) in voices
    assert len(voices) > 2
    assert given[0][-1] == len(voices)  # what a merge adds to the back-count later is left out


def test_the_range_of_a_day_of_a_young_stream_is_as_wide_as_what_was_expected_of_it(
    full_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[list[float]] = []

    def watched(*of: Any, inflation: Any) -> Usual:
        given.append(inflation.tolist())
        return usual_range(*of, inflation=inflation)

    monkeypatch.setattr("board.queries_usual.usual_range", watched)
    path = full_folder / "jianwei.duckdb"
    change(path, f"UPDATE day_totals SET n_reports = 0 WHERE day < DATE '{LAST_DAY - timedelta(days=10)}'")
    with reading(path) as con:
        rows = con.execute("SELECT day, sum(n_reports) FROM day_totals GROUP BY day ORDER BY day").fetchall()
    days = [day for day, _ in rows]
    heard = [int(days_heard(np.array([n for _, n in rows[:i]], float)).max(initial=0)) for i in range(len(rows))]
    shown = [each.day for each in usual(path)]
    assert given[-1] == pytest.approx([1.2 * max(1.0, 28 / (1 + heard[days.index(day)])) ** 0.5 for day in shown])
    assert given[-1][-1] > 1.25  # beside the usual 1.2
