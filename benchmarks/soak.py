"""Two hundred commands killed at random moments: `make soak`. Stops at the first that loses or halves anything."""

import random
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import recording
from benchmarks.kills import City, Trial, commands_in, kill_once, make_city, trials
from benchmarks.recording import Cell, Result, Table

N_KILLS, SEED = 200, 11
SHARES = {"ingest": 4, "run": 4, "erase": 2, "purge": 3, "migrate": 2, "backup": 1, "restore": 2, "redact": 2}  # of 20


def main() -> None:
    """Kill, check, write results/soak.json."""
    n_kills = int(sys.argv[1]) if len(sys.argv) > 1 else N_KILLS
    chance, rows = random.Random(SEED), list[tuple[Cell, ...]]()
    with tempfile.TemporaryDirectory() as folder, commands_in(Path(folder)) as commands:
        city = make_city(commands)
        for name, trial in trials(city).items():
            n = max(1, n_kills * SHARES[name] // sum(SHARES.values()))
            started = time.perf_counter()
            rows.append(soak(city, trial, n, chance))
            print(f"{name}: {n} kills, {time.perf_counter() - started:.0f} s", flush=True)
    columns = ("command", "kills", "seconds undisturbed", "earliest kill, share of it", "latest", "lost or half")
    caption = f"{sum(int(row[1]) for row in rows)} kills with SIGKILL, spread evenly over each command's duration"
    recording.write(Result("soak", "Killed at random moments", "python -m benchmarks.soak", recording.machine(),
                           (Table(caption, columns, tuple(rows)),), NOTES))  # fmt: skip


def soak(city: City, trial: Trial, n_kills: int, chance: random.Random) -> tuple[Cell, ...]:
    """One row. Raises AssertionError at the first kill that loses or halves anything."""
    moments = sorted(kill_once(city, trial, chance) for _ in range(n_kills))
    return (trial.name, n_kills, round(city.seconds[trial.name], 2), round(moments[0], 3), round(moments[-1], 3), 0)


NOTES = (
    "After each kill a process that knew nothing of it opens the warehouse and reads all of it; every file or day"
    " acknowledged in print is there, none is there in part; the same command then completes, and every table equals"
    " that of a run that nobody disturbed.",
    "A simulated city of four days. The command is forked from a process that has imported everything, so that kills"
    " fall into its work.",
    "The table can only hold noughts in its last column: the soak stops at the first loss.",
)

if __name__ == "__main__":
    main()
