"""A seeded warehouse is one that has run: sound, of a real one's make, and the engine, digest and board work on it."""

from datetime import timedelta

import pytest

from benchmarks import seeding
from benchmarks.many_at_once import page
from benchmarks.scale import FIRST_ON
from pipelines.digest import digest_command
from signals.keeping.soundness import check_soundness
from signals.runner import days_due, run_days
from signals.settings import Settings
from signals.store.warehouse import reading

pytestmark = pytest.mark.slow

N_REPORTS, N_DAYS = 800, 100  # into a second quarter, for its merges
LAST_ON = FIRST_ON + timedelta(days=N_DAYS - 1)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("seeding")
    seeding.seed(folder, N_REPORTS, N_DAYS)
    return Settings(folder=folder, demo=True)


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with reading(settings.warehouse_path) as connection:
        return connection.execute(query).fetchall()


def test_every_day_has_run_and_what_the_tables_say_agrees(settings: Settings) -> None:
    assert rows(settings, "SELECT count(*), max(day) FROM runs") == [(N_DAYS, LAST_ON)]
    with reading(settings.warehouse_path) as connection:
        assert check_soundness(connection) == []


@pytest.mark.parametrize("table", [
    "alerts", "cells", "corrections", "day_totals", "engine_state", "evidence", "handling", "issue_days", "issues",
    "links", "report_days", "report_matters", "reports", "runs", "said", "series_state", "tokens", "trends", "updates",
    "vocabulary", "voices", "watch",
])  # fmt: skip
def test_every_table_that_a_run_fills_is_filled(settings: Settings, table: str) -> None:
    assert rows(settings, f"SELECT count(*) > 0 FROM {table}") == [(True,)]


def test_alerts_say_why_and_people_are_at_different_steps_with_them(settings: Settings) -> None:
    assert rows(settings, "SELECT count(*) FROM alerts WHERE len(reasons) < 2 OR len(factors) = 0") == [(0,)]
    steps = rows(settings, "SELECT DISTINCT step FROM handling")
    assert {("found",), ("reported",), ("owned",)} <= set(steps)


def test_planted_reports_are_one_issue_and_raised(settings: Settings) -> None:
    [(n,)] = rows(settings, "SELECT max(n_reports) FROM alerts WHERE NOT is_update")
    assert int(str(n)) >= seeding.ALERTED_FROM


def test_the_last_day_has_a_digest(settings: Settings) -> None:
    assert digest_command(settings) == 0
    assert (settings.digests_folder / f"digest-{LAST_ON}.html").is_file()


def test_the_board_has_its_answers(settings: Settings) -> None:
    page(settings)


def test_the_engine_runs_the_next_day_on_it(settings: Settings) -> None:
    days = days_due(settings.warehouse_path, LAST_ON + timedelta(days=1))
    assert [done.result.day for done in run_days(settings.warehouse_path, days, settings)] == days
