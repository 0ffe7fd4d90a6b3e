"""Pictures of every page of the board for the documents: `make pictures` after `make demo BOARD=0`.

Each page of the demo is opened in a real Chromium and kept as docs/images/board-<page>.png, the window's upper part.
"""

import argparse
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.board_speed import OPENED, STANDS
from tests.board.serving import launch, served

IMAGES = Path(__file__).parent.parent / "docs" / "images"
WIDTH, HEIGHT = 1440, 900  # pixels
SETTLED_MS = 2_500  # for charts to be drawn


def main() -> None:
    """Serve the demo, keep the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("var/demo"), help="of the warehouse to show")
    parser.add_argument("--out", type=Path, default=IMAGES)
    parser.add_argument("--width", type=int, default=WIDTH)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    with served(chosen.folder) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": chosen.width, "height": HEIGHT})
        for each in OPENED:
            page.goto(f"{address}/{each.url}")
            page.wait_for_function(STANDS, arg=each.title, timeout=60_000)
            page.wait_for_timeout(SETTLED_MS)
            path = chosen.out / f"board-{each.file.removesuffix('.py')}.png"
            page.screenshot(path=path)
            print(path, flush=True)
        browser.close()


if __name__ == "__main__":
    main()
