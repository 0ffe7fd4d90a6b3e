"""Rows that are equal in every column, so that thousands of series of one kind are worked out once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SEED = 0x9E3779B97F4A7C15


@dataclass(frozen=True, slots=True)
class Distinct:
    """The distinct rows of some columns."""

    first: NDArray[np.int64]  # (n_distinct,) where each first occurs
    row: NDArray[np.int64]  # (n,) which of them each row equals
    count: NDArray[np.int64]  # (n_distinct,) how often each occurs


def distinct_rows(*columns: NDArray[Any]) -> Distinct:
    """Distinct rows of columns of shape (n,) or (n, k), by value, in no order that means anything.

    >>> sorted(distinct_rows(np.array([3.0, 1.0, 3.0])).count.tolist())
    [1, 2]
    """
    table = np.column_stack([np.asarray(column, np.float64) for column in columns])
    bits = np.ascontiguousarray(table + 0.0).view(np.uint64)  # + 0.0: no negative zero
    mixed = np.random.default_rng(_SEED).integers(1, 2**63, bits.shape[1], dtype=np.uint64) | np.uint64(1)
    keys = ((bits ^ (bits >> np.uint64(29))) * mixed).sum(axis=1, dtype=np.uint64)
    _, first, row, count = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    if not np.array_equal(table[first][row], table):  # two rows with one key: as likely as a dropped bit
        everyone = np.arange(len(table))
        return Distinct(everyone, everyone, np.ones(len(table), np.int64))
    return Distinct(first, row, count)
