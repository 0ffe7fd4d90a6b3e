"""Open-vocabulary sparse vectors: hashed TF-IDF of words and character bigrams, half each; one of texts, one of places.

No closed vocabulary: a word never seen before has its own column at once (up to hash collisions in 2^20 columns a
half). Counts are kept raw, so that a monthly refresh of the weights gives the same vectors whether the engine ran
on or was started again.
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from signals.linking.places import name_places
from signals.linking.rows import numbered
from signals.settings import LinkingSettings
from signals.text.cleaning import clean
from signals.text.segmenting import segment_clean

RULE_VERSION = 1  # of what is read off a text; raised with every change of cleaning, segments, places or sayings
HALF = 1 << 20  # columns of each half: [0, HALF) words, [HALF, 2·HALF) bigrams
COLUMNS = 2 * HALF
GRAIN = 2.0**-12  # of weights; sums of up to 4,096 rows are exact in single precision, products in double
TOWN_WEIGHT = 3
TOWNS = 1 << 16  # columns of towns, hashed
COUNTED_AT_ONCE = 1 << 22  # tokens
ROWS_AT_ONCE = 500  # of a day, compared with those before them
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Features:
    """Raw token counts of one text: columns ascending, counts ≥ 1, both of length n_tokens."""

    columns: NDArray[np.int32]
    counts: NDArray[np.float32]


class Tokens(NamedTuple):
    """The tokens of one text: of all of it, of the names of places in it, and of the rest."""

    text: Features
    place: Features
    matter: Features


@dataclass(frozen=True, slots=True)
class Vectors:
    """Rows of reports; what a report does not tell is an empty row."""

    text: sparse.csr_matrix  # (n, COLUMNS), rows of length ≤ 1
    place: sparse.csr_matrix  # (n, COLUMNS), the same of the words that name places
    town: sparse.csr_matrix  # (n, TOWNS), 1 in the column of the known town
    latent: Floats  # (n, n_dimensions) what the texts mean (`linking.latent`), beside their words; none are no columns

    def rows(self, index: NDArray[np.int64]) -> "Vectors":
        return Vectors(self.text[index], self.place[index], self.town[index], self.latent[index])

    def parts(self) -> tuple[sparse.csr_matrix, sparse.csr_matrix, sparse.csr_matrix]:
        """Text, place, town."""
        return self.text, self.place, self.town

    def with_earlier(self) -> list[sparse.csr_matrix]:
        """Dot products of all rows with the rows before them, part by part; each (n, n), in double precision.

        What texts mean counts where they share a word at all.
        """
        products = list[sparse.csr_matrix]()
        for part in self.parts():
            tokens, place = numbered(part.indices, part.shape[1])
            shape, found = (part.shape[0], len(tokens)), list[sparse.csr_matrix]()
            narrow = sparse.csr_matrix((part.data.astype(np.float64), place, part.indptr), shape=shape)
            for first in range(0, shape[0], ROWS_AT_ONCE):
                inside, before = slice(first, first + ROWS_AT_ONCE), slice(0, first + ROWS_AT_ONCE)
                below = sparse.tril(narrow[inside] @ narrow[before].T, first - 1, format="csr")
                if part is self.text:
                    owner = np.repeat(np.arange(below.shape[0]), np.diff(below.indptr))
                    below.data += (self.latent[inside] @ self.latent[before].T)[owner, below.indices]
                below.resize(below.shape[0], shape[0])
                found.append(below)
            products.append(sparse.vstack(found, format="csr") if found else sparse.csr_matrix(shape))
        return products

    def known(self) -> Floats:
        """For each row 1 where a place, and where a town is known, else 0; shape (2, n)."""
        return np.array([np.diff(part.indptr) > 0 for part in (self.place, self.town)], np.float64)


def no_vectors(n: int = 0) -> Vectors:
    """n empty rows."""
    text, place, town = (sparse.csr_matrix((n, width), dtype=np.float32) for width in (COLUMNS, COLUMNS, TOWNS))
    return Vectors(text, place, town, np.zeros((n, 0)))


def town_vectors(towns: Sequence[str]) -> sparse.csr_matrix:
    """One row a report: 1 in the column of its town, nothing where that is unknown (""); shape (n, TOWNS)."""
    columns = [zlib.crc32(town.encode()) % TOWNS for town in towns if town]
    ends = np.cumsum([0, *(bool(town) for town in towns)])
    return sparse.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(towns), TOWNS))


def features(
    title: str, body: str, *, town: str = "", body_characters: int = 300, vocabulary: dict[int, str] | None = None
) -> Tokens:
    """Count words and character bigrams of title twice + the first characters of the body.

    town: a known town, as any key; among the places it weighs as much as three mentions. vocabulary: learns the first
    word seen in each column.
    """
    text: Counter[int] = Counter()
    place: Counter[int] = Counter()
    matter: Counter[int] = Counter()
    for part, weight in ((clean(title), 2), (clean(body)[:body_characters], 1)):
        words = segment_clean(part)
        _add(text, words, part.split(), weight)
        if vocabulary is not None:
            for word in words:
                vocabulary.setdefault(column(word), word)
        for is_place, run in groupby(zip(name_places(words), words, strict=True), key=itemgetter(0)):
            told = [word for _, word in run]
            _add(place if is_place else matter, told, ["".join(told)], weight)
    if town:
        _add(place, [f"@{town}"], [], TOWN_WEIGHT)
    return Tokens(_features(text), _features(place), _features(matter))


def column(word: str) -> int:
    """The column of a word."""
    return zlib.crc32(word.encode()) % HALF


def _add(counts: Counter[int], words: Sequence[str], runs: Sequence[str], weight: int) -> None:
    for word in words:
        counts[column(word)] += weight
    for run in runs:
        for pair in map("".join, pairwise(run)):
            if pair.isalnum():
                counts[HALF + zlib.crc32(pair.encode()) % HALF] += weight


def _features(counts: Counter[int]) -> Features:
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
    df = np.zeros(COLUMNS, np.int64)
    for first in range(0, counts.nnz, COUNTED_AT_ONCE):
        np.add.at(df, counts.indices[first : first + COUNTED_AT_ONCE], 1)
    times = np.arange(df.max() + 1)  # that a token can be in texts: far fewer than there are columns
    weights = np.log((1.0 + n) / (1.0 + times)) + 1.0
    weights[times > max(max_share * n, 3)] = 0.0
    return np.asarray(weights, np.float32)[df]


def weigh(counts: sparse.csr_matrix, idf: NDArray[np.float32]) -> sparse.csr_matrix:
    """Sublinear TF-IDF, each half scaled to length √½, so that rows have length ≤ 1 (1 when both halves speak).

    Weights are multiples of GRAIN, so that sums of rows are exact and do not depend on the order of adding.
    """
    weighted = counts.astype(np.float32, copy=True)
    weighted.data = (1.0 + np.log(weighted.data)) * idf[weighted.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(weighted.indptr))
    half = (weighted.indices >= HALF).astype(np.int64)
    squares = np.bincount(rows * 2 + half, weights=weighted.data.astype(np.float64) ** 2, minlength=2 * counts.shape[0])
    norms = np.sqrt(2.0 * squares)
    norms[norms == 0] = 1.0
    weighted.data = (np.rint(weighted.data / norms[rows * 2 + half] / GRAIN) * GRAIN).astype(np.float32)
    weighted.eliminate_zeros()
    return weighted


def agreement(means: Floats, known: Floats, rule: LinkingSettings) -> Floats:
    """Similarity of a report and an issue, or of two issues: that of the texts, made smaller where places disagree.

    means: shape (3, …), mean similarities of texts, cosines of places and of towns over all pairs; known: shape (2, …),
    shares of the pairs in which both name a place, and in which both towns are known. Places that agree by
    rule.same_place on average agree wholly. Between places that disagree wholly a similarity is worth rule.other_place
    of itself, and beyond rule.same_wording less the larger it is: words so alike were used twice, for two places.
    Towns that differ multiply by rule.other_town. Where nothing is known the texts alone decide.
    """
    text, place, town = means
    agree = np.minimum(1.0, place / (rule.same_place * np.maximum(known[0], 1e-9)))
    elsewhere = known[0] * (1.0 - agree)
    worth = rule.other_place * np.minimum(text, rule.same_wording**2 / np.maximum(text, 1e-9))
    by_town = 1.0 - (1.0 - rule.other_town) * np.maximum(known[1] - town, 0.0)
    return np.asarray(((1.0 - elsewhere) * text + elsewhere * worth) * by_town)


def dots(
    ones: sparse.csr_matrix, one: NDArray[np.int64], others: sparse.csr_matrix, other: NDArray[np.int64]
) -> Floats:
    """Dot products of pairs of rows, in double precision, shape (n_pairs,); one, other: (n_pairs,) row numbers."""
    products = ones[one].astype(np.float64).multiply(others[other].astype(np.float64))
    return np.asarray(products.sum(axis=1), np.float64).ravel()


def latent_products(ones: Floats, others: Floats) -> Floats:
    """Dot products row by row, shape (n,)."""
    return np.asarray(np.einsum("ij,ij->i", ones, others), np.float64)


def centrality(matrix: sparse.csr_matrix, group: NDArray[np.int64]) -> NDArray[np.float64]:
    """Dot products of every row with the sum of all rows of its group: how much it agrees with them, shape (n,).

    group: (n,) ascending.
    """
    distinct, place = numbered(matrix.indices, matrix.shape[1])
    sums, found = np.zeros(len(distinct)), np.zeros(matrix.shape[0])
    weights = matrix.data.astype(np.float64)
    bounds = np.flatnonzero(np.diff(group, prepend=-1, append=-1)).tolist()
    for first, end in pairwise(bounds):
        inside = slice(matrix.indptr[first], matrix.indptr[end])
        columns = place[inside]
        np.add.at(sums, columns, weights[inside])
        owner = np.repeat(np.arange(end - first), np.diff(matrix.indptr[first : end + 1]))
        found[first:end] = np.bincount(owner, weights=weights[inside] * sums[columns], minlength=end - first)
        sums[columns] = 0.0
    return found
