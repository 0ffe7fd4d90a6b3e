"""What people decide on the board: recorded once, audited first, seen at once, refused in a sentence."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from signals.store import warehouse
from tests.board.seeded import LAST_DAY
from tests.board.test_views import Point, actions, open_view, page_text

ISSUE = 1  # red, alerted on the last day
SOON = date.today() + timedelta(days=3)  # noqa: DTZ011  (as a person picks it)


@pytest.fixture
def folder(full_folder: Path, on_loopback: Point, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("signals.store.views.REST_SHARE", 1_000_000)  # no new copy but for somebody who has written
    on_loopback(full_folder)
    return full_folder


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with warehouse.reading(folder / "jianwei.duckdb") as connection:
        return connection.execute(query).fetchall()


def decide(board: AppTest, step: str, **given: Any) -> AppTest:
    """Fill in the form of a step on the issue's page and send it."""
    for name, value in given.items():
        next(each for each in _widgets(board) if each.key == name.replace("_", "-")).set_value(value)
    button = next(each for each in board.button if each.form_id == f"form-{ISSUE}-{step}")
    return button.click().run()


def _widgets(board: AppTest) -> list[Any]:
    kinds = ("text_area", "text_input", "date_input", "radio", "selectbox", "multiselect")
    return [each for kind in kinds for each in board.get(kind)]


def test_an_analyst_takes_an_alert_from_found_to_verified(folder: Path) -> None:
    board = open_view("issue.py", issue=str(ISSUE))
    board = decide(board, "reported", **{f"note_{ISSUE}_reported": "电话报告市综治中心，13812345678"})
    assert "✓ 报告" in page_text(board)
    board = decide(board, "owned", **{f"unit_{ISSUE}": "区住建局", f"due_{ISSUE}": SOON})
    assert "✓ 负责" in page_text(board)
    board = decide(board, "handled", **{f"note_{ISSUE}_handled": "已责令停工并清理道路"})
    board = decide(board, "verified", **{f"note_{ISSUE}_verified": "值班员现场核查，已恢复"})
    assert "✓ 核查验收" in page_text(board)
    assert not board.exception
    steps = rows(folder, f"SELECT step, role, unit FROM handling WHERE issue_id = {ISSUE} ORDER BY \"at\"")
    assert [step for step, _, _ in steps] == ["reported", "owned", "handled", "verified"]
    assert steps[1][1:] == ("风险研判员", "区住建局")
    assert "13812345678" not in str(rows(folder, "FROM handling"))
    wanted = ["handle_reported", "handle_owned", "handle_handled", "handle_verified"]
    assert [each for each in actions(folder) if each.startswith("handle_")] == wanted


def test_a_step_that_lacks_what_it_needs_is_refused_and_nothing_is_written(folder: Path) -> None:
    board = decide(open_view("issue.py", issue=str(ISSUE)), "owned", **{f"unit_{ISSUE}": " ", f"due_{ISSUE}": SOON})
    assert "没有写明交给哪个单位" in page_text(board)
    board = decide(board, "owned", **{f"unit_{ISSUE}": "区住建局", f"due_{ISSUE}": LAST_DAY})
    assert "办理期限不对" in page_text(board)
    assert rows(folder, f"FROM handling WHERE issue_id = {ISSUE}") == []


def test_a_page_that_is_out_of_date_is_told_so(folder: Path) -> None:
    stale = open_view("issue.py", issue=str(ISSUE))
    decide(open_view("issue.py", issue=str(ISSUE)), "dismissed", **{f"reason_{ISSUE}": "已知情况"})
    board = decide(stale, "owned", **{f"unit_{ISSUE}": "区住建局", f"due_{ISSUE}": SOON})
    assert "现在是“不立为预警”，不能记“负责”" in page_text(board)


def test_a_dismissal_says_why_and_can_be_taken_back(folder: Path) -> None:
    board = decide(open_view("issue.py", issue=str(ISSUE)), "dismissed", **{f"reason_{ISSUE}": "与其他议题重复"})
    assert rows(folder, f"SELECT note FROM handling WHERE issue_id = {ISSUE}") == [("与其他议题重复",)]
    board = decide(board, "undone")
    assert "✓ 报告" not in page_text(board)
    assert "不立为预警" in page_text(board)  # the history keeps both
    today = open_view("today.py")
    assert "处置：待确认" in page_text(today)


def test_without_an_audit_nothing_is_written(folder: Path) -> None:
    (folder / "audit").write_text("a file where the folder should be")
    board = decide(open_view("issue.py", issue=str(ISSUE)), "reported")
    assert "审计不可写" in page_text(board)
    assert rows(folder, f"FROM handling WHERE issue_id = {ISSUE}") == []


def test_two_issues_are_made_one_and_parted_again(folder: Path) -> None:
    board = open_view("issue.py", issue=str(ISSUE))
    board.selectbox("merge-other").set_value(2)
    board.text_input("reason-merge").set_value("同一处工地")
    board = next(each for each in board.button if each.form_id == "form-merge").click().run()
    assert "合并：议题 2 并入议题 1" in page_text(board)
    assert "待生效" in page_text(board)
    board.text_input("reason-undo").set_value("看错了")
    board = next(each for each in board.button if each.form_id == "form-undo").click().run()
    assert rows(folder, "SELECT kind, reason FROM corrections ORDER BY correction_id") == [
        ("merge", "同一处工地"), ("undo", "看错了"),
    ]  # fmt: skip
    assert [each for each in actions(folder) if each == "correct"] == ["correct", "correct"]


def test_reports_that_do_not_belong_leave_an_issue(folder: Path) -> None:
    board = open_view("issue.py", issue=str(ISSUE))
    [key] = rows(folder, f"SELECT min(report_key) FROM links JOIN reports USING (report_key) WHERE issue_id = {ISSUE}"
                         " AND restricted = '' AND about_office = ''")  # fmt: skip
    board.multiselect("part-keys").set_value([key[0]])
    board.text_input("reason-part").set_value("是另一条路")
    board = next(each for each in board.button if each.form_id == "form-part").click().run()
    assert rows(folder, "SELECT kind, issue_id, report_keys FROM corrections") == [("split", ISSUE, [key[0]])]


def test_a_danger_is_noted_as_telephoned(folder: Path) -> None:
    board = open_view("today.py")
    buttons = [each for each in board.button if str(each.key).startswith("phone-")]
    assert buttons
    key = str(buttons[0].key).removeprefix("phone-")
    buttons[0].click().run()
    assert rows(folder, f"SELECT phoned_at IS NOT NULL FROM watch WHERE report_key = '{key}'") == [(True,)]
    assert "telephone" in actions(folder)


def test_the_loop_shows_a_case_in_the_column_of_its_step(folder: Path) -> None:
    board = open_view("handling.py")
    before = page_text(board)
    assert "待确认" in before
    decide(open_view("issue.py", issue=str(ISSUE)), "owned", **{f"unit_{ISSUE}": "区住建局", f"due_{ISSUE}": SOON})
    after = page_text(open_view("handling.py", unit="区住建局"))
    assert "●●●○○" in after


def test_a_duty_officer_hands_over_but_does_not_decide_or_correct(folder: Path) -> None:
    board = open_view("issue.py", issue=str(ISSUE))
    board.selectbox(key="demo_role").set_value("值班员").run()
    forms = {each.form_id for each in board.button if each.form_id}
    assert forms == {f"form-{ISSUE}-owned"}
    assert "更正归并" not in page_text(board)
    board = decide(board, "owned", **{f"unit_{ISSUE}": "区住建局", f"due_{ISSUE}": SOON})
    assert rows(folder, f"SELECT DISTINCT role FROM handling WHERE issue_id = {ISSUE}") == [("值班员",)]
