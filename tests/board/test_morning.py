"""The morning of an analyst in a real Chromium: sign in, the alert, its issue, hand over, verify; and reopened."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from signals.accounts import Account, Role
from signals.audit import read_audit
from signals.clock import start_of
from signals.signing_in import add_account
from signals.store.warehouse import changing
from tests import exports
from tests.board.serving import served, sign_in
from tests.board.test_browser import chromium  # noqa: F401
from tests.handling.test_warehouse import complain, issue_of_burst
from tests.keeping.cities import City, make_city

pytestmark = [
    pytest.mark.browser, pytest.mark.slow,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is missing"),
]  # fmt: skip
GOOD = "碧水青山绿树成荫好风光"
DAYS = 12
DONE = {"报告": "已确认并报告", "交办": "已交办", "处置": "处置结果已登记", "核查": "已核查验收，办结"}


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    """A city that has run through the day before yesterday."""
    today = date.today()  # noqa: DTZ011  (the board's clock is the machine's)
    monkeypatch.setattr(exports, "FIRST", today - timedelta(days=DAYS + 1))
    return make_city(tmp_path)


def take(page: Any, button: str, said: str, **fields: str) -> None:
    """Open the form of a step, fill it in, send it, and wait until the page says that it was recorded."""
    page.get_by_role("button", name=button, exact=True).first.click()
    for label, value in fields.items():
        page.get_by_label(label).first.fill(value)
    page.locator("[data-testid=stFormSubmitButton] button:visible", has_text=button).last.click()
    page.get_by_text(said).first.wait_for(timeout=30_000)


def test_the_morning_of_an_analyst(city: City, chromium: Any) -> None:  # noqa: F811
    folder = city.settings.folder
    password = add_account(folder / "accounts.json", Account("li", Role.ANALYST), with_password=True)
    issue = issue_of_burst(city)
    page = chromium.new_page()
    with served(folder, demo=False) as address:
        sign_in(page, address, "li", password, GOOD)
        page.locator(".jw-card h3 a").first.wait_for(timeout=30_000)
        page.goto(f"{address}/issue?issue={issue}")
        page.locator("h2", has_text="更正归并").wait_for(timeout=30_000)  # the page stands to its end
        take(page, "确认并报告", DONE["报告"], 向谁报告="电话报告值班室")
        take(page, "交办", DONE["交办"], 交给哪个单位="区住建局")
        take(page, "登记处置结果", DONE["处置"], 做了什么="已责令夜间停工并洒水")
        take(page, "核查验收", DONE["核查"], **{"谁、怎样核查的": "值班员回访三户，夜里安静"})
        page.locator(".jw-loop .jw-done").nth(4).wait_for(timeout=30_000)
        assert page.locator(".jw-loop .jw-done").count() == 5
        _reported_again(city)
        for _ in range(10):  # a page shows the newest copy there is when it opens; a busy machine makes it later
            page.goto(f"{address}/handling")
            page.locator("h1", has_text="处置闭环").wait_for(timeout=30_000)
            page.wait_for_timeout(3_000)
            if page.locator(".jw-case", has_text="重新打开过").count():
                break
        assert page.locator(".jw-case", has_text="重新打开过").count() > 0
    page.close()
    seen = [entry.action for entry in read_audit(folder / "audit") if entry.account == "li"]
    wanted = ["sign_in", "view_reports", "handle_reported", "handle_owned", "handle_handled", "handle_verified"]
    assert [each for each in dict.fromkeys(seen) if each in wanted] == wanted


def _reported_again(city: City) -> None:
    """Yesterday somebody reported it once more; the steps just taken are put before that, for nobody waits a day."""
    yesterday = start_of(city.export.last_on + timedelta(days=1))
    with changing(city.settings.warehouse_path) as connection:
        connection.execute(
            'UPDATE handling SET "at" = ? + to_microseconds(epoch_us("at") - (SELECT min(epoch_us("at")) FROM handling'
            " WHERE step <> 'found')) WHERE step <> 'found'",
            [yesterday + timedelta(hours=8)],
        )
    complain(city, yesterday + timedelta(hours=20))
