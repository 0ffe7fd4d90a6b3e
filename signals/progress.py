"""What the service did about each report: answers, delays and returns, one row of parallel columns a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from signals.records import Report, Update

SETTLED = "达成(?:一致|协议|调解)|调解成功|已签订协议"
ANSWER_CHARACTERS = 40  # a shorter answer is not substantive
ANSWER_DAYS = 15  # of a source for which none are set
DENIALS = ("否", "未", "不", "没", "n", "0", "false")

READ_FIELDS = ("void", "due", "answered", "closed", "returned", "solved", "answer")  # of facts, by the engine
ENDS = ("answered", "closed")  # by which a report is dealt with
Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]
Seconds = NDArray[np.float64]  # since the epoch, NaN where there is no such time


@dataclass(frozen=True, slots=True)
class Facts:
    """Later facts of reports (`records.Update`) as parallel columns, in the order known."""

    row: Rows
    field: Any  # Arrow strings
    value: Any
    at: Seconds
    known: Seconds

    def rows_of(self, name: str) -> Rows:
        """The rows of the facts of one field."""
        return self.row[self.told(name)]

    def rows_of_ends(self) -> Rows:
        """The rows of the facts that a report was answered or closed."""
        return np.concatenate([self.rows_of(name) for name in ENDS])

    def told(self, name: str) -> Rows:
        """The places of the facts of one field."""
        return np.flatnonzero(_flags(pc.equal(self.field, name)))

    def said(self, name: str) -> Any:
        """The values of the facts of one field."""
        return self.value.take(pa.array(self.told(name)))


def facts_of(rows: Sequence[int], updates: Sequence[Update]) -> Facts:
    """The facts of rows."""
    return Facts(
        np.array(rows, np.int64), pa.array([fact.field for fact in updates], pa.string()),
        pa.array([fact.value for fact in updates], pa.string()),
        np.array([fact.at.timestamp() if fact.at else np.nan for fact in updates]),
        np.array([fact.known_at.timestamp() for fact in updates]),
    )  # fmt: skip


def own_deadline(report: Report, answer_days: Mapping[str, int]) -> float:
    """By when a report must be dealt with where no fact moves it, in seconds since the epoch."""
    own = report.due_at or report.received_at + timedelta(days=answer_days.get(report.source, ANSWER_DAYS))
    return own.timestamp()


@dataclass
class Handled:
    """Columns over reports in the order known, as of the facts known so far; of several of a field the last counts."""

    own_due: Seconds = field(default_factory=lambda: np.empty(0))
    moved_due: Seconds = field(default_factory=lambda: np.empty(0))
    answered: Seconds = field(default_factory=lambda: np.empty(0))
    closed: Seconds = field(default_factory=lambda: np.empty(0))
    returned: Flags = field(default_factory=lambda: np.empty(0, bool))
    not_solved: Flags = field(default_factory=lambda: np.empty(0, bool))  # said at the visit
    is_long: Flags = field(default_factory=lambda: np.empty(0, bool))  # the answer
    settled: Flags = field(default_factory=lambda: np.empty(0, bool))

    def append(self, own_due: Seconds) -> None:
        """Add rows of which no fact is known; own_due: their deadlines (`own_deadline`)."""
        self.own_due = np.concatenate([self.own_due, own_due])
        for name in ("moved_due", "answered", "closed"):
            setattr(self, name, np.concatenate([getattr(self, name), np.full(len(own_due), np.nan)]))
        for name in ("returned", "not_solved", "is_long", "settled"):
            setattr(self, name, np.concatenate([getattr(self, name), np.zeros(len(own_due), bool)]))

    def learn(self, facts: Facts) -> None:
        """Bring rows up to date with facts that became known after all before."""
        done = np.where(np.isnan(facts.at), facts.known, facts.at)
        self.moved_due[facts.rows_of("due")] = facts.at[facts.told("due")]
        self.answered[facts.rows_of("answered")] = done[facts.told("answered")]
        self.closed[facts.rows_of("closed")] = done[facts.told("closed")]
        self.returned[facts.rows_of("returned")] = ~_flags(pc.is_in(facts.said("returned"), pa.array(["", "0"])))
        solved, answer = pc.utf8_lower(facts.said("solved")), facts.said("answer")
        denied = np.any([_flags(pc.starts_with(solved, no)) for no in DENIALS], axis=0)
        self.not_solved[facts.rows_of("solved")] = denied
        self.is_long[facts.rows_of("answer")] = _flags(pc.greater_equal(pc.utf8_length(answer), ANSWER_CHARACTERS))
        self.settled[facts.rows_of("answer")] = _flags(pc.match_substring_regex(answer, SETTLED))

    def due(self, rows: Rows) -> Seconds:
        """By when each must be dealt with."""
        return np.where(np.isnan(self.moved_due[rows]), self.own_due[rows], self.moved_due[rows])

    def done(self, rows: Rows) -> Seconds:
        """When each was first answered or closed, NaN before."""
        return np.fmin(self.answered[rows], self.closed[rows])

    def substantive(self, rows: Rows) -> Flags:
        """Which have a real answer, in time."""
        return np.asarray((self.done(rows) <= self.due(rows)) & self.is_long[rows])


def _flags(column: Any) -> Flags:
    return np.asarray(column.to_numpy(zero_copy_only=False), bool)
