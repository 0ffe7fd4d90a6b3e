"""Numbers that a line's end breaks in two: 138 at the end of one line, 0013 8000 at the start of the next.

It looks before any rule of single lines does, or they would take a half; two numbers on two lines stay two.
"""

import itertools
import re

from signals.redaction.marks import CARD, ID_NUMBER, MOBILE, PHONE, Draft, spoken_digits
from signals.redaction.numbers import CARD_NUMBER, ID_OF_18, is_card, is_holder
from signals.redaction.phones import MOBILE_NUMBER, PHONE_NUMBER

_BREAK = re.compile(r"(?<=\d)([ \t\-–—]{0,2}\r?\n[ \t\-–—]{0,2})(?=[\dXx])")
_MAYBE = re.compile(r"\n[ \t\-–—]{0,2}[\dXx〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺]")
_MAX_BREAKS = 2  # inside one number
_LEAST = 2  # digits on either side of a break, but for a check character alone


def cut_broken(draft: Draft) -> None:
    """Cut ID numbers, cards and telephone numbers that go on in the next line; the mark stands on the first."""
    if not _MAYBE.search(draft.folded):
        return
    spoken = spoken_digits(draft.folded)
    breaks = [match.span(1) for match in _BREAK.finditer(spoken)]
    joined = _BREAK.sub(lambda match: " ", spoken)
    places = _places(len(spoken), breaks)
    ends = [places.index(start) for start, _ in breaks]
    for pattern, mark, is_right in (
        (ID_OF_18, ID_NUMBER, is_holder), (CARD_NUMBER, CARD, is_card), (MOBILE_NUMBER, MOBILE, _is_any),
        (PHONE_NUMBER, PHONE, _is_any),
    ):  # fmt: skip
        for match in pattern.finditer(joined):
            inside = [end for end in ends if match.start() < end < match.end() - 1]
            is_whole = 0 < len(inside) <= _MAX_BREAKS and _is_one(match, inside, mark)
            if is_whole and is_right(re.sub(r"[^\dXx]", "", match.group())):
                start, end = places[match.start()], places[match.end() - 1] + 1
                if not draft.is_cut(start, end):
                    draft.cut(start, end, mark)


def _places(length: int, breaks: list[tuple[int, int]]) -> list[int]:
    """For every place of the joined text, its place in the draft; a break is one place."""
    gone = {place for start, end in breaks for place in range(start + 1, end)}
    return [place for place in range(length) if place not in gone]


def _is_one(match: re.Match[str], inside: list[int], mark: str) -> bool:
    """Whether what stands on every line is a piece of one number: not a digit alone, not a whole number."""
    edges = [match.start(), *inside, match.end()]
    pieces = [match.string[a:b].strip(" -–—") for a, b in itertools.pairwise(edges)]
    counts = [sum(character.isdigit() or character in "Xx" for character in piece) for piece in pieces]
    if any(MOBILE_NUMBER.fullmatch(piece) for piece in pieces) or min(counts[:-1]) < _LEAST:
        return False
    if mark == MOBILE and len(inside) > 1 and counts[-3:] != [3, 4, 4]:
        return False  # 152, 300 and 20190 below each other are a table
    return counts[-1] >= _LEAST or pieces[-1] in ("X", "x")


def _is_any(_: str) -> bool:
    return True
