"""Broken exports by the thousand: `python -m benchmarks.broken_files [--seeds 500]`.

Each kind of file is broken anywhere, once a seed, and read to its end: it must be read or refused in one sentence.
Text files are also broken in one row: every other row has to go in.
"""

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.recording import Cell, Result, Table, machine, write
from signals.errors import InputError
from signals.reading import Facts, facts_of, read_rows
from signals.settings import Settings
from tests.reading import mutations

FIRST = 1_000_000  # seeds that the tests do not use
ANYWHERE = ("kind", "tried", "read", "refused in a sentence", "crashed", "slowest, seconds")
ONE_ROW = ("kind", "tried", "files that lost a good row", "good rows lost", "of")


def main() -> None:
    """Break, read, count, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=500, help="files of each kind and way")
    n = parser.parse_args().seeds
    with tempfile.TemporaryDirectory() as folder:
        anywhere = [_anywhere(Path(folder), name, n) for name in mutations.KINDS]
        one_row = [_one_row(Path(folder), name, n) for name in mutations.TEXT_KINDS]
    tables = (Table("Broken anywhere", ANYWHERE, tuple(anywhere)), Table("One row broken", ONE_ROW, tuple(one_row)))
    command = f"python -m benchmarks.broken_files --seeds {n}"
    write(Result("broken_files", "Broken files", command, machine(), tables, NOTES))


def _anywhere(folder: Path, name: str, n: int) -> tuple[Cell, ...]:
    n_read = n_refused = n_crashed = 0
    slowest = 0.0
    for seed in range(FIRST, FIRST + n):
        path = mutations.write(folder, name, mutations.spoiled(name, seed))
        clock = time.perf_counter()
        try:
            good_ids(path)
            n_read += 1
        except InputError as refusal:
            n_refused += "\n" not in str(refusal)
        except Exception as error:  # noqa: BLE001  (what is counted)
            n_crashed += 1
            print(f"{name} {seed}: {type(error).__name__}: {error}", flush=True)
        slowest = max(slowest, time.perf_counter() - clock)
    print(f"{name}: {n_read} read, {n_refused} refused, {n_crashed} crashed, slowest {slowest:.1f} s", flush=True)
    return name, n, n_read, n_refused, n_crashed, round(slowest, 1)


def _one_row(folder: Path, name: str, n: int) -> tuple[Cell, ...]:
    n_files = n_lost = 0
    for seed in range(FIRST, FIRST + n):
        data, victim = mutations.one_row_spoiled(name, seed)
        wanted = {f"H{number}" for number in range(mutations.N_ROWS)} - {victim}
        lost = wanted - good_ids(mutations.write(folder, name, data))
        n_files += bool(lost)
        n_lost += len(lost)
        if lost:
            print(f"{name} {seed}: lost {sorted(lost)}", flush=True)
    print(f"{name}, one row: {n_files} of {n} files lost a good row", flush=True)
    return name, n, n_files, n_lost, n * (mutations.N_ROWS - 1)


def good_ids(path: Path) -> set[str]:
    """The numbers of the rows that would become reports."""
    reading = read_rows(path, settings=Settings())
    return {facts.report_id for row in reading if isinstance(facts := facts_of(row, reading.source), Facts)}


NOTES = (
    "Bytes are flipped, deleted, repeated, replaced by chance or cut off, quotes, separators, NUL and broken characters"
    " put in; workbooks also inside their parts, packed again. The kinds are UTF-8 and GB18030 csv, csv with every cell"
    " quoted, tsv, JSON lines, xlsx, xls and Parquet, 24 rows each, with line breaks and quotes inside cells.",
    "An xls file may be refused only when the process that reads it has used up its memory: that is the slowest.",
)


if __name__ == "__main__":
    main()
