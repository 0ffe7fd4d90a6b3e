"""Words that name a danger to life (即时关注). One such report is telephoned when it is taken in.

Rather one call too many: only plain denials, drills and questions are let pass.
"""

import re
from functools import lru_cache
from importlib.resources import files

# What stands before the words in the same clause and takes them back.
_DENIED = re.compile(
    r"(?:(?:没有|没(?!有|人)|未(?:发现|发生|出现|见)?|无(?![法人])|不存在|不是|并非)[^，。；！？\n]{0,3}"
    r"|(?:曾经?|去年|前年|往年|上次|容易|很易|怕|担心|排除|防止|避免|以免|预防|防范|演练|宣传|培训|知识|讲座|如何|怎样"
    r"|是否会?|会不会|咨询|报销|理赔|保险|应急预案|电影|游戏|小说)[^，。；！？\n]{0,12})$"
)
_DENIED_AFTER = re.compile(
    r"^[^，。；！？\n]{0,6}(?:怎么办理|如何办理|演练|演习|讲座|宣传|知识|保险|报警器|险|预案|培训|责任认定)"
)
_FEARED = re.compile(r"(?:一旦|万一|如果|假如|要是|若)[^，。；！？\n]{0,12}$")


def find_danger(text: str) -> tuple[str, str] | None:
    """(kind, the words that named it) of the first danger that is not denied; None when there is none.

    >>> find_danger("楼道里闻到煤气味"), find_danger("未发现燃气泄漏")
    (('燃气泄漏', '闻到煤气味'), None)
    """
    for kind, pattern in _dangers().items():
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 20) : match.start()]
            taken_back = _DENIED.search(before) or _FEARED.search(before)
            if not taken_back and not _DENIED_AFTER.match(text[match.end() : match.end() + 12]):
                return kind, match.group()[:20]
    return None


@lru_cache(maxsize=1)
def _dangers() -> dict[str, re.Pattern[str]]:
    """danger_words.txt as one pattern a kind, in the order of the file."""
    patterns: dict[str, list[str]] = {}
    for line in files("signals").joinpath("danger_words.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            kind, pattern = line.split(": ", 1)
            patterns.setdefault(kind, []).append(pattern)
    return {kind: re.compile("|".join(each)) for kind, each in patterns.items()}
