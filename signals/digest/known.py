"""The warehouse as it was known at the end of a day: every query of the digest starts here.

Instants leave DuckDB as epoch milliseconds, because its Python client wants another package for zoned times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from signals.clock import LOCAL, end_of

Row = tuple[object, ...]

# The local day on which a report became known: the engine counts it on that day, never on an earlier one.
KNOWN_ON = "(r.known_at AT TIME ZONE 'Asia/Shanghai')::DATE"

# Issues that had gone into another by the day `?` (given twice): those that still are, and those given back later.
ABSORBED = """(SELECT issue_id, merged_into FROM (
    SELECT issue_id, merged_into, merged_on, NULL AS until_on FROM issues WHERE merged_into IS NOT NULL
    UNION ALL SELECT m.issue_id, m.other_id, m.in_force_on, u.in_force_on
      FROM corrections m JOIN corrections u ON u.undoes = m.correction_id AND u.in_force_on IS NOT NULL
      WHERE m.kind = 'merge')
  WHERE merged_on <= ? AND (until_on IS NULL OR until_on > ?))"""


@dataclass(frozen=True, slots=True)
class Known:
    """An open warehouse and the day whose end bounds every fact."""

    connection: duckdb.DuckDBPyConnection
    day: date

    @property
    def end(self) -> datetime:
        return end_of(self.day)

    def back(self, n_days: int) -> date:
        return self.day - timedelta(days=n_days)

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[Row]:
        return self.connection.execute(query, list(parameters)).fetchall()

    def number(self, query: str, parameters: Sequence[object] = ()) -> int:
        return whole(self.rows(query, parameters)[0][0])


def whole(value: object) -> int:
    """An integer column; NULL is 0."""
    return 0 if value is None else int(str(value))


def real(value: object) -> float:
    """A floating-point column that is never NULL."""
    return float(str(value))


def words(value: object) -> tuple[str, ...]:
    """A list column of text; NULL is empty."""
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def local_day(value: object) -> date:
    """A DATE column that is never NULL."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise TypeError(f"DATE column: got {value!r}; expected a date.")
    return value


def instant(value: object) -> datetime:
    """An instant selected as epoch_ms(…), never NULL."""
    return datetime.fromtimestamp(int(str(value)) / 1000, LOCAL)


def instant_or_none(value: object) -> datetime | None:
    return None if value is None else instant(value)
