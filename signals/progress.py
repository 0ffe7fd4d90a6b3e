"""What the service did about each report: answers, delays and returns, one row of parallel columns a report."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from signals.records import Report, Update

SETTLED = re.compile(r"达成(?:一致|协议|调解)|调解成功|已签订协议")
ANSWER_CHARACTERS = 40  # a shorter answer is not substantive
ANSWER_DAYS = 15  # of a source for which none are set
_DENIALS = ("否", "未", "不", "没", "n", "0", "false")


@dataclass
class Handled:
    """Columns over reports in the order known, as of the facts known so far."""

    due: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))  # seconds since the epoch
    done: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))  # first answer or closing, NaN before
    returned: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    not_solved: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))  # said at the visit
    substantive: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))  # a real answer, in time
    settled: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))

    def append(
        self, reports: Sequence[Report], facts: Mapping[str, Sequence[Update]], answer_days: Mapping[str, int]
    ) -> None:
        """Add the rows of reports."""
        first, n = len(self.due), len(reports)
        self.due = np.concatenate([self.due, np.array([_due(report, answer_days) for report in reports], np.float64)])
        self.done = np.concatenate([self.done, np.full(n, np.nan)])
        for name in ("returned", "not_solved", "substantive", "settled"):
            setattr(self, name, np.concatenate([getattr(self, name), np.zeros(n, bool)]))
        for row, report in enumerate(reports, start=first):
            if told := facts.get(report.key):
                self.learn(row, report, told, answer_days)

    def learn(self, row: int, report: Report, told: Sequence[Update], answer_days: Mapping[str, int]) -> None:
        """Bring a row up to date with all that is known of its report; of several facts of a field the last counts."""
        facts = {fact.field: fact for fact in sorted(told, key=lambda fact: fact.known_at)}
        done = [fact.at or fact.known_at for name in ("answered", "closed") if (fact := facts.get(name))]
        moved = facts["due"].at if "due" in facts else None
        self.due[row] = moved.timestamp() if moved else _due(report, answer_days)
        self.done[row] = min(done).timestamp() if done else np.nan
        self.returned[row] = "returned" in facts and facts["returned"].value not in ("", "0")
        self.not_solved[row] = "solved" in facts and facts["solved"].value.lower().startswith(_DENIALS)
        answer = facts["answer"].value if "answer" in facts else ""
        self.substantive[row] = self.done[row] <= self.due[row] and len(answer) >= ANSWER_CHARACTERS
        self.settled[row] = bool(SETTLED.search(answer))


def _due(report: Report, answer_days: Mapping[str, int]) -> float:
    own = report.due_at or report.received_at + timedelta(days=answer_days.get(report.source, ANSWER_DAYS))
    return own.timestamp()
