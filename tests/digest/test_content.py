"""What the digest of a day says, and what it never says."""

from datetime import datetime, timedelta

import pytest

from signals.alerts import SEASONAL
from signals.clock import end_of, start_of
from signals.digest.html import render_html
from signals.digest.markdown import render_markdown, render_picture
from signals.records import Level, Source
from signals.settings import Settings
from signals.theme_nodes import ARM
from tests.digest.city import DAY, City

QUOTE = "搅拌站半夜还在打料，整栋楼睡不着"


def page(digest) -> str:
    """All three renderings in one text."""
    return "\n".join(
        (render_html(digest), render_markdown(digest, picture="p.svg"), render_picture(digest))
    )


def test_a_day_without_new_alerts_says_so(city: City, collect) -> None:
    city.run(DAY)
    digest = collect()
    assert "今日无新苗头" in digest.sentences[1]
    assert "今日无新苗头" in render_html(digest)
    assert "今日无新苗头" in render_markdown(digest, picture="p.svg")


def test_at_most_five_new_signs_are_shown_most_urgent_first(city: City, collect) -> None:
    for issue_id in range(1, 8):
        level = "red" if issue_id == 7 else "blue"
        city.alert(DAY, issue_id, [city.report(DAY)], level=level, name=f"议题之{issue_id}")
    digest = collect()
    assert [sign.issue_id for sign in digest.signs] == [7, 1, 2, 3, 4]
    assert digest.n_new == 7
    assert "共 7 个，列 5 个" in render_html(digest)


def test_an_update_between_two_alerts_is_no_new_sign(city: City, collect) -> None:
    city.alert(DAY, 1, [city.report(DAY)], is_update=True)
    assert collect().n_new == 0


def test_what_the_season_explains_is_named_without_numbers_for_a_week(city: City, collect) -> None:
    reason = ("近14天有4位不同诉求人反映。", f"去年最多的14天有9件，未明显多于往年，{SEASONAL}。")
    for i, (days, name, is_update) in enumerate(((0, "烟花", True), (6, "积水", True), (7, "蚊虫", True)), start=1):
        city.alert(DAY - timedelta(days=days), i, [city.report(DAY)], name=name, reasons=reason, is_update=is_update)
    city.alert(DAY, 4, [city.report(DAY)], name="停水", reasons=("近期集中",), is_update=True)
    city.alert(DAY - timedelta(days=2), 5, [city.report(DAY)], name="考试噪声", reasons=reason, is_update=True)
    city.alert(DAY, 5, [city.report(DAY)], name="考试噪声", reasons=("今年明显更多。",))
    city.alert(DAY, 6, [city.report(DAY, restricted="未成年人")], name="不公开", reasons=reason, is_update=True)
    digest = collect()
    assert digest.seasonal == ("烟花", "积水")
    said = "近 7 天随季节再来、未明显多于去年同期而未作预警：烟花；积水。请按往年安排应对。"
    assert said in render_html(digest)
    assert said in render_markdown(digest, picture="p.svg")


def test_of_many_that_the_season_explains_six_are_named_and_all_counted(city: City, collect) -> None:
    for i in range(1, 8):
        city.alert(DAY, i, [city.report(DAY)], name=f"事项{i}", reasons=(f"{SEASONAL}。",), is_update=True)
    assert "事项5；事项6等 7 项。" in render_html(collect())


def test_where_no_season_returns_nothing_is_said_of_it(city: City, collect) -> None:
    city.alert(DAY, 1, [city.report(DAY)], is_update=True)
    assert "随季节" not in page(collect())


def test_a_sign_states_the_chance_with_its_assumption_and_rounds_down(city: City, collect) -> None:
    city.alert(DAY, 1, [city.report(DAY)])
    statement = "在所列基线假设成立时，全市范围内偶然达到这一强度，平均不少于 128 天一次"
    assert statement in render_html(collect())
    assert statement in render_markdown(collect(), picture="p.svg")


def zone(observed: int, *places: tuple[str, str]) -> dict[str, object]:
    """The column of a zone, by default in one town."""
    named = [{"area": area, "town": town} for area, town in places or (("440703", "棠下镇"),)]
    return {"places": named, "observed": observed, "expected": 0.104, "window_days": 7, "score": 9.0}


def test_a_sign_whose_people_sent_in_one_text_says_so_without_their_number(city: City, collect) -> None:
    city.alert(DAY, 1, [city.report(DAY)])
    assert "相同文本" not in render_html(collect())
    city.alert(DAY, 2, [city.report(DAY)], reasons=("近期集中", "其中3位诉求人提交的是相同文本，逐人计数。"))
    page = render_html(collect())
    assert page.count("6 位诉求人，含相同文本／") == 1


def test_a_sign_explains_itself(city: City, collect) -> None:
    """Seen and expected, people by number, places, sources, the words they share, the zone, the chance."""
    city.alert(DAY, 1, [city.report(DAY)], n_complainants=16, zone=zone(15))
    for text in (render_html(collect()), render_markdown(collect(), picture="p.svg")):
        assert "蓬江区棠下镇；2025-06-09 起；3 条诉求／16 位诉求人／2 个来源（热线、信访）" in text
        assert "共同提到：搅拌站、夜间、噪声" in text
        assert "近 14 天 15 位不同诉求人，基线预期 0.4 位" in text
        assert "热区：蓬江区棠下镇，近7天5位以上，按以往约0.10位" in text
        assert "平均不少于 128 天一次" in text


@pytest.mark.parametrize(
    ("observed", "n_complainants", "said"),
    [(2, 16, "少于5位"), (4, 5, "少于5位"), (7, 8, "5位以上"), (9, 14, "5位以上"), (10, 16, "10位"), (7, 16, "7位")],
)
def test_a_zone_of_few_people_or_with_few_people_outside_has_no_number_in_the_digest(
    city: City, collect, observed: int, n_complainants: int, said: str
) -> None:
    """The digest prints n_complainants, and one less as those seen in the window."""
    city.alert(DAY, 1, [city.report(DAY)], n_complainants=n_complainants, zone=zone(observed))
    assert f"热区：蓬江区棠下镇，近7天{said}，按以往约0.10位" in render_html(collect())


def test_the_figures_of_a_theme_are_named_as_such(city: City, collect) -> None:
    city.alert(DAY, 1, [city.report(DAY)])
    assert "同主题" not in render_markdown(collect(), picture="p.svg")
    city.connection.execute("UPDATE alerts SET arm = ?", [ARM])
    assert "近 14 天当地同主题 5 位不同诉求人，基线预期" in render_markdown(collect(), picture="p.svg")


def test_an_alert_without_a_zone_says_nothing_of_one(city: City, collect) -> None:
    city.alert(DAY, 1, [city.report(DAY)])
    assert collect().signs[0].zone == ""
    assert "热区：" not in render_html(collect())


@pytest.mark.parametrize(("n_complainants", "is_quoted"), [(5, True), (4, False)])
def test_no_quote_leaves_for_an_issue_with_fewer_than_five_complainants(
    city: City, collect, n_complainants: int, is_quoted: bool
) -> None:
    city.alert(DAY, 1, [city.report(DAY, body=QUOTE)], n_complainants=n_complainants, quotes=[QUOTE])
    assert (QUOTE in page(collect())) is is_quoted


@pytest.mark.parametrize("mark", [{"restricted": "minor"}, {"about_office": "区城管局"}])
def test_sensitive_reports_are_never_quoted(city: City, collect, mark: dict[str, str]) -> None:
    keys = [city.report(DAY), city.report(DAY, body=QUOTE, **mark)]
    city.alert(DAY, 1, keys, quotes=[QUOTE])
    digest = collect()
    assert digest.n_new == 1
    assert QUOTE not in page(digest)


def test_a_quote_that_also_stands_in_a_sensitive_report_is_dropped(city: City, collect) -> None:
    keys = [city.report(DAY, body=QUOTE), city.report(DAY, body=QUOTE, restricted="illness")]
    city.alert(DAY, 1, keys, quotes=[QUOTE])
    assert QUOTE not in page(collect())


def test_a_quote_longer_than_forty_characters_or_without_a_report_is_dropped(city: City, collect) -> None:
    longer = "噪" * 41
    city.alert(DAY, 1, [city.report(DAY, body=longer)], quotes=[longer, "没有出处的话"])
    assert collect().signs[0].quotes == ()


def test_an_alert_of_sensitive_reports_alone_is_counted_and_not_listed(city: City, collect) -> None:
    city.alert(DAY, 1, [city.report(DAY, restricted="violence")], name="某户家中事")
    digest = collect()
    assert (digest.n_new, digest.n_new_hidden) == (0, 1)
    assert "某户家中事" not in page(digest)
    assert "另有 1 条预警只涉及敏感诉求" in digest.sentences[1]


def test_no_unit_is_proposed_to_handle_reports_about_itself(city: City, collect) -> None:
    keys = [city.report(DAY), city.report(DAY, about_office="区城管局")]
    city.alert(DAY, 1, keys, owner="区城管局")
    assert collect().signs[0].owner == "待定（由上一级指定）"


def test_watch_rows_stand_in_a_box_of_their_own_without_words(city: City, collect) -> None:
    city.watch(DAY, city.report(DAY), phoned_at=start_of(DAY) + timedelta(hours=13))
    city.watch(DAY, city.report(DAY, restricted="suicide"))
    digest = collect()
    assert (len(digest.watch), digest.n_watch_hidden, digest.n_new) == (1, 1, 0)
    text = render_html(digest)
    assert "即时关注 2 条" in text
    assert "13:00 已电话通知" in text
    assert "煤气味" not in page(digest)


def test_a_rising_issue_was_alerted_before_and_gathers_voices_faster(city: City, collect) -> None:
    for issue_id, last_7 in ((1, 4), (2, 1)):
        city.alert(DAY - timedelta(days=20), issue_id, [city.report(DAY - timedelta(days=20))])
        city.issue_day(DAY, issue_id, last_7=last_7, last_28=8)
    digest = collect()
    assert [row.issue_id for row in digest.rising] == [1]
    assert (digest.n_rising, digest.n_alerted) == (1, 2)


def test_overdue_handling_stands_first_until_it_is_verified(city: City, collect) -> None:
    before = DAY - timedelta(days=10)
    for issue_id in (1, 2, 3):
        due_at = start_of(DAY) + timedelta(days=5 if issue_id == 1 else -3)
        city.alert(before, issue_id, [city.report(before)], due_at=due_at)
    city.handle(3, "owned", start_of(before) + timedelta(days=1), unit="区住建局")
    city.handle(3, "handled", start_of(before) + timedelta(days=2))
    digest = collect()
    assert [row.issue_id for row in digest.follow_ups] == [2, 3, 1]
    assert (digest.n_open, digest.n_overdue) == (3, 2)
    assert digest.follow_ups[1].steps == ("found", "owned", "handled")
    assert digest.follow_ups[1].unit == "区住建局"
    assert digest.follow_ups[0].overdue_days == 4
    assert {f"{row.due_at:%H:%M %z}" for row in digest.follow_ups} == {"00:00 +0800"}  # as the officer's clock shows it
    city.handle(2, "verified", start_of(DAY) - timedelta(days=1))
    assert [row.issue_id for row in collect().follow_ups] == [3, 1]


def test_of_what_is_overdue_the_most_urgent_stands_first_and_an_update_can_make_it_so(city: City, collect) -> None:
    for issue_id, days in ((1, 12), (2, 10)):
        before = DAY - timedelta(days=days)
        city.alert(before, issue_id, [city.report(before)], level="yellow", due_at=start_of(before))
    later = DAY - timedelta(days=3)
    city.alert(later, 2, [city.report(later)], level="red", is_update=True)
    assert [(row.issue_id, row.level) for row in collect().follow_ups] == [(2, Level.RED), (1, Level.YELLOW)]


@pytest.mark.parametrize(
    ("before", "now", "said"), [("orange", "red", True), ("red", "red", False), ("red", "blue", False)]
)
def test_an_update_at_a_higher_level_is_told_with_its_deadline(
    before: str, now: str, said: bool, city: City, collect
) -> None:
    first, second = DAY - timedelta(days=9), DAY - timedelta(days=4)
    city.alert(first, 1, [city.report(first)], level="blue")
    city.alert(second, 1, [city.report(second)], level=before, is_update=True)
    city.alert(DAY, 1, [city.report(DAY)], level=now, is_update=True, due_at=end_of(DAY) + timedelta(hours=9))
    news = collect().sentences[1]
    assert news.startswith("今日无新苗头")
    assert ("已预警的棠下搅拌站夜间噪声由橙色升为红色，建议区生态环境分局于 " in news) == said
    assert ("09:00 前回应" in news) == said


def test_of_many_that_rise_the_most_urgent_are_named_and_the_others_counted(city: City, collect) -> None:
    first = DAY - timedelta(days=9)
    for issue_id, now in ((1, "yellow"), (2, "orange"), (3, "red")):
        city.alert(first, issue_id, [city.report(first)], level="blue")
        city.alert(DAY, issue_id, [city.report(DAY)], level=now, is_update=True)
    digest = collect()
    assert [one.level for one in digest.risen] == [Level.RED, Level.ORANGE, Level.YELLOW]
    assert digest.sentences[1].count("已预警的棠下搅拌站夜间噪声由") == 2
    assert "另有 1 个已预警的议题等级上升" in digest.sentences[1]


def test_a_risen_issue_of_sensitive_reports_alone_is_not_named(city: City, collect) -> None:
    first = DAY - timedelta(days=9)
    city.alert(first, 1, [city.report(first)], level="blue")
    city.alert(DAY, 1, [city.report(DAY, restricted="涉性")], level="red", is_update=True)
    assert collect().sentences[1] == "今日无新苗头。"


def test_what_is_left_out_of_a_table_is_said_above_it(city: City, collect) -> None:
    before = DAY - timedelta(days=10)
    for issue_id in range(1, 9):
        city.alert(before, issue_id, [city.report(before, town=f"{issue_id}镇", due_at=start_of(before))])
    city.update(city.report(before), "answered", start_of(before))  # the source tells of ends
    page = render_html(collect())
    assert "近一年预警议题 8 个，未办结 8 个，其中逾期 8 个；列 6 个；" in page
    assert "有自带时限的在办工单 8 件，逾期 8 件，列最多的 6 处共 6 件（" in page


def test_reopening_takes_the_verification_back(city: City, collect) -> None:
    before = DAY - timedelta(days=10)
    city.alert(before, 1, [city.report(before)])
    city.handle(1, "verified", start_of(DAY) - timedelta(days=2))
    city.handle(1, "reopened", start_of(DAY) - timedelta(days=1))
    (row,) = collect().follow_ups
    assert row.reopened
    assert "verified" not in row.steps


def test_orders_past_their_deadline_are_counted_unless_ended_or_void(city: City, collect) -> None:
    due = start_of(DAY) - timedelta(days=2)
    keys = [city.report(DAY - timedelta(days=9), source="grid", due_at=due) for _ in range(5)]
    city.report(DAY, due_at=end_of(DAY) + timedelta(days=1))
    for key, name in zip(keys, ("closed", "answered", "void"), strict=False):
        city.update(key, name, start_of(DAY))
    digest = collect()
    assert (digest.n_overdue_orders, digest.n_open_orders) == (2, 2)  # the hotline has never told of an end
    city.update(city.report(DAY), "closed", start_of(DAY) + timedelta(hours=13))
    digest = collect()
    assert (digest.n_overdue_orders, digest.n_open_orders) == (2, 3)
    (row,) = digest.overdue_orders
    assert (row.town, row.unit, row.n_orders, row.longest_days) == ("棠下镇", "城管执法队", 2, 3)


def test_an_order_closed_after_the_day_is_still_overdue_in_it(city: City, collect) -> None:
    key = city.report(DAY - timedelta(days=9), due_at=start_of(DAY))
    city.update(key, "closed", end_of(DAY) + timedelta(hours=1))
    assert collect().n_overdue_orders == 0  # nor has any other of its source ended by then
    city.update(city.report(DAY - timedelta(days=9)), "closed", start_of(DAY))
    assert collect().n_overdue_orders == 1


def test_the_day_is_compared_with_the_same_weekday_of_the_weeks_before(city: City, collect) -> None:
    city.quiet_weeks(DAY)
    for _ in range(3):
        city.report(DAY)
    digest = collect()
    assert digest.n_reports == 9
    assert digest.same_weekday_mean == 6.0
    assert digest.same_weekday_days == 8
    assert "平均 6.0 条，当日多 3.0 条" in digest.sentences[0]


def test_a_matter_is_compared_with_the_28_days_before_and_has_a_denominator(city: City, collect) -> None:
    city.quiet_weeks(DAY)
    for _ in range(10):
        city.report(DAY, category="生态环境/异味扰民/餐饮")
    digest = collect()
    assert digest.n_matters_now == 28 * 6 + 10
    assert digest.n_matters_before == 28 * 6
    assert digest.matters[0].name == "生态环境·异味扰民"
    assert "近 28 天共 178 条，前 28 天 168 条" in render_html(digest)


def test_enquiries_are_no_matters(city: City, collect) -> None:
    for _ in range(6):
        city.report(DAY, kind="enquiry")
    digest = collect()
    assert (digest.n_reports, digest.n_grievances, digest.matters) == (6, 0, ())


def test_near_the_spring_festival_the_week_is_compared_by_the_lunar_calendar(city: City, gazetteer) -> None:
    from signals.digest.content import collect_digest

    day, then = DAY.replace(month=2, day=5), DAY.replace(year=2024, month=2, day=17)  # both day 7 after it
    for _ in range(20):
        city.report(then - timedelta(days=3))
        city.report(then - timedelta(days=40))
    for _ in range(25):
        city.report(day)
    digest = collect_digest(city.connection, day, Settings(), gazetteer)
    assert digest.festival is not None
    assert (digest.festival.offset_days, digest.festival.n_now, digest.festival.n_then) == (7, 25, 20)
    assert "春节后 7 天；近 7 天 25 条" in render_html(digest)


def test_map_cells_with_fewer_than_five_people_are_hidden(city: City, collect) -> None:
    city.cell(DAY, 40)
    for area, count in (("440703", 17), ("440704", 4), ("440705", 12), ("440781", 9)):
        city.cell(DAY, count, area=area)
    shown = {cell.code: cell.n_complainants for cell in collect().areas}
    assert shown["440703"] == 17
    assert shown["440704"] is None


def test_a_source_that_usually_delivers_and_brings_nothing_is_named(city: City, collect) -> None:
    for week in range(1, 6):
        for _ in range(6):
            city.report(DAY - timedelta(weeks=week), source="petition")
    city.report(DAY)
    digest = collect()
    missing = [source.source for source in digest.quality.sources if source.missing]
    assert missing == [Source.PETITION]
    assert "信访当日未到" in render_html(digest)


def test_the_promise_stands_beside_its_measurement(city: City, collect) -> None:
    assert "平均每天不超过 0.6 条（实测÷预算：尚未测定）" in render_html(collect())
    city.connection.execute(
        "INSERT INTO models VALUES ('budget', 'v1', 'current', ?, ?, '', '0.82')",
        [start_of(DAY), DAY - timedelta(days=1)],
    )
    assert "实测÷预算：0.82，2025-06-18 测定，约合每 2 天 1 条）" in render_html(collect())


def test_a_promise_that_is_more_than_the_city_says_is_said_to_be_never_reached(city: City, collect) -> None:
    never = "诉求平均每天还没有这么多"
    city.connection.execute("INSERT INTO day_totals VALUES (?, 'petition', 5, 5, 1)", [DAY - timedelta(days=1)])
    assert never not in render_html(collect())
    for n in range(2, 10):
        city.connection.execute("INSERT INTO day_totals VALUES (?, 'petition', 0, 0, 1)", [DAY - timedelta(days=n)])
    assert never in render_html(collect())
    city.connection.execute("INSERT INTO day_totals VALUES (?, 'petition', 99, 99, 1)", [DAY])
    assert never in render_html(collect()), "the day itself is not known when it is promised"


def test_reports_without_a_place_and_quarantined_rows_are_shares(city: City, collect) -> None:
    city.report(DAY, area="", town="")
    for _ in range(3):
        city.report(DAY)
    city.connection.execute(
        "INSERT INTO quarantine VALUES (1, 1, 'a.xlsx', '', 3, '来电时间', '不是日期', '{}', ?)", [start_of(DAY)]
    )
    text = render_html(collect())
    assert "当日 1/4（25%）" in text
    assert "问题行 1/5（20%）" in text


def test_an_empty_warehouse_still_gives_a_page(city: City, collect) -> None:
    assert "没有任何来源的数据" in render_html(collect())


def fill_later(city: City) -> None:
    """Everything that can come after the day, in every table that the digest reads."""
    later: datetime = end_of(DAY) + timedelta(hours=3)
    tomorrow = DAY + timedelta(days=1)
    key = city.report(tomorrow, body=QUOTE)
    city.report(tomorrow, received_at=start_of(DAY), restricted="minor")
    for row in city.connection.execute("SELECT report_key FROM reports").fetchall():
        for name in ("closed", "void", "answered"):
            city.update(row[0], name, later)
    city.alert(tomorrow, 1, [key])
    city.alert(tomorrow, 9, [key])
    city.issue_day(tomorrow, 1)
    city.handle(1, "verified", later)
    city.watch(tomorrow, key)
    city.connection.execute("UPDATE watch SET phoned_at = ? WHERE phoned_at IS NULL", [later])
    city.connection.execute(
        "UPDATE issues SET merged_into = 9, merged_on = ?, name = '改名' WHERE issue_id IN (1, 2)", [tomorrow]
    )
    city.cell(tomorrow, 99)
    city.run(tomorrow)
    city.connection.execute(
        "INSERT INTO quarantine VALUES (7, 1, 'b.xlsx', '', 3, '', '不是日期', '{}', ?)", [later]
    )
    city.connection.execute("INSERT INTO models VALUES ('budget', 'v2', 'current', ?, ?, '', '3')", [later, DAY])


def test_nothing_known_after_the_day_changes_its_digest(city: City, collect) -> None:
    city.quiet_weeks(DAY)
    keys = [city.report(DAY, body=QUOTE, due_at=start_of(DAY)) for _ in range(5)]
    city.alert(DAY, 2, keys, quotes=[QUOTE])
    before = DAY - timedelta(days=12)
    city.alert(before, 1, [city.report(before)])
    city.issue_day(DAY, 1)
    city.watch(DAY, keys[0])
    city.cell(DAY, 30)
    city.cell(DAY, 14, area="440703")
    first = page(collect())
    assert QUOTE in first
    fill_later(city)
    assert page(collect()) == first


def test_a_merge_that_is_taken_back_later_still_holds_in_the_digest_of_a_day_between(city: City, collect) -> None:
    city.quiet_weeks(DAY)
    city.alert(DAY - timedelta(days=12), 2, [city.report(DAY - timedelta(days=12))])
    city.issue(1, "更早的议题", DAY - timedelta(days=20))
    apart = page(collect())
    merged_on, tomorrow = DAY - timedelta(days=3), DAY + timedelta(days=1)
    city.connection.execute("UPDATE issues SET merged_into = 1, merged_on = ? WHERE issue_id = 2", [merged_on])
    between = page(collect())
    assert between != apart
    for number, kind, undoes, on in ((1, "merge", None, merged_on), (2, "undo", 1, tomorrow)):
        row = [number, kind, 2, 1, [], "研判员", "两处", start_of(DAY), undoes, on, None, None]
        city.connection.execute(f"INSERT INTO corrections VALUES ({', '.join('?' * 12)})", row)
    city.connection.execute("UPDATE issues SET merged_into = NULL, merged_on = NULL WHERE issue_id = 2")
    assert page(collect()) == between
    city.connection.execute("UPDATE corrections SET in_force_on = ? WHERE undoes = 1", [DAY])
    assert page(collect()) == apart
