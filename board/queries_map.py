"""What the map asks: distinct complainants of whole cells and periods, for subjects that may be mapped."""

from dataclasses import dataclass
from datetime import date

from board.permission import Viewer
from board.queries import Connection, row_of, rows_of
from board.queries_issue import CURRENT_THEME
from board.queries_scope import OF_ISSUE, OPEN, is_visible, safe_name
from signals.smallcells import Cell


@dataclass(frozen=True, slots=True)
class Subject:
    """What a map can be about: everything, one theme, one issue."""

    kind: str  # all | theme | issue
    subject_id: int
    name: str


def map_day(con: Connection) -> date | None:
    """The newest day with cells. No other is mapped: differences between days could reveal single people."""
    row = row_of(con, "SELECT max(day) FROM cells")
    return row[0] if row else None


def map_subjects(con: Connection, viewer: Viewer, day: date) -> tuple[Subject, ...]:
    """Everything, then themes, then issues that may be named; one with a sensitive report is not mapped."""
    themes = rows_of(
        con,
        f"""SELECT DISTINCT 'theme', c.subject_id, coalesce((SELECT t.name FROM themes t
             WHERE {CURRENT_THEME} AND t.theme_id = c.subject_id), '主题 ' || c.subject_id)
            FROM cells c WHERE c.day = ? AND c.subject = 'theme' ORDER BY 2""",
        [day],
    )
    issues = rows_of(
        con,
        f"""SELECT 'issue', i.issue_id, {safe_name(viewer, "i", OF_ISSUE)} FROM issues i
            JOIN (SELECT subject_id, max(n_complainants) AS n FROM cells WHERE day = ? AND subject = 'issue'
                  GROUP BY subject_id) c ON c.subject_id = i.issue_id
            WHERE i.merged_into IS NULL AND {is_visible(viewer)} AND NOT EXISTS (
              SELECT 1 FROM links l JOIN reports r USING (report_key)
              WHERE l.issue_id = i.issue_id AND NOT ({OPEN}))
            ORDER BY c.n DESC, i.issue_id LIMIT 300""",
        [day],
    )
    return (Subject("all", 0, "全部诉求"), *(Subject(*row) for row in themes + issues))


def cell_counts(con: Connection, day: date, period_days: int, kind: str, subject_id: int) -> dict[Cell, int]:
    """Distinct complainants of every counted cell. Never show these: pass them through `tiles` first."""
    rows = rows_of(
        con,
        """SELECT source, area, town, n_complainants FROM cells
           WHERE day = ? AND period_days = ? AND subject = ? AND subject_id = ?""",
        [day, period_days, kind, subject_id],
    )
    return {Cell(source, area, town): n for source, area, town, n in rows}
