"""Issues as a warehouse keeps them, told report by report, for tests of how issues went on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import duckdb

from signals.clock import LOCAL
from signals.store.escalations import Examples, examples
from signals.store.rows import put

DAY = date(2025, 3, 10)
THROUGH = DAY + timedelta(days=30)
ANSWER_DAYS = {"petition": 60, "hotline": 15, "grid": 7}


def at(days: float) -> datetime:
    """So many days after the first instant after DAY: 0 opens the thirty days, 30 closes them."""
    return datetime(2025, 3, 11, tzinfo=LOCAL) + timedelta(days=days)


@dataclass
class Outcomes:
    """Reports of issues, and what became of them, in an open warehouse."""

    connection: duckdb.DuckDBPyConnection
    n: int = field(default=0)

    def report(self, received: float = -5, *, due: float | None = 40, done: float | None = None,
               kind: str = "complaint", source: str = "hotline", issue: int = 1, until: date | None = None,
               is_voice: bool = True,
               facts: Sequence[tuple[str, str, float | None, float]] = (), file: int = 1) -> None:  # fmt: skip
        """A report with its deadline and the time it was dealt with; facts: field, value, at, known."""
        self.n += 1
        key = f"{source}:{self.n}"
        put(self.connection, "reports", [(
            key, source, str(self.n), 1, self.n, at(received), at(received), "", "", "", kind, "", "", "", "", "", "",
            None if due is None else at(due), "", "", "",
        )])  # fmt: skip
        day = at(received).date()
        put(self.connection, "report_days", [(key, day, 0, is_voice, False, "")])
        put(self.connection, "links", [(key, issue, day, until, 0.3, "engine")])
        told = [*facts, *([] if done is None else [("closed", "", done, done)])]
        put(self.connection, "updates", [(key, name, value, None if when is None else at(when), at(known), file)
                                         for name, value, when, known in told])  # fmt: skip

    def step(self, step: str, when: float) -> None:
        put(self.connection, "handling", [(1, step, at(when), "研判员", "", "", None)])

    def examples(self, through: date = THROUGH) -> Examples:
        return examples(self.connection, through, ANSWER_DAYS)

    @property
    def escalated(self) -> bool:
        [found] = self.examples().escalated.tolist()
        return bool(found)


def files(connection: duckdb.DuckDBPyConnection) -> None:
    """A file of daily use, 1, and one of a first load of the past, 2."""
    put(connection, "files", [(number, "a.csv", f"{number}", "hotline", number == 2, at(0), 1, 1, 0, 0, 0)
                              for number in (1, 2)])  # fmt: skip


def described(connection: duckdb.DuckDBPyConnection, issue: int, day: date, *, people: int = 2,
              factors: Sequence[tuple[str, float]] = (), areas: Sequence[str] = (),
              sources: Sequence[str] = ("hotline",)) -> None:  # fmt: skip
    """A state of an issue."""
    told = [{"name": name, "points": points, "value": "", "remedy": ""} for name, points in factors]
    put(connection, "issue_days", [(
        issue, day, "路灯", "weak", people, people, 0, 0, day, day, list(areas), [], list(sources), None, [], 0.0, 0.0,
        0.0, "blue", told, None,
    )])  # fmt: skip
