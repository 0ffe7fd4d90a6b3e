"""Backups: a whole, consistent copy of the working folder with a manifest, verified before it is given its name.

The key of the complainants' hashes is no working file and never in a backup.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from signals import __version__
from signals.audit import audit_files, audit_held
from signals.clock import LOCAL
from signals.disk import sync
from signals.errors import StateError
from signals.keeping.sweeping import sweep
from signals.keeping.tombstones import TOMBSTONES, tombstones_path
from signals.settings import Settings
from signals.store.compacting import copy_attached
from signals.store.migrations import SCHEMA_VERSION
from signals.store.rows import first_row
from signals.store.warehouse import held, opened, version_of

MANIFEST = "manifest.json"
WAREHOUSE = "jianwei.duckdb"
ACCOUNTS = "accounts.json"
COUNTED = ("files", "reports", "voices", "updates", "issues", "links", "alerts", "runs", "quarantine", "erased")


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup."""

    sha256: str
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    made_at: datetime
    program: str
    schema_version: int
    last_run_on: date | None
    oldest_text_on: date | None  # when the oldest report that still has its text was received
    counts: dict[str, int]
    files: dict[str, Kept]  # by path inside the backup


def make_backup(settings: Settings, to: Path, *, at: datetime) -> Path:
    """Write a backup into the folder `to` and verify it; returns its folder.

    The warehouse is held for reading while it is copied: others may look, nobody writes. Raises StateError where
    anything cannot be read back: then there is no backup of that name.
    """
    version_of(settings.warehouse_path, wait_seconds=settings.wait_seconds)
    to.mkdir(parents=True, exist_ok=True)
    target = free(to / f"backup-{at.astimezone(LOCAL):%Y%m%dT%H%M%S}")
    sweep(settings.folder)
    temporary = to / f".{target.name}-{os.getpid()}"
    temporary.mkdir(mode=0o750)
    try:
        _copy_all(settings, temporary)
        _write_manifest(temporary, _describe(temporary, at))
        verify_backup(temporary)
        os.rename(temporary, target)
    except BaseException:
        shutil.rmtree(temporary)
        raise
    sync(to)
    return target


def free(path: Path) -> Path:
    """The path, or where it is taken the first of path-2, path-3, … that is not: two may be made within a second."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}-{number}")
    return found


def verify_backup(folder: Path) -> Manifest:
    """Read every file of a backup again. Raises StateError naming the first that is missing, strange or changed."""
    manifest = read_manifest(folder)
    here = {str(path.relative_to(folder)) for path in _files(folder)} - {MANIFEST}
    for name in sorted(here ^ set(manifest.files)):
        what = "多出" if name in here else "缺少"
        raise StateError(f"{folder / name}: 备份与清单不符，{what}这个文件。请换一个备份。")
    for name, kept in manifest.files.items():
        if _hash(folder / name) != kept.sha256:
            raise StateError(f"{folder / name}: 备份里的文件被改动或损坏（哈希不符）。请换一个备份。")
    if manifest.schema_version > SCHEMA_VERSION:
        raise StateError(
            f"{folder}: 备份的结构版本是 {manifest.schema_version}，本程序只认识到 {SCHEMA_VERSION}。"
            "请升级见微后再恢复。"
        )
    with held(folder / WAREHOUSE) as (connection, name):
        if _counts(connection, name, manifest.counts) != manifest.counts:
            raise StateError(f"{folder / WAREHOUSE}: 备份里的行数与清单不符。请换一个备份。")
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup. Raises StateError where there is none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))
        return Manifest(
            datetime.fromisoformat(found["made_at"]), found["program"], found["schema_version"],
            _day(found["last_run_on"]), _day(found["oldest_text_on"]), found["counts"],
            {name: Kept(**kept) for name, kept in found["files"].items()},
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StateError(f"{folder}: 不是见微的备份，清单读不出来。请检查路径。") from error


def backup_folders(settings: Settings) -> list[Path]:
    """The backups under the working folder, the oldest first, whole or not."""
    return sorted(settings.backups_folder.glob("backup-*"))


def is_readable(folder: Path) -> bool:
    """Whether the manifest of a backup can be read."""
    try:
        read_manifest(folder)
    except StateError:
        return False
    return True


def holding_backups(settings: Settings) -> list[str]:
    """Names of backups, and of what was set aside by a restore, that may hold what has just been erased."""
    return [path.name for path in [*backup_folders(settings), *sorted(settings.folder.glob("before-restore-*"))]]


def backups_with_text_before(settings: Settings, day: date) -> list[Path]:
    """Backups, and what restores set aside, with the text of a report received before a day."""
    made = [(path, read_manifest(path)) for path in backup_folders(settings) if is_readable(path)]
    old = [path for path, of in made if of.oldest_text_on and of.oldest_text_on < day]
    return old + sorted(settings.folder.glob("before-restore-*"))


def remove_backup(path: Path) -> None:
    """Delete a backup: its manifest first, so that what a crash leaves is no backup any more."""
    (path / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(path)


def _copy_all(settings: Settings, to: Path) -> None:
    with opened(settings.warehouse_path, wait_seconds=settings.wait_seconds):
        pass  # brings it up, and what a crash left in the log into the file
    with held(settings.warehouse_path, wait_seconds=settings.wait_seconds) as (connection, name):
        copy_attached(connection, name, to / WAREHOUSE)
        found = connection.execute(f"SELECT kind, path FROM {name}.models WHERE path <> ''").fetchall()
    for _, path in found:
        if (settings.models_folder / path).is_dir():
            shutil.copytree(settings.models_folder / path, to / "models" / path)
    if settings.digests_folder.is_dir():
        shutil.copytree(settings.digests_folder, to / "digests", ignore=shutil.ignore_patterns(".*"))
    with audit_held(settings.audit_folder):
        for path in audit_files(settings.audit_folder):
            (to / "audit").mkdir(exist_ok=True)
            shutil.copy2(path, to / "audit" / path.name)
    if settings.accounts_path.is_file():
        shutil.copy2(settings.accounts_path, to / ACCOUNTS)  # replaced whole when it changes: never half of it
    if tombstones_path(settings.folder).is_file():
        shutil.copy2(tombstones_path(settings.folder), to / TOMBSTONES)


def _describe(folder: Path, at: datetime) -> Manifest:
    files = {str(path.relative_to(folder)): Kept(_hash(path), path.stat().st_size) for path in _files(folder)}
    with held(folder / WAREHOUSE) as (connection, name):
        row = first_row(connection.execute(
            f"SELECT (SELECT value::INTEGER FROM {name}.meta WHERE key = 'schema_version'),"
            f" (SELECT max(day) FROM {name}.runs), (SELECT (min(received_at) AT TIME ZONE 'Asia/Shanghai')::DATE"
            f" FROM {name}.reports WHERE title <> '' OR body <> '')"
        ))
        counts = _counts(connection, name, COUNTED)
    version, last, oldest = row or (0, None, None)
    return Manifest(at, __version__, version, last, oldest, counts, files)


def _counts(connection: duckdb.DuckDBPyConnection, name: str, tables: Iterable[str]) -> dict[str, int]:
    found = {}
    for table in tables:
        row = first_row(connection.execute(f"SELECT count(*) FROM {name}.{table}"))
        found[table] = int(row[0]) if row else 0
    return found


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    for path in _files(folder):
        sync(path)
    values = asdict(manifest) | {"made_at": manifest.made_at.astimezone(LOCAL).isoformat()}
    text = json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    (folder / MANIFEST).write_text(text + "\n", "utf-8")
    sync(folder / MANIFEST)
    for inside in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        sync(inside)


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
