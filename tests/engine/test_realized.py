"""Bars follow what a shuffled replay has measured: where it exceeds the promise, less is spent."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from signals.clock import start_of
from signals.day import work_day
from signals.memory import GRADES, Memory
from signals.replay import Replayed, record_realized
from signals.series import FIRST_ARM, Expectation, expect
from signals.settings import DetectorSettings
from signals.shuffling import shuffle_named
from signals.store import days as store
from signals.store.warehouse import reading
from tests.engine.stream import FIRST_DAY, make_stream, settings_for, write_stream
from tests.engine.voices import N_SOURCES, START, city
from tests.engine.worlds import stream_days, world_of

N_DAYS = 12


def issues_of_many_sizes() -> Memory:
    """One voice to thirty of 60 issues over 100 days."""
    chance = np.random.default_rng(3)
    issues = np.repeat(np.arange(60), chance.integers(1, 30, 60))
    return city(np.sort(chance.integers(0, 100, len(issues))), issues, np.full(len(issues), GRADES[-1]))


def expected(realized: float, budget: float) -> Expectation:
    rule = DetectorSettings(false_alerts_per_day=budget)
    memory = issues_of_many_sizes()
    return expect(memory, START + timedelta(days=100), np.ones(N_SOURCES), rule, realized=realized)


def test_where_more_was_realized_than_promised_so_much_less_is_spent() -> None:
    spent, of_a_quarter = expected(4.0, 2.0), expected(0.0, 0.5)
    assert spent.budget == of_a_quarter.budget == 0.5
    assert spent.scan.bar == of_a_quarter.scan.bar > expected(0.0, 2.0).scan.bar


def test_where_the_promise_was_kept_nothing_changes() -> None:
    assert expected(0.9, 2.0).scan.bar == expected(0.0, 2.0).scan.bar


def test_the_promise_of_a_day_stays_what_it_was() -> None:
    memory = Memory()
    with world_of(make_stream(N_DAYS, seed=4)) as world:
        for day in stream_days(N_DAYS):
            given = replace(store.day_input(world.connection, day), realized=4.0)
            assert work_day(memory, given, world.settings, {}).budget == world.settings.detector.false_alerts_per_day


@pytest.mark.parametrize(("name", "through", "measured"), [
    ("year", FIRST_DAY, 2.5), ("year", FIRST_DAY + timedelta(days=1), 0.0), ("60d", FIRST_DAY, 0.0),
])  # fmt: skip
def test_the_engine_reads_the_last_year_wide_measurement_of_days_before(
    tmp_path: Path, name: str, through: date, measured: float
) -> None:
    settings = settings_for(tmp_path)
    write_stream(settings.warehouse_path, make_stream(3))
    for value, at in ((1.5, date(2025, 3, 20)), (2.5, date(2025, 3, 21)), (3.5, date(2025, 3, 22))):
        found = Replayed(FIRST_DAY, through, 1, 0, 1, 1.0, 1.0, 1.0, 1.0, realized_over_budget=value)
        record_realized(settings.warehouse_path, found, shuffle_named(name), measured_at=start_of(at))
    # the third was measured after the day was over
    with reading(settings.warehouse_path) as connection:
        assert store.day_input(connection, FIRST_DAY + timedelta(days=1)).realized == measured


def test_what_is_set_aside_for_others_the_scan_does_not_spend() -> None:
    rule, half = DetectorSettings(false_alerts_per_day=2.0), (1.0 - FIRST_ARM) / 2
    day = START + timedelta(days=100)
    aside = expect(issues_of_many_sizes(), day, np.ones(N_SOURCES), rule, set_aside=half)
    assert aside.scan.bar == expected(0.0, 1.0).scan.bar > expected(0.0, 2.0).scan.bar
