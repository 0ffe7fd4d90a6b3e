"""Every addend of the risk points worked out by hand: what raises and lowers them is named in `signals.risk`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from signals.likelihood import LOWERING
from signals.records import Factor, Source
from signals.risk import BOUNDS, progress, risk_factors, risk_points
from signals.text.saying import chinese_number, stated_group
from tests.engine.issues import ISSUE, TITLE, heard, instant, issue_of, told
from tests.engine.stream import FIRST_DAY, Entry, make_stream
from tests.engine.worlds import stream_days, world_of

LONG_ANSWER = "经现场核查，已责令责任单位停止夜间作业并于本周内完成整改，后续将安排专人每日巡查直至问题解决。"
assert len(LONG_ANSWER) >= 40


def factors(*entries: Entry, days: int = 0) -> tuple[Factor, ...]:
    """The factors of an issue at the end of FIRST_DAY + days."""
    memory = issue_of(entries)
    return risk_factors(memory, memory.rows_of(ISSUE), FIRST_DAY + timedelta(days=days))


def points(name: str, *entries: Entry, days: int = 0) -> float:
    """The points of one factor, 0 when it is not among them."""
    return sum(factor.points for factor in factors(*entries, days=days) if factor.name == name)


def people(n: int, *, days: int = 0, said: str = TITLE) -> list[Entry]:
    """So many people on one day, each in words of their own (the same words within two hours are one import)."""
    return [heard(100 * days + i, who=f"p{days}-{i}", days=days, body=f"{said}，见照片{i}") for i in range(n)]


def answered(entry: Entry, *, days: int, text: str = LONG_ANSWER) -> Entry:
    at = instant(days)
    return told(entry, ("answered", "", at), ("answer", text, at))


@pytest.mark.parametrize(("n", "expected"), [(1, 0), (2, 7), (4, 14), (8, 21), (13, 25.9), (16, 26), (60, 26)])
def test_people_count_by_their_logarithm(n: int, expected: float) -> None:
    assert points("不同诉求人", *people(n)) == expected  # 7 · log₂ n, at most 26


def test_one_person_many_times_adds_nothing() -> None:
    entries = [heard(i, who="a", days=i) for i in range(9)]
    assert factors(*entries, days=8) == ()


def test_growth_is_this_weeks_people_over_the_mean_of_the_three_weeks_before() -> None:
    before = [*people(2, days=0), *people(2, days=7), *people(2, days=14)]  # six in three weeks: 2 a week
    assert points("近7天增长", *before, *people(5, days=21), days=21) == 3 * (5 - 2)
    assert points("近7天增长", *before, *people(2, days=21), days=21) == 0
    assert points("近7天增长", *before, *people(20, days=21), days=21) == 14
    assert points("近7天增长", *people(3), days=6) == 9  # the week is the last seven days, today included
    assert points("近7天增长", *people(3), days=7) == 0


@pytest.mark.parametrize(("areas", "expected"), [(1, 0), (2, 4), (3, 8), (5, 8)])
def test_each_further_district_adds_four(areas: int, expected: float) -> None:
    entries = [heard(i, who=f"p{i}", area=f"44070{i}") for i in range(areas)]
    assert points("涉及县区", *entries, heard(99, who="z", area="")) == expected


@pytest.mark.parametrize(("n", "expected"), [(1, 0), (2, 4), (3, 8)])
def test_each_further_source_adds_four(n: int, expected: float) -> None:
    assert points("来源渠道", *(heard(i, who=f"p{i}", source=source) for i, source in enumerate(list(Source)[:n]))) == (
        expected
    )


def test_two_people_who_report_after_an_answer_add_four_each_and_those_who_did_before_nothing() -> None:
    first = answered(heard(0, who="a"), days=2)
    assert points("答复后又有人反映", first, heard(1, who="b", days=1), days=3) == 0
    assert points("答复后又有人反映", first, heard(1, who="b", days=3), days=3) == 4
    assert points("答复后又有人反映", first, heard(1, who="a", days=3), days=3) == 0
    assert points("答复后又有人反映", first, *(heard(i, who=f"p{i}", days=3) for i in range(1, 3)), days=3) == 8
    assert points("答复后又有人反映", first, *(heard(i, who=f"p{i}", days=3) for i in range(1, 6)), days=3) == 8


def points_overdue(*entries: Entry, days: int, telling: Source = Source.HOTLINE) -> float:
    """The points of what is overdue, where the source has told of another report that it was dealt with in time."""
    return points("超期未办", *entries, answered(heard(90, who="z", source=telling), days=1), days=days)


OVERDUE = [(14, 0.0), (15, 12.1), (24, 13.0), (44, 15.0), (200, 24.0)]


@pytest.mark.parametrize(("days", "expected"), OVERDUE)
def test_overdue_adds_eight_four_a_report_and_a_tenth_a_day(days: int, expected: float) -> None:
    # a hotline order of 10 o'clock is due 15 days later; at the end of that day it is on its first day over: 8 + 4 + .1
    assert points_overdue(heard(0, who="a", minutes=600), days=days) == expected


def test_a_source_that_never_tells_when_reports_are_dealt_with_has_none_overdue() -> None:
    orders = heard(0, who="a", due_at=instant(3)), heard(1, who="b")
    assert points("超期未办", *orders, days=40) == 0
    assert points_overdue(*orders, days=40, telling=Source.GRID) == 0
    assert points_overdue(*orders, days=40) == 19.9  # 8 + 4 · 2 + 39 / 10
    closed = told(heard(90, who="z"), ("closed", "", instant(1)))
    assert points("超期未办", *orders, closed, days=40) == 19.9


def test_overdue_is_by_the_moved_deadline_then_the_orders_own_then_that_of_its_source() -> None:
    own = heard(0, who="a", due_at=instant(3, hours=10))
    assert points_overdue(own, days=4) == 12.2
    assert points_overdue(told(own, ("due", "", instant(30))), days=20) == 0
    petition = heard(0, who="a", minutes=600, source=Source.PETITION)
    assert points_overdue(petition, days=59, telling=Source.PETITION) == 0
    assert points_overdue(petition, days=60, telling=Source.PETITION) == 12.1


def test_an_answer_stops_the_days_overdue_and_one_in_time_leaves_none() -> None:
    entry = heard(0, who="a")
    assert points("超期未办", answered(entry, days=15), days=40) == 0
    assert points("超期未办", answered(entry, days=25), days=40) == 13.1  # ten days late: 8 + 4 + 11 / 10


def points_of_monday(*entries: Entry) -> list[float]:
    """What overdue adds in each state of the Monday on which nothing has come for two weeks."""
    elsewhere = heard(90, who="z", title="校门口路灯不亮", body="晚上接孩子看不清路", town="环市街道")
    with world_of([*entries, answered(elsewhere, days=1)]) as world:
        states = [world.run(day) for day in stream_days(19)][-1].states
    return [sum(factor.points for factor in state.factors if factor.name == "超期未办") for state in states]


def test_what_falls_due_while_nothing_comes_counts_from_the_next_monday_on() -> None:
    three = [heard(i, who=f"p{i}", days=i, due_at=instant(15 + i, hours=12)) for i in range(3)]  # it is day 18
    assert points_of_monday(*three) == [20.4]  # 8 + 4 · 3 + 4 / 10
    assert points_of_monday(*(answered(entry, days=9) for entry in three)) == []
    assert points_of_monday(*(replace(e, report=replace(e.report, due_at=instant(19, hours=1))) for e in three)) == []
    assert points_of_monday(*three[:2]) == []  # the state of a pair waits for its next report


@pytest.mark.parametrize(("n", "expected"), [(1, 4), (2, 8), (5, 8)])
def test_each_returned_order_adds_four(n: int, expected: float) -> None:
    entries = [told(heard(i, who=f"p{i}"), ("returned", "2", None)) for i in range(n)]
    assert points("退回改派", *entries, told(heard(9, who="z"), ("returned", "0", None))) == expected


@pytest.mark.parametrize(("value", "expected"), [("否", 6), ("未解决", 6), ("不满意", 6), ("是", 0), ("已解决", 0)])
def test_a_visit_that_says_not_solved_adds_six(value: str, expected: float) -> None:
    assert points("回访未解决", told(heard(0, who="a"), ("solved", value, None))) == expected


def test_the_last_visit_holds() -> None:
    visits = (("solved", "否", instant(1)), ("solved", "是", instant(2)))
    assert points("回访未解决", told(heard(0, who="a"), *visits), days=3) == 0
    assert points("回访未解决", told(heard(0, who="a"), *visits[:1]), days=3) == 6


@pytest.mark.parametrize(
    ("said", "expected"),
    [("我们小区200户", 11.5), ("三百多户都这样", 12), ("涉及10户", 5), ("只有9户", 0), ("住12栋3楼", 0)],
)
def test_a_stated_group_counts_by_its_logarithm_from_ten_on(said: str, expected: float) -> None:
    assert points("自述群体规模", heard(0, who="a", body=said)) == expected  # 5 · log₁₀ n, at most 12


@pytest.mark.parametrize(
    ("name", "said", "expected"),
    [("生命安全", "楼道的电梯又夹人了", 12), ("基本民生", "工地拖欠工资两个月", 8), ("涉及钱款", "一共欠18万元", 5)],
)
def test_what_a_third_of_the_reports_name_adds_its_points(name: str, said: str, expected: float) -> None:
    named = heard(0, who="a", body=said)
    others = [heard(i, who=f"p{i}") for i in (1, 2, 3)]
    assert points(name, named, *others[:2]) == expected
    assert points(name, named, *others) == 0
    assert points(name, *others) == 0


def test_a_substantive_answer_in_time_takes_ten_off() -> None:
    entry = heard(0, who="a", due_at=instant(10))
    assert points("按时实质答复", answered(entry, days=9), days=20) == -10
    assert points("按时实质答复", answered(entry, days=11), days=20) == 0
    assert points("按时实质答复", answered(entry, days=9, text="已转相关部门处理"), days=20) == 0
    assert points("按时实质答复", answered(entry, days=9), heard(1, who="b", days=12), days=20) == 0


def test_an_accepted_mediation_takes_eight_off_even_late() -> None:
    late = answered(heard(0, who="a", due_at=instant(1)), days=5, text="双方已达成调解协议")
    assert points("已达成调解", late, days=6) == -8


@pytest.mark.parametrize(("days", "expected"), [(0, 0), (1, -2), (3, -4), (7, -6), (31, -10), (100, -10)])
def test_every_doubling_of_quiet_days_takes_two_off(days: int, expected: float) -> None:
    assert points("近日无新增", *people(2), days=days) == expected  # 2 · log₂(1 + days), at most 10


def test_points_never_fall_below_nothing_and_say_so() -> None:
    found = factors(answered(heard(0, who="a"), days=1, text=LONG_ANSWER + "双方已达成调解"), days=9)
    assert [(factor.name, factor.points) for factor in found] == [
        ("近日无新增", -6.6), ("按时实质答复", -10), ("已达成调解", -8), ("封顶与保底", 24.6)
    ]  # fmt: skip
    assert risk_points(found) == 0


def test_points_never_exceed_a_hundred_and_say_so() -> None:
    said = "电梯又夹人，工地拖欠工资18万元，我们小区800户都受影响"
    old = [told(replace(e), ("returned", "1", None), ("solved", "否", None)) for e in people(9, said=said)]
    fresh = [
        heard(500 + i, who=f"q{i}", days=40, body=f"{said}，{i}", area=f"44070{i % 4}", source=list(Source)[i % 3])
        for i in range(12)
    ]
    found = factors(answered(old[0], days=2), *old[1:], *fresh, days=40)
    assert {factor.name: factor.points for factor in found if factor.points > 0} == {
        "不同诉求人": 26, "近7天增长": 14, "涉及县区": 8, "来源渠道": 8, "答复后又有人反映": 8, "超期未办": 24,
        "退回改派": 8, "回访未解决": 12, "自述群体规模": 12, "生命安全": 12, "基本民生": 8, "涉及钱款": 5,
    }  # fmt: skip
    assert (found[-1].name, found[-1].points) == ("封顶与保底", 100 - 145)
    assert risk_points(found) == 100


SHORTLY = told(heard(9, who="a", due_at=instant(30)), ("answered", "", instant(4)))  # so that the hotline tells of ends
BASE = [heard(0, who="a", due_at=instant(30)), heard(1, who="b", days=1, due_at=instant(30)), SHORTLY]
WORSE = {
    "another person": [*BASE, heard(2, who="c", days=2)],
    "another district": [*BASE[::2], replace(BASE[1], report=replace(BASE[1].report, area="440705"))],
    "another source": [*BASE[::2], replace(BASE[1], report=replace(BASE[1].report, source=Source.PETITION))],
    "overdue": [*BASE[::2], heard(1, who="b", days=1, due_at=instant(2))],
    "returned": [*BASE[::2], told(BASE[1], ("returned", "1", None))],
    "not solved": [*BASE[::2], told(BASE[1], ("solved", "否", None))],
    "a group": [*BASE[::2], heard(1, who="b", days=1, body="海棠苑200户都受影响", due_at=instant(30))],
    "money": [*BASE[::2], heard(1, who="b", days=1, body="海棠苑的搅拌站欠料款18万元", due_at=instant(30))],
    "safety": [*BASE[::2], heard(1, who="b", days=1, body="搅拌站旁边燃气管被压裂", due_at=instant(30))],
    "livelihood": [*BASE[::2], heard(1, who="b", days=1, body="搅拌站施工挖断水管停水", due_at=instant(30))],
}


@pytest.mark.parametrize("what", WORSE)
def test_whatever_is_worse_raises_the_points(what: str) -> None:
    assert risk_points(factors(*WORSE[what], days=5)) > risk_points(factors(*BASE, days=5))


def test_a_good_answer_lowers_the_points() -> None:
    assert risk_points(factors(answered(BASE[0], days=4), *BASE[1:], days=5)) < risk_points(factors(*BASE, days=5))


def test_days_overdue_never_lower_the_points() -> None:
    entries = [heard(0, who="a"), heard(1, who="b")]
    later = [points_overdue(*entries, days=day) for day in range(14, 200, 6)]
    assert later == sorted(later)
    assert later[0] < later[-1]


def test_who_the_reporters_are_and_what_else_they_reported_does_not_matter() -> None:
    """Swapping the hashes, even for those of the busiest complainant of the city, changes no factor."""
    entries = [*people(3), *people(2, days=4)]
    others = [replace(entry, complainant=f"x{i}") for i, entry in enumerate(entries)]
    assert factors(*entries, days=5) == factors(*others, days=5)


def test_every_factor_that_a_service_can_lower_says_how() -> None:
    said = "电梯又夹人，工地拖欠工资18万元，我们小区800户都受影响"
    found = factors(told(heard(0, who="a", body=said), ("returned", "1", None)), heard(1, who="b", body=said), days=30)
    without = {factor.name for factor in found if not factor.remedy and factor.points > 0}
    assert without <= {"来源渠道"}


def test_progress_is_counted_as_known() -> None:
    entries = [
        answered(heard(0, who="a", due_at=instant(3)), days=2), told(heard(1, who="b"), ("closed", "", instant(20))),
        told(heard(2, who="c"), ("returned", "1", None), ("solved", "否", None)), heard(3, who="d", days=5),
    ]  # fmt: skip
    memory = issue_of(entries)
    found = progress(memory, memory.rows_of(ISSUE), FIRST_DAY + timedelta(days=25))
    assert (found.n_answered, found.n_overdue, found.most_overdue_days) == (2, 3, 12)  # b 5 + 1, c 11 + 1, d 6 + 1
    assert (found.n_returned, found.n_not_solved, found.n_again_after_answer) == (1, 1, 1)
    assert (found.has_substantive_answer, found.has_settlement) == (True, False)


def test_the_answer_known_only_by_its_import_counts_from_then() -> None:
    entry = heard(0, who="a", due_at=instant(3))
    update = replace(told(entry, ("answered", "", instant(2))).updates[0], at=None, known_at=instant(9))
    memory = issue_of([replace(entry, updates=(update,))])
    found = progress(memory, memory.rows_of(ISSUE), FIRST_DAY + timedelta(days=20))
    assert (found.n_answered, found.most_overdue_days) == (1, 7)  # from day 3 to day 9: 6 + 1


@pytest.mark.parametrize(
    ("text", "number"),
    [("两千三百", 2300), ("二十", 20), ("十", 10), ("一百零五", 105), ("三百", 300), ("418", 418)],
)
def test_numbers_in_words(text: str, number: int) -> None:
    assert chinese_number(text) == number


def test_the_size_of_a_group_is_the_largest_that_is_stated() -> None:
    assert stated_group("我们小区200多户业主，二期三百二十户也一样，3个电梯") == 320
    assert stated_group("我一个人住在12栋") == 0


def test_factors_add_up_to_the_points_on_every_day_and_stay_within_bounds() -> None:
    with world_of(make_stream(16)) as world:
        for day in stream_days(16):
            world.run(day)
        rows = world.connection.execute("SELECT risk_points, factors FROM issue_days").fetchall()
    assert len(rows) > 50
    assert len({factor["name"] for _, factors in rows for factor in factors}) >= 6
    assert [points for points, factors in rows if abs(sum(f["points"] for f in factors) - points) > 0.05] == []
    assert all(0 <= points <= 100 for points, _ in rows)
    assert risk_points(()) == 0
    lowering = {f["name"] for _, factors in rows for f in factors if f["points"] < 0} - {BOUNDS}
    raising = {f["name"] for _, factors in rows for f in factors if f["points"] > 0}
    assert lowering
    assert lowering <= set(LOWERING)
    assert raising.isdisjoint(LOWERING)
