"""What the engine reads off the text of a report besides its tokens: dangers to life, livelihood, money, group sizes.

Short and fixed lists: what is named here explains points of risk, and is read once, when a report comes.
"""

import re
from hashlib import blake2b

from signals.text.cleaning import plain, without_phrases

LIFE_SAFETY = ("燃气", "煤气", "电梯", "消防通道", "坍塌", "开裂", "触电", "井盖", "食物中毒", "起火", "漏电")
LIVELIHOOD = ("欠薪", "拖欠", "烂尾", "停水", "停电", "停气", "断水", "断电", "食堂", "供暖", "退费", "跑路")
MONEY = re.compile(r"\d+(?:\.\d+)?\s*(?:万|余万)元?|押金|集资|退款|血汗钱")
N_MARKS = len(LIFE_SAFETY) + len(LIVELIHOOD) + 1
ASKING = re.compile(r"^(?:关于|我?想|请求|请教|求)?(?:咨询|询问)|^关于.{1,40}的咨询|咨询$")  # titles
_NUMBER = r"(\d{1,5}|[一二两三四五六七八九]?[十百千][一二三四五六七八九十百]{0,4})"
GROUP = re.compile(_NUMBER + r"\s*[多余几来]?\s*(?:户|名业主|位业主|名居民|名工人|名家长)")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def chinese_number(text: str) -> int:
    """A number as written in a report.

    >>> chinese_number("三百二十"), chinese_number("200")
    (320, 200)
    """
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS.get(char, 0)
    return total + digit


def words_of(title: str, body: str) -> str:
    """Title and body as the factors read them: plain, and apart, so that no number runs over."""
    return plain(title + " " + body)


def same_text(words: str) -> int:
    """A number, 64 bits, that two texts share where they say the same apart from set phrases and marks.

    words: as `words_of` gives them.
    """
    digest = blake2b(without_phrases(words).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


WORDLESS = same_text("")  # of all texts of which set phrases and marks leave nothing


def stated_group(text: str) -> int:
    """The largest group size that a text states (households, owners, workers, parents), 0 when none."""
    return max((chinese_number(found[1]) for found in GROUP.finditer(text)), default=0)


def only_asks(title: str) -> bool:
    """Whether a title does no more than ask.

    >>> only_asks("咨询新生儿参保问题"), only_asks("投诉某某教育咨询公司不退费")
    (True, False)
    """
    return bool(ASKING.search(title.strip()))


def marks_of(text: str) -> int:
    """What a text names of LIFE_SAFETY, LIVELIHOOD and, last, money: one bit each, the first is the lowest."""
    found = [word in text for word in (*LIFE_SAFETY, *LIVELIHOOD)] + [bool(MONEY.search(text))]
    return sum(1 << bit for bit, is_named in enumerate(found) if is_named)
