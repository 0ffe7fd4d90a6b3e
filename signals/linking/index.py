"""An index of telling tokens: which of very many rows are worth comparing with a report exactly.

Rows come day by day. They are kept by token in blocks that are joined as they come near in size, so each moves seldom.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sparse_dot_topn import sp_matmul_topn

from signals.linking.rows import Rows

CANDIDATES = 16  # owners that a row is compared with exactly: those it shares most of its telling tokens with
TELLING_TEXTS = 1000  # a token in more texts than this is left out of the index, not of the comparison
TIED = 2 * CANDIDATES  # asked for, so that owners equally near are chosen by age, however the rows lie in the blocks
DECIMALS = 9  # of a mean similarity, beyond which two are equal


@dataclass(frozen=True, slots=True)
class Named:
    """The owners named for some rows, row by row; those of row i are owners[ends[i] : ends[i + 1]], ascending."""

    ends: NDArray[np.int64]  # (n + 1,)
    owners: NDArray[np.int64]

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
    """Rows by their telling tokens."""

    def __init__(self, telling: NDArray[np.bool_] | None = None) -> None:
        """telling: (columns,) which tokens are read; all when None."""
        self._telling, self._blocks = telling, list[_Block]()

    def add(self, rows: Rows, first: int) -> None:
        """Index the rows from first on."""
        end = len(rows)
        while self._blocks and self._blocks[-1].n_rows < 2 * (end - first):
            first -= self._blocks.pop().n_rows
        self._blocks.append(_block(self._only_telling(rows.between(first, end))))

    def named(self, wanted: sparse.csr_matrix, owner: NDArray[np.int64], sizes: NDArray[np.float64]) -> Named:
        """The owners that share most, on average over what they own, with each wanted row: at most CANDIDATES.

        owner: (n_rows,) of the indexed rows, −1 for none; sizes: (n_owners,), 0 where nothing is owned. Ties go to the
        lower number.
        """
        wanted, n = self._only_telling(wanted), wanted.shape[0]
        if not self._blocks or not len(sizes):
            return Named(np.zeros(n + 1, np.int64), np.empty(0, np.int64))
        tokens, place = np.unique(wanted.indices, return_inverse=True)
        asked = sparse.csr_matrix((wanted.data.astype(np.float64), place, wanted.indptr), shape=(n, len(tokens)))
        rows = sparse.hstack([block.of(tokens) for block in self._blocks], format="csr")
        owners = owner[rows.indices]
        worth = np.divide(1.0, sizes, out=np.zeros(len(sizes)), where=sizes > 0)
        weights = np.where(owners >= 0, rows.data * worth[owners], 0.0)
        by_owner = sparse.csr_matrix((weights, owners.clip(0), rows.indptr), shape=(len(tokens), len(sizes)))
        return _best(sp_matmul_topn(asked, by_owner, top_n=TIED, threshold=0.0))

    def _only_telling(self, matrix: sparse.csr_matrix) -> sparse.csr_matrix:
        if self._telling is None:
            return matrix
        kept = self._telling[matrix.indices]
        ends = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
        return sparse.csr_matrix((matrix.data[kept], matrix.indices[kept], ends), shape=matrix.shape)


def _block(rows: sparse.csr_matrix) -> _Block:
    tokens, place = np.unique(rows.indices, return_inverse=True)
    narrow = sparse.csr_matrix((rows.data, place, rows.indptr), shape=(rows.shape[0], len(tokens)))
    return _Block(rows.shape[0], tokens, narrow.T.tocsr())


def _best(shared: sparse.csr_matrix) -> Named:
    """Of each row the CANDIDATES with the largest values."""
    row = np.repeat(np.arange(shared.shape[0]), np.diff(shared.indptr))
    order = np.lexsort((shared.indices, -np.round(shared.data, DECIMALS), row))
    rank = np.arange(len(order)) - shared.indptr[row[order]]
    kept = order[rank < CANDIDATES]
    kept = kept[np.lexsort((shared.indices[kept], row[kept]))]
    n_kept = np.bincount(row[kept], minlength=shared.shape[0])
    return Named(np.concatenate([[0], np.cumsum(n_kept)]), shared.indices[kept].astype(np.int64))
