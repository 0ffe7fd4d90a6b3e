"""An index of telling tokens: which of very many rows are worth comparing with a report exactly.

Rows come day by day. They are kept by token in blocks that are joined as they come near in size, so each moves seldom.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from signals.linking.rows import Rows, numbered, only

CANDIDATES = 32  # owners that a row is compared with exactly, those it shares most telling tokens with; more if tied
TELLING_TEXTS = 1000  # a token in more texts than this is left out of the index, not of the comparison
ASKED = 2 * CANDIDATES  # by nearly the mean; of them the best CANDIDATES by the mean itself
ASKED_AT_ONCE = 2000  # rows, so that memory stays bounded
FINE = 256  # parts of a power of two to which 1 ÷ size is rounded: means are near enough, and products stay exact
NEAR_ENOUGH = 1.0 + 2.0 / FINE  # times so much at most is a mean what it seems


@dataclass(frozen=True, slots=True)
class Named:
    """The owners named for some rows, row by row; those of row i are owners[ends[i] : ends[i + 1]], ascending."""

    ends: NDArray[np.int64]  # (n + 1,)
    owners: NDArray[np.int64]
    shared: NDArray[np.float64] | None = None  # sums of cosines over telling tokens, where known

    def of(self, row: int) -> NDArray[np.int64]:
        """Those named for one row."""
        return self.owners[self.ends[row] : self.ends[row + 1]]


@dataclass(frozen=True, slots=True)
class _Block:
    """Some rows by the tokens that occur in them."""

    n_rows: int
    tokens: NDArray[np.int32]  # ascending
    by_token: sparse.csr_matrix  # (n_tokens, n_rows), single precision

    def of(self, tokens: NDArray[np.int32]) -> sparse.csr_matrix:
        """The rows in which each of some tokens occurs, shape (len(tokens), n_rows)."""
        place = np.minimum(np.searchsorted(self.tokens, tokens), max(len(self.tokens) - 1, 0))
        known = self.tokens[place] == tokens if len(self.tokens) else np.zeros(len(tokens), bool)
        found = self.by_token[place[known]]
        ends = np.zeros(len(tokens) + 1, found.indptr.dtype)
        ends[1:][known] = np.diff(found.indptr)
        return sparse.csr_matrix((found.data, found.indices, np.cumsum(ends)), shape=(len(tokens), self.n_rows))


class Index:
    """Rows by their tokens."""

    def __init__(self) -> None:
        self._blocks = list[_Block]()

    def add(self, rows: Rows, first: int, owner: NDArray[np.int64]) -> None:
        """Index the rows from first on; owner: (len(rows),), −1 for none, of which nothing is kept."""
        end = len(rows)
        while self._blocks and self._blocks[-1].n_rows < 2 * (end - first):
            first -= self._blocks.pop().n_rows
        self._blocks.append(_block(rows.between(first, end), owner[first:end] >= 0))

    def named(self, wanted: sparse.csr_matrix, owner: NDArray[np.int64], sizes: NDArray[np.float64]) -> Named:
        """The owners that share most, on average over what they own, with each wanted row: CANDIDATES of them.

        Those as near as the last of these are named too: the same words may be heard from every town. Products are
        exact, so what is named does not depend on how the rows lie in the blocks.

        owner: (n_rows,) of the indexed rows, −1 for none; sizes: (n_owners,), 0 where nothing is owned.
        """
        n = wanted.shape[0]
        if not self._blocks or not len(sizes):
            return Named(np.zeros(n + 1, np.int64), np.empty(0, np.int64), np.empty(0))
        tokens, place = numbered(wanted.indices, wanted.shape[1])
        asked = sparse.csr_matrix((wanted.data.astype(np.float64), place, wanted.indptr), shape=(n, len(tokens)))
        rows = sparse.hstack([block.of(tokens) for block in self._blocks], format="csr")
        rows = only(rows, owner[rows.indices] >= 0)
        owners, worth = owner[rows.indices], _nearly_one_over(sizes)
        by_owner = sparse.csr_matrix((rows.data * worth[owners], owners, rows.indptr), shape=(len(tokens), len(sizes)))
        at_once = range(0, n, ASKED_AT_ONCE)
        found = [_nearest(asked[first : first + ASKED_AT_ONCE], by_owner) for first in at_once]
        nearest = sparse.vstack(found, format="csr") if n else sparse.csr_matrix((0, len(sizes)))
        return _best(nearest, nearest.data / worth[nearest.indices], sizes)


def _nearest(asked: sparse.csr_matrix, by_owner: sparse.csr_matrix) -> sparse.csr_matrix:
    """Of each row, by nearly the mean, the ASKED owners that share most with it; all where these may not be enough."""
    found = sp_matmul_topn(asked, by_owner, top_n=ASKED, threshold=0.0)
    in_doubt = _in_doubt(found)
    if in_doubt.any():  # what was left out may be as near as what is named
        whole = asked[in_doubt] @ by_owner
        whole.eliminate_zeros()
        order = np.argsort(np.concatenate([np.flatnonzero(~in_doubt), np.flatnonzero(in_doubt)]))
        found = sparse.vstack([found[~in_doubt], whole], format="csr")[order]
    return found


def _block(rows: sparse.csr_matrix, is_owned: NDArray[np.bool_]) -> _Block:
    rows = only(rows, np.repeat(is_owned, np.diff(rows.indptr)))
    tokens, place = numbered(rows.indices, rows.shape[1])
    narrow = sparse.csr_matrix((rows.data, place, rows.indptr), shape=(rows.shape[0], len(tokens)))
    return _Block(rows.shape[0], tokens, narrow.T.tocsr())


def _nearly_one_over(sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 ÷ size, rounded to few binary digits; 0 where nothing is owned."""
    mantissa, exponent = np.frexp(np.divide(1.0, sizes, out=np.zeros(len(sizes)), where=sizes > 0))
    return np.asarray(np.ldexp(np.rint(mantissa * FINE) / FINE, exponent))


def _in_doubt(found: sparse.csr_matrix) -> NDArray[np.bool_]:
    """Rows of which ASKED owners were found, the last of them about as near as the last of CANDIDATES; (n_rows,)."""
    many = np.flatnonzero(np.diff(found.indptr) == ASKED)
    means = np.sort(found.data[found.indptr[many, None] + np.arange(ASKED)], axis=1)
    in_doubt = np.zeros(found.shape[0], bool)
    in_doubt[many] = means[:, 0] * NEAR_ENOUGH**2 >= means[:, ASKED - CANDIDATES]
    return in_doubt


def _best(found: sparse.csr_matrix, shared: NDArray[np.float64], sizes: NDArray[np.float64]) -> Named:
    """Of each row the CANDIDATES with the largest means, and their equals; shared: (found.nnz,) sums of an owner."""
    row = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    mean = shared / sizes[found.indices]
    order = np.lexsort((-mean, row))
    rank = np.arange(len(order)) - found.indptr[row[order]]
    last = np.zeros(found.shape[0])  # the mean of the last of CANDIDATES, where there are so many
    at = order[rank == CANDIDATES - 1]
    last[row[at]] = mean[at]
    kept = np.flatnonzero(mean >= last[row])
    kept = kept[np.lexsort((found.indices[kept], row[kept]))]
    n_kept = np.bincount(row[kept], minlength=found.shape[0])
    return Named(np.concatenate([[0], np.cumsum(n_kept)]), found.indices[kept].astype(np.int64), shared[kept])
