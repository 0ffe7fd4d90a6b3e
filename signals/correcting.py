"""Carrying out corrections, before anything else of a day: what was recorded since the last run is in force from here.

The past stays as it was counted. The sum of the detector's stakes stays what the budget's proof allows: issues that
become one add theirs (the engine's rule), and where issues part all of it stays with the one that gives, so that a new
or restored issue starts at zero and grows by its deposits alone. Both parts keep the last alert of the whole, so that
parting cannot raise what was raised already, and its back-count, so that neither baseline is too low.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from signals.corrections import Correction, CorrectionKind
from signals.memory import LastAlert, Memory
from signals.settings import DetectorSettings
from signals.voices import recount_voices


@dataclass(frozen=True, slots=True)
class Moved:
    """One report that has another issue from this day on."""

    report_key: str
    issue: int
    similarity: float  # to the issue it was linked to when it came


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """One correction in force, and what it did."""

    correction: Correction
    moved: tuple[Moved, ...]
    merged: tuple[tuple[int, int | None], ...]  # issues that went into another, or live again (None)
    last_alert: LastAlert | None  # that both parts keep


@dataclass(frozen=True, slots=True)
class Recounted:
    """How a report counts from this day on."""

    report_key: str
    is_voice: bool
    is_first: bool


@dataclass(frozen=True, slots=True)
class Corrected:
    """All that a day's corrections changed."""

    done: tuple[CarriedOut, ...] = ()
    dropped: tuple[int, ...] = ()  # corrections that had nothing left to correct
    recounted: tuple[Recounted, ...] = ()
    issues: frozenset[int] = frozenset()  # that lost or got reports


def carry_out(memory: Memory, waiting: Sequence[Correction], day: date, rule: DetectorSettings) -> Corrected:
    """Bring corrections in force in the order recorded, and count the voices of the issues they touch afresh.

    Stakes, last alerts and back-counts: see above. An undone merge gives the absorbed issue back, under its number, the
    reports it had at the merge, but for those that people have put elsewhere since; an undone split closes the new
    number, and all its reports go back.
    """
    if not waiting:
        return Corrected()
    done, dropped, issues = list[CarriedOut](), list[int](), set[int]()
    voice, first = memory.is_voice.copy(), memory.is_first.copy()
    for said in waiting:
        settled = _settled(memory, said, day)
        if settled is None:
            dropped.append(said.number)
            continue
        before = memory.issue.copy()
        done.append(_bring_in_force(memory, settled))
        changed = memory.issue != before
        issues |= {*before[changed].tolist(), *memory.issue[changed].tolist()}
    for issue in sorted(issues):
        recount_voices(memory, issue, voice_days=rule.voice_days, near_copy_similarity=rule.near_copy_similarity)
    rows = np.flatnonzero((memory.is_voice != voice) | (memory.is_first != first)).tolist()
    recounted = tuple(Recounted(memory.reports[row].key, bool(memory.is_voice[row]), bool(memory.is_first[row]))
                      for row in rows)  # fmt: skip
    return Corrected(tuple(done), tuple(dropped), recounted, frozenset(issues))


def _settled(memory: Memory, said: Correction, day: date) -> Correction | None:
    """A correction with the numbers of today; None for a merge of what has become one meanwhile."""
    said = replace(said, in_force_on=day)
    if said.kind is CorrectionKind.SPLIT:
        memory.next_issue += 1
        return replace(said, other=memory.next_issue - 1)
    if said.kind is CorrectionKind.MERGE:
        survivor, absorbed = sorted(memory.standing.survivor(issue) for issue in (said.issue, said.other or 0))
        return replace(said, issue=absorbed, other=survivor) if survivor != absorbed else None
    return said


def _bring_in_force(memory: Memory, said: Correction) -> CarriedOut:
    standing, other = memory.standing, said.other or 0
    was, named = dict(standing.merged), [memory.row_of[key] for key in said.report_keys]
    giving = standing.survivor(other if said.kind is CorrectionKind.UNDO else said.issue)
    touched = {standing.survivor(said.issue), standing.survivor(other)}
    standing.learn(said)
    merged = {issue: into for issue, into in standing.merged.items() if was.get(issue) != into}
    reborn = [issue for issue in was if issue not in standing.merged]
    before = memory.issue.copy()
    if said.undone is CorrectionKind.SPLIT:
        memory.back_count.pop(other, None)  # the whole has it still
    for issue, into in merged.items():
        memory.join(issue, standing.survivor(into))
        memory.join_states({issue: standing.survivor(into)})
    _put_in_place(memory, _rows_of(memory, touched, named))
    parts = [*reborn, *([other] if said.kind is CorrectionKind.SPLIT else [])]
    last = _inherit(memory, standing.survivor(giving), parts)
    moved = tuple(
        Moved(memory.reports[row].key, int(memory.issue[row]), float(memory.similarity[row]))
        for row in np.flatnonzero(memory.issue != before).tolist()
    )
    return CarriedOut(said, moved, (*merged.items(), *((issue, None) for issue in reborn)), last)


def _rows_of(memory: Memory, issues: Iterable[int], named: Sequence[int]) -> list[int]:
    """Rows that a correction of the issues may move, ascending."""
    return sorted({*named, *(row for issue in issues for row in memory.members.get(issue, ()))})


def _put_in_place(memory: Memory, rows: Sequence[int]) -> None:
    """Give rows to the issue that the corrections in force say."""
    places = np.array(
        [memory.standing.place(memory.reports[row].key, int(memory.home[row])) for row in rows], np.int64
    )
    index: NDArray[np.int64] = np.array(rows, np.int64)
    wrong = places != memory.issue[index]
    for issue in np.unique(places[wrong]).tolist():
        memory.give(index[wrong & (places == issue)], issue)


def _inherit(memory: Memory, whole: int, parts: Sequence[int]) -> LastAlert | None:
    """Let parts have the back-count and the last alert of what they were part of."""
    last = memory.last_alert.get(whole) if parts else None
    for part in parts:
        if back := memory.back_count.get(whole):
            memory.back_count[part] = back
        if last:
            memory.last_alert[part] = last
    return last
