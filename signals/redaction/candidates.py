"""The gate: every stretch of a text that could be a person's name, before anything decides.

It knows characters only: surnames, and characters that no given name holds. What it does not propose nobody masks,
so it proposes generously; it refuses to judge.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

PAD = 4  # empty characters put on both sides, so that context never falls off the text
# What a candidate looks like. S a surname, C a compound one, g a given character; only the part before | is masked.
S_G, S_GG, C_G, C_GG, S_TITLE, C_TITLE, A_G, OLD_S, S_MOU, S_MOUMOU = range(10)
_LENGTHS = (2, 3, 3, 4, 1, 2, 2, 1, 2, 3)
_TITLES = """
先生 女士 小姐 太太 阿姨 大爷 大妈 大叔 大姐 大哥 师傅 阿婆 阿伯 伯伯 婆婆 爷爷 奶奶 叔叔 老师 医生 护士 同志
主任 书记 经理 老板 队长 局长 所长 科长 村长 镇长 院长 校长 警官 法官 律师 教练 会计 站长 组长 副总 董事 主管
社长 处长 厂长 店长 班长 园长 股长 司机 工程 总监 大夫 支书 副主 副书 副局 副所 副队 副科 总经 秘书 教授 委员
代表 姑娘 老伯 老太 老人 家人 房东 馆长 厅长
""".split()
_KIN = "婆姨伯公爷嬷妈爸叔哥姐弟妹嫂婶太奶里胶拉联"  # 阿婆, 阿里: nobody in particular
_SHORT_TITLES = "伯姨叔婶婆总工姐哥嫂爷奶公局队所科"
# No given name holds these: pronouns, particles, question words, and the commonest function words.
_NEVER_GIVEN = (
    "的了是在不我你他她它们这那没吗呢吧啊哪什么怎很也都就还又再被把给让跟但却才只些个着过嘛咯喺"
    "啲唔嘅與及或被问谁找称说叫讲佰仟拾圆"
)
# No given name ends in these, but many a place, firm and office does.
_NEVER_LAST = "湾湖郡村镇路街巷坑坪坳岗圩墟围滘涌寨祠洞渡庙寺店厂局所院校馆县区市乡屋站里头口边尾苑堡栋楼号厅室办处元带"


@dataclass(frozen=True, slots=True)
class Candidates:
    """n stretches of one text: where they start, how long they are, which form they have."""

    start: NDArray[np.int64]
    form: NDArray[np.int64]

    @property
    def length(self) -> NDArray[np.int64]:
        return _form_lengths()[self.form]


def codes_of(text: str) -> NDArray[np.int64]:
    """Code points of a text in simplified characters, PAD zeros on both sides; beyond the basic plane 0xFFFF."""
    codes = np.zeros(len(text) + 2 * PAD, dtype=np.int64)
    codes[PAD : PAD + len(text)] = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _simplified()[np.minimum(codes, 0xFFFF)]


@lru_cache(maxsize=1)
def _simplified() -> NDArray[np.int64]:
    """Every code point with its simplified form, one to one."""
    from opencc import OpenCC

    table = np.arange(0x10000, dtype=np.int64)
    han = range(0x4E00, 0x9FA6)
    for code, character in zip(han, OpenCC("t2s").convert("\n".join(map(chr, han))).split("\n"), strict=True):
        if len(character) == 1 and ord(character) < 0x10000:
            table[code] = ord(character)
    return table


def propose(codes: NDArray[np.int64]) -> Candidates:
    """All candidates of `codes_of(text)`, simplified; starts are places in `codes`, in no order."""
    tables = _tables()
    n = len(codes)
    last = n - PAD
    single = tables.surname[codes]
    given = tables.given[codes]
    pair = _pair(codes)
    found: list[tuple[NDArray[np.int64], int]] = []
    at = np.flatnonzero(single[PAD:last]) + PAD
    with_one = at[given[at + 1]]
    with_two = with_one[given[with_one + 2]]
    ends = tables.last
    found += [(with_one[ends[codes[with_one + 1]]], S_G), (with_two[ends[codes[with_two + 2]]], S_GG)]
    mou = at[codes[at + 1] == ord("某")]
    found += [(mou, S_MOU), (mou[codes[mou + 2] == ord("某")], S_MOUMOU)]
    titled = _is_title(codes, pair, at + 1)
    found.append((at[titled], S_TITLE))
    before = codes[at - 1]
    found.append((at[(before == ord("老")) | (before == ord("小"))], OLD_S))
    nick = np.flatnonzero(codes[PAD:last] == ord("阿")) + PAD
    found.append((nick[given[nick + 1] & ~tables.kin[codes[nick + 1]]], A_G))
    compound = np.flatnonzero(tables.compound_first[codes[PAD : last - 1]]) + PAD
    compound = compound[is_among(pair[compound], tables.compound)]
    if len(compound):
        one = compound[given[compound + 2]]
        two = one[given[one + 3]]
        found += [(one[ends[codes[one + 2]]], C_G), (two[ends[codes[two + 3]]], C_GG)]
        found.append((compound[_is_title(codes, pair, compound + 2)], C_TITLE))
    starts = np.concatenate([start for start, _ in found])
    return Candidates(starts, np.repeat(np.array([form for _, form in found]), [len(start) for start, _ in found]))


@dataclass(frozen=True, slots=True)
class _Tables:
    surname: NDArray[np.bool_]
    given: NDArray[np.bool_]
    last: NDArray[np.bool_]  # whether a name may end in it
    compound: NDArray[np.int64]
    compound_first: NDArray[np.bool_]
    title: NDArray[np.int64]
    short_title: NDArray[np.bool_]
    kin: NDArray[np.bool_]


@lru_cache(maxsize=1)
def _form_lengths() -> NDArray[np.int64]:
    return np.array(_LENGTHS)


@lru_cache(maxsize=1)
def surnames() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(single, compound) surnames, the rare ones too."""
    folder = files("signals.redaction")
    names = ("surnames.txt", "rare_surnames.txt")
    words = [word for name in names for word in folder.joinpath(name).read_text("utf-8").split()]
    compound = tuple(sorted({word for word in words if len(word) == 2}))
    single = tuple(sorted({character for word in words if len(word) != 2 for character in word}))
    return single, compound


@lru_cache(maxsize=1)
def brands() -> tuple[str, ...]:
    """Firms and products known in the whole country that look like people: 王老吉, 康师傅."""
    return tuple(files("signals.redaction").joinpath("brands.txt").read_text("utf-8").split())


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    single, compound = surnames()
    given = np.zeros(0x10000, dtype=np.bool_)
    given[0x4E00:0x9FA6] = True
    given[[ord(character) for character in _NEVER_GIVEN]] = False
    return _Tables(
        _table("".join(single)),
        given,
        ~_table(_NEVER_LAST),
        _pairs(compound), _table("".join(word[0] for word in compound)),
        _pairs(tuple(_TITLES)),
        _table(_SHORT_TITLES), _table(_KIN),
    )


def _table(characters: str) -> NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=np.bool_)
    table[[ord(character) for character in characters]] = True
    return table


def _pairs(words: tuple[str, ...]) -> NDArray[np.int64]:
    return np.unique(np.array([ord(word[0]) << 16 | ord(word[1]) for word in words]))


def _pair(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    pair = codes << 16
    pair[:-1] |= codes[1:]
    return pair


def _is_title(codes: NDArray[np.int64], pair: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[np.bool_]:
    tables = _tables()
    return is_among(pair[at], tables.title) | tables.short_title[codes[at]]


def is_among(keys: NDArray[np.int64], known: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which keys are in `known`, sorted and not empty."""
    return np.asarray(known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys)
