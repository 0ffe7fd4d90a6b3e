"""Bars follow what a shuffled replay has measured: where it exceeds the promise, less is spent."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from signals.clock import start_of
from signals.day import work_day
from signals.memory import Memory
from signals.replay import Replayed, record_realized
from signals.shuffling import shuffle_named
from signals.store import days as store
from signals.store.warehouse import reading
from tests.engine.stream import FIRST_DAY, make_stream, settings_for, write_stream
from tests.engine.worlds import stream_days, world_of

N_DAYS = 20


def bars(realized: float) -> tuple[list[float], list[float], int]:
    """The bar and the promise of each day, and how many crossings there were, where so much was measured."""
    memory = Memory()
    with world_of(make_stream(N_DAYS, seed=4)) as world:
        done = [
            work_day(memory, replace(store.day_input(world.connection, day), realized=realized), world.settings, {})
            for day in stream_days(N_DAYS)
        ]
    return [day.scan_bar for day in done], [day.budget for day in done], sum(len(d.alerts + d.updates) for d in done)


def test_where_more_was_realized_than_promised_the_bar_is_higher_and_the_promise_stays() -> None:
    usual, promised, n_usual = bars(0.0)
    higher, as_promised, n_fewer = bars(4.0)
    assert promised == as_promised
    assert all(b >= a for a, b in zip(usual, higher, strict=True))
    assert sum(b > a for a, b in zip(usual, higher, strict=True)) > N_DAYS / 2
    assert n_fewer < n_usual


def test_where_the_promise_was_kept_nothing_changes() -> None:
    assert bars(0.9) == bars(0.0)


@pytest.mark.parametrize(("name", "through", "expected"), [
    ("year", FIRST_DAY, 2.5), ("year", FIRST_DAY + timedelta(days=1), 0.0), ("60d", FIRST_DAY, 0.0),
])  # fmt: skip
def test_the_engine_reads_the_last_year_wide_measurement_of_days_before(
    tmp_path: Path, name: str, through: date, expected: float
) -> None:
    settings = settings_for(tmp_path)
    write_stream(settings.warehouse_path, make_stream(3))
    for measured, at in ((1.5, 1), (2.5, 2)):
        found = Replayed(FIRST_DAY, through, 1, 0, 1, 1.0, 1.0, 1.0, 1.0, realized_over_budget=measured)
        record_realized(settings.warehouse_path, found, shuffle_named(name), measured_at=start_of(date(2025, 4, at)))
    with reading(settings.warehouse_path) as connection:
        assert store.day_input(connection, FIRST_DAY + timedelta(days=1)).realized == expected
