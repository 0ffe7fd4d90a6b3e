"""What a text says once spelling variants, redaction marks and set phrases are out of the way.

Order texts open and close with phrases that everyone uses; they must neither link reports nor name issues. The
phrases are patterns in `set_phrases.txt`, one regular expression a line.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Any

MARK = re.compile(r"〔[^〕]{1,4}〕|\*{2,}")
_SPACE = re.compile(r"[\s\u200b-\u200f\u2028-\u202f\u2060\ufeff]+")


@cache
def _set_phrases() -> re.Pattern[str]:
    lines = files("signals.text").joinpath("set_phrases.txt").read_text("utf-8").splitlines()
    return re.compile("|".join(line for line in lines if line and not line.startswith("#")))


@cache
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("hk2s")


def written(text: str) -> str:
    """Text with width, script (traditional → simplified) and white space made uniform, to be read by people.

    >>> written("電梯　壞咗 ＡＢ")
    '电梯 坏咗 AB'
    """
    text = unicodedata.normalize("NFKC", text)
    if not text.isascii():
        text = _simplifier().convert(text)
    return _SPACE.sub(" ", text).strip()


def plain(text: str) -> str:
    """The same in small letters: what may be compared.

    >>> plain("電梯　壞咗 ＡＢ")
    '电梯 坏咗 ab'
    """
    return written(text).lower()


def clean(text: str) -> str:
    """Plain text without redaction marks and set phrases: what may link reports and name issues.

    >>> clean("市民来电反映：御景湾小区夜间搅拌站太吵，请相关部门核实处理，谢谢！")
    '御景湾小区夜间搅拌站太吵'
    """
    return without_phrases(plain(text))


def without_phrases(text: str) -> str:
    """Of a plain or written text what `clean` leaves."""
    text = _set_phrases().sub(" ", MARK.sub(" ", text))
    return _SPACE.sub(" ", text).strip(" ,。.!?;:、-")
