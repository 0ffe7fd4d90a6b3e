"""What the map asks: distinct complainants of whole cells and periods, for subjects that may be mapped.

Numbers leave this file under the rule of small cells. Themes and categories are protected together with all reports,
which they are parts of (`Cell.subject`); an issue by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from board.hiding import Shown, shown_people
from board.permission import Viewer
from board.queries import Connection, row_of, rows_of
from board.queries_issue import CURRENT_THEME
from board.queries_scope import OF_ISSUE, OPEN, is_visible, safe_name
from signals.smallcells import Cell
from signals.store.cells import CATEGORY

IS_MAPPED = f"""NOT EXISTS (SELECT 1 FROM links l JOIN reports r USING (report_key)
  WHERE l.issue_id = i.issue_id AND NOT ({OPEN}))"""  # issue `i` holds no sensitive report

@dataclass(frozen=True, slots=True)
class Subject:
    """What a map of people can be about: everything, one theme, one category, one issue."""

    kind: str  # all | theme | category | issue
    key: str  # a number, a category's name, "" for everything
    name: str


def map_day(con: Connection) -> date | None:
    """The newest day with cells. No other is mapped: differences between days could reveal single people."""
    row = row_of(con, "SELECT max(day) FROM cells")
    return row[0] if row else None


def day_before(con: Connection, day: date, period_days: int) -> date | None:
    """The day a whole period before a mapped one, whose map shares no day with it; None where it is not whole.

    What that day's map shows was shown that day (docs/decisions/0010).
    """
    before = day - timedelta(days=period_days)
    row = row_of(
        con,
        "SELECT 1 FROM cells WHERE day = ? AND (SELECT min(day) FROM runs) <= ? LIMIT 1",
        [before, before - timedelta(days=period_days - 1)],
    )
    return before if row else None


def map_subjects(con: Connection, viewer: Viewer, day: date) -> tuple[Subject, ...]:
    """Everything, then themes, categories, and issues that may be named; none that is about a sensitive report."""
    themes = rows_of(
        con,
        f"""SELECT DISTINCT 'theme', CAST(c.subject_id AS VARCHAR), coalesce((SELECT t.name FROM themes t
             WHERE {CURRENT_THEME} AND t.theme_id = c.subject_id), '主题 ' || c.subject_id), c.subject_id
            FROM cells c WHERE c.day = ? AND c.subject = 'theme' ORDER BY 4""",
        [day],
    )
    categories = rows_of(
        con,
        f"""SELECT 'category', substr(c.subject, {len(CATEGORY) + 1}) AS name, name, max(c.n_complainants)
            FROM cells c WHERE c.day = ? AND starts_with(c.subject, '{CATEGORY}') AND EXISTS (SELECT 1 FROM reports r
              WHERE trim(split_part(r.category, '/', 1)) = substr(c.subject, {len(CATEGORY) + 1}) AND {OPEN})
            GROUP BY ALL ORDER BY 4 DESC, name""",
        [day],
    )
    issues = rows_of(
        con,
        f"""SELECT 'issue', CAST(i.issue_id AS VARCHAR), {safe_name(viewer, "i", OF_ISSUE)}, c.n FROM issues i
            JOIN (SELECT subject_id, max(n_complainants) AS n FROM cells WHERE day = ? AND subject = 'issue'
                  GROUP BY subject_id) c ON c.subject_id = i.issue_id
            WHERE i.merged_into IS NULL AND {is_visible(viewer)} AND {IS_MAPPED}
            ORDER BY c.n DESC, i.issue_id LIMIT 300""",
        [day],
    )
    if not viewer.is_centre:  # it knows its own number of an issue exactly, and could have others by subtraction
        issues = []
    found = (Subject(kind, key, name) for kind, key, name, _ in themes + categories + issues)
    return (Subject("all", "", "全部诉求"), *found)


def is_mapped(con: Connection, issue_id: int) -> bool:
    """Whether an issue may be mapped."""
    return row_of(con, f"SELECT 1 FROM issues i WHERE issue_id = ? AND {IS_MAPPED}", [issue_id]) is not None


def map_people(
    con: Connection, day: date, period_days: int, kind: str, issue: str, published: Sequence[Cell], *, k: int
) -> dict[Cell, Shown]:
    """What may be seen of all `published` cells; of every theme or category at once, each a `Cell.subject`.

    issue: the key of one, where the kind is so. Of everything a cell is seen only where the maps of themes and of
    categories may show their whole: it would undo what is hidden in their parts.
    """
    if kind == "all":
        joint = [map_people(con, day, period_days, parts, "", published, k=k) for parts in ("theme", "category")]
        return {cell: next((one[cell] for one in joint if one[cell].is_hidden), joint[0][cell]) for cell in published}
    subject = {
        "theme": "CASE subject WHEN 'theme' THEN CAST(subject_id AS VARCHAR) WHEN 'all' THEN '' END",
        "category": f"""CASE WHEN starts_with(subject, '{CATEGORY}') THEN substr(subject, {len(CATEGORY) + 1})
          WHEN subject = 'all' THEN '' END""",
        "issue": "CASE WHEN subject = 'issue' AND CAST(subject_id AS VARCHAR) = $issue THEN '' END",
    }[kind]
    rows = rows_of(
        con,
        f"""SELECT source, area, town, {subject} AS about, n_complainants FROM cells
            WHERE day = $day AND period_days = $period AND about IS NOT NULL AND $issue IS NOT NULL""",
        {"day": day, "period": period_days, "issue": issue},
    )
    counts = {Cell(*cell): n for *cell, n in rows}
    subjects = {cell.subject for cell in counts} | {""}
    asked = [cell._replace(subject=subject) for subject in subjects for cell in published]
    return shown_people({cell: counts.get(cell, 0) for cell in asked}, k=k)
