"""主题趋势: nothing small leaves the queries, words need five people, and the address restores the page."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from board.charts_themes import HeatRow, change_lines, week_bands, week_heat
from board.hiding import Shown
from board.queries_themes import reach, subject_period, subject_weeks, subjects, whole_weeks, word_changes
from signals.gazetteer import load_gazetteer
from signals.smallcells import Cell
from signals.store.rows import put
from signals.store.warehouse import reading, writing
from tests.board.seeded import FIRST_DAY, LAST_DAY, THEMES
from tests.board.test_views import Point, open_view, page_text

AREAS = tuple(area.adcode for area in load_gazetteer().areas)
PENGJIANG, JIANGHAI = "440703", "440704"
MONDAY = date(2025, 3, 31)


def plant(path: Path, table: str, rows: list[tuple[object, ...]]) -> None:
    with writing(path) as con:
        con.execute(f"DELETE FROM {table}")
        put(con, table, rows)


def week(source: str, area: str, people: int, subject: str = "category", key: str = "供水") -> tuple[object, ...]:
    return (LAST_DAY, MONDAY, 7, subject, key, source, area, people, people)


def shown(path: Path) -> dict[Cell, Shown]:
    with reading(path) as con:
        [one] = subject_weeks(con, "category", AREAS, [MONDAY], k=5)
    return one.cells


@pytest.fixture
def planted(seeded_warehouse: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(seeded_warehouse, tmp_path / "planted.duckdb"))


def test_the_statistics_reach_from_the_first_run_to_the_last_whole_week(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        known = reach(con)
    assert known is not None
    assert (known.day, known.monday, known.first_on) == (LAST_DAY, MONDAY, FIRST_DAY)
    assert known.has_themes
    assert known.weeks == 5
    assert not known.has_last_year


def test_themes_are_named_as_their_newest_version_names_them(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        assert {subject.name for subject in subjects(con, "theme")} == set(THEMES.values())


def test_a_cell_of_four_people_is_hidden_and_so_is_what_would_give_it_away(planted: Path) -> None:
    rows = [week("", "", 20), week("hotline", "", 9), week("petition", "", 7), week("grid", "", 4)]
    plant(planted, "subject_counts", [*rows, week("", PENGJIANG, 20)])
    cells = shown(planted)
    assert cells[Cell("grid")] == Shown(None, "少于5")
    assert cells[Cell("petition")] == Shown(None, "隐")
    assert (cells[Cell("hotline")].n, cells[Cell()].n) == (9, 20)
    assert not [cell for cell, seen in cells.items() if seen.n is not None and seen.n < 5]


def test_no_number_below_five_leaves_any_query_of_the_page(seeded_warehouse: Path) -> None:
    mondays = [MONDAY - timedelta(days=7 * back) for back in range(5)]
    with reading(seeded_warehouse) as con:
        weeks = subject_weeks(con, "theme", AREAS, mondays, k=5)
        whole = whole_weeks(con, AREAS, mondays, k=5).values()
        parts = [subject_period(con, "theme", str(theme), AREAS, 56, k=5) for theme in THEMES]
    seen = [cell.n for cells in (*(one.cells for one in weeks), *whole, *parts) for cell in cells.values()]
    assert [n for n in seen if n is not None and n < 5] == []
    assert [n for n in seen if n is not None]


@pytest.mark.parametrize(("kind", "whole"), [("category", "隐"), ("theme", "隐"), ("none", "40")])
def test_the_people_of_all_are_hidden_where_a_theme_or_a_category_would_follow(
    planted: Path, kind: str, whole: str
) -> None:
    parts = [week("", "", n, kind, key) for key, n in (("甲", 30), ("乙", 7), ("丙", 3))]
    plant(planted, "subject_counts", [*parts, week("", "", 40, "all", "")])
    with reading(planted) as con:
        assert whole_weeks(con, AREAS, [MONDAY], k=5)[MONDAY][Cell()].word == whole
        weeks = subject_weeks(con, kind, AREAS, [MONDAY], k=5)
    assert {one.cells[Cell()].word for one in weeks} == {"30", "7", "少于5"}


def word(name: str, now: int, before: int, source: str = "", area: str = "") -> tuple[object, ...]:
    return (LAST_DAY, name, source, area, now, before)


def test_a_word_of_four_people_is_not_shown(planted: Path) -> None:
    plant(planted, "word_counts", [word("清明", 9, 1), word("扫墓", 4, 0), word("春节", 0, 8), word("灯", 50, 50)])
    with reading(planted) as con:
        changes = word_changes(con, "", "", AREAS, k=5)
    assert [(line.name, line.before.word, line.now.word) for line in changes.risen] == [("清明", "少于5", "9")]
    assert [(line.name, line.before.word, line.now.word) for line in changes.fallen] == [("春节", "8", "少于5")]


def test_a_word_that_a_total_would_give_away_is_not_shown_for_the_part(planted: Path) -> None:
    sources = (("", 18), ("hotline", 9), ("petition", 6), ("grid", 3))
    lines = [word("清明", n, 0, source) for source, n in sources]
    lines += [word("灯", 90, 90, source) for source, _ in sources]
    plant(planted, "word_counts", lines)
    with reading(planted) as con:
        risen = {source: word_changes(con, source, "", AREAS, k=5).risen for source, _ in sources}
    assert [line.now.n for line in risen["hotline"]] == [9]
    assert risen["petition"] == risen["grid"] == ()


def test_what_changes_with_the_total_has_not_changed(planted: Path) -> None:
    plant(planted, "word_counts", [word("灯", 40, 20), word("路", 20, 10)])
    with reading(planted) as con:
        changes = word_changes(con, "", "", AREAS, k=5)
    assert changes.risen == changes.fallen == ()


def test_the_pictures_hold_no_hidden_number() -> None:
    rows = [HeatRow("供水", (Shown(None, "少于5"), Shown(12, "12")))]
    mondays = [MONDAY - timedelta(days=7), MONDAY]
    [points] = week_heat(rows, mondays, k=5).to_dict()["datasets"].values()
    assert [point["字"] for point in points] == ["·", "12"]
    assert week_bands(rows, k=5) == (5, 10)


def test_words_stand_in_the_order_given(planted: Path) -> None:
    plant(planted, "word_counts", [word("清明", 9, 1), word("扫墓", 20, 0), word("灯", 50, 60)])
    with reading(planted) as con:
        changes = word_changes(con, "", "", AREAS, k=5)
    spec = change_lines(changes.risen, risen=True, k=5).to_dict()
    assert min(spec["padding"]["left"], spec["padding"]["right"]) > 0  # the config's own is not taken
    chart = str(spec)
    assert "少于5 → 20" in chart
    assert [line.name for line in changes.risen] == ["扫墓", "清明"]


def test_without_themes_the_page_goes_by_category_and_says_how_to_train(full_folder: Path, on_loopback: Point) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute("DELETE FROM subject_counts WHERE subject = 'theme'")
        put(con, "subject_counts", [week("", "", 20), week("", PENGJIANG, 20), week("hotline", "", 20)])
    on_loopback(full_folder)
    board = open_view("themes.py")
    assert not board.exception
    assert "jianwei retrain themes" in page_text(board)
    assert board.button_group(key="themes_kind").options == ["一级分类"]


def test_the_address_restores_the_filters_and_a_choice_goes_into_it(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("themes.py", source="hotline", area=PENGJIANG, weeks="8")
    assert board.button_group(key="themes_source").value == "hotline"
    assert board.selectbox(key="themes_area").value == PENGJIANG
    assert board.button_group(key="themes_weeks").value == 8
    board.selectbox(key="themes_area").set_value(JIANGHAI).run()
    assert board.query_params["area"] == JIANGHAI
    board.selectbox(key="themes_area").set_value("").run()
    assert "area" not in board.query_params


def test_an_address_that_asks_for_nonsense_shows_the_whole_city(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("themes.py", area="../x", source="sms", weeks="0")
    assert not board.exception
    assert board.selectbox(key="themes_area").value == ""


def test_a_short_past_says_that_there_is_no_year_before_and_no_words_yet(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    text = page_text(open_view("themes.py"))
    assert "还不到一年" in text
    assert "还不到 56 天" in text


def test_the_same_week_of_the_year_before_is_compared_where_it_is_known(full_folder: Path, on_loopback: Point) -> None:
    ago = MONDAY - timedelta(days=364)
    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute("UPDATE runs SET day = DATE '2024-01-01' WHERE day = (SELECT min(day) FROM runs)")
        put(con, "subject_counts", [(LAST_DAY, ago, 7, "all", "", "", "", 77, 71)])
    on_loopback(full_folder)
    board = open_view("themes.py")
    assert not board.exception
    assert "71 人" in page_text(board)
    assert "4月1日至4月7日，星期相同" in page_text(board)


def test_a_warehouse_whose_statistics_were_never_counted_says_when_they_will_be(
    full_folder: Path, on_loopback: Point
) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        for table in ("subject_counts", "word_counts", "service_counts"):
            con.execute(f"DELETE FROM {table}")
    on_loopback(full_folder)
    assert "还没有整周的统计" in page_text(open_view("themes.py"))
    assert "还没有指标" in page_text(open_view("indicators.py"))


def test_what_is_not_drawn_says_why(full_folder: Path, on_loopback: Point, monkeypatch: pytest.MonkeyPatch) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        rows = [(LAST_DAY, MONDAY, 7, "theme", f"{n + 10}", "", "", 9, 9 if n < 30 else 3) for n in range(32)]
        con.execute("DELETE FROM subject_counts WHERE subject = 'theme'")
        put(con, "subject_counts", rows)
    on_loopback(full_folder)
    assert "24 / 32 个" in (page := page_text(open_view("themes.py")))
    assert "未画：6 个人数较少，2 个每周都不足 5 人" in page
