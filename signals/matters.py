"""City-wide matters: one trouble heard from many places at once, which no issue of one place can show.

Beside its issue every report has a matter: linked by what it says apart from where. Matters are watched with a share of
the budget. One that rises without any issue holding most of it is city-wide: the issues it is scattered over become
one, and those who report it later join that issue.
"""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from signals.detector.baseline import Priors
from signals.detector.window_scan import LARGEST, scan
from signals.history import Floats, history
from signals.linking.linker import Linked, link
from signals.linking.merging import Apart, Merge
from signals.linking.vectors import Vectors
from signals.memory import GRADES, NOBODY, Memory
from signals.records import Kind
from signals.series import MATTERS_SHARE, Beside, Crossing, are_matters_watched, expected_of, scan_crossing
from signals.settings import Settings
from signals.suppression import WATCHED_DAYS

RISING_DAYS = 42  # over which the places of a rise are looked at, and within which later reports still join
MOST = 0.5  # of the voices of a matter in one issue: then it is that issue's affair


@dataclass(frozen=True, slots=True)
class Rise:
    """A matter over the line today, and what became of it."""

    matter: int
    crossing: Crossing  # of the issue that it became
    merges: tuple[Merge, ...]  # of the issues it was scattered over


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest matter of some rows among those that are rising city-wide."""

    issues: NDArray[np.int64]  # (n,) what it became, 0 where none is near enough
    similarities: Floats  # (n,) mean, to its members


def link_matters(memory: Memory, rows: NDArray[np.int64], settings: Settings) -> Near:
    """Give new rows their matters; which of them are near one that has risen is asked before."""
    vectors = memory.matter_vectors(rows)
    near = _near_raised(memory, rows, vectors, settings)
    rule = settings.linking.model_copy(update={"join_similarity": settings.linking.matter_similarity})
    linked = link(vectors, memory.matter_sums, next_issue=memory.next_matter, rule=rule)
    memory.matter[rows], memory.next_matter = linked.issues, linked.next_issue
    for row, matter in zip(rows.tolist(), linked.issues.tolist(), strict=True):
        memory.matter_members.setdefault(matter, array("q")).append(row)
    voting = ~memory.void[rows]
    memory.matter_sums.add(vectors.rows(np.flatnonzero(voting)), linked.issues[voting])
    return near


def _near_raised(memory: Memory, rows: NDArray[np.int64], vectors: Vectors, settings: Settings) -> Near:
    """Which new rows are near a matter that is rising city-wide.

    Of a trouble that is known to be all over the city another way of telling it is likelier than it was before:
    rule.raised_similarity to the matter's members is enough.
    """
    sums, rising = memory.matter_sums, list[tuple[int, int]]()
    for matter in memory.raised if len(rows) else ():
        issue = _risen(memory, matter)
        if issue and matter in sums.ids and _is_rising(memory, issue, int(rows[0])):
            rising.append((int(np.searchsorted(sums.ids, matter)), issue))
    if not rising:
        return Near(np.zeros(len(rows), np.int64), np.zeros(len(rows)))
    slots, issues = np.array(sorted(rising), np.int64).T
    totals = vectors.text.astype(np.float64) @ sums.sums(slots).text().T.astype(np.float64)
    means = totals.toarray() / np.maximum(sums.sizes[slots], 1.0)
    best = means.argmax(axis=1)
    nearest = means[np.arange(len(rows)), best]
    return Near(np.where(nearest >= settings.linking.raised_similarity, issues[best], 0), nearest)


def join_raised(memory: Memory, linked: Linked, near: Near) -> Linked:
    """Where a report founds an issue, or joins one loosely, and is near a city-wide matter, it joins that instead.

    Not where people have put the issue that it joins apart from that matter's.
    """
    apart = Apart(memory.standing.pairs_apart())
    issues, similarities, alike = linked.issues.copy(), linked.similarities.copy(), dict(linked.alike)
    for i in np.flatnonzero((linked.similarities < GRADES[1]) & (near.issues > 0)).tolist():
        newborn = int(linked.issues[i])
        if int(near.issues[i]) in apart.of(newborn):
            continue
        if newborn in alike and linked.similarities[i] == 0.0:  # those who joined it today come along
            alike.pop(newborn)
            issues[linked.issues == newborn] = near.issues[i]
        issues[i] = near.issues[i]
        similarities[i] = near.similarities[i]
    return replace(linked, issues=issues, similarities=similarities, alike=alike)


def count_matter_voices(memory: Memory, first_row: int, copies: Sequence[str], *, voice_days: int) -> None:
    """Set matter_voice and matter_first of new rows: once a person and matter in voice_days.

    A voice of its issue, or an enquiry, which makes no grievance but may raise a city-wide matter. copies: of each new
    row what it repeats, '' where nothing; an enquiry that repeats another is nobody new.
    """
    for row, copy_of in enumerate(copies, start=first_row):
        earlier = np.array(memory.matter_members[int(memory.matter[row])], np.int64)
        earlier = earlier[: np.searchsorted(earlier, row)]
        person = memory.complainant[row]
        recent = earlier[memory.day[earlier] > memory.day[row] - voice_days]
        mine = recent[memory.complainant[recent] == person] if person != NOBODY else recent[:0]
        again = any(memory.grievance[before] or _asks(memory, before) for before in mine[~memory.void[mine]].tolist())
        asks = _asks(memory, row) and not memory.void[row] and not copy_of
        memory.matter_voice[row] = (memory.is_voice[row] or asks) and not again
        memory.matter_first[row] = memory.matter_voice[row] and not memory.matter_voice[earlier].any()


def _asks(memory: Memory, row: int) -> bool:
    return memory.reports[row].kind is Kind.ENQUIRY


def rises(memory: Memory, day: date, exposure_today: Floats, budget: float, settings: Settings) -> list[Rise]:
    """The matters that rise city-wide today, their issues joined in the memory.

    exposure_today: (n_sources,); budget: false alerts today of everything watched, of which matters have MATTERS_SHARE.
    The past alone sets the bar; matters that are an issue's affair, or city-wide already, cost nothing.
    """
    rule, today = settings.detector, day.toordinal()
    if not are_matters_watched(memory, rule):
        return []
    voiced = np.flatnonzero(memory.matter_voice & ~memory.void & (memory.day < today))
    live = np.unique(memory.matter[voiced[memory.day[voiced] >= today - rule.live_days]])
    rows = voiced[np.isin(memory.matter[voiced], live)]
    series, n = np.searchsorted(live, memory.matter[rows]), len(live)
    known = history(memory, day, exposure_today, rule, rows=rows, series=series, n=n,
                    is_first=memory.matter_first[rows])  # fmt: skip
    prior = Priors(np.full(n, memory.matter_prior.a0), np.full(n, memory.matter_prior.b0))
    expected, _ = expected_of(known, prior, known.past + 1)
    settled = np.array([matter in memory.raised for matter in live.tolist()], bool)
    settled |= _of_one_issue(memory, rows, series, n, today)
    hidden = np.repeat(settled[:, None], LARGEST, axis=1)
    seen = Beside(expected, known.window_voices, known.window_exposure, hidden, np.zeros(n, np.int64))
    bar = scan(seen.baseline, seen.window_voices, seen.window_exposure, seen.hidden, budget=budget * MATTERS_SHARE,
               inflation=known.inflation)  # fmt: skip

    voices = np.flatnonzero(memory.matter_voice & ~memory.void & (memory.day == today) & ~memory.matter_first)
    found = []
    for matter, y in sorted(Counter(memory.matter[voices].tolist()).items()):
        k = int(np.searchsorted(live, matter))
        if k == n or live[k] != matter or settled[k] or bar.surprise(k, y) < bar.bar:
            continue
        if rise := _gather(memory, matter, scan_crossing(0, y, seen, k, bar, k), today, settings):
            found.append(rise)
    return found


def with_rises(crossings: Sequence[Crossing], risen: Sequence[Rise]) -> list[Crossing]:
    """The crossings of issues and of the matters that became issues: one an issue, the most surprising."""
    survivor_of = {step.absorbed: step.survivor for rise in risen for step in rise.merges}
    best: dict[int, Crossing] = {}
    for crossing in (*(rise.crossing for rise in risen), *crossings):
        issue = survivor_of.get(crossing.issue_id, crossing.issue_id)
        if issue not in best or (not best[issue].n_gathered and crossing.recurrence_days > best[issue].recurrence_days):
            best[issue] = replace(crossing, issue_id=issue)
    return list(best.values())


def _gather(memory: Memory, matter: int, crossing: Crossing, today: int, settings: Settings) -> Rise | None:
    """Make one issue of those that the matter is scattered over; None where one issue holds most of it."""
    rows = np.array(memory.matter_members[matter], np.int64)
    voices = rows[memory.matter_voice[rows] & ~memory.void[rows] & (memory.day[rows] > today - RISING_DAYS)]
    if Counter(memory.issue[voices].tolist()).most_common(1)[0][1] >= MOST * len(voices):
        return None
    mostly = []
    for issue in np.unique(memory.issue[rows[memory.day[rows] > today - WATCHED_DAYS]]).tolist():
        own = memory.rows_of(issue)
        own = own[memory.day[own] > today - WATCHED_DAYS]
        if len(own) and (memory.matter[own] == matter).mean() >= MOST:
            mostly.append(issue)
    mostly = _not_apart(memory, mostly)
    if len(mostly) < 2:
        return None
    merges = tuple(Merge(issue, mostly[0], settings.linking.matter_similarity) for issue in mostly[1:])
    memory.apply(merges)
    memory.raised[matter] = tuple(mostly)
    return Rise(matter, replace(crossing, issue_id=mostly[0], n_gathered=len(mostly)), merges)


def _not_apart(memory: Memory, issues: list[int]) -> list[int]:
    """The first issue and those that people have put apart from none taken before them."""
    apart, taken = Apart(memory.standing.pairs_apart()), list[int]()
    for issue in issues:
        if apart.of(issue).isdisjoint(taken):
            taken.append(issue)
    return taken


def _risen(memory: Memory, matter: int) -> int | None:
    """The issue that a matter became when it rose; None where it has not, or people have taken all of that back."""
    issues = [memory.standing.survivor(issue) for issue in memory.raised.get(matter, ())]
    return issues[0] if issues and issues[0] in issues[1:] else None


def _of_one_issue(
    memory: Memory, rows: NDArray[np.int64], series: NDArray[np.int64], n: int, today: int
) -> NDArray[np.bool_]:
    """Which matters have most of their voices of the last weeks in one issue, shape (n,)."""
    recent = memory.day[rows] > today - RISING_DAYS
    pairs, counts = np.unique(np.stack([series[recent], memory.issue[rows[recent]]]), axis=1, return_counts=True)
    most = np.zeros(n, np.int64)
    np.maximum.at(most, pairs[0], counts)
    total = np.bincount(series[recent], minlength=n)
    return (total > 1) & (most > MOST * total)


def _is_rising(memory: Memory, issue: int, row: int) -> bool:
    rows = memory.rows_of(issue)
    return bool(len(rows) and memory.day[rows[-1]] > memory.day[row] - RISING_DAYS)
