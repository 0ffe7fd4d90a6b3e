"""How long keeping takes on a year of reports, and whether what it removes is gone: `python -m benchmarks.keeping`.

A seeded warehouse is backed up; fifty reports are erased, the older half is purged, and the backup is restored over it.
Each step is a fresh process, so its peak memory is its own. Seconds hold for the machine named.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from benchmarks.recording import Cell, Result, Table, machine, write
from benchmarks.scale import Step, alone
from benchmarks.seeding import N_DAYS, N_REPORTS, seed
from pipelines.digest import digest_command
from pipelines.purge import LEAST_MONTHS
from signals.clock import day_of, start_of
from signals.keeping.backups import make_backup
from signals.keeping.erasing import erase_received_before, erase_reports
from signals.keeping.privacy import find_slips
from signals.keeping.restoring import restore_backup
from signals.keeping.retention import months_before
from signals.replay import peak_mb
from signals.settings import Settings
from signals.store.rows import count_of, first_row
from signals.store.warehouse import reading

N_ERASED = 50
N_SNIPPETS, SNIPPET_CHARACTERS = 200, 8
TRIED = 25  # draws for each snippet wanted: most phrases of a simulated city are said by others too
N_DIGESTS = 20
LONGEST_DAY = 28  # of a month: the day fourteen months later is there whatever the month
COUNTED = {  # tables that count, without their columns that say something in words
    "trends": "", "cells": "", "links": "", "evidence": "", "report_days": "", "day_totals": "", "runs": "",
    "handling": "", "issue_days": "EXCLUDE (name, words)", "alerts": "EXCLUDE (name, words, quotes, reasons)",
}  # fmt: skip
COLUMNS = ("step", "reports", "seconds", "peak MB", "file before, MB", "file after, MB", "snippets", "in bytes before",
           "in bytes after", "in values after", "tables with other counts")  # fmt: skip


@dataclass(frozen=True)
class Removed:
    """Snippets that only reports said which are going, and how many of them the files' bytes showed before."""

    snippets: tuple[str, ...]
    n_before: int


@dataclass(frozen=True)
class Trial:
    """A step with the size of the warehouse around it in bytes, and what was found after it."""

    name: str
    step: Step
    n_bytes: tuple[int, int]
    removed: Removed | None = None
    in_bytes: int = 0  # snippets in any file below the folder
    in_values: int = 0  # snippets in any value of the warehouse: its file is compressed, and bytes do not show all
    n_changed: int = 0  # counting tables that are not as they were before the first step


def main() -> None:
    """Seed, then keep; write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=N_REPORTS)
    parser.add_argument("--days", type=int, default=N_DAYS)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "var"
        alone(fill, folder, chosen.reports, chosen.days)
        trials = list(measure(folder, Path(temporary) / "backups"))
    table = Table(f"{trials[0].step.n_reports:,} reports of {chosen.days} days", COLUMNS, tuple(map(row, trials)))
    command = f"python -m benchmarks.keeping --reports {chosen.reports} --days {chosen.days}"
    write(Result("keeping", "Keeping a year", command, machine(), (table,), NOTES))


def measure(folder: Path, backups: Path) -> Iterator[Trial]:
    """All steps on a seeded folder, printed as they end. backups: outside of it, for they keep what they have."""
    settings = Settings(folder=folder, demo=True)
    now = now_for(middle(settings))
    counts = counts_of(settings)
    yield tried("backup", settings, counts, None, back_up, backups, now)
    keys = choose_keys(settings)
    erased = removed_with(settings, "list_contains($going, report_key)", keys)
    yield tried("erase", settings, counts, erased, erase, keys, now)
    purged = removed_with(settings, "received_at < $going", start_of(before_of(now)))
    yield tried("purge", settings, counts, purged, purge, now)
    both = Removed(erased.snippets + purged.snippets, 0)
    yield tried("restore, erasing both again", settings, counts, both, restore, next(backups.iterdir()), now)
    yield tried("doctor --privacy", settings, counts, None, look_for_slips)


def tried(
    name: str, settings: Settings, counts: dict[str, tuple[int, int]], removed: Removed | None,
    step: Callable[..., Step], *given: object,
) -> Trial:  # fmt: skip
    """Run a step in a fresh process, look at what it left, and print that."""
    before = settings.warehouse_path.stat().st_size
    done = alone(step, settings, *given)
    after = settings.warehouse_path.stat().st_size
    left = removed.snippets if removed else ()
    now = counts_of(settings)
    trial = Trial(name, done, (before, after), removed, len(in_bytes(settings.folder, left)),
                  len(in_values(settings, left)), sum(now[table] != counts[table] for table in counts))  # fmt: skip
    print(", ".join(map(str, row(trial))), flush=True)
    return trial


def fill(folder: Path, n_reports: int, n_days: int) -> Step:
    """Seed the folder and write digests of days spread over the year."""
    clock = time.perf_counter()
    seed(folder, n_reports, n_days)
    settings = Settings(folder=folder, demo=True)
    with reading(settings.warehouse_path) as connection:
        days = [day for (day,) in connection.execute("SELECT day FROM runs ORDER BY day DESC").fetchall()]
    for day in days[:: max(1, len(days) // N_DIGESTS)]:
        digest_command(settings, day)
    return Step(n_reports, time.perf_counter() - clock, peak_mb())


def back_up(settings: Settings, to: Path, now: datetime) -> Step:
    """The step of `jianwei backup`."""
    clock = time.perf_counter()
    make_backup(settings, to, at=now)
    return Step(n_of(settings, "reports"), time.perf_counter() - clock, peak_mb())


def erase(settings: Settings, keys: Sequence[str], now: datetime) -> Step:
    """The step of `jianwei erase`."""
    clock = time.perf_counter()
    done = erase_reports(settings, keys, by="benchmark", reason="withdrawn", at=now)
    return Step(done.n_reports, time.perf_counter() - clock, peak_mb())


def purge(settings: Settings, now: datetime) -> Step:
    """The step of `jianwei purge`."""
    clock = time.perf_counter()
    done = erase_received_before(settings, before_of(now), at=now)
    return Step(done.n_reports, time.perf_counter() - clock, peak_mb())


def restore(settings: Settings, backup: Path, now: datetime) -> Step:
    """The step of `jianwei restore --replace`."""
    clock = time.perf_counter()
    done = restore_backup(settings, backup, replace=True, by="benchmark", at=now)
    return Step(done.n_erased_again, time.perf_counter() - clock, peak_mb())


def look_for_slips(settings: Settings) -> Step:
    """The step of `jianwei doctor --privacy`; what it finds is printed as a number."""
    clock = time.perf_counter()
    with reading(settings.warehouse_path) as connection:
        print(f"slips: {sum(1 for _ in find_slips(connection, settings))}", flush=True)
    return Step(n_of(settings, "reports"), time.perf_counter() - clock, peak_mb())


def n_of(settings: Settings, table: str) -> int:
    """Rows of a table."""
    with reading(settings.warehouse_path) as connection:
        return count_of(connection, f"SELECT count(*) FROM {table}")


def middle(settings: Settings) -> date:
    """The day before which half of the reports were received."""
    with reading(settings.warehouse_path) as connection:
        found = first_row(connection.execute("SELECT quantile_disc(received_at, 0.5) FROM reports"))
    assert found is not None
    return day_of(found[0])


def now_for(before: date) -> datetime:
    """An instant at which a purge takes what was received before a day, or up to three days earlier."""
    return start_of(months_before(before.replace(day=min(before.day, LONGEST_DAY)), -LEAST_MONTHS))


def before_of(now: datetime) -> date:
    """The day before which a purge takes what was received.

    >>> before_of(now_for(date(2025, 7, 2))), before_of(now_for(date(2025, 12, 31)))
    (datetime.date(2025, 7, 2), datetime.date(2025, 12, 28))
    """
    return months_before(day_of(now), LEAST_MONTHS)


def choose_keys(settings: Settings) -> list[str]:
    """Reports to erase, spread over the year: half of them named by alerts, so that quotes and digests change."""
    queries = ("SELECT DISTINCT unnest(report_keys) AS report_key FROM alerts", "SELECT report_key FROM reports")
    with reading(settings.warehouse_path) as connection:
        found = [
            key for query in queries for (key,) in connection.execute(
                f"FROM ({query}) ORDER BY md5(report_key) LIMIT {N_ERASED}").fetchall()
        ]  # fmt: skip
    alerted = found[: N_ERASED // 2]
    return alerted + [key for key in reversed(found) if key not in alerted][: N_ERASED - len(alerted)]


def removed_with(settings: Settings, condition: str, going: object) -> Removed:
    """Snippets out of reports that meet a condition, each said by no other report, fact or name."""
    with reading(settings.warehouse_path) as connection:
        leaving = connection.execute(
            f"SELECT concat_ws('\n', title, body) FROM reports WHERE {condition} ORDER BY md5(report_key)",
            {"going": going},
        ).fetchall()
        staying = "\n".join(text for (text,) in connection.execute(
            f"""SELECT concat_ws('\n', title, body, context, address, community) FROM reports WHERE NOT ({condition})
                UNION ALL SELECT value FROM updates JOIN reports USING (report_key) WHERE NOT ({condition})
                UNION ALL SELECT DISTINCT concat_ws('\n', category, unit, town, community) FROM reports""",
            {"going": going},
        ).fetchall())  # fmt: skip
    found = tuple(draw(list(dict.fromkeys(text for (text,) in leaving)), staying))
    return Removed(found, len(in_bytes(settings.folder, found)))


def draw(texts: Sequence[str], staying: str) -> Iterator[str]:
    """Up to N_SNIPPETS different ones that do not stay."""
    chance, seen = random.Random(1), set[str]()
    able = [text for text in texts if len(text) >= SNIPPET_CHARACTERS]
    for _ in range(N_SNIPPETS * TRIED if able else 0):
        text = chance.choice(able)
        start = chance.randrange(len(text) - SNIPPET_CHARACTERS + 1)
        snippet = text[start : start + SNIPPET_CHARACTERS]
        if snippet not in seen and "\n" not in snippet and snippet not in staying:
            seen.add(snippet)
            yield snippet
        if len(seen) == N_SNIPPETS:
            return


def in_bytes(folder: Path, snippets: Sequence[str]) -> set[str]:
    """Those that the bytes of any file below the folder show."""
    files = [path for path in folder.rglob("*") if path.is_file()] if snippets else []
    found = set[str]()
    for path in files:
        content = path.read_bytes()
        found |= {snippet for snippet in snippets if snippet.encode() in content}
    return found


def in_values(settings: Settings, snippets: Sequence[str]) -> set[str]:
    """Those that any value of any table holds."""
    found = set[str]()
    with reading(settings.warehouse_path) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE contains(data_type, 'VARCHAR') AND NOT internal"
        ).fetchall()
        for table, column in columns if snippets else ():
            values = connection.execute(f'SELECT DISTINCT CAST("{column}" AS VARCHAR) FROM {table}').fetchall()
            content = "\n".join(value for (value,) in values if value)
            found |= {snippet for snippet in snippets if snippet in content}
    return found


def counts_of(settings: Settings) -> dict[str, tuple[int, int]]:
    """Rows of each counting table, and a sum over all that they count."""
    found = dict[str, tuple[int, int]]()
    with reading(settings.warehouse_path) as connection:
        for table, less in COUNTED.items():
            query = f"SELECT count(*), sum(hash(t)::HUGEINT) FROM (SELECT * {less} FROM {table}) t"
            n, total = connection.execute(query).fetchall()[0]
            found[table] = int(n), int(total or 0)
    return found


def row(trial: Trial) -> tuple[Cell, ...]:
    """One row; dashes where nothing is removed."""
    step, removed = trial.step, trial.removed
    proof: tuple[Cell, ...] = ("–",) * 4
    if removed:
        proof = len(removed.snippets), removed.n_before or "–", trial.in_bytes, trial.in_values
    sizes = (round(n / 2**20) for n in trial.n_bytes)
    return (trial.name, step.n_reports, round(step.seconds, 1), round(step.peak_mb), *sizes, *proof, trial.n_changed)


NOTES = (
    "Seeded by benchmarks/seeding.py, with twenty digests. Half of the erased reports are named by alerts. The purge is"
    " of what was received more than 14 months before an instant chosen so that half of the reports go.",
    f"Snippets are pieces of {SNIPPET_CHARACTERS} characters that only texts said which are going. In bytes: as UTF-8"
    " in any file below the working folder, the backup being elsewhere; in values: in any value of any table, since"
    " DuckDB compresses and its bytes show only a part. The bar is 0.",
    "Tables with other counts: of trends, cells, links, evidence, report_days, day_totals, runs, handling, issue_days"
    " and alerts, those whose rows differ from before the first step in anything but words. The bar is 0.",
    "The restored backup still held everything; the tombstones beside the warehouse remove it before it is in place.",
)

if __name__ == "__main__":
    main()
