"""What a correction does to how an issue is counted, staked and alerted; and issues that sleep and wake."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest

from signals.correcting import carry_out
from signals.memory import LastAlert
from signals.store.corrections import waiting_corrections
from tests.engine.correcting import issues_now, merge, split, undo
from tests.engine.stream import FIRST_DAY, Entry
from tests.engine.two_matters import ENTRIES, LIFT, NEW, PLANT, comes, key, later, plant, reports_of, two_matters
from tests.engine.worlds import World, world_of

LISTS = ("areas", "towns", "sources", "words", "reasons", "quotes", "report_keys", "factors")  # of an alert


@pytest.fixture
def world() -> Iterator[World]:
    with two_matters() as made:
        yield made


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


@pytest.mark.parametrize("alerted", [PLANT, LIFT])
def test_a_rebuilt_memory_knows_the_last_alert_that_both_parts_keep(world: World, alerted: int) -> None:
    """Of one of two issues, from before they were merged; the other never had one itself."""
    columns = dict.fromkeys(("evidence", "recurrence_days", "risk_points", "expected"), 1.0) | {"n_complainants": 4}
    row = {"day": FIRST_DAY, "issue_id": alerted, "name": "", "level": "blue", "stage": "weak", "arm": "scan",
           "n_reports": 3, "observed": 3, "window_days": 7, "first_on": FIRST_DAY, "owner": "", "is_update": False,
           "due_at": FIRST_DAY, **{name: [] for name in LISTS}, **columns}  # fmt: skip
    world.connection.execute(
        f"INSERT INTO alerts ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values())
    )
    world.memory.last_alert[alerted] = LastAlert(FIRST_DAY, 4)
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
