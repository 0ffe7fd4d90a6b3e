"""What an issue is called: where and what, in a report's own words; every text here is invented."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pytest

from signals.alerts import describe
from signals.linking.naming import NAME_CHARACTERS, best_name, name_from
from signals.linking.vectors import HALF
from signals.refreshing import refresh
from tests.engine.issues import ISSUE, SETTINGS, heard, issue_of
from tests.engine.stream import FIRST_DAY


def called(*titles: str, bodies: Sequence[str] = ()) -> str:
    """The name of an issue of reports with these titles."""
    said = bodies or [f"{title}，住在附近的人都这么说" for title in titles]
    entries = [
        heard(i, who=f"p{i}", minutes=i, title=title, body=body)
        for i, (title, body) in enumerate(zip(titles, said, strict=True))
    ]
    return describe(issue_of(entries), ISSUE, FIRST_DAY, SETTINGS).name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("关于反映玉兰苑B座电梯停运的问题", "玉兰苑B座电梯停运"),
        ("4月2日玉蘭苑電梯停運，盼解決！", "玉兰苑电梯停运"),
        ("再次投诉玉兰苑电梯停运，请尽快派人来", "玉兰苑电梯停运"),
        ("咨询玉兰苑电梯维修有关问题", "玉兰苑电梯维修"),
        ("玉兰苑电表箱冒烟，已拍照上报", "玉兰苑电表箱冒烟"),
        ("玉兰苑电表箱冒烟，已起火", "玉兰苑电表箱冒烟，已起火"),
        ("玉兰苑(二期)电梯17:30停运", "玉兰苑（二期）电梯17:30停运"),
        ("关于问题", "正文另有所说"),
    ],
)
def test_a_name_is_what_a_title_says_without_how_reports_begin_and_end(title: str, name: str) -> None:
    assert name_from(title, "正文另有所说") == name


def test_a_name_keeps_capitals_and_is_simplified() -> None:
    assert name_from("A3區KTV夜裏太吵", "") == "A3区KTV夜里太吵"


def test_a_long_title_is_cut_after_a_clause_and_a_long_clause_after_a_word() -> None:
    clauses = "玉兰苑二期三栋电梯停运已经两个星期，老人上不了楼，物业说还在等配件"
    assert name_from(clauses, "") == "玉兰苑二期三栋电梯停运已经两个星期，老人上不了楼"
    clause = "白沙街道玉兰苑二期三栋二单元东边那部载客电梯停运已经整整两个星期"
    assert name_from(clause, "") == "白沙街道玉兰苑二期三栋二单元东边那部载客电梯停运已经整整…"
    assert len(name_from(clause * 3, "")) <= NAME_CHARACTERS


def test_a_report_without_a_title_is_named_by_the_first_sentence_of_its_body() -> None:
    assert name_from("", "您好！玉兰苑电梯停运。物业不管。") == "玉兰苑电梯停运"


def test_an_issue_is_named_by_the_place_that_its_reports_share() -> None:
    titles = ("半夜装料轰鸣", "海棠苑旁搅拌站半夜装料轰鸣", "海棠苑旁搅拌站粉尘大")
    assert called(*titles, bodies=[titles[1]] * 3) == titles[1]


@pytest.mark.parametrize(
    "worse",
    [
        "海棠苑夜间施工噪声凌晨为什么没人管？",
        "我住的海棠苑夜间施工噪声凌晨",
        "海棠苑〔姓名〕夜间施工噪声凌晨",
        "夜间施工噪声凌晨",
        "",
    ],
)
def test_a_question_a_person_a_hole_no_place_and_no_title_give_way(worse: str) -> None:
    """Though nearly all of them say one shared word more."""
    better = "海棠苑夜间施工噪声"
    bodies = [f"{better}凌晨。为什么没人管，我住的"] * 2
    assert called(worse, better, bodies=bodies) == called(better, worse, bodies=bodies) == better


def test_a_name_says_what_not_only_where() -> None:
    bodies = ["蓬江区白沙街道桥头社区海棠苑二期噪声"] * 2
    assert called("蓬江区白沙街道桥头社区海棠苑二期", "海棠苑噪声", bodies=bodies) == "海棠苑噪声"


def test_a_name_with_a_hole_is_taken_where_there_is_no_other() -> None:
    assert called("海棠苑〔姓名〕搅拌站太吵", "海棠苑〔姓名〕搅拌站太吵") == "海棠苑 搅拌站太吵"


def test_what_only_one_report_says_speaks_against_its_name() -> None:
    shared = "海棠苑旁搅拌站夜间装料"
    odd = f"{shared}胶带扶梯风筝"
    assert called(odd, shared) == called(shared, odd) == shared


def test_a_name_kept_from_the_day_before_is_not_that_of_reports_gone_since_or_of_other_weights() -> None:
    titles = ("海棠苑搅拌站太吵", "海棠苑灰尘很大")
    memory = issue_of([heard(i, who=f"p{i}", title=title) for i, title in enumerate(titles)])
    before = describe(memory, ISSUE, FIRST_DAY, SETTINGS)
    assert describe(memory, ISSUE, FIRST_DAY, SETTINGS) == before
    memory.void[[row for row in range(2) if memory.reports[row].title == before.name]] = True
    now = describe(memory, ISSUE, FIRST_DAY, SETTINGS)
    assert {before.name, now.name} == set(titles)
    refresh(memory, FIRST_DAY, SETTINGS.linking)
    assert not memory.called


def test_of_nearly_equals_the_more_central_names_the_issue() -> None:
    """Six of eleven say 扬尘, seven 噪声."""
    base = "海棠苑搅拌站夜间装料"
    told = [base + "扬尘" * (i < 6) + "噪声" * (i > 3) for i in range(11)]
    memory = issue_of([heard(i, who=f"p{i}", title=base, body=body) for i, body in enumerate(told)])
    for first, second in ((0, 10), (10, 0)):
        rows = np.array([first, second, *range(1, 10)])
        every, places = memory.counts.columns(rows, HALF), memory.place_counts.columns(rows[:2], HALF)
        said = [(told[first], ""), (told[second], "")]
        assert best_name(said, every, places, memory.vocabulary, None) == told[first]


def test_a_name_does_not_depend_on_the_order_in_which_reports_are_given() -> None:
    titles = ["海棠苑旁搅拌站夜间装料", "搅拌站夜间装料，海棠苑没法睡", "海棠苑旁搅拌站粉尘大"]
    entries = [heard(i, who=f"p{i}", minutes=i, title=title, body=f"{title}，吵") for i, title in enumerate(titles)]
    names = {describe(issue_of(given), ISSUE, FIRST_DAY, SETTINGS).name for given in permutations(entries)}
    assert len(names) == 1


@pytest.mark.parametrize("hidden", [{"restricted": "minor"}, {"about_office": "白沙街道办"}])
def test_a_hidden_report_never_names_an_issue_however_well_it_would(hidden: dict[str, str]) -> None:
    body = "海棠苑旁搅拌站夜间装料太吵，门口拦着"
    secret = heard(0, who="a", title="海棠苑旁搅拌站夜间装料太吵", body=body, **hidden)
    poor = heard(1, who="b", minutes=1, title="为什么没人管", body=body)
    assert describe(issue_of([secret, poor]), ISSUE, FIRST_DAY, SETTINGS).name == "为什么没人管"
