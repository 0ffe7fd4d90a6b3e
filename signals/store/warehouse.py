"""Opening the warehouse: short connections, bounded waiting, a schema version that is checked every time.

DuckDB lets one process write while nobody else has the file open, so nobody keeps a connection: compute
outside, then `with writing(...)` for one short transaction, or `with reading(...)` for a look.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import duckdb

from signals.errors import StateError, WarehouseBusyError
from signals.store.migrations import SCHEMA_VERSION, migrate

_in_process = threading.RLock()  # one process cannot hold read-only and read-write connections to one file


def create(path: Path, *, wait_seconds: float = 30.0) -> None:
    """Make an empty warehouse where there is none; an existing one is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _in_process:
        connection = _connect(path, read_only=False, wait_seconds=wait_seconds)
        try:
            _prepare(connection, path)
        finally:
            connection.close()


def _prepare(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Tables where there are none, and those of an earlier version brought up."""
    tables = connection.execute("SELECT count(*) FROM information_schema.tables").fetchone()
    if tables == (0,):
        connection.begin()
        connection.execute(files("signals.store").joinpath("schema.sql").read_text("utf-8"))
        connection.execute("INSERT INTO meta VALUES ('schema_version', ?)", [str(SCHEMA_VERSION)])
        connection.commit()
    version = _check_version(connection, path)
    if version < SCHEMA_VERSION:
        migrate(connection, version)


@contextmanager
def reading(path: Path, *, wait_seconds: float = 30.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection for a short look. Raises StateError where no warehouse is, or it is newer."""
    _check_exists(path)
    with _in_process:
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
    _check_exists(path)
    with writing(path, wait_seconds=wait_seconds) as connection:
        yield connection


@contextmanager
def writing(path: Path, *, wait_seconds: float = 30.0) -> Iterator[duckdb.DuckDBPyConnection]:
    """One transaction: committed when the block ends, rolled back when it raises."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _in_process:
        connection = _connect(path, read_only=False, wait_seconds=wait_seconds)
        is_begun = False
        try:
            _prepare(connection, path)
            connection.begin()
            is_begun = True
            yield connection
            connection.commit()
        except BaseException:
            if is_begun:
                connection.rollback()
            raise
        finally:
            connection.close()


def _check_exists(path: Path) -> None:
    if not path.is_file():
        raise StateError(f"{path}: 还没有数据仓库。请先运行 jianwei ingest。")


def _connect(path: Path, *, read_only: bool, wait_seconds: float) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + wait_seconds
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    while True:
        try:
            connection = duckdb.connect(path, read_only=read_only, config=config)
        except duckdb.IOException as error:
            if "could not set lock on file" not in str(error).lower():  # a path may have "lock" in it too
                raise StateError(f"{path}: 数据仓库打不开（{str(error).splitlines()[0]}）。") from error
            if time.monotonic() > deadline:
                raise WarehouseBusyError(
                    f"{path}: 数据仓库被另一个程序占用超过 {wait_seconds:.0f} 秒。请稍后再试。"
                ) from error
            time.sleep(random.uniform(0.005, 0.05))
        else:
            connection.execute("SET TimeZone = 'Asia/Shanghai'")
            return connection


def _check_version(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise StateError(f"{path}: 这个 DuckDB 文件不是见微的数据仓库。请检查 --warehouse 的路径。") from error
    version = int(row[0]) if row else 0
    if version > SCHEMA_VERSION:
        raise StateError(
            f"{path}: 数据仓库的结构版本是 {version}，本程序只认识到 {SCHEMA_VERSION}。请升级见微后再打开。"
        )
    return version
