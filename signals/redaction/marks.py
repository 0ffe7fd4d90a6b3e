"""Folding a text for matching and cutting spans out of it, positions kept one to one.

Knows nothing of names or numbers: rules ask for spans of a `Draft`, `Draft.text()` puts the marks in.
"""

import re
import unicodedata
from functools import lru_cache

NAME, MOBILE, PHONE, ID_NUMBER = "〔姓名〕", "〔手机〕", "〔电话〕", "〔身份证〕"
CARD, PLATE, MAIL, ACCOUNT, ROOM = "〔银行卡〕", "〔车牌〕", "〔邮箱〕", "〔账号〕", "〔户室〕"
MARKS = (NAME, MOBILE, PHONE, ID_NUMBER, CARD, PLATE, MAIL, ACCOUNT, ROOM)

# Zero-width and direction characters split a number for a machine and not for an eye: they are dropped.
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
TAKEN, CONTACT = "\ue000", "\ue001"  # cut spans, as later rules see them; CONTACT reaches a person
ANY_MARK = re.compile("|".join(MARKS))
_DIGITS = str.maketrans("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺", "001234567891234567891")


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def fold(text: str) -> str:
    """NFKC character by character, never changing the length.

    >>> fold("１３８－①")
    '138-1'
    """
    if text.isascii():
        return text
    return "".join(map(_fold_character, text))


def spoken_digits(folded: str) -> str:
    """The same text with Chinese digits as figures, same length: 一三八 → 138."""
    return folded.translate(_DIGITS)


class Draft:
    """One text under redaction: `folded` shows what is still open, cut spans read as TAKEN or CONTACT."""

    def __init__(self, text: str) -> None:
        self.original = INVISIBLE.sub("", text)
        self.folded = fold(self.original)
        self._spans: list[tuple[int, int, str]] = []
        for match in ANY_MARK.finditer(self.folded):
            self._blank(match.start(), match.end(), match.group())

    def cut(self, start: int, end: int, mark: str) -> None:
        """Replace [start, end) by `mark`; positions are those of `folded`, which keeps its length."""
        self._spans.append((start, end, mark))
        self._blank(start, end, mark)

    def is_cut(self, start: int, end: int) -> bool:
        """Whether any of [start, end) is cut already."""
        return any(character in (TAKEN, CONTACT) for character in self.folded[start:end])

    def text(self) -> str:
        """The text with its marks; a line that ends inside a span ends after its mark, so that lines stay lines."""
        parts, last = [], 0
        for start, end, mark in sorted(self._spans):
            n_lines = self.original.count("\n", start, end)
            parts += [self.original[last:start], mark, "\n" * n_lines]
            last = end
        return "".join([*parts, self.original[last:]])

    @property
    def changed(self) -> bool:
        return bool(self._spans)

    def _blank(self, start: int, end: int, mark: str) -> None:
        filler = CONTACT if mark in (MOBILE, PHONE, ID_NUMBER) else TAKEN
        self.folded = self.folded[:start] + filler * (end - start) + self.folded[end:]
