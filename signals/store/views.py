"""Copies of the warehouse for those who only look: nobody who reads waits for one who writes, nor the other way.

A copy is made when somebody looks and the file has changed, while no one is writing, and copying takes no more than a
twentieth of the time; else the copy at hand is shown. It is named by the time and size of the file that it was.
"""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from signals.errors import StateError, WarehouseBusyError
from signals.store.migrations import SCHEMA_VERSION
from signals.store.rows import first_row
from signals.store.warehouse import check_exists, connect_to_view, held, reading

REST_SHARE = 20  # a copy that took a second is followed by no other for twenty
_lock = threading.Lock()
_kept: dict[Path, duckdb.DuckDBPyConnection] = {}  # one to the newest copy of each warehouse, so that it stays open
_rests_until: dict[Path, float] = {}


def newest_view(path: Path) -> Path | None:
    """The copy to look at now, made anew where that is due and possible; None where there can be none.

    Raises StateError where there is no warehouse.
    """
    check_exists(path)
    with _lock:
        return _chosen(path)


@contextmanager
def viewing(path: Path, *, wait_seconds: float = 30.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the newest copy, or to the warehouse itself where there can be none."""
    check_exists(path)
    view = _opened(path)
    if view is None:
        with reading(path, wait_seconds=wait_seconds) as connection:
            yield connection
        return
    try:
        yield view
    finally:
        view.close()


def renew_view(path: Path) -> None:
    """Let the next look be at a new copy, however new the last one is: somebody wants to see what they did."""
    with _lock:
        _rests_until.pop(path, None)


def forget_views(path: Path) -> None:
    """Remove all copies, because they hold what must be gone."""
    with _lock:
        for view, connection in list(_kept.items()):
            if view.parent == _folder(path):
                connection.close()
                del _kept[view]
        shutil.rmtree(_folder(path), ignore_errors=True)


def _chosen(path: Path) -> Path | None:
    wanted, present = _name(path), _newest(path)
    if present == wanted or (present and time.monotonic() < _rests_until.get(path, 0.0)):
        return present
    return _copy(path) or present


def _opened(path: Path) -> duckdb.DuckDBPyConnection | None:
    """A connection to the copy to look at, None where there can be none."""
    with _lock:
        while view := _chosen(path):
            try:
                connection = connect_to_view(view)  # to the database that the one kept open holds, where it is the same
                if view not in _kept:
                    for other in [each for each in _kept if each.parent == view.parent]:
                        _kept.pop(other).close()
                    _kept[view] = connect_to_view(view)
            except StateError:
                if view.is_file():
                    raise
                continue  # another program has put a newer copy in its place
            return connection
    return None


def _copy(path: Path) -> Path | None:
    """Copy the warehouse while nobody can write it; None where somebody does, or it must be migrated first.

    No other connection of this process is open meanwhile (`held`), so that closing the copied file lets go of no lock.
    """
    clock = time.monotonic()
    try:
        with held(path, wait_seconds=0.0) as (connection, name):
            row = first_row(connection.execute(f"SELECT value FROM {name}.meta WHERE key = 'schema_version'"))
            if row != (str(SCHEMA_VERSION),) or path.with_name(path.name + ".wal").exists():
                return None
            view = _name(path)
            half = view.with_suffix(f".{os.getpid()}.part")
            view.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, half)
            half.replace(view)
    except (OSError, StateError, WarehouseBusyError):  # being written, no room, or not ours to write: then take turns
        return None
    now = time.monotonic()
    _rests_until[path] = now + REST_SHARE * (now - clock)
    for old in view.parent.iterdir():
        if old != view and (old.suffix == ".duckdb" or _is_left_over(old)):
            with suppress(OSError):
                old.unlink()
    return view


def _is_left_over(half: Path) -> bool:
    """Whether a half copy belongs to a process that is no more, as far as its age tells."""
    with suppress(OSError):
        return half.suffix == ".part" and time.time() - half.stat().st_mtime > 600
    return False


def _newest(path: Path) -> Path | None:
    views = list(_folder(path).glob("*-*.duckdb")) if _folder(path).is_dir() else []
    return max(views, key=lambda view: int(view.stem.split("-")[0]), default=None)


def _name(path: Path) -> Path:
    about = path.stat()
    return _folder(path) / f"{about.st_mtime_ns}-{about.st_size}.duckdb"


def _folder(path: Path) -> Path:
    return path.parent / "views" / path.stem
