"""What the page of one issue asks: its state, its days, its open reports."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from board.permission import Viewer
from board.queries import Connection, row_of, rows_of
from board.queries_own import OwnPart, issue_keys, own_part, own_reason
from board.queries_scope import OF_ISSUE, is_counted, is_readable, is_text, is_visible, safe_name
from signals.alerts import SEASONAL
from signals.likelihood import HORIZON_DAYS
from signals.records import Zone
from signals.zones import read_zone

CURRENT_THEME = """t.version = (SELECT max(m.version) FROM models m
  WHERE m.kind = 'themes' AND m.status = 'current')"""
FAMILY = """WITH RECURSIVE family(issue_id) AS (SELECT ?::INTEGER
  UNION SELECT i.issue_id FROM issues i JOIN family f ON i.merged_into = f.issue_id)"""  # and all that it took up


@dataclass(frozen=True, slots=True)
class IssueChoice:
    """One line of the issue picker."""

    issue_id: int
    name: str
    n_reports: int
    last_on: date
    level: str  # of its newest alert, "" when it never had one


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One addend of the risk points."""

    name: str
    points: float  # 0 where only its remedy may be told
    value: str
    remedy: str


@dataclass(frozen=True, slots=True)
class IssueState:
    """The newest computed state of an issue."""

    issue_id: int
    name: str
    day: date
    stage: str
    n_reports: int
    n_complainants: int
    n_complainants_7: int
    n_complainants_28: int
    first_on: date
    last_on: date
    areas: tuple[str, ...]
    towns: tuple[str, ...]
    sources: tuple[str, ...]
    theme: str
    recurrence_days: float | None  # this, points and risk: None where they would tell of people who may not be known of
    risk_points: float | None
    risk: float | None  # chance of escalating, None until calibrated, and when the days that it is of are over
    level: str
    factors: tuple[FactorRow, ...]
    n_closed: int  # reports that are counted only
    elsewhere: str  # to a district: what may be told of the others; "" to the centre
    alert_days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class NewestAlert:
    """Why an issue was last shown as an alert, and where its people gathered."""

    day: date
    reasons: tuple[str, ...]
    recurrence_days: float | None
    zone: Zone | None


@dataclass(frozen=True, slots=True)
class SourceDay:
    """Reports of one day and source."""

    day: date
    source: str
    n_reports: int


@dataclass(frozen=True, slots=True)
class OpenReport:
    """One report an analyst may read. Audit before use."""

    report_key: str
    received_at: datetime
    source: str
    kind: str
    area: str
    town: str
    title: str
    body: str
    unit: str
    state: str  # 已办结 | 已答复 | 办理中
    similarity: float  # to the issue when it was linked


def issue_choices(con: Connection, viewer: Viewer, *, limit: int = 500) -> tuple[IssueChoice, ...]:
    """Issues that may be named and are not merged away: alerted ones first, then the most recent."""
    rows = rows_of(
        con,
        f"""WITH linked AS (
              SELECT l.issue_id, count(*) AS n, max(CAST(r.received_at AS DATE)) AS last_on
              FROM links l JOIN reports r USING (report_key)
              WHERE l.until_on IS NULL AND {is_counted(viewer)} GROUP BY l.issue_id),
            alerted AS (SELECT issue_id, arg_max(level, day) AS level, max(day) AS day
              FROM alerts WHERE NOT is_update GROUP BY issue_id)
            SELECT i.issue_id, {safe_name(viewer, "i", OF_ISSUE)}, n, last_on, coalesce(level, '')
            FROM issues i JOIN linked USING (issue_id) LEFT JOIN alerted USING (issue_id)
            WHERE i.merged_into IS NULL AND {is_visible(viewer)}
            ORDER BY alerted.day DESC NULLS LAST, last_on DESC, n DESC, i.issue_id LIMIT ?""",
        [limit],
    )
    return tuple(IssueChoice(*row) for row in rows)


def surviving_issue(con: Connection, viewer: Viewer, issue_id: int) -> int | None:
    """The issue that a (perhaps merged) issue lives on in; None where it is unknown or may not be named."""
    seen: set[int] = set()
    while issue_id not in seen:
        seen.add(issue_id)
        row = row_of(con, "SELECT merged_into FROM issues WHERE issue_id = ?", [issue_id])
        if row is None:
            return None
        issue_id = row[0] if row[0] is not None else issue_id
    visible = row_of(con, f"SELECT 1 FROM issues i WHERE issue_id = ? AND {is_visible(viewer)}", [issue_id])
    return issue_id if visible else None


def issue_state(con: Connection, viewer: Viewer, issue_id: int) -> IssueState | None:
    """None where no run has looked at the issue yet, or it may not be named."""
    row = row_of(
        con,
        f"""SELECT i.issue_id, {safe_name(viewer, "i", OF_ISSUE)}, d.day, d.stage, d.n_reports,
              d.n_complainants, d.n_complainants_7, d.n_complainants_28, d.first_on, d.last_on,
              d.areas, d.towns, d.sources,
              coalesce((SELECT t.name FROM themes t WHERE {CURRENT_THEME} AND t.theme_id = d.theme_id), ''),
              d.recurrence_days, d.risk_points,
              CASE WHEN d.day > (SELECT max(day) FROM runs) - {HORIZON_DAYS} THEN d.risk END, d.level, d.factors
            FROM issue_days d JOIN issues i USING (issue_id) WHERE i.issue_id = ? AND {is_visible(viewer)}
            ORDER BY d.day DESC LIMIT 1""",
        [issue_id],
    )
    if row is None:
        return None
    *head, areas, towns, sources, theme, recurrence, points, risk, level, factors = row
    (n_closed,) = row_of(
        con,
        f"""SELECT count(*) FROM links l JOIN reports r USING (report_key)
            WHERE l.issue_id = ? AND l.until_on IS NULL AND {is_counted(viewer)} AND NOT {is_readable(viewer)}""",
        [issue_id],
    )
    days = rows_of(
        con,
        f"{FAMILY} SELECT DISTINCT day FROM alerts JOIN family USING (issue_id) WHERE NOT is_update ORDER BY day",
        [issue_id],
    )
    rows = tuple(FactorRow(f["name"], f["points"], f["value"], f["remedy"]) for f in factors)
    lists = (tuple(areas), tuple(towns), tuple(sources))
    tail = (theme, recurrence, points, risk, level, rows, n_closed, "", tuple(day for (day,) in days))
    state = IssueState(*(*head, *lists, *tail))
    part = None if viewer.is_centre else own_part(con, viewer, issue_keys(con, issue_id), state.day)
    return _own_state(state, part) if part else state


def _own_state(state: IssueState, part: OwnPart) -> IssueState:
    """A state with the figures of its viewer's part; what the city's figures say in words goes, and points with it.

    Points are a function of how many people there are: from theirs a district could tell how few are elsewhere.
    """
    raising = sorted((each for each in state.factors if each.points > 0), key=lambda each: -each.points)
    return replace(
        state, n_reports=part.n_reports, n_complainants=part.n_people, n_complainants_7=part.n_people_7,
        n_complainants_28=part.n_people_28, first_on=part.first_on, last_on=part.last_on, areas=part.areas,
        towns=part.towns, sources=part.sources, recurrence_days=None, risk_points=None, risk=None,
        elsewhere=own_reason(part), factors=tuple(replace(each, value="", points=0.0) for each in raising),
    )  # fmt: skip


def newest_alert(con: Connection, viewer: Viewer, issue_id: int) -> NewestAlert | None:
    """Of an issue or one that it took up; None where there was none. Reasons and zone are the centre's alone."""
    row = row_of(
        con,
        f"""{FAMILY} SELECT day, reasons, recurrence_days, zone FROM alerts JOIN family USING (issue_id)
            WHERE NOT is_update ORDER BY day DESC, recurrence_days DESC LIMIT 1""",
        [issue_id],
    )
    if row is None:
        return None
    if viewer.is_centre:
        return NewestAlert(row[0], tuple(row[1]), row[2], read_zone(row[3]))
    return NewestAlert(row[0], (), None, None)


def kept_by_season(con: Connection, viewer: Viewer, issue_id: int) -> NewestAlert | None:
    """The last time that the year before explained an issue, where no alert came after it. The centre's alone."""
    if not viewer.is_centre:
        return None
    row = row_of(
        con,
        f"""{FAMILY}, told AS (SELECT * FROM alerts JOIN family USING (issue_id))
            SELECT day, reasons, recurrence_days FROM told
            WHERE contains(array_to_string(reasons, ''), ?)
              AND day > (SELECT coalesce(max(day), '0001-01-01') FROM told WHERE NOT is_update)
            ORDER BY day DESC, recurrence_days DESC LIMIT 1""",
        [issue_id, SEASONAL],
    )
    return NewestAlert(row[0], tuple(row[1]), row[2], None) if row else None


def issue_timeline(con: Connection, viewer: Viewer, issue_id: int) -> tuple[SourceDay, ...]:
    """All reports of an issue that may be known of by the day they came in and their source, closed ones counted."""
    rows = rows_of(
        con,
        f"""SELECT CAST(r.received_at AS DATE) AS day, r.source, count(*)
            FROM links l JOIN reports r USING (report_key)
            WHERE l.issue_id = ? AND l.until_on IS NULL AND {is_counted(viewer)} GROUP BY 1, 2 ORDER BY 1, 2""",
        [issue_id],
    )
    return tuple(SourceDay(*row) for row in rows)


def open_reports(con: Connection, viewer: Viewer, issue_id: int, *, limit: int = 50) -> tuple[OpenReport, ...]:
    """The newest reports of an issue that a viewer may read. Audit before use."""
    rows = rows_of(
        con,
        f"""SELECT r.report_key, r.received_at, r.source, r.kind, r.area, r.town,
              CASE WHEN r.title = '' AND r.body = '' THEN '诉求内容已删除' ELSE r.title END, r.body, r.unit,
              CASE WHEN 'closed' IN facts THEN '已办结'
                   WHEN list_has_any(facts, ['answered', 'answer']) THEN '已答复' ELSE '办理中' END, l.similarity
            FROM links l JOIN reports r USING (report_key) LEFT JOIN (
              SELECT report_key, list(field) AS facts FROM updates GROUP BY report_key) USING (report_key)
            WHERE l.issue_id = ? AND l.until_on IS NULL AND {is_text(viewer)} ORDER BY r.received_at DESC LIMIT ?""",
        [issue_id, limit],
    )
    return tuple(OpenReport(*row) for row in rows)
