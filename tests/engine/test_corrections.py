"""What a correction does to issues and links: by hand on two small matters, a fact at a time."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from signals.corrections import Standing
from signals.errors import StateError
from signals.store import days as store
from tests.engine.correcting import issues_now, merge, move, split, undo
from tests.engine.stream import FIRST_DAY
from tests.engine.two_matters import (
    LIFT,
    NEW,
    PLANT,
    SUNDAY,
    comes,
    issue_row,
    key,
    later,
    lift,
    plant,
    reports_of,
    two_matters,
)
from tests.engine.worlds import World


@pytest.fixture
def world() -> Iterator[World]:
    with two_matters() as made:
        yield made


def test_a_correction_waits_for_the_next_day_and_leaves_the_last_one_as_it_was(world: World) -> None:
    before = {name: rows for name, rows in world.results().items() if name != "corrections"}
    split(world, PLANT, key(0))
    assert {name: rows for name, rows in world.results().items() if name != "corrections"} == before


def test_reports_that_are_split_off_become_an_issue_with_a_new_number(world: World) -> None:
    split(world, PLANT, key(0), key(1))
    later(world, 1)
    assert reports_of(world, PLANT) == [key(2), key(3)]
    assert reports_of(world, NEW) == [key(0), key(1)]


def test_the_links_say_from_when_to_when_and_who(world: World) -> None:
    split(world, PLANT, key(0))
    later(world, 1)
    rows = world.connection.execute(
        "SELECT issue_id, from_on, until_on, linked_by FROM links WHERE report_key = ? ORDER BY from_on", [key(0)]
    ).fetchall()
    next_day = FIRST_DAY + timedelta(days=1)
    assert rows == [(PLANT, FIRST_DAY, next_day, "engine"), (NEW, next_day, None, "研判员")]


def test_a_number_is_never_used_again(world: World) -> None:
    first = split(world, PLANT, key(0))
    later(world, 1)
    undo(world, first.number)
    later(world, 1)
    split(world, PLANT, key(1))
    later(world, 1)
    assert reports_of(world, NEW) == []
    assert reports_of(world, NEW + 1) == [key(1)]


def test_a_moved_report_is_in_the_other_issue(world: World) -> None:
    move(world, PLANT, LIFT, key(0))
    later(world, 1)
    assert reports_of(world, LIFT) == [key(0), key(10), key(11), key(12)]


@pytest.mark.parametrize(("issue", "other"), [(PLANT, LIFT), (LIFT, PLANT)])
def test_of_two_merged_issues_the_older_number_survives_whichever_is_named_first(
    world: World, issue: int, other: int
) -> None:
    merge(world, issue, other)
    later(world, 1)
    assert len(reports_of(world, PLANT)) == 7
    assert issue_row(world, LIFT) == (PLANT, FIRST_DAY + timedelta(days=1), "研判员")


def test_an_undone_merge_gives_back_what_was_there_and_keeps_what_came_since(world: World) -> None:
    merged = merge(world, LIFT, PLANT)
    later(world, 1)
    comes(world, [lift(20, days=2)])
    later(world, 1)
    assert key(20) in reports_of(world, PLANT)
    undo(world, merged.number)
    later(world, 1)
    assert reports_of(world, LIFT) == [key(10), key(11), key(12)]
    assert key(20) in reports_of(world, PLANT)
    assert issue_row(world, LIFT) == (None, None, None)


def test_what_people_have_put_elsewhere_since_a_merge_stays_there_when_it_is_undone(world: World) -> None:
    merged = merge(world, LIFT, PLANT)
    later(world, 1)
    split(world, PLANT, key(10))
    later(world, 1)
    undo(world, merged.number)
    later(world, 1)
    assert reports_of(world, LIFT) == [key(11), key(12)]
    assert reports_of(world, NEW) == [key(10)]


def test_an_undone_split_closes_the_new_number_and_takes_along_who_came_since(world: World) -> None:
    parted = split(world, LIFT, key(10), key(11))
    later(world, 1)
    move(world, PLANT, NEW, key(0))
    later(world, 1)
    undo(world, parted.number)
    later(world, 1)
    assert reports_of(world, LIFT) == [key(0), key(10), key(11), key(12)]
    assert issue_row(world, NEW) == (LIFT, FIRST_DAY + timedelta(days=3), "研判员")


def test_a_move_is_undone_even_where_the_other_issue_has_gone_into_a_third(world: World) -> None:
    moved = move(world, LIFT, PLANT, key(10))
    parted = split(world, LIFT, key(11))
    later(world, 1)
    merge(world, NEW, PLANT)
    later(world, 1)
    undo(world, moved.number)
    later(world, 1)
    assert reports_of(world, LIFT) == [key(10), key(12)]
    undo(world, parted.number)
    later(world, 1)
    assert reports_of(world, LIFT) == [key(10), key(11), key(12)]


@pytest.mark.parametrize("first", ["split", "merge"])
def test_of_an_undone_split_nothing_is_left_even_where_its_issue_had_gone_into_another(
    world: World, first: str
) -> None:
    numbers = [split(world, LIFT, key(10), key(11)).number]
    later(world, 1)
    numbers.append(merge(world, NEW, PLANT).number)
    later(world, 1)
    for number in numbers if first == "split" else reversed(numbers):
        undo(world, number)
        later(world, 1)
    assert reports_of(world, LIFT) == [key(10), key(11), key(12)]
    assert world.memory.standing.survivor(NEW) == LIFT
    assert (issue_row(world, NEW) or ())[0] == LIFT


def test_what_is_undone_before_it_was_in_force_never_happens(world: World) -> None:
    first = split(world, PLANT, key(0))
    undo(world, first.number)
    later(world, 1)
    assert len(reports_of(world, PLANT)) == 4
    assert world.connection.execute("SELECT count(*) FROM corrections WHERE in_force_on IS NOT NULL").fetchone() == (0,)


def test_an_undo_that_is_withdrawn_leaves_the_correction_in_force(world: World) -> None:
    merged = merge(world, LIFT, PLANT)
    later(world, 1)
    undo(world, undo(world, merged.number).number)
    later(world, 1)
    assert len(reports_of(world, PLANT)) == 7
    undo(world, merged.number)
    later(world, 1)
    assert len(reports_of(world, LIFT)) == 3


def test_two_corrections_of_one_day_are_in_force_in_their_order(world: World) -> None:
    move(world, PLANT, LIFT, key(0))
    move(world, LIFT, PLANT, key(0), key(10))
    later(world, 1)
    assert reports_of(world, PLANT) == [key(0), key(1), key(10), key(2), key(3)]


def test_a_merge_of_what_the_engine_has_merged_meanwhile_is_dropped_and_says_so(world: World) -> None:
    """It was recorded while the day that merged them was being computed."""
    said = merge(world, LIFT, PLANT)
    world.memory.standing.merged[LIFT] = PLANT
    world.memory.join(LIFT, PLANT)
    (done,) = later(world, 1)
    assert done.corrected.dropped == (said.number,)
    by = world.connection.execute("SELECT made_by FROM corrections WHERE undoes = ?", [said.number]).fetchall()
    assert by == [("engine",)]


def next_day_while(world: World, meanwhile: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the next day, and let something happen after it has read what waits."""
    read = store.day_input

    def read_and_then(connection, day):  # type: ignore[no-untyped-def]
        given = read(connection, day)
        meanwhile()
        return given

    with monkeypatch.context() as patch:
        patch.setattr(store, "day_input", read_and_then)
        later(world, 1)


def test_a_split_that_is_withdrawn_while_its_day_is_being_computed_is_undone_the_day_after(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = split(world, PLANT, key(0))
    next_day_while(world, lambda: undo(world, said.number), monkeypatch)
    assert reports_of(world, NEW) == [key(0)]
    later(world, 1)
    assert (reports_of(world, NEW), len(reports_of(world, PLANT))) == ([], 4)


def test_an_undo_that_is_withdrawn_while_its_day_is_being_computed_stays_in_force(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    merged = merge(world, LIFT, PLANT)
    later(world, 1)
    said = undo(world, merged.number)
    next_day_while(world, lambda: undo(world, said.number), monkeypatch)
    later(world, 1)
    assert len(reports_of(world, LIFT)) == 3
    assert world.memory.standing.pairs_apart() == {(LIFT, PLANT)}
    with pytest.raises(StateError, match=f"已经由第 {said.number} 号撤销"):
        undo(world, merged.number)


def merged_on_sunday(world: World) -> list[tuple[int, int]]:
    comes(world, [plant(30, days=SUNDAY)])
    return [(step.absorbed, step.survivor) for done in later(world, SUNDAY) for step in done.merges]


def test_the_engine_does_not_merge_again_what_people_have_split(world: World) -> None:
    split(world, PLANT, key(0), key(1))
    assert merged_on_sunday(world) == []


def test_without_what_people_said_it_would(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    split(world, PLANT, key(0), key(1))
    monkeypatch.setattr(Standing, "pairs_apart", lambda _: set())
    assert merged_on_sunday(world) == [(NEW, PLANT)]


def test_a_merge_of_the_night_is_described_the_next_day_although_nobody_reported(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    split(world, PLANT, key(0), key(1))
    monkeypatch.setattr(Standing, "pairs_apart", lambda _: set())
    assert merged_on_sunday(world) == [(NEW, PLANT)]
    [monday] = later(world, 1)
    assert monday.keys == ()
    assert {state.issue_id: state.n_reports for state in monday.states}[PLANT] == len(reports_of(world, PLANT))


def test_the_issue_that_a_report_was_moved_out_of_does_not_merge_with_the_one_it_is_in(world: World) -> None:
    split(world, PLANT, key(0), key(1))
    later(world, 1)
    merge(world, NEW, PLANT)  # people may join what is apart
    later(world, 1)
    assert world.memory.standing.pairs_apart() == {(PLANT, PLANT)}
    move(world, PLANT, LIFT, key(0))
    later(world, 1)
    assert (PLANT, LIFT) in world.memory.standing.pairs_apart()


def test_a_part_stays_apart_from_all_that_its_whole_was_put_apart_from(world: World) -> None:
    move(world, PLANT, LIFT, key(0))
    split(world, PLANT, key(1), key(2))
    later(world, 1)
    pairs = world.memory.standing.pairs_apart()
    assert {frozenset(pair) for pair in pairs} == {
        frozenset({PLANT, LIFT}), frozenset({PLANT, NEW}), frozenset({NEW, LIFT}),
    }  # fmt: skip


def test_a_merge_of_the_engine_is_undone_and_not_made_again(world: World) -> None:
    parted = split(world, PLANT, key(0), key(1))
    later(world, 1)
    world.memory.standing.apart.clear()  # as if the engine had linked them apart by itself
    comes(world, [plant(30, days=SUNDAY), plant(31, days=SUNDAY + 7)])
    later(world, 2)
    (number,) = world.connection.execute(
        "SELECT correction_id FROM corrections WHERE kind = 'merge' AND made_by = 'engine'"
    ).fetchone()  # type: ignore[misc]
    assert number == parted.number + 1
    undo(world, number)
    later_days = later(world, 7)
    assert reports_of(world, NEW) == [key(0), key(1), key(30)]
    assert [step for done in later_days for step in done.merges] == []


def test_a_new_report_may_join_either_of_two_issues_that_are_apart(world: World) -> None:
    split(world, PLANT, key(0))
    comes(world, [plant(5, days=1), plant(6, days=1)])
    later(world, 1)
    assert {issues_now(world)[key(5)], issues_now(world)[key(6)]} == {PLANT, NEW}


def test_what_people_have_merged_stays_one(world: World) -> None:
    merge(world, LIFT, PLANT)
    comes(world, [plant(30, days=SUNDAY), lift(31, days=SUNDAY), lift(32, days=SUNDAY + 7)])
    later(world, 12)
    assert len(reports_of(world, PLANT)) == 10
