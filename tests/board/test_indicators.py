"""指标: each share with its denominator, nothing small, and no order by how many reports there are."""

import re
import shutil
from pathlib import Path

import pytest

from board.hiding import report_marks
from board.indicator_parts import MEASURES as TOLD
from board.indicator_parts import figure_text, is_small, round_ticks, service_table, share_text
from board.queries_indicators import MEASURES, Figure, ServiceRow, service_day, services
from signals.gazetteer import load_gazetteer
from signals.smallcells import Cell, Mark
from signals.store.rows import put
from signals.store.warehouse import reading, writing
from tests.board.seeded import LAST_DAY
from tests.board.test_views import Point, open_view, page_text

AREAS = tuple(area.adcode for area in load_gazetteer().areas)
PENGJIANG, JIANGHAI, XINHUI = "440703", "440704", "440705"


@pytest.fixture
def planted(seeded_warehouse: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(seeded_warehouse, tmp_path / "planted.duckdb"))


def line(area: str, people: int, hits: int, *, measure: str = "ontime", unit: str = "") -> tuple[object, ...]:
    """Every person with two reports, so that reports alone would not hide anything."""
    return (LAST_DAY, 90, measure, "", area, unit, people * 2, people, hits, min(hits, people), None, None)


def rows_by(path: Path, lines: list[tuple[object, ...]], dimension: str = "area") -> dict[str, ServiceRow]:
    with writing(path) as con:
        con.execute("DELETE FROM service_counts")
        put(con, "service_counts", lines)
    with reading(path) as con:
        return {row.key: row for row in services(con, 90, dimension, AREAS, "", k=5)}


def test_a_cell_of_four_people_is_hidden_although_they_sent_eight_reports(planted: Path) -> None:
    found = rows_by(planted, [line("", 40, 60), line(PENGJIANG, 20, 30), line(JIANGHAI, 16, 20), line(XINHUI, 4, 8)])
    assert found[XINHUI].figures["ontime"] == Figure(None, None, "少于5")
    assert found[PENGJIANG].figures["ontime"] == Figure(40, 30, "")
    assert found[""].figures["ontime"].share == 0.75


def test_a_hidden_cell_is_never_the_only_one_of_its_sum() -> None:
    people = {Cell(): 40, Cell("", "a"): 20, Cell("", "b"): 17, Cell("", "c"): 4}
    marks = report_marks(people, k=5)
    assert marks[Cell("", "c")] is Mark.FEW
    assert [cell for cell, mark in marks.items() if mark is not Mark.SHOWN] != [Cell("", "c")]


def test_a_unit_of_four_people_is_hidden(planted: Path) -> None:
    units = [line("", 30, 40), line("", 26, 30, unit="水务局"), line("", 4, 3, unit="民政局")]
    found = rows_by(planted, units, "unit")
    assert found["民政局"].figures["ontime"].n is None
    assert list(found) == ["", *sorted(("民政局", "水务局"))]


def test_four_people_who_came_again_are_not_numbered(planted: Path) -> None:
    found = rows_by(planted, [line("", 40, 4, measure="repeat"), line(PENGJIANG, 40, 4, measure="repeat")])
    assert found[""].figures["repeat"] == Figure(80, None, "少于5")
    assert share_text(found[""].figures["repeat"]) == "少于5 / 80 件"


def test_no_denominator_of_fewer_than_five_people_leaves_the_query(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        assert service_day(con) == LAST_DAY
        few = {
            (measure, source, area)
            for measure, source, area in con.execute(
                "SELECT measure, source, area FROM service_counts WHERE period_days = 90 AND unit = ''"
                " AND n_complainants < 5"
            ).fetchall()
        }
        seen = {
            (measure, source, row.key)
            for source in ("", "petition", "hotline", "grid")
            for row in services(con, 90, "area", AREAS, source, k=5)
            for measure in MEASURES
            if row.figures[measure].n is not None
        }
    assert few
    assert seen
    assert few & seen == set()


def test_every_figure_carries_its_denominator() -> None:
    assert share_text(Figure(312, 287, "")) == "92%（287/312）"
    assert share_text(Figure(400, 3, "")) == "0.8%（3/400）"
    assert share_text(Figure(0, 0, "")) == "—"
    answer = next(measure for measure in TOLD if measure.key == "answer")
    assert figure_text(answer, Figure(50, 40, "", 2.04, 13.4)) == "2.0 / 13 天（40 件）"


def test_ticks_are_round_and_reach_the_largest() -> None:
    assert round_ticks(0.6, 1.0) == [0.6, 0.7, 0.8, 0.9, 1.0]
    assert round_ticks(0.0, 14.2) == [0.0, 5.0, 10.0, 15.0]


def test_a_hidden_figure_is_a_word_without_a_point_and_each_other_stands_on_the_scale_of_its_column(
    planted: Path,
) -> None:
    found = rows_by(planted, [line("", 40, 60), line(PENGJIANG, 20, 30), line(JIANGHAI, 16, 16), line(XINHUI, 4, 8)])
    city, *rows = found.values()
    html = service_table("区县", [(row.key, row) for row in rows], city)
    first = {re.findall(r"\d{6}|全市|刻度", line)[0]: line.split("</td>")[1] for line in html.split("<tr>")[2:]}
    assert re.findall(r"\d+%", first["刻度"]) == ["40%", "100%"]
    for area, place in ((PENGJIANG, "58.3"), (JIANGHAI, "16.7")):
        points = re.findall(r'class="jw-(city|point)".*?left:([\d.]+)%', first[area])
        assert points == [("city", "58.3"), ("point", place)]
    assert "少于5" in first[XINHUI]
    assert "left" not in first[XINHUI]


def test_a_unit_of_few_reports_and_one_that_does_not_tell_how_many_are_small(planted: Path) -> None:
    people = {"甲": 15, "乙": 14, "丙": 4, "丁": 40}
    units = [line("", n, 3, measure="overdue", unit=unit) for unit, n in people.items()]
    found = rows_by(planted, [line("", 60, 9, measure="overdue"), *units], "unit")
    assert {key for key, row in found.items() if is_small(row)} == {"乙", "丙"}


def test_units_of_few_reports_are_folded_up_with_their_number(full_folder: Path, on_loopback: Point) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute("DELETE FROM service_counts WHERE unit <> ''")
        put(con, "service_counts", [line("", n, 3, measure="overdue", unit=f"第{n}局") for n in (9, 8, 7, 30, 40)])
    on_loopback(full_folder)
    board = open_view("indicators.py", by="unit")
    [fold] = board.expander
    assert "另有 3 个承办单位：近 90 天不足 30 件" in fold.label
    folded = "".join(each.value for each in fold.get("html"))
    assert ("第9局" in folded, "第30局" in folded, "第40局" in page_text(board)) == (True, False, True)


def test_rows_stand_by_name_or_by_overdue_share_and_never_by_number(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("indicators.py")
    assert board.button_group(key="indicators_order").options == ["按名称", "按逾期占比"]
    assert "从不按诉求多少排名" in page_text(board)
    board.button_group(key="indicators_order").set_value("overdue").run()
    assert "按逾期占比从高到低排列" in page_text(board)
    assert board.query_params["order"] == "overdue"


def test_units_are_shown_for_all_sources_only(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("indicators.py")
    board.button_group(key="indicators_by").set_value("unit").run()
    assert not board.exception
    assert board.button_group(key="indicators_source").options == ["全部来源"]
    assert "区住建局" in page_text(board)
