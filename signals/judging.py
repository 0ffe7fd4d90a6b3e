"""Which of the day's crossings are shown as alerts and which as updates, and whose state is told anew.

An update is a crossing between two alerts of an issue, or what the year before explains. What is at the red level is an
alert whatever the year before brought.
"""

from collections.abc import Callable, Sequence
from datetime import date

from signals.alerts import IssueDay
from signals.memory import LastAlert, Memory
from signals.records import Alert, Level
from signals.seasons import without_season
from signals.series import Crossing, Seen
from signals.settings import Settings
from signals.suppression import WATCHED_DAYS, is_shared_grievance, is_suppressed, state_before
from signals.theme_nodes import ARM as THEME_ARM


def judge(
    memory: Memory, day: date, crossings: Sequence[Crossing], seen: Sequence[Seen], touched: set[int],
    state: Callable[[int, float], IssueDay], raised: Callable[[IssueDay, Crossing], Alert], settings: Settings,
) -> tuple[tuple[Alert, ...], tuple[Alert, ...], tuple[IssueDay, ...]]:  # fmt: skip
    """Today's alerts, which are remembered, today's updates, and the states of all issues with news."""
    alerts: list[Alert] = []
    updates: list[Alert] = []
    described: dict[int, IssueDay] = {}
    totals = {s.issue_id: s.recurrence_days for s in seen}
    for crossing in crossings:
        described[crossing.issue_id] = state(crossing.issue_id, crossing.recurrence_days)
        rows, now = memory.rows_of(crossing.issue_id), described[crossing.issue_id]
        if crossing.arm != THEME_ARM and not is_shared_grievance(memory, rows, now.n_complainants, day):
            continue  # a theme's people are of many issues
        _, quiet = state_before(memory, rows[memory.day[rows] < day.toordinal()], day)
        is_again = is_suppressed(memory, crossing.issue_id, now.n_complainants, quiet, settings.detector.quiet_days)
        told = without_season(crossing) if is_again or now.level is Level.RED else crossing
        alert = raised(now, told)
        if is_again or told.is_seasonal:
            updates.append(alert)
        else:
            alerts.append(alert)
            memory.last_alert[crossing.issue_id] = LastAlert(day, now.n_complainants)
    for issue in sorted(touched):
        rows = memory.rows_of(issue)
        is_recent = len(rows) > 1 and memory.day[rows[-1]] > day.toordinal() - WATCHED_DAYS  # else all void or old
        if issue not in described and is_recent:
            described[issue] = state(issue, totals.get(issue, 0.0))
    return tuple(alerts), tuple(updates), tuple(described[issue] for issue in sorted(described))
