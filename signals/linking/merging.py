"""The weekly merge: issues whose members are on average similar enough become one, the older number survives."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.linking.sums import IssueSums, Slots
from signals.linking.vectors import Entries, agreement
from signals.settings import LinkingSettings

NAMED_AT_ONCE = 1000  # issues, so that memory stays bounded


@dataclass(frozen=True, slots=True)
class Merge:
    """One merge: all members of `absorbed` belong to `survivor` from tomorrow on."""

    absorbed: int
    survivor: int
    similarity: float


class Apart:
    """Pairs of numbers that must not become one; those that do share what each is apart from."""

    def __init__(self, pairs: Iterable[tuple[int, int]] = ()) -> None:
        """pairs: one of equal numbers says nothing: people have joined what was apart."""
        self._others: dict[int, set[int]] = {}
        for one, other in pairs:
            if one != other:
                self._others.setdefault(one, set()).add(other)
                self._others.setdefault(other, set()).add(one)

    def of(self, number: int) -> set[int]:
        """What a number is apart from."""
        return self._others.get(number, set())

    def join(self, absorbed: int, survivor: int) -> None:
        """Let one number stand for both."""
        for other in self._others.pop(absorbed, ()):
            self._others[other].remove(absorbed)
            self._others[other].add(survivor)
            self._others.setdefault(survivor, set()).add(other)


def merge(
    sums: IssueSums, issues: NDArray[np.int64], *, changed: NDArray[np.int64], rule: LinkingSettings,
    apart: Iterable[tuple[int, int]] = (), together: NDArray[np.int64] | None = None,
) -> list[Merge]:  # fmt: skip
    """Agglomerative average linkage among the issues given, best pair first, until none reaches the threshold.

    Only pairs with one of the `changed` issues are looked at: the others were, when they last changed. The mean over
    all pairs of members of two issues is the dot product of their sums over the product of their sizes; text and place
    make one similarity as in linking. `sums` are joined on the way. apart: pairs of issues that stay apart, and with
    them whatever they merge with. together: issues that rose in the same days; rule.together_similarity is enough
    between two of them.
    """
    rose = np.isin(sums.ids, together if together is not None else np.empty(0, np.int64))
    slot_of = {issue: slot for slot, issue in enumerate(sums.ids.tolist())}
    kept = Apart((slot_of[a], slot_of[b]) for a, b in apart if a in slot_of and b in slot_of)
    may_merge = np.isin(sums.ids, issues) & (sums.sizes > 0)
    version = np.zeros(len(sums.ids), np.int64)
    start = np.flatnonzero(may_merge & np.isin(sums.ids, changed))
    near, found = dict[int, set[int]](), dict[tuple[int, int], float]()
    for slot, own, named in _named(sums, start):
        near[slot] = set(named.tolist())
        named_there = near[slot] - kept.of(slot)
        found |= {pair: value for value, pair in _pairs(sums, slot, own, named_there, may_merge, rose, rule)}
    others = np.array(sorted({slot for pair in found for slot in pair} - near.keys()), np.int64)
    near |= {slot: set(named.tolist()) for slot, _, named in _named(sums, others)}
    heap = [(-value, a, b, 0, 0) for (a, b), value in found.items()]
    heapq.heapify(heap)
    merges: list[Merge] = []
    while heap:
        negative, a, b, seen_a, seen_b = heapq.heappop(heap)
        if not (may_merge[a] and may_merge[b]) or version[a] != seen_a or version[b] != seen_b:
            continue
        merges.append(Merge(int(sums.ids[b]), int(sums.ids[a]), -negative))
        unknown = np.array([slot for slot in (a, b) if slot not in near], np.int64)
        near |= {slot: set(named.tolist()) for slot, _, named in _named(sums, unknown)}
        near[a] |= near.pop(b)
        sums.absorb(b, a)
        kept.join(b, a)
        may_merge[b] = False
        version[a] += 1
        own = sums.sums(np.array([a])).entries(0)
        rose[a] &= rose[b]
        for value, (first, second) in _pairs(sums, a, own, near[a] - kept.of(a), may_merge, rose, rule):
            heapq.heappush(heap, (-value, first, second, int(version[first]), int(version[second])))
    return merges


def _named(sums: IssueSums, slots: Slots) -> Iterator[tuple[int, Entries, Slots]]:
    """For each slot its sum and those that the index names."""
    for some in np.array_split(slots, -(-len(slots) // NAMED_AT_ONCE)) if len(slots) else ():
        own = sums.sums(some)
        for i, named in enumerate(sums.candidates(own)):
            yield int(some[i]), own.entries(i), named


def _pairs(
    sums: IssueSums, slot: int, own: Entries, named: set[int], may_merge: NDArray[np.bool_], rose: NDArray[np.bool_],
    rule: LinkingSettings,
) -> list[tuple[float, tuple[int, int]]]:  # fmt: skip
    """Pairs of a slot with those named for it, where similar enough: similarity, (older slot, younger slot).

    own: the sum of the slot.
    """
    others = np.array(sorted(other for other in named if other != slot and may_merge[other]), np.int64)
    n_pairs = sums.sizes[slot] * sums.sizes[others]
    means = sums.totals(own, others) / n_pairs
    values = agreement(means, sums.known[:, slot : slot + 1] * sums.known[:, others] / n_pairs, rule)
    alike = values >= np.where(rose[slot] & rose[others], rule.together_similarity, rule.merge_similarity)
    pairs = [(min(slot, other), max(slot, other)) for other in others[alike].tolist()]
    return list(zip(values[alike].tolist(), pairs, strict=True))
