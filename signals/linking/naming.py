"""What to call an issue: the title, of its most central members', that says best where and what they share."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, islice

import numpy as np
from numpy.typing import NDArray

from signals.text.cleaning import without_phrases, written
from signals.text.segmenting import cut_words

NAME_CHARACTERS = 30
LEAST_CHARACTERS = 4  # that what is cut off a name must leave
_SENTENCE = re.compile(r"[。!?！？;；\n]")
_WIDE = str.maketrans(",?!;()", "，？！；（）")  # what cleaning narrowed for matching
_COLON = re.compile(r"(?<!\d):|:(?!\d)")  # of words, not of a time
_COMMAS = re.compile(r" ?，[ ，]*")  # with what a phrase that was cut out leaves behind
_HEAD = re.compile(
    r"^(?:(?:\d{4}年)?\d{1,2}月\d{1,2}[日号](?=\D)|(?:市民|群众)[^，：]{0,8}：|再次|反映|投诉|求助|咨询|询问|问问|请问|了解"
    r"|关于|对于|[：， ])+"
)
_TAIL = re.compile(
    r"(?:[，！](?:恳?请|盼|恳|求|望|希望|该?谁|找谁|找哪|已拍照|已通知|已上报)[^，]{0,8}"
    r"|的?(?:有关|相关)?(?:问题|情况|事宜)|有关|相关|的|等|一事)$"
)
_ENDS = " ，。.！？：、—-"
_FLAWS = (  # of a name: a question, a person speaking, an end that is none
    re.compile(r"[吗呢]$|怎么|如何|什么|哪|谁|何时|为何|多久|能否|能不能|是否|可否|几时|疑问|建议$"),
    re.compile(r"[我其您你]|本人"),
    re.compile(r"(?:诸多|存在|[那这](?:段|里|边)|附近|[的老把被对])$"),
)
FLAW = 0.75  # what a name is worth with each of them
_HOLE = re.compile(r"[一-龥] | [一-龥]")  # where a mark or a phrase was
LEAST_SHARE = 0.15  # of the other reports, from which what they say too speaks for a word
ALONE = 0.3  # part of its worth that a name loses where no other report says any of its words
LESS_CENTRAL = 0.03  # part that it loses for each report more central


@dataclass(frozen=True, slots=True)
class Called:
    """What an issue is called while it has the same reports and the weights are the same."""

    rows: NDArray[np.int64]  # of its reports, those that agree most with the others first
    name: str
    words: tuple[str, ...]


@lru_cache(maxsize=1 << 16)
def name_from(title: str, body: str) -> str:
    """A name of at most 30 characters from one report: its title, else the first sentence of its body.

    >>> name_from("", "市民来电反映：御景湾旁搅拌站夜间施工太吵。请相关部门核实处理")
    '御景湾旁搅拌站夜间施工太吵'
    >>> name_from("3月5日投诉御景湾B座旁搅拌站夜间施工，请尽快回应", "")
    '御景湾B座旁搅拌站夜间施工'
    """
    text = without_phrases(written(title))
    if not text:
        said = without_phrases(written(body))
        text = next((part for part in _SENTENCE.split(said) if len(part) >= LEAST_CHARACTERS), said)
    return _fitting(_trimmed(_COLON.sub("：", _COMMAS.sub("，", text.translate(_WIDE)))))


def _trimmed(text: str) -> str:
    """Without how a report begins and ends whatever it is about."""
    while True:
        text = text.strip(_ENDS)
        shorter = _TAIL.sub("", _HEAD.sub("", text))
        if shorter == text or len(shorter) < LEAST_CHARACTERS:
            return text
        text = shorter


def _fitting(text: str) -> str:
    """As many whole clauses as fit, else as many whole words."""
    if len(text) <= NAME_CHARACTERS:
        return text
    ends = [found.start() for found in re.finditer("，", text) if found.start() <= NAME_CHARACTERS]
    if ends and ends[-1] >= NAME_CHARACTERS / 2:
        return text[: ends[-1]]
    fitting = [end for end in accumulate(map(len, cut_words(text))) if end < NAME_CHARACTERS]
    return text[: fitting[-1] if fitting else NAME_CHARACTERS - 1].strip(_ENDS) + "…"


def best_name(
    said: Sequence[tuple[str, str]], told: Sequence[Sequence[int]], places: Sequence[Sequence[int]],
    vocabulary: Mapping[int, str], idf: NDArray[np.float32] | None,
) -> str:  # fmt: skip
    """Of the names that reports give, the one that says most of what the others say too, both where and what.

    said: title and body of the most central ones, in that order; told: columns of the words of the reports
    (`vectors.features`), of as many as they are to speak for; places: those of names of places, for each of `said`;
    vocabulary: a word of each column; idf: weights by column, None where there are none yet. Worth less is a question,
    a person speaking, a name off a body, and what one report says alone; a name with a hole is taken where there is no
    other.
    """
    standing, n_others = Counter(chain.from_iterable(told)), max(len(told) - 1, 1)

    def worth(place: int, name: str) -> tuple[bool, float]:
        shared, alone = [0.0, 0.0], 0.0  # shared: what, and where
        where, small = set(places[place]), name.lower()
        for word in told[place]:
            if len(vocabulary.get(word, "")) < 2 or vocabulary[word] not in small:
                continue
            weight = float(idf[word]) if idf is not None else 1.0
            share = (standing[word] - 1) / n_others - LEAST_SHARE
            shared[word in where] += weight * max(share, 0.0)
            alone += weight * (share <= 0.0)
        n_flaws = sum(bool(flaw.search(name)) for flaw in _FLAWS) + (not shared[0]) + (not said[place][0])
        own = alone / (sum(shared) + alone) if alone else 0.0
        value = (0.5 + shared[0] ** 0.5 + shared[1] ** 0.5) * (1.0 - ALONE * own)
        return not _HOLE.search(name), round(value * FLAW**n_flaws * (1.0 - LESS_CENTRAL * place), 6)

    return max(enumerate(name_from(title, body) for title, body in said), key=lambda found: worth(*found))[1]


def shared_words(
    told: Sequence[Sequence[int]], vocabulary: Mapping[int, str], texts: Sequence[str], *, n_words: int = 6
) -> tuple[str, ...]:
    """Words of two or more characters in most reports, most shared first; all words of a single one.

    told: columns of the words of the reports (`vectors.features`); vocabulary: a word of each column; texts: plain ones
    of the most central reports. A word in none of them is not named: another may share its column.
    """
    standing, least = Counter(chain.from_iterable(told)), min(len(told), 2)
    words = [(-n, vocabulary.get(column, "")) for column, n in standing.items() if n >= least]
    ranked = (word for _, _, word in sorted((n, -len(word), word) for n, word in words if len(word) > 1))
    return tuple(islice((word for word in ranked if any(word in text for text in texts)), n_words))
