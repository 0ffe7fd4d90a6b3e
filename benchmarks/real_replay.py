"""Replay files of real reports and score them against labelled events, each in a fresh process.

JIANWEI_BENCH_PETITIONS with JIANWEI_BENCH_EVENTS, and JIANWEI_BENCH_HOTLINE with JIANWEI_BENCH_HOTLINE_EVENTS, name the
files; what is not named is skipped. JIANWEI_BENCH_FROM and JIANWEI_BENCH_TO (dates) limit the days of petitions scored.
Budgets may be given as arguments; without any the default budget is used. Seconds and memory are of this machine.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.recording import Cell, Result, Table, machine, write

STREAMS = (("petitions", "JIANWEI_BENCH_PETITIONS", "JIANWEI_BENCH_EVENTS"),
           ("hotline", "JIANWEI_BENCH_HOTLINE", "JIANWEI_BENCH_HOTLINE_EVENTS"))  # fmt: skip
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
        for budget in budgets or [""]:
            row = measure(name, reports, events, budget)
            if isinstance(row, int):
                return row
            print(dict(zip(COLUMNS, row, strict=True)))
            rows.append(row)
    if rows:
        tables = (Table("Real reports, past data only, scored by labels that are incomplete", COLUMNS, tuple(rows)),)
        command = " ".join(["python benchmarks/real_replay.py", *budgets])
        write(Result("real_replay", "Replay of real reports", command, machine(), tables))
    return 0


def measure(name: str, reports: str, events: str, budget: str) -> tuple[Cell, ...] | int:
    """One row of the table, or the exit code of what failed."""
    jianwei = str(Path(sys.executable).with_name("jianwei"))
    window = [f"--{end}={day}" for end in ("from", "to")
              if name == "petitions" and (day := os.environ.get(f"JIANWEI_BENCH_{end.upper()}"))]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "replay")
        chosen = ["--false-alerts-per-day", budget] if budget else []
        command = [jianwei, "replay", reports, "--out", out, *chosen]
        done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
        if done.returncode:
            return done.returncode
        scored = subprocess.run([jianwei, "evaluate", out, "--events", events, "--json", *window], check=False,
                                stdout=subprocess.PIPE, text=True)  # fmt: skip
        if scored.returncode:
            return scored.returncode
        ran = json.loads((Path(out) / "replay.json").read_text("utf-8"))
    score = json.loads(scored.stdout)
    return (
        name, budget or "default", score["n_events"], score["n_caught"], round(score["alerts_per_week"], 2),
        round(score["precision"], 3), score["median_seen"], round(score["pairwise_f1"], 3),
        round(score["b_cubed_f1"], 3), round(sum(ran["seconds"].values()), 1), round(ran["peak_memory_mb"]),
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
