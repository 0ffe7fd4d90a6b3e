"""One day, from what arrived to what is shown: link, count, expect, detect, describe, alert.

A function of the memory and the day's input only: no clock, no file, no chance. Nothing known later can enter.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from signals.alerts import IssueDay, describe, most_central, people_of_one_text, raise_alert
from signals.arriving import append_reports, read_off
from signals.clock import end_of
from signals.correcting import Corrected, carry_out
from signals.corrections import Correction
from signals.counting import Counted
from signals.exposure import burst, day_exposure
from signals.judging import judge
from signals.likelihood import Likelihood
from signals.linking.linker import LIKE_FOUNDER, Linked, link
from signals.linking.merging import Merge, merge
from signals.linking.vectors import Vectors, agreement, dots, latent_products
from signals.matters import count_matter_voices, join_raised, link_matters, rises, with_rises
from signals.memory import SOURCES, Arrival, Memory
from signals.nodes import expect_nodes, node_crossings, watched_nodes
from signals.priors import refit_matter_prior, refit_paces, refit_priors
from signals.progress import facts_of
from signals.records import Alert, Update
from signals.refreshing import refresh
from signals.seasons import with_seasons
from signals.series import Crossing, Seen, detect, expect
from signals.settings import LinkingSettings, Settings
from signals.stages import FADING_DAYS
from signals.suppression import WATCHED_DAYS
from signals.theme_nodes import THEMES_SHARE, theme_crossings, watched_themes
from signals.together import risen_together
from signals.voices import count_voices
from signals.zones import find_zones

MONDAY, SUNDAY = 0, 6
SEVERAL = 3  # reports of an issue from which its state is kept up to date while it is quiet
MERGED_EVERY_DAYS = 7
COMPARED_AT_ONCE = 20_000  # reports of the past, with newborn issues, so that memory stays bounded


@dataclass(frozen=True, slots=True)
class DayInput:
    """All that became known inside one local day, in a defined order (known, received, key)."""

    day: date
    arrivals: Sequence[Arrival]
    updates: Sequence[Update]
    theme_of: Mapping[str, int] = field(default_factory=dict)  # themes of the arrivals, by key; absent = none
    theme_version: str = ""  # from today on, where past_themes are given
    past_themes: Mapping[str, int] | None = None  # themes of the past by that version, by key
    counted: Counted | None = None  # read off the texts of the arrivals ahead, where it was
    corrections: Sequence[Correction] = ()  # that wait for this day, in the order recorded
    likelihood: Likelihood | None = None  # of escalating, fitted on what was known before the day; None = points alone
    realized: float = 0.0  # realized ÷ budget of the last year-wide shuffle of days before; 0 where there is none


@dataclass(frozen=True, slots=True)
class DayResult:
    """All that a day adds; arrays follow the day's arrivals."""

    day: date
    keys: tuple[str, ...]
    issues: NDArray[np.int64]
    similarities: NDArray[np.float64]
    is_voice: NDArray[np.bool_]
    is_first: NDArray[np.bool_]
    copies: tuple[str, ...]
    born: tuple[int, ...]  # new issue ids
    merges: tuple[Merge, ...]  # in force from tomorrow
    alerts: tuple[Alert, ...]
    updates: tuple[Alert, ...]  # crossings between two alerts of an issue, and what returns every year
    states: tuple[IssueDay, ...]
    seen: tuple[Seen, ...]
    scan_bar: float
    budget: float  # false alerts a day, promised
    totals: NDArray[np.float64]  # by SOURCES
    expected_totals: NDArray[np.float64]
    exposure: NDArray[np.float64]
    matters: NDArray[np.int64]
    matter_voice: NDArray[np.bool_]
    matter_first: NDArray[np.bool_]
    raised: tuple[tuple[int, tuple[int, ...]], ...]  # matters that became city-wide: the issues made one, oldest first
    corrected: Corrected  # before anything else of the day


def work_day(memory: Memory, given: DayInput, settings: Settings, area_names: dict[str, str]) -> DayResult:
    """Advance the memory by one day and return what the day adds."""
    day, first_row = given.day, memory.n
    corrected = carry_out(memory, given.corrections, day, settings.detector)
    learn_facts(memory, given.updates)
    is_first_day = memory.refreshed_on is None
    append_reports(memory, day, given.arrivals, settings, read_off(memory, given.arrivals, given.counted, settings))
    if given.past_themes is not None:
        memory.set_themes(given.theme_version, given.past_themes)
    for key, theme in given.theme_of.items():
        memory.give_theme(memory.row_of[key], theme)
    if is_refreshed := memory.is_refresh_due(day):
        refresh(memory, day, settings.linking)
    if (is_refreshed or day.weekday() == MONDAY) and not is_first_day:
        memory.priors, memory.paces = refit_priors(memory, day), refit_paces(memory, day)
        memory.matter_prior = refit_matter_prior(memory, day)
    linked = _link(memory, first_row, settings)
    born = tuple(linked.alike)
    new = slice(first_row, memory.n)
    voice_days = settings.detector.voice_days
    copies = count_voices(memory, first_row, voice_days=voice_days,
                          near_copy_similarity=settings.detector.near_copy_similarity)  # fmt: skip
    count_matter_voices(memory, first_row, copies, voice_days=voice_days)

    totals, of_burst = _totals(memory, first_row)
    exposure = day_exposure(memory.totals, memory.days, totals - of_burst, day)
    nodes = watched_nodes(memory, day, settings.detector)
    by_area = expect_nodes(memory, day, nodes, exposure.relative, settings.detector)
    themes = watched_themes(memory, day, exposure.relative, settings.detector)
    aside = THEMES_SHARE if len(themes.nodes.keys) else 0.0
    expectation = expect(memory, day, exposure.relative, settings.detector, beside=by_area, set_aside=aside,
                         realized=given.realized)  # fmt: skip
    crossings, seen = detect(memory, day, expectation)
    crossings += node_crossings(memory, day, nodes, by_area, expectation)
    crossings += theme_crossings(memory, day, themes, expectation.budget, settings.detector)
    _count_back(memory, linked, first_row, settings)
    risen = rises(memory, day, exposure.relative, expectation.budget, settings)
    crossings = with_seasons(memory, day, with_rises(crossings, risen), settings)

    n_live = len(expectation.issues)
    mu = dict(zip(expectation.issues.tolist(), expectation.baseline.mu[:n_live].tolist(), strict=True))

    touched = {*linked.issues.tolist(), *corrected.issues, *(crossing.issue_id for crossing in crossings)}
    if day.weekday() == MONDAY:
        touched |= _aged(memory, day) | _merged(memory, day) | _fell_due(memory, day)
    central = most_central(memory, touched, day)

    def state(issue: int, recurrence_days: float) -> IssueDay:
        return describe(memory, issue, day, settings, theme_id=_theme(memory, issue), expected_day=mu.get(issue, 0.0),
                        recurrence_days=recurrence_days, central=central.get(issue),
                        likelihood=given.likelihood)  # fmt: skip

    zone_of = find_zones(memory, day, crossings, exposure.relative, settings.detector)

    def alert(now: IssueDay, crossing: Crossing) -> Alert:
        return raise_alert(now, crossing, settings, area_names=area_names, zone=zone_of.get(now.issue_id),
                           n_same_text=people_of_one_text(memory, now.issue_id, day))  # fmt: skip

    alerts, updates, states = judge(memory, day, crossings, seen, touched, state, alert, settings)
    memory.days.append(day)
    memory.totals = np.vstack([memory.totals, totals])
    memory.exposures = np.vstack([memory.exposures, exposure.relative])
    merges = tuple(step for rise in risen for step in rise.merges)
    merges += _merge(memory, day, settings)
    return DayResult(
        day, tuple(a.report.key for a in given.arrivals), linked.issues, linked.similarities,
        memory.is_voice[new].copy(), memory.is_first[new].copy(), tuple(copies), born, merges, alerts, updates, states,
        tuple(seen), expectation.scan.bar, expectation.promised, totals, exposure.expected, exposure.relative,
        memory.matter[new].copy(), memory.matter_voice[new].copy(), memory.matter_first[new].copy(),
        tuple((rise.matter, memory.raised[rise.matter]) for rise in risen), corrected,
    )  # fmt: skip


def learn_facts(memory: Memory, updates: Sequence[Update]) -> None:
    """Let the memory know the facts of a day; a report that became void votes no longer."""
    rows = [memory.row_of.get(update.report_key, -1) for update in updates]
    known = [(row, update) for row, update in zip(rows, updates, strict=True) if row >= 0]
    memory.learn(facts_of([row for row, _ in known], [update for _, update in known]))
    for row, update in zip(rows, updates, strict=True):
        if row < 0:
            memory.facts.setdefault(update.report_key, []).append(update)
        elif update.field == "void" and not memory.void[row]:
            memory.void[row] = True
            if memory.day[row] > memory.voting_after:
                memory.sums.add(memory.vectors(np.array([row])), memory.issue[[row]], sign=-1.0)
                if memory.matter[row]:
                    memory.matter_sums.add(memory.matter_vectors(np.array([row])), memory.matter[[row]], sign=-1.0)


def _link(memory: Memory, first_row: int, settings: Settings) -> Linked:
    rows = np.arange(first_row, memory.n)
    vectors = memory.vectors(rows)
    near = link_matters(memory, rows, settings)
    linked = link(vectors, memory.sums, next_issue=memory.next_issue, rule=settings.linking)
    linked = join_raised(memory, linked, near)
    memory.assign(rows, linked.issues)
    memory.similarity[rows] = linked.similarities
    memory.next_issue = linked.next_issue
    voting = ~memory.void[rows]
    memory.sums.add(vectors.rows(np.flatnonzero(voting)), linked.issues[voting])
    return linked


def _totals(memory: Memory, first_row: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Reports of problems today by source, and how many of them are its largest issue's burst."""
    rows = np.arange(first_row, memory.n)
    rows = rows[memory.grievance[rows] & ~memory.void[rows]]
    issues, place = np.unique(memory.issue[rows], return_inverse=True)
    counts = np.zeros((len(issues), len(SOURCES)), np.int64)
    np.add.at(counts, (place, memory.source[rows]), 1)
    return counts.sum(axis=0).astype(float), burst(counts)


def _count_back(memory: Memory, linked: Linked, first_row: int, settings: Settings) -> None:
    """For each newborn: reports of the past year like its founder, in the issues that it was compared with."""
    founder = {int(issue): first_row + i for i, issue in reversed(list(enumerate(linked.issues.tolist())))}
    newborn = list(linked.alike)
    oldest = memory.day[first_row] - settings.linking.memory_days if newborn else 0
    alike = [np.array([row for other in others.tolist() for row in memory.members[other]], np.int64)
             for others in linked.alike.values()]  # fmt: skip
    one = np.repeat(np.arange(len(newborn)), [len(rows) for rows in alike])
    other = np.concatenate([np.empty(0, np.int64), *alike])
    before = np.flatnonzero((other < first_row) & (memory.day[other] > oldest))
    order = before[np.argsort(other[before], kind="stable")]  # so that each report of the past is weighed once
    new = memory.vectors(np.array([founder[issue] for issue in newborn], np.int64))
    n_alike = np.zeros(len(newborn), np.int64)
    for some in np.array_split(order, len(order) // COMPARED_AT_ONCE + 1):
        n_alike += np.bincount(one[some][_are_alike(memory, new, one[some], other[some], settings.linking)],
                               minlength=len(newborn))  # fmt: skip
    memory.back_count |= {issue: n for issue, n in zip(newborn, n_alike.tolist(), strict=True) if n}


def _are_alike(
    memory: Memory, new: Vectors, one: NDArray[np.int64], other: NDArray[np.int64], rule: LinkingSettings
) -> NDArray[np.bool_]:
    """Which pairs of a newborn issue's founder and a row of the past are alike (LIKE_FOUNDER)."""
    past, other = np.unique(other, return_inverse=True)
    old, least = memory.vectors(past), LIKE_FOUNDER * rule.join_similarity
    texts = dots(new.text, one, old.text, other) + latent_products(new.latent[one], old.latent[other])
    near = np.flatnonzero(texts >= least)  # places can only make it less
    one, other, found = one[near], other[near], np.zeros(len(one), bool)
    elsewhere = [dots(a, one, b, other) for a, b in ((new.place, old.place), (new.town, old.town))]
    value = agreement(np.array([texts[near], *elsewhere]), new.known()[:, one] * old.known()[:, other], rule)
    found[near] = value >= least
    return found


def _theme(memory: Memory, issue: int) -> int | None:
    """The theme of most of its reports by the version in force; the lower number of equals."""
    found = Counter(memory.theme[memory.rows_of(issue)].tolist())
    del found[0]
    return min(found, key=lambda theme: (-found[theme], theme)) if found else None


def _aged(memory: Memory, day: date) -> set[int]:
    """Issues of several voices that have left a window of counting, or fallen quiet, since last Monday."""
    age = day.toordinal() - memory.day
    left = [(age >= days) & (age < days + 7) for days in (7, FADING_DAYS, 28, WATCHED_DAYS)]
    return _of_several(memory, np.any(left, axis=0))


def _fell_due(memory: Memory, day: date) -> set[int]:
    """Issues of several reports of which one passed its deadline since last Monday and is not dealt with."""
    rows, today, before = np.arange(memory.n), end_of(day).timestamp(), end_of(day - timedelta(days=7)).timestamp()
    is_open, late = np.isnan(memory.handled.done(rows)), memory.seconds_late(rows, today)
    return _of_several(memory, is_open & (late >= 0) & (late < today - before))


def _of_several(memory: Memory, is_one: NDArray[np.bool_]) -> set[int]:
    """Issues of SEVERAL reports or more that hold any of the rows, shape (n,)."""
    return {i for i in np.unique(memory.issue[is_one]).tolist() if len(memory.members[i]) >= SEVERAL}


def _merged(memory: Memory, day: date) -> set[int]:
    """Issues that took others up and were reported in the week: those of last night's merges are among them."""
    took_up = set(memory.issue[memory.home != memory.issue].tolist())
    return took_up & set(memory.issue[memory.day >= day.toordinal() - MERGED_EVERY_DAYS].tolist())


def _merge(memory: Memory, day: date, settings: Settings) -> tuple[Merge, ...]:
    """On Sundays among all issues with news, on other days among those that rose in the same days."""
    today = day.toordinal()
    together = risen_together(memory, day)
    live = changed = together
    if day.weekday() == SUNDAY:
        live = np.unique(memory.issue[memory.day > today - settings.linking.merge_days])
        changed = np.unique(memory.issue[memory.day > today - MERGED_EVERY_DAYS])
    if len(live) < 2:
        return ()
    apart = memory.standing.pairs_apart()
    merges = merge(memory.sums, live, changed=changed, rule=settings.linking, apart=apart, together=together)
    memory.apply(merges)
    return tuple(merges)
