"""Names of people, found by the words around them; a name that nothing announces is not searched for.

Place, estate, firm and office names carry the meaning of a report and have to survive: a surname
followed by a place word (高沙街道, 王府井百货, 司徒街) is never a name.
"""

import re
from functools import lru_cache
from importlib.resources import files

from signals.redaction.marks import CONTACT, NAME, TAKEN, Draft

_PLACE = "路街村镇区市县省州乡苑园城号栋楼道巷店厂里湾桥港站场院校馆局所社组队屋坊墟圩围坑涌塘岗边门口庙寺"
_STOP = "等住是在的电手来反投要想我你他她它有系男身与和及说称于因被不向对先同"
_STOP += "个这那了着过也都还就已将把给让从到为之其此，。、；：,.;:!?！？()（）"
_TITLE = "先生|女士|小姐|太太|阿姨|大爷|大妈|大叔|大姐|大哥|师傅|阿婆|阿伯|伯伯|婆婆|老人家|老师|医生|同志"
_ANCHOR = (
    "我叫|我名叫|名叫|姓名|联系人|收件人|当事人|信访人|来电人|投诉人|举报人|反映人|申请人|来信人|上访人|报料人|求助人"
    "|留言人|代表人|负责人|户主|业主|机主|车主|法人|本人姓名|名字|经办人|责任人|签名|落款|落款人|患者|死者|伤者|报警人|诉求人|受害人|被害人|民警"
)
_SELF = "我是|本人是|我系|本人系|本人|在下|鄙人"


def cut_names(draft: Draft, names: tuple[str, ...] = ()) -> None:
    """Cut `names` (known from the row's own columns) wherever they stand, then every announced name."""
    for name in names:
        for match in re.finditer(re.escape(name), draft.folded):
            draft.cut(match.start(), match.end(), NAME)
    rules = _rules()
    for pattern in rules:
        for match in pattern.finditer(draft.folded):
            start, end = match.span(1)
            if _is_name(draft.folded[start:end]) and TAKEN not in draft.folded[start:end]:
                draft.cut(start, end, NAME)


def is_bare_name(text: str) -> bool:
    """Whether a whole cell looks like nothing but a name (for cells of rows whose columns have slipped)."""
    return bool(_grammar()[1].fullmatch(text)) and _is_name(text)


@lru_cache(maxsize=1)
def _grammar() -> tuple[str, re.Pattern[str], str, str]:
    """(surname, the whole name compiled, whole name, one character of a given name)."""
    words = files("signals.redaction").joinpath("surnames.txt").read_text("utf-8").split()
    compound = "|".join(word for word in words if len(word) == 2)
    single = "".join(sorted({character for word in words if len(word) != 2 for character in word}))
    surname = f"(?:{compound}|[{single}])"
    given = f"(?:[\u4e00-\u9fff](?<![{_PLACE}{_STOP}]))"
    full = rf"(?:{surname}{given}{{1,2}})"
    return surname, re.compile(full), full, given


@lru_cache(maxsize=1)
def _rules() -> tuple[re.Pattern[str], ...]:
    surname, _, full, given = _grammar()
    gap = r"[ :：,，、(是为\-]{0,3}"
    words_after = "电话|手机|住|身份证|联系|男|女|今年|现年|家住|的电话|和|与|及"
    after = rf"(?=$|[\s，。、；：,.;:!?()\[\]（）/|{CONTACT}{TAKEN}]|{words_after})"
    roles = ("市民", "来电人", "业主", "村民", "居民", "户主", "[是的叫为向找和与]")
    roles = ("市民", "来电人", "业主", "村民", "居民", "户主", "[是的叫为向找和与]")
    begins = "|".join(rf"(?<={role})" for role in roles)
    begins = rf"(?<![\u4e00-\u9fff])|{begins}"
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"(?:{_ANCHOR})(?:是|为|叫)?[ :：]{{1,3}}({full}|{surname}某{{1,2}})",
            rf"(?:我叫|我名叫|名叫)({full})",
            rf"(?:{_ANCHOR})({full}){after}",
            rf"(?:{_SELF}){gap}({full}){after}",
            rf"(?:{begins})({full}){gap}(?:电话|手机|联系电话|联系方式|身份证)?(?:号码?)?{gap}(?={CONTACT})",
            rf"(?:{begins})({full})(?={_TITLE})",
            rf"({surname}{given}{given}|{surname}{given})(?=先生|女士|小姐)",
            rf"({surname})(?={_TITLE})",
            rf"(?<={TAKEN})[、和与及,，]({full})(?=[、，,。等和与及]|$)",
        )
    )


def _is_name(text: str) -> bool:
    return text[:2] not in _not_names()


@lru_cache(maxsize=1)
def _not_names() -> frozenset[str]:
    return frozenset(files("signals.redaction").joinpath("not_names.txt").read_text("utf-8").split())
