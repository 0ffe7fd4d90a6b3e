"""Which names count on their own in running text, and which are too common to say anything."""

AREA_SUFFIXES = ("自治县", "区", "市", "县")
TOWN_SUFFIXES = ("街道", "镇", "乡")
UNIT_ENDINGS = ("街道", "街办", "办事处", "镇", "乡")

# After a bare name these make it the name of a road or a building: 环市一路, 台山路, 新会村.
ROAD_ENDINGS = (
    "路",
    "街",
    "大道",
    "巷",
    "桥",
    "大桥",
    "道",
    "里",
    "坊",
    "花园",
    "小区",
    "商场",
    "酒店",
    "饭店",
)

# Bare names that are also words, other places or firms: they count only right behind their own district
# (开平长沙) or with their suffix (长沙街道).
COMMON_WORDS = frozenset(
    """
    长沙 江海 江南 环市 大江 三江 共和 水口 大田 大沙 古井 百合 金鸡 赤水 桃源 龙口 沙塘 沙湖 三合 双合
    深井 大槐 东成 龙胜 罗坑 荷塘 四九 斗山 双水 外海 礼乐 圣堂 塘口 沙堆 月山 鹤城 广海 工业园区 川岛
    司前 大泽 白沙
    """.split()
)

# Longer words that hold a place name by chance; matching them uses the characters up.
BLOCKERS = (
    "新会计", "新会员", "新会议", "新会所", "新会长", "新会场", "新会费", "开平方", "五台山", "江海关",
    "沙坪坝", "湖南长沙", "长沙市", "湖南省长沙", "开平均", "展开平台", "公开平台", "打开平台", "召开平等",
    "展开平", "公开平", "打开平",
)  # fmt: skip


def bare_area_name(name: str) -> str:
    """蓬江区 → 蓬江; a name of two characters keeps its suffix."""
    return _without(name, AREA_SUFFIXES)


def bare_town_name(name: str) -> str:
    """会城街道 → 会城; development zones and the like have no shorter name."""
    return _without(name, TOWN_SUFFIXES)


def _without(name: str, suffixes: tuple[str, ...]) -> str:
    for suffix in suffixes:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name.removesuffix(suffix)
    return name
