"""How long so many reports take, end to end: `python -m benchmarks.scale [N] [--days D]`, default 100,000 reports.

Simulated reports of a city with 1,000,000 a year are ingested and run day by day, then one day of 5,000 comes on top.
Every step is a fresh process, so its peak memory is its own or that of the largest process it started. Seconds hold for
the machine named.
"""

import argparse
import multiprocessing
import secrets
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks.recording import Cell, Result, Table, machine, write
from signals.ingest import How, Ingested, ingest_paths
from signals.replay import peak_mb
from signals.runner import days_due, run_days
from signals.settings import Settings
from signals.simulate.simulation import SimulationSettings, simulate
from signals.store.warehouse import create

REPORTS_A_DAY = 1_000_000 / 365
LARGE_DAY = 5_000  # reports of the day on top
ENDS = 7  # days at the start and at the end whose cost a report is compared
FIRST_ON = date(2025, 1, 1)


@dataclass(frozen=True)
class Day:
    """One day that ran: its reports and seconds."""

    n_reports: int
    seconds: float


@dataclass(frozen=True)
class Step:
    """What a process did: reports, seconds of the whole, its peak memory, and its days where it ran some."""

    n_reports: int
    seconds: float
    peak_mb: float
    days: tuple[Day, ...] = ()


def main() -> None:
    """Simulate, ingest, run, then the large day; write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reports", type=int, nargs="?", default=100_000)
    parser.add_argument("--days", type=int, help="spread over so many days, default as many as such a city needs")
    chosen = parser.parse_args()
    n_days = chosen.days or max(1, round(chosen.reports / REPORTS_A_DAY))
    with tempfile.TemporaryDirectory() as temporary:
        steps = measure(Path(temporary), chosen.reports, n_days)
    command = f"python -m benchmarks.scale {chosen.reports}" + (f" --days {chosen.days}" if chosen.days else "")
    write(Result("scale", "Many reports", command, machine(), (table(steps, n_days),), NOTES))


def measure(folder: Path, n_reports: int, n_days: int) -> dict[str, Step]:
    """All steps in `folder`, by name, printed as they end."""
    city, large, found = folder / "city", folder / "large", {}
    next_on = FIRST_ON + timedelta(days=n_days)
    steps: tuple[tuple[str, Callable[..., Step], tuple[object, ...]], ...] = (
        ("simulate", make, (city, FIRST_ON, n_days, n_reports / n_days)),
        ("ingest", take_in, (folder, city)),
        ("run", run, (folder, next_on - timedelta(days=1))),
        ("simulate one large day", make, (large, next_on, 1, float(LARGE_DAY))),
        ("ingest one large day", take_in, (folder, large)),
        ("run one large day", run, (folder, next_on)),
    )
    for name, step, given in steps:
        found[name] = alone(step, *given)
        done = found[name]
        print(f"{name}: {done.n_reports:,} reports, {done.seconds:.1f} s, {done.peak_mb:.0f} MB", flush=True)
    return found


def alone(step: Callable[..., Step], *given: object) -> Step:
    """Run a step in a fresh process."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as pool:  # not a Pool, whose processes may start none of their own
        return pool.submit(step, *given).result()


def make(folder: Path, first_on: date, n_days: int, reports_per_day: float) -> Step:
    """Simulate a city into `folder`."""
    clock = time.perf_counter()
    seed = 1 + first_on.toordinal()  # another day, other texts
    simulate(SimulationSettings(seed, n_days, first_on, reports_per_day), folder)
    return Step(round(n_days * reports_per_day), time.perf_counter() - clock, peak_mb())


def take_in(folder: Path, city: Path) -> Step:
    """Ingest a city's files as history into the warehouse of `folder`."""
    settings = Settings(folder=folder)
    if not settings.warehouse_path.exists():
        create(settings.warehouse_path)
    clock = time.perf_counter()
    done = list(ingest_paths([city], How(settings, secrets.token_bytes(32), history=True)))
    n = sum(each.n_new for each in done if isinstance(each, Ingested))
    return Step(n, time.perf_counter() - clock, peak_mb())


def run(folder: Path, last_on: date) -> Step:
    """Run all days that are due through last_on, the start of the command included."""
    settings = Settings(folder=folder)
    clock = time.perf_counter()
    due = days_due(settings.warehouse_path, last_on)
    days, last = [], time.perf_counter()
    for done in run_days(settings.warehouse_path, due, settings):
        now = time.perf_counter()
        days.append(Day(len(done.result.keys), now - last))
        last = now
    return Step(sum(day.n_reports for day in days), time.perf_counter() - clock, peak_mb(), tuple(days))


def milliseconds(days: Sequence[Day]) -> float:
    """Milliseconds a report over some days."""
    return 1000 * sum(day.seconds for day in days) / max(sum(day.n_reports for day in days), 1)


def table(steps: dict[str, Step], n_days: int) -> Table:
    """One row a step."""
    columns = ("step", "reports", "seconds", "ms a report", f"first {ENDS} days, ms a report",
               f"last {ENDS} days, ms a report", "slowest day, seconds", "peak MB")  # fmt: skip
    rows = tuple(row(name, step) for name, step in steps.items())
    caption = f"{steps['ingest'].n_reports:,} reports of {n_days} days, then one day of {LARGE_DAY:,}"
    return Table(caption, columns, rows)


def row(name: str, step: Step) -> tuple[Cell, ...]:
    """One row; a dash where there are too few days to compare."""
    ends: tuple[Cell, Cell] = ("–", "–")
    if len(step.days) >= 2 * ENDS:
        ends = milliseconds(step.days[:ENDS]), milliseconds(step.days[-ENDS:])
    slowest: Cell = round(max(day.seconds for day in step.days), 2) if step.days else "–"
    each = 1000 * step.seconds / max(step.n_reports, 1)
    return (name, step.n_reports, round(step.seconds, 1), each, *ends, slowest, round(step.peak_mb))


NOTES = (
    "Running includes themes only where a model is fitted: none is here. The large day includes the start of the"
    " command, that is rebuilding the memory from the warehouse, and the statistics of a day.",
    "Simulating is no part of Jianwei's work; its reports are those asked for, the other rows' those stored.",
    "Peak memory is that of the largest process: the step's own, or one that read or redacted for it.",
    "The first and last seven days hold each weekday once, the weekly merge included.",
)

if __name__ == "__main__":
    main()
