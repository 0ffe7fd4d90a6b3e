"""Signing in and what each account then sees, as Streamlit runs it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from board import signed_in
from board.navigation import PAGES, BoardPage
from board.permission import Viewer
from board.sessions import IDLE, LONGEST, Sessions
from signals.accounts import ROLE_NAMES, Account, Role, editing_accounts, read_accounts, set_disabled
from signals.audit import AuditEntry, append_audit, read_audit
from signals.clock import LOCAL
from signals.signing_in import add_account, change_password
from tests.board.conftest import ROOT
from tests.board.seeded import OFFICE_TITLE, RESTRICTED_TITLE
from tests.board.test_views import actions, page_text

GOOD = "碧水青山绿树成荫好风光"
Enter = Callable[..., AppTest]


@pytest.fixture
def site(full_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cheap_passwords: None) -> Path:
    """The board outside the demo, with a duty officer."""
    monkeypatch.setenv("JIANWEI_FOLDER", str(full_folder))
    monkeypatch.setenv("JIANWEI_DEMO", "false")
    monkeypatch.chdir(tmp_path)
    new_account(full_folder, Account("zhang", Role.DUTY))
    return full_folder


def new_account(folder: Path, account: Account) -> None:
    add_account(folder / "accounts.json", account, with_password=True)
    change_password(folder / "accounts.json", account.name, GOOD)


def opened() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()


def enter(name: str, password: str = GOOD, board: AppTest | None = None) -> AppTest:
    board = board or opened()
    board.text_input(key="name").set_value(name)
    board.text_input(key="password").set_value(password)
    return board.button[0].click().run()


def as_account(folder: Path, account: Account, view: str, **query: str) -> AppTest:
    """A page as a new account sees it that signs in at the page's address."""
    new_account(folder, account)
    board = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in query.items():
        board.query_params[key] = value
    return enter(account.name, board=board.switch_page(f"board/views/{view}").run())


def shown(board: AppTest) -> str:
    assert not board.exception
    return page_text(board) + "".join(str(box.options) for box in board.selectbox)


def test_who_signs_in_sees_the_board_and_both_are_in_the_audit(site: Path) -> None:
    board = opened()
    assert "数据截至" not in page_text(board)
    assert "<h1>登录</h1>" in page_text(board)
    assert "<h1>今日预警</h1>" in page_text(enter("zhang", board=board))
    lines = list(read_audit(site / "audit"))
    assert [line.action for line in lines] == ["sign_in", "view_watch", "view_quotes"]
    assert {(line.account, line.role) for line in lines} == {("zhang", "duty")}


def test_a_wrong_password_is_told_and_written_down_without_what_was_typed(site: Path) -> None:
    board = enter("zhang", "这不是密码呀呀呀")
    assert "账号或密码不对" in page_text(board)
    assert "数据截至" not in page_text(board)
    enter("我的密码当作账号输了", "x", board)
    lines = [(line.action, line.account) for line in read_audit(site / "audit")]
    assert lines == [("sign_in_failed", "zhang"), ("sign_in_failed", "unknown")]
    assert "密码当作" not in "".join(path.read_text("utf-8") for path in (site / "audit").glob("*.jsonl"))


def test_after_five_wrong_passwords_one_waits(site: Path) -> None:
    board = opened()
    for _ in range(6):
        board = enter("zhang", "这不是密码呀呀呀", board)
    assert "分钟后再试" in page_text(board)
    assert "<h1>今日预警</h1>" not in page_text(enter("zhang", board=board))


def test_without_an_audit_nobody_signs_in(site: Path) -> None:
    (site / "audit").write_text("not a folder")
    board = enter("zhang")
    assert "审计不可写" in page_text(board)
    assert "数据截至" not in page_text(board)


def test_a_new_account_changes_its_password_before_anything_else(site: Path) -> None:
    first = add_account(site / "accounts.json", Account("new", Role.DUTY), with_password=True)
    board = enter("new", first)
    assert "设置新密码" in page_text(board)
    assert "数据截至" not in page_text(board)
    for new, again, said in (("太短", "太短", "太短"), (GOOD, GOOD + "x", "不一样"), (first, first, "一样")):
        board.text_input(key="new").set_value(new)
        board.text_input(key="again").set_value(again)
        board = board.button[0].click().run()
        assert said in page_text(board)
        assert "数据截至" not in page_text(board)
    board.text_input(key="new").set_value(GOOD)
    board.text_input(key="again").set_value(GOOD)
    board = board.button[0].click().run()
    assert "<h1>今日预警</h1>" in page_text(board)
    assert "password_change" in actions(site)


def test_whoever_must_change_the_password_opens_no_page_by_its_file(site: Path) -> None:
    first = add_account(site / "accounts.json", Account("new", Role.DUTY), with_password=True)
    board = enter("new", first)
    board.switch_page("board/views/issue.py").run()
    assert "数据截至" not in page_text(board)


def test_a_view_by_itself_lets_nobody_in_who_must_change_the_password(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_account(site / "accounts.json", Account("new", Role.DUTY), with_password=True)
    new_account(site, Account("old", Role.DUTY))
    accounts = read_accounts(site / "accounts.json")
    for name, opens in (("new", False), ("old", True)):
        token = signed_in.sessions().open(accounts[name], datetime.now(LOCAL))
        known = type("Context", (), {"cookies": {signed_in.COOKIE: token}, "headers": {}})
        monkeypatch.setattr("board.signed_in.st.context", known)
        text = page_text(AppTest.from_file(str(ROOT / "board/views/hotspots.py"), default_timeout=60).run())
        assert ("数据截至" in text, "请先登录" in text) == (opens, not opens)


def test_signing_out_ends_the_session_and_forgets_what_was_typed(site: Path) -> None:
    board = enter("zhang")
    board = board.button(key="sign_out").click().run()
    assert "<h1>登录</h1>" in page_text(board)
    assert "数据截至" not in page_text(board)
    assert GOOD not in repr(board.session_state)


def test_a_password_does_not_stay_in_the_session(site: Path) -> None:
    assert GOOD not in repr(enter("zhang").session_state)


@pytest.mark.parametrize("change", ["disable", "reset", "role"])
def test_a_change_of_the_account_reaches_who_is_signed_in(change: str, site: Path) -> None:
    board = enter("zhang")
    if change == "disable":
        set_disabled(site / "accounts.json", "zhang", is_disabled=True)
    elif change == "reset":
        change_password(site / "accounts.json", "zhang", GOOD + "新")
    else:
        with editing_accounts(site / "accounts.json") as accounts:
            accounts["zhang"] = replace(accounts["zhang"], role=Role.AUDITOR)
    text = page_text(board.run())
    assert "数据截至" not in text
    assert ("<h1>登录</h1>" in text) == (change != "role")


def test_a_reload_does_not_sign_out(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token = enter("zhang").session_state[signed_in.TOKEN]
    reloaded = type("Context", (), {"cookies": {signed_in.COOKIE: token}, "headers": {}})
    monkeypatch.setattr("board.signed_in.st.context", reloaded)
    assert "<h1>今日预警</h1>" in page_text(opened())
    signed_in.sessions().close(token)
    assert "<h1>登录</h1>" in page_text(opened())


def test_sessions_end_when_idle_and_after_half_a_day_and_know_no_token() -> None:
    sessions, now, account = Sessions(), datetime(2025, 4, 10, 8, tzinfo=LOCAL), Account("zhang", Role.DUTY)
    token = sessions.open(account, now)
    assert token not in str(vars(sessions))
    assert sessions.find(token + "x", now) is None
    for hours in range(1, 12):
        assert sessions.find(token, now + timedelta(hours=hours)) is not None
    assert sessions.find(token, now + LONGEST) is None
    token = sessions.open(account, now)
    assert sessions.find(token, now + IDLE) is None
    assert sessions.find(token, now) is None


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_a_page_opens_for_its_roles_and_shows_no_data_to_others(page: BoardPage, role: Role, site: Path) -> None:
    account = Account("probe", role)
    board = as_account(site, account, page.file)
    text = shown(board)
    if Viewer(role).may_open(page.url):
        assert f"<h1>{page.title}</h1>" in text
        assert "不对" not in text
    elif page.url:
        assert f"{page.title}不对{ROLE_NAMES[role]}开放" in text
        assert "数据截至" not in text
        assert 'class="jw-tile' not in text
        assert not board.selectbox
        assert not board.get("vega_lite_chart")
    else:
        assert "<h1>今日预警</h1>" not in text  # the front page leads to the first one that may be opened
        assert "<blockquote" not in text


@pytest.mark.parametrize("role", [Role.MODELER, Role.OPERATOR, Role.AUDITOR])
def test_other_roles_see_no_report_text_anywhere(role: Role, site: Path) -> None:
    new_account(site, Account("probe", role))
    board = enter("probe")
    text = shown(board)
    for page in PAGES:
        board.switch_page(f"board/views/{page.file}").run()
        text += shown(board)
    for said in ("闻到煤气味", "窗户关着也睡不着", RESTRICTED_TITLE, OFFICE_TITLE, "<blockquote"):
        assert said not in text
    assert not [action for action in actions(site) if action in ("view_reports", "view_quotes", "view_watch")]


def test_a_district_sees_its_part_and_no_text_of_another(site: Path) -> None:
    board = as_account(site, Account("heshan", Role.DUTY, areas=("440784",)), "issue.py", issue="2")
    text = shown(board)
    assert "其他区县另有" in text
    assert "雅瑶镇" in text
    assert "棠下镇" not in text
    assert "您看到的只是鹤山市的部分" in text
    board.switch_page("board/views/today.py").run()
    assert "棠下镇" not in shown(board)
    assert OFFICE_TITLE not in shown(board)
    board.switch_page("board/views/hotspots.py").run()
    assert "这里的统计是全市的" in shown(board)
    assert "您看到的只是" not in shown(board)
    board.button_group(key="hotspots_kind").set_value("risk").run()
    assert "您看到的只是鹤山市的部分" in shown(board)


def test_an_answer_for_one_account_is_not_given_to_another(site: Path) -> None:
    centre = shown(as_account(site, Account("centre", Role.ANALYST), "issue.py", issue="2"))
    office = shown(as_account(site, Account("office", Role.ANALYST, office="某街道办事处"), "issue.py", issue="2"))
    named = shown(as_account(site, Account("named", Role.ANALYST, sees_restricted=True), "issue.py", issue="24"))
    again = shown(as_account(site, Account("office2", Role.ANALYST, office="某街道办事处"), "issue.py", issue="24"))
    assert OFFICE_TITLE in centre
    assert OFFICE_TITLE not in office
    assert RESTRICTED_TITLE in named
    assert RESTRICTED_TITLE not in again
    assert "没有可以打开的议题" in again


def test_the_named_role_leaves_an_audit_line_before_a_restricted_text(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import streamlit as st

    written: list[bool] = []
    show = st.html

    def watch(body: object, **options: object) -> object:
        if RESTRICTED_TITLE in str(body) and "jw-table" in str(body):
            written.append("view_reports" in actions(site))
        return show(str(body), **options)  # type: ignore[arg-type]

    monkeypatch.setattr(st, "html", watch)
    as_account(site, Account("named", Role.ANALYST, sees_restricted=True), "issue.py", issue="24")
    assert written
    assert all(written)


def test_the_audit_page_filters_and_says_that_the_chain_holds(site: Path) -> None:
    enter("zhang")
    board = as_account(site, Account("shenji", Role.AUDITOR), "audit.py")
    text = shown(board)
    assert "完整" in text
    assert "看引文" in text
    board.selectbox(key="account").set_value("shenji").run()
    assert "看引文" not in page_text(board)
    board.selectbox(key="account").set_value("").run()
    board.selectbox(key="action").set_value("view_watch").run()
    table = re.findall(r"<tr>.*?</tr>", page_text(board))
    assert len([row for row in table if "看即时关注" in row]) == 1
    assert not [row for row in table if "看引文" in row]


def test_the_audit_page_shows_the_last_week_and_other_days_when_asked(site: Path) -> None:
    append_audit(site / "audit", AuditEntry(datetime.now(LOCAL) - timedelta(days=20), "lao", "duty", "run", "day:x", 0))
    enter("zhang")
    board = as_account(site, Account("shenji", Role.AUDITOR), "audit.py")
    assert "lao" not in board.selectbox(key="account").options
    on = (datetime.now(LOCAL) - timedelta(days=20)).date()
    board.date_input(key="days").set_value((on, on)).run()
    assert board.selectbox(key="account").options == ["全部账号", "lao"]


def test_the_audit_page_says_where_the_chain_breaks(site: Path) -> None:
    enter("zhang")
    (month,) = (site / "audit").glob("*.jsonl")
    lines = month.read_bytes().splitlines(keepends=True)
    month.write_bytes(lines[0] + lines[1].replace(b"zhang", b"wang0") + b"".join(lines[2:]))
    board = as_account(site, Account("shenji", Role.AUDITOR), "audit.py")
    assert "在中途断开" in shown(board)
    assert "审计链在这里断开" in shown(board)


def test_the_demo_can_be_looked_at_as_each_role(site: Path, on_loopback: Callable[[Path], None]) -> None:
    on_loopback(site)
    board = opened()
    assert board.selectbox(key="demo_role").options == [
        f"演示角色：{role}" for role in (*ROLE_NAMES.values(), "蓬江区研判员")
    ]
    board.selectbox(key="demo_role").set_value("审计员").run()
    assert "<h1>审计</h1>" in page_text(board)
    board.selectbox(key="demo_role").set_value("运维员").run()
    assert "审计不对运维员开放" in page_text(board)


class TestThroughOidc:
    """With `[auth]` configured for Streamlit."""

    @pytest.fixture
    def claims(self, site: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
        claims: dict[str, object] = {}
        user = type("U", (), {"is_logged_in": True, "get": staticmethod(claims.get)})
        monkeypatch.setattr("board.signed_in.is_oidc", lambda: True)
        monkeypatch.setattr("board.sign_in_forms.is_oidc", lambda: True)
        monkeypatch.setattr("board.signed_in.st.user", user)
        return claims

    def test_the_claim_names_an_account_without_a_password(self, site: Path, claims: dict[str, object]) -> None:
        add_account(site / "accounts.json", Account("li.si", Role.DUTY), with_password=False)
        claims["preferred_username"] = "LI.SI"
        assert "<h1>今日预警</h1>" in page_text(opened())
        assert actions(site)[0] == "sign_in"

    @pytest.mark.parametrize("name", ["nobody", "zhang", "", None])
    def test_an_unknown_name_or_one_with_a_password_is_refused(
        self, name: str | None, site: Path, claims: dict[str, object]
    ) -> None:
        claims["preferred_username"] = name
        text = page_text(opened())
        assert "这个身份没有看板账号" in text
        assert "数据截至" not in text
        assert [line.account for line in read_audit(site / "audit")] == ["unknown"]

    def test_a_sign_in_of_yesterday_does_not_count(self, site: Path, claims: dict[str, object]) -> None:
        add_account(site / "accounts.json", Account("li.si", Role.DUTY), with_password=False)
        claims |= {"preferred_username": "li.si", "iat": (datetime.now(LOCAL) - LONGEST).timestamp() - 1}
        assert "<h1>登录</h1>" in page_text(opened())
