"""Whether two redacted texts may be of one original, though the rules that redacted them were not the same.

After an upgrade of the rules a report that comes again has marks at other places than the stored one. A mark may
stand for anything short on the other side; all else must be the same, letter by letter.
"""

import re

from signals.redaction.marks import MARKS, NAME

_PIECES = re.compile(f"({'|'.join(MARKS)})|(.)", re.DOTALL)
_NAME_LETTERS, _LETTERS = 12, 40  # that a name, or a number, an account, a room may stand for at most
_MOST_PLACES = 200  # followed at once; texts that leave more open, the same words again and again, are not the same
_NO_NAME = frozenset("，。；：！？、,.;:!?()（）“”\n0123456789")
_Place = tuple[int, int]  # pieces of the right text passed; letters that its mark at this place has swallowed so far


def may_be_same(left: str, right: str) -> bool:
    """Whether some original gives both texts, each by putting marks in the place of short pieces.

    >>> may_be_same("〔姓名〕水郡三期漏水", "林美水郡三期漏水")
    True
    >>> may_be_same("林美水郡三期漏水", "林美水郡二期漏水")
    False
    """
    theirs = [match.group() for match in _PIECES.finditer(right)]
    places = _freed({(0, 0)}, theirs)
    for match in _PIECES.finditer(left):
        places = _freed(_after(match.group(), places, theirs), theirs)
        if not 0 < len(places) <= _MOST_PLACES:
            return False
    return (len(theirs), 0) in places


def _after(piece: str, places: set[_Place], theirs: list[str]) -> set[_Place]:
    """Places of the right text after one more piece of the left one."""
    found: set[_Place] = set()
    for at, n_swallowed in places:
        other = theirs[at] if at < len(theirs) else ""
        if piece in MARKS:
            found.update((end, 0) for end in _ends(piece, at, theirs))
        elif other in MARKS:
            if _may_hold(other, piece, n_swallowed):
                found.add((at, n_swallowed + 1))
        elif other == piece:
            found.add((at + 1, 0))
    return found


def _ends(mark: str, at: int, theirs: list[str]) -> list[int]:
    """Where the right text may go on after a mark of the left one, which stands for at least one piece."""
    ends = []
    n = 0
    for end in range(at, len(theirs)):
        if theirs[end] not in MARKS:
            if not _may_hold(mark, theirs[end], n):
                break
            n += 1
        ends.append(end + 1)
    return ends


def _freed(places: set[_Place], theirs: list[str]) -> set[_Place]:
    """The places, and those after a mark of the right text that has swallowed something."""
    return places | {(at + 1, 0) for at, n_swallowed in places if n_swallowed}


def _may_hold(mark: str, letter: str, n_before: int) -> bool:
    """Whether a mark that stands for so many letters may stand for one more."""
    if mark == NAME:
        return n_before < _NAME_LETTERS and letter not in _NO_NAME
    return n_before < _LETTERS
