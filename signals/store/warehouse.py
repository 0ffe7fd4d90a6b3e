"""Opening the warehouse: short connections, bounded waiting, a schema version that is checked every time.

DuckDB lets one process write while nobody else has the file open, so nobody keeps a connection: compute
outside, then `with writing(...)` for one short transaction, or `with reading(...)` for a look. A file that nobody else
may open, as a replay's own, is `kept_open`: opening and closing it takes longer than the work of a small day.
"""

import os
import random
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import duckdb

from signals.errors import StateError, WarehouseBusyError
from signals.store.compacting import copy_database, quoted
from signals.store.migrations import SCHEMA_VERSION, migrate
from signals.store.rows import first_row

WORN = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException,
        duckdb.OutOfMemoryException)  # of a disk or a file, never of a statement of ours
LOCKED = "could not set lock on file"  # a path may have "lock" in it too
_kept: dict[Path, duckdb.DuckDBPyConnection] = {}  # the connections that are kept open, by absolute path
_in_process = threading.RLock()  # one process cannot hold read-only and read-write connections to one file


def create(path: Path, *, wait_seconds: float = 30.0) -> None:
    """Make an empty warehouse where there is none; an existing one is left as it is, or brought up.

    Raises StateError where the folder or the disk does not allow it, or the file is no warehouse.
    """
    with opened(path, wait_seconds=wait_seconds):
        pass


@contextmanager
def opened(path: Path, *, wait_seconds: float = 30.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may write, outside any transaction; closed when the block ends, unless it is kept open.

    Raises StateError for what the disk or the file does not allow: then nothing of the transaction is kept.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _in_process, _explained(path):
        if kept := _kept.get(path.absolute()):
            yield kept
            return
        connection = _connect(path, read_only=False, wait_seconds=wait_seconds)
        try:
            shutil.rmtree(spilled(path), ignore_errors=True)  # by a process that was killed: we are alone with the file
            _prepare(connection, path)
            yield connection
        finally:
            connection.close()


@contextmanager
def kept_open(path: Path, *, wait_seconds: float = 30.0) -> Iterator[None]:
    """Keep one connection to a file that is nobody else's: what is read and written in the block goes through it.

    Until the block ends other programs wait for this file, and other threads of this process for any. In the block
    `reading` is not read-only, `writing` is not to be nested, and what the disk refuses ends the block.
    """
    with opened(path, wait_seconds=wait_seconds) as connection:
        if path.absolute() in _kept:
            yield
            return
        _kept[path.absolute()] = connection
        try:
            yield
        finally:
            del _kept[path.absolute()]


@contextmanager
def reading(path: Path, *, wait_seconds: float = 30.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection for a short look. Raises StateError where no warehouse is, or it is newer."""
    check_exists(path)
    with _in_process, _explained(path):
        if kept := _kept.get(path.absolute()):
            yield kept
            return
        connection = _connect(path, read_only=True, wait_seconds=wait_seconds)
        try:
            if _check_version(connection, path) < SCHEMA_VERSION:
                connection.close()
                create(path, wait_seconds=wait_seconds)
                connection = _connect(path, read_only=True, wait_seconds=wait_seconds)
            yield connection
        finally:
            connection.close()


@contextmanager
def changing(path: Path, *, wait_seconds: float = 30.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """`writing` to what is there already. Raises StateError where no warehouse is, and makes none."""
    check_exists(path)
    with writing(path, wait_seconds=wait_seconds) as connection:
        yield connection


@contextmanager
def writing(path: Path, *, wait_seconds: float = 30.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """One transaction: committed when the block ends, rolled back when it raises."""
    with opened(path, wait_seconds=wait_seconds) as connection:
        connection.begin()
        try:
            yield connection
        except WORN:  # the database has given up on itself; closing it leaves the last commit
            raise
        except BaseException:
            connection.rollback()
            raise
        connection.commit()


@contextmanager
def held(path: Path, *, wait_seconds: float = 30.0) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """Hold a warehouse so that nobody writes, in a database of its own to which others can be attached; and its name.

    The file may be copied from, or replaced by another, while it is held.
    """
    with _in_process, _explained(path):
        connection = _connect(path, read_only=True, wait_seconds=wait_seconds, name="held")
        try:
            yield connection, "held"
        finally:
            connection.close()


def connect_to_view(view: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a copy that nobody writes, for the caller to close."""
    with _explained(view):
        return _connect(view, read_only=True, wait_seconds=0.0)


def version_of(path: Path, *, wait_seconds: float = 30.0) -> int:
    """The schema version of a file, as it lies there. Raises StateError where it is no warehouse, or newer."""
    check_exists(path)
    with _in_process, _explained(path):
        connection = _connect(path, read_only=True, wait_seconds=wait_seconds)
        try:
            return _check_version(connection, path)
        finally:
            connection.close()


def spilled(path: Path) -> Path:
    """Where DuckDB puts what is too much for memory, hashes and texts among it, until its process ends well."""
    return path.with_name(f"{path.name}.tmp")


def kept_copy(path: Path, version: int) -> Path:
    """Where the file as it was before its migration from `version` is kept."""
    return path.with_name(f"{path.name}.v{version}")


def _prepare(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Tables where there are none, and those of an earlier version brought up, a copy of which is kept."""
    tables = first_row(connection.execute("SELECT count(*) FROM information_schema.tables"))
    if tables == (0,):
        connection.begin()
        connection.execute(files("signals.store").joinpath("schema.sql").read_text("utf-8"))
        connection.execute("INSERT INTO meta VALUES ('schema_version', ?)", [str(SCHEMA_VERSION)])
        connection.commit()
    version = _check_version(connection, path)
    if version < SCHEMA_VERSION:
        copy_database(connection, kept_copy(path, version))
        migrate(connection, version)


def check_exists(path: Path) -> None:
    """Raise StateError where there is no warehouse."""
    if path.is_dir():
        raise StateError(f"{path}: 是文件夹，不是数据仓库文件。请检查 --warehouse 的路径。")
    if not path.is_file():
        raise StateError(f"{path}: 还没有数据仓库。请先运行 jianwei ingest。")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Say in one sentence what a disk or a damaged file did to us."""
    try:
        yield
    except duckdb.Error as error:
        if not isinstance(error, WORN) and not _is_of_the_disk(error):
            raise  # a fault of ours
        raise StateError(worn_sentence(path, error)) from error


def _is_of_the_disk(error: BaseException) -> bool:
    """Whether a statement failed for the disk or the file, not for what it says."""
    words = ("IO Error", "Could not write", "Could not sync", "No space left", "Corrupt database file")
    return any(word in str(error) for word in words)


def worn_sentence(path: Path, error: BaseException) -> str:
    """What is wrong with a disk or a file, and what to do."""
    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    low = said.lower()
    if any(word in low for word in ("no space left", "file too large", "disk quota", "out of memory")):
        return f"{path}: 磁盘或内存不够，这次没有写入，原有数据不变（{said}）。请腾出空间后重试。"
    if any(word in low for word in ("permission denied", "read-only file system", "operation not permitted")):
        return f"{path}: 数据仓库打不开，没有权限（{said}）。请检查文件夹的权限。"
    advice = "请不要改动它，先运行 jianwei doctor；确已损坏时用 jianwei restore 恢复备份"
    return f"{path}: 数据仓库打不开或已损坏（{said}）。{advice}。"


def _connect(
    path: Path, *, read_only: bool, wait_seconds: float, name: str | None = None
) -> duckdb.DuckDBPyConnection:
    """Open the file, or attach it under a name to an empty database in memory.

    Raises WarehouseBusyError where another program keeps the file longer than we wait.
    """
    deadline = time.monotonic() + wait_seconds
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    while True:
        before = _identity(path)
        try:
            if name is None:
                connection = duckdb.connect(path, read_only=read_only, config=config)
            else:
                connection = duckdb.connect(":memory:", config=config)
                connection.execute(f"ATTACH {quoted(path)} AS {name} (READ_ONLY)")
        except duckdb.IOException as error:
            if LOCKED not in str(error).lower():
                raise
            if time.monotonic() > deadline:
                raise WarehouseBusyError(
                    f"{path}: 数据仓库被另一个程序占用超过 {wait_seconds:.0f} 秒。请稍后再试。"
                ) from error
            time.sleep(random.uniform(0.005, 0.05))
        else:
            if before is not None and before != _identity(path):  # replaced while it was opened: that one is gone
                connection.close()
                continue
            connection.execute("SET TimeZone = 'Asia/Shanghai'")
            connection.execute("SET enable_progress_bar = false")  # it would run through what commands print
            return connection


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _check_version(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    try:
        row = first_row(connection.execute("SELECT value FROM meta WHERE key = 'schema_version'"))
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise StateError(f"{path}: 这个 DuckDB 文件不是见微的数据仓库。请检查 --warehouse 的路径。") from error
    if row is None or not str(row[0]).isdigit():
        raise StateError(f"{path}: 数据仓库里没有结构版本。请检查 --warehouse 的路径。")
    version = int(row[0])
    if version > SCHEMA_VERSION:
        raise StateError(
            f"{path}: 数据仓库的结构版本是 {version}，本程序只认识到 {SCHEMA_VERSION}。请升级见微后再打开。"
        )
    return version
