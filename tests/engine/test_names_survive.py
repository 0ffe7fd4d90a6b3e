"""Names as people write them, through files, replay and linking: scrambled, shortened, with and without 小区."""

import csv
import json
from collections.abc import Sequence
from datetime import date

import pytest

from signals.replay import replay
from signals.settings import Settings
from signals.simulate.simulation import SimulationSettings, simulate

pytestmark = pytest.mark.slow

PLANTED = {
    "firm": (
        "聚垚普惠公司投资款到期不还，平台已经停止提现，几百名出借人联系不上负责人",
        "垚聚普惠平台的投资款到期不还，提现停止，公司负责人联系不上",
        "在聚垚普惠的出借款到期了不还，平台停止提现，公司人去楼空",
    ),
    "estate": (
        "翡林澜湾的二次供水发黄，水箱多年没有清洗，住户不敢喝",
        "翡林澜湾小区自来水发黄有异味，二次供水水箱没人清洗",
        "我住翡林澜湾，二次供水的水发黄，物业说水箱以后再清洗",
    ),
    "town": (
        "开平三埠长堤边的垃圾转运站，垃圾车清早在那里漏一地臭水",
        "三埠街道长堤边垃圾转运站，垃圾车一路漏臭水，街坊掩鼻走",
    ),
    "length": (
        "云泊雅筑地下车库渗水",
        "尊敬的领导，我是云泊雅筑的业主，二〇二三年收楼。今年雨季开始，我们云泊雅筑负二层地下车库到处渗水，顶板往下滴，"
        "十几辆车的车漆被腐蚀，地面长期积水，老人小孩走过容易滑倒。物业和开发商互相推，说过了保修期。业主群里大家都拍了照片，"
        "希望住建部门看一看地下车库渗水到底谁来修。",
    ),
    "here": ("翠樾庭楼下烧烤档半夜油烟扰民，关窗也呛", "翠樾庭楼下的烧烤档油烟扰民到半夜"),
    "there": ("锦堤苑楼下烧烤档半夜油烟扰民，关窗也呛", "锦堤苑楼下的烧烤档油烟扰民到半夜"),
}
FIRST, N_DAYS = date(2025, 3, 3), 24


@pytest.fixture(scope="module")
def issue_of(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The issue of every planted report ('' for one alone), inside a simulated city."""
    folder = tmp_path_factory.mktemp("names")
    simulate(SimulationSettings(3, N_DAYS, first_on=FIRST, reports_per_day=30.0), folder / "city")
    with (folder / "city" / "planted.jsonl").open("w", encoding="utf-8") as file:
        for i, (name, texts) in enumerate(PLANTED.items()):
            for j, said in enumerate(texts):
                at = f"2025-03-{12 + i + 2 * j:02d} 10:{i:02d}:{j:02d}"
                row = {"工单号": f"{name}-{j}", "来电时间": at, "类型": "投诉", "内容": said}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    replay([folder / "city"], folder / "replay", Settings(folder=folder / "unused", demo=True))
    with (folder / "replay" / "assignments.csv").open(encoding="utf-8") as file:
        return {row["report_id"]: row["issue_id"] for row in csv.DictReader(file) if row["report_id"][-2] == "-"}


def issues_of(issue_of: dict[str, str], name: str) -> Sequence[str]:
    return [issue_of[f"{name}-{j}"] for j in range(len(PLANTED[name]))]


@pytest.mark.parametrize("name", ["firm", "estate", "town", "length", "here", "there"])
def test_what_is_one_matter_at_one_place_is_one_issue(issue_of: dict[str, str], name: str) -> None:
    found = issues_of(issue_of, name)
    assert len(set(found)) == 1
    assert found[0]


def test_the_same_words_about_another_place_are_another_issue(issue_of: dict[str, str]) -> None:
    assert set(issues_of(issue_of, "here")).isdisjoint(issues_of(issue_of, "there"))


def test_nothing_planted_shares_an_issue_with_another(issue_of: dict[str, str]) -> None:
    assert len({issues_of(issue_of, name)[0] for name in PLANTED}) == len(PLANTED)
