"""Online average-link: a report joins the issue whose members agree with it most, on average, in text and place.

Knows vectors and issue numbers only: no text, no day.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from signals.linking.vectors import Floats, Vectors, agreement
from signals.settings import LinkingSettings


@dataclass(frozen=True, slots=True)
class Linked:
    """Where new reports went, in the order given."""

    issues: NDArray[np.int64]  # shape (n_new,), issue ids; ids ≥ next_issue at the call are newborn
    similarities: NDArray[np.float64]  # mean agreement with the issue joined, 0.0 for founders
    next_issue: int


@dataclass(frozen=True, slots=True)
class IssueSums:
    """Sums of member vectors by issue, ids ascending."""

    ids: NDArray[np.int64]
    vectors: Vectors
    sizes: Floats  # (n_issues,)
    known: Floats  # (2, n_issues), members with a place, members with a town


def issue_sums(members: Vectors, issues: NDArray[np.int64]) -> IssueSums:
    """Sum the members' vectors by issue; issues: (n_members,) ids."""
    ids, slot = np.unique(issues, return_inverse=True)
    group = sparse.csr_matrix(
        (np.ones(len(issues), np.float32), (slot, np.arange(len(issues)))), shape=(len(ids), len(issues))
    )
    sums = Vectors(*((group @ part).tocsr() for part in (members.text, members.place, members.town)))
    known = np.array([np.bincount(slot, weights=part, minlength=len(ids)) for part in members.known()], np.float64)
    return IssueSums(ids, sums, np.bincount(slot, minlength=len(ids)).astype(float), known)


def link(
    new: Vectors, members: Vectors, issues: NDArray[np.int64], *, next_issue: int, rule: LinkingSettings
) -> Linked:
    """Assign each new row in order; later rows see the earlier ones.

    new, members: rows of reports; issues: (n_members,) issue ids. A tie goes to the older issue. Method: online
    average linkage, threshold rule.join_similarity on the mean similarity (`vectors.agreement`).
    """
    old = issue_sums(members, issues)
    n_old, n_new = len(old.ids), new.text.shape[0]
    ids = np.concatenate([old.ids, np.zeros(n_new, np.int64)])
    sizes = np.concatenate([old.sizes, np.zeros(n_new)])
    known = np.concatenate([old.known, np.zeros((2, n_new))], axis=1)
    totals = _Totals(new.products(old.vectors), new.products(new), n_old + n_new)
    own = new.known()
    slots, n_slots = np.zeros(n_new, np.int64), n_old
    similarities = np.zeros(n_new)
    for i in range(n_new):
        found = totals.add(i, slots[:i])
        text, place, town = totals.at(found) / sizes[found]
        value = agreement((text, place, town), own[:, i : i + 1] * known[:, found] / sizes[found], rule)
        best = int(np.argmax(value)) if len(found) else -1
        if best >= 0 and value[best] >= rule.join_similarity:
            slots[i], similarities[i] = found[best], value[best]
        else:
            slots[i], ids[n_slots] = n_slots, next_issue
            n_slots, next_issue = n_slots + 1, next_issue + 1
        sizes[slots[i]] += 1.0
        known[:, slots[i]] += own[:, i]
        totals.clear()
    return Linked(ids[slots], similarities, next_issue)


class _Totals:
    """Sums of cosines of one new row with every slot (old issues, then newborn), text, place and town."""

    def __init__(self, old: Vectors, among: Vectors, n_slots: int) -> None:
        self._old = (old.text, old.place, old.town)
        self._among = tuple(part.toarray() for part in (among.text, among.place, among.town))
        self._sums = np.zeros((3, n_slots))
        self._touched = np.zeros(0, np.int64)

    def add(self, row: int, slots: NDArray[np.int64]) -> NDArray[np.int64]:
        """Fill in the sums of a row, given where the rows before it went; candidate slots, ascending."""
        touched = [slots]
        for part, (old, among) in enumerate(zip(self._old, self._among, strict=True)):
            columns = old.indices[old.indptr[row] : old.indptr[row + 1]]
            self._sums[part, columns] = old.data[old.indptr[row] : old.indptr[row + 1]]
            np.add.at(self._sums[part], slots, among[row, : len(slots)])
            touched.append(columns)
        self._touched = np.concatenate(touched)
        return np.union1d(slots, touched[1])

    def at(self, slots: NDArray[np.int64]) -> Floats:
        """The sums of the slots, shape (3, n)."""
        return np.asarray(self._sums[:, slots])

    def clear(self) -> None:
        self._sums[:, self._touched] = 0.0
