"""What a day is held against: the days like it that have run."""

from datetime import date, timedelta

import duckdb
import pytest

from signals.store.days import _expected_reports

MONDAY = date(2025, 3, 31)


@pytest.mark.parametrize(
    ("ran", "expected"),
    [
        ({MONDAY - timedelta(weeks=1): 50, MONDAY - timedelta(weeks=7): 60, date(2025, 2, 3): 5}, 55.0),
        ({MONDAY - timedelta(weeks=1): 50, MONDAY - timedelta(days=1): 5, MONDAY - timedelta(weeks=9): 5}, 50.0),
        ({date(2025, 2, 3): 5, MONDAY: 7}, 40.0),
    ],
    ids=["no holiday", "same weekday of eight weeks", "none"],
)
def test_a_day_is_expected_to_be_as_the_days_like_it(ran: dict[date, int], expected: float) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE runs (day DATE, n_reports INTEGER)")
        connection.executemany("INSERT INTO runs VALUES (?, ?)", [list(row) for row in ran.items()])
        assert _expected_reports(connection, MONDAY, 40) == expected
