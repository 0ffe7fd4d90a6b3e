"""What held of a report at the end of a day: what happened inside the day counts, what happened the next does not."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from signals.clock import end_of
from signals.store.as_of import NOW, is_voice, linked, not_void
from signals.store.rows import put
from signals.store.warehouse import writing

DAY = date(2025, 4, 10)
KEY = "hotline:1"


def asked(tmp_path: Path, condition: str) -> list[Any]:
    """A condition on the days around DAY, of a report that is counted anew, leaves its issue and is void on DAY."""
    with writing(tmp_path / "w.duckdb") as con:
        born = DAY - timedelta(days=9)
        con.execute("INSERT INTO report_days VALUES (?, ?, 0, true, false, '')", [KEY, born])
        put(con, "links", [(KEY, 1, born, DAY, 0.3, "engine")])
        put(con, "recounted", [(KEY, DAY, False, False), (KEY, DAY + timedelta(days=9), True, False)])
        last_moment = end_of(DAY) - timedelta(microseconds=1)
        put(con, "updates", [(KEY, "status", "", None, end_of(born), 1), (KEY, "void", "", None, last_moment, 1)])
        days = "(SELECT DATE '2025-04-09' + n AS day FROM (VALUES (0), (1), (2)) numbers(n))"
        query = f"SELECT {condition} FROM {days} days JOIN report_days d ON true JOIN links l USING (report_key)"
        return [value for (value,) in con.execute(f"{query} ORDER BY days.day").fetchall()]


@pytest.mark.parametrize(
    "condition", [not_void("d.report_key", "days.day"), linked("days.day"), is_voice("days.day")], ids=range(3)
)
def test_what_happened_on_a_day_holds_from_the_end_of_that_day_on(tmp_path: Path, condition: str) -> None:
    assert asked(tmp_path, condition) == [True, False, False]


def test_by_all_that_is_known_the_newest_correction_counts(tmp_path: Path) -> None:
    assert asked(tmp_path, f"({is_voice(NOW)}, {not_void('d.report_key', NOW)})") == [(True, False)] * 3
