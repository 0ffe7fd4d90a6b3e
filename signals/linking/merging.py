"""The weekly merge: issues whose members are on average similar enough become one, the older number survives."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.linking.index import Named
from signals.linking.sums import IssueSums, Parted, Slots
from signals.linking.vectors import agreement
from signals.settings import LinkingSettings


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
    asked = np.flatnonzero(may_merge & np.isin(sums.ids, changed))
    own = sums.sums(asked)
    named = sums.named(own)
    found = _alike(sums, asked, own, named, may_merge, rose, kept, rule)
    in_pairs = {slot for pair in found for slot in pair}
    near = {slot: set(named.of(i).tolist()) for i, slot in enumerate(asked.tolist()) if slot in in_pairs}
    near |= _near(sums, np.array(sorted(in_pairs - near.keys()), np.int64))
    heap = [(-value, a, b, 0, 0) for (a, b), value in found.items()]
    heapq.heapify(heap)
    merges: list[Merge] = []
    while heap:
        negative, a, b, seen_a, seen_b = heapq.heappop(heap)
        if not (may_merge[a] and may_merge[b]) or version[a] != seen_a or version[b] != seen_b:
            continue
        merges.append(Merge(int(sums.ids[b]), int(sums.ids[a]), -negative))
        near |= _near(sums, np.array([slot for slot in (a, b) if slot not in near], np.int64))
        near[a] |= near.pop(b)
        sums.absorb(b, a)
        kept.join(b, a)
        may_merge[b] = False
        version[a] += 1
        rose[a] &= rose[b]
        one, neighbours = np.array([a]), np.array(sorted(near[a]), np.int64)
        named = Named(np.array([0, len(neighbours)]), neighbours)
        for (first, second), value in _alike(sums, one, sums.sums(one), named, may_merge, rose, kept, rule).items():
            heapq.heappush(heap, (-value, first, second, int(version[first]), int(version[second])))
    return merges


def _near(sums: IssueSums, slots: Slots) -> dict[int, set[int]]:
    """What the index names for each slot."""
    if not len(slots):
        return {}
    named = sums.named(sums.sums(slots))
    return {slot: set(named.of(i).tolist()) for i, slot in enumerate(slots.tolist())}


def _alike(
    sums: IssueSums, slots: Slots, own: Parted, named: Named, may_merge: NDArray[np.bool_], rose: NDArray[np.bool_],
    kept: Apart, rule: LinkingSettings,
) -> dict[tuple[int, int], float]:  # fmt: skip
    """Pairs of slots with those named for them, where similar enough: by (older slot, younger slot), the similarity.

    own: the sums of the slots.
    """
    totals = sums.totals(own, named)
    ones, others = np.repeat(slots, np.diff(named.ends)), named.owners
    n_pairs = np.where(may_merge[others], sums.sizes[ones] * sums.sizes[others], np.inf)
    values = agreement(totals / n_pairs, sums.known[:, ones] * sums.known[:, others] / n_pairs, rule)
    enough = np.where(rose[ones] & rose[others], rule.together_similarity, rule.merge_similarity)
    pairs = np.flatnonzero(may_merge[others] & (ones != others) & (values >= enough)).tolist()
    sides = {k: (int(min(ones[k], others[k])), int(max(ones[k], others[k]))) for k in pairs}
    return {(a, b): float(values[k]) for k, (a, b) in sides.items() if b not in kept.of(a)}
