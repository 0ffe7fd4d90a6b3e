"""Leader clustering: a report joins the most similar earlier leader if it is similar enough, else it leads itself.

Similarity is the cosine of TF-IDF of words. The document frequencies are those of the whole stream: hindsight in the
method's favour.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
USUAL = 0.3


def tf_idf(words: Sequence[Sequence[str]]) -> Any:
    """TF-IDF of documents, sublinear, rows of length 1, sparse (n, n_words)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer=_itself, sublinear_tf=True).fit_transform(words)


def _itself(words: Sequence[str]) -> Sequence[str]:
    return words


def similarities(vectors: Any, *, least: float = THRESHOLDS[0]) -> Any:
    """Cosines ≥ least of every row with the rows before it, sparse (n, n)."""
    from scipy import sparse

    blocks = []
    for begin in range(0, vectors.shape[0], 500):
        block = vectors[begin : begin + 500] @ vectors.T
        block.data[block.data < least] = 0.0
        block.eliminate_zeros()
        blocks.append(block)
    return sparse.tril(sparse.vstack(blocks), k=-1, format="csr")


def lead(near: Any, threshold: float) -> list[int]:
    """The leader of every row (itself where none is near enough); ties go to the earlier leader."""
    n = near.shape[0]
    leader, leads = list(range(n)), np.zeros(n, bool)
    for row in range(n):
        span = slice(near.indptr[row], near.indptr[row + 1])
        others, values = near.indices[span], near.data[span]
        usable = leads[others] & (values >= threshold)
        if usable.any():
            others, values = others[usable], values[usable]
            leader[row] = int(others[np.lexsort((others, -values))[0]])
        else:
            leads[row] = True
    return leader
