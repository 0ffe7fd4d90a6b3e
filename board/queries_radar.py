"""What the radar asks: every shared issue as it stood at the end of a day, its level, growth and stage.

Counted afresh from how each report was counted on its day (`report_days`), or by a correction since (`recounted`), as
states are stored only for issues that changed. Nothing known after the day enters: links, names, alerts and void marks
are those of that day. Areas, sources and categories are those of open reports; closed reports add to the counts and to
nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from board.permission import Viewer
from board.queries import Connection, rows_of
from board.queries_scope import NAMING, is_counted, is_open, is_same
from signals.likelihood import HORIZON_DAYS
from signals.stages import GROWTH_DAYS, LEVEL_DAYS, growth_of, stage_of
from signals.store.as_of import is_voice, linked, not_void
from signals.suppression import LEAST_PEOPLE, WATCHED_DAYS

TAIL_DAYS = 7

LINKED = f"""SELECT l.issue_id, d.day, {is_voice("$day")} AS is_voice, r.source, r.area, r.town, {NAMING} AS said,
  {{is_open}} AS is_open, {{is_counted}} AS is_counted, trim(split_part(r.category, '/', 1)) AS category
  FROM report_days d JOIN reports r USING (report_key) JOIN links l ON l.report_key = d.report_key AND {linked("$day")}
  WHERE d.day <= $day AND {not_void("d.report_key", "$day")}"""


@dataclass(frozen=True, slots=True)
class Position:
    """Where an issue stands on a day: people newly heard, each once."""

    n_level: int  # in the last LEVEL_DAYS
    n_now: int  # in the last GROWTH_DAYS
    n_before: int  # in the GROWTH_DAYS before

    @property
    def growth(self) -> float:
        return growth_of(self.n_now, self.n_before)


@dataclass(frozen=True, slots=True)
class RadarIssue:
    """One shared issue on the radar."""

    issue_id: int
    name: str
    stage: str
    n_complainants: int  # in the last WATCHED_DAYS
    now: Position
    before: Position  # TAIL_DAYS earlier
    quiet_days: int
    risk_points: float | None  # None where not computed, or to whoever may not know of all its people
    risk: float | None  # chance of escalating; None as points, until calibrated, and when its days are over
    alerted_on: date | None  # its newest alert of the last LEVEL_DAYS
    areas: tuple[str, ...]
    towns: tuple[str, ...]
    sources: tuple[str, ...]
    categories: tuple[str, ...]

    @property
    def is_silent(self) -> bool:
        """It never rose, and nobody new came for LEVEL_DAYS."""
        return self.stage == "weak" and self.now.n_level == 0


@dataclass(frozen=True, slots=True)
class Radar:
    """All shared issues of a day, fastest growing first, and what is only counted."""

    day: date
    issues: tuple[RadarIssue, ...]
    n_withheld: int  # shared issues without a report that may be read
    n_single: int  # issues of one person
    city: Position  # all people newly heard in the whole city


def radar(con: Connection, viewer: Viewer, day: date) -> Radar:
    """The radar at the end of a day; a day without runs gives no issues.

    A district or an office sees its own part of each issue: level, growth and stage are those of its reports.
    """
    of_viewer = LINKED.format(is_open=is_open(viewer), is_counted=is_counted(viewer))
    same = is_same("n.name", "k.said")
    points = "n.risk_points, n.risk" if viewer.is_centre else "NULL, NULL"
    rows = rows_of(
        con,
        f"""WITH all_linked AS ({of_viewer}), linked AS (FROM all_linked WHERE is_counted),
            named AS (SELECT issue_id, arg_max(name, day) AS name, arg_max(risk_points, day) AS risk_points,
                arg_max_null(risk, day) FILTER (day > $day - {HORIZON_DAYS}) AS risk
              FROM issue_days WHERE day <= $day GROUP BY issue_id),
            alerted AS (SELECT l.issue_id, max(a.day) AS alerted_on FROM alerts a
              JOIN links l ON l.report_key = a.report_keys[1] AND {linked("$day")}
              WHERE NOT a.is_update AND a.day <= $day AND a.day > $level GROUP BY l.issue_id),
            counted AS (
              SELECT issue_id, max(day) FILTER (is_voice) AS last_on, bool_or(is_open) AS has_open,
                count(*) FILTER (is_voice AND day > $watched) AS n_complainants,
                {_counts("$day")}, {_counts("$earlier")},
                list_sort(list(DISTINCT area) FILTER (is_open AND area <> '' AND day > $watched)) AS areas,
                list_sort(list(DISTINCT town) FILTER (is_open AND town <> '' AND day > $watched)) AS towns,
                list_sort(list(DISTINCT source) FILTER (is_open AND day > $watched)) AS sources,
                list_sort(list(DISTINCT category) FILTER (is_open AND category <> '' AND day > $watched)) AS categories
              FROM linked GROUP BY issue_id)
            SELECT c.issue_id, CASE WHEN n.name IS NULL OR EXISTS (SELECT 1 FROM all_linked k
                WHERE k.issue_id = c.issue_id AND NOT k.is_open AND {same})
                OR (EXISTS (SELECT 1 FROM all_linked k WHERE k.issue_id = c.issue_id AND NOT k.is_counted AND {same})
                  AND NOT EXISTS (SELECT 1 FROM linked k WHERE k.issue_id = c.issue_id AND k.is_open AND {same}))
              THEN '议题 ' || c.issue_id ELSE n.name END,
              c.last_on, c.has_open, c.n_complainants, {points}, a.alerted_on,
              coalesce(c.areas, []), coalesce(c.towns, []), coalesce(c.sources, []), coalesce(c.categories, []),
              c.* EXCLUDE (issue_id, last_on, has_open, n_complainants, areas, towns, sources, categories)
            FROM counted c LEFT JOIN named n USING (issue_id) LEFT JOIN alerted a USING (issue_id)
            WHERE c.n_complainants > 0""",
        {
            "day": day, "earlier": day - timedelta(days=TAIL_DAYS),
            "watched": day - timedelta(days=WATCHED_DAYS), "level": day - timedelta(days=LEVEL_DAYS),
        },
    )  # fmt: skip
    shared = [row for row in rows if row[4] >= LEAST_PEOPLE]
    issues = [_issue(row, day) for row in shared if row[3]]
    issues.sort(key=lambda issue: (-issue.now.growth, -issue.now.n_level, -issue.n_complainants, issue.issue_id))
    city = Position(*(sum(row[-6 + column] for row in rows) for column in range(3)))
    return Radar(day, tuple(issues), len(shared) - len(issues), len(rows) - len(shared), city)


def _counts(end: str) -> str:
    """Three columns: the counts of a Position whose last day is `end`."""
    spans = ((LEVEL_DAYS, 0), (GROWTH_DAYS, 0), (2 * GROWTH_DAYS, GROWTH_DAYS))
    day = f"CAST({end} AS DATE)"
    return ", ".join(
        f"count(*) FILTER (is_voice AND day > {day} - {first} AND day <= {day} - {last})" for first, last in spans
    )


def _issue(row: Sequence[Any], day: date) -> RadarIssue:
    issue_id, name, last_on, _, n, points, risk, alerted_on, areas, towns, sources, categories, *counts = row
    now, before = Position(*counts[:3]), Position(*counts[3:])
    quiet = (day - last_on).days
    stage = str(stage_of(n, now.n_level, quiet))
    lists = (tuple(areas), tuple(towns), tuple(sources), tuple(categories))
    return RadarIssue(issue_id, name, stage, n, now, before, quiet, points, risk, alerted_on, *lists)
