"""What a day's alerts were promised, and what shuffled dates have shown of it: read for engine, board and digest."""

from datetime import date, timedelta

import duckdb

from signals.clock import end_of
from signals.detector.budget import BASE, WEEKS
from signals.promise import Promise
from signals.store.rows import first_row


def promise_of(connection: duckdb.DuckDBPyConnection, day: date) -> Promise:
    """The promise of a day, as it stood at its end; the usual budget where the day has not run."""
    run = first_row(connection.execute("SELECT budget FROM runs WHERE day = ?", [day]))
    measured = first_row(connection.execute(
        "SELECT TRY_CAST(notes AS DOUBLE), (fitted_at AT TIME ZONE 'Asia/Shanghai')::DATE FROM models"
        " WHERE kind = 'budget' AND fitted_at < ? AND fitted_through <= ? AND TRY_CAST(notes AS DOUBLE) IS NOT NULL"
        " ORDER BY fitted_at DESC, version DESC LIMIT 1",
        [end_of(day), day],
    ))  # fmt: skip
    stream = first_row(connection.execute(
        "SELECT sum(n_reports) / count(DISTINCT day) FROM day_totals WHERE day < ? AND day >= ?",
        [day, day - timedelta(weeks=WEEKS)],
    ))  # fmt: skip
    realized, measured_on = measured or (None, None)
    return Promise(float(run[0]) if run else BASE, realized, measured_on, float(stream[0] or 0.0) if stream else 0.0)


def realized_before(connection: duckdb.DuckDBPyConnection, day: date) -> float:
    """Realized ÷ budget as last measured by the end of `day`, by a year-wide shuffle of days before it; 0 if never."""
    row = first_row(connection.execute(
        "SELECT CAST(notes AS DOUBLE) FROM models WHERE kind = 'budget' AND version LIKE 'year-%'"
        " AND fitted_through < ? AND fitted_at < ? ORDER BY fitted_at DESC LIMIT 1",
        [day, end_of(day)],
    ))  # fmt: skip
    return float(row[0]) if row else 0.0
