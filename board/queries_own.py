"""The figures of a viewer's own part of an issue: what a district or an office may know, the rest as a k-safe count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from board.permission import Viewer
from board.queries import Connection, rows_of
from board.queries_scope import IS_NEW_PERSON, is_counted, is_elsewhere


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What a viewer outside the centre may know of an issue."""

    n_reports: int
    n_people: int
    n_people_7: int
    n_people_28: int
    first_on: date
    last_on: date
    areas: tuple[str, ...]
    towns: tuple[str, ...]
    sources: tuple[str, ...]
    elsewhere: str  # a sentence about the other districts, "" where there is nothing to tell


def own_part(con: Connection, viewer: Viewer, keys: Sequence[str], day: date) -> OwnPart | None:
    """The part of some reports that a viewer may know of, as of the end of a day; None where there is none."""
    rows = rows_of(
        con,
        f"""WITH own AS (SELECT CAST(r.received_at AS DATE) AS on_day, {IS_NEW_PERSON} AS is_voice,
              {is_counted(viewer)} AS is_own, {is_elsewhere(viewer)} AS is_other, r.area, r.town, r.source
              FROM reports r WHERE list_contains($keys, r.report_key))
            SELECT count(*) FILTER (is_own), count(*) FILTER (is_own AND is_voice),
              count(*) FILTER (is_own AND is_voice AND on_day > CAST($day AS DATE) - 7),
              count(*) FILTER (is_own AND is_voice AND on_day > CAST($day AS DATE) - 28),
              min(on_day) FILTER (is_own), max(on_day) FILTER (is_own),
              list_sort(list(DISTINCT area) FILTER (is_own AND area <> '')),
              list_sort(list(DISTINCT town) FILTER (is_own AND town <> '')),
              list_sort(list(DISTINCT source) FILTER (is_own)),
              count(*) FILTER (is_other), count(*) FILTER (is_other AND is_voice) FROM own""",
        {"keys": list(keys), "day": day},
    )
    ((n, people, people_7, people_28, first, last, areas, towns, sources, n_other, n_other_people),) = rows
    if not n:
        return None
    lists = (tuple(areas or ()), tuple(towns or ()), tuple(sources or ()))
    return OwnPart(n, people, people_7, people_28, first, last, *lists, _elsewhere(n_other, n_other_people, viewer.k))


def own_reason(part: OwnPart) -> str:
    """Why an issue is shown to somebody who may not know the city's figures."""
    return f"您负责的范围内 {part.n_reports} 件诉求、{part.n_people} 人反映；人数都只算这一范围。{part.elsewhere}"


def _elsewhere(n_reports: int, n_people: int, k: int) -> str:
    if not n_reports:
        return ""
    return f"其他区县另有{f' {n_people} ' if n_people >= k else f'少于 {k} '}人反映。"


def issue_keys(con: Connection, issue_id: int) -> list[str]:
    """The reports that are linked to an issue now."""
    asked = "SELECT report_key FROM links WHERE issue_id = ? AND until_on IS NULL ORDER BY report_key"
    return [key for (key,) in rows_of(con, asked, [issue_id])]
