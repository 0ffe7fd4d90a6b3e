"""Which crossings are shown as alerts: what several people complain of, and not again what has just been shown."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from signals.detector.window_scan import LARGEST
from signals.memory import Memory
from signals.records import Kind
from signals.settings import DetectorSettings
from signals.text.saying import only_asks

WATCHED_DAYS = 120  # counts of an issue are over so many days
LEAST_PEOPLE = 2  # distinct complainants of a shared problem


def is_shared_grievance(memory: Memory, rows: NDArray[np.int64], n_complainants: int, day: date) -> bool:
    """Whether the rows of an issue tell of something that several people complain of, over the last 120 days.

    n_complainants: distinct people in these days. One person who writes again and again is no shared problem, and
    questions alone make no grievance: one voice at least is of a report that the office has sorted as something else,
    or whose title does more than ask.
    """
    if n_complainants < LEAST_PEOPLE:
        return False
    voices = rows[memory.is_voice[rows] & (memory.day[rows] > day.toordinal() - WATCHED_DAYS)]
    reports = (memory.reports[row] for row in voices.tolist())
    return any(report.kind is not Kind.UNKNOWN or not only_asks(report.title) for report in reports)


def is_suppressed(memory: Memory, issue_id: int, n_complainants: int, quiet_since: int, quiet_days: int) -> bool:
    """Again on the same issue only at twice the distinct complainants of its last alert, or after quiet days."""
    last = memory.last_alert.get(issue_id)
    if last is None:
        return False
    return n_complainants < 2 * last.n_complainants and quiet_since < quiet_days


def hidden_outcomes(
    memory: Memory, issues: NDArray[np.int64], day: date, settings: DetectorSettings,
    outcomes: Sequence[int] = range(1, LARGEST + 1),
) -> NDArray[np.bool_]:  # fmt: skip
    """Which numbers of new voices today the suppression rule would not show, shape (len(issues), len(outcomes))."""
    hidden = np.zeros((len(issues), len(outcomes)), bool)
    for k, issue in enumerate(issues.tolist()):
        if issue in memory.last_alert:
            rows = memory.rows_of(issue)
            n, quiet = state_before(memory, rows[memory.day[rows] < day.toordinal()], day)
            hidden[k] = [is_suppressed(memory, issue, n + y, quiet, settings.quiet_days) for y in outcomes]
    return hidden


def state_before(memory: Memory, rows: NDArray[np.int64], day: date) -> tuple[int, int]:
    """Distinct complainants in the last 120 days among rows, and days since the last voice among them."""
    recent = rows[memory.day[rows] > day.toordinal() - WATCHED_DAYS]
    voiced = rows[memory.is_voice[rows]]
    quiet = day.toordinal() - int(memory.day[voiced].max()) if len(voiced) else 10**6
    return memory.distinct(recent), quiet
