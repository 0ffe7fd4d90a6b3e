"""Segmentation with jieba: one tokenizer of our own, domain words added, stop words left out."""

import re
import tempfile
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from signals.text.cleaning import clean

_PLACE_CODE = re.compile(r"([a-z]\d{0,2})(市|区|县)")  # coded places of anonymised exports, kept whole
_WORD = re.compile(r"[\u3400-\u9fff]|[a-z0-9]")


def word_list(name: str) -> list[str]:
    """The lines of a word list of this folder, without comments."""
    lines = files("signals.text").joinpath(name).read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


@cache
def _tokenizer() -> Any:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    with tempfile.TemporaryDirectory(prefix="jieba-") as folder:
        tokenizer.tmp_dir = folder  # never a marshalled cache of someone else's, and none left behind
        tokenizer.initialize()
    for word in word_list("domain_words.txt"):
        tokenizer.add_word(word)
    return tokenizer


def cut_words(text: str) -> list[str]:
    """All of a text, word for word: joined again they are the text."""
    return list(_tokenizer().lcut(text))


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(word_list("stop_words.txt"))


def segment(text: str) -> list[str]:
    """The words of a text after cleaning, in order, without stop words and lone punctuation.

    >>> segment("市民来电反映：御景湾旁的搅拌站夜间太吵")
    ['御景湾', '旁', '搅拌站', '夜间', '太吵']
    """
    return segment_clean(clean(text))


def segment_clean(text: str) -> list[str]:
    """`segment` for text that is clean already."""
    return list(_segmented(text))


@lru_cache(maxsize=8192)  # what links a report also describes its issue, days later again
def _segmented(text: str) -> tuple[str, ...]:
    words: list[str] = []
    for part in _PLACE_CODE.sub(r" \1\2 ", text).split():
        if _PLACE_CODE.fullmatch(part):
            words.append(part)
        else:
            words.extend(cut_words(part))
    stop = _stop_words()
    return tuple(word for word in words if word not in stop and _WORD.search(word))
