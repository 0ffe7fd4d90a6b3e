"""Invented names for training: surnames of the gate, given characters as often as a dictionary's names hold them.

Only full names with an even checksum are drawn; tests keep the odd ones.
"""

import random
from collections import Counter
from itertools import accumulate
from zlib import crc32

from models.naming.phrases import characters
from models.naming.words import ordinary_words, plain_words, read_dictionary, wordiness, wordy_surnames
from signals.redaction.candidates import surnames

_COMMON, _GUANGDONG = "common_surnames", "guangdong_surnames"
_COMPOUND_SHARE = 0.06

Weighted = tuple[list[str], list[float]]  # words, and the sums of their weights so far


def weighted(words: dict[str, float]) -> Weighted:
    """Words to `draw` from, by weight."""
    return list(words), list(accumulate(words.values()))


def draw(chance: random.Random, words: Weighted) -> str:
    """One word, as likely as it is heavy."""
    return chance.choices(words[0], cum_weights=words[1])[0]


def _weighted(counts: Counter[str]) -> Weighted:
    return weighted({character: float(count) for character, count in counts.items() if count > 4})


class Names:
    """Draws names with one seed's chance."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._single, self._compound = surnames()
        self._common = weighted({surname: 1 / (rank + 8) for rank, surname in enumerate(characters(_COMMON))})
        # Surnames that are words too (文, 于, 江) are drawn apart, else too few of them stand in the texts.
        self._wordy = weighted({surname: wordiness()[surname] ** 0.25 for surname in wordy_surnames()})
        dictionary = read_dictionary()
        known = [
            w for w, (_, tag) in dictionary.items() if tag == "nr" and len(w) == 3 and w[0] in characters(_COMMON)[:60]
        ]
        first, second = Counter(w[1] for w in known), Counter(w[2] for w in known)
        self._known = [w for w in known if first[w[1]] > 4 and second[w[2]] > 4]
        self._first, self._second = _weighted(first), _weighted(second)
        self._common_words = {w for w, count in plain_words().items() if count > 300 or w in ordinary_words()}
        heavy = Counter({w: c for w, c in plain_words().items() if len(w) == 2 and c > 100})
        letters = Counter(character for word in heavy for character in word if "\u4e00" <= character <= "\u9fa5")
        self._both = sorted({*characters("given_first"), *characters("given_second"), *characters("given_alone")})
        self._good = good = set(self._both)
        self._meaning = weighted({
            w: c**0.3
            for w, c in plain_words().items()
            if len(w) == 2 and {*w} <= good and c > 50 and dictionary[w][1] not in ("ns", "nt", "nz")
        })  # fmt: skip
        self._any = weighted({character: count**0.5 for character, count in letters.items() if count > 3})
        self._givens = {*self._first[0], *self._second[0], *characters("given_first"), *characters("given_second")}

    def surname(self) -> str:
        chance, drawn = self._chance, self._chance.random()
        if drawn < _COMPOUND_SHARE:
            return chance.choice(self._compound)
        if drawn < 0.16:
            return chance.choice(self._single)
        if drawn < 0.3:
            return chance.choice(characters(_GUANGDONG))
        if drawn < 0.5:
            return draw(chance, self._wordy)
        return draw(chance, self._common)

    def full(self) -> str:
        """A full name that is no common word."""
        while True:
            name = self._full()
            if crc32(name.encode()) % 2 == 0 and name not in self._common_words:
                return name

    def _full(self) -> str:
        chance = self._chance
        if chance.random() < 0.1:
            return chance.choice(self._known)
        if chance.random() < 0.09:  # 长江, 如意: words that make given names
            return self.surname() + draw(chance, self._meaning)
        is_chosen = chance.random() < 0.7
        second = chance.choice(characters("given_second")) if is_chosen else draw(chance, self._second)
        if chance.random() < 0.28:
            drawn = chance.random()
            if drawn < 0.2:
                return self.surname() + self._wide()
            return self.surname() + (second if drawn < 0.6 else chance.choice(characters("given_alone")))
        first = chance.choice(characters("given_first")) if is_chosen else draw(chance, self._first)
        if chance.random() < 0.3:  # a first character last, and a last one first
            first, second = chance.choice(self._both), chance.choice(self._both)
        if chance.random() < 0.2:
            first, second = chance.choice(((first, self._wide()), (self._wide(), second)))
        if chance.random() < 0.15:  # parents may choose any character
            first, second = chance.choice(((first, draw(chance, self._any)), (draw(chance, self._any), second)))
        return self.surname() + first + second

    def _wide(self) -> str:
        return self._chance.choice(characters("given_wide"))

    def wordy(self) -> str:
        """A surname that is a word too."""
        return draw(self._chance, self._wordy)

    def is_given(self, character: str) -> bool:
        """Whether given names hold a character more than now and then."""
        return character in self._givens

    def is_meant(self, word: str) -> bool:
        """Whether parents may mean a word as a given name: 长江, 如意."""
        return {*word} <= self._good

    def begins(self, word: str) -> bool:
        """Whether a word begins with a surname."""
        return word[0] in self._single or word[:2] in self._compound
