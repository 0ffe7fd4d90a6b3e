"""Online average-link: a report joins the issue whose members agree with it most, on average, in text and place.

Knows vectors and issue numbers only: no text, no day.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.linking.sums import IssueSums, Slots
from signals.linking.vectors import Floats, Vectors, agreement
from signals.settings import LinkingSettings

LIKE_FOUNDER = 1.4  # times rule.join_similarity, from which an earlier report is like one that founded an issue


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
    own, asked = new.known(), old.parted(new)
    named, compared = old.named(asked), old.compared(asked)
    of_old = old.totals(asked, named)
    slots, n_slots = np.zeros(n_new, np.int64), n_old
    similarities, alike = np.zeros(n_new), dict[int, NDArray[np.int64]]()
    for i in range(n_new):
        before, there = named.of(i), slice(named.ends[i], named.ends[i + 1])
        near = np.array(sorted(today.near(i, slots, rule.join_similarity).difference(before.tolist())), np.int64)
        found, n_before, n_near_old = np.concatenate([before, near]), len(before), int(np.searchsorted(near, n_old))
        by_old = np.zeros((3, len(found)))
        by_old[:, :n_before] = of_old[:, there]
        if n_near_old:  # reached through those who joined them today
            by_old[:, n_before : n_before + n_near_old] = compared.totals(i, near[:n_near_old])
        totals = by_old + today.totals(i, slots, found)
        value = agreement(totals / sizes[found], own[:, i : i + 1] * known[:, found] / sizes[found], rule)
        highest = float(value.max(initial=-1.0))
        if highest >= rule.join_similarity:
            slots[i], similarities[i] = found[value == highest].min(), highest
        else:
            slots[i], ids[n_slots] = n_slots, next_issue
            alike[next_issue] = ids[found[(found < n_old) & (by_old[0] >= LIKE_FOUNDER * rule.join_similarity)]]
            n_slots, next_issue = n_slots + 1, next_issue + 1
        sizes[slots[i]] += 1.0
        known[:, slots[i]] += own[:, i]
    return Linked(ids[slots], similarities, next_issue, alike)


class _Today:
    """Cosines of the new rows among themselves."""

    def __init__(self, new: Vectors, n_slots: int) -> None:
        self._earlier = [(part.indptr.tolist(), part.indices, part.data) for part in new.with_earlier()]
        self._totals = np.zeros((len(self._earlier), n_slots))  # scratch, all 0 between two uses

    def near(self, row: int, slots: Slots, least: float) -> set[int]:
        """Slots of earlier rows of today whose text is so near that they may be joined."""
        columns, values = self._of(0, row)
        return set(slots[columns[values >= least]].tolist())

    def totals(self, row: int, slots: Slots, wanted: Slots) -> Floats:
        """Sums of cosines of a row with all earlier rows in the wanted slots, shape (3, len(wanted))."""
        told = [(k, *self._of(k, row)) for k in range(len(self._earlier))]
        said = [(self._totals[k], slots[columns], values) for k, columns, values in told if len(columns)]
        for totals, where, values in said:
            np.add.at(totals, where, values)
        found = self._totals[:, wanted]
        for totals, where, _ in said:
            totals[where] = 0.0
        return found

    def _of(self, part: int, row: int) -> tuple[NDArray[np.int32], Floats]:
        ends, columns, values = self._earlier[part]
        inside = slice(ends[row], ends[row + 1])
        return columns[inside], values[inside]
