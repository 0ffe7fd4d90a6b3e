"""Is the budget kept on real reports whose dates are drawn anew? `python -m benchmarks.shuffled`

Nothing starts in a shuffled stream, so every alert is due to chance. The environment names the files
(`benchmarks/real_streams.py`); the command is that of a user, `jianwei replay --shuffle`, with the default budget.
"""

import tempfile
from pathlib import Path

from benchmarks import commands
from benchmarks.real_streams import Stream, real_streams
from benchmarks.recording import Cell, Result, Table, machine, write

SHUFFLES = ("year", "60d")
SEED = 1
COLUMNS = ("stream", "shuffled", "alerts", "realized ÷ budget", "seconds")


def main() -> None:
    """Replay each stream with each shuffle, print, write."""
    rows = [measure(stream, shuffle) for stream in real_streams() for shuffle in SHUFFLES]
    if rows:
        table = Table(f"Real reports, dates shuffled with seed {SEED}, linked again", COLUMNS, tuple(rows))
        again = "python -m benchmarks.shuffled"
        write(Result("shuffled", "The budget on shuffled dates", again, machine(), (table,), NOTES))


def measure(stream: Stream, shuffle: str) -> tuple[Cell, ...]:
    """One row."""
    with tempfile.TemporaryDirectory() as folder:
        ran = commands.replay(stream.files, Path(folder) / "replay", "--shuffle", shuffle, "--seed", str(SEED))
    seconds = round(commands.seconds_of(ran), 1)
    row = (stream.name, shuffle, ran["alerts"], round(ran["realized_over_budget"], 3), seconds)
    print(dict(zip(COLUMNS, row, strict=True)), flush=True)
    return row


NOTES = (
    "Every source keeps its days and how many reports each has; which report came when is drawn anew: anywhere in the"
    " stream (year), or about 60 days either way.",
    "All alerts of the stream over all false alerts that the budgets of its days allow.",
)

if __name__ == "__main__":
    main()
