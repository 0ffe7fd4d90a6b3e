"""Which words of a text name a place: what stands before or within words like 路, 村, 花园, 大厦.

No list of places: an estate never heard of is found by its ending. Knows words only, not where anything lies.
"""

from collections.abc import Sequence

_LONG = (
    "大道 街道 小区 花园 公寓 广场 市场 学校 中学 小学 大学 学院 校区 幼儿园 医院 大厦 码头 酒店 宾馆 公园 商场 超市 "
    "国际 工地 楼盘 社区 别墅 新村 公司 沙场 海滩 一期 二期 三期 胡同 隧道 立交 路口 大队 派出所 中心 影城 门店 新区 "
    "开发区 家园 雅苑 名城 名都 天地 机场 车站 收费站 高速 地铁站 海岸 片区 山庄 水库 农场 ktv"
).split()
_SHORT = "路街巷村镇乡苑园城桥港湾岛里庭府轩居阁"  # alone after a word, or ending a word of two
_ENDING_TWO = _SHORT + "站弄校幢栋庙寺河江湖渠沟矿"
_ENDING_LONG = (*_LONG, *(_ENDING_TWO + "区县市道厂店线楼队组"))
_BEFORE_AN_ENDING = 5  # characters that a name in front of a bare ending may have


def name_places(words: Sequence[str]) -> list[bool]:
    """For each word of a segmented text whether it belongs to the name of a place.

    >>> name_places(["星河", "小区", "楼下", "夜宵", "很", "吵"])
    [True, True, False, False, False, False]
    """
    found = [False] * len(words)
    for i, word in enumerate(words):
        if word in _LONG or (len(word) == 1 and word in _SHORT):
            before = words[i - 1] if i else ""
            if 0 < len(before) <= _BEFORE_AN_ENDING and not before[0].isdigit():
                found[i - 1] = found[i] = True
        elif len(word) >= 3:
            found[i] = word.endswith(_ENDING_LONG)
        elif len(word) == 2:
            found[i] = word[1] in _ENDING_TWO
    return found
