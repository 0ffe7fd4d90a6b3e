"""How long each page of the board takes on 100,000 reports: `python -m benchmarks.board_speed [--reports 100000]`.

One real Chromium is timed from the click on a page's name until the page stands, while other sessions, in a browser of
their own, go from page to page as well.
"""

import argparse
import random
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.recording import Cell, Result, Table, machine, write
from benchmarks.seeding import N_DAYS, seed
from board.navigation import PAGES
from board.permission import MAY_OPEN
from signals.accounts import Role
from tests.board.serving import launch, served

OPENED = tuple(page.title for page in PAGES if Role.ANALYST in MAY_OPEN[page.url])  # the demo is an analyst
THINK_SECONDS = (3.0, 9.0)  # of the other sessions, between two pages
ROUNDS, SESSIONS = 20, 9
LONGEST_MS = 60_000
STANDS = """title => document.querySelector('.stApp')?.dataset.testScriptState === 'notRunning'
    && [...document.querySelectorAll('h1')].some(h => h.textContent === title)"""
COLUMNS = ("page", "times", "median, seconds", "95 %, seconds", "longest, seconds")


def main() -> None:
    """Seed, serve, time, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="of a warehouse that is there already")
    parser.add_argument("--sessions", type=int, default=SESSIONS, help="that click meanwhile")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="times that each page is opened")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        if chosen.folder is None:
            seed(folder, chosen.reports, N_DAYS)
        with served(folder) as address:
            rows = measured(address, n_sessions=chosen.sessions, n_rounds=chosen.rounds)
    command = f"python -m benchmarks.board_speed --reports {chosen.reports} --sessions {chosen.sessions}"
    caption = f"{chosen.reports:,} reports, {chosen.sessions} other sessions"
    write(Result("board_speed", "Pages of the board", command, machine(), (Table(caption, COLUMNS, rows),), NOTES))


def measured(address: str, *, n_sessions: int, n_rounds: int) -> tuple[tuple[Cell, ...], ...]:
    """A row a page, the slowest last."""
    is_over, ready = threading.Event(), threading.Barrier(n_sessions + 1)
    others = [threading.Thread(target=_click_about, args=(address, each, ready, is_over)) for each in range(n_sessions)]
    for other in others:
        other.start()
    seconds: dict[str, list[float]] = {title: [] for title in OPENED}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        _stands(page, OPENED[0])
        ready.wait()
        for _ in range(n_rounds):
            for title in [*list(seconds)[1:], OPENED[0]]:
                seconds[title].append(opened(page, title))
        is_over.set()
        browser.close()
    for other in others:
        other.join()
    rows = [(title, len(some), *_quantiles(some)) for title, some in seconds.items()]
    return tuple(sorted(rows, key=lambda row: row[3]))


def opened(page: Page, title: str) -> float:
    """Seconds from the click on a page's name until it stands."""
    clock = time.perf_counter()
    page.get_by_role("link", name=title, exact=True).first.click()
    _stands(page, title)
    return time.perf_counter() - clock


def _click_about(address: str, number: int, ready: threading.Barrier, is_over: threading.Event) -> None:
    """One other session: pages at random, with pauses."""
    chance = random.Random(number)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        page.goto(address)
        _stands(page, OPENED[0])
        ready.wait()
        while not is_over.wait(chance.uniform(*THINK_SECONDS)):
            opened(page, chance.choice(OPENED))
        browser.close()


def _stands(page: Page, title: str) -> None:
    page.wait_for_function(STANDS, arg=title, timeout=LONGEST_MS)


def _quantiles(seconds: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(float(np.quantile(seconds, q)), 2) for q in (0.5, 0.95, 1.0))


NOTES = (
    "Times are of a browser that stays open, as an analyst's does: from the click until the page's script has ended and"
    " its heading stands. All browsers and the board share the machine.",
    f"The other sessions go to a page at random and rest {THINK_SECONDS[0]:.0f} to {THINK_SECONDS[1]:.0f} seconds.",
)

if __name__ == "__main__":
    main()
