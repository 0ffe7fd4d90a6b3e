"""What the page of today asks: alerts of a day, danger reports, alerts of the days before.

An issue without a single open report is counted and never named; quotes are shown only when they are found in
an open report, whatever the engine stored.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from board.permission import Viewer
from board.queries import Connection, row_of, rows_of
from board.queries_own import OwnPart, own_part, own_reason
from board.queries_scope import IS_NEW_PERSON, OF_ALERT, OF_ISSUE, is_counted, is_readable, is_text, safe_name
from signals.clock import days_between, end_of, start_of

SPARK_DAYS = 42
WATCH_DAYS = 7  # a danger report not yet telephoned stays in view for so long


@dataclass(frozen=True, slots=True)
class AlertCard:
    """An alert as its card shows it; quotes travel apart, after the audit."""

    issue_id: int
    name: str
    level: str
    stage: str
    recurrence_days: float | None  # this and points: None where they would tell of people who may not be known of
    risk_points: float | None
    risk: float | None
    n_reports: int
    n_complainants: int
    arm: str  # theme: the next three are those of a theme in one area
    expected: float
    observed: int
    window_days: int
    first_on: date
    areas: tuple[str, ...]
    towns: tuple[str, ...]
    sources: tuple[str, ...]
    reasons: tuple[str, ...]
    owner: str
    due_at: datetime
    report_keys: tuple[str, ...]
    spark: tuple[int, ...]  # reports a day, the last SPARK_DAYS days, oldest first


@dataclass(frozen=True, slots=True)
class DayAlerts:
    """The cards of a day, most urgent first, and how many alerts may not be named."""

    cards: tuple[AlertCard, ...]
    n_withheld: int


@dataclass(frozen=True, slots=True)
class DangerRow:
    """One danger report (即时关注) with its text."""

    report_key: str
    danger: str
    words: str
    said: str  # the title, or the body where there is none
    known_at: datetime
    area: str
    town: str
    phoned_at: datetime | None


@dataclass(frozen=True, slots=True)
class PastAlert:
    """An alert of the days before."""

    day: date
    issue_id: int
    name: str
    level: str
    n_then: int
    n_now: int | None  # None where the issue has been taken up by another
    owner: str
    due_at: datetime


def day_alerts(con: Connection, viewer: Viewer, day: date) -> DayAlerts:
    """All alerts raised on a day that a viewer may know of; a district's or an office's with its own figures."""
    rows = rows_of(
        con,
        f"""SELECT issue_id, {safe_name(viewer, "a", OF_ALERT)}, level, stage, recurrence_days,
              risk_points, risk, n_reports, n_complainants, arm, expected, observed, window_days, first_on,
              areas, towns, sources, reasons, owner, due_at, report_keys,
              EXISTS (SELECT 1 {OF_ALERT} AND {is_readable(viewer)})
            FROM alerts a WHERE day = ? AND NOT is_update
              AND EXISTS (SELECT 1 {OF_ALERT} AND {is_counted(viewer)})
            ORDER BY list_position(['red', 'orange', 'yellow', 'blue'], level), recurrence_days DESC,
              issue_id""",
        [day],
    )
    cards = []
    for row in rows:
        *plain, areas, towns, sources, reasons, owner, due_at, keys, has_open = row
        lists = (tuple(areas), tuple(towns), tuple(sources), tuple(reasons))
        if has_open:
            spark = _spark(con, viewer, keys, day)
            card = AlertCard(*(*plain, *lists, owner, due_at, tuple(keys), spark))
            part = None if viewer.is_centre else own_part(con, viewer, keys, day)
            cards.append(_own_card(card, part) if part else card)
    return DayAlerts(tuple(cards), len(rows) - len(cards))


def _own_card(card: AlertCard, part: OwnPart) -> AlertCard:
    """A card that tells nothing of what its viewer may not know: the city's figures and the reasons made of them go."""
    return replace(
        card, n_reports=part.n_reports, n_complainants=part.n_people, arm="", expected=0.0, observed=0, window_days=0,
        first_on=part.first_on, areas=part.areas, towns=part.towns, sources=part.sources, reasons=(own_reason(part),),
        report_keys=(), recurrence_days=None, risk_points=None, risk=None,
    )  # fmt: skip


def alert_quotes(con: Connection, viewer: Viewer, day: date) -> dict[int, tuple[str, ...]]:
    """At most two quotes an issue, each found word for word in an open report. Audit before use."""
    found: dict[int, tuple[str, ...]] = {}
    for issue_id, quotes, keys in rows_of(
        con,
        "SELECT issue_id, quotes, report_keys FROM alerts WHERE day = ? AND NOT is_update", [day]
    ):
        texts = rows_of(
            con,
            f"SELECT title || '|' || body FROM reports r WHERE list_contains(?, report_key) AND {is_text(viewer)}",
            [keys],
        )
        packed = ["".join(text.split()) for (text,) in texts]
        found[issue_id] = tuple(q for q in quotes if any(_core(q) in text for text in packed))[:2]
    return found


def day_dangers(
    con: Connection, viewer: Viewer, day: date, *, is_newest: bool
) -> tuple[tuple[DangerRow, ...], int]:
    """Danger reports of a day and those not telephoned of the week before; and how many are counted only.

    The newest day also holds what came in after its run. Audit before use.
    """
    until = end_of(day) if not is_newest else end_of(date.max - timedelta(days=2))
    where = "w.known_at < ? AND (w.known_at >= ? OR (w.phoned_at IS NULL AND w.known_at >= ?))"
    span = [until, start_of(day), start_of(day - timedelta(days=WATCH_DAYS))]
    rows = rows_of(
        con,
        f"""SELECT w.report_key, w.danger, w.words, coalesce(nullif(r.title, ''), nullif(r.body, ''), '诉求内容已删除'),
              w.known_at, w.area, w.town, w.phoned_at
            FROM watch w JOIN reports r USING (report_key) WHERE {where} AND {is_text(viewer)}
            ORDER BY w.known_at DESC""",
        span,
    )
    (n_all,) = row_of(
        con,
        f"SELECT count(*) FROM watch w JOIN reports r USING (report_key) WHERE {where} AND {is_counted(viewer)}", span,
    )
    return tuple(DangerRow(*row) for row in rows), n_all - len(rows)


def past_alerts(con: Connection, viewer: Viewer, day: date, *, days: int = 28) -> tuple[PastAlert, ...]:
    """Alerts of the days before `day`, newest first; a district's or an office's with the people of its own part."""
    then = f"(SELECT count(*) {OF_ALERT} AND {is_counted(viewer)} AND {IS_NEW_PERSON})"
    now = f"(SELECT count(*) {OF_ISSUE} AND l.until_on IS NULL AND {is_counted(viewer)} AND {IS_NEW_PERSON})"
    n_now = """coalesce((SELECT s.n_complainants FROM issue_days s WHERE s.issue_id = a.issue_id AND s.day <= $day
      ORDER BY s.day DESC LIMIT 1), a.n_complainants)"""
    rows = rows_of(
        con,
        f"""SELECT a.day, a.issue_id, {safe_name(viewer, "a", OF_ALERT)}, a.level,
              {"a.n_complainants" if viewer.is_centre else then},
              CASE WHEN i.merged_into IS NULL THEN {n_now if viewer.is_centre else now} END,
              a.owner, a.due_at
            FROM alerts a LEFT JOIN issues i USING (issue_id)
            WHERE a.day < $day AND a.day >= $first AND NOT a.is_update
              AND EXISTS (SELECT 1 {OF_ALERT} AND {is_readable(viewer)})
            ORDER BY a.day DESC, a.issue_id""",
        {"day": day, "first": day - timedelta(days=days)},
    )
    return tuple(PastAlert(*row) for row in rows)


def _core(quote: str) -> str:
    return "".join(quote.strip("…「」“”. ").split())


def _spark(con: Connection, viewer: Viewer, keys: list[str], day: date) -> tuple[int, ...]:
    counts = dict(
        rows_of(
            con,
            f"""SELECT CAST(received_at AS DATE), count(*) FROM reports r
                WHERE list_contains(?, report_key) AND {is_counted(viewer)} GROUP BY 1""",
            [keys],
        )
    )
    return tuple(counts.get(d, 0) for d in days_between(day - timedelta(days=SPARK_DAYS - 1), day))
