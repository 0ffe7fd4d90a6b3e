"""Signing in with a real Chromium: the cookie, a reload, a page by its address, signing out."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from board.signed_in import COOKIE
from signals.accounts import Account, Role
from signals.signing_in import add_account
from tests.board.serving import served, sign_in
from tests.board.test_browser import chromium  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow]
GOOD = "碧水青山绿树成荫好风光"


@pytest.fixture(scope="module")
def site(seeded_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The board's address, and the one-time password of `zhang`."""
    folder = tmp_path_factory.mktemp("signed")
    shutil.copy(seeded_warehouse, folder / "jianwei.duckdb")
    password = add_account(folder / "accounts.json", Account("zhang", Role.DUTY), with_password=True)
    with served(folder, demo=False) as address:
        yield address, password


def test_one_signs_in_changes_the_password_reloads_and_signs_out(site: tuple[str, str], chromium: Any) -> None:  # noqa: F811
    address, password = site
    page = chromium.new_page()
    sign_in(page, address, "zhang", password, GOOD)
    page.locator("h1", has_text="今日预警").wait_for(timeout=20_000)
    page.wait_for_function(f"document.cookie.includes('{COOKIE}=')")
    (cookie,) = [each for each in chromium.cookies() if each["name"] == COOKIE]
    assert (cookie["sameSite"], len(cookie["value"])) == ("Strict", 43)
    page.reload()
    page.locator("h1", has_text="今日预警").wait_for(timeout=20_000)
    assert page.get_by_role("link", name="数据质量").count() == 0
    page.goto(f"{address}/quality")
    page.locator("h2", has_text="数据质量不对值班员开放").wait_for(timeout=20_000)
    page.get_by_text("zhang · 值班员").click()
    page.get_by_role("button", name="退出登录").click()
    page.locator("h1", has_text="登录").wait_for(timeout=20_000)
    page.wait_for_function(f"!document.cookie.includes('{COOKIE}=')")
    chromium.add_cookies([cookie])  # one that was kept somewhere opens nothing any more
    page.reload()
    page.locator("h1", has_text="登录").wait_for(timeout=20_000)
    assert page.locator("h1", has_text="今日预警").count() == 0
    page.close()
