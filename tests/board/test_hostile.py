"""What a report, a name or a note holds is text on every page: nothing of it runs, links, styles or breaks the page."""

import shutil
from pathlib import Path

import pytest

from board.navigation import PAGES
from signals.store import warehouse
from tests.board.seeded import LAST_DAY
from tests.board.serving import CHROMIUM, launch, served
from tests.board.test_views import PAGE_SCRIPT, Point, open_view, page_text
from tests.hostile import HOSTILE, NEVER_IN_HTML


@pytest.fixture(scope="module")
def hostile_warehouse(seeded_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeded city in which every text a person or an office can write comes from the corpus."""
    path = tmp_path_factory.mktemp("hostile") / "jianwei.duckdb"
    shutil.copy(seeded_warehouse, path)
    with warehouse.changing(path) as connection:
        connection.execute("CREATE TEMP TABLE corpus (n INTEGER, said VARCHAR)")
        clean = [(n, said.replace("\x00", "")) for n, said in enumerate(HOSTILE)]  # the database holds no NUL
        connection.executemany("INSERT INTO corpus VALUES (?, ?)", clean)
        drawn = f"(SELECT said FROM corpus WHERE n = hash({{0}}) % {len(HOSTILE)})"
        for table, key, columns in (
            ("reports", "report_key", ("title", "body", "unit", "town")), ("issues", "issue_id", ("name",)),
            ("alerts", "issue_id", ("name", "owner")), ("issue_days", "issue_id", ("name",)),
            ("handling", "issue_id", ("note", "unit")), ("watch", "report_key", ("words", "danger")),
            ("quarantine", "quarantine_id", ("reason", "file_name")), ("themes", "theme_id", ("name",)),
        ):  # fmt: skip
            for column in columns:
                source = drawn.format(f"{key}::VARCHAR || '{column}'")
                connection.execute(f"UPDATE {table} SET {column} = {source}")
        connection.execute("UPDATE alerts SET reasons = [(SELECT said FROM corpus WHERE n = issue_id % 20)],"
                           " words = [name], quotes = [owner]")  # fmt: skip
    return path


@pytest.fixture
def hostile_folder(hostile_warehouse: Path, tmp_path: Path) -> Path:
    shutil.copy(hostile_warehouse, tmp_path / "jianwei.duckdb")
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_no_page_makes_an_element_of_it(page: object, hostile_folder: Path, on_loopback: Point) -> None:
    on_loopback(hostile_folder)
    board = open_view(page.file, issue="1")  # type: ignore[attr-defined]
    assert not board.exception
    shown = page_text(board)
    assert [each for each in NEVER_IN_HTML if each in shown] == []
    said = [str(each.value) for kind in ("markdown", "caption", "subheader", "title") for each in board.get(kind)]
    assert [each for each in said if "example.invalid" in each or "window.harmed" in each] == []


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (make browser)")
def test_in_a_real_browser_nothing_runs_and_nothing_sticks_out(hostile_folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    with served(hostile_folder) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 900, "height": 900})
        wrong: list[str] = []
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("request", lambda request: wrong.append(request.url) if "example.invalid" in request.url else None)
        for each in PAGES:
            page.goto(f"{address}/{each.url}" + ("?issue=1" if each.url == "issue" else f"?day={LAST_DAY}"))
            page.locator("h1", has_text=each.title).first.wait_for(timeout=30_000)
            page.locator("[data-test-script-state='notRunning']").wait_for(state="attached", timeout=30_000)
            page.wait_for_timeout(300)
            assert page.evaluate("window.harmed") is None, each.title
            assert page.evaluate("document.scrollingElement.scrollWidth") <= 900, each.title
            assert page.locator(".stHtml img, .stHtml a[href*='javascript']").count() == 0, each.title
            assert set(page.locator(".stHtml script").all_text_contents()) <= {PAGE_SCRIPT}, each.title
        assert wrong == []
        browser.close()
