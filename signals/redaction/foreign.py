"""Names that no Chinese surname begins: with a dot (玛丽·史密斯), in Latin letters, or written out after 姓名.

A dot stands in names of estates too (万科·金域), so both sides have to be spelt in characters that spell foreign
sounds, or words before have to announce a person.
"""

import re

from signals.redaction.marks import CONTACT, NAME, TAKEN, Draft

DOT = "[·•・‧∙⋅･]"
# Characters of the usual transcription tables, without those that are function words.
_SOUNDS = (
    "阿艾埃安昂奥巴芭班邦包贝彼毕别宾波伯勃博卜布查恰达戴丹道德登邓迪蒂丁杜敦恩尔法范菲费芬冯佛夫弗福甫富盖甘冈戈哥歌格葛"
    "根古哈汉汗豪罕赫亨洪侯胡华惠霍基吉季加贾简姜杰捷津卡凯坎康考柯科克肯孔库夸奎昆拉莱赖兰朗劳勒雷蕾莉丽李里利列林琳凌卢"
    "鲁露罗洛吕伦马玛迈麦曼芒毛梅门蒙米密缪摩莫墨默姆穆木纳娜乃奈南内尼涅宁纽努诺帕派潘庞佩彭皮珀普齐奇乔切琴琼丘热仁荣茹"
    "儒瑞若撒萨塞赛桑瑟森沙莎山珊舍申什施史士舒朔斯丝司松苏素孙索塔泰坦汤唐陶特腾提廷汀图吐托瓦旺威维韦魏温翁沃乌吾西希悉"
    "锡夏肖辛欣逊雅亚延扬尧叶耶伊依易因英尤约翰江玉万得明都海合力扎赞泽曾詹珍芝治朱兹佐买肉孜妮娅雯黛薇芙茜茂旦义大历席荪"
    "何则苔忒堤亭梯喀匡略隆敏楠蒲朴裘土显谢雪永卓左衣拜斛伽牙守祖农日柏鲍北楚慈圭怀累圣透文休娥玲香乎居茨"
)
_HAS_DOT, _HAS_LATIN = re.compile(DOT), re.compile("[A-Z][A-Za-z]")
Rules = tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]  # (what a text must hold, what is cut)
_SIDE = f"[{_SOUNDS}][{_SOUNDS}不]{{0,6}}[{_SOUNDS}]"
_DOTTED = re.compile(f"{_SIDE}(?:{DOT}{_SIDE}){{1,3}}")
_PLACE_AFTER = re.compile(
    "[0-9A-Za-z一二三四五六七八九十]{0,2}(?:[郡府苑湾城园居庭轩阁邸村镇路街桥墅岛期栋幢座号]|小区|广场|公馆|山庄|花园|酒店|公寓|项目|楼盘|公司"
    "|集团|品牌|餐厅|咖啡|西餐|面包|业主|业委|物业|开发)"
)
_WORD = "[A-Z][A-Za-z'’-]*[.]?"
_PARTICLE = "(?:d[aeiou]|de la|del|v[ao]n|van de[rn]?|bin|ibn|al|el|la|le) "
_LATIN_NAME = f"{_WORD}(?:[ ·]{{1,2}}(?:{_PARTICLE})?{_WORD}){{1,3}}"
_LATIN_WORD = "[A-Z][a-z]{1,14}"
_SAID = r"(?:是|为|叫|系)?[ :：]{0,3}"
_STOPS = (
    rf"(?=$|[\s，。、；,.;:：!?()\[\]（）/0-9A-Za-z{CONTACT}{TAKEN}]"
    "|电话|手机|身份证|住|家住|男|女|联系|今年|现年|性别|是|来|在|的)"
)
# Words that begin with a character of a sound and more often follow a name than are cut by one.
_NEXT_WORD = re.compile("明[天年日早晚明]|得[知到了]|都[是有没不要在]|合[同伙作]|力[争图求]")
# What stands where a name is asked for and is none.
_NOBODY = re.compile(
    "[无不略未见同请详]|匿名|保密|业主|居民|村民|市民|群众|全体|公司|物业|先生|女士|小姐|家长|代表|附件|网友|单位|部门"
    "|姓名|电话|手机|地址|性别|年龄"
)


def foreign_rules(anchors: str, selves: str) -> Rules:
    """Names that words announce, in group 1, by what has to be in a text. anchors: 姓名 …; selves: 我是 …"""
    named = f"(?:{anchors}|我叫|我名叫|名叫|英文名)"
    announced = rf"(?:{named}|(?:{selves})){_SAID}"
    rules = (
        (_HAS_DOT, rf"{announced}([\u4e00-\u9fff]{{1,8}}(?:{DOT}[\u4e00-\u9fff]{{1,8}}?){{1,3}}){_STOPS}"),
        (_HAS_LATIN, rf"{announced}({_LATIN_NAME})(?![A-Za-z0-9])"),
        (_HAS_LATIN, rf"(?:我叫|名叫|英文名|(?:{anchors})[:：是为叫]){_SAID}({_LATIN_WORD})(?![A-Za-z0-9:：_@.])"),
    )
    return tuple((needed, re.compile(pattern)) for needed, pattern in rules)


_ASKED = re.compile(r"(?:姓名|名字)[ :：]{1,3}([\u4e00-\u9fff]{2,7})(?=$|[\s，。；,;、/()（）]|电话|手机|身份证|性别)")


def cut_foreign(draft: Draft, rules: Rules) -> None:
    """Cut names with a dot, Latin names that are announced, and whatever stands alone where a name is asked for."""
    text = draft.folded
    for needed, pattern in rules:
        if needed.search(text):
            for match in pattern.finditer(text):
                _cut(draft, *match.span(1))
    if _HAS_DOT.search(text):
        for match in _DOTTED.finditer(draft.folded):
            start, end = match.span()
            if _NEXT_WORD.match(text, end - 1):
                end -= 1
            if not _PLACE_AFTER.match(text, end):
                _cut(draft, start, end)
    for match in _ASKED.finditer(draft.folded):
        if not _NOBODY.search(match.group(1)):
            _cut(draft, *match.span(1))


def _cut(draft: Draft, start: int, end: int) -> None:
    if not draft.is_cut(start, end):
        draft.cut(start, end, NAME)
