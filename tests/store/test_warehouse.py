"""The one file everything is in: versions, transactions, readers and writers."""

import subprocess
import sys
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


def test_a_transaction_that_fails_leaves_nothing(path: Path) -> None:
    def write_and_fail() -> None:
        with warehouse.writing(path) as connection:
            connection.execute("INSERT INTO voices VALUES ('hotline:1', 'x')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert count(path) == 0


def test_a_transaction_that_ends_well_stays(path: Path) -> None:
    with warehouse.writing(path) as connection:
        connection.execute("INSERT INTO voices VALUES ('hotline:1', 'x')")
    assert count(path) == 1


def test_a_reader_cannot_write(path: Path) -> None:
    with pytest.raises(duckdb.InvalidInputException), warehouse.reading(path) as connection:
        connection.execute("INSERT INTO voices VALUES ('hotline:1', 'x')")


def test_a_missing_warehouse_says_to_ingest(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="jianwei ingest"), warehouse.reading(tmp_path / "none.duckdb"):
        pass


def test_a_file_of_a_newer_version_is_refused(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta SET value = '999' WHERE key = 'schema_version'")
    with pytest.raises(StateError, match="999"), warehouse.reading(path):
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
