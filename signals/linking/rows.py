"""Sparse rows that are only ever added to, in arrays that double when full: a day costs what the day brings."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FIRST_ROWS, FIRST_ENTRIES = 256, 1 << 14  # room at the start
SPARSE = 500  # columns to an entry, beyond which sorting entries costs less than going through all columns


class Rows:
    """An appendable matrix of `width` columns; entries are kept as `dtype` and handed out as float32."""

    def __init__(self, width: int, *, dtype: type[np.float32] | type[np.uint8] = np.float32) -> None:
        self.width, self._n = width, 0
        self._largest = 255 if dtype is np.uint8 else np.inf
        self._ends = np.zeros(FIRST_ROWS + 1, np.int64)
        self._columns = np.empty(FIRST_ENTRIES, np.int32)
        self._values = np.empty(FIRST_ENTRIES, dtype)

    def __len__(self) -> int:
        return self._n

    def add(self, matrix: sparse.csr_matrix) -> None:
        """Append the rows of a matrix; values beyond what the dtype can hold are cut to its largest."""
        first, last = int(self._ends[self._n]), int(self._ends[self._n]) + matrix.nnz
        self._ends = _with_room(self._ends, self._n + matrix.shape[0] + 1)
        self._columns, self._values = _with_room(self._columns, last), _with_room(self._values, last)
        self._columns[first:last] = matrix.indices
        self._values[first:last] = np.minimum(matrix.data, self._largest)
        self._ends[self._n + 1 : self._n + 1 + matrix.shape[0]] = first + matrix.indptr[1:]
        self._n += matrix.shape[0]

    def lengths(self, index: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many entries each row of an index has."""
        return np.asarray(self._ends[index + 1] - self._ends[index])

    def entries(self, index: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[Any], NDArray[np.int64]]:
        """Columns and values of the rows of an index, one row after the other, and how many each has."""
        where, ends = self._where(index)
        return self._columns[where], self._values[where], np.diff(ends, prepend=0)

    def products(
        self, index: NDArray[np.int64], weights: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
        """Entries times the weights of their columns, those that are not 0: place in the index, column and product.

        weights: (width,), nearly all of them 0.
        """
        where, ends = self._where(index)
        columns = self._columns[where]
        weight = weights[columns]
        found = np.flatnonzero(weight)
        place = np.searchsorted(ends, found, side="right")
        return place, columns[found], weight[found] * self._values[where[found]]

    def _where(self, index: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the entries of the rows of an index lie, one row after the other, and the end of each row in that."""
        lengths = self.lengths(index)
        ends = np.cumsum(lengths)
        where = np.repeat(self._ends[index] - ends + lengths, lengths)
        where += np.arange(len(where))
        return where, ends

    def columns(self, index: NDArray[np.int64], end: int) -> list[list[int]]:
        """The columns before `end` of each row of an index."""
        columns, _, lengths = self.entries(index)
        row = np.repeat(np.arange(len(index)), lengths)[columns < end]
        every = columns[columns < end].tolist()
        bounds = [0, *np.cumsum(np.bincount(row, minlength=len(index))).tolist()]
        return [every[first:last] for first, last in pairwise(bounds)]

    def take(self, index: NDArray[np.int64]) -> sparse.csr_matrix:
        """The rows of an index, in its order, shape (len(index), width)."""
        columns, values, lengths = self.entries(index)
        bounds = np.concatenate([[0], np.cumsum(lengths)])
        values = values.astype(np.float32, copy=False)
        return sparse.csr_matrix((values, columns, bounds), shape=(len(index), self.width))

    def between(self, first: int, end: int) -> sparse.csr_matrix:
        """The rows from first on, before end, with their values as they are kept; not to be written to."""
        bounds = self._ends[first : end + 1]
        inside = slice(int(bounds[0]), int(bounds[-1]))
        kept = (self._values[inside], self._columns[inside], bounds - bounds[0])
        return sparse.csr_matrix(kept, shape=(end - first, self.width))


def _with_room(array: NDArray[Any], size: int) -> NDArray[Any]:
    if size <= len(array):
        return array
    grown = np.empty(max(size, 2 * len(array)), array.dtype)
    grown[: len(array)] = array
    return grown


def only(matrix: sparse.csr_matrix, kept: NDArray[np.bool_]) -> sparse.csr_matrix:
    """The matrix with the kept entries alone; kept: (nnz,)."""
    ends = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
    return sparse.csr_matrix((matrix.data[kept], matrix.indices[kept], ends), shape=matrix.shape)


def numbered(columns: NDArray[np.int32], width: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The distinct columns, ascending, and the place of each column among them; all are less than `width`.

    >>> [found.tolist() for found in numbered(np.array([7, 2, 7]), 10)]
    [[2, 7], [1, 0, 1]]
    """
    if len(columns) < width // SPARSE:
        found, place = np.unique(columns, return_inverse=True)
        return found.astype(np.int32), place.astype(np.int32)
    is_there = np.zeros(width, bool)
    is_there[columns] = True
    distinct = np.flatnonzero(is_there).astype(np.int32)
    of_column = np.empty(width, np.int32)
    of_column[distinct] = np.arange(len(distinct))
    return distinct, of_column[columns]
