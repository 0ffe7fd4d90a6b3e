"""Replay files of real reports and score them against labelled events, each in a fresh process.

JIANWEI_BENCH_PETITIONS with JIANWEI_BENCH_EVENTS, and JIANWEI_BENCH_HOTLINE with JIANWEI_BENCH_HOTLINE_EVENTS, name the
files; what is not named is skipped. JIANWEI_BENCH_FROM and JIANWEI_BENCH_TO (dates) limit the days of petitions scored;
those from JIANWEI_BENCH_APART on are scored once more by themselves. Budgets may be given as arguments, "default" among
them; without any the default budget is used. Seconds and memory are of this machine.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.recording import Cell, Result, Table, machine, write

STREAMS = (("petitions", "JIANWEI_BENCH_PETITIONS", "JIANWEI_BENCH_EVENTS"),
           ("hotline", "JIANWEI_BENCH_HOTLINE", "JIANWEI_BENCH_HOTLINE_EVENTS"))  # fmt: skip
DEFAULT = "default"
JIANWEI = str(Path(sys.executable).with_name("jianwei"))
COLUMNS = ("stream", "budget", "bursts", "alerted", "alerts a week", "precision, lower bound", "reports seen, median",
           "pairwise F1", "B-cubed F1", "seconds", "peak MB")  # fmt: skip


def main(budgets: list[str]) -> int:
    """Run replay and evaluate as a user would, write the result. Returns their first non-zero exit code, else 0."""
    rows: list[tuple[Cell, ...]] = []
    for name, reports_in, events_in in STREAMS:
        reports, events = os.environ.get(reports_in), os.environ.get(events_in)
        if not (reports and events):
            print(f"{name}: skipped; set {reports_in} and {events_in} to a file and its events (docs/data-format.md).")
            continue
        for budget in budgets or [DEFAULT]:
            found = measure(name, reports, events, budget)
            if isinstance(found, int):
                return found
            for row in found:
                print(dict(zip(COLUMNS, row, strict=True)), flush=True)
            rows += found
    if rows:
        tables = (Table("Real reports, past data only, scored by labels that are incomplete", COLUMNS, tuple(rows)),)
        command = " ".join(["python benchmarks/real_replay.py", *budgets])
        write(Result("real_replay", "Replay of real reports", command, machine(), tables))
    return 0


def measure(name: str, reports: str, events: str, budget: str) -> list[tuple[Cell, ...]] | int:
    """The rows of one replay, one a window scored, or the exit code of what failed."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "replay")
        chosen = [] if budget == DEFAULT else ["--false-alerts-per-day", budget]
        done = subprocess.run([JIANWEI, "replay", reports, "--out", out, *chosen], check=False,
                              stdout=subprocess.DEVNULL)  # fmt: skip
        if done.returncode:
            return done.returncode
        ran = json.loads((Path(out) / "replay.json").read_text("utf-8"))
        for label, window in windows(name):
            scored = subprocess.run([JIANWEI, "evaluate", out, "--events", events, "--json", *window], check=False,
                                    stdout=subprocess.PIPE, text=True)  # fmt: skip
            if scored.returncode:
                return scored.returncode
            rows.append(row_of(label, budget, json.loads(scored.stdout), ran))
    return rows


def windows(name: str) -> list[tuple[str, list[str]]]:
    """The days scored of a stream: a name, and options of evaluate."""
    if name != "petitions":
        return [(name, [])]
    first, last, apart = (os.environ.get(f"JIANWEI_BENCH_{part}") for part in ("FROM", "TO", "APART"))
    end = [f"--to={last}"] if last else []
    found = [(name, [*([f"--from={first}"] if first else []), *end])]
    return found + ([(f"{name}, from {apart}", [f"--from={apart}", *end])] if apart else [])


def row_of(label: str, budget: str, score: dict[str, Any], ran: dict[str, Any]) -> tuple[Cell, ...]:
    """One row; what is undefined, such as the precision of no alerts, is a dash."""

    def shown(name: str, digits: int) -> Cell:
        return "–" if score[name] is None else round(score[name], digits)

    return (
        label, budget, score["n_events"], score["n_caught"], round(score["alerts_per_week"], 2), shown("precision", 3),
        shown("median_seen", 1), shown("pairwise_f1", 3), shown("b_cubed_f1", 3),
        round(sum(ran["seconds"].values()), 1), round(ran["peak_memory_mb"]),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
