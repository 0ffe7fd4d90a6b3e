"""How alike two texts are by chance alone, and vectors scaled so that a similarity means the same in every stream.

A cosine of .15 says much between long petitions and nothing between short orders that share half their words with
hundreds of others. So every row is divided by the root of the deviation that its cosine with a random text has.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from signals.linking.rows import numbered
from signals.linking.vectors import COLUMNS, GRAIN

TEXTS = 20_000  # that chance is learnt from at most, evenly spread over the past
USUAL = 0.01  # deviation of a chance cosine at which a scaled similarity is the cosine itself
ASSUMED_TEXTS = 40  # said to deviate by USUAL, beside those known
SMALLEST = 0.004  # deviation; a few words that nobody else uses are not infinitely telling
LARGEST = 0.03  # deviation of a whole text; however formulaic a stream, a report and its copy about one place are alike


@dataclass(frozen=True, slots=True)
class Chance:
    """What is known of chance from some texts."""

    variances: NDArray[np.float64]  # (COLUMNS,) of the weight that a token has in a text
    n_texts: int


def chance_of(weighted: Iterable[sparse.csr_matrix]) -> Chance:
    """The variance over texts of each token's weight; weighted: rows of texts, matrix by matrix."""
    parts = [sparse.csr_matrix((0, COLUMNS)), *weighted]
    n, weights = sum(rows.shape[0] for rows in parts), np.concatenate([rows.data for rows in parts]).astype(np.float64)
    heard, place = numbered(np.concatenate([rows.indices for rows in parts]), COLUMNS)
    means, squares = (np.bincount(place, each, len(heard)) / max(n, 1) for each in (weights, weights**2))
    variances = np.zeros(COLUMNS)
    variances[heard] = squares - means**2
    return Chance(variances, n)


def deviations(weighted: sparse.csr_matrix, chance: Chance, largest: float = np.inf) -> NDArray[np.float64]:
    """The standard deviation of each row's cosine with a random text, shape (n,), SMALLEST to largest.

    The variance of Σ w·W, with W the weights of a random text and tokens taken as independent, is Σ w²·Var W. The row
    counts as one more of the texts that chance was learnt from: a word never seen before may come again. What few texts
    say is drawn to USUAL as if ASSUMED_TEXTS more had said that; without any, a scaled similarity is the cosine.
    """
    squares = weighted.data.astype(np.float64) ** 2
    n = chance.n_texts
    of_tokens = (n * chance.variances[weighted.indices] + squares) / (n + 1)
    owner = np.repeat(np.arange(weighted.shape[0]), np.diff(weighted.indptr))
    seen = np.bincount(owner, weights=squares * of_tokens, minlength=weighted.shape[0])
    variance = (n * seen + ASSUMED_TEXTS * USUAL**2) / (n + ASSUMED_TEXTS)
    return np.asarray(np.clip(np.sqrt(variance), SMALLEST, largest))


def against_chance(weighted: sparse.csr_matrix, chance: Chance, largest: float = np.inf) -> sparse.csr_matrix:
    """Rows scaled so that a product of two is their cosine · USUAL ÷ the geometric mean of their deviations.

    Weights stay multiples of GRAIN, so that sums of rows stay exact.
    """
    factor = np.repeat(np.sqrt(USUAL / deviations(weighted, chance, largest)), np.diff(weighted.indptr))
    scaled = weighted.copy()
    scaled.data = (np.rint(weighted.data * factor / GRAIN) * GRAIN).astype(np.float32)
    scaled.eliminate_zeros()
    return scaled
