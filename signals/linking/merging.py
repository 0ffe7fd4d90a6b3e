"""The weekly merge: issues whose members are on average similar enough become one, the older number survives."""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.linking.sums import IssueSums
from signals.linking.vectors import agreement
from signals.settings import LinkingSettings


@dataclass(frozen=True, slots=True)
class Merge:
    """One merge: all members of `absorbed` belong to `survivor` from tomorrow on."""

    absorbed: int
    survivor: int
    similarity: float


def merge(
    sums: IssueSums, issues: NDArray[np.int64], *, changed: NDArray[np.int64], rule: LinkingSettings
) -> list[Merge]:
    """Agglomerative average linkage among the issues given, best pair first, until none reaches the threshold.

    Only pairs with one of the `changed` issues are looked at: the others were, when they last changed. The mean over
    all pairs of members of two issues is the dot product of their sums over the product of their sizes; text and place
    make one similarity as in linking. `sums` are joined on the way.
    """
    may_merge = np.isin(sums.ids, issues) & (sums.sizes > 0)
    version = np.zeros(len(sums.ids), np.int64)
    start = np.flatnonzero(may_merge & np.isin(sums.ids, changed))
    best = {(a, b): value for value, a, b in _pairs(sums, start, may_merge, rule)}
    heap = [(-value, a, b, 0, 0) for (a, b), value in best.items()]
    heapq.heapify(heap)
    merges: list[Merge] = []
    while heap:
        negative, a, b, seen_a, seen_b = heapq.heappop(heap)
        if not (may_merge[a] and may_merge[b]) or version[a] != seen_a or version[b] != seen_b:
            continue
        merges.append(Merge(int(sums.ids[b]), int(sums.ids[a]), -negative))
        sums.absorb(b, a)
        may_merge[b] = False
        version[a] += 1
        for value, first, second in _pairs(sums, np.array([a]), may_merge, rule):
            heapq.heappush(heap, (-value, first, second, int(version[first]), int(version[second])))
    return merges


def _pairs(
    sums: IssueSums, slots: NDArray[np.int64], may_merge: NDArray[np.bool_], rule: LinkingSettings
) -> list[tuple[float, int, int]]:
    """Pairs of each slot with those the index names, where similar enough: similarity, older slot, younger slot."""
    rows, found = sums.sums(slots), []
    for i, (slot, named) in enumerate(zip(slots.tolist(), sums.candidates(rows), strict=True)):
        others = named[may_merge[named] & (named != slot)]
        n_pairs = sums.sizes[slot] * sums.sizes[others]
        means = sums.totals(rows.rows(slice(i, i + 1)), others) / n_pairs
        values = agreement(means, sums.known[:, slot : slot + 1] * sums.known[:, others] / n_pairs, rule)
        for other, value in zip(others.tolist(), values.tolist(), strict=True):
            if value >= rule.merge_similarity:
                found.append((value, min(slot, other), max(slot, other)))
    return found
