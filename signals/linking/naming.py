"""What to call an issue: the title of its most central member, and the words its members share."""

import re
from collections import Counter
from collections.abc import Sequence

from scipy import sparse

from signals.linking.vectors import column
from signals.text.cleaning import MARK, clean
from signals.text.segmenting import segment_clean

_CLAUSE = re.compile(r"[。!?！？;；\n]")
_DATE_FIRST = re.compile(r"^(?:\d{4}年)?\d{1,2}月\d{1,2}[日号](?=\D)[,，:： ]*")
_FULL_WIDTH = str.maketrans({",": "，", "?": "？", "!": "！", ";": "；"})  # what cleaning narrowed for matching
_TWICE = re.compile(r"，(?:[\s，]*，)+")  # what a phrase that was cut out leaves behind
NAME_CHARACTERS = 30
WORDED_CHARACTERS = 300  # of a title or body that shared words are looked for in


def name_from(title: str, body: str) -> str:
    """A name of at most 30 characters from one report: its title, else the first clause of its body.

    >>> name_from("", "市民来电反映：御景湾旁搅拌站夜间施工太吵。请相关部门核实处理")
    '御景湾旁搅拌站夜间施工太吵'
    >>> name_from("3月5日御景湾旁搅拌站夜间施工", "")
    '御景湾旁搅拌站夜间施工'
    """
    text = clean(title) or next((part for part in _CLAUSE.split(clean(body)) if len(part) > 3), clean(body))
    text = _DATE_FIRST.sub("", MARK.sub("", text)).translate(_FULL_WIDTH).strip(" ,，。.!！?？:：")
    text = _TWICE.sub("，", text)
    return text if len(text) <= NAME_CHARACTERS else text[: NAME_CHARACTERS - 1] + "…"


def shared_words(texts: Sequence[tuple[str, str]], counts: sparse.csr_matrix, *, n_words: int = 6) -> tuple[str, ...]:
    """Words of two or more characters in most reports, most shared first; all words of a single one.

    texts: title and body of the most central of the reports, which are read for words; counts: the tokens of all of
    them (`vectors.features`), shape (n_reports, COLUMNS), which tell in how many each word stands.
    """
    said = {word for text in texts for part in text for word in segment_clean(clean(part)[:WORDED_CHARACTERS])}
    standing = Counter(counts.indices.tolist())
    least = 1 if counts.shape[0] < 2 else 2
    ranked = sorted((-n, -len(word), word) for word in said if len(word) > 1 and (n := standing[column(word)]) >= least)
    return tuple(word for _, _, word in ranked[:n_words])
