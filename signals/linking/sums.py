"""What linking remembers of the issues: sums of their members' vectors, and an index of their telling tokens.

The mean similarity of a report with the members of an issue is one product with the issue's sum, however many they
are. The index names the few issues worth that product, so that a report costs the same in a year as in a week.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from signals.linking.rows import Rows
from signals.linking.vectors import COLUMNS, TOWNS, Entries, Floats, Vectors

CANDIDATES = 32  # issues that a report is compared with exactly: those it shares most of its telling tokens with
FOLDED_ROWS = 8  # rows of a slot, one a day with news, beyond which their sum replaces them
NOBODYS = -1  # slot of a row that was folded into another
TELLING_TEXTS = 1000  # a token in more texts than this is left out of the index, not of the comparison
Slots = NDArray[np.int64]


class IssueSums:
    """Sums of member vectors by issue. An issue is known by its slot; slots follow issue ids, ascending."""

    def __init__(self, telling: NDArray[np.bool_] | None = None) -> None:
        """telling: (COLUMNS,) which tokens the index reads; all when None."""
        self.ids: NDArray[np.int64] = np.empty(0, np.int64)  # issue of each slot
        self.sizes: Floats = np.zeros(0)  # members of each slot, 0 of absorbed ones
        self.known: Floats = np.zeros((2, 0))  # members with a place, members with a town
        self._rows = (Rows(COLUMNS), Rows(COLUMNS), Rows(TOWNS))  # text, place, town: sums of a day's members each
        self._rows_of: list[list[int]] = []  # rows of each slot
        self._slot_of: NDArray[np.int64] = np.empty(0, np.int64)  # slot of each row
        self._telling, self._blocks = telling, list[_Block]()
        self._scratch = tuple(np.zeros(rows.width) for rows in self._rows)

    def add(self, members: Vectors, issues: NDArray[np.int64], *, sign: float = 1.0) -> None:
        """Add members to their issues, known or new; sign −1 takes members away again. issues: (n_members,) ids."""
        ids, group_of = np.unique(issues, return_inverse=True)
        self._open(ids[~np.isin(ids, self.ids)])
        slots = np.searchsorted(self.ids, ids)
        first = len(self._rows[0])
        for rows, part in zip(self._rows, members.parts(), strict=True):
            rows.add(sign * _add_up(part, group_of, len(ids)))
        for row, slot in enumerate(slots.tolist(), start=first):
            self._rows_of[slot].append(row)
        self._slot_of = np.concatenate([self._slot_of, slots])
        self.sizes += sign * np.bincount(slots[group_of], minlength=len(self.ids))
        self.known += sign * np.array(
            [np.bincount(slots[group_of], weights=part, minlength=len(self.ids)) for part in members.known()]
        )
        self._fold(slots)
        self._index(first)

    def absorb(self, slot: int, into: int) -> None:
        """Give the members of one slot to another."""
        self._slot_of[self._rows_of[slot]] = into
        self._rows_of[into] += self._rows_of[slot]
        self._rows_of[slot] = []
        self.sizes[into] += self.sizes[slot]
        self.known[:, into] += self.known[:, slot]
        self.sizes[slot], self.known[:, slot] = 0.0, 0.0

    def join(self, absorbed: int, survivor: int) -> None:
        """`absorb` by issue ids; an issue without a voting member has nothing to give."""
        if absorbed in self.ids:
            if survivor not in self.ids:  # it slept for so long that none of its members votes
                self._open(np.array([survivor], np.int64))
            slot, into = np.searchsorted(self.ids, [absorbed, survivor]).tolist()
            self.absorb(slot, into)

    def candidates(self, rows: Vectors) -> list[Slots]:
        """For each row the slots, ascending, that share most of its telling tokens: at most CANDIDATES."""
        wanted = self._only_telling(rows.text).astype(np.float64)
        if not self._blocks:
            return [np.empty(0, np.int64)] * wanted.shape[0]
        shared = sparse.hstack([block.shared(wanted) for block in self._blocks], format="csr")
        owners = self._slot_of[shared.indices]
        live = owners >= 0
        ends = np.concatenate([[0], np.cumsum(live)])[shared.indptr]
        found = sparse.csr_matrix((shared.data[live], owners[live], ends), shape=(wanted.shape[0], len(self.ids)))
        found.sum_duplicates()
        return [self._best(found.indices[a:b], found.data[a:b]) for a, b in zip(found.indptr, found.indptr[1:])]  # noqa: B905

    def totals(self, row: Entries, slots: Slots) -> Floats:
        """Sums of cosines of one row with all members of each slot: texts, places, towns; shape (3, len(slots))."""
        lists = [self._rows_of[slot] for slot in slots.tolist()]
        owner = np.repeat(np.arange(len(slots)), [len(found) for found in lists])
        index = np.array([number for found in lists for number in found], np.int64)
        totals = np.zeros((3, len(slots)))
        for k, (rows, (own, weights), spread) in enumerate(zip(self._rows, row, self._scratch, strict=True)):
            if len(own) and len(index):
                columns, values, lengths = rows.entries(index)
                spread[own] = weights
                products = values * spread[columns]
                spread[own] = 0.0
                totals[k] = np.bincount(np.repeat(owner, lengths), weights=products, minlength=len(slots))
        return totals

    def sums(self, slots: Slots) -> Vectors:
        """The sums of the slots as rows."""
        lists = [self._rows_of[slot] for slot in slots.tolist()]
        owner = np.repeat(np.arange(len(slots)), [len(found) for found in lists])
        index = np.array([number for found in lists for number in found], np.int64)
        return Vectors(*(_add_up(rows.take(index), owner, len(slots)) for rows in self._rows))

    def _open(self, born: NDArray[np.int64]) -> None:
        """Slots for issues that have none: last, or where their ids belong when they were given back or woken."""
        if not len(born):
            return
        order = np.argsort(np.concatenate([self.ids, born]), kind="stable")
        if len(self.ids) and born[0] < self.ids[-1]:
            place = np.argsort(order)
            kept = self._slot_of >= 0
            self._slot_of[kept] = place[self._slot_of[kept]]
        lists = self._rows_of + [[] for _ in born]
        self._rows_of = [lists[slot] for slot in order.tolist()]
        self.ids = np.concatenate([self.ids, born])[order]
        self.sizes = np.concatenate([self.sizes, np.zeros(len(born))])[order]
        self.known = np.concatenate([self.known, np.zeros((2, len(born)))], axis=1)[:, order]

    def _best(self, slots: NDArray[np.int32], shared: Floats) -> Slots:
        sizes = self.sizes[slots]
        mean = np.where(sizes > 0, shared / np.maximum(sizes, 1.0), 0.0)
        alive = mean > 0
        if not alive.all():
            slots, mean = slots[alive], mean[alive]
        if len(slots) > CANDIDATES:
            least = np.partition(mean, -CANDIDATES)[-CANDIDATES]
            slots = np.concatenate([slots[mean > least], slots[mean == least]])[:CANDIDATES]  # ties: the older issues
        return np.sort(slots).astype(np.int64)

    def _only_telling(self, matrix: sparse.csr_matrix) -> sparse.csr_matrix:
        if self._telling is None:
            return matrix
        kept = self._telling[matrix.indices]
        ends = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
        return sparse.csr_matrix((matrix.data[kept], matrix.indices[kept], ends), shape=matrix.shape)

    def _fold(self, slots: Slots) -> None:
        """Where a slot has come to many rows, put their sum in their place, so that a comparison stays one product."""
        many = np.array([slot for slot in slots.tolist() if len(self._rows_of[slot]) > FOLDED_ROWS], np.int64)
        if not len(many):
            return
        first, folded = len(self._rows[0]), self.sums(many)
        for rows, part in zip(self._rows, folded.parts(), strict=True):
            rows.add(part)
        for row, slot in enumerate(many.tolist(), start=first):
            self._slot_of[self._rows_of[slot]] = NOBODYS
            self._rows_of[slot] = [row]
        self._slot_of = np.concatenate([self._slot_of, many])

    def _index(self, first: int) -> None:
        """Index the rows from first on; blocks are joined as they come near in size, so each row moves seldom."""
        end = len(self._rows[0])
        while self._blocks and self._blocks[-1].n_rows < 2 * (end - first):
            first -= self._blocks.pop().n_rows
        self._blocks.append(_block(self._only_telling(self._rows[0].between(first, end))))


@dataclass(frozen=True, slots=True)
class _Block:
    """Some rows by the tokens that occur in them."""

    n_rows: int
    tokens: NDArray[np.int32]  # ascending
    by_token: sparse.csr_matrix  # (n_tokens, n_rows)

    def shared(self, wanted: sparse.csr_matrix) -> sparse.csr_matrix:
        """Products of wanted rows with the rows of the block, shape (n_wanted, n_rows)."""
        place = np.minimum(np.searchsorted(self.tokens, wanted.indices), max(len(self.tokens) - 1, 0))
        known = self.tokens[place] == wanted.indices if len(self.tokens) else np.zeros(wanted.nnz, bool)
        ends = np.concatenate([[0], np.cumsum(known)])[wanted.indptr]
        shape = (wanted.shape[0], len(self.tokens))
        return sparse.csr_matrix((wanted.data[known], place[known], ends), shape=shape) @ self.by_token


def _block(rows: sparse.csr_matrix) -> _Block:
    tokens, place = np.unique(rows.indices, return_inverse=True)
    narrow = sparse.csr_matrix((rows.data.astype(np.float64), place, rows.indptr), shape=(rows.shape[0], len(tokens)))
    return _Block(rows.shape[0], tokens, narrow.T.tocsr())


def sum_up(members: Vectors, issues: Sequence[int] | NDArray[np.int64]) -> IssueSums:
    """The sums of members given at once; issues: (n_members,) ids."""
    sums = IssueSums()
    sums.add(members, np.asarray(issues, np.int64))
    return sums


def _add_up(matrix: sparse.csr_matrix, owner: NDArray[np.int64], n_owners: int) -> sparse.csr_matrix:
    """Sums of the rows of each owner, shape (n_owners, columns); owner: (n_rows,)."""
    owners = np.repeat(owner, np.diff(matrix.indptr))
    return sparse.csr_matrix((matrix.data, (owners, matrix.indices)), shape=(n_owners, matrix.shape[1]))
