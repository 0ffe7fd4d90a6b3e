"""Replay the sample city that the repository holds and score it: `python -m benchmarks.sample_replay`."""

from pathlib import Path

from benchmarks.real_replay import DEFAULT, measure, tables_of
from benchmarks.real_replay import NOTES as REPLAY_NOTES
from benchmarks.real_streams import Stream
from benchmarks.recording import Result, machine, write

FOLDER = Path(__file__).parent.parent / "data" / "samples"
SAMPLE = Stream("data/samples", (FOLDER,), FOLDER / "truth.json")


def main() -> None:
    """Replay with the default budget, print, write."""
    tables = tables_of(measure(SAMPLE, DEFAULT), "The simulated city of data/samples, past data only")
    again = "python -m benchmarks.sample_replay"
    write(Result("sample_replay", "Replay of the sample city", again, machine(), tables, NOTES))


NOTES = (
    "All that is planted is known, but an alert of a matter of the background may be right and counts as wrong.",
    *REPLAY_NOTES,
)

if __name__ == "__main__":
    main()
