"""The name model: which of the gate's candidates are people. Without its weights nothing is redacted, nothing runs.

The weights are learnt by models/naming and shipped beside this file; here they are only summed.
"""

import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from signals.errors import StateError
from signals.redaction.candidates import C_GG, PAD, S_GG, Candidates, codes_of, propose
from signals.redaction.features import GROUPS, N_WEIGHTS, WIDTH, Lexicon, hashed

WEIGHTS = Path(__file__).parent / "naming.npz"
SCALE = 32  # the table is stored in whole numbers of 1/32
_LAYERS = ("hidden", "hidden_bias", "last", "last_bias")
_LINE = -1.1  # a candidate whose logit is above it is a name: about 1 % of places and firms are lost
_WARY_OF = {"和区左商": 3.0, "何曾于方管常任许万楼官车池劳应时单连": 0.5}  # what surnames that are common words cost
_AGREED = 0.5  # of the best logit of the same name in the text
_PLACES = np.array((48, 32, 16, 0))  # of four characters in one number
_EDGES = np.cumsum((0, *GROUPS[:-1]))


@dataclass(frozen=True, slots=True)
class NameModel:
    """A row of WIDTH for every hashed feature, two small layers above, and the dictionary words that are looked at."""

    table: NDArray[np.float32]
    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    last: NDArray[np.float32]
    last_bias: NDArray[np.float32]
    lexicon: Lexicon

    def margins(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """The logit of being a name, for every line of `features.hashed`."""
        sums = np.add.reduceat(self.table[rows], _EDGES, axis=1)
        above = np.maximum(sums.reshape(len(rows), -1) @ self.hidden.T + self.hidden_bias, 0)
        return np.asarray(above @ self.last + self.last_bias[0] + sums[:, :, 0].sum(1))

    def is_word(self, text: str) -> bool:
        """Whether a text of two or three characters is a dictionary's word."""
        two, three = self.lexicon.ranks(codes_of(text))
        return bool((two if len(text) == 2 else three)[PAD])

    def names_in(self, text: str, *, line: float = _LINE) -> list[tuple[int, int]]:
        """[start, end) of every name in a folded text, left to right, none overlapping."""
        codes = codes_of(text)
        found = propose(codes)
        if not len(found.start):
            return []
        ranks = self.lexicon.ranks(codes)
        margin = _agreement(codes, found, _wary(codes, found, self.margins(hashed(codes, found, ranks))))
        likely = np.flatnonzero(margin > line)
        best_first = likely[np.argsort(-margin[likely], kind="stable")]
        starts, lengths = found.start[best_first] - PAD, found.length[best_first]
        chosen: list[tuple[int, int]] = []
        taken: set[int] = set()
        for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
            span = range(start, start + length)
            if taken.isdisjoint(span):
                taken.update(span)
                chosen.append((start, start + length))
        return sorted(chosen)


def _wary(codes: NDArray[np.int64], found: Candidates, margin: NDArray[np.float32]) -> NDArray[np.float32]:
    """The logits, lower where the surname is a common word of its own: 和标明, 何时会, 曾发生, A3区西湖."""
    surnames, before = codes[found.start], codes[found.start - 1]
    cost = np.where(found.form <= S_GG, _costs()[surnames], 0.0)
    is_coded = (surnames == ord("区")) & (before > 0) & (before < 0x80)
    return np.asarray(np.where(is_coded, -np.inf, margin - cost), np.float32)


@lru_cache(maxsize=1)
def _costs() -> NDArray[np.float32]:
    costs = np.zeros(0x10000, np.float32)
    for surnames, cost in _WARY_OF.items():
        costs[[ord(surname) for surname in surnames]] = cost
    return costs


def _agreement(codes: NDArray[np.int64], found: Candidates, margin: NDArray[np.float32]) -> NDArray[np.float32]:
    """The logits, a full name's higher where the same characters are surer to be one elsewhere in the text."""
    full = np.flatnonzero(found.form <= C_GG)
    window = codes[found.start[full, None] + np.arange(4)] << _PLACES
    written = window.sum(1) >> 16 * (4 - found.length[full])
    in_order = np.sort(written)
    if (in_order[1:] != in_order[:-1]).all():
        return margin
    known, place = np.unique(written, return_inverse=True)
    best = np.zeros(len(known))
    np.maximum.at(best, place, margin[full])
    higher = margin.copy()
    higher[full] += np.where(margin[full] < best[place], _AGREED * best[place], 0.0)
    return higher


@lru_cache(maxsize=1)
def name_model() -> NameModel:
    """The model of this installation. Raises StateError where it is missing or broken: never a run without one."""
    return load_name_model(WEIGHTS)


def load_name_model(path: Path) -> NameModel:
    """The model of a file. Raises StateError."""
    try:
        with np.load(path, allow_pickle=False) as held:
            table = held["table"].astype(np.float32) / SCALE
            hidden, hidden_bias, last, last_bias = (held[name] for name in _LAYERS)
            words = [held[name].astype(np.int64) for name in ("two", "two_rank", "three", "three_rank")]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as fault:
        raise _unusable(path, type(fault).__name__) from fault
    if table.shape != (N_WEIGHTS, WIDTH) or hidden.shape[1:] != (len(GROUPS) * WIDTH,):
        raise _unusable(path, f"{table.shape} 的权重")
    return NameModel(table, hidden, hidden_bias, last, last_bias, Lexicon(*words))


def _unusable(path: Path, got: str) -> StateError:
    return StateError(
        f"{path.name}: 姓名识别模型无法载入；得到 {got}；应为随程序安装的权重文件。"
        "没有它不会脱敏，也不会入库；请重新安装 jianwei。"
    )
