"""Every view on an empty and on a full warehouse, as Streamlit runs it."""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from signals.audit import read_audit
from signals.clock import start_of
from signals.store.warehouse import create, writing
from tests.board.conftest import ROOT
from tests.board.seeded import HOSTILE_TITLE, LAST_DAY, OFFICE_TITLE, QUIET_DAY, RESTRICTED_TITLE

VIEWS = {
    "today.py": "今日预警",
    "issue.py": "议题",
    "handling.py": "处置闭环",
    "radar.py": "弱信号雷达",
    "hotspots.py": "热点图",
    "themes.py": "主题趋势",
    "indicators.py": "指标",
    "quality.py": "数据质量",
    "models.py": "数据与模型",
}
Point = Callable[[Path], None]


def open_view(view: str, **query: str) -> AppTest:
    board = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        board.query_params[name] = value
    return board.switch_page(f"board/views/{view}").run()


PAGE_SCRIPT = (ROOT / "board" / "page.js").read_text("utf-8")


def page_text(board: AppTest) -> str:
    """All that the page shows, without the board's own script."""
    shown = "\n".join(str(element.proto.body) for element in board.get("html"))
    return shown.replace(f"<script>{PAGE_SCRIPT}</script>", "")


def actions(folder: Path) -> list[str]:
    return [entry.action for entry in read_audit(folder / "audit")]


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_without_a_warehouse_names_the_two_commands(view: str, tmp_path: Path, on_loopback: Point) -> None:
    on_loopback(tmp_path)
    board = open_view(view)
    assert not board.exception
    assert "jianwei ingest" in page_text(board)
    assert "jianwei run" in page_text(board)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_of_a_warehouse_without_a_run_names_the_two_commands(
    view: str, tmp_path: Path, on_loopback: Point
) -> None:
    create(tmp_path / "jianwei.duckdb")
    on_loopback(tmp_path)
    board = open_view(view)
    assert not board.exception
    assert "还没有可以看的数据" in page_text(board)


@pytest.mark.parametrize(("view", "title"), VIEWS.items())
def test_a_view_of_a_full_warehouse_shows_its_heading_and_how_fresh_it_is(
    view: str, title: str, full_folder: Path, on_loopback: Point
) -> None:
    on_loopback(full_folder)
    board = open_view(view)
    assert not board.exception
    assert f"<h1>{title}</h1>" in page_text(board)
    assert "数据截至 2025年4月10日" in page_text(board)


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_shows_the_text_of_a_sensitive_report_or_to_a_district_of_one_about_an_office(
    view: str, full_folder: Path, on_loopback: Point
) -> None:
    on_loopback(full_folder)
    board = open_view(view)
    assert RESTRICTED_TITLE not in page_text(board) + "".join(str(box.options) for box in board.selectbox)
    board.selectbox(key="demo_role").set_value("蓬江区研判员").run()
    shown = page_text(board) + "".join(str(box.options) for box in board.selectbox)
    assert RESTRICTED_TITLE not in shown
    assert OFFICE_TITLE not in shown


@pytest.mark.parametrize("view", ["today.py", "issue.py"])
def test_markup_in_a_report_is_shown_as_the_characters_it_is(view: str, full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    text = page_text(open_view(view, issue="1"))
    assert "&lt;img src=x onerror" in text
    assert HOSTILE_TITLE[:10] not in text


def test_today_leaves_an_audit_line_for_the_danger_reports_and_one_for_the_quotes(
    full_folder: Path, on_loopback: Point
) -> None:
    on_loopback(full_folder)
    AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert actions(full_folder) == ["view_watch", "view_quotes"]


def test_today_shows_no_text_where_the_audit_cannot_be_written(full_folder: Path, on_loopback: Point) -> None:
    (full_folder / "audit").write_text("not a folder")
    on_loopback(full_folder)
    text = page_text(open_view("today.py"))
    assert "审计不可写，原文不显示" in text
    assert "<blockquote" not in text
    assert "闻到煤气味" not in text
    assert "平均不少于" in text  # figures stay


def test_the_audit_line_is_written_before_the_quotes(
    full_folder: Path, on_loopback: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    import streamlit as st

    written: list[bool] = []
    show = st.html

    def watch(body: object, **options: object) -> object:
        if "<blockquote" in str(body):
            written.append("view_quotes" in actions(full_folder))
        return show(str(body), **options)  # type: ignore[arg-type]

    monkeypatch.setattr(st, "html", watch)
    on_loopback(full_folder)
    AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert written
    assert all(written)


def test_a_quiet_day_says_that_nothing_is_new(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("today.py")
    board.selectbox(key="today_day").set_value(QUIET_DAY).run()
    assert board.query_params["day"] == str(QUIET_DAY)
    assert "今日无新苗头" in page_text(board)


@pytest.mark.parametrize(("asked", "n_cards"), [(str(QUIET_DAY), 0), (str(LAST_DAY), 4), ("yesterday", 4)])
def test_the_address_opens_one_day(asked: str, n_cards: int, full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    assert page_text(open_view("today.py", day=asked)).count("<article") == n_cards


def test_cards_come_most_urgent_first_and_name_their_level_in_words(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    text = page_text(open_view("today.py"))
    cards = text[text.index("新预警 4 条") : text.index("此前 28 天的预警")]
    assert [cards.index(f"</i>{name}</span>") for name in ("红色", "橙色", "黄色", "蓝色")] == sorted(
        cards.index(f"</i>{name}</span>") for name in ("红色", "橙色", "黄色", "蓝色")
    )


def test_an_alert_of_sensitive_reports_only_is_counted_and_not_named(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    assert "另有 1 条预警只含敏感或涉办事机构的诉求" in page_text(open_view("today.py"))


def test_the_address_opens_one_issue(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("issue.py", issue="6")
    assert board.selectbox(key="issue").value == 6
    assert "台城某工地拖欠木工班组工资" in page_text(board)


def test_the_address_of_a_merged_issue_opens_the_one_it_went_into(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("issue.py", issue="90")
    assert board.selectbox(key="issue").value == 2
    assert "议题 90 已并入议题 2" in page_text(board)


@pytest.mark.parametrize("asked", ["24", "99999", "x", "-1", "2;DROP TABLE runs", "９９"])
def test_the_address_of_an_unknown_or_closed_issue_is_refused_with_a_sentence(
    asked: str, full_folder: Path, on_loopback: Point
) -> None:
    on_loopback(full_folder)
    board = open_view("issue.py", issue=asked)
    assert not board.exception
    assert "没有可以打开的议题" in page_text(board)


def test_every_card_names_its_zone_and_says_how_seldom_chance_does_that(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    cards = page_text(open_view("today.py")).split("<article")[1:]
    assert len(cards) == 4
    assert [card.count("热区：") for card in cards] == [1] * 4
    assert [card.count("全市范围内偶然达到这一强度，平均不少于") for card in cards] == [1] * 4
    assert "热区：蓬江区棠下镇，近14天" in "".join(cards)


def test_the_page_of_an_issue_says_why_it_was_an_alert_and_draws_its_zone(
    full_folder: Path, on_loopback: Point
) -> None:
    on_loopback(full_folder)
    board = open_view("issue.py", issue="6")
    text = page_text(board)
    said = text[text.index("为什么预警（4月1日 周二）") : text.index("每日诉求")]
    for part in ("按过去半年的频率预期 0.6 人", "热区：台山市台城街道", "这些诉求共同提到", "平均不少于 996 天一次"):
        assert part in said
    assert "jw-zone-town" in said
    assert len(board.get("vega_lite_chart")) == 5


def test_the_page_of_an_issue_that_was_never_an_alert_gives_no_reasons_and_no_zone(
    full_folder: Path, on_loopback: Point
) -> None:
    on_loopback(full_folder)
    board = open_view("issue.py", issue="8")
    assert not board.exception
    assert "为什么预警" not in page_text(board)
    assert len(board.get("vega_lite_chart")) == 4


@pytest.mark.parametrize(("alert_after_days", "says_kept", "says_alert"), [
    (None, True, False), (-1, True, True), (1, False, True),
])  # fmt: skip
def test_an_issue_says_that_its_season_kept_it_from_being_an_alert_unless_one_came_after(
    alert_after_days: int | None, says_kept: bool, says_alert: bool, full_folder: Path, on_loopback: Point
) -> None:
    from signals.alerts import SEASONAL
    from signals.store.warehouse import writing

    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute("UPDATE alerts SET is_update = true, reasons = [?] WHERE issue_id = 6", [f"去年9件，{SEASONAL}。"])
        if alert_after_days is not None:
            con.execute(f"""INSERT INTO alerts BY NAME
                SELECT * REPLACE ((day + INTERVAL ({alert_after_days}) DAY)::DATE AS day, false AS is_update,
                                  ['近7天有4位。'] AS reasons) FROM alerts WHERE issue_id = 6""")
    on_loopback(full_folder)
    text = page_text(open_view("issue.py", issue="6"))
    assert ("为什么没有预警（4月1日 周二）" in text, f"去年9件，{SEASONAL}。" in text) == (says_kept, says_kept)
    assert ("为什么预警（" in text, "近7天有4位。" in text) == (says_alert, says_alert)


def test_an_issue_says_why_one_that_it_took_up_was_an_alert(full_folder: Path, on_loopback: Point) -> None:
    from signals.store.warehouse import writing

    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute("UPDATE alerts SET issue_id = 90 WHERE issue_id = 2")
    on_loopback(full_folder)
    text = page_text(open_view("issue.py", issue="90"))
    assert "热区：蓬江区棠下镇" in text[text.index("为什么预警（4月10日 周四）") :]
    assert "还没有预警过" not in text


@pytest.mark.parametrize("zone", ["NULL", "struct_update(zone, places := [{'area': '440703', 'town': '别处'}])"])
def test_an_alert_whose_zone_is_not_on_the_map_gives_its_reasons_without_one(
    zone: str, full_folder: Path, on_loopback: Point
) -> None:
    from signals.store.warehouse import writing

    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute(f"UPDATE alerts SET zone = {zone}")
    on_loopback(full_folder)
    board = open_view("issue.py", issue="6")
    assert not board.exception
    assert "为什么预警" in page_text(board)
    assert len(board.get("vega_lite_chart")) == 4


def test_reports_of_an_issue_are_audited_and_closed_ones_only_counted(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute("UPDATE reports SET restricted = 'minor' WHERE about_office <> ''")
    text = page_text(open_view("issue.py", issue="2"))
    assert "另有 1 件敏感或涉办事机构的诉求" in text
    assert actions(full_folder)[-1] == "view_reports"


@pytest.mark.parametrize("n", [1, 2, 3])
def test_an_issue_of_few_reports_shows_them_all(n: int, full_folder: Path, on_loopback: Point) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        kept = f"SELECT report_key FROM links WHERE issue_id = 5 ORDER BY report_key LIMIT {n}"
        con.execute(f"DELETE FROM links WHERE issue_id = 5 AND report_key NOT IN ({kept})")
    on_loopback(full_folder)
    board = open_view("issue.py", issue="5")
    assert not board.exception
    assert f"相关诉求（可阅 {n} 件" in page_text(board)
    assert "更正归并" in page_text(board)


def test_every_kind_of_map_can_be_drawn(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("hotspots.py")
    kinds = [("kind", kind) for kind in ("theme", "category", "issue", "all", "risk", "zone")]
    for key, value in (("source", "hotline"), ("days", 7), *kinds, ("kind", "all"), ("source", "")):
        board.button_group(key=f"hotspots_{key}").set_value(value).run()
        assert not board.exception, (key, value)


def test_rejected_rows_are_shown_on_request_only_and_audited(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("models.py")
    assert "view_quarantine" not in actions(full_folder)
    assert "〔户室〕" not in page_text(board)
    board.selectbox(key="reason").select_index(1).run()
    assert "〔户室〕" in page_text(board)
    assert actions(full_folder)[-1] == "view_quarantine"


def test_data_of_an_earlier_day_are_marked_as_stale(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    assert "天没有新的批次" in page_text(open_view("today.py"))


def test_the_board_never_keeps_the_warehouse_open(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    open_view("today.py")
    held = [os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert not [name for name in held if name.startswith(str(full_folder / "jianwei.duckdb"))]


def test_a_new_run_is_seen_at_once(
    full_folder: Path, on_loopback: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    from signals.store.warehouse import writing

    monkeypatch.setattr("signals.store.views.REST_SHARE", 0)
    on_loopback(full_folder)
    board = open_view("today.py")
    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute("DELETE FROM runs WHERE day = ?", [LAST_DAY])
    board.run()
    assert "数据截至 2025年4月9日" in page_text(board)


def test_the_address_follows_the_issue_and_the_day_that_are_looked_at(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    board = open_view("issue.py", issue="90")
    assert board.query_params["issue"] == "2"  # 90 lives on in 2
    board.selectbox(key="issue").set_value(3).run()
    assert board.query_params["issue"] == "3"
    assert board.run().selectbox(key="issue").value == 3
    assert open_view("today.py", day=str(QUIET_DAY)).selectbox(key="today_day").value == QUIET_DAY


@pytest.mark.parametrize(("kept", "share"), [("issue_id > 0", 0.5), ("issue_id = 1", 1.0)])
def test_an_alert_alone_has_the_whole_width(kept: str, share: float, full_folder: Path, on_loopback: Point) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute(f"DELETE FROM alerts WHERE NOT ({kept})")
    on_loopback(full_folder)
    assert {column.weight for column in open_view("today.py").columns} == {share}


@pytest.mark.parametrize(("view", "subject"), [("issue.py", "issue:5"), ("handling.py", "list:handling")])
def test_a_note_of_handling_is_shown_after_one_line_of_audit_and_not_without(
    view: str, subject: str, full_folder: Path, on_loopback: Point
) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute("INSERT INTO handling VALUES (5, 'reported', ?, '风险研判员', '已电话核实', '', NULL)",
                    [start_of(LAST_DAY) + timedelta(hours=9)])  # fmt: skip
    on_loopback(full_folder)
    assert "已电话核实" in page_text(open_view(view, issue="5"))
    lines = [entry for entry in read_audit(full_folder / "audit") if entry.action == "view_handling"]
    assert [(entry.subject, entry.n) for entry in lines] == [(subject, 1)]
    shutil.rmtree(full_folder / "audit")
    (full_folder / "audit").write_text("not a folder")
    assert "已电话核实" not in page_text(open_view(view, issue="5"))
