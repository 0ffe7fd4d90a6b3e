"""The hot-spot page: risk and zones without a person, what rose without a hidden number, filters in the address."""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from board.charts_themes import change_lines
from board.hiding import shown_people
from board.map_parts import zone_sheet
from board.page import Page
from board.painting import paint_risk, paint_zones, risk_legend
from board.queries import Freshness
from board.queries_map import day_before, map_people, map_subjects
from board.queries_where import PlaceRisk, ZoneAlert, place_risks, zone_alerts
from board.tiles import area_spots, published_cells, risen, tile_map, town_spots, zone_tiles
from signals.clock import end_of
from signals.gazetteer import Place, load_gazetteer
from signals.records import Zone
from signals.settings import Settings
from signals.smallcells import Cell, Mark, mark_cells, possible_range
from signals.store.cells import save_cells
from signals.store.memories import load_memory
from signals.store.warehouse import reading, writing
from tests.board.invented import JIANGHAI, PENGJIANG, TAISHAN
from tests.board.seeded import CATEGORIES, HOSTILE_TITLE, LAST_DAY
from tests.board.test_views import Point, open_view, page_text
from tests.board.viewers import CENTRE, IN_HESHAN, IN_PENGJIANG
from tests.hostile import HOSTILE, NEVER_IN_HTML

GAZETTEER = load_gazetteer()
CELLS = published_cells(GAZETTEER)


def page_of(folder: Path) -> Page:
    return Page(Settings(folder=folder), "demo", "analyst", CENTRE, Freshness(LAST_DAY, end_of(LAST_DAY)), GAZETTEER)


def test_every_category_with_an_open_report_can_be_mapped(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        named = {one.name for one in map_subjects(con, CENTRE, LAST_DAY) if one.kind == "category"}
        shown = map_people(con, LAST_DAY, 90, "category", "", CELLS, k=5)
    assert named == set(CATEGORIES.values())
    assert shown[Cell(subject="公用事业")].n == len({
        voice for (voice,) in people(seeded_warehouse, "公用事业")
    })  # fmt: skip


def people(path: Path, category: str) -> list[tuple[str]]:
    with reading(path) as con:
        asked = "SELECT complainant FROM voices JOIN reports USING (report_key) WHERE category LIKE ? || '/%'"
        return con.execute(asked, [category]).fetchall()


def test_a_category_of_sensitive_reports_alone_is_not_offered(full_folder: Path) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute("UPDATE reports SET restricted = 'minor' WHERE category LIKE '公用事业%'")
    with reading(full_folder / "jianwei.duckdb") as con:
        assert "公用事业" not in {one.name for one in map_subjects(con, CENTRE, LAST_DAY)}


@pytest.mark.parametrize("seed", range(12))
def test_no_small_cell_follows_from_all_categories_together(seed: int) -> None:
    draw = random.Random(seed)
    counts: dict[Cell, int] = {}
    for subject in "甲乙丙丁":
        for area in "ABC":
            for town in "xyz":
                n = draw.choice([0, 1, 2, 3, 4, 5, 7, 12, 40])
                for cell in (Cell(), Cell("", area), Cell("", area, town)):
                    for whole in ("", subject):
                        counts[cell._replace(subject=whole)] = counts.get(cell._replace(subject=whole), 0) + n
    marks = mark_cells(counts, k=5)
    small = [cell for cell, mark in marks.items() if mark is Mark.FEW and counts[cell]]
    assert small
    for cell in small:
        low, high = possible_range(cell, counts, marks)
        assert high - low >= 3, cell


def test_protected_one_by_one_categories_would_give_a_small_one_away() -> None:
    counts = {Cell(subject=name): n for name, n in (("", 60), ("甲", 40), ("乙", 17), ("丙", 3))}
    marks = mark_cells(counts, k=5)
    assert (marks[Cell(subject="丙")], marks[Cell(subject="乙")]) == (Mark.FEW, Mark.PARTNER)


def test_the_whole_is_hidden_on_its_own_map_where_a_part_would_follow_from_it(full_folder: Path) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute("DELETE FROM cells WHERE period_days = 28 AND area = $area", {"area": TAISHAN})
        for subject, number, n in (("all", 0, 6), ("category:甲", 0, 4), ("category:乙", 0, 2)):
            con.execute("INSERT INTO cells SELECT $day, 28, $subject, $number, '', $area, '', $n, $n",
                        {"day": LAST_DAY, "subject": subject, "number": number, "area": TAISHAN, "n": n})  # fmt: skip
    with reading(full_folder / "jianwei.duckdb") as con:
        maps = {kind: map_people(con, LAST_DAY, 28, kind, "", CELLS, k=5) for kind in ("all", "category", "theme")}
    for cell, seen in maps["all"].items():
        assert seen.is_hidden == any(maps[kind][cell].is_hidden for kind in ("category", "theme"))
    assert maps["all"][Cell("", TAISHAN)].is_hidden


def test_issues_are_mapped_for_the_centre_alone(full_folder: Path) -> None:
    with reading(full_folder / "jianwei.duckdb") as con:
        kinds = {viewer: {one.kind for one in map_subjects(con, viewer, LAST_DAY)} for viewer in (CENTRE, IN_HESHAN)}
    assert kinds[CENTRE] - kinds[IN_HESHAN] == {"issue"}


def test_the_period_before_shares_no_day_and_is_whole(full_folder: Path) -> None:
    with reading(full_folder / "jianwei.duckdb") as con:
        assert day_before(con, LAST_DAY, 7) == LAST_DAY - timedelta(days=7)
        assert day_before(con, LAST_DAY, 28) is None  # 40 days of data
        assert day_before(con, LAST_DAY, 90) is None


@pytest.mark.parametrize("seed", range(8))
def test_what_rose_is_seen_on_both_maps(seed: int) -> None:
    draw = random.Random(seed)
    maps, counted = [], []
    for _ in range(2):
        counts = {cell: draw.choice([0, 1, 3, 4, 5, 6, 9, 30]) for cell in CELLS}
        counted.append(counts)
        maps.append(tile_map(GAZETTEER, shown_people(counts, k=5), ""))
    before, now = maps
    rises = risen(before.towns, now.towns)
    assert rises
    assert [one.rise for one in rises] == sorted((one.rise for one in rises), reverse=True)
    assert all((one.before.n or 0) >= 5 and one.rise > 0 for one in rises)
    seen = {f"{tile.spot.district} {tile.spot.name}" for tile in before.towns if not tile.shown.is_hidden}
    assert {one.name for one in rises} <= seen
    assert "少于" not in str(change_lines(rises, risen=True, k=5).to_dict())


def test_a_place_is_as_red_as_its_most_urgent_alert(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        risks = place_risks(con, CENTRE, LAST_DAY)
    assert risks[Place(PENGJIANG)].level == "red"
    assert risks[Place(JIANGHAI, "外海街道")] == PlaceRisk("yellow", 1, 0)
    assert risks[Place(PENGJIANG, "荷塘镇")] == PlaceRisk("", 0, 1)
    assert Place(PENGJIANG, "") in risks


def test_an_alert_that_ended_colours_nothing(full_folder: Path) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        for step in ("found", "dismissed"):
            con.execute("INSERT INTO handling VALUES (3, ?, ?, '风险研判员', '', '', NULL)", [step, end_of(LAST_DAY)])
    with reading(full_folder / "jianwei.duckdb") as con:
        assert place_risks(con, CENTRE, LAST_DAY)[Place(JIANGHAI, "外海街道")] == PlaceRisk("", 0, 1)


def test_sensitive_reports_place_no_issue_and_a_district_sees_its_own_part(full_folder: Path) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute("UPDATE reports SET restricted = 'minor' WHERE town = '荷塘镇'")
    with reading(full_folder / "jianwei.duckdb") as con:
        assert Place(PENGJIANG, "荷塘镇") not in place_risks(con, CENTRE, LAST_DAY)
        own = place_risks(con, IN_PENGJIANG, LAST_DAY)
    assert {place.area for place in own} == {PENGJIANG}


def test_a_level_is_told_by_shape_and_words_too() -> None:
    spots = area_spots(GAZETTEER)
    painted = paint_risk(spots, {spots[0].place: PlaceRisk("orange", 2, 5), spots[1].place: PlaceRisk("", 0, 3)})
    assert [one.said for one in painted[:3]] == ["▲ 2", "在看 3", "—"]
    assert painted[0].tip == "最高橙色；预警 2 个，在看 5 个"
    assert all(f"最高{name}" in risk_legend() for name in ("红色", "橙色", "黄色", "蓝色"))


def test_zones_are_of_open_alerts_and_the_centre_s_alone(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        found = zone_alerts(con, CENTRE, LAST_DAY)
        assert {one.issue_id for one in found} == {1, 2, 3, 4, 5, 6, 7}
        assert zone_alerts(con, IN_HESHAN, LAST_DAY) == ()


@pytest.mark.parametrize(("n", "told"), [(4, "少于5位"), (5, "5位以上"), (377, "5位以上")])
def test_a_zone_leaves_without_its_number(n: int, told: str, tmp_path: Path) -> None:
    alert = ZoneAlert(1, "=1+1", "red", LAST_DAY, Zone(((TAISHAN, "台城街道"),), n, 0.1, 7, 9.0))
    [row] = zone_sheet(page_of(tmp_path), (alert,)).rows
    assert told in row[-1]
    assert not {"377", "4位"} & set(row[-1].split("天"))


def test_several_zones_are_marked_together() -> None:
    zones = (Zone(((PENGJIANG, "棠下镇"),), 7, 0.3, 7, 9.0), Zone(((JIANGHAI, ""),), 7, 0.3, 7, 9.0))
    painted = {one.spot.name: one for one in paint_zones(zone_tiles(GAZETTEER, *zones))}
    assert (painted["棠下"].is_dashed, painted["外海"].is_dashed) == (False, True)
    assert sum(bool(one.edge) for one in painted.values()) == 4
    assert all(one.said == "" for one in painted.values())


def test_the_page_is_restored_from_its_address(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("hotspots.py", kind="category", category="交通运输", days="7")
    assert board.button_group(key="hotspots_kind").value == "category"
    assert board.selectbox(key="hotspots_category").value == "交通运输"
    assert "近 7 天" in page_text(board)
    board.button_group(key="hotspots_kind").set_value("risk").run()
    assert board.query_params["kind"] == "risk"
    assert "数的是议题，不是人" in page_text(board)


def test_what_the_address_asks_for_and_is_not_there_is_left_out(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("hotspots.py", kind="person", source="<b>", days="1", issue="2")
    assert not board.exception
    assert board.button_group(key="hotspots_kind").value == "all"


def test_what_rose_is_drawn_where_two_periods_are_there_and_said_where_not(
    full_folder: Path, on_loopback: Point
) -> None:
    on_loopback(full_folder)
    board = open_view("hotspots.py")
    assert "数据还不到 56 天，暂不比较" in page_text(board)
    n_charts = len(board.get("vega_lite_chart"))
    board.button_group(key="hotspots_days").set_value(7).run()
    assert len(board.get("vega_lite_chart")) > n_charts
    assert "前一个时段" not in page_text(board)
    assert f"{(LAST_DAY - timedelta(days=7)).day}日" in page_text(board)


def test_zones_and_risk_without_any_alert_say_so(full_folder: Path, on_loopback: Point) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute("DELETE FROM alerts")
        con.execute("DELETE FROM handling")
    on_loopback(full_folder)
    board = open_view("hotspots.py")
    board.button_group(key="hotspots_kind").set_value("zone").run()
    assert "近 28 天的预警没有热区" in page_text(board)
    board.button_group(key="hotspots_kind").set_value("risk").run()
    assert not board.exception


def test_a_district_is_told_that_zones_are_the_centre_s(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("hotspots.py")
    board.selectbox(key="demo_role").set_value("蓬江区研判员").run()
    board.button_group(key="hotspots_kind").set_value("zone").run()
    assert "只对市综治中心显示" in page_text(board)
    assert not board.get("vega_lite_chart")


def test_names_and_categories_stay_the_characters_they_are(full_folder: Path, on_loopback: Point) -> None:
    corpus = [said.replace("\x00", "") for said in HOSTILE]
    with writing(full_folder / "jianwei.duckdb") as con:
        for issue, said in enumerate((HOSTILE_TITLE, *corpus), start=1):
            con.execute("UPDATE alerts SET name = ? WHERE issue_id = ?", [said, issue])
        for category, said in zip(CATEGORIES.values(), (*corpus[:2], *corpus[7:10]), strict=True):
            con.execute("UPDATE reports SET category = ? WHERE category LIKE ? || '/%'", [said, category])
        save_cells(con, load_memory(con, Settings()), LAST_DAY, "t1", with_subjects=True)
    on_loopback(full_folder)
    board = open_view("hotspots.py")
    for kind in ("zone", "risk", "category"):
        board.button_group(key="hotspots_kind").set_value(kind).run()
        assert not board.exception
        assert [each for each in NEVER_IN_HTML if each in page_text(board)] == []


def test_source_and_period_stand_in_the_address(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("hotspots.py")
    board.button_group(key="hotspots_source").set_value("hotline").run()
    board.button_group(key="hotspots_days").set_value(7).run()
    address = {name: board.query_params[name] for name in ("source", "days")}
    assert [str(one[0] if isinstance(one, list) else one) for one in address.values()] == ["hotline", "7"]
    again = open_view("hotspots.py", source="hotline", days="7")
    assert "近 7 天" in page_text(again)
    assert "分来源只显示到区县" in page_text(again)


def test_all_towns_and_districts_stand_on_the_map() -> None:
    assert len(town_spots(GAZETTEER)) == len(GAZETTEER.towns)
    assert len(area_spots(GAZETTEER)) == 7
