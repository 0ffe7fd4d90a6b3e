"""Where live issues stand and where the people of alerts gather. Issues are counted here, never people.

A place is told only by reports that may be mapped whoever looks, and that the viewer may know of.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from board.marks import LEVELS
from board.permission import Viewer
from board.queries import Connection, rows_of
from board.queries_handling import case_rows
from board.queries_scope import OF_ALERT, OPEN, is_counted, is_readable, safe_name
from signals.gazetteer import Place
from signals.records import Zone
from signals.stages import LEVEL_DAYS
from signals.store.as_of import is_voice, linked, not_void
from signals.store.handling import merged_now
from signals.suppression import LEAST_PEOPLE, WATCHED_DAYS
from signals.zones import read_zone


@dataclass(frozen=True, slots=True)
class PlaceRisk:
    """The live issues with a report in one district or town."""

    level: str  # the most urgent of alerts not yet dealt with, "" where there is none
    n_alerted: int  # issues with such an alert
    n_watched: int  # other issues of at least two people


@dataclass(frozen=True, slots=True)
class ZoneAlert:
    """The newest alert of an issue, and where its people gathered."""

    issue_id: int
    name: str
    level: str
    day: date
    zone: Zone


def place_risks(con: Connection, viewer: Viewer, day: date) -> dict[Place, PlaceRisk]:
    """Districts (town "") and towns with a live issue that the viewer may know of."""
    levels = {row.issue_id: row.level for row in case_rows(con, viewer) if not row.case.ended}
    rows = rows_of(
        con,
        f"""WITH heard AS (SELECT l.issue_id, r.area, r.town, {OPEN} AND r.area <> '' AS is_mapped,
              {is_voice("$day")} AS is_voice
            FROM report_days d JOIN reports r USING (report_key)
            JOIN links l ON l.report_key = d.report_key AND {linked("$day")}
            WHERE d.day > $first AND d.day <= $day AND {is_counted(viewer)} AND {not_void("d.report_key", "$day")})
          SELECT DISTINCT issue_id, area, town FROM heard
          WHERE is_mapped AND (list_contains($alerted, issue_id) OR issue_id IN (
            SELECT issue_id FROM heard WHERE is_voice GROUP BY issue_id HAVING count(*) >= {LEAST_PEOPLE}))""",
        {"day": day, "first": day - timedelta(days=WATCHED_DAYS), "alerted": list(levels)},
    )
    issues: defaultdict[Place, set[int]] = defaultdict(set)
    for issue_id, area, town in rows:
        issues[Place(area)].add(issue_id)
        if town:
            issues[Place(area, town)].add(issue_id)
    return {place: _risk(found, levels) for place, found in issues.items()}


def _risk(issues: set[int], levels: dict[int, str]) -> PlaceRisk:
    alerted = [levels[issue] for issue in issues if issue in levels]
    level = next((level for level in LEVELS if level in alerted), "")
    return PlaceRisk(level, len(alerted), len(issues) - len(alerted))


def zone_alerts(con: Connection, viewer: Viewer, day: date) -> tuple[ZoneAlert, ...]:
    """Hot zones of the last LEVEL_DAYS, the newest first; of the whole city's people, so for the centre alone."""
    if not viewer.is_centre:
        return ()
    rows = rows_of(
        con,
        f"""SELECT a.issue_id, {safe_name(viewer, "a", OF_ALERT)}, a.level, a.day, a.zone FROM alerts a
            WHERE NOT a.is_update AND a.zone IS NOT NULL AND a.day > $first AND a.day <= $day
              AND EXISTS (SELECT 1 {OF_ALERT} AND {is_readable(viewer)})
            ORDER BY a.day DESC, list_position(['red', 'orange', 'yellow', 'blue'], a.level), a.issue_id""",
        {"first": day - timedelta(days=LEVEL_DAYS), "day": day},
    )
    lives_on = merged_now(con)
    newest: dict[int, ZoneAlert] = {}
    for issue_id, name, level, on_day, stored in rows:
        issue = lives_on.get(issue_id, issue_id)
        if issue not in newest and (zone := read_zone(stored)):
            newest[issue] = ZoneAlert(issue, name, level, on_day, zone)
    return tuple(newest.values())
