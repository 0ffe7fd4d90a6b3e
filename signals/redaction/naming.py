"""The name model: which of the gate's candidates are people. Without its weights nothing is redacted, nothing runs.

The weights are learnt by models/naming and shipped beside this file; here they are only summed.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from signals.errors import StateError
from signals.redaction.candidates import C_GG, PAD, S_G, S_GG, Candidates, codes_of, is_among, propose
from signals.redaction.features import GROUPS, N_WEIGHTS, WIDTH, Lexicon, Ranks, hashed

WEIGHTS = Path(__file__).parent / "naming.npz"
SCALE = 32  # the table is stored in whole numbers of 1/32
_LAYERS = ("hidden", "hidden_bias", "last", "last_bias")
_LINE = -1.5  # a candidate whose logit is above it is a name: .8 % of places are lost
_WARY_OF = {"和区左商": 3.0, "何曾于方管常任许万楼官车池劳应时单连": 0.5}  # what surnames that are common words cost
_FUNCTION = "于向和何应任由从曾高常管"  # surnames that stand before words all the time: 于全国, 向大家, 何道理, 高达
_FUNCTION_WORD, _FUNCTION_SHORT = 2.0, 1.0  # what they cost before a common word, and before a single character
_SURER = 1.0  # what a word for a person right before a full name adds: 住户, 司机
_ROLES = """
住户 租户 租客 房东 房客 户主 村民 市民 老板 店主 摊主 车主 司机 师傅 邻居 同事 朋友 同学 老师 学生 家长 医生 护士 经理
主管 员工 职工 工人 民工 保安 老人 党员 丈夫 妻子 老公 老婆 父亲 母亲 爸爸 妈妈 儿子 女儿 哥哥 弟弟 姐姐 妹妹 爷爷 奶奶
外公 外婆 男子 女子 患者 伤者 死者 村长 书记 主任 局长 所长 队长 组长 会计 律师 法官 民警 中介 教练 校长
"""
_AGREED = 0.5  # of the best logit of the same name in the text
_DISAGREED = -3.0  # the mean logit below which the same characters are a name nowhere in a text
_PLACES = np.array((48, 32, 16, 0))  # of four characters in one number
_AT_ONCE = 2_000  # candidates, so that memory stays bounded
_EDGES = np.cumsum((0, *GROUPS[:-1]))
_BETWEEN = "\0" * PAD  # texts that are looked at together: none sees its neighbours


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
        parts = (rows[first : first + _AT_ONCE] for first in range(0, max(len(rows), 1), _AT_ONCE))
        return np.concatenate([self._margins(part) for part in parts])

    def _margins(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        sums = np.add.reduceat(self.table[rows], _EDGES, axis=1)
        flat = sums.reshape(len(rows), 1, -1)
        above = np.maximum((flat * self.hidden).sum(2) + self.hidden_bias, 0)  # in one order, however many lines
        return np.asarray((above * self.last).sum(1) + self.last_bias[0] + sums[:, :, 0].sum(1))

    def is_word(self, text: str, *, rank: int = 1) -> bool:
        """Whether a text of two or three characters is a dictionary's word, of this rank at least: 1 rare, 3 common."""
        two, three = self.lexicon.ranks(codes_of(text))
        return bool((two if len(text) == 2 else three)[PAD] >= rank)

    def names_in(self, texts: Sequence[str], *, line: float = _LINE) -> list[list[tuple[int, int]]]:
        """Of each folded text [start, end) of every name, left to right, none overlapping; each as if it were alone."""
        names: list[list[tuple[int, int]]] = [[] for _ in texts]
        codes = codes_of(_BETWEEN.join(texts))
        found = propose(codes)
        if not len(found.start):
            return names
        begins = list(accumulate((len(text) + PAD for text in texts[:-1]), initial=PAD))
        text_of = np.searchsorted(begins, found.start, side="right") - 1
        ranks = self.lexicon.ranks(codes)
        margin = _wary(codes, found, ranks, self.margins(hashed(codes, found, ranks)))
        margin = _agreement(codes, found, text_of, margin)
        likely = np.flatnonzero(margin > line)
        best_first = likely[np.argsort(-margin[likely], kind="stable")]
        starts, lengths = found.start[best_first], found.length[best_first]
        taken: set[int] = set()
        for text, start, length in zip(text_of[best_first].tolist(), starts.tolist(), lengths.tolist(), strict=True):
            span = range(start, start + length)
            if taken.isdisjoint(span):
                taken.update(span)
                names[text].append((start - begins[text], start - begins[text] + length))
        return [sorted(each) for each in names]


def _wary(
    codes: NDArray[np.int64], found: Candidates, ranks: Ranks, margin: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The logits, lower where the surname is a common word of its own: 和标明, 何时会, 曾发生, A3区西湖; higher after a
    word for a person."""
    surnames, before = codes[found.start], codes[found.start - 1]
    cost = np.where(found.form <= S_GG, _costs()[surnames], 0.0)
    has_role = is_among(codes[found.start - 2] << 16 | before, _roles()) & (found.form <= C_GG)
    is_function = _is_function()[surnames]
    has_word = (found.form == S_GG) & (ranks[0][found.start + 1] > 2)
    cost = cost + is_function * (_FUNCTION_WORD * has_word + _FUNCTION_SHORT * (found.form == S_G))
    cost = cost - np.where(has_role, _SURER, 0.0)
    is_coded = (surnames == ord("区")) & (before > ord(" ")) & (before < 0x80)  # a line's end is no code
    return np.asarray(np.where(is_coded, -np.inf, margin - cost), np.float32)


@lru_cache(maxsize=1)
def _is_function() -> NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=np.bool_)
    table[[ord(surname) for surname in _FUNCTION]] = True
    return table


@lru_cache(maxsize=1)
def _roles() -> NDArray[np.int64]:
    return np.array(sorted({ord(word[0]) << 16 | ord(word[1]) for word in _ROLES.split()}))


@lru_cache(maxsize=1)
def _costs() -> NDArray[np.float32]:
    costs = np.zeros(0x10000, np.float32)
    for surnames, cost in _WARY_OF.items():
        costs[[ord(surname) for surname in surnames]] = cost
    return costs


def _agreement(
    codes: NDArray[np.int64], found: Candidates, text_of: NDArray[np.int64], margin: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The logits, a full name's higher where the same characters are surer to be one elsewhere in its text."""
    full = np.flatnonzero(found.form <= C_GG)
    window = codes[found.start[full, None] + np.arange(4)] << _PLACES
    written = window.sum(1) >> 16 * (4 - found.length[full])
    _, name = np.unique(written, return_inverse=True)
    known, place = np.unique(text_of[full] * (len(full) + 1) + name, return_inverse=True)
    best = np.zeros(len(known))
    np.maximum.at(best, place, margin[full])
    mean = np.bincount(place, margin[full]) / np.bincount(place)
    higher = margin.copy()
    higher[full] += np.where(margin[full] < best[place], _AGREED * best[place], 0.0)
    higher[full[mean[place] < _DISAGREED]] = -np.inf
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
