"""The demo account is open on this machine only."""

from pathlib import Path

import pytest

from board.sign_in import is_loopback, refuse
from signals.settings import Settings
from tests.board.test_views import Point, open_view, page_text

DEMO = Settings(demo=True)
LOCAL = {"Host": "127.0.0.1:8501"}


def test_the_demo_is_open_on_loopback() -> None:
    assert refuse(DEMO, "127.0.0.1", LOCAL) is None


def test_without_demo_nobody_is_signed_in() -> None:
    assert "请先登录" in (refuse(Settings(), "127.0.0.1", LOCAL) or "")


@pytest.mark.parametrize("address", ["0.0.0.0", "", None, "10.1.2.3", "::", "localhost.example"])
def test_the_demo_is_refused_where_the_server_listens_beyond_this_machine(address: str | None) -> None:
    assert "只在本机开放" in (refuse(DEMO, address, LOCAL) or "")


def test_the_demo_is_refused_under_a_foreign_name() -> None:
    assert refuse(DEMO, "127.0.0.1", {"Host": "board.example:8501"})


@pytest.mark.parametrize("header", ["X-Forwarded-For", "x-forwarded-for", "Forwarded", "X-Real-IP", "Via"])
def test_the_demo_is_refused_through_a_proxy(header: str) -> None:
    assert refuse(DEMO, "127.0.0.1", LOCAL | {header: "203.0.113.9"})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_loopback_has_many_names(host: str) -> None:
    assert is_loopback(host)


def test_a_refused_session_sees_no_data_and_no_navigation(
    full_folder: Path, on_loopback: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_loopback(full_folder)
    monkeypatch.setenv("JIANWEI_DEMO", "false")
    from streamlit.testing.v1 import AppTest

    from tests.board.conftest import ROOT

    board = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not board.exception
    assert "请先登录" in page_text(board)
    assert "数据截至" not in page_text(board)


def test_wrong_settings_are_a_sentence_and_not_a_traceback(
    full_folder: Path, on_loopback: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_loopback(full_folder)
    monkeypatch.setenv("JIANWEI_DEMOO", "true")
    from streamlit.testing.v1 import AppTest

    from tests.board.conftest import ROOT

    board = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not board.exception
    assert "是不是 demo" in page_text(board)


def test_a_busy_warehouse_is_a_sentence_and_not_a_traceback(
    full_folder: Path, on_loopback: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    from signals.errors import WarehouseBusyError

    def busy(*_: object, **__: object) -> None:
        raise WarehouseBusyError("jianwei.duckdb: 数据仓库被另一个程序占用超过 30 秒。请稍后再试。")

    on_loopback(full_folder)
    monkeypatch.setattr("board.answers.viewing", busy)
    board = open_view("today.py")
    assert not board.exception
    assert "数据暂时读不到" in page_text(board)
