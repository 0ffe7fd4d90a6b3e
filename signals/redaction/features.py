"""What the name model looks at: a candidate's characters, its neighbours, and which dictionary words lie across it.

Every feature is hashed into one table of weights (Weinberger et al. 2009, feature hashing).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.redaction.candidates import PAD, Candidates

N_WEIGHTS = 1 << 18
WIDTH = 8  # numbers a feature has
GROUPS = (8, 6, 7, 7)  # features inside the candidate, of words, on its left, on its right
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing, Knuth, TAOCP 3, 6.4
_SHIFT = np.uint64(64 - 18)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Dictionary words of two and three characters, sorted, each with 1 (rare) to 3 (common)."""

    two: NDArray[np.int64]
    two_rank: NDArray[np.int64]
    three: NDArray[np.int64]
    three_rank: NDArray[np.int64]

    def ranks(self, codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For every place, how common the word of two, and of three, that starts there is; 0 for none."""
        pair = codes << 16
        pair[:-1] |= codes[1:]
        triple = pair << 16
        triple[:-2] |= codes[2:]
        return _look_up(self.two, self.two_rank, pair), _look_up(self.three, self.three_rank, triple)


def _look_up(words: NDArray[np.int64], ranks: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.int64]:
    at = np.searchsorted(words, keys)
    at[at == len(words)] = 0
    return np.where(words[at] == keys, ranks[at], 0)


Ranks = tuple[NDArray[np.int64], NDArray[np.int64]]  # of the words of two and of three, at every place


def hashed(codes: NDArray[np.int64], found: Candidates, ranks: Ranks) -> NDArray[np.int64]:
    """(n candidates, sum of GROUPS) rows of a table of N_WEIGHTS, group by group."""
    start, form, end = found.start, found.form, found.start + found.length
    two, three = ranks
    window = codes[start[:, None] + np.arange(-PAD, 5)]  # 4 before the start, the first, 4 after it
    l4, l3, l2, l1, c0, c1, c2, c3 = (window[:, k] for k in range(8))
    r1, r2, r3, r4 = (codes[end + k] for k in range(4))
    last = codes[end - 1]
    longer = found.length > 2
    c2, c3 = np.where(longer, c2, 0), np.where(found.length > 3, c3, 0)
    c1 = np.where(found.length > 1, c1, 0)
    # Words: inside the candidate, across its edges, right beside it.
    inside = two[start] << 4 | np.where(longer, two[start + 1] << 2 | three[start], 0)
    across_left = two[start - 1] << 4 | three[start - 1] << 2 | three[start - 2]
    across_right = two[end - 1] << 4 | three[end - 1] << 2 | three[end - 2]
    beside = two[start - 2] << 6 | three[start - 3] << 4 | two[end] << 2 | three[end]
    inner = (form * 0, c0, c1, c2, c3, c0 << 16 | c1, c1 << 16 | c2, c2 << 16 | c3)
    words = (
        inside, across_left, across_right, beside, inside << 12 | across_left << 6 | across_right,
        two[end - 1] << 8 | two[start] << 4 | two[start - 1],
    )  # fmt: skip
    left = (l1, l2, l2 << 16 | l1, l1 << 16 | c0, across_left << 16 | l1, l3, l4)
    right = (r1, r2, r1 << 16 | r2, last << 16 | r1, across_right << 16 | r1, r3, r4)
    values = (*inner, *words, *left, *right)
    table = np.stack(values, axis=1).astype(np.uint64)
    kinds = (
        np.arange(table.shape[1], dtype=np.uint64) << np.uint64(56) | (form.astype(np.uint64) << np.uint64(50))[:, None]
    )
    mixed = (table ^ kinds) * _MULTIPLIER
    mixed ^= mixed >> np.uint64(29)
    return ((mixed * _MULTIPLIER) >> _SHIFT).astype(np.int64)
