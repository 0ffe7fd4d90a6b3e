"""Names of people: those of the row itself, those that words announce, and those that the name model finds.

Place, estate, firm and office names carry the meaning of a report and have to survive: a surname
followed by a place word (高沙街道, 王府井百货, 司徒街) is never a name.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from signals.redaction.candidates import brands
from signals.redaction.foreign import Rules, cut_foreign, foreign_rules
from signals.redaction.marks import CONTACT, NAME, TAKEN, Draft
from signals.redaction.naming import name_model

_PLACE = "路街村镇区市县省州乡苑园城号栋楼道巷店厂里湾桥港站场院校馆局所社组队屋坊墟圩围坑涌塘岗边门口庙寺"
_STOP = "等住是在的电手来反投要想我你他她它有系男身与和及说称于因被不向对先同"
_STOP += "个这那了着过也都还就已将把给让从到为之其此，。、；：,.;:!?！？()（）"
_TITLE = "先生|女士|小姐|太太|阿姨|大爷|大妈|大叔|大姐|大哥|师傅|阿婆|阿伯|伯伯|婆婆|老人家|老师|医生|同志"
_KIN = "伯(?!伯|父|母|爵|仲)|姨(?!妈|丈|父|母)|叔(?!叔|父)|婶(?!婶)"
_OFFICE_TITLE = (
    "主任|书记|经理|局长|所长|科长|处长|镇长|村长|区长|院长|校长|队长|站长|组长|部长|园长|店长|老板|警官|法官|律师|教练|会计|支书|副主任|副局长|副经理"
    "|副所长|副镇长|副书记|总经理|总监|董事长|主管|秘书|社长|班长|老伯|工(?=说|称|答|联|，|,)|总(?=说|称|答|联|，|,)"
    f"|{_KIN}"
)
# Surnames that are as often another word's last character before a title: 房管主任, 和主任, 客房经理.
_UNSURE = (
    "房和向于任时应从都有常支连全后强师别计查解车区楼花包单项古石水牛马毛党万金文方商公江路施农"
    "麦田龙童成明池苗雷温冷干权管官老东北西南边巫司符相关高易平安华洪庄经曾党乐宫祖白红米汤卓景"
    "桂翁伍申成关习容符季段费游商申荣宣储晋楚况诸娄"
)
_FUNCTION = "和向有从都时应连全后别"  # of them those that stand before 伯 and 姨 as words of their own: 和姨, 向叔
_ANCHOR = (
    "我叫|我名叫|名叫|姓名|联系人|收件人|当事人|信访人|来电人|投诉人|举报人|反映人|申请人|来信人|上访人|报料人|求助人"
    "|留言人|代表人|负责人|户主|业主|机主|车主|法人|本人姓名|名字|经办人|责任人|签名|落款|落款人|患者|死者|伤者|报警人|诉求人|受害人|被害人|民警"
)
# 林忠跌打馆, 尚晖实验学校: a firm or a place, not a person.
_BELONGS_TO_FIRM = re.compile(
    "(?:跌打|修车|凉茶|理发|水果|早餐|烧腊|五金|家私|中医|牙科|母婴|宠物|美容|实验|海鲜|建材|汽车)?"
    "(?:馆|铺|档口|花店|书店|药店|药房|饭店|餐厅|酒店|酒家|宾馆|超市|诊所|公司|集团|工厂|商行|商场|百货|学校|小学|中学|幼儿园|医院|银行"
    "|专卖店|商店|店铺|大厦|花园|小区|家园|广场|社区|街道|大道|校区|大桥|高速|公馆|华庭|豪庭|名都|山庄|新村|物业|地产|置业"
    "|[村镇路街](?![里上口头过委]))"
)
_ALONE = rf"$|[\s，。、；,.;!?()（）{CONTACT}{TAKEN}]"  # what may follow a surname that stands alone
_AFTER_SURNAME = "[的叫名男女住家是在说不有要来把被已]|电话|手机"  # 姓陈的, 姓黄不肯
_WHO = "男|女|老|村|业|师|工|主任|经理|保安|居民|市民|住户|店|员|司机|的[人男女工师老]"  # 李姓男子
# Nobody lives in a person, and nobody patrols one; what belongs to a person may follow: 家, 隔壁.
_PLACE_BEFORE = ("家住", "住在", "位于", "地处", "途经", "路过", "巡查", "巡逻", "毗邻", "紧邻", "靠近", "开往", "来自")
_AT_HOME = tuple("家隔楼户的处屋")
_PLACE_AFTER = ("附近", "路段", "沿线", "一带", "境内", "片区", "居民", "村民")
_NATIVE = re.compile(r"人(?=$|[\s，。、；,.;])")
_BEGINS = r"(?<![\u4e00-\u9fff])"
_SELF = "我是|本人是|我系|本人系|本人|在下|鄙人"


def cut_names(drafts: Sequence[Draft], names: Sequence[tuple[str, ...]]) -> None:
    """Of each draft cut its `names` (known from the row's own columns) wherever they stand, then every announced name,
    then what the model takes for one. Raises StateError where there is no model."""
    kept = [_cut_announced(draft, own) for draft, own in zip(drafts, names, strict=True)]
    found = name_model().names_in([draft.folded for draft in drafts])
    for draft, spared, spans in zip(drafts, kept, found, strict=True):
        _cut_found(draft, spans, spared)


def _cut_announced(draft: Draft, names: tuple[str, ...]) -> set[int]:
    """Cut what needs no model; the places that no name may take, which are those of brands."""
    for name in names:
        for match in re.finditer(re.escape(name), draft.folded):
            draft.cut(match.start(), match.end(), NAME)
    cut_foreign(draft, _foreign_rules())
    kept = {place for match in _brands().finditer(draft.folded) for place in range(*match.span())}
    announced: set[str] = set()
    for needed, pattern in _rules():
        for match in pattern.finditer(draft.folded) if needed.search(draft.folded) else ():
            start, end = match.span(1)
            said = draft.folded[start:end]
            if start not in kept and _is_name(said) and TAKEN not in said and not _is_small(draft.folded, start, end):
                announced.add(said)
                draft.cut(start, end, NAME)
    _cut_again(draft, announced, kept)
    return kept


def _cut_found(draft: Draft, found: Sequence[tuple[int, int]], kept: set[int]) -> None:
    """Cut what the model takes for a name, unless the words around it say that it is none."""
    for start, end in found:
        is_kept = not kept.isdisjoint(range(start, end)) or _is_moment(draft.folded[start:end])
        is_kept = is_kept or _is_small(draft.folded, start, end) or _is_placed(draft.folded, start, end)
        is_kept = is_kept or (end - start == 1 and name_model().is_word(draft.folded[start : end + 1], rank=3))  # 施工
        if not is_kept and not _BELONGS_TO_FIRM.match(draft.folded, end):
            draft.cut(start, end, NAME)
    for match in _before_kin().finditer(draft.folded):  # after 方伯明 is gone as a whole
        draft.cut(match.start(), match.end(), NAME)


def _is_small(text: str, start: int, end: int) -> bool:
    """Whether a surname alone makes a word with 小 or 老 before it: 小康, 老区; but 老周家的 are people."""
    word = text[max(start - 1, 0) : end]
    rank = 3 if word[0] == "老" and text.startswith("家", end) and word[1:] != "区" else 2
    return len(word) == 2 and word[0] in "小老" and (not _is_name(word) or name_model().is_word(word, rank=rank))


def _is_placed(text: str, start: int, end: int) -> bool:
    """Whether the words beside a stretch say that it is a place: 位于梁金山, 梁金山沿线; but 住在陈建国家."""
    is_in = text[max(start - 2, 0) : start].endswith(_PLACE_BEFORE) and text[end : end + 1] not in _AT_HOME
    return is_in or text.startswith(_PLACE_AFTER, end) or bool(_NATIVE.match(text, end) and text[start - 1] in "系是")


def _is_moment(text: str) -> bool:
    """Whether a stretch says when something is done: 成立时, 许可时."""
    return len(text) == 3 and text.endswith("时") and name_model().is_word(text[:2])


def _cut_again(draft: Draft, announced: set[str], kept: set[int]) -> None:
    """Cut full names that words announced wherever else they stand in the same text, if they are no words."""
    for name in announced:
        if len(name) < 2 or name not in draft.folded or name_model().is_word(name):
            continue
        for match in re.finditer(re.escape(name), draft.folded):
            start, end = match.span()
            if kept.isdisjoint(range(start, end)) and not _BELONGS_TO_FIRM.match(draft.folded, end):
                draft.cut(start, end, NAME)


def is_bare_name(text: str) -> bool:
    """Whether a whole cell looks like nothing but a name (for cells of rows whose columns have slipped)."""
    return bool(_grammar()[1].fullmatch(text)) and _is_name(text)


@lru_cache(maxsize=1)
def _grammar() -> tuple[str, re.Pattern[str], str, str]:
    """(surname, the whole name compiled, whole name, one character of a given name)."""
    words = _surnames()
    compound = "|".join(word for word in words if len(word) == 2)
    single = "".join(sorted({character for word in words if len(word) != 2 for character in word}))
    surname = f"(?:{compound}|[{single}])"
    given = f"(?:[\u4e00-\u9fff](?<![{_PLACE}{_STOP}]))"
    full = rf"(?:{surname}{given}{{1,2}})"
    return surname, re.compile(full), full, given


@lru_cache(maxsize=1)
def _brands() -> re.Pattern[str]:
    return re.compile("|".join(sorted((word for word in brands() if len(word) > 2), key=len, reverse=True)))


@lru_cache(maxsize=1)
def _surnames() -> tuple[str, ...]:
    return tuple(files("signals.redaction").joinpath("surnames.txt").read_text("utf-8").split())


@lru_cache(maxsize=1)
def _rules() -> Rules:
    """(what a text must hold, what is cut: group 1), in the order in which they are tried."""
    surname, _, full, given = _grammar()
    compound = "(?:" + "|".join(word for word in _surnames() if len(word) == 2) + ")"
    sure = "".join({c for word in _surnames() if len(word) != 2 for c in word} - set(_UNSURE))
    surname_sure = f"(?:{compound}|[{sure}])"
    gap = r"[ :：,，、(是为\-]{0,3}"
    words_after = "电话|手机|住|身份证|联系|男|女|今年|现年|家住|的电话|和|与|及"
    after = rf"(?=$|[\s，。、；：,.;:!?()\[\]（）/|{CONTACT}{TAKEN}]|{words_after})"
    roles = ("市民", "来电人", "业主", "村民", "居民", "户主", "[是的叫为向找和与]")
    begins = rf"{_BEGINS}|{'|'.join(rf'(?<={role})' for role in roles)}"
    phone = "(?:联系)?(?:电话|手机)"
    rules = (
        (_ANCHOR, rf"(?:{_ANCHOR})(?:是|为|叫)?[ :：]{{1,3}}({full}|{surname}某{{1,2}})"),
        ("我叫|名叫", rf"(?:我叫|我名叫|名叫)({full})"),
        (_ANCHOR, rf"(?:{_ANCHOR})({full}){after}"),
        (_SELF, rf"(?:{_SELF}){gap}({full}){after}"),
        (CONTACT, rf"(?:{begins})({full}){gap}(?:电话|手机|联系电话|联系方式|身份证)?(?:号码?)?{gap}(?={CONTACT})"),
        (_TITLE, rf"(?:{begins})({full})(?={_TITLE})"),
        ("先生|女士|小姐", rf"({surname}{given}{given}|{surname}{given})(?=先生|女士|小姐)"),
        (_TITLE, rf"({surname})(?={_TITLE})"),
        (_OFFICE_TITLE, rf"({surname_sure})(?={_OFFICE_TITLE})"),
        ("老", rf"(?<=老)({surname})(?=家(?:的|门|里|隔壁))"),
        ("姓", rf"(?<!百姓)(?<!同姓)(?<=姓)({surname})(?={_ALONE}|{_AFTER_SURNAME}|{_TITLE})"),
        ("姓", rf"({surname})(?=姓(?<![百老].姓)(?:{_WHO}))"),
        (_ANCHOR, rf"(?:{_ANCHOR})(?:是|为|叫)?[ :：]{{1,3}}({surname})(?={_ALONE}|电话|手机)"),
        (CONTACT, rf"(?:{_ANCHOR})(?!方|单位)({surname})(?=[，,]?(?:{phone}号?码?[ :：是为(\[（]{{0,2}})?{CONTACT})"),
        ("某", rf"({compound}某{{1,2}})"),
        ("[老小]", rf"(?<=[老小])({surname_sure})(?=家的|家门|说|讲|称|负责|反映|在|是|把|被|，|,)"),
        (TAKEN, rf"(?<={TAKEN})[、和与及,，]({full})(?=[、，,。等和与及]|$)"),
    )
    return tuple((re.compile(needed), re.compile(pattern)) for needed, pattern in rules)


@lru_cache(maxsize=1)
def _before_kin() -> re.Pattern[str]:
    """Any surname that begins a clause, and so is no other word's last character, before 伯, 姨, 叔 or 婶."""
    return re.compile(rf"{_BEGINS}(?![{_FUNCTION}]){_grammar()[0]}(?={_KIN})")


@lru_cache(maxsize=1)
def _foreign_rules() -> Rules:
    return foreign_rules(_ANCHOR, _SELF)


def _is_name(text: str) -> bool:
    return text[:2] not in _not_names()


@lru_cache(maxsize=1)
def _not_names() -> frozenset[str]:
    return frozenset(files("signals.redaction").joinpath("not_names.txt").read_text("utf-8").split())
