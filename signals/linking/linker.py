"""Online average-link: a report joins the issue whose members agree with it most, on average, in text and place.

Knows vectors and issue numbers only: no text, no day.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.linking.index import Named
from signals.linking.sums import IssueSums, Slots
from signals.linking.vectors import Floats, Vectors, agreement
from signals.settings import LinkingSettings


@dataclass(frozen=True, slots=True)
class Linked:
    """Where new reports went, in the order given."""

    issues: NDArray[np.int64]  # shape (n_new,), issue ids; ids ≥ next_issue at the call are newborn
    similarities: NDArray[np.float64]  # mean agreement with the issue joined, 0.0 for founders
    next_issue: int
    alike: dict[int, NDArray[np.int64]]  # by newborn issue: older issues in which a member may be like its founder


def link(new: Vectors, old: IssueSums, *, next_issue: int, rule: LinkingSettings) -> Linked:
    """Assign each new row in order; later rows see the earlier ones. `old` is left as it is.

    A tie goes to the older issue. Method: online average linkage, threshold rule.join_similarity on the mean similarity
    (`vectors.agreement`), among the issues that the index names and those of today.
    """
    n_old, n_new = len(old.ids), new.text.shape[0]
    ids = np.concatenate([old.ids, np.zeros(n_new, np.int64)])
    sizes = np.concatenate([old.sizes, np.zeros(n_new)])
    known = np.concatenate([old.known, np.zeros((2, n_new))], axis=1)
    today = _Today(new, n_old + n_new)
    own, named = new.known(), old.named(new)
    of_old = old.totals(new, named)
    slots, n_slots = np.zeros(n_new, np.int64), n_old
    similarities, alike = np.zeros(n_new), dict[int, NDArray[np.int64]]()
    for i in range(n_new):
        before, there = named.of(i), slice(named.ends[i], named.ends[i + 1])
        found = np.union1d(before, today.near(i, slots, rule.join_similarity))
        is_old = found < n_old
        by_old = np.zeros((3, len(found)))
        by_old[:, np.searchsorted(found, before)] = of_old[:, there]
        others = np.setdiff1d(found[is_old], before)  # reached through those who joined them today
        if len(others):
            row = new.rows(slice(i, i + 1))
            by_old[:, np.searchsorted(found, others)] = old.totals(row, Named(np.array([0, len(others)]), others))
        totals = by_old + today.totals(i, slots, found)
        value = agreement(totals / sizes[found], own[:, i : i + 1] * known[:, found] / sizes[found], rule)
        best = int(np.argmax(value)) if len(found) else -1
        if best >= 0 and value[best] >= rule.join_similarity:
            slots[i], similarities[i] = found[best], value[best]
        else:
            slots[i], ids[n_slots] = n_slots, next_issue
            alike[next_issue] = ids[found[is_old & (by_old[0] >= 2 * rule.join_similarity)]]
            n_slots, next_issue = n_slots + 1, next_issue + 1
        sizes[slots[i]] += 1.0
        known[:, slots[i]] += own[:, i]
    return Linked(ids[slots], similarities, next_issue, alike)


class _Today:
    """Cosines of the new rows among themselves."""

    def __init__(self, new: Vectors, n_slots: int) -> None:
        self._among = [(part.indptr, part.indices, part.data) for part in new.among()]
        self._position = np.full(n_slots, -1, np.int64)

    def near(self, row: int, slots: Slots, least: float) -> Slots:
        """Slots of earlier rows of today whose text is so near that they may be joined."""
        columns, values = self._earlier(0, row)
        return slots[columns[values >= least]]

    def totals(self, row: int, slots: Slots, wanted: Slots) -> Floats:
        """Sums of cosines of a row with the earlier rows in the wanted slots, shape (3, len(wanted))."""
        totals = np.zeros((3, len(wanted)))
        self._position[wanted] = np.arange(len(wanted))
        for part in range(3):
            columns, values = self._earlier(part, row)
            place = self._position[slots[columns]]
            totals[part] = np.bincount(place[place >= 0], weights=values[place >= 0], minlength=len(wanted))
        self._position[wanted] = -1
        return totals

    def _earlier(self, part: int, row: int) -> tuple[NDArray[np.int32], Floats]:
        ends, columns, values = self._among[part]
        inside = slice(ends[row], ends[row + 1])
        earlier = columns[inside] < row
        return columns[inside][earlier], values[inside][earlier]
