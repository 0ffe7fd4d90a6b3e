"""What a correction does: by hand on two small matters, a fact at a time."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from signals.correcting import carry_out
from signals.corrections import Standing
from signals.day import DayResult
from signals.errors import StateError
from signals.memory import LastAlert
from signals.store import days as store
from signals.store.corrections import waiting_corrections
from tests.engine.correcting import issues_now, merge, move, split, undo
from tests.engine.issues import heard
from tests.engine.stream import FIRST_DAY, Entry, insert_entries
from tests.engine.worlds import World, world_of

PLANT, LIFT, NEW = 1, 2, 23  # issues, by number; NEW is the next that will be given
SUNDAY = 3  # days after the first, a Thursday
LISTS = ("areas", "towns", "sources", "words", "reasons", "quotes", "report_keys", "factors")  # of an alert
LIFT_TITLE = "云栖台二期电梯反复停运困住住户"


def plant(number: int, *, days: int = 0, who: str | None = "") -> Entry:
    return heard(number, who=f"p{number}" if who == "" else who, days=days, minutes=number,
                 body=f"海棠苑旁边的搅拌站凌晨两点还在装料轰鸣，整栋楼震得睡不着，{number}号楼")  # fmt: skip


def lift(number: int, *, days: int = 0) -> Entry:
    return heard(number, who=f"l{number}", days=days, minutes=number, title=LIFT_TITLE, area="440705", town="会城街道",
                 body=f"云栖台二期电梯又停运，老人被困，维保没有来，{number}栋")  # fmt: skip


OTHERS = (
    "望江路井盖松动 柳林村垃圾没人清运 金沙小学门口堵车 朝霞巷路灯整排熄灭 北苑市场占道摆摊 "
    "石桥公园厕所漏水 东湾码头渔船漏油 银杏大道树枝压线 青松医院挂号排长队 南塘街水压太低 "
    "梅岭花园物业乱收费 鹤鸣大厦外墙掉砖 长堤广场舞音响扰民 清溪桥栏杆断裂 杉木巷野狗成群 "
    "白鹿中学食堂涨价 河西车站黑车揽客 新安酒店油烟直排 红树湾围栏倒塌 旧渡口公交改线"
).split()
ENTRIES = [
    *(plant(i) for i in range(4)), *(lift(i) for i in range(10, 13)),
    *(heard(100 + i, who=f"o{i}", minutes=100 + i, title=text, body=text) for i, text in enumerate(OTHERS)),
]  # fmt: skip


@pytest.fixture
def world() -> Iterator[World]:
    """Four reports about the plant and three about the lift, on the first day, which has run."""
    with world_of(ENTRIES) as made:
        made.run(FIRST_DAY)
        assert sorted(issues_now(made).values()) == [PLANT] * 4 + [LIFT] * 3 + list(range(3, NEW))
        yield made


def key(number: int) -> str:
    return f"hotline:n{number}"


def later(world: World, n_days: int) -> list[DayResult]:
    """Run the next n days."""
    first = world.memory.days[-1]
    return [world.run(first + timedelta(days=i + 1)) for i in range(n_days)]


def reports_of(world: World, issue: int) -> list[str]:
    return sorted(key for key, now in issues_now(world).items() if now == issue)


def comes(world: World, entries: Sequence[Entry]) -> None:
    insert_entries(world.connection, entries)


def issue_row(world: World, issue: int) -> tuple[object, ...] | None:
    columns = "merged_into, merged_on, merged_by"
    return world.connection.execute(f"SELECT {columns} FROM issues WHERE issue_id = ?", [issue]).fetchone()


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


def test_the_issue_that_a_report_was_moved_out_of_does_not_merge_with_the_one_it_is_in(world: World) -> None:
    split(world, PLANT, key(0), key(1))
    later(world, 1)
    merge(world, NEW, PLANT)  # people may join what is apart
    later(world, 1)
    assert world.memory.standing.pairs_apart() == {(PLANT, PLANT)}
    move(world, PLANT, LIFT, key(0))
    later(world, 1)
    assert (PLANT, LIFT) in world.memory.standing.pairs_apart()


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


def staked(world: World, issue: int) -> float:
    """Give an issue a stake of two on each growth factor; returns what all stakes come to."""
    place = int(np.searchsorted(world.memory.watched, issue))
    assert world.memory.watched[place] == issue
    world.memory.m[place] = 2.0
    return float(world.memory.m.sum())


def stakes_after_correcting(world: World) -> float:
    """What the stakes come to when corrections have been carried out and the day has brought nothing else."""
    day = world.memory.days[-1] + timedelta(days=1)
    carry_out(world.memory, waiting_corrections(world.connection), day, world.settings.detector)
    return float(world.memory.m.sum())


def stake(world: World, issue: int) -> float:
    return float(world.memory.states(np.array([issue])).sum())


def test_a_new_issue_starts_with_no_stake_and_the_old_one_keeps_its_own(world: World) -> None:
    later(world, 1)
    before = staked(world, PLANT)
    split(world, PLANT, key(0), key(1))
    assert stakes_after_correcting(world) == pytest.approx(before)
    assert (stake(world, NEW), stake(world, PLANT) > 0) == (0.0, True)


def test_merged_stakes_add_and_stay_with_the_survivor_when_it_is_undone(world: World) -> None:
    later(world, 1)
    before = staked(world, LIFT)
    both = stake(world, PLANT) + stake(world, LIFT)
    merged = merge(world, LIFT, PLANT)
    assert stakes_after_correcting(world) == pytest.approx(before)
    assert (stake(world, PLANT), stake(world, LIFT)) == (pytest.approx(both), 0.0)
    world.connection.execute("UPDATE corrections SET in_force_on = DATE '2025-03-22'")
    undo(world, merged.number)
    assert stakes_after_correcting(world) == pytest.approx(before)
    assert (stake(world, PLANT), stake(world, LIFT)) == (pytest.approx(both), 0.0)


def test_both_parts_keep_the_last_alert_of_the_whole(world: World) -> None:
    last = LastAlert(FIRST_DAY, 4)
    world.memory.last_alert[PLANT] = last
    split(world, PLANT, key(0), key(1))
    merged = merge(world, LIFT, PLANT)
    later(world, 1)
    assert (world.memory.last_alert[NEW], world.memory.last_alert[PLANT], LIFT in world.memory.last_alert) == (
        last, last, False,
    )  # fmt: skip
    undo(world, merged.number)
    later(world, 1)
    assert world.memory.last_alert[LIFT] == last


def test_a_rebuilt_memory_knows_the_last_alert_that_both_parts_keep(world: World) -> None:
    """Of the lift's alert, from before it went into the plant's issue, which never had one itself."""
    columns = dict.fromkeys(("evidence", "recurrence_days", "risk_points", "expected"), 1.0) | {"n_complainants": 4}
    row = {"day": FIRST_DAY, "issue_id": LIFT, "name": "", "level": "blue", "stage": "weak", "arm": "scan",
           "n_reports": 3, "observed": 3, "window_days": 7, "first_on": FIRST_DAY, "owner": "", "is_update": False,
           "due_at": FIRST_DAY, **{name: [] for name in LISTS}, **columns}  # fmt: skip
    world.connection.execute(
        f"INSERT INTO alerts ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
    )
    world.memory.last_alert[LIFT] = LastAlert(FIRST_DAY, 4)
    merged = merge(world, LIFT, PLANT)
    later(world, 1)
    undo(world, merged.number)
    split(world, PLANT, key(0))
    later(world, 1)
    assert world.memory.last_alert == dict.fromkeys((PLANT, LIFT, NEW), LastAlert(FIRST_DAY, 4))
    assert world.restarted().memory.last_alert == world.memory.last_alert


def test_both_parts_have_the_back_count_of_the_whole_and_it_does_not_grow_by_undoing(world: World) -> None:
    world.memory.back_count[PLANT] = 5
    parted = split(world, PLANT, key(0))
    later(world, 1)
    assert (world.memory.back_count[PLANT], world.memory.back_count[NEW]) == (5, 5)
    undo(world, parted.number)
    later(world, 1)
    assert (world.memory.back_count[PLANT], NEW in world.memory.back_count) == (5, False)


def flags(world: World, number: int) -> tuple[bool, bool]:
    row = world.memory.row_of[key(number)]
    return bool(world.memory.is_voice[row]), bool(world.memory.is_first[row])


def test_the_first_voice_of_a_split_off_issue_is_no_evidence_and_the_next_of_the_old_one_neither(world: World) -> None:
    assert (flags(world, 0), flags(world, 1), flags(world, 2)) == ((True, True), (True, False), (True, False))
    split(world, PLANT, key(0), key(2))
    later(world, 1)
    assert (flags(world, 0), flags(world, 2)) == ((True, True), (True, False))
    assert (flags(world, 1), flags(world, 3)) == ((True, True), (True, False))


def test_a_person_who_was_counted_once_in_the_whole_is_counted_in_each_part() -> None:
    with world_of([*ENTRIES, plant(4, who="p1")]) as world:
        world.run(FIRST_DAY)
        assert flags(world, 4) == (False, False)
        split(world, PLANT, key(4))
        later(world, 1)
        assert flags(world, 4) == (True, True)


def test_a_person_who_was_counted_in_both_issues_is_counted_once_in_the_merged_one() -> None:
    with world_of([Entry(e.report, "p1") if e.report.key == key(11) else e for e in ENTRIES]) as world:
        world.run(FIRST_DAY)
        assert flags(world, 11) == (True, False)
        merge(world, LIFT, PLANT)
        later(world, 1)
        assert flags(world, 11) == (False, False)
        assert flags(world, 10) == (True, True)  # it founded the lift's issue: no evidence in the merged one


def test_how_a_report_was_counted_on_its_day_is_kept(world: World) -> None:
    before = world.results()["report_days"]
    split(world, PLANT, key(0))
    later(world, 1)
    assert world.results()["report_days"] == before


def test_a_corrected_issue_is_described_on_the_day(world: World) -> None:
    split(world, PLANT, key(0), key(1))
    (done,) = later(world, 1)
    assert {PLANT, NEW} <= {state.issue_id for state in done.states}
    assert world.connection.execute("SELECT name FROM issues WHERE issue_id = ?", [NEW]).fetchone() != ("",)


@pytest.mark.parametrize(("asleep", "wakes"), [(300, True), (430, False)])
def test_an_issue_that_has_slept_for_months_wakes_under_its_number_while_its_reports_are_remembered(
    asleep: int, wakes: bool
) -> None:
    """linking.memory_days is 365. Beyond it a new issue is born; a person may merge it into the old one."""
    back = FIRST_DAY + timedelta(days=asleep)
    with world_of([*ENTRIES, plant(20, days=asleep)]) as world:
        world.run(FIRST_DAY)
        assert (world.run(back).issues.tolist() == [PLANT]) is wakes
        if not wakes:
            merge(world, issues_now(world)[key(20)], PLANT)
            comes(world, [plant(21, days=asleep + 1)])
            assert world.run(date.fromordinal(back.toordinal() + 1)).issues.tolist() == [PLANT]
            assert len(reports_of(world, PLANT)) == 6
