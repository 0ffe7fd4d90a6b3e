"""The digest of a day as frozen records, so that every rendering says the same.

All counts are of what was known at the end of the day. A count of `None` is hidden or could not be compared.
"""

from dataclasses import dataclass
from datetime import date, datetime

from signals.holidays import DayKind
from signals.promise import Promise
from signals.records import Level, Source, Stage


@dataclass(frozen=True, slots=True)
class WatchRow:
    """One report that names a danger to life, without its words."""

    at: datetime
    danger: str
    place: str
    phoned_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sign:
    """One new alert as the digest shows it."""

    issue_id: int
    name: str
    level: Level
    stage: Stage
    place: str
    words: tuple[str, ...]
    first_on: date
    n_reports: int
    n_complainants: int
    sources: tuple[Source, ...]
    observed: int
    window_days: int
    expected: float
    recurrence_days: float
    risk_points: float
    risk: float | None
    owner: str
    due_at: datetime
    quotes: tuple[str, ...]
    zone: str = ""  # the hot zone in words, small numbers hidden; "" where there is none
    is_of_theme: bool = False  # observed and expected are those of its theme in one area
    has_same_text: bool = False  # several of its people sent in one text


@dataclass(frozen=True, slots=True)
class Rising:
    """An issue alerted earlier that still gathers new voices."""

    issue_id: int
    name: str
    place: str
    level: Level
    stage: Stage
    alerted_on: date
    n_complainants_7: int
    n_complainants_28: int
    n_complainants: int


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Where the closed loop of an earlier alert stands (五有)."""

    issue_id: int
    name: str
    level: Level
    alerted_on: date
    unit: str
    due_at: datetime
    steps: tuple[str, ...]  # of found, reported, owned, handled, verified, those done
    reopened: bool
    overdue_days: int  # whole days started past the deadline; 0 when in time


@dataclass(frozen=True, slots=True)
class OverdueOrders:
    """Imported orders past their own deadline and not ended, of one town and unit."""

    town: str
    unit: str
    n_orders: int
    longest_days: int


@dataclass(frozen=True, slots=True)
class Risen:
    """An issue alerted before whose level rose today: an update, which must not be missed."""

    name: str
    level: Level
    before: Level
    owner: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Matter:
    """A theme or category: grievances of the last 28 days against the 28 before."""

    name: str
    n_now: int
    n_before: int | None
    n_year_before: int | None  # the same 28 days one year earlier
    n_day: int
    same_weekday_mean: float | None


@dataclass(frozen=True, slots=True)
class FestivalComparison:
    """The week up to the day against the week equally far from last year's Spring Festival."""

    offset_days: int
    n_now: int
    n_then: int
    then_first: date
    then_last: date


@dataclass(frozen=True, slots=True)
class TrendDay:
    """Reports that became known on one day, and what was expected."""

    day: date
    kind: DayKind
    counts: tuple[int, ...]  # in the order of Digest.trend_sources
    expected: float | None
    n_alerts: int


@dataclass(frozen=True, slots=True)
class PlaceCell:
    """A district or town on the tile map; both counts are None when hidden."""

    code: str
    name: str
    area: str
    column: int
    row: int
    n_complainants: int | None
    n_reports: int | None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """Whether a source delivered as usual."""

    source: Source
    n_day: int
    same_weekday_mean: float | None
    last_on: date | None
    n_late: int  # of n_day, received more than three days before they became known
    missing: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """How the digest was counted."""

    sources: tuple[SourceHealth, ...]
    n_without_place: int
    n_without_place_28: int
    n_28: int
    n_quarantined: int
    promise: Promise
    settings_hash: str
    settings_changed: bool
    theme_version: str
    audit_head: str  # "" when there is none


@dataclass(frozen=True, slots=True)
class Digest:
    """The day's alerts and follow-ups for the governance centre (日报)."""

    day: date
    city_name: str
    sentences: tuple[str, ...]
    n_reports: int
    n_grievances: int
    same_weekday_mean: float | None
    same_weekday_days: int
    watch: tuple[WatchRow, ...]
    n_watch_hidden: int
    signs: tuple[Sign, ...]
    n_new: int  # new alerts of the day that may be listed
    n_new_hidden: int  # new alerts made of sensitive reports only
    risen: tuple[Risen, ...]  # to a higher level, the highest first
    rising: tuple[Rising, ...]
    n_rising: int
    n_alerted: int  # issues alerted in the last 90 days
    follow_ups: tuple[FollowUp, ...]
    n_open: int
    n_overdue: int
    n_follow_ups: int  # all earlier alerts of the last year that may be listed
    overdue_orders: tuple[OverdueOrders, ...]
    n_overdue_orders: int
    n_open_orders: int  # with a deadline of their own, not ended
    matters: tuple[Matter, ...]
    matters_of: str  # 主题 or 类别
    n_matters_now: int  # grievances in the last 28 days, all matters
    n_matters_before: int | None
    festival: FestivalComparison | None
    seasonal: tuple[str, ...]  # names of issues that the year before explains, of the last 7 days
    trend_sources: tuple[Source, ...]
    trend: tuple[TrendDay, ...]
    areas: tuple[PlaceCell, ...]
    towns: tuple[PlaceCell, ...]
    places_days: int  # period of the map; 0 when nothing was counted
    n_places_hidden: int
    city_complainants: int | None
    min_cell: int
    quality: Quality
