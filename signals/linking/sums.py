"""What linking remembers of the issues: sums of their members' vectors, and an index of their telling tokens.

The mean similarity of a report with the members of an issue is one product with the issue's sum, however many they
are. The index names the few issues worth that product, so that a report costs the same in a year as in a week.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from signals.linking.index import Index, Named
from signals.linking.rows import Rows, only
from signals.linking.vectors import COLUMNS, TOWNS, Floats, Vectors

FOLDED_ROWS = 3  # rows of a slot, one a day with news, beyond which their sum replaces them
FEW_ENTRIES = 1 << 18  # of a matrix, below which a product takes longer to make room for all columns than to multiply
REST = 2 * COLUMNS + TOWNS  # columns of the other tokens of texts, then of places, then of towns
NOBODYS = -1  # slot of a row that was folded into another
Slots = NDArray[np.int64]


class Parted(NamedTuple):
    """Rows of vectors, or sums of them, as they are compared."""

    telling: sparse.csr_matrix  # (n, COLUMNS) tokens of the texts that the index reads
    rest: sparse.csr_matrix  # (n, REST)
    latent: Floats

    def text(self) -> sparse.csr_matrix:
        """All tokens of the texts, (n, COLUMNS)."""
        return self.telling + self.rest[:, :COLUMNS]


class IssueSums:
    """Sums of member vectors by issue. An issue is known by its slot; slots follow issue ids, ascending."""

    def __init__(self, telling: NDArray[np.bool_] | None = None, *, dimensions: int = 0) -> None:
        """telling: (COLUMNS,) which tokens the index reads, all when None; dimensions: of `Vectors.latent`."""
        self.ids: NDArray[np.int64] = np.empty(0, np.int64)  # issue of each slot
        self.sizes: Floats = np.zeros(0)  # members of each slot, 0 of absorbed ones
        self.known: Floats = np.zeros((2, 0))  # members with a place, members with a town
        self._latent: Floats = np.zeros((0, dimensions))  # of each slot, what its members mean
        self._rows = (Rows(COLUMNS), Rows(REST))  # sums of a day's members each, parted
        self._rows_of: list[list[int]] = []  # rows of each slot
        self._slot_of: NDArray[np.int64] = np.empty(0, np.int64)  # slot of each row
        self._telling, self._index, self._n_indexed = telling, Index(), 0  # rows are indexed when they are asked for
        self._weight_of = np.zeros(REST)  # scratch, all 0 between two uses

    def add(self, members: Vectors, issues: NDArray[np.int64], *, sign: float = 1.0) -> None:
        """Add members to their issues, known or new; sign −1 takes members away again. issues: (n_members,) ids."""
        ids, group_of = np.unique(issues, return_inverse=True)
        self._open(ids[~np.isin(ids, self.ids)])
        slots = np.searchsorted(self.ids, ids)
        first = len(self._rows[0])
        text, place, town = (_add_up(part, group_of, len(ids)) for part in members.parts())
        summed = self.parted(Vectors(text, place, town, members.latent))
        for rows, part in zip(self._rows, (summed.telling, summed.rest), strict=True):
            rows.add(sign * part)
        for row, slot in enumerate(slots.tolist(), start=first):
            self._rows_of[slot].append(row)
        self._slot_of = np.concatenate([self._slot_of, slots])
        self.sizes += sign * np.bincount(slots[group_of], minlength=len(self.ids))
        self.known += sign * np.array(
            [np.bincount(slots[group_of], weights=part, minlength=len(self.ids)) for part in members.known()]
        )
        np.add.at(self._latent, slots[group_of], sign * members.latent)
        self._fold(slots)

    def absorb(self, slot: int, into: int) -> None:
        """Give the members of one slot to another."""
        self._slot_of[self._rows_of[slot]] = into
        self._rows_of[into] += self._rows_of[slot]
        self._rows_of[slot] = []
        self.sizes[into] += self.sizes[slot]
        self.known[:, into] += self.known[:, slot]
        self._latent[into] += self._latent[slot]
        self.sizes[slot], self.known[:, slot], self._latent[slot] = 0.0, 0.0, 0.0

    def join(self, absorbed: int, survivor: int) -> None:
        """`absorb` by issue ids; an issue without a voting member has nothing to give."""
        if absorbed in self.ids:
            if survivor not in self.ids:  # it slept for so long that none of its members votes
                self._open(np.array([survivor], np.int64))
            slot, into = np.searchsorted(self.ids, [absorbed, survivor]).tolist()
            self.absorb(slot, into)

    def named(self, rows: Parted) -> Named:
        """For each row the slots that share most of its telling tokens."""
        if self._n_indexed < len(self._rows[0]):
            self._index.add(self._rows[0], self._n_indexed, self._slot_of)
            self._n_indexed = len(self._rows[0])
        return self._index.named(rows.telling, self._slot_of, self.sizes)

    def totals(self, rows: Parted, named: Named) -> Floats:
        """Sums of cosines of each row with all members of the slots named for it: texts, places, towns.

        Shape (3, len(named.owners)).
        """
        compared, ends = self.compared(rows), named.ends.tolist()
        totals = np.zeros((3, len(named.owners)))
        for i in range(len(ends) - 1):
            inside = slice(ends[i], ends[i + 1])
            telling = None if named.shared is None else named.shared[inside]
            totals[:, inside] = compared.totals(i, named.owners[inside], telling)
        return totals

    def compared(self, rows: Parted) -> "Compared":
        """The rows, to be compared with the sums one at a time."""
        return Compared(rows, self._rows, self._rows_of, self._latent, self._weight_of)

    def parted(self, rows: Vectors) -> Parted:
        """The rows as they are compared."""
        kept = np.ones(rows.text.nnz, bool) if self._telling is None else self._telling[rows.text.indices]
        rest = sparse.hstack([only(rows.text, ~kept), rows.place, rows.town], format="csr")
        return Parted(only(rows.text, kept), rest, rows.latent)

    def sums(self, slots: Slots) -> Parted:
        """The sums of the slots as rows."""
        telling, rest = self._summed(slots)
        return Parted(telling, rest, self._latent[slots])

    def _summed(self, slots: Slots) -> list[sparse.csr_matrix]:
        owner, index = _flat(self._rows_of, slots)
        return [_add_up(rows.take(index), owner, len(slots)) for rows in self._rows]

    def _open(self, born: NDArray[np.int64]) -> None:
        """Slots for issues that have none: last, or where their ids belong when they were given back or woken."""
        if not len(born):
            return
        order = np.argsort(np.concatenate([self.ids, born]), kind="stable")
        if is_between := bool(len(self.ids)) and born[0] < self.ids[-1]:
            place = np.argsort(order)
            kept = self._slot_of >= 0
            self._slot_of[kept] = place[self._slot_of[kept]]
        lists = self._rows_of + [[] for _ in born]
        self._rows_of = [lists[slot] for slot in order.tolist()]
        self.ids = np.concatenate([self.ids, born])[order]
        self.sizes = np.concatenate([self.sizes, np.zeros(len(born))])[order]
        self.known = np.concatenate([self.known, np.zeros((2, len(born)))], axis=1)[:, order]
        latent = np.concatenate([self._latent, np.zeros((len(born), self._latent.shape[1]))])
        self._latent = latent[order] if is_between else latent  # wide: copied no more often than it must be

    def _fold(self, slots: Slots) -> None:
        """Where a slot has come to many rows, put their sum in their place, so that a comparison stays one product."""
        many = np.array([slot for slot in slots.tolist() if len(self._rows_of[slot]) > FOLDED_ROWS], np.int64)
        if not len(many):
            return
        first, folded = len(self._rows[0]), self._summed(many)
        for rows, part in zip(self._rows, folded, strict=True):
            rows.add(part)
        for row, slot in enumerate(many.tolist(), start=first):
            self._slot_of[self._rows_of[slot]] = NOBODYS
            self._rows_of[slot] = [row]
        self._slot_of = np.concatenate([self._slot_of, many])


@dataclass(frozen=True, slots=True)
class Compared:
    """Rows beside the sums that they are compared with; good until the sums change."""

    asked: Parted
    kept: tuple[Rows, ...]  # the same parts of the sums
    rows_of: list[list[int]]  # of `kept`, by slot
    latent_of: Floats
    weight_of: Floats  # (REST,) scratch, all 0 between two uses

    def totals(self, row: int, slots: Slots, telling: Floats | None = None) -> Floats:
        """Sums of cosines of a row with all members of some slots: texts, places, towns; shape (3, len(slots)).

        telling: those over telling tokens, where known.
        """
        found = self._products(row, slots, self.asked.rest, self.kept[1])
        found[0] += self._products(row, slots, self.asked.telling, self.kept[0])[0] if telling is None else telling
        found[0] += self.latent_of[slots] @ self.asked.latent[row]
        return found

    def _products(self, row: int, slots: Slots, asked: sparse.csr_matrix, kept: Rows) -> Floats:
        """The same of one part alone, its products told apart by `columns // COLUMNS` (see REST)."""
        owner, index = _flat(self.rows_of, slots)
        inside = slice(asked.indptr[row], asked.indptr[row + 1])
        own = asked.indices[inside]
        self.weight_of[own] = asked.data[inside]
        which, columns, products = kept.products(index, self.weight_of)
        self.weight_of[own] = 0.0
        place = 3 * owner[which] + columns // COLUMNS
        return np.bincount(place, weights=products, minlength=3 * len(slots)).astype(np.float64).reshape(-1, 3).T


def _flat(rows_of: list[list[int]], slots: Slots) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of the rows of slots, slot by slot: the place in `slots`, and the row."""
    lists = [rows_of[slot] for slot in slots.tolist()]
    owner = np.repeat(np.arange(len(slots)), [len(found) for found in lists])
    return owner, np.array([number for found in lists for number in found], np.int64)


def _add_up(matrix: sparse.csr_matrix, owner: NDArray[np.int64], n_owners: int) -> sparse.csr_matrix:
    """Sums of the rows of each owner, shape (n_owners, columns), in no order of columns; owner: (n_rows,)."""
    if matrix.nnz < FEW_ENTRIES:
        owners = np.repeat(owner, np.diff(matrix.indptr))
        return sparse.csr_matrix((matrix.data, (owners, matrix.indices)), shape=(n_owners, matrix.shape[1]))
    ends = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=n_owners))])
    owned = (np.ones(len(owner), np.float32), np.argsort(owner, kind="stable"), ends)
    return sparse.csr_matrix(owned, shape=(n_owners, len(owner))) @ matrix
