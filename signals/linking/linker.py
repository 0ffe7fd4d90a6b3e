"""Online average-link: a report joins the issue whose members have the highest mean cosine with it.

Knows vectors and issue numbers only: no text, no day, no place.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


@dataclass(frozen=True, slots=True)
class Linked:
    """Where new reports went, in the order given."""

    issues: NDArray[np.int64]  # shape (n_new,), issue ids; ids ≥ next_issue at the call are newborn
    similarities: NDArray[np.float64]  # mean cosine with the issue joined, 0.0 for founders
    next_issue: int


def issue_sums(members: sparse.csr_matrix, issues: NDArray[np.int64]) -> tuple[NDArray[np.int64], sparse.csr_matrix]:
    """Sum of member vectors by issue: (issue ids ascending, shape (n_issues, columns) in their order)."""
    ids, place = np.unique(issues, return_inverse=True)
    group = sparse.csr_matrix(
        (np.ones(len(issues), np.float32), (place, np.arange(len(issues)))), shape=(len(ids), len(issues))
    )
    return ids, (group @ members).tocsr()


def link(
    new: sparse.csr_matrix,
    members: sparse.csr_matrix,
    issues: NDArray[np.int64],
    *,
    next_issue: int,
    join_similarity: float,
) -> Linked:
    """Assign each new row in order; later rows see the earlier ones.

    new: (n_new, columns), members: (n_members, columns), rows of length ≤ 1; issues: (n_members,) issue ids. A tie goes
    to the older issue. Method: online average linkage, threshold on the mean cosine.
    """
    ids, sums = issue_sums(members, issues)
    sizes = dict(zip(ids.tolist(), np.unique(issues, return_counts=True)[1].tolist(), strict=True))
    old = (new @ sums.T).tocsr()
    among = (new @ new.T).toarray()
    chosen = np.zeros(new.shape[0], np.int64)
    similarities = np.zeros(new.shape[0])
    for i in range(new.shape[0]):
        row = slice(old.indptr[i], old.indptr[i + 1])
        totals = dict(zip(ids[old.indices[row]].tolist(), old.data[row].tolist(), strict=True))
        for j in np.flatnonzero(among[i, :i]):
            issue = int(chosen[j])
            totals[issue] = totals.get(issue, 0.0) + float(among[i, j])
        best, mean = -1, 0.0
        for issue, total in totals.items():
            value = total / sizes[issue]
            if value > mean or (value == mean and issue < best):
                best, mean = issue, value
        if best >= 0 and mean >= join_similarity:
            chosen[i], similarities[i] = best, mean
            sizes[best] += 1
        else:
            chosen[i] = next_issue
            sizes[next_issue] = 1
            next_issue += 1
    return Linked(chosen, similarities, next_issue)
