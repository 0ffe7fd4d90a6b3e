"""Cosines of one text with a few others straight from their counts: no matrix is built."""

import numpy as np
from numpy.typing import NDArray

from signals.linking.rows import Rows
from signals.linking.vectors import HALF, Floats

SUBLINEAR = np.concatenate([[0.0], 1.0 + np.log(np.arange(1, 256))])  # weight of a count, as `weigh` has it


def cosines(counts: Rows, row: int, others: NDArray[np.int64], idf: NDArray[np.float32]) -> Floats:
    """Cosines of a row of counts (uint8) with others, shape (len(others),): of the weights of `weigh`, unrounded."""
    own, n, _ = counts.entries(np.array([row]))
    columns, n_others, lengths = counts.entries(others)
    mine, theirs = SUBLINEAR[n] * idf[own], SUBLINEAR[n_others] * idf[columns]
    order = np.argsort(own)
    place = np.minimum(np.searchsorted(own[order], columns), len(own) - 1) if len(own) else np.zeros(len(columns), int)
    same = own[order][place] == columns if len(own) else np.zeros(len(columns), bool)
    owner = np.repeat(2 * np.arange(len(others)), lengths) + (columns >= HALF)
    n_halves = 2 * len(others)
    dots = np.bincount(owner[same], weights=theirs[same] * mine[order][place[same]], minlength=n_halves).reshape(-1, 2)
    squares = np.bincount(owner, weights=theirs**2, minlength=n_halves).reshape(-1, 2)
    squares *= np.bincount(own >= HALF, weights=mine**2, minlength=2)
    return np.asarray((dots / np.sqrt(2 * 2 * np.where(squares > 0, squares, 1.0))).sum(axis=1))
