"""What became of earlier alerts (五有), and imported orders past their own deadline."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from signals.clock import LOCAL, day_of, end_of, start_of
from signals.digest.known import ABSORBED, Known, instant, local_day, whole
from signals.digest.record import FollowUp, OverdueOrders
from signals.digest.signs import LISTABLE, NAME_CHARACTERS, shorten
from signals.handling import Case, Step
from signals.records import Level
from signals.store.as_of import telling
from signals.store.handling import cases_known, survivors

MOST_FOLLOW_UPS = 6
MOST_ORDER_ROWS = 6
FOLLOWED_DAYS = 366
NOT_COUNTED = "作废的工单和从不提供办结时间的来源不计"  # of imported orders
STEP_NAMES = {
    Step.FOUND: "发现", Step.REPORTED: "报告", Step.OWNED: "责任", Step.HANDLED: "处置", Step.VERIFIED: "核验",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Open or just verified handlings, overdue first, and their denominators."""

    shown: tuple[FollowUp, ...]
    n_open: int
    n_overdue: int
    n_alerts: int


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders not ended: how many have a deadline, how many are past it, and where."""

    shown: tuple[OverdueOrders, ...]
    n_overdue: int
    n_open: int


def collect_follow_ups(known: Known) -> FollowUps:
    """The case of each issue alerted before the day, with the steps known by the day's end.

    A merged issue is followed under its survivor. What was dismissed is not followed.
    """
    merged = known.rows(f"SELECT issue_id, merged_into FROM {ABSORBED}", [known.day, known.day])
    lives_on = survivors({whole(issue): whole(target) for issue, target in merged})
    newest = dict[int, _Alert]()
    for issue_id, name, level, day, is_update in known.rows(
        f"""SELECT a.issue_id, a.name, a.level, a.day, a.is_update FROM alerts a
            WHERE a.day < ? AND a.day > ? AND {LISTABLE} ORDER BY a.day, a.issue_id""",
        [known.day, known.back(FOLLOWED_DAYS)],
    ):
        issue = lives_on.get(whole(issue_id), whole(issue_id))
        if not is_update:
            newest[issue] = _Alert(str(name), Level(str(level)), local_day(day))
        elif issue in newest:
            newest[issue] = replace(newest[issue], level=Level(str(level)))
    known_cases = cases_known(known.connection, known.end, lives_on)
    cases = {issue: case for issue, case in known_cases.items()
             if issue in newest and case.begun_at < start_of(known.day)}  # fmt: skip
    rows = {issue: _follow_up(issue, newest[issue], case, known.end) for issue, case in cases.items()}
    open_ones = [rows[issue] for issue, case in cases.items() if not case.ended]
    closed = [rows[issue] for issue, case in cases.items()
              if case.ended is Step.VERIFIED and case.ended_at and day_of(case.ended_at) == known.day]  # fmt: skip
    order = sorted(open_ones, key=_urgency) + closed
    n_overdue = sum(row.overdue_days > 0 for row in open_ones)
    return FollowUps(tuple(order[:MOST_FOLLOW_UPS]), len(open_ones), n_overdue, len(cases))


def _urgency(row: FollowUp) -> tuple[bool, int, int, datetime, int]:
    """Overdue ones first, of those the most urgent level, of these the longest overdue."""
    return not row.overdue_days, row.level.rank, -row.overdue_days, row.due_at, row.issue_id


@dataclass(frozen=True, slots=True)
class _Alert:
    """The newest alert of an issue, and the level of its newest update."""

    name: str
    level: Level
    day: date


def _follow_up(issue_id: int, alert: _Alert, case: Case, end: datetime) -> FollowUp:
    return FollowUp(
        issue_id=issue_id,
        name=shorten(alert.name, NAME_CHARACTERS),
        level=alert.level,
        alerted_on=alert.day,
        unit=case.unit or "待定",
        due_at=(case.due_at or end).astimezone(LOCAL),
        steps=case.done,
        reopened=case.is_reopened,
        overdue_days=case.overdue_days(end),
    )


def collect_orders(known: Known, *, most: int = MOST_ORDER_ROWS, counted: str = "true") -> Orders:
    """Orders not ended by the day's end: past their deadline by town and unit, most first.

    Only of sources that tell of ends. A deadline moved by a later `due` update counts from when that became known; a
    void order never counts. counted: a condition on `reports r`.
    """
    rows = known.rows(
        f"""WITH facts AS (
             SELECT report_key, bool_or(field IN ('answered', 'closed', 'void')) AS ended,
               arg_max(TRY_CAST(value AS TIMESTAMPTZ), known_at) FILTER (field = 'due') AS moved_to
             FROM updates WHERE known_at < ? GROUP BY report_key),
           orders AS (
             SELECT r.town, r.unit, coalesce(f.moved_to, r.due_at) AS due_at
             FROM reports r LEFT JOIN facts f USING (report_key)
             WHERE r.known_at < ? AND NOT coalesce(f.ended, false) AND {counted} AND r.source IN {telling("?")})
           SELECT town, unit, epoch_ms(min(due_at) FILTER (due_at < ?)), count(*) FILTER (due_at < ?),
             count(*)
           FROM orders WHERE due_at IS NOT NULL GROUP BY town, unit ORDER BY 4 DESC, 3, town, unit""",
        [known.end] * 5,
    )
    shown = tuple(
        OverdueOrders(
            town=str(town) or "镇街未明",
            unit=str(unit) or "单位未明",
            n_orders=whole(n_overdue),
            longest_days=-((instant(earliest) - end_of(known.day)).days),
        )
        for town, unit, earliest, n_overdue, _ in rows
        if whole(n_overdue)
    )
    overdue = sum(whole(row[3]) for row in rows)
    return Orders(shown[:most], overdue, sum(whole(row[4]) for row in rows))
