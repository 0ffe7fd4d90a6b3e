"""Redaction: what leads to a person is replaced by marks before a report reaches disk (design rule 2).

Numbers by checksum or announcement, flats by address grammar, names by the words around them and by a small model
behind a gate of surnames. It knows no place list; it refuses to run without the model.
"""

from signals.redaction.addresses import cut_rooms
from signals.redaction.broken import cut_broken
from signals.redaction.marks import ACCOUNT, INVISIBLE, MARKS, Draft, fold
from signals.redaction.names import cut_names, is_bare_name
from signals.redaction.numbers import cut_numbers

__all__ = ["MARKS", "is_bare_name", "redact"]
_ROUNDS = 8


def redact(text: str, *, names: tuple[str, ...] = (), accounts: tuple[str, ...] = ()) -> str:
    """Replace what leads to a person by marks: one line in, one line out; a second time changes nothing.

    names, accounts: literal strings known from the row's own columns, masked wherever they stand in `text`.

    >>> redact("我叫陈小文，电话１３８ 0013 8000，住御景湾5栋2单元301室")
    '我叫〔姓名〕，电话〔手机〕，住御景湾5栋〔户室〕'
    """
    names = tuple(fold(INVISIBLE.sub("", name)) for name in names if len(name) > 1)
    accounts = tuple(fold(account) for account in accounts if len(account) > 3)
    for _ in range(_ROUNDS):
        cleaned = _redact_once(text, names, accounts)
        if cleaned == text:
            break
        text = cleaned
    return text


def _redact_once(text: str, names: tuple[str, ...], accounts: tuple[str, ...]) -> str:
    draft = Draft(text)
    cut_broken(draft)
    cut_numbers(draft)
    for account in accounts:
        start = draft.folded.find(account)
        while start >= 0:
            draft.cut(start, start + len(account), ACCOUNT)
            start = draft.folded.find(account, start + 1)
    cut_rooms(draft)
    cut_names(draft, names)
    return draft.text() if draft.changed else draft.original
