"""One alert, updates between, and when again; what an alert says, on issues put together by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from signals.alerts import QUOTE_CHARACTERS, IssueDay, describe, people_of_one_text, quotes_from, raise_alert
from signals.clock import LOCAL
from signals.judging import judge
from signals.linking.vectors import centrality
from signals.memory import LastAlert
from signals.records import Alert, Kind, Level, Source, Zone
from signals.series import Crossing
from signals.suppression import is_suppressed
from tests.engine.issues import ISSUE, SETTINGS, heard, instant, issue_of, told
from tests.engine.stream import FIRST_DAY, Entry, settings_for
from tests.engine.worlds import world_of

CROSSING = Crossing(ISSUE, "scan", 2.0, 100.0, 14, 0.126, 3)


def strangers(n: int) -> list[Entry]:
    """Enquiries that share no word with anything: only so many texts make some words common and others rare."""
    texts = ["".join(chr(0x4E00 + 97 * i + 13 * j) for j in range(12)) for i in range(n)]
    return [heard(900 + i, who=None, title=text, body=text, kind=Kind.ENQUIRY) for i, text in enumerate(texts)]


def raised(days: Sequence[int], *, titles: Sequence[str] = (), who: str = "") -> list[tuple[int, int, str]]:
    """One new person of one issue on each of the days, in a city where every new voice crosses the line.

    titles: of their reports, whose kind nobody has told; who: the one person that writes them all. Returns (day,
    distinct people, alert or update) of all that was raised.
    """
    text = "海棠苑旁边的搅拌站凌晨两点还在装料轰鸣"
    told: list[dict[str, object]] = [{"title": title, "kind": Kind.UNKNOWN} for title in titles] or [{}] * len(days)
    people = [heard(i, who=who or f"p{i}", days=day, minutes=600, body=text, **told[i])  # type: ignore[arg-type]
              for i, day in enumerate(days)]  # fmt: skip
    found = []
    with world_of([*strangers(60), *people]) as world:
        world.settings = settings_for(Path("unused"), false_alerts_per_day=50)
        for day in range(max(days) + 1):
            result = world.run(FIRST_DAY + timedelta(days=day))
            shown: list[tuple[Sequence[Alert], str]] = [(result.alerts, "alert"), (result.updates, "update")]
            found += [(day, alert.n_complainants, kind) for alerts, kind in shown for alert in alerts]
    return found


def test_an_issue_alerts_at_two_four_and_eight_people_and_is_updated_in_between() -> None:
    found = raised(range(10))
    assert [n for _, n, kind in found if kind == "alert"] == [2, 4, 8]
    assert [n for _, n, kind in found if kind == "update"] == [3, 5, 6, 7, 9, 10]


def test_an_alert_of_a_day_says_how_many_sent_in_one_text() -> None:
    text = "海棠苑旁边的搅拌站凌晨两点还在装料轰鸣"
    joint = [heard(i, who=f"p{i}", days=i, minutes=600, body=text) for i in range(2)]
    with world_of([*strangers(60), *joint]) as world:
        world.settings = settings_for(Path("unused"), false_alerts_per_day=50)
        world.run(FIRST_DAY)
        (alert,) = world.run(FIRST_DAY + timedelta(days=1)).alerts
    assert "其中2位诉求人提交的是相同文本，可能是联名，逐人计数。" in alert.reasons


def test_questions_alone_are_neither_alert_nor_update_until_somebody_complains() -> None:
    asked, complained = "咨询海棠苑旁边的搅拌站施工", "海棠苑旁边的搅拌站施工太吵"
    assert raised([0, 1, 2], titles=[asked] * 3) == []
    assert raised([0, 1, 2], titles=[asked, asked, complained]) == [(2, 3, "alert")]


@pytest.mark.slow
def test_what_one_person_keeps_writing_is_no_alert() -> None:
    assert raised([0, 91, 182], who="p") == []


@pytest.mark.parametrize(("arm", "n_alerts"), [("scan", 0), ("theme", 1)])
def test_the_issue_that_leads_a_theme_may_have_one_person(arm: str, n_alerts: int) -> None:
    memory = issue_of([heard(0, who="a")])
    alerts, updates, (now,) = judge(
        memory, FIRST_DAY, [replace(CROSSING, arm=arm)], [], set(),
        lambda issue, _: describe(memory, issue, FIRST_DAY, SETTINGS),
        lambda now, crossing: raise_alert(now, crossing, SETTINGS, area_names={}), SETTINGS,
    )  # fmt: skip
    assert (len(alerts), len(updates), now.n_complainants) == (n_alerts, 0, 1)


@pytest.mark.parametrize(("quiet", "kind"), [(41, "update"), (42, "alert")])
def test_after_forty_two_quiet_days_one_more_person_is_an_alert_again(quiet: int, kind: str) -> None:
    assert raised([0, 1, 1 + quiet]) == [(1, 2, "alert"), (1 + quiet, 3, kind)]


def test_an_update_does_not_put_the_next_alert_off() -> None:
    """Twice the number at the last alert, not at the last update."""
    assert [(n, kind) for _, n, kind in raised([0, 1, 2, 2])] == [(2, "alert"), (4, "alert")]


@pytest.mark.parametrize(
    ("people", "quiet", "suppressed"), [(5, 0, True), (9, 41, True), (10, 0, False), (5, 42, False), (2, 100, False)]
)
def test_an_issue_alerts_again_at_twice_the_people_or_after_42_quiet_days(
    people: int, quiet: int, suppressed: bool
) -> None:
    with world_of([]) as world:
        world.memory.last_alert[1] = LastAlert(date(2025, 1, 1), 5)
        assert is_suppressed(world.memory, 1, people, quiet, 42) is suppressed
        assert is_suppressed(world.memory, 2, people, quiet, 42) is False


def described(*entries: Entry, days: int = 0) -> IssueDay:
    return describe(issue_of(entries), ISSUE, FIRST_DAY + timedelta(days=days), SETTINGS)


def of_one_text(*entries: Entry, days: int = 0) -> int:
    return people_of_one_text(issue_of(entries), ISSUE, FIRST_DAY + timedelta(days=days))


def test_people_who_sent_in_one_text_are_counted_apart_and_named_in_the_reasons() -> None:
    """Five people, three of them with one text; a set phrase alone is no text, and one person twice is one."""
    text = "海棠苑旁边的搅拌站吵得人睡不着，联名请求搬走"
    bodies = [text, text, "凌晨还在装料", text, "水泥罐车一直按喇叭"]
    joint = [heard(i, who=f"p{i}", minutes=200 * i, body=body) for i, body in enumerate(bodies)]
    joint.append(heard(9, who="p0", minutes=2000, body=text))
    assert (described(*joint).n_complainants, of_one_text(*joint)) == (5, 3)
    alert = raise_alert(described(*joint), CROSSING, SETTINGS, area_names={}, n_same_text=3)
    assert "其中3位诉求人提交的是相同文本，可能是联名，逐人计数。" in alert.reasons
    empty = [heard(i, who=f"p{i}", minutes=200 * i, title="", body="来电人反映：") for i in range(3)]
    assert of_one_text(*empty) == 0
    own_words = [heard(i, who=f"p{i}", minutes=200 * i) for i in range(5)]
    assert of_one_text(*own_words) == 0
    without = raise_alert(described(*own_words), CROSSING, SETTINGS, area_names={}, n_same_text=0)
    assert not any("相同文本" in why for why in without.reasons)


def test_people_of_one_text_are_those_of_the_last_120_days() -> None:
    text = "海棠苑旁边的搅拌站吵得人睡不着，联名请求搬走"
    entries = [heard(i, who=f"p{i}", days=day, body=text) for i, day in enumerate((0, 1, 100))]
    assert [of_one_text(*entries, days=days) for days in (100, 120, 121)] == [3, 2, 0]


def test_of_a_city_wide_matter_those_who_asked_are_said_to_be_counted_too() -> None:
    now = described(*(heard(i, who=f"p{i}", minutes=200 * i) for i in range(3)))
    reasons = raise_alert(now, replace(CROSSING, n_gathered=4), SETTINGS, area_names={}).reasons
    assert reasons[0].startswith("近14天有3位不同诉求人反映或咨询，")
    assert "同一事项从全市多处反映，由4个议题合并为一个。" in reasons


def test_counts_are_over_the_last_120_days_28_and_7() -> None:
    entries = [heard(i, who=f"p{i}", days=day, minutes=60) for i, day in enumerate((0, 1, 93, 114, 120))]
    found = described(*entries, days=120)
    assert (found.n_reports, found.n_complainants) == (4, 4)  # the first is 120 days old
    assert (found.n_complainants_28, found.n_complainants_7) == (3, 2)
    assert (found.first_on, found.last_on) == (FIRST_DAY + timedelta(days=1), FIRST_DAY + timedelta(days=120))
    assert "hotline:n0" not in found.report_keys


def test_void_reports_are_no_part_of_what_is_shown() -> None:
    found = described(heard(0, who="a"), told(heard(1, who="b"), ("void", "作废", None)))
    assert (found.n_reports, found.n_complainants, found.report_keys) == (1, 1, ("hotline:n0",))


def test_an_issue_is_first_seen_when_it_was_received_not_when_it_became_known() -> None:
    late = replace(heard(0, who="a").report, received_at=instant(-9))
    assert described(Entry(late, "a")).first_on == FIRST_DAY - timedelta(days=9)


def test_two_reports_of_danger_make_an_alert_red_and_one_does_not() -> None:
    def entries(n_dangers: int) -> list[Entry]:
        return [replace(heard(i, who=f"p{i}"), danger="燃气泄漏" if i < n_dangers else "") for i in range(3)]

    assert described(*entries(1)).level is Level.BLUE
    assert described(*entries(2)).level is Level.RED


def test_reports_from_two_districts_make_an_alert_orange_and_five_people_yellow() -> None:
    assert described(heard(0, who="a"), heard(1, who="b", area="440705")).level is Level.ORANGE
    assert described(*(heard(i, who=f"p{i}") for i in range(5))).level is Level.YELLOW


@pytest.mark.parametrize("body", ["我们小区120户都受影响", "我們小區120戶都受影響", "我们小区１２０户都受影响"])
def test_the_stated_group_of_a_level_is_that_of_its_factor_however_it_is_written(body: str) -> None:
    rule = SETTINGS.levels.model_copy(update={"red_points": 5.0, "red_households": 100})
    settings = SETTINGS.model_copy(update={"levels": rule})
    found = describe(issue_of([heard(0, who="a", body=body)]), ISSUE, FIRST_DAY, settings)
    assert [factor.value for factor in found.factors if factor.name == "自述群体规模"] == ["120户（人）"]
    assert found.level is Level.RED


def test_a_title_that_ends_in_a_number_does_not_enlarge_the_group_of_the_body() -> None:
    rule = SETTINGS.levels.model_copy(update={"red_points": 5.0, "red_households": 100})
    settings = SETTINGS.model_copy(update={"levels": rule})
    entry = heard(0, who="a", title="搅拌站太吵之2", body="60户都受影响")
    assert describe(issue_of([entry]), ISSUE, FIRST_DAY, settings).level is not Level.RED


@pytest.mark.parametrize("hidden", [{"restricted": "minor"}, {"about_office": "白沙街道办"}])
def test_a_sensitive_report_is_counted_but_neither_quoted_nor_named(hidden: dict[str, str]) -> None:
    body = "白鹭湾幼儿园的老师打了我的孩子，孩子不敢上学了"
    secret = heard(0, who="a", title="白鹭湾幼儿园老师打人", body=body, **hidden)
    other = heard(1, who="b")
    found = described(secret, other)
    assert found.n_complainants == 2
    shown = " ".join([found.name, *found.words, *found.quotes])
    assert "搅拌站" in shown
    assert not any(word in shown for word in ("幼儿园", "老师", "打人", "孩子"))
    alone = described(secret)
    assert (alone.name, alone.words, alone.quotes) == ("敏感诉求（内容不公开）", (), ())


@pytest.mark.parametrize("n_alike", [2, 3])
def test_an_issue_is_named_and_quoted_by_those_of_its_reports_that_agree_most(n_alike: int) -> None:
    odd = heard(0, who="a", title="公园厕所的灯坏了", body="公园东门厕所的灯坏了没有人修")
    found = described(odd, *(heard(i, who=f"p{i}") for i in range(1, 1 + n_alike)))
    assert [report.report_id for report in found.quotable][-1] == "n0"  # though it came first
    assert "厕所" not in found.name + "".join(found.quotes)


def test_how_central_a_row_is_is_its_product_with_the_sum_of_its_own_group_alone() -> None:
    rows = np.array([[1, 0, 2], [0, 0, 0], [3, 1, 0], [0, 1, 1], [0, 0, 5]], np.float32)
    group = np.array([0, 0, 4, 4, 7])
    sums = [rows[group == each].sum(axis=0) for each in group]
    expected = [float(row @ total) for row, total in zip(rows, sums, strict=True)]
    assert centrality(sparse.csr_matrix(rows), group).tolist() == expected
    assert centrality(sparse.csr_matrix(rows[:0]), group[:0]).tolist() == []


def test_quotes_are_one_a_report_at_most_two_and_at_most_forty_characters() -> None:
    long = heard(0, who="a", body="海棠苑旁边的搅拌站" + "凌晨两点还在装料轰鸣" * 9).report
    short = heard(1, who="b", body="搅拌站的粉尘落到阳台上。就这些").report
    third = heard(2, who="c", body="搅拌站的车排队按喇叭吵人").report
    quotes = quotes_from([long, long, short, third], ("搅拌站",))
    assert len(quotes) == 2
    assert [len(quote) <= QUOTE_CHARACTERS for quote in quotes] == [True, True]
    assert quotes[0].startswith("海棠苑旁边的搅拌站")
    assert quotes[0].endswith("…")
    assert quotes[1].startswith("搅拌站的粉尘落到阳台上")


def test_a_quote_is_the_clause_with_most_of_the_shared_words() -> None:
    report = heard(0, who="a", body="我反映好几次都没有人来管，海棠苑搅拌站夜里装料太吵，请来看看情况吧").report
    assert quotes_from([report], ("搅拌站", "装料"))[0].startswith("海棠苑搅拌站夜里装料太吵")


def test_an_alert_says_how_many_in_which_window_against_how_many_expected() -> None:
    petition = heard(2, who="c", days=1, source=Source.PETITION, area="440705", town="会城街道")
    state = described(heard(0, who="a"), heard(1, who="b"), petition, days=1)
    alert = raise_alert(state, CROSSING, SETTINGS, area_names={"440703": "蓬江区"})
    assert alert.reasons[0] == "近14天有3位不同诉求人反映，按以往水平约为0.13位。"
    assert alert.reasons[1] == (
        "03月20日起共3件诉求、3位诉求人，来自信访、热线；涉及蓬江区、440705、会城街道、白沙街道。"
    )
    assert alert.reasons[2].startswith("这些诉求共同提到：")
    assert (alert.evidence, alert.recurrence_days, alert.risk) == (2.0, 100.0, None)
    assert (alert.observed, alert.window_days, alert.expected) == (3, 14, 0.126)


def test_an_alert_names_its_zone_after_the_counts() -> None:
    state = described(heard(0, who="a"), heard(1, who="b"))
    zone = Zone((("440703", "白沙街道"),), 2, 0.03, 7, 6.4)
    alert = raise_alert(state, CROSSING, SETTINGS, area_names={"440703": "蓬江区"}, zone=zone)
    assert alert.zone == zone
    assert alert.reasons[2] == "热区：蓬江区白沙街道，近7天2位，按以往约0.03位。"
    without = raise_alert(state, CROSSING, SETTINGS, area_names={})
    assert not any("热区" in reason for reason in without.reasons)


def test_an_alert_is_due_by_its_level_counted_from_the_next_morning() -> None:
    state = described(*(heard(i, who=f"p{i}") for i in range(5)))
    alert = raise_alert(state, CROSSING, SETTINGS, area_names={})
    assert (alert.level, alert.day) == (Level.YELLOW, date(2025, 3, 20))
    assert alert.due_at == datetime(2025, 3, 22, 8, tzinfo=LOCAL)


def test_the_two_largest_factors_are_named_and_those_that_lower_the_risk_are_not() -> None:
    entries = [heard(i, who=f"p{i}", minutes=i) for i in range(4)]  # people 14, growth 12
    settled = told(entries[0], ("answered", "", instant(0, hours=9)), ("answer", "双方已达成调解", instant(0, hours=9)))
    state = described(settled, *entries[1:])
    alert = raise_alert(state, CROSSING, SETTINGS, area_names={})
    assert alert.reasons[-1] == "矛盾风险主要来自：不同诉求人（4位）；近7天增长（新增4位，此前周均0.0位）。"
    assert min(alert.factors, key=lambda factor: factor.points).name == "已达成调解"
    assert alert.risk_points == pytest.approx(14 + 12 - 8)
