"""What the name model looks at: a candidate's characters, its neighbours, which dictionary words lie across it, and how
soon after it something follows that ends the name of a place or a firm.

Every feature is hashed into one table of weights (Weinberger et al. 2009, feature hashing).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from signals.redaction.candidates import PAD, Candidates, is_among

N_WEIGHTS = 1 << 18
WIDTH = 8  # numbers a feature has
GROUPS = (8, 7, 7, 9)  # features inside the candidate, of words, on its left, on its right
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # Fibonacci hashing, Knuth, TAOCP 3, 6.4
_SHIFT = np.uint64(64 - 18)
_ENDING, _BEGINS_ENDING, _SIGN = 1, 2, 4
_FAR = 5  # characters after a candidate from which on an ending says nothing of it
# What ends a name of an estate, a place in the country, a street, a firm; or follows one. Generic, no place's own.
_ENDS = "郡府苑湾山湖城园居庭轩阁邸村镇路街巷桥站厦墅岛洲港江河海塘坡岭峰谷坪冲期栋幢座厂店馆校院寺庙"
_LONG_ENDS = """
花园 小区 水郡 滨江 公馆 名邸 新城 新村 山庄 国际 广场 世家 半岛 时代 华府 首府 御府 学府 家园 雅苑 名苑 豪庭 华庭
名庭 豪苑 嘉园 佳园 家苑 大厦 大道 公园 景区 楼盘 项目 工地 业主 物业 开发 交房 精装 售楼 置业 地产 一期 二期 三期
四期 五期 六期 社区 街道 中路 东路 西路 南路 北路 中心 商城 商场 市场 学校 中学 小学 幼儿 大学 学院 医院 酒店 公司
集团 有限 科技 餐厅 超市 专卖 银行 英语 教育 健身 驾校 食品 电器 家居 汽车 金融 投资 药房 酒楼 宾馆 故居 水库 大桥
托管 早教 培训 婚庆 摄影 刀具 厨具 家具 灯具 门窗 建材 石材 涂料 卫浴 窗帘 家纺 纺织 服饰 女装 童装 珠宝 广告 装饰
园林 粮油 茶庄 水产 熟食 蛋糕 机械 模具 电子 物流 快递 家政 美容 美发 理发 口腔 足浴 五金 烧腊 海鲜 凉茶 饭店 商行
商店 便利 药店
"""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Dictionary words of two and three characters, sorted, each with 1 (rare) to 3 (common)."""

    two: NDArray[np.int64]
    two_rank: NDArray[np.int64]
    three: NDArray[np.int64]
    three_rank: NDArray[np.int64]

    def ranks(self, codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For every place, how common the word of two, and of three, that starts there is; 0 for none."""
        pair = codes << 16
        pair[:-1] |= codes[1:]
        triple = pair << 16
        triple[:-2] |= codes[2:]
        return _look_up(self.two, self.two_rank, pair), _look_up(self.three, self.three_rank, triple)


def _look_up(words: NDArray[np.int64], ranks: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.int64]:
    at = np.searchsorted(words, keys)
    at[at == len(words)] = 0
    return np.where(words[at] == keys, ranks[at], 0)


@lru_cache(maxsize=1)
def _endings() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """(what every character is: _ENDING, _BEGINS_ENDING, _SIGN or 0; the endings of two characters)."""
    kinds = np.full(0x10000, _SIGN, dtype=np.uint8)
    for start, end in ((0x30, 0x3A), (0x41, 0x5B), (0x61, 0x7B), (0x4E00, 0xA000)):
        kinds[start:end] = 0
    words = _LONG_ENDS.split()
    kinds[[ord(character) for character in _ENDS]] |= _ENDING
    kinds[sorted({ord(word[0]) for word in words})] |= _BEGINS_ENDING
    return kinds, np.unique(np.array([ord(word[0]) << 16 | ord(word[1]) for word in words]))


def endings_near(codes: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
    """How far from `at` the next ending of one and of two characters is, both in one number; a sign stops it."""
    table, long_ends = _endings()
    kinds = table[codes]
    begin = (kinds & _BEGINS_ENDING).nonzero()[0]
    begin = begin[is_among(codes[begin] << 16 | codes[begin + 1], long_ends)] if len(begin) else begin
    stop = _next((kinds & _SIGN).nonzero()[0], at)  # the last characters are signs: there is always one
    near = _next((kinds & (_ENDING | _SIGN)).nonzero()[0], at)
    far = _next(np.concatenate((begin, [len(codes)])), at)
    reach = np.minimum(stop, _FAR)
    return np.asarray(np.where(near < reach, near, _FAR) * 6 + np.where(far < reach, far, _FAR))


def _next(places: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.int64]:
    """How far it is from each of `at` to the next of `places`, sorted."""
    return np.asarray(places[np.searchsorted(places, at)] - at)


Ranks = tuple[NDArray[np.int64], NDArray[np.int64]]  # of the words of two and of three, at every place


def hashed(codes: NDArray[np.int64], found: Candidates, ranks: Ranks) -> NDArray[np.int64]:
    """(n candidates, sum of GROUPS) rows of a table of N_WEIGHTS, group by group."""
    start, form, end = found.start, found.form, found.start + found.length
    two, three = ranks
    window = codes[start[:, None] + np.arange(-PAD, 5)]  # 4 before the start, the first, 4 after it
    l4, l3, l2, l1, c0, c1, c2, c3 = (window[:, k] for k in range(8))
    r1, r2, r3, r4 = (codes[end + k] for k in range(4))
    last = codes[end - 1]
    longer = found.length > 2
    c2, c3 = np.where(longer, c2, 0), np.where(found.length > 3, c3, 0)
    c1 = np.where(found.length > 1, c1, 0)
    # Words: inside the candidate, across its edges, right beside it.
    inside = two[start] << 4 | np.where(longer, two[start + 1] << 2 | three[start], 0)
    across_left = two[start - 1] << 4 | three[start - 1] << 2 | three[start - 2]
    across_right = two[end - 1] << 4 | three[end - 1] << 2 | three[end - 2]
    near = endings_near(codes, end)
    beside = two[start - 2] << 6 | three[start - 3] << 4 | two[end] << 2 | three[end]
    inner = (form * 0, c0, c1, c2, c3, c0 << 16 | c1, c1 << 16 | c2, c2 << 16 | c3)
    words = (
        inside, across_left, across_right, beside, inside << 12 | across_left << 6 | across_right,
        two[end - 1] << 8 | two[start] << 4 | two[start - 1], near << 16 | inside << 8 | beside & 0xFF,
    )  # fmt: skip
    left = (l1, l2, l2 << 16 | l1, l1 << 16 | c0, across_left << 16 | l1, l3, l4)
    right = (r1, r2, r1 << 16 | r2, last << 16 | r1, across_right << 16 | r1, r3, r4, near, near << 16 | l1)
    values = (*inner, *words, *left, *right)
    table = np.stack(values, axis=1).astype(np.uint64)
    kinds = (
        np.arange(table.shape[1], dtype=np.uint64) << np.uint64(56) | (form.astype(np.uint64) << np.uint64(50))[:, None]
    )
    mixed = (table ^ kinds) * _MULTIPLIER
    mixed ^= mixed >> np.uint64(29)
    return ((mixed * _MULTIPLIER) >> _SHIFT).astype(np.int64)
