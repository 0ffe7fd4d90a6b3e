"""Thirty readers of the board's queries while files are taken in and days run: `python -m benchmarks.many_at_once`.

Readers are threads of one process that ask as the board's pages do, with its memory of answers; ingest and run are the
commands, each in its own process.
"""

import argparse
import json
import random
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import duckdb
import numpy as np

from benchmarks.commands import jianwei
from benchmarks.recording import Cell, Result, Table, machine, write
from board.answers import ask
from board.permission import Viewer
from board.queries import day_figures, freshness, run_days
from board.queries_map import map_day
from board.queries_radar import radar
from board.queries_today import alert_quotes, day_alerts, day_dangers, past_alerts
from signals.accounts import Role
from signals.errors import JianweiError
from signals.settings import Settings
from signals.simulate.simulation import SimulationSettings, simulate

VIEWER = Viewer(Role.ANALYST)
BEFORE = 30  # days in the warehouse when the readers come
THINK_SECONDS = (1.0, 5.0)  # between two pages of one reader
COLUMNS = ("meanwhile", "pages", "errors", "median, seconds", "95 %, seconds", "longest, seconds")


def main() -> None:
    """Fill, then read alone, beside ingest and beside run; write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=30)
    parser.add_argument("--days", type=int, default=10, help="days taken in and run meanwhile")
    parser.add_argument("--per-day", type=float, default=2_000.0, help="reports a day")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        first, days = fill(Path(folder), chosen.days, chosen.per_day)
        settings = Settings(folder=Path(folder) / "var", demo=True)
        last = first + timedelta(days=BEFORE - 1)

        def take_in() -> None:
            for path in days:
                jianwei(settings, "ingest", "--history", str(path))

        rows = [
            measured("nothing", settings, chosen.readers, lambda: time.sleep(20)),
            measured(f"ingest of {len(days)} files", settings, chosen.readers, take_in),
            measured(f"run of {chosen.days} days in one command", settings, chosen.readers, lambda: jianwei(
                settings, "run", "--through", str(last + timedelta(days=chosen.days)))),
        ]  # fmt: skip
        size = settings.warehouse_path.stat().st_size >> 20
    table = Table(f"{chosen.readers} readers, a warehouse of {size} MB", COLUMNS, tuple(rows))
    command = f"python -m benchmarks.many_at_once --readers {chosen.readers} --days {chosen.days}"
    write(Result("many_at_once", "Many at once", command, machine(), (table,), NOTES))


def fill(folder: Path, n_days: int, per_day: float) -> tuple[date, Sequence[Path]]:
    """A warehouse of BEFORE days run, and the hotline exports of the days after them, one file a day."""
    city = SimulationSettings(1, BEFORE + n_days, reports_per_day=per_day)
    first = simulate(city, folder / "city").first_on
    lines = (folder / "city" / "hotline.jsonl").read_text("utf-8").splitlines()
    by_day = [
        (day, list(some)) for day, some in groupby(sorted(lines, key=_day_of), key=_day_of)
    ]
    paths = []
    for day, some in by_day:
        paths.append(folder / f"hotline-{day}.jsonl")
        paths[-1].write_text("\n".join(some), "utf-8")
    settings = Settings(folder=folder / "var", demo=True)
    jianwei(settings, "ingest", "--history", *map(str, paths[:BEFORE]))
    jianwei(settings, "run", "--through", str(first + timedelta(days=BEFORE - 1)))
    return first, paths[BEFORE:]


def _day_of(line: str) -> str:
    return str(json.loads(line)["来电时间"])[:10]


def measured(name: str, settings: Settings, n_readers: int, work: Callable[[], object]) -> tuple[Cell, ...]:
    """Readers turning pages for as long as the work lasts."""
    seconds: list[float] = []
    errors: list[str] = []
    is_over = threading.Event()

    def turn(seed: int) -> None:
        chance = random.Random(seed)
        while not is_over.wait(chance.uniform(*THINK_SECONDS)):
            clock = time.perf_counter()
            try:
                page(settings)
            except (JianweiError, duckdb.Error) as error:
                errors.append(str(error))
            seconds.append(time.perf_counter() - clock)

    readers = [threading.Thread(target=turn, args=(seed,)) for seed in range(n_readers)]
    for reader in readers:
        reader.start()
    clock = time.perf_counter()
    work()
    lasted = time.perf_counter() - clock
    is_over.set()
    for reader in readers:
        reader.join()
    row = (len(seconds), len(errors), *(round(float(np.quantile(seconds, q)), 3) for q in (0.5, 0.95, 1.0)))
    print(f"{name}: {lasted:.0f} s, {row}, {set(errors)}", flush=True)
    return name, *row


def page(settings: Settings) -> None:
    """What today's page, the radar and the map ask of the newest day, a connection each."""
    day = ask(settings, run_days)[0]
    ask(settings, day_figures, VIEWER, day)
    ask(settings, day_dangers, VIEWER, day, is_newest=True)
    ask(settings, past_alerts, VIEWER, day)
    ask(settings, day_alerts, VIEWER, day)
    ask(settings, alert_quotes, VIEWER, day)
    ask(settings, radar, VIEWER, day)
    ask(settings, freshness)
    ask(settings, map_day)


NOTES = (
    "A page is nine queries with a connection each: today's page, the radar and the day of the map. Readers think 1 to"
    " 5 seconds between pages. Answers are remembered until the file changes, as on the board.",
)


if __name__ == "__main__":
    main()
