"""Copies for readers: never kept waiting by a writer, never older than they have to be, gone when text has to go."""

import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from signals.errors import StateError
from signals.keeping.compaction import compact
from signals.store import views
from signals.store.views import forget_views, newest_view, renew_view, viewing
from signals.store.warehouse import create, writing


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(views, "REST_SHARE", 0)
    path = tmp_path / "w.duckdb"
    create(path)
    note(path, "first")
    return path


def note(path: Path, value: str) -> None:
    with writing(path) as connection:
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('note', ?)", [value])


def seen(path: Path) -> str:
    with viewing(path) as connection:
        row = connection.execute("SELECT value FROM meta WHERE key = 'note'").fetchone()
    assert row is not None
    return str(row[0])


def held_by_another_process(path: Path, held: threading.Event, done: threading.Event) -> None:
    """A writer of another process, whose lock ours cannot pass."""
    code = ("import sys, duckdb\nc = duckdb.connect(sys.argv[1]); c.begin()\n"
            "c.execute(\"INSERT OR REPLACE INTO meta VALUES ('note', 'second')\")\nprint('held', flush=True)\n"
            "sys.stdin.read(); c.commit()\n")  # fmt: skip
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        held.set()
        done.wait(20)
        other.communicate()


def test_a_reader_sees_the_last_commit_while_another_program_writes_and_the_next_one_after_it(path: Path) -> None:
    assert seen(path) == "first"
    held, done = threading.Event(), threading.Event()
    writer = threading.Thread(target=held_by_another_process, args=(path, held, done))
    writer.start()
    assert held.wait(20)
    assert [seen(path) for _ in range(3)] == ["first"] * 3
    done.set()
    writer.join()
    assert seen(path) == "second"
    assert len(list((path.parent / "views" / "w").iterdir())) == 1


def test_copies_are_not_made_more_often_than_they_may(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "REST_SHARE", 1e6)
    assert seen(path) == "first"
    note(path, "second")
    assert seen(path) == "first"
    monkeypatch.setattr(views, "_rests_until", {})
    assert seen(path) == "second"


def test_where_no_copy_can_be_made_the_file_itself_is_read(path: Path) -> None:
    (path.parent / "views").write_text("in the way")
    assert newest_view(path) is None
    assert seen(path) == "first"
    note(path, "second")
    assert seen(path) == "second"


def test_many_threads_may_look_while_the_copy_changes(path: Path) -> None:
    found: list[str] = []
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            found.append(seen(path))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for number in range(12):
        note(path, f"note {number}")
    over.set()
    for thread in threads:
        thread.join()
    assert len(found) > 8
    assert seen(path) == "note 11"


def test_copies_go_when_the_file_is_written_afresh(path: Path) -> None:
    assert seen(path) == "first"
    note(path, "second")
    compact(path)
    assert not (path.parent / "views" / "w").exists()
    assert seen(path) == "second"
    forget_views(path)
    assert not (path.parent / "views" / "w").exists()


def test_two_warehouses_of_one_folder_have_copies_of_their_own(path: Path) -> None:
    other = path.with_name("w-2024.duckdb")
    create(other)
    note(other, "other")
    assert (seen(path), seen(other), seen(path)) == ("first", "other", "first")
    forget_views(other)
    assert seen(path) == "first"


def test_a_copy_cannot_be_written(path: Path) -> None:
    with viewing(path) as connection, pytest.raises(duckdb.InvalidInputException):
        connection.execute("DELETE FROM meta")


def test_without_a_warehouse_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="jianwei ingest"), viewing(tmp_path / "none.duckdb"):
        pass


def test_whoever_has_just_written_sees_it_though_the_last_copy_is_new(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "REST_SHARE", 1_000_000)
    note(path, "second")
    assert seen(path) == "second"
    note(path, "third")
    assert seen(path) == "second"
    renew_view(path)
    assert seen(path) == "third"
