"""What became of earlier alerts (五有), and imported orders past their own deadline."""

from dataclasses import dataclass
from datetime import date, datetime

from signals.clock import day_of, end_of, start_of
from signals.digest.known import ABSORBED, Known, instant, instant_or_none, local_day, whole
from signals.digest.record import FollowUp, OverdueOrders
from signals.digest.signs import LISTABLE, NAME_CHARACTERS, shorten
from signals.records import Level

MOST_FOLLOW_UPS = 6
MOST_ORDER_ROWS = 6
FOLLOWED_DAYS = 366
STEPS = ("found", "reported", "owned", "handled", "verified")
STEP_NAMES = {"found": "发现", "reported": "报告", "owned": "责任", "handled": "处置", "verified": "核验"}


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


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the handling table."""

    step: str
    at: datetime
    unit: str
    due_at: datetime | None


def collect_follow_ups(known: Known) -> FollowUps:
    """The last alert of each issue before the day, with the steps known by the day's end.

    The loop starts again with each new alert. A merged issue is followed under its survivor. An alert counts
    as found by being raised; reopening takes back `handled` and `verified`.
    """
    survivors = _survivors(known)
    steps: dict[int, list[Step]] = {}
    for issue_id, step, at, unit, due_at in known.rows(
        """SELECT h.issue_id, h.step, epoch_ms(h.at), h.unit, epoch_ms(h.due_at) FROM handling h
           WHERE h.at < ? ORDER BY h.at, h.step, h.unit""",
        [known.end],
    ):
        row = Step(str(step), instant(at), str(unit), instant_or_none(due_at))
        steps.setdefault(survivors.get(whole(issue_id), whole(issue_id)), []).append(row)
    latest: dict[int, FollowUp] = {}
    for issue_id, name, level, day, owner, due_at in known.rows(
        f"""SELECT a.issue_id, a.name, a.level, a.day, a.owner, epoch_ms(a.due_at) FROM alerts a
            WHERE NOT a.is_update AND a.day < ? AND a.day > ? AND {LISTABLE} ORDER BY a.day, a.issue_id""",
        [known.day, known.back(FOLLOWED_DAYS)],
    ):
        issue = survivors.get(whole(issue_id), whole(issue_id))
        alerted_on = local_day(day)
        loop = [step for step in steps.get(issue, []) if step.at >= start_of(alerted_on)]
        alert = _Alert(issue, str(name), Level(str(level)), alerted_on, str(owner), instant(due_at))
        latest[issue] = _follow_up(alert, loop, known.end)
    open_ones = [row for row in latest.values() if "verified" not in row.steps]
    closed = [row for row in latest.values() if "verified" in row.steps and _verified_on(steps, row) == known.day]
    order = sorted(open_ones, key=lambda row: (-row.overdue_days, row.due_at, row.issue_id)) + closed
    n_overdue = sum(row.overdue_days > 0 for row in open_ones)
    return FollowUps(tuple(order[:MOST_FOLLOW_UPS]), len(open_ones), n_overdue, len(latest))


@dataclass(frozen=True, slots=True)
class _Alert:
    issue_id: int
    name: str
    level: Level
    day: date
    owner: str
    due_at: datetime


def _follow_up(alert: _Alert, loop: list[Step], end: datetime) -> FollowUp:
    done, reopened = {"found"}, False
    unit, due_at = alert.owner, alert.due_at
    for step in loop:
        if step.step == "reopened":
            done -= {"handled", "verified"}
            reopened = True
        else:
            done.add(step.step)
        unit, due_at = step.unit or unit, step.due_at or due_at
    late = "verified" not in done and due_at < end
    return FollowUp(
        issue_id=alert.issue_id,
        name=shorten(alert.name, NAME_CHARACTERS),
        level=alert.level,
        alerted_on=alert.day,
        unit=unit or "待定",
        due_at=due_at,
        steps=tuple(step for step in STEPS if step in done),
        reopened=reopened,
        overdue_days=-((due_at - end).days) if late else 0,
    )


def _verified_on(steps: dict[int, list[Step]], row: FollowUp) -> date | None:
    days = [day_of(step.at) for step in steps.get(row.issue_id, []) if step.step == "verified"]
    return days[-1] if days else None


def _survivors(known: Known) -> dict[int, int]:
    """Merged issue → the issue that lives on at the day's end."""
    merged = {
        whole(issue_id): whole(target)
        for issue_id, target in known.rows(f"SELECT issue_id, merged_into FROM {ABSORBED}", [known.day, known.day])
    }
    ends: dict[int, int] = {}
    for issue_id, target in merged.items():
        seen = {issue_id}
        while target in merged and target not in seen:
            seen.add(target)
            target = merged[target]
        ends[issue_id] = target
    return ends


def collect_orders(known: Known) -> Orders:
    """Orders not ended by the day's end: past their deadline by town and unit, most first.

    A deadline moved by a later `due` update counts from when that became known; a void order never counts.
    """
    rows = known.rows(
        """WITH facts AS (
             SELECT report_key, bool_or(field IN ('answered', 'closed', 'void')) AS ended,
               arg_max(TRY_CAST(value AS TIMESTAMPTZ), known_at) FILTER (field = 'due') AS moved_to
             FROM updates WHERE known_at < ? GROUP BY report_key),
           orders AS (
             SELECT r.town, r.unit, coalesce(f.moved_to, r.due_at) AS due_at
             FROM reports r LEFT JOIN facts f USING (report_key)
             WHERE r.known_at < ? AND NOT coalesce(f.ended, false))
           SELECT town, unit, epoch_ms(min(due_at) FILTER (due_at < ?)), count(*) FILTER (due_at < ?),
             count(*)
           FROM orders WHERE due_at IS NOT NULL GROUP BY town, unit ORDER BY 4 DESC, 3, town, unit""",
        [known.end] * 4,
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
    return Orders(shown[:MOST_ORDER_ROWS], overdue, sum(whole(row[4]) for row in rows))
