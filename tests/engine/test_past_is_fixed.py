"""What was raised on a day depends only on what was known on that day, for every day of a dense stream."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from signals.clock import day_of, end_of
from signals.store import days as store
from tests.engine.stream import Entry, make_stream
from tests.engine.worlds import cuts_that_see_the_future, days_that_see_the_future, stream_days

LONG, SHORT = 25, 7


@pytest.fixture(scope="module")
def long_stream() -> list[Entry]:
    return make_stream(LONG)


@pytest.fixture(scope="module")
def short_stream() -> list[Entry]:
    return make_stream(SHORT, reports_per_day=12)


def test_the_stream_is_dense_and_has_all_that_could_leak(long_stream: list[Entry]) -> None:
    per_day = len(long_stream) / LONG
    fields = {update.field for entry in long_stream for update in entry.updates}
    late = [e for e in long_stream if day_of(e.report.known_at) > day_of(e.report.received_at)]
    assert 12 <= per_day <= 20
    assert {"answered", "answer", "solved", "returned", "due", "void"} <= fields
    assert len(late) > 20
    assert any(entry.complainant is None for entry in long_stream)


def test_changing_all_that_is_known_later_changes_nothing_for_every_cut_from_an_empty_warehouse(
    short_stream: list[Entry],
) -> None:
    assert cuts_that_see_the_future(short_stream, SHORT) == {}


@pytest.mark.slow
def test_no_day_of_a_long_stream_changes_under_another_future_and_a_rebuilt_memory(long_stream: list[Entry]) -> None:
    differing, done = days_that_see_the_future(long_stream, LONG)
    assert differing == {}
    assert sum(len(result.alerts) for result in done) > 10  # else the stream could not show a difference
    assert sum(len(result.updates) for result in done) > 10
    assert sum(alert.zone is not None for result in done for alert in result.alerts) > 5
    assert sum(len(result.merges) for result in done) > 2


def _tomorrows_reports(real: Callable[..., store.DayInput]) -> Callable[..., store.DayInput]:
    def peek(connection, day):  # type: ignore[no-untyped-def]
        given = real(connection, day)
        tomorrow = real(connection, day + timedelta(days=1))
        return replace(given, arrivals=[*given.arrivals, *tomorrow.arrivals[:1]])

    return peek


def _answers_of_next_week(real: Callable[..., store.DayInput]) -> Callable[..., store.DayInput]:
    def peek(connection, day):  # type: ignore[no-untyped-def]
        given = real(connection, day)
        return replace(given, updates=store.updates(connection, None, end_of(day + timedelta(days=7))))

    return peek


def _todays_facts_by_received_at(real: Callable[..., store.DayInput]) -> Callable[..., store.DayInput]:
    def peek(connection, day):  # type: ignore[no-untyped-def]
        first, end = end_of(day - timedelta(days=1)), end_of(day)
        where = "WHERE r.received_at >= ? AND r.received_at < ? ORDER BY r.received_at, r.report_key"
        found = store.arrivals(connection, where, [first, end])
        return replace(real(connection, day), arrivals=found)

    return peek


@pytest.mark.parametrize("peek", [_tomorrows_reports, _answers_of_next_week, _todays_facts_by_received_at])
def test_a_planted_peek_is_caught(
    short_stream: list[Entry], monkeypatch: pytest.MonkeyPatch, peek: Callable[..., Callable[..., store.DayInput]]
) -> None:
    monkeypatch.setattr(store, "day_input", peek(store.day_input))
    if peek is _tomorrows_reports:
        monkeypatch.setattr("tests.engine.worlds.stream_days", lambda n: stream_days(1))  # one day is enough
    assert cuts_that_see_the_future(short_stream, 4) != {}


def test_a_peek_is_caught_in_the_long_check_too(long_stream: list[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "day_input", _answers_of_next_week(store.day_input))
    differing, _ = days_that_see_the_future(long_stream, 5)
    assert differing != {}
