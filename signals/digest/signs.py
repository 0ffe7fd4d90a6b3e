"""New signs, rising issues and watch rows of a day, and which words of citizens may leave the board.

Sensitive reports are counted, never listed: an alert made of them alone is only a number here.
"""

import re
from dataclasses import dataclass
from datetime import date

from signals.alerts import SAME_TEXT
from signals.digest.known import ABSORBED, Known, instant, instant_or_none, local_day, real, whole, words
from signals.digest.record import Risen, Rising, Sign, WatchRow
from signals.records import Level, Source, Stage
from signals.theme_nodes import ARM as THEME_ARM
from signals.zones import read_zone, zone_sentence

MOST_SIGNS = 5
MOST_RISING = 5
ALERTED_DAYS = 90
QUOTE_CHARACTERS = 40
QUOTES_PER_SIGN = 2
QUOTED_COMPLAINANTS = 5
NAME_CHARACTERS = 40

LISTABLE = """
  EXISTS (SELECT 1 FROM unnest(a.report_keys) AS k(report_key) JOIN reports r USING (report_key)
          WHERE r.restricted = '' AND r.about_office = '')
"""


@dataclass(frozen=True, slots=True)
class Signs:
    """The new alerts of a day: those shown, all that may be listed, and those only counted."""

    shown: tuple[Sign, ...]
    n_listable: int
    n_hidden: int


def collect_signs(known: Known, area_names: dict[str, str], *, min_cell: int) -> Signs:
    """The new alerts of the day, most urgent first, at most five of them shown."""
    rows = known.rows(
        f"""SELECT a.issue_id, a.name, a.level, a.stage, a.areas, a.towns, a.words, a.first_on, a.n_reports,
              a.n_complainants, a.sources, a.observed, a.window_days, a.expected, a.recurrence_days,
              a.risk_points, a.risk, a.owner, epoch_ms(a.due_at), a.quotes, a.report_keys, a.zone, a.arm,
              contains(array_to_string(a.reasons, ''), ?), {LISTABLE}
            FROM alerts a WHERE a.day = ? AND NOT a.is_update
            ORDER BY list_position(['red', 'orange', 'yellow', 'blue'], a.level), a.recurrence_days DESC,
              a.issue_id""",
        [SAME_TEXT, known.day],
    )
    listable = [row for row in rows if row[-1]]
    shown = tuple(_sign(known, row, area_names, min_cell) for row in listable[:MOST_SIGNS])
    return Signs(shown, len(listable), len(rows) - len(listable))


def collect_risen(known: Known) -> tuple[Risen, ...]:
    """The updates of the day at a higher level than the issue had when it was last told of, the worst first."""
    rows = known.rows(
        f"""SELECT a.name, a.level, a.owner, epoch_ms(a.due_at),
              (SELECT arg_max(b.level, b.day) FROM alerts b WHERE b.issue_id = a.issue_id AND b.day < a.day) AS before
            FROM alerts a WHERE a.day = ? AND a.is_update AND before IS NOT NULL AND {LISTABLE} ORDER BY a.issue_id""",
        [known.day],
    )
    told = [Risen(shorten(str(name), NAME_CHARACTERS), Level(str(level)), Level(str(before)), str(owner), instant(due))
            for name, level, owner, due, before in rows]  # fmt: skip
    return tuple(sorted((one for one in told if one.level.rank < one.before.rank), key=lambda one: one.level.rank))


def _sign(known: Known, row: tuple[object, ...], area_names: dict[str, str], min_cell: int) -> Sign:
    keys = words(row[20])
    complainants = whole(row[9])
    return Sign(
        issue_id=whole(row[0]),
        name=shorten(str(row[1]), NAME_CHARACTERS),
        level=Level(str(row[2])),
        stage=Stage(str(row[3])),
        place=place_of(words(row[4]), words(row[5]), area_names),
        words=words(row[6])[:6],
        first_on=local_day(row[7]),
        n_reports=whole(row[8]),
        n_complainants=complainants,
        sources=tuple(Source(source) for source in words(row[10])),
        observed=whole(row[11]),
        window_days=whole(row[12]),
        expected=real(row[13]),
        recurrence_days=real(row[14]),
        risk_points=real(row[15]),
        risk=None if row[16] is None else real(row[16]),
        owner=_owner(known, str(row[17]), keys),
        due_at=instant(row[18]),
        quotes=quotes_that_may_leave(known, words(row[19]), keys, n_complainants=complainants),
        zone=zone_that_may_leave(row[21], area_names, (whole(row[11]), complainants), min_cell=min_cell),
        is_of_theme=row[22] == THEME_ARM,
        has_same_text=bool(row[23]),
    )


def zone_that_may_leave(
    stored: object, area_names: dict[str, str], totals: tuple[int, ...], *, min_cell: int
) -> str:
    """The hot zone in words; its number of people only where neither it nor what is left of a total is small.

    stored: the column `zone` of an alert; totals: people of the issue that the digest prints too. "" without one.
    """
    if (zone := read_zone(stored)) is None:
        return ""
    rests = {abs(total - zone.observed) for total in totals} - {0}
    counted = f"{min_cell}位以上" if min((zone.observed, *rests)) < min_cell else ""
    return zone_sentence(zone, area_names, counted=f"少于{min_cell}位" if zone.observed < min_cell else counted)


def quotes_that_may_leave(
    known: Known, quotes: tuple[str, ...], report_keys: tuple[str, ...], *, n_complainants: int
) -> tuple[str, ...]:
    """At most two quotes of at most 40 characters, none for an issue with fewer than 5 complainants.

    A quote must be found in a report of the alert that is neither sensitive nor about an office, and in none
    that is; one that cannot be traced is dropped.
    """
    if n_complainants < QUOTED_COMPLAINANTS or not quotes:
        return ()
    rows = known.rows(
        """SELECT r.restricted = '' AND r.about_office = '', r.title || ' ' || r.body FROM reports r
           WHERE r.report_key IN (SELECT unnest(?::VARCHAR[])) AND r.known_at < ?""",
        [list(report_keys), known.end],
    )
    open_texts = [_bare(str(text)) for is_open, text in rows if is_open]
    closed_texts = [_bare(str(text)) for is_open, text in rows if not is_open]
    kept = [
        quote
        for quote in quotes
        if len(quote) <= QUOTE_CHARACTERS
        and (bare := _bare(quote))
        and any(bare in text for text in open_texts)
        and not any(bare in text for text in closed_texts)
    ]
    return tuple(kept[:QUOTES_PER_SIGN])


def _bare(text: str) -> str:
    return re.sub(r"[\s…]+", "", text)


def _owner(known: Known, owner: str, report_keys: tuple[str, ...]) -> str:
    """The proposed unit, unless a report is about that very unit: then the level above names one."""
    about = known.number(
        """SELECT count(*) FROM reports r
           WHERE r.report_key IN (SELECT unnest(?::VARCHAR[])) AND r.about_office = ?
             AND r.about_office <> ''""",
        [list(report_keys), owner],
    )
    return "待定（由上一级指定）" if about else owner or "待定"


def collect_rising(known: Known, area_names: dict[str, str]) -> tuple[tuple[Rising, ...], int, int]:
    """Issues alerted in the last 90 days that still gather voices: those shown, how many, and of how many."""
    rows = known.rows(
        f"""WITH alerted AS (
              SELECT a.issue_id, max(a.day) AS alerted_on FROM alerts a JOIN issues i USING (issue_id)
              WHERE NOT a.is_update AND a.day < ? AND a.day > ? AND {LISTABLE}
                AND a.issue_id NOT IN (SELECT issue_id FROM {ABSORBED})
              GROUP BY ALL),
            today AS (SELECT issue_id, is_update FROM alerts WHERE day = ?)
            SELECT d.issue_id, d.name, d.areas, d.towns, d.level, d.stage, l.alerted_on, d.n_complainants_7,
              d.n_complainants_28, d.n_complainants,
              d.issue_id IS NOT NULL AND coalesce(t.is_update, true) AND d.stage <> 'fading' AND
              (coalesce(t.is_update, false)
               OR (d.n_complainants_7 >= 2 AND d.n_complainants_7 * 4 > d.n_complainants_28))
            FROM alerted l LEFT JOIN issue_days d ON d.issue_id = l.issue_id AND d.day = ?
            LEFT JOIN today t ON t.issue_id = l.issue_id
            ORDER BY d.n_complainants_7 DESC NULLS LAST, l.issue_id""",
        [known.day, known.back(ALERTED_DAYS), *[known.day] * 4],
    )
    rising = [row for row in rows if row[-1]]
    shown = tuple(
        Rising(
            issue_id=whole(row[0]),
            name=shorten(str(row[1]), NAME_CHARACTERS),
            place=place_of(words(row[2]), words(row[3]), area_names),
            level=Level(str(row[4])),
            stage=Stage(str(row[5])),
            alerted_on=local_day(row[6]),
            n_complainants_7=whole(row[7]),
            n_complainants_28=whole(row[8]),
            n_complainants=whole(row[9]),
        )
        for row in rising[:MOST_RISING]
    )
    return shown, len(rising), len(rows)


def collect_watch(known: Known, area_names: dict[str, str]) -> tuple[tuple[WatchRow, ...], int]:
    """The watch rows of the day without their words, and how many sensitive ones are only counted."""
    rows = known.rows(
        """SELECT epoch_ms(w.known_at), w.danger, w.area, w.town,
             CASE WHEN w.phoned_at < ? THEN epoch_ms(w.phoned_at) END,
             coalesce(r.restricted = '' AND r.about_office = '', false)
           FROM watch w LEFT JOIN reports r USING (report_key)
           WHERE (w.known_at AT TIME ZONE 'Asia/Shanghai')::DATE = ? ORDER BY w.known_at, w.report_key""",
        [known.end, known.day],
    )
    shown = tuple(
        WatchRow(
            instant(at),
            str(danger),
            place_of((str(area),), (str(town),), area_names),
            instant_or_none(phoned_at),
        )
        for at, danger, area, town, phoned_at, listable in rows
        if listable
    )
    return shown, len(rows) - len(shown)


def place_of(areas: tuple[str, ...], towns: tuple[str, ...], area_names: dict[str, str]) -> str:
    """Districts and towns as people write them.

    >>> place_of(("440703",), ("棠下镇", "环市街道"), {"440703": "蓬江区"})
    '蓬江区棠下镇、环市街道'
    """
    districts = "、".join(area_names.get(area, area) for area in areas if area)
    named = [town for town in towns if town]
    more = f"等{len(named)}个镇街" if len(named) > 3 else ""
    return districts + "、".join(named[:3]) + more or "地点未明"


def shorten(text: str, n_characters: int) -> str:
    """Text of at most so many characters, the last an ellipsis where something was cut."""
    text = " ".join(text.split())
    return text if len(text) <= n_characters else text[: n_characters - 1] + "…"


def alert_counts(known: Known, first: date) -> dict[date, int]:
    """New alerts by day from `first` to the day of the digest."""
    rows = known.rows(
        "SELECT day, count(*) FROM alerts WHERE NOT is_update AND day BETWEEN ? AND ? GROUP BY day",
        [first, known.day],
    )
    return {local_day(day): whole(count) for day, count in rows}
