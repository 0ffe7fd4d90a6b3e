"""What texts mean by the company that their words keep: latent semantic analysis of the texts so far.

Fireworks and firecrackers share no token, but neighbours: both are heard of beside smoke, noise and the night. So texts
with either come near each other here, without any dictionary.

Source: Deerwester, Dumais, Furnas, Landauer, Harshman: Indexing by Latent Semantic Analysis. JASIS 41 (1990).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from signals.linking.rows import only
from signals.linking.vectors import COLUMNS, GRAIN, HALF, Floats

DIMENSIONS = 50
LEAST_TEXTS = 300  # fewer say nothing
PRODUCTS = 16  # pairs of products with the matrix, after which directions are near enough
SPARE = 14  # directions more that are followed on the way
NOWHERE = -1
NOTHING = 1e-9  # a length that rounding alone leaves


@dataclass(frozen=True, slots=True)
class Latent:
    """Words as directions, and where texts lie on average."""

    place: NDArray[np.int32]  # (COLUMNS,) of each word in the basis, NOWHERE of other tokens
    basis: Floats  # (n_words, DIMENSIONS)
    mean: Floats  # (DIMENSIONS,) of texts of length 1
    weight: float  # of a cosine here, beside that of the words

    def of(self, weighted: sparse.csr_matrix) -> Floats:
        """Where texts lie, shape (n, DIMENSIONS): rows of length √weight, from the mean on; 0 for a text without words.

        Multiples of GRAIN, so that sums of rows are exact.
        """
        rows = self._placed(weighted)
        rows[rows.any(axis=1)] -= self.mean
        return np.asarray(np.rint(_unit(rows) * np.sqrt(self.weight) / GRAIN) * GRAIN)

    def _placed(self, weighted: sparse.csr_matrix) -> Floats:
        known = only(weighted, self.place[weighted.indices] != NOWHERE)
        shape = (weighted.shape[0], len(self.basis))
        return _unit(sparse.csr_matrix((known.data, self.place[known.indices], known.indptr), shape=shape) @ self.basis)


def latent_of(weighted: sparse.csr_matrix, weight: float) -> Latent | None:
    """What some texts teach, rows of weights as `vectors.weigh` gives them; None where they are too few.

    Words of a single text keep no company and are left out.
    """
    if weighted.shape[0] < LEAST_TEXTS:
        return None
    in_texts = np.bincount(weighted.indices, minlength=HALF)[:HALF]
    words = np.flatnonzero(in_texts > 1)
    if len(words) <= DIMENSIONS:
        return None
    basis = _directions(weighted[:, words].astype(np.float64))
    place = np.full(COLUMNS, NOWHERE, np.int32)
    place[words] = np.arange(len(words))
    found = Latent(place, basis, np.zeros(DIMENSIONS), weight)
    return replace(found, mean=found._placed(weighted).mean(axis=0))


def _directions(told: sparse.csr_matrix) -> Floats:
    """The right singular vectors of the largest singular values, shape (n_words, DIMENSIONS), always the same ones.

    By subspace iteration from a fixed start (Halko, Martinsson, Tropp, SIAM Review 53 (2011), algorithms 4.4 and 5.1):
    so many products whatever the texts say, where methods that wait for convergence take minutes over equal values.
    """
    rows = np.random.default_rng(0).standard_normal((told.shape[1], DIMENSIONS + SPARE))
    for _ in range(PRODUCTS):
        rows = _apart(told.T @ (told @ rows))
    seen = told @ rows
    _, turned = linalg.eigh(seen.T @ seen)  # the squares of singular values, ascending
    return np.asarray(rows @ turned[:, ::-1][:, :DIMENSIONS])


def _apart(rows: Floats) -> Floats:
    """The same space by directions at right angles, so that the next product does not lose the weaker ones.

    By Cholesky of the products of all pairs, a small part of the time of a QR of tall rows (Fukaya, Nakatsukasa,
    Yanagisawa, Yamamoto: CholeskyQR2. ScalA 2014, algorithm 1); where directions are equal, by QR.
    """
    try:
        upper = linalg.cholesky(rows.T @ rows)
    except linalg.LinAlgError:
        return np.asarray(np.linalg.qr(rows)[0])
    return np.asarray(linalg.solve_triangular(upper, rows.T, trans="T").T)


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    said = lengths > NOTHING
    return np.asarray(np.where(said, rows / np.where(said, lengths, 1.0), 0.0), np.float64)
