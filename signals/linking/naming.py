"""What to call an issue: the title of its most central member, and the words its members share."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

from signals.linking.vectors import HALF
from signals.text.cleaning import MARK, clean

_CLAUSE = re.compile(r"[。!?！？;；\n]")
_DATE_FIRST = re.compile(r"^(?:\d{4}年)?\d{1,2}月\d{1,2}[日号](?=\D)[,，:： ]*")
_FULL_WIDTH = str.maketrans({",": "，", "?": "？", "!": "！", ";": "；"})  # what cleaning narrowed for matching
_TWICE = re.compile(r"，(?:[\s，]*，)+")  # what a phrase that was cut out leaves behind
NAME_CHARACTERS = 30


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


def shared_words(
    counts: sparse.csr_matrix, vocabulary: Mapping[int, str], texts: Sequence[str], *, n_words: int = 6
) -> tuple[str, ...]:
    """Words of two or more characters in most reports, most shared first; all words of a single one.

    counts: tokens of the reports (`vectors.features`), shape (n_reports, COLUMNS); vocabulary: a word of each column;
    texts: plain texts of the most central reports. A word in none of them is not named: another may share its column.
    """
    columns, standing = np.unique(counts.indices[counts.indices < HALF], return_counts=True)
    often = standing >= (1 if counts.shape[0] < 2 else 2)
    shared = zip(columns[often].tolist(), standing[often].tolist(), strict=True)
    words = [(-n_reports, vocabulary.get(column, "")) for column, n_reports in shared]
    ranked = sorted((n, -len(word), word) for n, word in words if len(word) > 1 and any(word in text for text in texts))
    return tuple(word for _, _, word in ranked[:n_words])
