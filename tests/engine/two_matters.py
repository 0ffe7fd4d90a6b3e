"""Two small matters put together by hand, a plant and a lift, whose reports the linker knows for one issue each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from signals.day import DayResult
from tests.engine.correcting import issues_now
from tests.engine.issues import heard
from tests.engine.stream import FIRST_DAY, Entry, insert_entries
from tests.engine.worlds import World, world_of

PLANT, LIFT, NEW = 1, 2, 23  # issues, by number; NEW is the next that will be given
SUNDAY = 3  # days after the first, a Thursday
LIFT_TITLE = "云栖台二期电梯反复停运困住住户"


def plant(number: int, *, days: int = 0, who: str | None = "") -> Entry:
    return heard(number, who=f"p{number}" if who == "" else who, days=days, minutes=number,
                 body=f"海棠苑旁边的搅拌站凌晨两点还在装料轰鸣，整栋楼震得睡不着，{number}号楼")  # fmt: skip


def lift(number: int, *, days: int = 0) -> Entry:
    return heard(number, who=f"l{number}", days=days, minutes=number, title=LIFT_TITLE, area="440705", town="会城街道",
                 body=f"云栖台二期电梯又停运，老人被困，维保没有来，{number}栋")  # fmt: skip


OTHERS = (
    "望江路井盖松动 柳林村垃圾没人清运 金沙小学门口堵车 朝霞巷路灯整排熄灭 北苑市场占道摆摊 "
    "石桥公园厕所漏水 东湾码头渔船漏油 银杏大道树枝压线 青松医院挂号排长队 南塘街水压太低 "
    "梅岭花园物业乱收费 鹤鸣大厦外墙掉砖 长堤广场舞音响扰民 清溪桥栏杆断裂 杉木巷野狗成群 "
    "白鹿中学食堂涨价 河西车站黑车揽客 新安酒店油烟直排 红树湾围栏倒塌 旧渡口公交改线"
).split()
ENTRIES = [
    *(plant(i) for i in range(4)), *(lift(i) for i in range(10, 13)),
    *(heard(100 + i, who=f"o{i}", minutes=100 + i, title=text, body=text) for i, text in enumerate(OTHERS)),
]  # fmt: skip


@contextmanager
def two_matters() -> Iterator[World]:
    """Four reports about the plant and three about the lift among others, on the first day, which has run."""
    with world_of(ENTRIES) as world:
        world.run(FIRST_DAY)
        assert sorted(issues_now(world).values()) == [PLANT] * 4 + [LIFT] * 3 + list(range(3, NEW))
        yield world


def key(number: int) -> str:
    return f"hotline:n{number}"


def later(world: World, n_days: int) -> list[DayResult]:
    """Run the next n days."""
    first = world.memory.days[-1]
    return [world.run(first + timedelta(days=i + 1)) for i in range(n_days)]


def reports_of(world: World, issue: int) -> list[str]:
    return sorted(key for key, now in issues_now(world).items() if now == issue)


def comes(world: World, entries: Sequence[Entry]) -> None:
    insert_entries(world.connection, entries)


def issue_row(world: World, issue: int) -> tuple[object, ...] | None:
    columns = "merged_into, merged_on, merged_by"
    return world.connection.execute(f"SELECT {columns} FROM issues WHERE issue_id = ?", [issue]).fetchone()
