"""The board in a real Chromium: no error, no call to any other host, nothing of ours left empty."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from board.navigation import PAGES as pages_of_the_board
from signals.clock import LOCAL
from tests.board.serving import CHROMIUM, FLAGS, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = {  # title → charts on it
    "今日预警": 0, "议题": 4, "处置闭环": 0, "弱信号雷达": 1, "热点图": 2, "主题趋势": 3, "指标": 0, "数据质量": 1,
    "数据与模型": 5, "导入预览": 0,
}  # fmt: skip


@pytest.fixture(scope="module")
def address(seeded_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("browser")
    shutil.copy(seeded_warehouse, folder / "jianwei.duckdb")
    with served(folder) as found:
        yield found


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (make browser)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=CHROMIUM,
            args=FLAGS,
            viewport={"width": 1440, "height": 900},
        )
        yield context
        context.close()


def test_the_pages_open_without_an_error_and_call_no_other_host(address: str, chromium: Any) -> None:
    page = chromium.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url) if _leaves(request.url, address) else None)
    page.goto(address)
    for title, n_charts in PAGES.items():
        page.get_by_role("link", name=title, exact=True).click()
        page.locator("h1", has_text=title).wait_for(timeout=20_000)
        for chart in range(n_charts):
            picture = page.locator(".vega-embed canvas, .vega-embed svg").nth(chart)
            picture.wait_for(timeout=20_000)
            box = picture.bounding_box()
            assert box is not None
            assert box["height"] > 100, (title, chart)
    assert wrong == []
    page.close()


def test_nothing_sticks_out_of_a_narrow_window(address: str, chromium: Any) -> None:
    page = chromium.new_page()
    page.set_viewport_size({"width": 900, "height": 900})
    of_issue = {"issue": "issue?issue=2"}
    paths = [of_issue.get(page.url, page.url) for page in pages_of_the_board if page.title in PAGES]
    for path, title in zip(paths, PAGES, strict=True):
        page.goto(f"{address}/{path}")
        page.locator("h1", has_text=title).wait_for(timeout=20_000)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 900, title
    page.close()


def test_a_role_chosen_in_the_demo_holds_where_it_leads_to_another_page(address: str, chromium: Any) -> None:
    page = chromium.new_page()
    page.goto(address)
    page.locator("h1", has_text="今日预警").wait_for(timeout=20_000)
    page.get_by_role("combobox", name="演示角色").click()
    page.get_by_role("option", name="演示角色：审计员").click()
    page.get_by_text("审计链", exact=True).wait_for(timeout=20_000)
    assert page.get_by_role("link", name="今日预警", exact=True).count() == 0
    page.close()


def test_a_card_leads_to_its_issue(address: str, chromium: Any) -> None:
    page = chromium.new_page()
    page.goto(address)
    page.locator("article h3 a", has_text="御泉湾旁搅拌站夜间噪声").first.click()
    page.locator("h1", has_text="议题").wait_for(timeout=20_000)
    page.locator(".jw-issue h2", has_text="御泉湾旁搅拌站夜间噪声").wait_for(timeout=20_000)
    page.close()


def test_a_click_on_a_mark_of_the_radar_opens_its_issue(address: str, chromium: Any) -> None:
    page = chromium.new_page()
    page.goto(f"{address}/radar")
    mark = page.locator(".vega-embed [role='graphics-symbol'][aria-label^='御泉湾旁搅拌站夜间噪声']").last
    mark.wait_for(timeout=20_000)
    mark.hover(force=True)
    page.locator(".vg-tooltip.visible", has_text="御泉湾旁搅拌站夜间噪声").wait_for(timeout=20_000)
    mark.click(force=True)
    page.locator(".jw-issue h2").get_by_text("御泉湾旁搅拌站夜间噪声", exact=True).wait_for(timeout=20_000)
    assert page.url.endswith("/issue?issue=2")
    page.close()


def test_markup_in_a_report_never_becomes_an_element(address: str, chromium: Any) -> None:
    page = chromium.new_page()
    page.goto(f"{address}/issue?issue=1")
    page.locator(".jw-table", has_text="onerror=alert(1)").wait_for(timeout=20_000)
    assert page.locator(".stHtml img, .stHtml a[href*='example.invalid']").count() == 0
    page.close()


def test_a_narrow_bar_folds_up_pages_under_a_chinese_word(address: str, chromium: Any) -> None:
    page = chromium.new_page()
    page.set_viewport_size({"width": 900, "height": 900})
    page.goto(address)
    page.locator("h1", has_text="今日预警").wait_for(timeout=20_000)
    rest = page.locator(".rc-overflow-item-rest [data-testid='stTopNavSection']")
    rest.wait_for(timeout=20_000)
    word = rest.locator("p").evaluate(
        "p => [getComputedStyle(p).fontSize, getComputedStyle(p, '::after').content]", timeout=20_000
    )
    assert word == ["0px", '"更多"']
    rest.click()
    page.get_by_role("menuitem", name="导入预览", exact=True).click()
    page.locator("h1", has_text="导入预览").wait_for(timeout=20_000)
    page.close()


@pytest.mark.parametrize("clipboard", ["granted", "missing"])
def test_the_link_of_what_is_looked_at_is_copied_and_opens_it_again(
    address: str, chromium: Any, clipboard: str
) -> None:
    """Without https there is no `navigator.clipboard`: the old way has to copy as well."""
    chromium.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page = chromium.new_page()
    if clipboard == "missing":
        page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', {value: undefined})")
    page.goto(f"{address}/issue")
    page.locator("h1", has_text="议题").wait_for(timeout=20_000)
    page.locator("input[aria-label*='查找议题']").click()
    page.get_by_role("option", name="滨江花苑电梯反复停运").click()
    page.locator(".jw-issue h2", has_text="滨江花苑电梯反复停运").wait_for(timeout=20_000)
    page.get_by_role("button", name="复制链接").click()
    page.get_by_role("button", name="✓ 已复制").wait_for(timeout=5_000)
    other = chromium.new_page()
    other.goto(address)
    copied = other.evaluate("navigator.clipboard.readText()")
    assert copied == f"{address}/issue?issue=3"
    other.goto(copied)
    other.locator(".jw-issue h2", has_text="滨江花苑电梯反复停运").wait_for(timeout=20_000)
    other.close()
    page.close()


@pytest.mark.parametrize("title", [*PAGES])
def test_a_printed_page_has_no_bar_no_button_and_nothing_cut(address: str, chromium: Any, title: str) -> None:
    """As wide as the text on A4; on paper stand the day of the data, who printed it, and when."""
    url = next(page.url for page in pages_of_the_board if page.title == title)
    page = chromium.new_page()
    page.goto(f"{address}/{url}")
    page.locator("h1", has_text=title).wait_for(timeout=20_000)
    if PAGES[title]:
        page.locator(".vega-embed canvas, .vega-embed svg").nth(PAGES[title] - 1).wait_for(timeout=20_000)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1030})
    page.locator(".jw-printed").wait_for(timeout=20_000)  # seen on paper alone: its style is in force
    shown = page.evaluate(
        "() => [...document.querySelectorAll('button, nav, a[download], input[type=file]')]"
        ".filter(each => each.checkVisibility() && each.getClientRects().length && each.ariaChecked !== 'true')"
        ".map(each => each.outerHTML)"
    )
    assert shown == []
    drawn = ".vega-embed canvas, .jw-strip, .jw-table"
    wide = f"[...document.querySelectorAll('{drawn}')].map(e => e.getBoundingClientRect().right)"
    assert max(page.evaluate(wide), default=0) <= 703
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"
    assert page.locator(".jw-printed").inner_text().startswith(f"demo 打印于 {datetime.now(LOCAL).year}年")
    if title != "导入预览":
        assert "数据截至 2025年4月10日 周四" in page.locator(".jw-head").inner_text()
    page.close()


def _leaves(url: str, address: str) -> bool:
    return not url.startswith((address, address.replace("http", "ws", 1), "data:", "blob:"))
