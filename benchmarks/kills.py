"""Commands killed with SIGKILL at random moments, and what must hold afterwards.

A small city is made once. Each trial copies it, starts a command, kills it somewhere in its measured duration, and then
asks of a process that knew nothing of it: does the warehouse open, is everything acknowledged there, is nothing half
there, does the same command now complete, and is the end the same, table by table, as if nothing had happened?

Run as a program, this file is the process that the commands are forked from: imports are paid once, and a kill falls
into the work of a command rather than into its start.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from signals.clock import LOCAL, day_of
from signals.keeping.backups import verify_backup
from signals.keeping.retention import months_before
from signals.keeping.soundness import check_soundness
from signals.store.statistics import TABLES
from signals.store.warehouse import create, reading, writing

REPORTS_PER_DAY, MONTHS = 6, 14
ENVIRONMENT = {"JIANWEI_DEMO": "true", "JIANWEI_COMPLAINANT_KEY": "a key for kills, nothing else"}
CLOCK = {  # columns that hold the machine's clock
    "files": ("ingested_at",), "updates": ("known_at",), "quarantine": ("known_at",), "corrections": ("made_at",),
    "handling": ("at",), "runs": ("started_at", "finished_at", "seconds"), "erased": ("erased_at",),
    "export_columns": ("settled_at",), "repairs": ("repaired_at",),
}  # fmt: skip
PRINTED = "printed.txt"
SLIPPED = "陈小文"  # a name that stands in texts, as weaker rules left it
State = dict[str, list[tuple[object, ...]]]


@dataclass
class Commands:
    """Commands in processes of their own, forked from one that has imported everything."""

    server: subprocess.Popen[str]
    here: Path

    def start(self, *arguments: str) -> int:
        """Start a command; its process id. What it prints goes to a file, see `printed`."""
        (self.here / PRINTED).unlink(missing_ok=True)  # else one killed at once would be heard with another's words
        return int(self._ask({"arguments": arguments}))

    def wait(self) -> int:
        """Its exit code, −9 when it was killed."""
        return int(self._ask({}))

    def run(self, *arguments: str) -> None:
        """Run a command to its end. Raises AssertionError with what it printed where it fails."""
        self.start(*arguments)
        code = self.wait()
        assert code == 0, f"{arguments}: exit {code}: {self.printed()}"

    def printed(self) -> str:
        path = self.here / PRINTED
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def _ask(self, what: dict[str, object]) -> str:
        assert self.server.stdin is not None
        assert self.server.stdout is not None
        self.server.stdin.write(json.dumps(what) + "\n")
        self.server.stdin.flush()
        return self.server.stdout.readline()


@dataclass(frozen=True, slots=True)
class Killed:
    """A folder in which a command was killed, and its tables before, now, and as they will be when it has ended."""

    folder: Path
    printed: str
    before: State
    after: State
    end: State


@dataclass(frozen=True, slots=True)
class Trial:
    """One command to be killed: from which folder, and what must hold when it was."""

    name: str
    base: str  # folder of the city as it is before
    arguments: tuple[str, ...]
    holds: Callable[[Killed], None]


@dataclass
class City:
    """The small city in its states, and what each command comes to when nobody kills it."""

    commands: Commands
    here: Path
    first: date
    last: date
    befores: dict[str, State] = field(default_factory=dict)  # by folder
    ends: dict[str, State] = field(default_factory=dict)  # by command
    seconds: dict[str, float] = field(default_factory=dict)


@contextmanager
def commands_in(here: Path) -> Iterator[Commands]:
    """Start the process that commands are forked from; it ends with the block."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("JIANWEI_")}
    environment |= ENVIRONMENT | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[1])}
    call = [sys.executable, "-m", "benchmarks.kills"]
    pipe = subprocess.PIPE
    with subprocess.Popen(call, cwd=here, env=environment, stdin=pipe, stdout=pipe, text=True) as server:
        yield Commands(server, here)
        assert server.stdin is not None
        server.stdin.close()


def make_city(commands: Commands, n_days: int = 4) -> City:
    """Simulate, take in, run, write digests, back up; every state is kept as a folder."""
    here = commands.here
    first = months_before(day_of(datetime.now(LOCAL)), MONTHS) - timedelta(days=n_days // 2)  # half of it is to purge
    city = City(commands, here, first, first + timedelta(days=n_days - 1))
    run = commands.run
    run("simulate", "--out", "exports", "--days", str(n_days), "--reports-per-day", str(REPORTS_PER_DAY), "--seed", "4",
        "--first", str(city.first))  # fmt: skip
    (here / "empty").mkdir()
    run("ingest", "--history", "exports", "--folder", "taken")
    shutil.copytree(here / "taken", here / "done")
    run("run", "--through", str(city.last), "--folder", "done")
    for day in (city.last - timedelta(days=1), city.last):
        run("digest", "--date", str(day), "--folder", "done")
    run("backup", "--to", "kept", "--folder", "done")
    shutil.copytree(here / "done", here / "older")
    with writing(here / "older" / "jianwei.duckdb") as connection:
        for table in ("erased", "export_columns", "repairs", *TABLES):
            connection.execute(f"DROP TABLE {table}")
        for column in ("issue_days DROP COLUMN risk", "runs DROP COLUMN risk_version"):  # of version 13
            connection.execute(f"ALTER TABLE {column}")
        connection.execute("UPDATE meta SET value = '7' WHERE key = 'schema_version'")
    shutil.copytree(here / "done", here / "slipped")
    with writing(here / "slipped" / "jianwei.duckdb") as connection:
        connection.execute(f"UPDATE reports SET body = '找{SLIPPED}先生的' || body")
    return city


def trials(city: City) -> dict[str, Trial]:
    """Every command that changes something, with what must hold when it is killed."""
    [(key,)] = state_query(city.here / "done", "SELECT report_key FROM reports ORDER BY known_at, report_key LIMIT 1")
    source, _, number = str(key).partition(":")
    [made] = sorted((city.here / "kept").glob("backup-*"))
    found = (
        Trial("ingest", "empty", ("ingest", "--history", "exports"), _files_are_whole),
        Trial("run", "taken", ("run", "--through", str(city.last)), _days_are_whole),
        Trial("erase", "done", ("erase", source, number, "--reason", "撤回"), _all_or_nothing),
        Trial("purge", "done", ("purge", "--months", str(MONTHS), "--clock-is-right"), _all_or_nothing),
        Trial("migrate", "older", ("migrate",), _copy_is_whole),
        Trial("backup", "done", ("backup",), _backups_are_whole),
        Trial("restore", "done", ("restore", str(made), "--replace"), _all_or_nothing),
        Trial("redact", "slipped", ("redact", "--stored"), _all_or_nothing),
    )
    return {trial.name: trial for trial in found}


def undisturbed(city: City, trial: Trial) -> State:
    """What the command comes to when nobody kills it, and how long it takes; measured once."""
    if trial.name not in city.ends:
        folder = _copy(city, trial, "undisturbed")
        city.befores[trial.base] = state_of(_copy(city, trial, "before"))
        started = time.perf_counter()
        city.commands.run(*trial.arguments, "--folder", folder.name)
        city.seconds[trial.name] = time.perf_counter() - started
        city.ends[trial.name] = state_of(folder)
        shutil.rmtree(folder)
    return city.ends[trial.name]


def kill_once(city: City, trial: Trial, chance: random.Random) -> float:
    """One trial; returns the moment of the kill as a share of the command's duration. Raises AssertionError."""
    end, before = undisturbed(city, trial), city.befores[trial.base]
    folder = _copy(city, trial, "killed")
    moment = chance.random()
    process = city.commands.start(*trial.arguments, "--folder", folder.name)
    time.sleep(moment * city.seconds[trial.name])
    os.kill(process, signal.SIGKILL)
    city.commands.wait()
    printed, after = city.commands.printed(), state_of(folder)
    trial.holds(Killed(folder, printed, before, after, end))
    city.commands.run(*trial.arguments, "--folder", folder.name)
    assert differences(state_of(folder), end) == [], f"{trial.name} at {moment:.3f}"
    shutil.rmtree(folder)
    return moment


def state_of(folder: Path) -> State:
    """Every table of a warehouse without the machine's clock, after all of it has been read; empty where none is."""
    path = folder / "jianwei.duckdb"
    if not path.exists():
        return {}
    create(path)  # as any command opens it: what a crash left in the log goes into the file
    with reading(path) as connection:
        assert check_soundness(connection) == []
        found = {}
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall():
            left_out = ", ".join(f'"{column}"' for column in CLOCK.get(table, ()))
            columns = f"* EXCLUDE ({left_out})" if left_out else "*"
            found[table] = connection.execute(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()
        return found


def state_query(folder: Path, query: str) -> list[tuple[object, ...]]:
    """One query of a folder's warehouse."""
    with reading(folder / "jianwei.duckdb") as connection:
        return connection.execute(query).fetchall()


def differences(one: State, other: State) -> list[str]:
    """The tables in which two states differ."""
    return [table for table in sorted({*one, *other}) if one.get(table) != other.get(table)]


def _copy(city: City, trial: Trial, name: str) -> Path:
    folder = city.here / name
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(city.here / trial.base, folder)
    return folder


def _files_are_whole(killed: Killed) -> None:
    """Every file is there with all of its rows or not at all, and all that were acknowledged in print are."""
    taken = {row[0]: str(row[1]) for row in killed.after.get("files", [])}
    printed = {line.partition("（")[0] for line in killed.printed.splitlines() if " 行，新增 " in line}
    assert printed <= set(taken.values()), f"acknowledged and lost: {printed - set(taken.values())}"
    for table, place in (("reports", 3), ("updates", 4), ("quarantine", 1)):
        rows = [row for row in killed.end[table] if row[place] in taken]
        assert killed.after.get(table, []) == rows, table


def _days_are_whole(killed: Killed) -> None:
    """Every day is there with all of its rows or not at all, and all that were acknowledged in print are."""
    days = {row[0] for row in killed.after["runs"]}
    printed = {line[:10] for line in killed.printed.splitlines()[:-1] if line.startswith("20")}
    assert printed <= {str(day) for day in days}, f"acknowledged and lost: {printed}"
    for table, place in (("report_days", 1), ("evidence", 1), ("trends", 1), ("day_totals", 0), ("alerts", 0)):
        rows = [row for row in killed.end[table] if row[place] in days]
        assert killed.after[table] == rows, table


def _all_or_nothing(killed: Killed) -> None:
    """The tables are as before, or as they will be; only that the file is still to be written afresh may be noted."""
    now = killed.after | {"meta": [row for row in killed.after["meta"] if row[0] != "compacting_due"]}
    assert differences(now, killed.before) == [] or differences(now, killed.end) == []


def _copy_is_whole(killed: Killed) -> None:
    """The copy that is kept before a migration holds all rows, or is not there."""
    _all_or_nothing(killed)
    copy = killed.folder / "jianwei.duckdb.v7"
    if copy.exists():
        with duckdb.connect(str(copy), read_only=True) as connection:
            assert connection.execute("SELECT count(*) FROM reports").fetchone() == (len(killed.end["reports"]),)


def _backups_are_whole(killed: Killed) -> None:
    """A backup that has its name is whole."""
    _all_or_nothing(killed)
    for made in (killed.folder / "backups").glob("backup-*"):
        verify_backup(made)


def serve(read: Iterator[str]) -> None:
    """Fork a process for each command asked for; answer with its number, and later with its exit code."""
    import pipelines.backup, pipelines.digest, pipelines.erase, pipelines.ingest, pipelines.migrate  # noqa: E401, I001
    import pipelines.cli, pipelines.purge, pipelines.redact, pipelines.run, pipelines.simulate  # noqa: E401

    process = 0
    for line in read:
        asked = json.loads(line)
        if "arguments" in asked:
            process = os.fork()
            if process == 0:
                _become(asked["arguments"], pipelines.cli.main)
            print(process, flush=True)
        else:
            print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)


def _become(arguments: Sequence[str], main: Callable[[], None]) -> None:
    """Be the command: print to a file, leave with its exit code."""
    target = os.open(PRINTED, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(target, 1)
    os.dup2(target, 2)
    sys.argv = ["jianwei", *arguments]
    code = 1
    try:
        main()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(iter(sys.stdin.readline, ""))
