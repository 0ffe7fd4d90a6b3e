"""The one file everything is in: versions, transactions, readers and writers."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from signals.errors import StateError, WarehouseBusyError
from signals.store import warehouse


@pytest.fixture
def path(tmp_path: Path) -> Path:
    warehouse.create(tmp_path / "w.duckdb")
    return tmp_path / "w.duckdb"


def count(path: Path) -> int:
    with warehouse.reading(path) as connection:
        row = connection.execute("SELECT count(*) FROM voices").fetchone()
    assert row is not None
    return int(row[0])


def counted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A list that grows by one with each connection from now on."""
    opened: list[object] = []
    connect = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda *given, **named: opened.append(given) or connect(*given, **named))
    return opened


def test_no_query_draws_a_bar_into_what_a_command_prints(path: Path) -> None:
    for way in (warehouse.opened, warehouse.reading, warehouse.writing):
        with way(path) as connection:
            assert connection.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]
    with warehouse.held(path) as (connection, _):
        assert connection.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]


def write_and_fail(path: Path) -> None:
    with warehouse.writing(path) as connection:
        connection.execute("INSERT INTO voices VALUES ('hotline:1', 'x')")
        raise ZeroDivisionError


def test_a_transaction_that_fails_leaves_nothing(path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail(path)
    assert count(path) == 0


def test_a_transaction_that_ends_well_stays(path: Path) -> None:
    with warehouse.writing(path) as connection:
        connection.execute("INSERT INTO voices VALUES ('hotline:1', 'x')")
    assert count(path) == 1


def test_a_reader_cannot_write(path: Path) -> None:
    with pytest.raises(duckdb.InvalidInputException), warehouse.reading(path) as connection:
        connection.execute("INSERT INTO voices VALUES ('hotline:1', 'x')")


def test_what_is_kept_open_is_opened_once_and_closed_at_the_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = counted(monkeypatch)
    with warehouse.kept_open(path):
        for name in ("x", "y"):
            with warehouse.writing(path) as connection:
                connection.execute("INSERT INTO voices VALUES (?, 'x')", [name])
        with pytest.raises(ZeroDivisionError):
            write_and_fail(path)
        assert count(path) == 2
        assert len(opened) == 1
    assert count(path) == 2
    assert len(opened) == 2


def test_what_is_kept_open_is_known_by_any_path_and_kept_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    opened = counted(monkeypatch)
    with warehouse.kept_open(path):
        with warehouse.kept_open(Path(path.name)), warehouse.writing(Path(path.name)) as connection:
            connection.execute("INSERT INTO voices VALUES ('x', 'x')")
        assert (count(path), count(Path(path.name))) == (1, 1)
        assert len(opened) == 1
    assert count(path) == 1


def test_what_was_kept_open_for_something_that_failed_is_closed(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), warehouse.kept_open(path):
        raise ZeroDivisionError
    with pytest.raises(duckdb.InvalidInputException), warehouse.reading(path) as connection:  # a reader of its own
        connection.execute("INSERT INTO voices VALUES ('hotline:1', 'x')")


def test_a_missing_warehouse_says_to_ingest(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="jianwei ingest"), warehouse.reading(tmp_path / "none.duckdb"):
        pass


def test_a_file_of_a_newer_version_is_refused(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta SET value = '999' WHERE key = 'schema_version'")
    for opening in (warehouse.reading, warehouse.writing):
        sentence = r"w\.duckdb: 数据仓库的结构版本是 999，本程序只认识到 \d+。请升级"
        with pytest.raises(StateError, match=sentence), opening(path):
            pass


def test_a_warehouse_in_use_by_another_process_is_waited_for_and_then_named(path: Path) -> None:
    code = f"import duckdb; c = duckdb.connect({str(path)!r}); print('open', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(WarehouseBusyError), warehouse.writing(path, wait_seconds=0.3):
            pass
        other.communicate(b"\n")
    with warehouse.writing(path, wait_seconds=5):
        pass


def test_creating_twice_keeps_what_is_there(path: Path) -> None:
    with warehouse.writing(path) as connection:
        connection.execute("INSERT INTO voices VALUES ('hotline:1', 'x')")
    warehouse.create(path)
    assert count(path) == 1


def test_a_file_of_another_program_is_named_and_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("CREATE TABLE theirs (x INTEGER)")
    before = other.read_bytes()
    for opening in (warehouse.reading, warehouse.writing):
        with pytest.raises(StateError, match="不是见微的数据仓库"), opening(other):
            pass
    assert other.read_bytes() == before


def test_a_damaged_file_is_not_taken_for_a_busy_one_whatever_its_folder_is_called(tmp_path: Path) -> None:
    (tmp_path / "blocks").mkdir()
    damaged = tmp_path / "blocks" / "w.duckdb"
    damaged.write_bytes(b"no database " * 1000)
    with pytest.raises(StateError, match="打不开"), warehouse.writing(damaged, wait_seconds=0.2):
        pass


WRITER = """
import sys
import threading
from pathlib import Path
from signals.store.warehouse import writing
for i in range(15):
    with writing(Path(sys.argv[1]), wait_seconds=30) as connection:
        connection.execute("INSERT INTO voices VALUES (?, 'x')", [f"{sys.argv[2]}:{i}"])
"""


def test_two_writers_wait_for_each_other_and_lose_nothing(path: Path) -> None:
    root = str(Path(__file__).parents[2])
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], cwd=root) for name in ("a", "b")]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    assert count(path) == 30


def test_a_look_waits_for_a_writer_of_the_same_process(path: Path) -> None:
    """One process cannot hold a read-only and a read-write connection to one file at once."""
    inside, seen = threading.Event(), []

    def look() -> None:
        inside.wait(5)
        seen.append(count(path))

    reader = threading.Thread(target=look)
    reader.start()
    with warehouse.writing(path) as connection:
        inside.set()
        connection.execute("INSERT INTO voices VALUES ('hotline:1', 'x')")
        reader.join(0.3)
        assert seen == []
    reader.join(10)
    assert seen == [1]


KILLED = """
import os, signal, sys
from pathlib import Path
from signals.store.warehouse import writing
with writing(Path(sys.argv[1])) as connection:
    connection.execute("INSERT INTO voices VALUES ('hotline:1', 'x')")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_writer_killed_before_its_commit_leaves_nothing_and_no_lock(path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=Path(__file__).parents[2], check=False)
    assert count(path) == 0
    with warehouse.writing(path, wait_seconds=1) as connection:
        connection.execute("INSERT INTO voices VALUES ('hotline:1', 'x')")
    assert count(path) == 1


SPILLING = """
import os, signal, sys, threading, time
from pathlib import Path
from signals.store.warehouse import spilled, writing
path = Path(sys.argv[1])
def watch():
    while not (spilled(path).is_dir() and any(file.stat().st_size for file in spilled(path).iterdir())):
        time.sleep(0.005)
    os.kill(os.getpid(), signal.SIGKILL)
threading.Thread(target=watch, daemon=True).start()
with writing(path) as connection:
    connection.execute("SET memory_limit = '40MB'")
    connection.execute("SELECT count(DISTINCT md5(CAST(i AS VARCHAR))) FROM range(20000000) numbers(i)").fetchall()
"""


def test_what_a_killed_writer_put_on_the_disk_for_want_of_memory_is_removed_by_the_next(path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", SPILLING, str(path)], cwd=Path(__file__).parents[2], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert any(warehouse.spilled(path).iterdir())
    with warehouse.writing(path):
        assert not warehouse.spilled(path).exists()


def test_instants_come_back_in_local_time(path: Path) -> None:
    with warehouse.reading(path) as connection:
        [day] = connection.execute("SELECT CAST(TIMESTAMPTZ '2025-03-01 16:30:00+00' AS DATE)::VARCHAR").fetchall()
    assert day == ("2025-03-02",)
