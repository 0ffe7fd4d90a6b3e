"""Ordinary words among those that jieba's dictionary tags as names: 阳光, 高昂, 黎明, 钟点工.

The evidence is the dictionary's own frequencies: a word that stands far more often than names of its surname and its
given character would is a word, whatever its tag.
"""

from collections import Counter
from functools import lru_cache
from importlib import resources

import jieba

from signals.redaction.candidates import surnames

Dictionary = dict[str, tuple[int, str]]  # word → (frequency, tag)
_FREQUENT, _LITTLE = 20, 5  # frequency from which a word of two characters counts; with no given character's look
_PART_FREQUENT = 30  # the same for the first two characters of a word of three
_HARDLY_LAST, _SELDOM_LAST = 12, 40  # names that end in a character which hardly, or seldom, ends one
_SHORT_SHARE = 0.3  # names of two characters, to those of three
_TIMES, _TIMES_SELDOM = 60, 150  # as often as names would make it, for surnames that begin many words, and few
_WORDY = 30  # frequency of the words that begin with a surname, to each name that does


@lru_cache(maxsize=1)
def read_dictionary() -> Dictionary:
    """jieba's dictionary (MIT)."""
    lines = (resources.files(jieba) / "dict.txt").read_text("utf-8").splitlines()
    return {word: (int(count), tag) for word, count, tag in (line.split(" ") for line in lines)}


@lru_cache(maxsize=1)
def wordiness() -> dict[str, float]:
    """For every single surname, how often words begin with it, to each name of the dictionary that does: 安 > 刘."""
    n_names, n_words = _names_and_words()
    return {surname: n_words[surname] / (n_names[surname] + 20) for surname in surnames()[0]}


@lru_cache(maxsize=1)
def _names_and_words() -> tuple[Counter[str], Counter[str]]:
    n_names: Counter[str] = Counter()
    n_words: Counter[str] = Counter()
    for word, (count, tag) in read_dictionary().items():
        if len(word) == 3 and tag == "nr":
            n_names[word[0]] += 1
        elif len(word) == 2 and not tag.startswith("nr"):
            n_words[word[0]] += count
    return n_names, n_words


def wordy_surnames() -> str:
    """Surnames that begin many words, the wordiest first."""
    known = wordiness()
    return "".join(sorted((s for s, wordy in known.items() if wordy > _WORDY), key=lambda s: (-known[s], s)))


@lru_cache(maxsize=1)
def ordinary_words() -> dict[str, int]:
    """Words of two and three characters tagged as names that are none, with their frequencies."""
    words, (n_names, _) = read_dictionary(), _names_and_words()
    last = Counter(word[2] for word, (_, tag) in words.items() if len(word) == 3 and tag == "nr")
    n_last, wordy = last.total(), set(wordy_surnames())
    single = set(surnames()[0])
    found: dict[str, int] = {}
    for word, (count, tag) in sorted(words.items(), key=lambda known: len(known[0])):
        if not tag.startswith("nr") or word[0] not in single or count < _LITTLE:
            continue
        if len(word) == 2:
            as_name = _SHORT_SHARE * n_names[word[0]] * (last[word[1]] + 2) / n_last + 0.2
            times = _TIMES if word[0] in wordy else _TIMES_SELDOM
            is_word = (count >= _FREQUENT and count / as_name >= times) or last[word[1]] < _HARDLY_LAST
        else:
            part = words.get(word[:2], (0, "nr"))
            is_part_word = part[0] > _PART_FREQUENT and (not part[1].startswith("nr") or word[:2] in found)
            is_word = len(word) == 3 and last[word[2]] < _SELDOM_LAST and is_part_word
        if is_word:
            found[word] = count
    return found


@lru_cache(maxsize=1)
def plain_words() -> dict[str, int]:
    """All words that are no names, with their frequencies."""
    known = read_dictionary().items()
    words = {w: c for w, (c, tag) in known if not tag.startswith(("nr", "x")) and w.isalpha() and c > 2}
    return words | ordinary_words()
