"""A warehouse in memory with the engine on it: the runner's calls, fast enough for every cut of a stream."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import duckdb

from signals.day import DayResult, work_day
from signals.memory import Memory
from signals.settings import Settings
from signals.store import days as store
from signals.store.memories import load_memory
from signals.theming import themed
from tests.engine.stream import (
    FIRST_DAY,
    Entry,
    insert_entries,
    results_of,
    settings_for,
    start_of,
    tampered,
    themes_by_matter,
)

Tables = dict[str, list[tuple[object, ...]]]


@dataclass
class World:
    """One city: its open connection and the memory carried from day to day."""

    connection: duckdb.DuckDBPyConnection
    settings: Settings = field(default_factory=lambda: settings_for(Path("unused")))
    memory: Memory = field(default_factory=Memory)

    def run(self, day: date, *, with_cells: bool = False) -> DayResult:
        """Run one day and write it, as the runner does."""
        given = store.day_input(self.connection, day)
        given, themes = themed(self.connection, self.memory, given, themes_by_matter, self.settings)
        result = work_day(self.memory, given, self.settings, {})
        store.save_day(self.connection, self.memory, result, started_at=start_of(day), finished_at=start_of(day),
                       seconds=0.0, settings=self.settings, theme_version=themes.version, themes=themes.rows,
                       with_cells=with_cells)  # fmt: skip
        return result

    def restarted(self) -> "World":
        """The same city as a fresh process finds it: memory rebuilt from the tables."""
        return World(self.connection, self.settings, load_memory(self.connection, self.settings))

    def results(self) -> Tables:
        return results_of(self.connection)


@contextmanager
def world_of(entries: Sequence[Entry]) -> Iterator[World]:
    """A new city that holds the entries and has run no day."""
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET TimeZone = 'Asia/Shanghai'")
        connection.execute("SET threads = 1")  # as the runner has it while days follow each other
        connection.execute(files("signals.store").joinpath("schema.sql").read_text("utf-8"))
        insert_entries(connection, entries)
        yield World(connection)
    finally:
        connection.close()


def stream_days(n_days: int) -> list[date]:
    return [FIRST_DAY + timedelta(days=i) for i in range(n_days)]


def differences(expected: Tables, found: Tables) -> list[str]:
    """The tables that differ."""
    return [table for table, rows in expected.items() if rows != found[table]]


def cuts_that_see_the_future(entries: Sequence[Entry], n_days: int) -> dict[date, list[str]]:
    """Run all days; for every cut run a world with the same past and another future, and compare all tables.

    Returns the cuts after which anything differs, with the tables. Every world starts from nothing.
    """
    days = stream_days(n_days)
    after: list[Tables] = []
    with world_of(entries) as whole:
        for day in days:
            whole.run(day)
            after.append(whole.results())
    found = {}
    for i, cut in enumerate(days):
        with world_of(tampered(entries, cut)) as other:
            for day in days[: i + 1]:
                other.run(day)
            if tables := differences(after[i], other.results()):
                found[cut] = tables
    return found


def days_that_see_the_future(
    entries: Sequence[Entry], n_days: int, *, before: Callable[[World], object] = lambda world: None, since: int = 0
) -> tuple[dict[date, list[str]], list[DayResult]]:
    """The same for long streams: each day is run twice, first by a fresh process under another future (rolled back).

    So every day is also checked to be the same on a rebuilt memory as on the memory carried on. Cells, the slowest
    table, are written every fifth day. before: what people do between two days; since: the first of the days, counted
    from 0, that is run twice. Returns the days that differ with their tables, and all results.
    """
    found, done = {}, []
    with world_of(entries) as whole:
        for number, day in enumerate(stream_days(n_days)):
            before(whole)
            if number < since:
                done.append(whole.run(day))
                continue
            whole.connection.begin()
            for table in ("reports", "voices", "updates", "watch"):
                whole.connection.execute(f"DELETE FROM {table}")
            insert_entries(whole.connection, tampered(entries, day))
            other = whole.restarted()
            other.run(day, with_cells=day.day % 5 == 0)
            tables = other.results()
            whole.connection.rollback()
            done.append(whole.run(day, with_cells=day.day % 5 == 0))
            if differing := differences(whole.results(), tables):
                found[day] = differing
    return found, done
