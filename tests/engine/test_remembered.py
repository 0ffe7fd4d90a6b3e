"""A memory read from the warehouse as columns is, column by column, the memory carried on to that day."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta

import numpy as np
import pytest

from signals.day import learn_facts
from signals.memory import Memory
from signals.progress import Handled
from signals.records import Update
from tests.engine.issues import heard, instant, issue_of
from tests.engine.stream import FIRST_DAY, make_stream
from tests.engine.worlds import World, stream_days, world_of

N_DAYS = 16
SAME = (
    "day", "source", "received", "text", "grievance", "danger", "quotable", "group", "marks", "void", "issue", "home",
    "similarity", "is_voice", "is_first", "matter", "matter_voice", "matter_first",
    "telling",
)  # fmt: skip
NAMED = {"area": "areas", "place": "places", "category": "kinds", "kind": "kinds", "complainant": "people"}


@pytest.fixture(scope="module")
def city() -> Iterator[World]:
    """Days with late answers, voids, sensitive reports with deadlines, and facts about reports that come only later."""
    entries = make_stream(N_DAYS + 3)
    for i in range(0, len(entries), 7):
        own = entries[i].report
        own = replace(own, restricted="疾病", due_at=own.received_at + timedelta(hours=i))
        entries[i] = replace(entries[i], report=own)
    for i in range(50, len(entries), 11):
        key, known = entries[i].report.key, entries[i].report.known_at - timedelta(days=2)
        early = (Update(key, "answered", "", known, known), Update(key, "returned", "1", None, known))
        entries[i] = replace(entries[i], updates=(*entries[i].updates, *early))
    for i in range(5, len(entries), 13):  # of two facts of one field the later counts
        key, known = entries[i].report.key, entries[i].report.known_at
        twice = [Update(key, "solved", said, None, known + timedelta(hours=h)) for h, said in ((30, "是"), (3, "否"))]
        entries[i] = replace(entries[i], updates=(*entries[i].updates, *twice))
    with world_of(entries) as world:
        for day in stream_days(N_DAYS):
            world.run(day)
        yield world


@pytest.fixture(scope="module")
def read(city: World) -> Memory:
    return city.restarted().memory


@pytest.mark.parametrize("name", SAME)
def test_a_column_is_the_same(city: World, read: Memory, name: str) -> None:
    expected, found = getattr(city.memory, name), getattr(read, name)
    assert found.dtype == expected.dtype
    assert np.array_equal(found, expected)
    assert found.flags.writeable


@pytest.mark.parametrize("name", NAMED)
def test_a_column_of_numbers_says_the_same(city: World, read: Memory, name: str) -> None:
    def named(memory: Memory) -> list[object]:
        name_of = {number: each for each, number in getattr(memory, NAMED[name]).items()}
        return [name_of.get(number) for number in getattr(memory, name).tolist()]

    assert named(read) == named(city.memory)
    assert len(set(named(read))) > 1


@pytest.mark.parametrize("name", [each.name for each in fields(Handled)])
def test_what_the_service_did_is_the_same(city: World, read: Memory, name: str) -> None:
    expected, found = getattr(city.memory.handled, name), getattr(read.handled, name)
    assert np.array_equal(found, expected, equal_nan=found.dtype == np.float64)
    assert len(np.unique(found)) > 1 or name in ("settled", "closed")


def test_reports_keys_tokens_and_members_are_the_same(city: World, read: Memory) -> None:
    every = np.arange(read.n)
    assert list(read.reports) == list(city.memory.reports)
    assert read.row_of == city.memory.row_of
    for name in ("counts", "place_counts", "matter_counts"):
        assert (getattr(read, name).take(every) != getattr(city.memory, name).take(every)).nnz == 0
    assert read.members == city.memory.members
    assert read.matter_members == city.memory.matter_members


def test_facts_of_reports_that_have_not_come_wait_for_them(city: World, read: Memory) -> None:
    def waiting(memory: Memory) -> dict[str, list[tuple[str, str]]]:
        return {key: [(fact.field, fact.value) for fact in facts] for key, facts in memory.facts.items()}

    assert waiting(read) == waiting(city.memory)
    assert read.facts
    assert FIRST_DAY.toordinal() < read.day[-1]


def test_what_the_members_sum_to_is_the_same(city: World, read: Memory) -> None:
    for found, expected in ((read.sums, city.memory.sums), (read.matter_sums, city.memory.matter_sums)):
        ids = found.ids[found.sizes > 0]
        assert np.array_equal(ids, expected.ids[expected.sizes > 0])
        one, other = (each.sums(np.searchsorted(each.ids, ids)) for each in (found, expected))
        assert (one.telling != other.telling).nnz == 0
        assert (one.rest != other.rest).nnz == 0
        assert np.array_equal(one.latent, other.latent)


def test_a_report_that_becomes_void_when_it_votes_no_more_takes_no_vote_away() -> None:
    memory = issue_of([heard(0, who="a"), heard(1, who="b", days=1)])
    memory.voting_after = FIRST_DAY.toordinal()  # the first report has left the sums
    sizes = memory.sums.sizes.tolist()
    learn_facts(memory, [Update("hotline:n0", "void", "作废", None, instant(2))])
    assert memory.void.tolist() == [True, False]
    assert memory.sums.sizes.tolist() == sizes
