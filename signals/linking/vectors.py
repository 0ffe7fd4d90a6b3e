"""Open-vocabulary sparse vectors: hashed TF-IDF of words and character bigrams, half each, and the place.

No closed vocabulary: a word never seen before has its own column at once (up to hash collisions in 2^20 columns a
half). Counts are kept raw, so that a monthly refresh of the weights gives the same vectors whether the engine ran
on or was started again.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from signals.text.cleaning import clean
from signals.text.segmenting import segment_clean

HALF = 1 << 20  # columns of each half: [0, HALF) words, [HALF, 2·HALF) bigrams
COLUMNS = 2 * HALF


@dataclass(frozen=True, slots=True)
class Features:
    """Raw token counts of one text: columns ascending, counts ≥ 1, both of length n_tokens."""

    columns: NDArray[np.int32]
    counts: NDArray[np.float32]


def features(title: str, body: str, *, body_characters: int = 300) -> Features:
    """Count the words and character bigrams of title twice + the first characters of the body."""
    head, rest = clean(title), clean(body)[:body_characters]
    counts: dict[int, float] = {}
    for text, weight in ((head, 2.0), (rest, 1.0)):
        for word in segment_clean(text):
            column = zlib.crc32(word.encode()) % HALF
            counts[column] = counts.get(column, 0.0) + weight
        for part in text.split():
            for i in range(len(part) - 1):
                pair = part[i : i + 2]
                if pair.isalnum():
                    column = HALF + zlib.crc32(pair.encode()) % HALF
                    counts[column] = counts.get(column, 0.0) + weight
    columns = np.fromiter(sorted(counts), dtype=np.int32, count=len(counts))
    return Features(columns, np.array([counts[int(c)] for c in columns], dtype=np.float32))


def stack(rows: Sequence[Features]) -> sparse.csr_matrix:
    """Counts of several texts as one matrix, shape (n_texts, COLUMNS)."""
    ends = np.cumsum([0, *(len(row.columns) for row in rows)])
    columns = np.concatenate([row.columns for row in rows]) if rows else np.empty(0, np.int32)
    counts = np.concatenate([row.counts for row in rows]) if rows else np.empty(0, np.float32)
    return sparse.csr_matrix((counts, columns, ends), shape=(len(rows), COLUMNS))


def inverse_document_frequency(counts: sparse.csr_matrix, *, max_share: float) -> NDArray[np.float32]:
    """Weights by column, ln((1+n)/(1+df)) + 1, and 0 for tokens in more than max_share of the texts.

    Rare and unseen tokens keep the highest weight: pruning them collapses linking. Shape (COLUMNS,).
    """
    n = counts.shape[0]
    df = np.bincount(counts.indices, minlength=COLUMNS)
    weights = np.log((1.0 + n) / (1.0 + df)) + 1.0
    weights[df > max(max_share * n, 3)] = 0.0
    return np.asarray(weights, np.float32)


def weigh(counts: sparse.csr_matrix, idf: NDArray[np.float32]) -> sparse.csr_matrix:
    """Sublinear TF-IDF, each half scaled to length √½, so that rows have length ≤ 1 (1 when both halves speak)."""
    weighted = counts.astype(np.float32, copy=True)
    weighted.data = (1.0 + np.log(weighted.data)) * idf[weighted.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(weighted.indptr))
    half = (weighted.indices >= HALF).astype(np.int64)
    squares = np.bincount(rows * 2 + half, weights=weighted.data.astype(np.float64) ** 2, minlength=2 * counts.shape[0])
    norms = np.sqrt(2.0 * squares)
    norms[norms == 0] = 1.0
    weighted.data = (weighted.data / norms[rows * 2 + half]).astype(np.float32)
    weighted.eliminate_zeros()
    return weighted


def placed(weighted: sparse.csr_matrix, towns: NDArray[np.int64], *, other_place: float) -> sparse.csr_matrix:
    """Vectors in which the place has a say: the cosine of texts from two known towns is multiplied by other_place.

    Each row with a known town is (√o · text, √(1−o) · text in columns of its town), so the cosine stays whole inside a
    town, is o times the texts' between towns, and √o times it where one of the two is unknown. weighted: (n, COLUMNS);
    towns: (n,) a code ≥ 0, or −1 when unknown; other_place: o in (0, 1]. Returns (n, 2 · COLUMNS).
    """
    rows = np.repeat(np.arange(weighted.shape[0]), np.diff(weighted.indptr))
    known = (towns >= 0)[rows]
    shared, own = weighted.copy(), weighted.copy()
    shared.data = np.where(known, weighted.data * np.sqrt(other_place), weighted.data).astype(np.float32)
    own.data = np.where(known, weighted.data * np.sqrt(1.0 - other_place), 0.0).astype(np.float32)
    own.indices = ((weighted.indices.astype(np.int64) * 1_000_003 + towns[rows] * 7_919) % COLUMNS).astype(np.int32)
    own.has_sorted_indices = False
    own.sum_duplicates()
    own.eliminate_zeros()
    return sparse.hstack([shared, own], format="csr")


def dots(matrix: sparse.csr_matrix, row: sparse.csr_matrix) -> NDArray[np.float64]:
    """Dot products of every row of `matrix` with one row, shape (n,); fast where only a few rows are asked."""
    if row.nnz == 0 or matrix.nnz == 0:
        return np.zeros(matrix.shape[0])
    order = np.argsort(row.indices, kind="stable")
    columns, values = row.indices[order], row.data[order].astype(np.float64)
    place = np.minimum(np.searchsorted(columns, matrix.indices), len(columns) - 1)
    products = np.where(columns[place] == matrix.indices, matrix.data * values[place], 0.0)
    owner = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return np.asarray(np.bincount(owner, weights=products, minlength=matrix.shape[0]), np.float64)


def total(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """The sum of all rows as one sparse row, shape (1, columns)."""
    ones = sparse.csr_matrix(np.ones((1, matrix.shape[0]), np.float32))
    return (ones @ matrix).tocsr()
