"""Sums of members given at once, for tests of what is compared with them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from signals.linking.sums import IssueSums
from signals.linking.vectors import Vectors


def sum_up(members: Vectors, issues: Sequence[int] | NDArray[np.int64]) -> IssueSums:
    """The sums of members given at once; issues: (n_members,) ids."""
    sums = IssueSums(dimensions=members.latent.shape[1])
    sums.add(members, np.asarray(issues, np.int64))
    return sums
