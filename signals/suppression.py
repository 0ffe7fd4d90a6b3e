"""Which crossings are shown as alerts: what several people complain of, and not again what has just been shown."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

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
    return n_complainants < _shown_from(memory, issue_id, quiet_since, quiet_days)


def _shown_from(memory: Memory, issue_id: int, quiet_since: int, quiet_days: int) -> int:
    """The distinct complainants from which an issue is shown."""
    last = memory.last_alert.get(issue_id)
    return 2 * last.n_complainants if last and quiet_since < quiet_days else 0


def least_shown(
    memory: Memory, issues: NDArray[np.int64], day: date, settings: DetectorSettings
) -> NDArray[np.int64]:
    """The new voices today from which the suppression rule shows each issue, ≥ 0; shape (len(issues),)."""
    least = np.zeros(len(issues), np.int64)
    for k, issue in enumerate(issues.tolist()):
        if issue in memory.last_alert:
            rows = memory.rows_of(issue)
            n, quiet = state_before(memory, rows[memory.day[rows] < day.toordinal()], day)
            least[k] = max(_shown_from(memory, issue, quiet, settings.quiet_days) - n, 0)
    return least


def state_before(memory: Memory, rows: NDArray[np.int64], day: date) -> tuple[int, int]:
    """Distinct complainants in the last 120 days among rows, and days since the last voice among them."""
    recent = rows[memory.day[rows] > day.toordinal() - WATCHED_DAYS]
    voiced = rows[memory.is_voice[rows]]
    quiet = day.toordinal() - int(memory.day[voiced].max()) if len(voiced) else 10**6
    return memory.distinct(recent), quiet
