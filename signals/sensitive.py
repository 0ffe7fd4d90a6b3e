"""Which reports are restricted, and why: minors, violence, suicide, illness, 举报 (design rule 7).

A restricted report is counted, never quoted, mapped or listed outside a named role. Rather one too many, but
a school zone or a child's noise is not a minor in need.
"""

import re
from functools import lru_cache
from importlib.resources import files

from signals.records import Kind

_ACCUSATION = re.compile(
    "实名举报|匿名举报|举报人|举报信|(?:我|本人|要|特此|来信|来电)举报"
    "|举报[^，。；\n]{0,16}(?:局|所|干部|书记|主任|警察|工作人员|领导|公务员|村官|队长|校长|违纪|贪|受贿|腐败|行贿)"
)


def sensitive_reason(text: str, kind: Kind) -> str:
    """Why a report is restricted (性侵害, 家庭暴力, 自杀自伤, 未成年人, 疾病, 举报), "" when it is not."""
    for reason, pattern in _reasons().items():
        if pattern.search(text):
            return reason
    return "举报" if kind is Kind.ACCUSATION or _ACCUSATION.search(text) else ""


@lru_cache(maxsize=1)
def _reasons() -> dict[str, re.Pattern[str]]:
    """sensitive_words.txt as one pattern a reason, in the order of the file."""
    patterns: dict[str, list[str]] = {}
    for line in files("signals").joinpath("sensitive_words.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            reason, pattern = line.split(": ", 1)
            patterns.setdefault(reason, []).append(pattern)
    return {reason: re.compile("|".join(each)) for reason, each in patterns.items()}
