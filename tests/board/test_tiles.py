"""What the map may show: nothing small, nothing that gives something small away."""

from pathlib import Path

import pytest

from board.charts_map import DISTRICTS, TOWNS, tile_chart, zone_map
from board.hiding import Shown, shown_people
from board.painting import HIDDEN, Painted, bands, paint_people, zone_legend
from board.queries_map import map_people, map_subjects
from board.tiles import Spot, Tile, TileMap, published_cells, tile_map, zone_tiles
from signals.gazetteer import Gazetteer, Place, load_gazetteer
from signals.records import Zone
from signals.smallcells import Cell
from signals.store.warehouse import reading
from tests.board.seeded import LAST_DAY
from tests.board.viewers import CENTRE

PENGJIANG, JIANGHAI, XINHUI = "440703", "440704", "440705"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def by_hotline(gazetteer: Gazetteer, counts: dict[str, int], *, others: int) -> dict[Cell, int]:
    """A city where everybody calls the hotline, and half of each district from one town."""
    cells: dict[Cell, int] = {}
    for area in gazetteer.areas:
        n = counts.get(area.adcode, others)
        first, second = [town.name for town in gazetteer.towns if town.area == area.adcode][:2]
        cells |= {Cell("", area.adcode): n, Cell("hotline", area.adcode): n}
        cells |= {Cell("", area.adcode, first): n - n // 2, Cell("", area.adcode, second): n // 2}
    total = sum(n for cell, n in cells.items() if cell.source and cell.area)
    return cells | {Cell(): total, Cell("hotline"): total}


def seen_of(gazetteer: Gazetteer, counts: dict[Cell, int], source: str = "") -> TileMap:
    shown = shown_people({cell: counts.get(cell, 0) for cell in published_cells(gazetteer)}, k=5)
    return tile_map(gazetteer, shown, source)


def test_a_district_with_four_people_reads_fewer_than_five(gazetteer: Gazetteer) -> None:
    tiles = seen_of(gazetteer, {Cell("", PENGJIANG): 4, Cell(): 4})
    assert {one.said for one in paint_people(tiles.areas, k=5)} == {"<5"}


def test_a_single_small_district_takes_a_second_one_with_it(gazetteer: Gazetteer) -> None:
    counts = by_hotline(gazetteer, {PENGJIANG: 3, JIANGHAI: 9}, others=40)
    labels = {one.spot.name: one.said for one in paint_people(seen_of(gazetteer, counts).areas, k=5)}
    assert (labels["蓬江区"], labels["江海区"], labels["新会区"]) == ("<5", "隐", "40")


def test_a_hidden_number_is_not_in_the_picture_sent_to_the_browser(gazetteer: Gazetteer) -> None:
    counts = by_hotline(gazetteer, {PENGJIANG: 3, JIANGHAI: 377}, others=400)
    seen = seen_of(gazetteer, counts)
    charts = ((seen.areas, DISTRICTS), (seen.towns, TOWNS))
    sent = "".join(tile_chart(paint_people(tiles, k=5), look).to_json() for tiles, look in charts)
    assert '"said": "400"' in sent
    assert "377" not in sent


@pytest.mark.parametrize(
    ("largest", "starts"), [(0, (5,)), (9, (5, 6, 8)), (86, (5, 20, 40, 60, 80)), (240, (5, 50, 100, 150, 200))]
)
def test_colours_change_at_round_numbers_that_the_largest_tile_reaches(largest: int, starts: tuple[int, ...]) -> None:
    spot = Spot(Place(PENGJIANG), "甲", "甲", 0, 0)
    assert bands([Tile(spot, Shown(largest or None, ""))], k=5) == starts


def test_a_single_source_is_shown_by_district_only(gazetteer: Gazetteer) -> None:
    counts = {Cell("hotline", XINHUI): 30, Cell("", XINHUI): 30, Cell("hotline"): 30, Cell(): 30}
    seen = seen_of(gazetteer, counts, "hotline")
    assert seen.towns == ()
    assert next(tile for tile in seen.areas if tile.spot.name == "新会区").shown.n == 30


@pytest.mark.slow
def test_no_map_of_the_seeded_city_shows_a_number_under_five(gazetteer: Gazetteer, seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        for subject in map_subjects(con, CENTRE, LAST_DAY):
            for period in (7, 28, 90):
                asked = (con, LAST_DAY, period, subject.kind, subject.key, published_cells(gazetteer))
                shown = [each.n for each in map_people(*asked, k=5).values() if each.n is not None]
                assert min(shown, default=5) >= 5


def test_an_issue_with_a_sensitive_report_is_not_offered_for_the_map(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        issues = {s.key for s in map_subjects(con, CENTRE, LAST_DAY) if s.kind == "issue"}
    assert "1" in issues
    assert not issues & {"2", "24", "25"}


def test_the_towns_of_a_zone_are_marked_and_all_of_a_district_where_no_town_is_known(gazetteer: Gazetteer) -> None:
    zone = Zone(((PENGJIANG, "棠下镇"), (JIANGHAI, ""), (XINHUI, "不在册镇")), 7, 0.3, 7, 9.0)
    tiles = zone_tiles(gazetteer, zone)
    assert len(tiles) == len(gazetteer.towns)
    assert [tile.spot.name for tile in tiles if tile.belongs == "town"] == ["棠下"]
    assert {tile.spot.district for tile in tiles if tile.belongs == "district"} == {"江海区"}
    assert sum(tile.belongs == "district" for tile in tiles) == 3
    legend = zone_legend(tiles)
    assert "热区镇街" in legend
    assert "只写明到这个区县" in legend


@pytest.mark.parametrize(("area", "marked"), [("440781", ["台山市"]), (PENGJIANG, [])])
def test_a_town_is_marked_in_its_own_district_only(gazetteer: Gazetteer, area: str, marked: list[str]) -> None:
    tiles = zone_tiles(gazetteer, Zone(((area, "白沙镇"),), 3, 0.1, 7, 9.0))
    assert [tile.spot.district for tile in tiles if tile.belongs] == marked


def test_the_picture_of_a_zone_holds_no_number_of_people(gazetteer: Gazetteer) -> None:
    sent = zone_map(zone_tiles(gazetteer, Zone(((PENGJIANG, "棠下镇"),), 377, 0.1, 7, 9.0))).to_json()
    assert "棠下" in sent
    assert "377" not in sent


@pytest.mark.parametrize(
    ("name", "lines"),
    [("四堡林场", "四堡林场"), ("翠山湖新区", "翠山湖|新区"), ("银湖湾滨海新区", "银湖湾滨|海新区")],
)
def test_a_long_name_stands_in_two_lines_of_about_the_same_length(name: str, lines: str) -> None:
    chart = tile_chart([Painted(Spot(Place(PENGJIANG), name, "甲", 0, 0), HIDDEN)], TOWNS).to_dict()
    assert [row["lines"] for rows in chart["datasets"].values() for row in rows if "lines" in row] == [lines]
