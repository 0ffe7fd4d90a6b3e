"""What the page of today asks: alerts of a day, danger reports, alerts of the days before.

An issue without a single open report is counted and never named; quotes are shown only when they are found in
an open report, whatever the engine stored.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from board.queries import OPEN, Connection, row_of, rows_of
from signals.clock import days_between, end_of, start_of

SPARK_DAYS = 42
WATCH_DAYS = 7  # a danger report not yet telephoned stays in view for so long

# The name of an alert, or a neutral one where it repeats the title of a report that must not be quoted.
SAFE_NAME = f"""CASE WHEN EXISTS (
  SELECT 1 FROM reports r WHERE list_contains(a.report_keys, r.report_key) AND NOT ({OPEN}) AND r.title <> ''
  AND (contains(r.title, a.name) OR contains(a.name, r.title)))
  THEN '议题 ' || a.issue_id ELSE a.name END"""
HAS_OPEN = f"EXISTS (SELECT 1 FROM reports r WHERE list_contains(a.report_keys, r.report_key) AND {OPEN})"


@dataclass(frozen=True, slots=True)
class AlertCard:
    """An alert as its card shows it; quotes travel apart, after the audit."""

    issue_id: int
    name: str
    level: str
    stage: str
    recurrence_days: float
    risk_points: float
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
    """An alert of the days before, and what was done about it."""

    day: date
    issue_id: int
    name: str
    level: str
    n_then: int
    n_now: int
    owner: str
    due_at: datetime
    last_step: str  # "" where nothing was written down


def day_alerts(con: Connection, day: date) -> DayAlerts:
    """All alerts raised on a day."""
    rows = rows_of(
        con,
        f"""SELECT issue_id, {SAFE_NAME}, level, stage, recurrence_days, risk_points, risk, n_reports,
              n_complainants, arm, expected, observed, window_days, first_on, areas, towns, sources, reasons,
              owner, due_at, report_keys, {HAS_OPEN}
            FROM alerts a WHERE day = ? AND NOT is_update
            ORDER BY list_position(['red', 'orange', 'yellow', 'blue'], level), recurrence_days DESC,
              issue_id""",
        [day],
    )
    cards = []
    for row in rows:
        *plain, areas, towns, sources, reasons, owner, due_at, keys, has_open = row
        lists = (tuple(areas), tuple(towns), tuple(sources), tuple(reasons))
        if has_open:
            cards.append(AlertCard(*(*plain, *lists, owner, due_at, tuple(keys), _spark(con, keys, day))))
    return DayAlerts(tuple(cards), len(rows) - len(cards))


def alert_quotes(con: Connection, day: date) -> dict[int, tuple[str, ...]]:
    """At most two quotes an issue, each found word for word in an open report. Audit before use."""
    found: dict[int, tuple[str, ...]] = {}
    for issue_id, quotes, keys in rows_of(
        con,
        "SELECT issue_id, quotes, report_keys FROM alerts WHERE day = ? AND NOT is_update", [day]
    ):
        texts = rows_of(
            con,
            f"SELECT title || '|' || body FROM reports r WHERE list_contains(?, report_key) AND {OPEN}",
            [keys],
        )
        packed = ["".join(text.split()) for (text,) in texts]
        found[issue_id] = tuple(q for q in quotes if any(_core(q) in text for text in packed))[:2]
    return found


def day_dangers(con: Connection, day: date, *, is_newest: bool) -> tuple[tuple[DangerRow, ...], int]:
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
            FROM watch w JOIN reports r USING (report_key) WHERE {where} AND {OPEN}
            ORDER BY w.known_at DESC""",
        span,
    )
    (n_all,) = row_of(con, f"SELECT count(*) FROM watch w WHERE {where}", span)
    return tuple(DangerRow(*row) for row in rows), n_all - len(rows)


def past_alerts(con: Connection, day: date, *, days: int = 28) -> tuple[PastAlert, ...]:
    """Alerts of the days before `day`, newest first."""
    rows = rows_of(
        con,
        f"""SELECT a.day, a.issue_id, {SAFE_NAME}, a.level, a.n_complainants,
              coalesce((SELECT s.n_complainants FROM issue_days s WHERE s.issue_id = a.issue_id AND s.day <= ?
                        ORDER BY s.day DESC LIMIT 1), a.n_complainants),
              a.owner, a.due_at,
              coalesce((SELECT h.step FROM handling h WHERE h.issue_id = a.issue_id AND h.at < ?
                        ORDER BY h.at DESC LIMIT 1), '')
            FROM alerts a WHERE a.day < ? AND a.day >= ? AND NOT a.is_update AND {HAS_OPEN}
            ORDER BY a.day DESC, a.issue_id""",
        [day, end_of(day), day, day - timedelta(days=days)],
    )
    return tuple(PastAlert(*row) for row in rows)


def _core(quote: str) -> str:
    return "".join(quote.strip("…「」“”. ").split())


def _spark(con: Connection, keys: list[str], day: date) -> tuple[int, ...]:
    counts = dict(
        rows_of(
            con,
            """SELECT CAST(received_at AS DATE), count(*) FROM reports
               WHERE list_contains(?, report_key) GROUP BY 1""",
            [keys],
        )
    )
    return tuple(counts.get(d, 0) for d in days_between(day - timedelta(days=SPARK_DAYS - 1), day))
