"""Corrections drawn at random on a dense stream: the past is fixed, a rebuilt memory is the same, all can be undone."""

import random

import pytest

from signals.clock import end_of
from signals.corrections import CorrectionKind
from signals.memory import NOBODY
from tests.engine.correcting import AtRandom, issues_now, partition_of, remembered, undo
from tests.engine.stream import Entry, make_stream
from tests.engine.worlds import World, days_that_see_the_future, differences, stream_days, world_of

pytestmark = pytest.mark.slow

N_DAYS = 12
SUNDAYS = (3, 10)  # of the stream's days, whose nights may merge issues
SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return make_stream(N_DAYS, seed=8)


def test_the_draw_has_all_kinds(entries: list[Entry]) -> None:
    drawn = [AtRandom(seed) for seed in SEEDS]
    for draw in drawn:
        with world_of(entries) as world:
            for day in stream_days(6):
                draw(world)
                world.run(day)
    assert {said.kind for draw in drawn for said in draw.said} == set(CorrectionKind)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_day_changes_under_another_future_or_a_rebuilt_memory_whatever_is_corrected(
    entries: list[Entry], seed: int
) -> None:
    draw = AtRandom(seed)
    since = 0 if seed == SEEDS[0] else N_DAYS // 2  # the more has been corrected, the more can differ
    differing, done = days_that_see_the_future(entries, N_DAYS, before=draw, since=since)
    assert differing == {}
    assert len(draw.said) > N_DAYS
    assert sum(len(day.corrected.done) for day in done) > N_DAYS
    assert any(day.corrected.recounted for day in done)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rebuilt_memory_remembers_the_same_after_every_day(entries: list[Entry], seed: int) -> None:
    draw = AtRandom(seed)
    with world_of(entries) as world:
        for day in stream_days(N_DAYS):
            draw(world)
            world.run(day)
            assert remembered(world.memory) == remembered(world.restarted().memory)


@pytest.mark.parametrize("seed", SEEDS)
def test_in_a_corrected_issue_a_person_is_one_voice_and_the_first_voice_is_marked(
    entries: list[Entry], seed: int
) -> None:
    draw, n_seen = AtRandom(seed), 0
    with world_of(entries) as world:
        for day in stream_days(N_DAYS):
            draw(world)
            done, memory = world.run(day), world.memory
            merged = {step.absorbed for step in done.merges}  # tonight, by the engine, whose rule is another
            for issue in done.corrected.issues - merged - {step.survivor for step in done.merges}:
                rows = memory.rows_of(issue)
                voices = rows[memory.is_voice[rows]]
                people = [person for person in memory.complainant[voices].tolist() if person != NOBODY]
                assert len(people) == len(set(people))
                assert memory.is_first[voices].any() or not len(voices) or memory.void[memory.members[issue]].any()
                n_seen += len(people)
    assert n_seen > 50


def test_what_earlier_days_have_written_stays_but_for_the_end_of_links(entries: list[Entry]) -> None:
    """Links, issues and corrections are the books of what is so from when on; all else is only ever added to."""
    books = {"links", "issues", "corrections", "engine_state", "series_state", "paces", "vocabulary"}
    draw = AtRandom(4)
    with world_of(entries) as world:
        for day in stream_days(N_DAYS):
            before = world.results()
            draw(world)
            world.run(day)
            after = world.results()
            lost = {table for table in before if table not in books and set(map(str, before[table])) - set(
                map(str, after[table]))}  # fmt: skip
            assert lost == set()


def test_on_every_day_every_report_of_the_past_is_in_exactly_one_issue(entries: list[Entry]) -> None:
    draw, days = AtRandom(5), stream_days(N_DAYS)
    with world_of(entries) as world:
        for day in days:
            draw(world)
            world.run(day)
        for day in days:
            rows = world.connection.execute(
                """SELECT count(l.issue_id) FROM reports r LEFT JOIN links l ON l.report_key = r.report_key
                   AND l.from_on <= $day AND (l.until_on IS NULL OR l.until_on > $day)
                   WHERE r.known_at < $end GROUP BY r.report_key HAVING count(l.issue_id) <> 1""",
                {"day": day, "end": end_of(day)},
            ).fetchall()
            assert rows == []


def taken_back(world: World, chance: random.Random) -> int:
    """Undo all that people have corrected, in any order; how many."""
    rows = world.connection.execute(
        "SELECT correction_id FROM corrections WHERE made_by <> 'engine' ORDER BY 1"
    ).fetchall()
    numbers = chance.sample([number for (number,) in rows], len(rows))
    for number in numbers:
        undo(world, number)
    return len(numbers)


@pytest.mark.parametrize("seed", range(6))
def test_when_all_is_undone_in_any_order_the_reports_are_together_as_they_were(
    entries: list[Entry], seed: int
) -> None:
    days = stream_days(N_DAYS)
    draw = AtRandom(seed, with_undo=False)
    with world_of(entries) as world:
        for day in days[: SUNDAYS[0] + 1]:
            world.run(day)
        before = issues_now(world)
        for day in days[SUNDAYS[0] + 1 : SUNDAYS[1] - 1]:  # no night of merges between
            draw(world)
            world.run(day)
        assert partition_of({key: issue for key, issue in issues_now(world).items() if key in before}) != (
            partition_of(before)
        )
        assert taken_back(world, random.Random(seed)) >= 5
        world.run(days[SUNDAYS[1] - 1])
        assert {key: issue for key, issue in issues_now(world).items() if key in before} == before


def test_corrections_that_are_withdrawn_change_nothing(entries: list[Entry]) -> None:
    draw, days = AtRandom(7, with_undo=False), stream_days(6)
    with world_of(entries) as plain, world_of(entries) as corrected:
        for day in days:
            plain.run(day)
            draw(corrected)
            for said in reversed(draw.said):
                undo(corrected, said.number)
            draw.said.clear()
            corrected.run(day)
            found = differences(plain.results(), corrected.results())
            assert set(found) <= {"corrections"}
