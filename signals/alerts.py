"""From a crossing to an alert that explains itself, and the state of an issue at a day's end."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from signals.arriving import has_text
from signals.clock import day_of
from signals.detector.baseline import significant
from signals.levels import due_at, level_of, owner_of
from signals.likelihood import Likelihood
from signals.linking.naming import Called, best_name, shared_words
from signals.linking.vectors import HALF, centrality
from signals.memory import SOURCES, Memory
from signals.records import SOURCE_NAMES, Alert, Factor, Level, Report, Source, Stage, Zone
from signals.reports import Chosen
from signals.risk import risk_factors, risk_points
from signals.series import Crossing
from signals.settings import Settings
from signals.stages import LEVEL_DAYS, stage_of
from signals.suppression import LEAST_PEOPLE, WATCHED_DAYS
from signals.text.cleaning import plain
from signals.text.saying import WORDLESS, words_of
from signals.theme_nodes import ARM as THEME_ARM
from signals.zones import zone_sentence

QUOTE_CHARACTERS = 40
WORDED_REPORTS = 12  # most central reports whose shared words describe the issue
LEAST_CENTRAL = 3  # reports of an issue, of which one can be more central than another
NAMING_REPORTS = 6  # the most central of those, one of which names it
READ_REPORTS = 3  # the most central of those, which say the words
CLAUSE_CHARACTERS = 6
RECURRENCE_DIGITS = 9  # of recurrence_days, so that the last ones of a processor are in no alert
ERASED_NAME = "诉求内容已删除"  # of an issue of which no report has its text any more
SAME_TEXT = "相同文本"  # what alert and digest call a text that several people sent in
SEASONAL = "按季节性事项记为更新，不作预警"  # how an update says that the year before explains it
SHARED_WORDS = "这些诉求共同提到："  # how the reason begins that repeats what was said
_CLAUSE = re.compile(r"[^。!?！？;；，,\n]+")


@dataclass(frozen=True, slots=True)
class IssueDay:
    """What is known of a live issue at the end of a day (counts over the last 120 days)."""

    issue_id: int
    day: date
    name: str
    stage: Stage
    n_reports: int
    n_complainants: int
    n_complainants_7: int
    n_complainants_28: int
    first_on: date
    last_on: date
    areas: tuple[str, ...]
    towns: tuple[str, ...]
    sources: tuple[Source, ...]
    words: tuple[str, ...]
    theme_id: int | None
    expected_day: float
    recurrence_days: float
    points: float
    level: Level
    factors: tuple[Factor, ...]
    risk: float | None  # chance of escalating, None until calibrated and below LEAST_PEOPLE
    reports: Sequence[Report]  # in the order known
    quotable: Sequence[Report]  # of them those that may be quoted, the most central first

    @property
    def report_keys(self) -> tuple[str, ...]:
        """Of the reports, in the order known."""
        return tuple(report.key for report in self.reports)

    @property
    def quotes(self) -> tuple[str, ...]:
        """What the most central reports say, for an alert."""
        return quotes_from(self.quotable, self.words)


def describe(
    memory: Memory, issue_id: int, day: date, settings: Settings, *, theme_id: int | None = None,
    expected_day: float = 0.0, recurrence_days: float = 0.0, central: NDArray[np.int64] | None = None,
    likelihood: Likelihood | None = None,
) -> IssueDay:  # fmt: skip
    """The state of an issue at the end of `day`, from rows and facts known by then.

    central: its rows as `most_central` orders them, where they are known already.
    """
    today = day.toordinal()
    central = most_central(memory, [issue_id], day)[issue_id] if central is None else central
    rows = np.sort(central)
    called = _call(memory, issue_id, central)
    voiced = rows[memory.is_voice[rows]]
    n, n_7 = memory.distinct(rows), memory.distinct(rows[memory.day[rows] > today - 7])
    n_28 = memory.distinct(rows[memory.day[rows] > today - LEVEL_DAYS])
    factors = risk_factors(memory, rows, day)
    named = list(memory.places)
    places = [named[place] for place in np.unique(memory.place[rows]).tolist()]
    areas = tuple(sorted({area for area, _ in places} - {""}))
    level = level_of(
        in_danger=int(memory.danger[rows].sum()) >= 2,
        points=risk_points(factors),
        n_complainants=n,
        n_households=int(memory.group[rows].max(initial=0)),
        n_areas=len(areas),
        rule=settings.levels,
    )
    last = int(memory.day[voiced].max()) if len(voiced) else int(memory.day[rows].max())
    return IssueDay(
        issue_id, day, called.name,
        stage_of(n, n_28, today - last), len(rows), n, n_7, n_28,
        day_of(datetime.fromtimestamp(memory.received[rows].min(), UTC)), date.fromordinal(int(memory.day[rows].max())),
        areas, tuple(sorted({town for _, town in places} - {""})),
        tuple(SOURCES[i] for i in sorted(set(memory.source[rows].tolist()))),
        called.words, theme_id, expected_day, recurrence_days, risk_points(factors), level, factors,
        likelihood.of(factors) if likelihood and n >= LEAST_PEOPLE else None,
        Chosen(memory.reports, rows), Chosen(memory.reports, central[memory.quotable[central]]),
    )  # fmt: skip


def _call(memory: Memory, issue_id: int, central: NDArray[np.int64]) -> Called:
    """What an issue is called; the memory keeps it."""
    called = memory.called.get(issue_id)
    if called is None or not np.array_equal(called.rows, central):
        naming = central[memory.quotable[central]][:WORDED_REPORTS]
        told = memory.counts.columns(naming, HALF)
        places = memory.place_counts.columns(naming[:NAMING_REPORTS], HALF)
        said = [memory.reports.words(row) for row in naming[:NAMING_REPORTS].tolist()]
        words = shared_words(told, memory.vocabulary, [words_of(*each) for each in said[:READ_REPORTS]])
        name = best_name(said, told, places, memory.vocabulary, memory.idf) if said else _unnamed(memory, central)
        called = memory.called[issue_id] = Called(central, name, words)
    return called


def most_central(memory: Memory, issues: Iterable[int], day: date) -> dict[int, NDArray[np.int64]]:
    """Of each issue the rows of the last WATCHED_DAYS, those that agree most with all its others first.

    In issues of fewer than LEAST_CENTRAL rows none is more central than the other.
    """
    found, fresh = dict[int, NDArray[np.int64]](), dict[int, NDArray[np.int64]]()
    for issue in issues:
        rows, called = memory.rows_of(issue), memory.called.get(issue)
        rows = rows[memory.day[rows] > day.toordinal() - WATCHED_DAYS]
        if called and np.array_equal(np.sort(called.rows), rows):
            found[issue] = called.rows
        elif len(rows) < LEAST_CENTRAL:
            found[issue] = rows
        else:
            fresh[issue] = rows
    if not fresh:
        return found
    lengths = np.array([len(rows) for rows in fresh.values()], np.int64)
    owner = np.repeat(np.arange(len(fresh)), lengths)
    every = np.concatenate(list(fresh.values()))
    agreement = np.round(centrality(memory.text_vectors(every), owner), 5)
    ordered = every[np.lexsort((np.arange(len(every)), -agreement, owner))]
    return found | dict(zip(fresh, np.split(ordered, np.cumsum(lengths)[:-1]), strict=True))


def people_of_one_text(memory: Memory, issue_id: int, day: date) -> int:
    """How many people of an issue, over the last WATCHED_DAYS, sent in a text that another of them sent in too."""
    rows = memory.rows_of(issue_id)
    is_of = memory.is_voice[rows] & (memory.day[rows] > day.toordinal() - WATCHED_DAYS)
    worded = rows[is_of & (memory.text[rows] != WORDLESS)]
    _, which, times = np.unique(memory.text[worded], return_inverse=True, return_counts=True)
    return memory.distinct(worded[times[which] > 1])


def raise_alert(
    state: IssueDay, crossing: Crossing, settings: Settings, *, area_names: dict[str, str], zone: Zone | None = None,
    n_same_text: int = 0,
) -> Alert:  # fmt: skip
    """The alert of a crossing, with its reasons as Chinese sentences; n_same_text: see `people_of_one_text`."""
    return Alert(
        day=state.day, issue_id=state.issue_id, name=state.name, level=state.level, stage=state.stage,
        evidence=round(crossing.evidence, 4), arm=crossing.arm,
        recurrence_days=significant(crossing.recurrence_days, RECURRENCE_DIGITS),
        risk_points=state.points, risk=state.risk, n_reports=state.n_reports, n_complainants=state.n_complainants,
        expected=round(crossing.expected, 4), observed=crossing.observed, window_days=crossing.window_days,
        first_on=state.first_on, areas=state.areas, towns=state.towns, sources=state.sources, words=state.words,
        reasons=_reasons(state, crossing, area_names, zone, n_same_text), quotes=state.quotes,
        report_keys=state.report_keys,
        owner=owner_of(state.reports, settings.units), due_at=due_at(state.level, state.day, settings.levels),
        theme_id=state.theme_id, factors=state.factors, zone=zone,
    )  # fmt: skip


def quotes_from(reports: Sequence[Report], words: tuple[str, ...], *, n_quotes: int = 2) -> tuple[str, ...]:
    """The most telling words of the most central reports, one a report, at most 40 characters each."""
    quotes: list[str] = []
    for report in reports:
        quote = _excerpt(report.body or report.title, words)
        if quote and quote not in quotes:
            quotes.append(quote)
        if len(quotes) == n_quotes:
            break
    return tuple(quotes)


def _excerpt(text: str, words: tuple[str, ...]) -> str:
    """From the clause with most of the shared words on, as far as whole clauses fit: where, and then what."""
    clauses = [found for found in _CLAUSE.finditer(text) if len(found[0].strip()) >= CLAUSE_CHARACTERS]
    if not clauses:
        return ""
    first = max(clauses, key=lambda found: (_n_words(found[0], words), -abs(len(found[0]) - 24)))
    ends = [found.end() for found in clauses if first.end() <= found.end() <= first.start() + QUOTE_CHARACTERS]
    excerpt = " ".join(text[first.start() : ends[-1] if ends else None].split())
    return excerpt if len(excerpt) <= QUOTE_CHARACTERS else excerpt[: QUOTE_CHARACTERS - 1] + "…"


def _n_words(clause: str, words: tuple[str, ...]) -> int:
    text = plain(clause)
    return sum(word in text for word in words)


def _unnamed(memory: Memory, rows: NDArray[np.int64]) -> str:
    return "敏感诉求（内容不公开）" if any(has_text(memory.reports[row]) for row in rows.tolist()) else ERASED_NAME


def _reasons(
    state: IssueDay, crossing: Crossing, area_names: dict[str, str], zone: Zone | None, n_same_text: int
) -> tuple[str, ...]:
    sources = "、".join(SOURCE_NAMES[source] for source in state.sources)
    where = "、".join([area_names.get(area, area) for area in state.areas] + list(state.towns)) or "地点未写明"
    firmly = "（只计内容相近的）" if crossing.firmness > 0 else ""
    told = "反映或咨询" if crossing.n_gathered else "反映"
    area = area_names.get(crossing.area, crossing.area)
    among = f"仅在{area}就" if area else ""
    if crossing.arm == THEME_ARM:
        seen = f"近{crossing.window_days}天{area}有{crossing.observed}位不同诉求人反映同一主题，本议题新增的人最多"
    else:
        seen = f"近{crossing.window_days}天{among}有{crossing.observed}位不同诉求人{told}{firmly}"
    reasons = [
        f"{seen}，按以往水平约为{crossing.expected:.2f}位。",
        f"{state.first_on:%m月%d日}起共{state.n_reports}件诉求、{state.n_complainants}位诉求人，来自{sources}；涉及{where}。",
    ]
    if n_same_text:
        reasons.append(f"其中{n_same_text}位诉求人提交的是{SAME_TEXT}，可能是联名，逐人计数。")
    if zone:
        reasons.append(zone_sentence(zone, area_names) + "。")
    if crossing.n_gathered:
        reasons.append(f"同一事项从全市多处反映，由{crossing.n_gathered}个议题合并为一个。")
    if crossing.season_then:
        reasons.append(_season_sentence(crossing))
    if state.words:
        reasons.append(f"{SHARED_WORDS}{'、'.join(state.words)}。")
    top = sorted((f for f in state.factors if f.points > 0), key=lambda f: -f.points)[:2]
    if top:
        reasons.append("矛盾风险主要来自：" + "；".join(f"{f.name}（{f.value}）" for f in top) + "。")
    return tuple(reasons)


def _season_sentence(crossing: Crossing) -> str:
    days, now, then = crossing.window_days, crossing.season_now, crossing.season_then
    what = f"与之相似的诉求，全市近{days}天有{now}件，去年此时前后最多的{days}天有{then}件"
    return what + (f"，未明显多于往年，{SEASONAL}。" if crossing.is_seasonal else "，今年明显更多。")
