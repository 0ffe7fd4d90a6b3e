"""Frequent and seasonal matters, and the trend of all reports: always against comparable days.

A report belongs to the day on which it became known, as in detection. Sensitive reports stay in the totals
and are left out of the rows.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from signals.alerts import SEASONAL
from signals.clock import days_between
from signals.digest.known import ABSORBED, KNOWN_ON, Known, local_day, whole
from signals.digest.record import FestivalComparison, Matter, TrendDay
from signals.digest.signs import LISTABLE, NAME_CHARACTERS, shorten
from signals.holidays import alike_days, day_kind, festival_offset, same_festival_day
from signals.records import GRIEVANCES, Source

TREND_DAYS = 28
MOST_MATTERS = 6
SEASONAL_DAYS = 7
FEWEST_REPORTS = 5
THEMED_SHARE = 0.5  # of the grievances of both periods, for themes to be compared at all


@dataclass(frozen=True, slots=True)
class DailyCounts:
    """Reports by source and day on which they became known, two years back."""

    counts: dict[date, dict[Source, int]]
    first_on: date | None  # nothing is known before it

    def total(self, day: date, source: Source | None = None) -> int:
        by_source = self.counts.get(day, {})
        return sum(by_source.values()) if source is None else by_source.get(source, 0)

    def covers(self, day: date) -> bool:
        return self.first_on is not None and self.first_on <= day

    def comparable_days(self, day: date) -> list[date]:
        """Those like it (`alike_days`) that are not before all data."""
        return [other for other in alike_days(day) if self.covers(other)]

    def usual(self, day: date, source: Source | None = None) -> float | None:
        """The mean of the comparable days; None with fewer than two."""
        days = self.comparable_days(day)
        return sum(self.total(other, source) for other in days) / len(days) if len(days) >= 2 else None


def collect_daily_counts(known: Known) -> DailyCounts:
    """Reports a day by source, from two years back to the day."""
    counts: dict[date, dict[Source, int]] = defaultdict(dict)
    for day, source, n_reports in known.rows(
        f"""SELECT {KNOWN_ON} AS day, r.source, count(*) FROM reports r
            WHERE r.known_at < ? AND day >= ? GROUP BY ALL ORDER BY ALL""",
        [known.end, known.back(800)],
    ):
        counts[local_day(day)][Source(str(source))] = whole(n_reports)
    return DailyCounts(dict(counts), min(counts, default=None))


def collect_trend(
    known: Known, daily: DailyCounts, alerts: dict[date, int]
) -> tuple[tuple[Source, ...], tuple[TrendDay, ...]]:
    """The last 28 days by source, with what each run expected and the days of new alerts."""
    days = days_between(known.back(TREND_DAYS - 1), known.day)
    expected = {
        local_day(day): float(str(value))
        for day, value in known.rows(
            "SELECT day, city_expected FROM runs WHERE day BETWEEN ? AND ? AND city_expected > 0",
            [days[0], known.day],
        )
    }
    sources = tuple(source for source in Source if any(daily.total(day, source) for day in days))
    trend = tuple(
        TrendDay(
            day,
            day_kind(day),
            tuple(daily.total(day, source) for source in sources),
            expected.get(day),
            alerts.get(day, 0),
        )
        for day in days
    )
    return sources, trend


def compare_with_festival(known: Known, daily: DailyCounts) -> FestivalComparison | None:
    """This week against that equally far from last year's Spring Festival; None where data are missing."""
    offset, then = festival_offset(known.day), same_festival_day(known.day)
    if offset is None or then is None or daily.first_on is None or then - timedelta(days=6) < daily.first_on:
        return None
    n_now = sum(daily.total(day) for day in days_between(known.back(6), known.day))
    n_then = sum(daily.total(day) for day in days_between(then - timedelta(days=6), then))
    return FestivalComparison(offset, n_now, n_then, then - timedelta(days=6), then) if n_then else None


def collect_seasonal(known: Known) -> tuple[str, ...]:
    """Issues over the line in the last week that the year before explains and no alert has told of, latest first."""
    rows = known.rows(
        f"""WITH week AS (SELECT * FROM alerts a WHERE a.day <= ? AND a.day > ? AND {LISTABLE}
                            AND a.issue_id NOT IN (SELECT issue_id FROM {ABSORBED}))
            SELECT max_by(name, day) FROM week GROUP BY issue_id
            HAVING bool_and(is_update) AND bool_or(contains(array_to_string(reasons, ''), ?))
            ORDER BY max(day) DESC, issue_id""",
        [known.day, known.back(SEASONAL_DAYS), known.day, known.day, SEASONAL],
    )
    return tuple(shorten(str(name), NAME_CHARACTERS) for (name,) in rows)


@dataclass(frozen=True, slots=True)
class Matters:
    """The most frequent matters of the last 28 days with their denominators."""

    rows: tuple[Matter, ...]
    kind: str  # 主题 or 类别
    n_now: int
    n_before: int | None  # None where the earlier period is not covered


def collect_matters(known: Known, daily: DailyCounts) -> Matters:
    """Grievances by theme where most have one, else by the office's own category."""
    run = known.rows("SELECT theme_version FROM runs WHERE day = ?", [known.day])
    version = str(run[0][0]) if run else ""
    everything = _count(known, daily, EVERYTHING)
    n_now = sum(matter.n_now for matter in everything)
    n_before = sum(matter.n_before or 0 for matter in everything)
    if version and _themed(known, version) >= THEMED_SHARE * (n_now + n_before) > 0:
        counts, kind = _count(known, daily, THEMED, version, known.day), "主题"
    else:
        counts, kind = _count(known, daily, CATEGORISED), "类别"
    rows = sorted(counts, key=lambda matter: (-matter.n_now, matter.name))
    named = [matter for matter in rows if matter.name and matter.n_now >= FEWEST_REPORTS]
    covered = daily.covers(known.back(2 * TREND_DAYS - 1))
    return Matters(tuple(named[:MOST_MATTERS]), kind, n_now, n_before if covered else None)


GRIEVANCES_KNOWN = f"""
  SELECT r.report_key, r.restricted, r.category, {KNOWN_ON} AS day FROM reports r
  WHERE r.known_at < ? AND list_contains(?::VARCHAR[], r.kind)
"""
EVERYTHING = "SELECT '' AS name, day FROM grievances"
# The first two levels of the office's own classification.
CATEGORISED = """
  SELECT array_to_string(string_split(category, '/')[1:2], '·') AS name, day
  FROM grievances WHERE restricted = ''
"""
THEMED = """
  SELECT m.name, g.day FROM grievances g
  JOIN report_themes t ON t.report_key = g.report_key AND t.version = ? AND t.day <= ?
  JOIN themes m ON m.version = t.version AND m.theme_id = t.theme_id WHERE g.restricted = ''
"""


def _count(known: Known, daily: DailyCounts, named: str, *parameters: object) -> list[Matter]:
    """Grievances by name over all compared periods; `named` selects name and day."""
    weekdays = daily.comparable_days(known.day)
    last_year = known.day - timedelta(days=364)  # the same weekday, so both periods hold the same weekdays
    rows = known.rows(
        f"""WITH grievances AS ({GRIEVANCES_KNOWN}), named AS ({named})
            SELECT name, count(*) FILTER (day > ?), count(*) FILTER (day > ? AND day <= ?),
              count(*) FILTER (day > ? AND day <= ?), count(*) FILTER (day = ?),
              count(*) FILTER (list_contains(?::DATE[], day))
            FROM named GROUP BY name""",
        [
            known.end,
            sorted(GRIEVANCES),
            *parameters,
            known.back(TREND_DAYS),
            known.back(2 * TREND_DAYS),
            known.back(TREND_DAYS),
            last_year - timedelta(days=TREND_DAYS),
            last_year,
            known.day,
            weekdays,
        ],
    )
    has_before = daily.covers(known.back(2 * TREND_DAYS - 1))
    has_last_year = daily.covers(last_year - timedelta(days=TREND_DAYS - 1))
    return [
        Matter(
            name=str(name),
            n_now=whole(n_now),
            n_before=whole(n_before) if has_before else None,
            n_year_before=whole(n_then) if has_last_year else None,
            n_day=whole(n_day),
            same_weekday_mean=whole(n_weekdays) / len(weekdays) if len(weekdays) >= 2 else None,
        )
        for name, n_now, n_before, n_then, n_day, n_weekdays in rows
    ]


def _themed(known: Known, version: str) -> int:
    """Grievances of both periods that have a theme of this version."""
    return known.number(
        f"""WITH grievances AS ({GRIEVANCES_KNOWN})
            SELECT count(*) FROM grievances g JOIN report_themes t USING (report_key)
            WHERE t.version = ? AND t.day <= ? AND g.day > ?""",
        [known.end, sorted(GRIEVANCES), version, known.day, known.back(2 * TREND_DAYS)],
    )
