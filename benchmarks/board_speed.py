"""How long each page of the board takes on 100,000 reports: `python -m benchmarks.board_speed [--reports 100000]`.

One real Chromium is timed from the click on a page's name until the page stands with all its charts, while other
sessions go from page to page as well. These have no browser on this machine, as in life: the server runs their pages.
"""

import argparse
import random
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.recording import Cell, Result, Table, machine, write
from benchmarks.scripted_session import scripted_session
from benchmarks.seeding import N_DAYS, seed
from board.navigation import PAGES
from board.permission import MAY_OPEN
from signals.accounts import Role
from signals.settings import Settings
from signals.store.rows import count_of
from signals.store.warehouse import reading
from tests.board.serving import launch, served

OPENED = tuple(page for page in PAGES if Role.ANALYST in MAY_OPEN[page.url])  # the demo is an analyst
THINK_SECONDS = (3.0, 9.0)  # of the other sessions, between two pages
ROUNDS, SESSIONS, ALONE_TIMES = 20, 9, 3
LONGEST_MS = 60_000
STANDS = """title => document.querySelector('.stApp')?.dataset.testScriptState === 'notRunning'
    && [...document.querySelectorAll('h1')].some(h => h.textContent === title)
    && [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')].every(c => c.querySelector('canvas, svg'))"""
COLUMNS = ("page", "times", "median, seconds", "95 %, seconds", "longest, seconds", "first ever, alone, seconds",
           "of the server, alone, seconds")  # fmt: skip


def main() -> None:
    """Seed, serve, time, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="of the warehouse, seeded there where there is none")
    parser.add_argument("--sessions", type=int, default=SESSIONS, help="that click meanwhile")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="times that each page is opened")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        if not Settings(folder=folder).warehouse_path.is_file():
            seed(folder, chosen.reports, N_DAYS)
        with reading(Settings(folder=folder).warehouse_path) as connection:
            n_reports = count_of(connection, "SELECT count(*) FROM reports")
        with served(folder) as address:
            rows = measured(address, n_sessions=chosen.sessions, n_rounds=chosen.rounds)
    given = f"--reports {chosen.reports} --sessions {chosen.sessions} --rounds {chosen.rounds}"
    command = f"python -m benchmarks.board_speed {given}"
    caption = f"{n_reports:,} reports, {chosen.sessions} other sessions"
    write(Result("board_speed", "Pages of the board", command, machine(), (Table(caption, COLUMNS, rows),), NOTES))


def measured(address: str, *, n_sessions: int, n_rounds: int) -> tuple[tuple[Cell, ...], ...]:
    """A row a page, the slowest last."""
    is_over = threading.Event()
    seconds: dict[str, list[float]] = {page.title: [] for page in OPENED}
    with sync_playwright() as playwright, ThreadPoolExecutor(n_sessions) as sessions:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        _stands(page, OPENED[0].title)
        round_trip = [*OPENED[1:], OPENED[0]]
        first = {each.title: opened(page, each.title) for each in round_trip}
        server = alone(address)
        others = [sessions.submit(_click_about, address, number, is_over) for number in range(n_sessions)]
        try:
            for each in round_trip * n_rounds:
                seconds[each.title].append(opened(page, each.title))
        finally:
            is_over.set()
        n_opened = sum(other.result() for other in others)
        browser.close()
    print(f"pages opened by the other sessions: {n_opened}", flush=True)
    named = {page.title: page.path.stem for page in OPENED}
    rows: list[tuple[Cell, ...]] = [
        (named[title], len(some), *_quantiles(some), round(first[title], 2), round(server[title], 2))
        for title, some in seconds.items()
    ]
    return tuple(sorted(rows, key=lambda row: row[3]))


def opened(page: Page, title: str) -> float:
    """Seconds from the click on a page's name until it stands."""
    clock = time.perf_counter()
    page.get_by_role("link", name=title, exact=True).first.click()
    _stands(page, title)
    return time.perf_counter() - clock


def alone(address: str) -> dict[str, float]:
    """By page, the median of the seconds that the server takes while nobody else asks, and nothing is drawn."""
    with scripted_session(address) as session:
        return {page.title: median(session.open(page) for _ in range(ALONE_TIMES)) for page in OPENED}


def _click_about(address: str, number: int, is_over: threading.Event) -> int:
    """One other session: pages at random, with pauses; returns how many."""
    chance, n_opened = random.Random(number), 0
    with scripted_session(address) as session:
        while not is_over.wait(chance.uniform(*THINK_SECONDS)):
            session.open(chance.choice(OPENED))
            n_opened += 1
    return n_opened


def _stands(page: Page, title: str) -> None:
    page.wait_for_function(STANDS, arg=title, timeout=LONGEST_MS)


def _quantiles(seconds: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(float(np.quantile(seconds, q)), 2) for q in (0.5, 0.95, 1.0))


NOTES = (
    "Times are of a browser that stays open, as an analyst's does: from the click until the page's script has ended,"
    " its heading stands and its charts are drawn. The browser and the board share the machine.",
    f"The other sessions go to a page at random and rest {THINK_SECONDS[0]:.0f} to {THINK_SECONDS[1]:.0f} seconds. They"
    " speak to the server as a browser does, and draw nothing.",
    "First ever: before anybody has asked; what is remembered afterwards holds until the warehouse changes.",
)

if __name__ == "__main__":
    main()
