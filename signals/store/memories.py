"""Rebuilding the engine's memory from the warehouse, equal to the last bit to the memory carried on."""

from datetime import date

import duckdb
import numpy as np

from signals.detector.baseline import Prior
from signals.memory import SOURCES, STATE, LastAlert, Memory
from signals.refreshing import refresh
from signals.settings import Settings
from signals.store.remembered import load_facts, load_links, load_matters, load_reports, load_texts
from signals.store.rows import first_row
from signals.store.tokens import load_vocabulary
from signals.theming import themes_of_version


def last_run_day(connection: duckdb.DuckDBPyConnection) -> date | None:
    """The last day that has run, None when none has."""
    row = first_row(connection.execute("SELECT max(day) FROM runs"))
    return row[0] if row else None


def load_memory(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Memory:
    """The memory at the end of the last run day; an empty one when no day has run."""
    memory = Memory(vocabulary=load_vocabulary(connection))
    last = last_run_day(connection)
    if last is None:
        return memory
    load_reports(connection, memory, settings)
    load_facts(connection, memory, last)
    load_texts(connection, memory, settings)
    load_links(connection, memory)
    load_matters(connection, memory)
    connection.execute("DROP TABLE remembered")
    _load_themes(connection, memory, last)
    _load_days(connection, memory)
    _load_state(connection, memory, settings)
    _load_last_alerts(connection, memory)
    return memory


def _load_last_alerts(connection: duckdb.DuckDBPyConnection, memory: Memory) -> None:
    """Of the alerts of an issue, of all that went into it and of what it was once part of, the last."""
    kept = "FROM corrections WHERE in_force_on IS NOT NULL AND alerted_on IS NOT NULL"
    for issue, day, n in connection.execute(
        f"""SELECT issue_id, day, n_complainants FROM alerts WHERE NOT is_update
            UNION ALL SELECT other_id, alerted_on, alerted_n {kept}
            UNION ALL SELECT issue_id, alerted_on, alerted_n {kept} AND kind = 'undo' ORDER BY 2, 3"""
    ).fetchall():
        memory.last_alert[memory.standing.survivor(issue)] = LastAlert(day, n)


def _load_themes(connection: duckdb.DuckDBPyConnection, memory: Memory, last: date) -> None:
    row = first_row(connection.execute("SELECT theme_version FROM runs WHERE day = ?", [last]))
    if row and row[0]:
        memory.set_themes(row[0], themes_of_version(connection, row[0]))


def _load_days(connection: duckdb.DuckDBPyConnection, memory: Memory) -> None:
    memory.days = [row[0] for row in connection.execute("SELECT day FROM runs ORDER BY day").fetchall()]
    shape = (len(memory.days), len(SOURCES))
    memory.totals, memory.exposures = np.zeros(shape), np.ones(shape)
    place = {day: i for i, day in enumerate(memory.days)}
    columns = {str(source): i for i, source in enumerate(SOURCES)}
    for day, source, n, exposure in connection.execute(
        "SELECT day, source, n_reports, exposure FROM day_totals"
    ).fetchall():
        memory.totals[place[day], columns[source]] = n
        memory.exposures[place[day], columns[source]] = exposure


def _load_state(connection: duckdb.DuckDBPyConnection, memory: Memory, settings: Settings) -> None:
    state = first_row(connection.execute("SELECT refreshed_on, a0, b0, next_issue, next_matter FROM engine_state"))
    if state is None:
        return
    memory.refreshed_on, memory.next_issue, memory.next_matter = state[0], state[3], state[4]
    *priors, memory.matter_prior = (Prior(a0, b0) for a0, b0 in zip(state[1], state[2], strict=True))
    memory.priors = tuple(priors)
    for kind, pace in connection.execute("SELECT kind, pace FROM paces").fetchall():
        memory.paces[memory.number(memory.kinds, kind)] = pace
    refresh(memory, state[0], settings.linking)
    found = connection.execute("SELECT issue_id, back_count, m FROM series_state ORDER BY issue_id").fetchall()
    memory.back_count = {issue: back for issue, back, _ in found if back}
    watched = [(issue, m) for issue, _, m in found if any(m)]
    memory.watched = np.array([issue for issue, _ in watched], np.int64)
    memory.m = np.array([m for _, m in watched]).reshape(-1, *STATE)
