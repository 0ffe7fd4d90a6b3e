"""Redaction: what leads to a person is replaced by marks before a report reaches disk (design rule 2).

Numbers by checksum or announcement, flats by address grammar, names by the words around them and by a small model
behind a gate of surnames. It knows no place list; it refuses to run without the model.
"""

from collections.abc import Sequence
from itertools import accumulate, groupby
from typing import NamedTuple

from signals.redaction.addresses import cut_rooms
from signals.redaction.broken import cut_broken
from signals.redaction.marks import ACCOUNT, INVISIBLE, MARKS, Draft, fold
from signals.redaction.names import cut_names, is_bare_name
from signals.redaction.numbers import cut_numbers

__all__ = ["MARKS", "Said", "is_bare_name", "redact", "redact_each"]
_ROUNDS = 8
_TOGETHER = 8_000  # characters, so that memory stays bounded


class Said(NamedTuple):
    """A text that is to be redacted; names, accounts: literal strings known from its row's own columns."""

    text: str
    names: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


def redact(text: str, *, names: tuple[str, ...] = (), accounts: tuple[str, ...] = ()) -> str:
    """Replace what leads to a person by marks: one line in, one line out; a second time changes nothing.

    names, accounts: literal strings known from the row's own columns, masked wherever they stand in `text`.

    >>> redact("我叫陈小文，电话１３８ 0013 8000，住御景湾5栋2单元301室")
    '我叫〔姓名〕，电话〔手机〕，住御景湾5栋〔户室〕'
    """
    return redact_each([Said(text, names, accounts)])[0]


def redact_each(said: Sequence[Said]) -> list[str]:
    """Every text redacted as if it were alone; many take far less time together than one by one."""
    ends = accumulate(len(one.text) for one in said)
    parts = groupby(zip(ends, said, strict=True), key=lambda one: one[0] // _TOGETHER)
    return [text for _, part in parts for text in _redact_together([one for _, one in part])]


def _redact_together(said: Sequence[Said]) -> list[str]:
    texts = [one.text for one in said]
    names = [tuple(fold(INVISIBLE.sub("", name)) for name in one.names if len(name) > 1) for one in said]
    accounts = [tuple(fold(account) for account in one.accounts if len(account) > 3) for one in said]
    left = [i for i, text in enumerate(texts) if text]
    for _ in range(_ROUNDS):
        if not left:
            break
        drafts = [_draft(texts[i], accounts[i]) for i in left]
        cut_names(drafts, [names[i] for i in left])
        cleaned = [draft.text() if draft.changed else draft.original for draft in drafts]
        changed = [(i, text) for i, text in zip(left, cleaned, strict=True) if text != texts[i]]
        for i, text in changed:
            texts[i] = text
        left = [i for i, _ in changed]
    return texts


def _draft(text: str, accounts: tuple[str, ...]) -> Draft:
    """The text with all cut but names of people."""
    draft = Draft(text)
    cut_broken(draft)
    cut_numbers(draft)
    for account in accounts:
        start = draft.folded.find(account)
        while start >= 0:
            draft.cut(start, start + len(account), ACCOUNT)
            start = draft.folded.find(account, start + 1)
    cut_rooms(draft)
    return draft
