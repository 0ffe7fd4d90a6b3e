"""Small exports for tests of whole commands: quiet days, then ten in which many people report one spot."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl

Jianwei = Callable[..., tuple[int, str]]  # the fixture `jianwei`: arguments → exit code, all that was printed
FIRST = date(2025, 1, 1)
BURST = "白鹭桥头搅拌站半夜粉尘"
HEADER = "信访件编号 信访时间 信访人 联系电话 身份证号 标题 内容 区 镇街 地址 办理状态".split()
QUIET = (
    ("路灯不亮", "晚上走路看不见，灯杆上的灯泡坏了，老人家怕摔跤"), ("井盖松动", "车一压就响，怕有人掉进去"),
    ("乱停车辆", "消防通道停满了车，轮椅过不去"), ("树枝遮挡", "红绿灯被树叶挡住看不清"),
    ("水管漏水", "阀门锈了一直滴"), ("垃圾没清", "桶满了三天没人来收"), ("公交太少", "等了一个小时才来一班"),
    ("广场音响", "跳舞的音乐开到很晚"),
)  # fmt: skip
ROADS = ("东风路", "建设路", "跃进路", "胜利路", "港口路", "育德街", "丰乐路", "堤西路", "星河路", "甘化路")
TOWNS = (("蓬江区", "白沙街道"), ("蓬江区", "潮连街道"), ("新会区", "会城街道"), ("江海区", "外海街道"))


@dataclass(frozen=True, slots=True)
class Export:
    """A spreadsheet, the numbers of its burst, and what must never come out again."""

    path: Path
    n_days: int
    burst_ids: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    @property
    def last_on(self) -> date:
        return FIRST + timedelta(days=self.n_days - 1)


def write_petitions(path: Path, *, seed: int = 3, n_days: int = 45) -> Export:
    """Write the spreadsheet: about 3 petitions a day, and in the last 10 days one or two a day about one spot."""
    chance = random.Random(seed)
    export = Export(path, n_days)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    number = 0
    for offset in range(n_days):
        n_burst = 0 if offset < n_days - 10 else chance.choice((1, 1, 2))
        for is_burst in [False] * chance.choice((2, 3, 4)) + [True] * n_burst:
            number += 1
            at = datetime.combine(FIRST, datetime.min.time()) + timedelta(days=offset, hours=9, minutes=number % 50)
            sheet.append(_row(f"XF{number:05}", at, number, chance, export, is_burst=is_burst))
    book.save(path)
    return export


def _row(key: str, at: datetime, number: int, chance: random.Random, export: Export, *, is_burst: bool) -> list[str]:
    phone, name = f"138{number:08}", "赵钱孙李周吴郑王"[number % 8] + "铁柱"
    export.secrets.append(phone)
    road, (area, town) = chance.choice(ROADS), chance.choice(TOWNS)
    matter, story = chance.choice(QUIET)
    title, body = f"{road}{chance.randint(2, 90)}号{matter}", f"{road}这边{story}。"
    if is_burst:
        export.burst_ids.append(key)
        area, town = TOWNS[1]
        title = chance.choice((BURST, "反映白鹭桥头搅拌站粉尘", "白鹭桥头搅拌站夜里扰民"))
        stories = ("白鹭桥头搅拌站半夜还在装料，粉尘落满阳台，200户受影响。",
                   "搅拌站的粉尘飘进白鹭桥头各家，半夜装料响。")  # fmt: skip
        body = chance.choice(stories)
    said = f"{body}我叫{name}，请打{phone}。"
    return [key, f"{at:%Y-%m-%d %H:%M:%S}", name, phone, "", title, said, area, town, "", "办理中"]
