"""Small cells stay small: hidden, and not to be had by subtraction."""

import random

import pytest

from signals.smallcells import Cell, Mark, cell_totals, mark_cells, mark_wholes, possible_range

CITY = Cell()
A, B, C = (Cell("", area) for area in ("440703", "440704", "440705"))


def city(a: int, b: int, c: int) -> dict[Cell, int]:
    return {CITY: a + b + c, A: a, B: b, C: c}


def test_a_cell_with_four_people_is_hidden_and_one_with_five_is_not() -> None:
    assert mark_cells({A: 4}) == {A: Mark.FEW}
    assert mark_cells({A: 5}) == {A: Mark.SHOWN}


def test_a_second_cell_is_hidden_where_a_total_would_reveal_the_first() -> None:
    marks = mark_cells(city(2, 9, 30))
    assert (marks[A], marks[B], marks[C], marks[CITY]) == (Mark.FEW, Mark.PARTNER, Mark.SHOWN, Mark.SHOWN)


def test_nothing_more_is_hidden_where_two_small_cells_cover_each_other() -> None:
    marks = mark_cells({CITY: 34, A: 2, B: 2, C: 30})
    assert [marks[cell] for cell in (A, B, C, CITY)] == [Mark.FEW, Mark.FEW, Mark.SHOWN, Mark.SHOWN]


def test_a_partner_that_leaves_too_narrow_a_range_is_joined_by_another() -> None:
    marks = mark_cells(city(1, 5, 30))  # 1 + 5 = 6 would say: one person
    assert possible_range(A, city(1, 5, 30), marks) == (0, 4)
    assert marks[C] is Mark.PARTNER


def test_the_total_is_hidden_where_no_other_part_can_be() -> None:
    marks = mark_cells({CITY: 7, A: 3, B: 4})
    assert marks[CITY] is Mark.PARTNER
    assert possible_range(A, {CITY: 7, A: 3, B: 4}, marks) == (1, 4)
    assert mark_cells({CITY: 8, A: 8, B: 0})[CITY] is Mark.SHOWN


def test_a_source_cannot_be_had_from_all_sources_minus_the_others() -> None:
    counts = {A: 40, Cell("hotline", A.area): 30, Cell("petition", A.area): 8, Cell("grid", A.area): 2}
    marks = mark_cells(counts)
    assert marks[Cell("grid", A.area)] is Mark.FEW
    assert marks[Cell("petition", A.area)] is Mark.PARTNER


def test_a_hidden_partner_cannot_be_had_from_its_towns() -> None:
    towns = {Cell("", B.area, "甲镇"): 6, Cell("", B.area, "乙镇"): 7}
    counts = {CITY: 45, A: 2, B: 13, C: 30} | towns
    marks = mark_cells(counts)
    assert marks[B] is Mark.PARTNER
    assert possible_range(A, counts, marks) == (0, 3)
    assert Mark.PARTNER in {marks[town] for town in towns}


def test_reports_without_a_place_protect_a_small_cell_as_another_cell_would() -> None:
    counts = {CITY: 60, A: 2, B: 13, C: 30}  # 15 people have no known district
    marks = mark_cells(counts)
    assert [marks[cell] for cell in (A, B, C, CITY)] == [Mark.FEW, Mark.SHOWN, Mark.SHOWN, Mark.SHOWN]


def test_sums_run_over_sources_and_over_places() -> None:
    places = (CITY, A, Cell("", A.area, "甲镇"))
    cells = [place._replace(source=source) for source in ("", "grid") for place in places]
    assert len(cell_totals(cells)) == 2 + 2 + 3  # city→A twice, A→town twice, all→grid in three places


@pytest.mark.parametrize("seed", range(25))
def test_on_random_cities_no_small_cell_can_be_narrowed(seed: int) -> None:
    draw = random.Random(seed)
    counts: dict[Cell, int] = {}
    for source in ("petition", "hotline"):
        for area in "ABC":
            for town in "xyz":
                counts[Cell(source, area, town)] = draw.choice([0, 0, 1, 2, 3, 4, 5, 7, 12, 40])
            whole = sum(counts[Cell(source, area, town)] for town in "xyz") + draw.choice([-1, 0, 2])
            counts[Cell(source, area)] = max(whole, 0)
        counts[Cell(source)] = sum(counts[Cell(source, area)] for area in "ABC")
    for cell in [c for c in counts if c.source == "hotline"]:
        counts[cell._replace(source="")] = counts[cell] + counts[cell._replace(source="petition")]
    marks = mark_cells(counts)
    for cell, n in counts.items():
        if 0 < n < 5 and any(mark is Mark.SHOWN for mark in marks.values()):
            low, high = possible_range(cell, counts, marks)
            assert high - low >= 3, (cell, n)


@pytest.mark.parametrize("seed", range(20))
def test_beside_all_subjects_a_whole_gives_none_of_them_away(seed: int) -> None:
    draw = random.Random(seed)
    counts: dict[Cell, int] = {}
    for subject in "甲乙丙":
        for area in ("440703", "440704"):
            n = draw.choice([0, 1, 3, 4, 5, 7, 12, 40])
            for cell in (Cell(), Cell("", area)):
                for of in ("", subject):
                    counts[cell._replace(subject=of)] = counts.get(cell._replace(subject=of), 0) + n
    alone = {subject: {c: n for c, n in counts.items() if c.subject == subject} for subject in ("", *"甲乙丙")}
    marks = {cell: mark for some in alone.values() for cell, mark in mark_cells(some).items()}
    wholes = mark_wholes(counts, marks)
    assert set(wholes) == set(alone[""])
    assert all(wholes[cell] is marks[cell] or marks[cell] is Mark.SHOWN for cell in wholes)
    for cell, n in counts.items():
        if n and marks[cell] is Mark.FEW:
            low, high = possible_range(cell, counts, marks | wholes)
            assert high - low >= 3


def test_a_whole_that_gives_nothing_away_is_shown() -> None:
    counts = {Cell(): 44, Cell(subject="甲"): 40, Cell(subject="乙"): 2, Cell(subject="丙"): 2}
    marks = {cell: Mark.SHOWN if n > 4 else Mark.FEW for cell, n in counts.items()}
    assert mark_wholes(counts, marks) == {Cell(): Mark.SHOWN}
    one = {Cell(): 42, Cell(subject="甲"): 40, Cell(subject="乙"): 2}
    assert mark_wholes(one, {cell: marks.get(cell, Mark.SHOWN) for cell in one}) == {Cell(): Mark.PARTNER}
