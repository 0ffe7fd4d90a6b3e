"""The nouns of Jianwei as frozen records. Read this first; every other file passes these around.

There is no record for a person: a complainant exists only as a keyed hash in the table `voices`, which nothing
but the daily count of distinct voices reads. Every instant is timezone-aware; days are local (see `clock`).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Source(StrEnum):
    """Where a report came from."""

    PETITION = "petition"
    HOTLINE = "hotline"
    GRID = "grid"


class Kind(StrEnum):
    """What the reporter wanted, as the office sorted it. Enquiries, praise and follow-ups are context."""

    COMPLAINT = "complaint"  # 投诉
    REQUEST = "request"  # 求助
    ENQUIRY = "enquiry"  # 咨询
    ACCUSATION = "accusation"  # 举报
    SUGGESTION = "suggestion"  # 建议
    THANKS = "thanks"  # 感谢
    FOLLOW_UP = "follow_up"  # an agency's or a caller's chasing of an earlier order
    UNKNOWN = "unknown"


GRIEVANCES = frozenset({Kind.COMPLAINT, Kind.REQUEST, Kind.ACCUSATION, Kind.SUGGESTION, Kind.UNKNOWN})


class Level(StrEnum):
    """Urgency of an alert; the order of the members is the order of urgency."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return list(Level).index(self)


class Stage(StrEnum):
    """Where an issue stands in its life."""

    WEAK = "weak"
    EMERGING = "emerging"
    STRONG = "strong"
    FADING = "fading"


SOURCE_NAMES = {Source.PETITION: "信访", Source.HOTLINE: "热线", Source.GRID: "网格"}
LEVEL_NAMES = {Level.RED: "红", Level.ORANGE: "橙", Level.YELLOW: "黄", Level.BLUE: "蓝"}
STAGE_NAMES = {Stage.WEAK: "微弱", Stage.EMERGING: "萌芽", Stage.STRONG: "显著", Stage.FADING: "消退"}
KIND_NAMES = {
    Kind.COMPLAINT: "投诉", Kind.REQUEST: "求助", Kind.ENQUIRY: "咨询", Kind.ACCUSATION: "举报",
    Kind.SUGGESTION: "建议", Kind.THANKS: "感谢", Kind.FOLLOW_UP: "回访催办", Kind.UNKNOWN: "未分类",
}  # fmt: skip


def report_key(source: Source, report_id: str) -> str:
    """The key of a report in the warehouse: its source and the office's own number."""
    return f"{source}:{report_id}"


@dataclass(frozen=True, slots=True)
class Report:
    """One redacted petition, call or note (诉求). Facts that change later are `Update`s, never here."""

    source: Source
    report_id: str  # the office's number, as in the file
    received_at: datetime
    known_at: datetime
    title: str  # redacted, may be empty
    body: str  # redacted; the citizen's own words only
    kind: Kind = Kind.UNKNOWN
    context: str = ""  # redacted; the operator's turns, never linked
    category: str = ""  # the office's own classification, levels joined by "/"
    area: str = ""  # adcode of the district, "" when unknown
    town: str = ""  # town or street name, "" when unknown
    community: str = ""
    address: str = ""  # redacted
    unit: str = ""  # 主办单位
    due_at: datetime | None = None  # the order's own deadline (处置截止/截止时间)
    restricted: str = ""  # why the report is sensitive (minor, violence, …), "" when it is not
    about_office: str = ""  # the configured office the report is about, "" when none

    @property
    def key(self) -> str:
        return report_key(self.source, self.report_id)


@dataclass(frozen=True, slots=True)
class Update:
    """A later fact about a report: what became true at `at`, and when we could first have used it.

    field: status | answered | answer | closed | returned | solved | satisfied | due | duplicate_of | void
    """

    report_key: str
    field: str
    value: str
    at: datetime | None
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Watch:
    """One report that names a danger to life (即时关注)."""

    report_key: str
    danger: str  # the kind of danger, Chinese: 燃气泄漏
    words: str  # the words that named it
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not become a report, and why (quarantine)."""

    file_name: str
    sheet: str
    row_number: int  # 1-based, as a person sees it in the file
    column: str
    reason: str  # Chinese, one sentence with the remedy
    cells: str  # the row as redacted JSON


@dataclass(frozen=True, slots=True)
class Issue:
    """One concrete shared problem (议题). Never re-numbered; a merged issue points to its survivor."""

    issue_id: int
    name: str
    born_on: date
    merged_into: int | None = None
    merged_on: date | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """A broad subject of the topic model (主题)."""

    theme_id: int
    version: str
    name: str
    words: tuple[str, ...]
    n_reports: int


@dataclass(frozen=True, slots=True)
class Factor:
    """One addend of the risk points, with what would lower it."""

    name: str  # Chinese
    points: float  # may be negative
    value: str  # what was observed, Chinese
    remedy: str = ""  # what would lower it, Chinese; "" when nothing the service does would


@dataclass(frozen=True, slots=True)
class Zone:
    """Where the voices of an alert gather, beyond the place's usual share of all grievances (热区)."""

    places: tuple[tuple[str, str], ...]  # adcode and town, "" where only the district is known; the hottest first
    observed: int  # distinct complainants in those places and the window, sensitive reports left out
    expected: float  # complainants expected there
    window_days: int
    score: float  # F of the scan, see detector/hot_spots.py


@dataclass(frozen=True, slots=True)
class Alert:
    """An issue crossing the line on a day (预警)."""

    day: date
    issue_id: int
    name: str
    level: Level
    stage: Stage
    evidence: float  # −log10 of the chance statement's tail, or log10 of recurrence_days for the main arm
    recurrence_days: float  # by chance, city-wide, not more often than once in so many days
    arm: str  # esr | scan | theme: expected, observed and the window are those of the theme in one area
    risk_points: float
    risk: float | None  # probability, None until calibrated
    n_reports: int  # in the last 120 days
    n_complainants: int  # distinct, in the last 120 days
    expected: float  # complainants expected by the baseline in the window
    observed: int  # distinct complainants seen in the window
    window_days: int
    first_on: date  # the first report of the issue in the last 120 days
    areas: tuple[str, ...]  # adcodes
    towns: tuple[str, ...]
    sources: tuple[Source, ...]
    words: tuple[str, ...]  # the words that made the reports one issue
    reasons: tuple[str, ...]  # Chinese sentences
    quotes: tuple[str, ...]  # redacted, ≤ 40 characters each, never from restricted reports
    report_keys: tuple[str, ...]
    owner: str  # proposed unit, 待定 when unknown
    due_at: datetime
    theme_id: int | None = None
    factors: tuple[Factor, ...] = ()
    zone: Zone | None = None  # None where nothing gathers at a known place


@dataclass(frozen=True, slots=True)
class Handling:
    """One step of the closed loop (处置): found, reported, owned, handled, verified (五有)."""

    issue_id: int
    step: str  # found | reported | owned | handled | verified | reopened
    at: datetime
    role: str
    note: str = ""
    unit: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """What was computed for one day (批次)."""

    day: date
    started_at: datetime
    finished_at: datetime
    n_reports: int
    n_quarantined: int
    n_new_issues: int
    n_alerts: int
    n_updates: int
    settings_hash: str
    theme_version: str = ""
    city_expected: float = 0.0  # reports expected from weekday and holiday, for the denominators
    notes: tuple[str, ...] = field(default=())
