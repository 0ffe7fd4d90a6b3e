"""Corrections (更正): who said that issues are one, or are not, or that a report belongs elsewhere; and what follows.

Where a report belongs follows from three things: the issue it was linked to when it came, the last split or move in
force that names it, and the merges in force. So any correction can be taken back, in any order, and what is left is as
if it had never been. Knows numbers and keys only: no text, no day's counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

ENGINE = "engine"  # who did it, where no person did


class CorrectionKind(StrEnum):
    """What a correction does."""

    MERGE = "merge"  # one issue into another; the older number survives
    SPLIT = "split"  # some reports leave an issue and become a new one
    MOVE = "move"  # some reports leave an issue for another
    UNDO = "undo"  # takes an earlier one back


CORRECTION_NAMES = {
    CorrectionKind.MERGE: "合并", CorrectionKind.SPLIT: "拆分", CorrectionKind.MOVE: "移动",
    CorrectionKind.UNDO: "撤销",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction as it was recorded. An undo repeats the issues and reports of what it takes back."""

    number: int
    kind: CorrectionKind
    issue: int  # absorbed by a merge; left by the reports of a split or a move
    other: int | None  # survivor of a merge; where reports go; None while a split has no number yet
    report_keys: tuple[str, ...]  # of a split or a move
    by: str  # role or account as given, or ENGINE
    reason: str  # redacted
    at: datetime
    undoes: int | None = None
    undone: CorrectionKind | None = None  # what kind of correction it takes back
    in_force_on: date | None = None  # the first day that sees it; None while it waits, or was withdrawn


def in_words(said: Correction) -> str:
    """What a correction does, in Chinese: 合并：议题 7 并入议题 3."""
    name = CORRECTION_NAMES[said.kind]
    if said.kind is CorrectionKind.UNDO:
        return f"{name}第 {said.undoes} 号"
    if said.kind is CorrectionKind.MERGE:
        return f"{name}：议题 {said.issue} 并入议题 {said.other}"
    goes = f"议题 {said.other}" if said.other else "新议题"
    return f"{name}：议题 {said.issue} 的 {len(said.report_keys)} 条诉求到{goes}"


@dataclass
class Standing:
    """What the corrections in force come to."""

    merged: dict[int, int] = field(default_factory=dict)  # by absorbed issue the one it went into
    put: dict[str, dict[int, int]] = field(default_factory=dict)  # by report and correction: the issue it was put in
    apart: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # by correction: issues not to merge again
    closed: dict[int, int] = field(default_factory=dict)  # by issue of a split that was taken back, the one it left

    def survivor(self, issue: int) -> int:
        """The issue that an absorbed one lives on in; a merge always goes to an older number, so this ends."""
        while issue in self.merged:
            issue = self.merged[issue]
        return issue

    def place(self, report_key: str, home: int) -> int:
        """The issue of a report that was linked to `home` when it came."""
        puts = self.put.get(report_key)
        return self.survivor(puts[max(puts)] if puts else home)

    def pairs_apart(self) -> set[tuple[int, int]]:
        """Pairs of live issues that people have put apart: the engine never merges them, people may."""
        return {(self.survivor(one), self.survivor(other)) for pairs in self.apart.values() for one, other in pairs}

    def learn(self, said: Correction) -> None:
        """Let a correction be in force; its numbers are those of live issues, and a split has its new one."""
        if said.other is None:
            raise ValueError(f"correction {said.number} has no second issue; got None; expected its number")
        if said.kind is CorrectionKind.MERGE:
            self.merged[said.issue] = said.other
        elif said.kind is CorrectionKind.UNDO:
            self._take_back(said, said.other)
        else:
            if said.kind is CorrectionKind.SPLIT:
                self._keep_apart(said.other, self.survivor(said.issue), since=0)
            self.apart[said.number] = [(said.issue, said.other)]
            for key in said.report_keys:
                self.put.setdefault(key, {})[said.number] = said.other

    def _take_back(self, said: Correction, other: int) -> None:
        undoes = said.undoes or 0
        if said.undone is CorrectionKind.MERGE:
            self._keep_apart(said.issue, self.survivor(other), since=undoes)
            del self.merged[said.issue]
            self.apart[said.number] = [(said.issue, other)]
            if said.issue in self.closed:
                self.merged[said.issue] = self.closed[said.issue]
            return
        self.apart.pop(undoes)
        for key in said.report_keys:
            del self.put[key][undoes]
        if said.undone is CorrectionKind.SPLIT:
            self.closed[other] = said.issue
            self.merged.setdefault(other, said.issue)

    def _keep_apart(self, part: int, whole: int, *, since: int) -> None:
        """Keep a part from all that its whole was put apart from by corrections later than `since`."""
        for number, pairs in self.apart.items():
            if number > since:
                sides = [pair for one, other in pairs for pair in ((one, other), (other, one))]
                pairs += [(part, far) for near, far in sides if self.survivor(near) == whole != self.survivor(far)]

    def learn_waiting(self, waiting: Iterable[Correction]) -> None:
        """Let corrections be in force that wait for the next day; new issues have no number yet: −1, −2, …"""
        for said in waiting:
            self.learn(replace(said, other=-said.number) if said.other is None else said)
