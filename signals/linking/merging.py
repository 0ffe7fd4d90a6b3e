"""The weekly merge: issues whose members are on average similar enough become one, the older number survives."""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from signals.linking.linker import IssueSums, issue_sums
from signals.linking.vectors import Floats, Vectors, agreement
from signals.settings import LinkingSettings


@dataclass(frozen=True, slots=True)
class Merge:
    """One merge: all members of `absorbed` belong to `survivor` from tomorrow on."""

    absorbed: int
    survivor: int
    similarity: float


def merge(members: Vectors, issues: NDArray[np.int64], *, rule: LinkingSettings) -> list[Merge]:
    """Agglomerative average linkage over the issues given, best pair first, until none reaches the threshold.

    members: rows of reports; issues: (n_members,) ids. The mean over all pairs of members of two issues is the
    dot product of their vector sums over the product of their sizes; text and place make one similarity as in linking.
    """
    sums = issue_sums(members, issues)
    growing = _Growing(sums, rule)
    version = np.zeros(len(sums.ids), np.int64)
    heap = [(-value, a, b, 0, 0) for value, a, b in growing.pairs() if value >= rule.merge_similarity]
    heapq.heapify(heap)
    alive = np.ones(len(sums.ids), bool)
    merges: list[Merge] = []
    while heap:
        negative, a, b, seen_a, seen_b = heapq.heappop(heap)
        if not (alive[a] and alive[b]) or version[a] != seen_a or version[b] != seen_b:
            continue
        merges.append(Merge(int(sums.ids[b]), int(sums.ids[a]), -negative))
        growing.absorb(a, b)
        alive[b] = False
        version[a] += 1
        values = growing.with_all(a)
        for c in np.flatnonzero(alive & (values >= rule.merge_similarity)):
            if c != a:
                first, second = (a, int(c)) if a < c else (int(c), a)
                heapq.heappush(heap, (-float(values[c]), first, second, int(version[first]), int(version[second])))
    return merges


class _Growing:
    """The sums of issues while they merge: rows as they were, and the merged ones aside."""

    def __init__(self, sums: IssueSums, rule: LinkingSettings) -> None:
        self._vectors, self._rule = sums.vectors, rule
        self._sizes, self._known = sums.sizes.copy(), sums.known.copy()
        self._merged: dict[int, Vectors] = {}
        parts = (sums.vectors.text, sums.vectors.place, sums.vectors.town)
        self._by_column = [part.T.tocsr().astype(np.float64) for part in parts]

    def pairs(self) -> list[tuple[float, int, int]]:
        """All pairs with any common token: similarity, smaller row, larger row."""
        products = self._vectors.products(self._vectors)
        text = sparse.triu(products.text, k=1).tocoo()
        a, b = text.row, text.col
        if not len(a):
            return []
        place, town = (np.asarray(part[a, b]).ravel() for part in (products.place, products.town))
        values = self._agree((text.data, place, town), a, b)
        return list(zip(values.tolist(), a.tolist(), b.tolist(), strict=True))

    def absorb(self, a: int, b: int) -> None:
        """Add the members of row b to row a."""
        self._merged[a] = self._row(a).plus(self._row(b))
        self._sizes[a] += self._sizes[b]
        self._known[:, a] += self._known[:, b]

    def with_all(self, a: int) -> Floats:
        """Similarity of row a with every row, shape (n_issues,)."""
        row = self._row(a)
        parts = zip((row.text, row.place, row.town), self._by_column, strict=True)
        totals = tuple((part.astype(np.float64) @ columns).toarray().ravel() for part, columns in parts)
        for c, merged in self._merged.items():
            for total, value in zip(totals, merged.dots(row), strict=True):
                total[c] = value[0]
        everyone = np.arange(len(self._sizes))
        return self._agree(totals, np.full(len(everyone), a), everyone)

    def _row(self, a: int) -> Vectors:
        return self._merged.get(a) or self._vectors.rows(slice(a, a + 1))

    def _agree(self, totals: tuple[Floats, Floats, Floats], a: NDArray[np.int64], b: NDArray[np.int64]) -> Floats:
        n_pairs = self._sizes[a] * self._sizes[b]
        text, place, town = (total / n_pairs for total in totals)
        return agreement((text, place, town), self._known[:, a] * self._known[:, b] / n_pairs, self._rule)
