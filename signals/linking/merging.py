"""The weekly merge: issues whose members are on average similar enough become one, the older number survives."""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from signals.linking.linker import issue_sums
from signals.linking.vectors import dots


@dataclass(frozen=True, slots=True)
class Merge:
    """One merge: all members of `absorbed` belong to `survivor` from tomorrow on."""

    absorbed: int
    survivor: int
    similarity: float


def merge(members: sparse.csr_matrix, issues: NDArray[np.int64], *, merge_similarity: float) -> list[Merge]:
    """Agglomerative average linkage over the issues given, best pair first, until none reaches the threshold.

    members: (n_members, columns); issues: (n_members,) ids. The mean over all pairs of members of two issues is the
    dot product of their vector sums over the product of their sizes.
    """
    ids, sums = issue_sums(members, issues)
    sizes = np.unique(issues, return_counts=True)[1].astype(float)
    products = sparse.triu(sums @ sums.T, k=1).tocoo()
    means = products.data / (sizes[products.row] * sizes[products.col])
    heap: list[tuple[float, int, int, int, int]] = []
    version = np.zeros(len(ids), np.int64)
    for a, b, mean in zip(products.row, products.col, means, strict=True):
        if mean >= merge_similarity:
            heap.append((-float(mean), int(a), int(b), 0, 0))
    heapq.heapify(heap)
    alive = np.ones(len(ids), bool)
    rows = [sums.getrow(i) for i in range(len(ids))] if heap else []
    merges: list[Merge] = []
    while heap:
        negative, a, b, seen_a, seen_b = heapq.heappop(heap)
        if not (alive[a] and alive[b]) or version[a] != seen_a or version[b] != seen_b:
            continue
        merges.append(Merge(int(ids[b]), int(ids[a]), -negative))
        rows[a] = rows[a] + rows[b]
        sizes[a] += sizes[b]
        alive[b] = False
        version[a] += 1
        means_a = dots(sums, rows[a])  # with the issues as they were, corrected below where merged
        for c in np.flatnonzero(alive):
            if c == a:
                continue
            total = float(dots(rows[c], rows[a])[0]) if version[c] else float(means_a[c])
            mean = total / (sizes[a] * sizes[c])
            if mean >= merge_similarity:
                first, second = (a, int(c)) if a < c else (int(c), a)
                heapq.heappush(heap, (-mean, first, second, int(version[first]), int(version[second])))
    return merges
