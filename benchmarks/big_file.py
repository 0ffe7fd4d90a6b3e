"""One csv that no memory should hold: `python -m benchmarks.big_file [--gigabytes 2]`, through the command.

Simulated orders are written again and again under new numbers; the command takes the file in as any export.
"""

import argparse
import csv
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count, cycle
from pathlib import Path

from benchmarks.commands import jianwei
from benchmarks.recording import Result, Table, machine, write
from signals.settings import Settings
from signals.simulate.simulation import SimulationSettings, simulate
from signals.store.rows import count_of
from signals.store.warehouse import reading

N_DAYS, PER_DAY = 30, 1_000.0  # of the city whose orders are repeated
FIRST_AT = datetime(2025, 1, 1, 8)  # noqa: DTZ001  (as an export writes it)
SECONDS_APART = 7
HEADERS = tuple("工单号 来电时间 类型 标题 内容 区 街道 社区 地址 来电号码 一级分类 主办单位".split(" "))
COLUMNS = ("file, GB", "rows", "stored", "in quarantine", "minutes", "rows a second", "peak MB", "warehouse, GB")


def main() -> None:
    """Write the file, take it in, count, write the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=2.0, help="size of the csv, of 10^9 bytes")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        row = measured(Path(folder), chosen.gigabytes)
    command = f"python -m benchmarks.big_file --gigabytes {chosen.gigabytes:g}"
    table = Table("One csv, UTF-8, taken in by the command", COLUMNS, (row,))
    write(Result("big_file", "A file larger than memory should be", command, machine(), (table,), NOTES))


def measured(folder: Path, gigabytes: float) -> tuple[float, ...]:
    """One row of the table. Raises AssertionError where a row was neither stored nor kept in quarantine."""
    path = folder / "orders.csv"
    n_rows = write_orders(path, folder / "city", gigabytes)
    settings = Settings(folder=folder / "var")
    clock = time.perf_counter()
    jianwei(settings, "ingest", "--history", str(path))
    seconds = time.perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    with reading(settings.warehouse_path, wait_seconds=5) as connection:
        n_stored = count_of(connection, "SELECT count(*) FROM reports")
        n_quarantined = count_of(connection, "SELECT count(*) FROM quarantine")
    assert n_stored + n_quarantined == n_rows, (n_rows, n_stored, n_quarantined)
    sizes = (round(each.stat().st_size / 1e9, 3) for each in (path, settings.warehouse_path))
    of_file, of_warehouse = sizes
    speed = (round(seconds / 60, 2), round(n_rows / seconds), round(peak))
    return of_file, n_rows, n_stored, n_quarantined, *speed, of_warehouse


def write_orders(path: Path, city: Path, gigabytes: float) -> int:
    """A csv of at least so many bytes; the number of its rows."""
    simulate(SimulationSettings(3, N_DAYS, reports_per_day=PER_DAY), city)
    lines = (city / "hotline.jsonl").read_text("utf-8").splitlines()
    orders = cycle([json.loads(line) for line in lines])
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADERS)
        for number in count(1):
            table.writerow(order(number, next(orders)))
            if number % 1_000 == 0 and file.tell() >= gigabytes * 1e9:
                return number
    raise AssertionError("unreachable")


def order(number: int, told: dict[str, object]) -> Iterator[object]:
    """The cells of one row: an order of the simulated city under a new number and at a new time."""
    turns = told["turns"]
    assert isinstance(turns, list)
    own = {
        "工单号": f"DX{number:09d}",
        "来电时间": f"{FIRST_AT + timedelta(seconds=SECONDS_APART * number):%Y-%m-%d %H:%M:%S}",
        "内容": "".join(f"{turn['role']}：{turn['text']}\n" for turn in turns),
    }
    return (own.get(header, told.get(header, "")) for header in HEADERS)


NOTES = (
    "Peak memory is that of the largest process of the command, by the system's own count.",
    "Every row is a transcript as one text, with a number, a place and a telephone of its own.",
)

if __name__ == "__main__":
    main()
