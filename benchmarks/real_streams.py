"""The streams of real reports that the environment names, for every benchmark that reads them.

JIANWEI_BENCH_PETITIONS with JIANWEI_BENCH_EVENTS, and JIANWEI_BENCH_HOTLINE with JIANWEI_BENCH_HOTLINE_EVENTS, name
files; what is not named is skipped with a sentence. JIANWEI_BENCH_FROM and JIANWEI_BENCH_TO (dates) limit the days of
petitions that are scored; those from JIANWEI_BENCH_APART on are scored once more by themselves.
"""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

NAMED = (("petitions", "JIANWEI_BENCH_PETITIONS", "JIANWEI_BENCH_EVENTS"),
         ("hotline", "JIANWEI_BENCH_HOTLINE", "JIANWEI_BENCH_HOTLINE_EVENTS"))  # fmt: skip
DATED = "petitions"  # the stream that the dates are of
DATES = ("JIANWEI_BENCH_FROM", "JIANWEI_BENCH_TO", "JIANWEI_BENCH_APART")


@dataclass(frozen=True)
class Stream:
    """Files to replay, their events, and the days scored (None = all); `apart`: scored once more from that day on."""

    name: str
    files: tuple[Path, ...]
    events: Path
    first: date | None = None
    last: date | None = None
    apart: date | None = None


def real_streams() -> list[Stream]:
    """The streams that are named; of each other one, what to set is printed."""
    found = []
    for name, reports, events in NAMED:
        if os.environ.get(reports) and os.environ.get(events):
            days = (_day(variable) if name == DATED else None for variable in DATES)
            found.append(Stream(name, (Path(os.environ[reports]),), Path(os.environ[events]), *days))
        else:
            print(f"{name}: skipped; set {reports} and {events} to a file and its events (docs/data-format.md).")
    return found


def command(module: str, *arguments: str) -> str:
    """The command that measures this again, with the dates that are set; files are named by whoever has them."""
    dates = [f"{variable}={os.environ[variable]}" for variable in DATES if os.environ.get(variable)]
    return " ".join([*dates, f"python -m benchmarks.{module}", *arguments])


def _day(variable: str) -> date | None:
    return date.fromisoformat(os.environ[variable]) if os.environ.get(variable) else None
