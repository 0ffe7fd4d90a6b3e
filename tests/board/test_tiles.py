"""What the map may show: nothing small, nothing that gives something small away."""

from pathlib import Path

import pytest

from board.charts_map import bands, district_map, town_map
from board.queries_map import cell_counts, map_subjects
from board.tiles import Tile, tile_map
from signals.gazetteer import Gazetteer, load_gazetteer
from signals.smallcells import Cell
from signals.store.warehouse import reading
from tests.board.seeded import LAST_DAY

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


def test_a_district_with_four_people_reads_fewer_than_five(gazetteer: Gazetteer) -> None:
    tiles = tile_map(gazetteer, {Cell("", PENGJIANG): 4, Cell(): 4}, "", k=5)
    assert {tile.label for tile in tiles.areas} == {"<5"}


def test_a_single_small_district_takes_a_second_one_with_it(gazetteer: Gazetteer) -> None:
    counts = by_hotline(gazetteer, {PENGJIANG: 3, JIANGHAI: 9}, others=40)
    labels = {tile.name: tile.label for tile in tile_map(gazetteer, counts, "", k=5).areas}
    assert (labels["蓬江区"], labels["江海区"], labels["新会区"]) == ("<5", "隐", "40")


def test_a_hidden_number_is_not_in_the_picture_sent_to_the_browser(gazetteer: Gazetteer) -> None:
    counts = by_hotline(gazetteer, {PENGJIANG: 3, JIANGHAI: 377}, others=400)
    seen = tile_map(gazetteer, counts, "", k=5)
    sent = district_map(seen.areas, k=5).to_json() + town_map(seen.towns, k=5).to_json()
    assert '"n": "400"' in sent
    assert "377" not in sent


@pytest.mark.parametrize(
    ("largest", "starts"), [(0, (5,)), (9, (5, 6, 8)), (86, (5, 20, 40, 60, 80)), (240, (5, 50, 100, 150, 200))]
)
def test_colours_change_at_round_numbers_that_the_largest_tile_reaches(largest: int, starts: tuple[int, ...]) -> None:
    assert bands([Tile("甲", "甲", 0, 0, largest or None, "")], k=5) == starts


def test_a_single_source_is_shown_by_district_only(gazetteer: Gazetteer) -> None:
    counts = {Cell("hotline", XINHUI): 30, Cell("", XINHUI): 30, Cell("hotline"): 30, Cell(): 30}
    seen = tile_map(gazetteer, counts, "hotline", k=5)
    assert seen.towns == ()
    assert next(tile for tile in seen.areas if tile.name == "新会区").n == 30


def test_no_map_of_the_seeded_city_shows_a_number_under_five(gazetteer: Gazetteer, seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        for subject in map_subjects(con, LAST_DAY):
            for period in (7, 28, 90):
                counts = cell_counts(con, LAST_DAY, period, subject.kind, subject.subject_id)
                for source in ("", "petition", "hotline", "grid"):
                    seen = tile_map(gazetteer, counts, source, k=5)
                    shown = [tile.n for tile in (*seen.areas, *seen.towns) if tile.n is not None]
                    assert min(shown, default=5) >= 5


def test_an_issue_with_a_sensitive_report_is_not_offered_for_the_map(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        issues = {s.subject_id for s in map_subjects(con, LAST_DAY) if s.kind == "issue"}
    assert 1 in issues
    assert not issues & {2, 24, 25}
