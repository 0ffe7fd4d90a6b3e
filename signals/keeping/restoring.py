"""Restoring a backup: verified first, nothing of the present deleted, no audit line lost, nothing erased brought back.

The restored state is made ready in a folder of its own and then takes its place by renames; killed at any moment the
old or the new warehouse is there, and what was there before lies in `before-restore-…`.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from signals.accounts import Role, bring_back
from signals.audit import AuditEntry, append_audit, goes_on
from signals.clock import LOCAL
from signals.disk import put_in_place, sync
from signals.errors import StateError, WarehouseBusyError
from signals.keeping.backups import ACCOUNTS, MANIFEST, WAREHOUSE, Manifest, free, verify_backup
from signals.keeping.erasing import apply_tombstones
from signals.keeping.sweeping import sweep
from signals.keeping.tombstones import TOMBSTONES, append_tombstones, read_tombstones, tombstones_path, united
from signals.settings import Settings
from signals.store.warehouse import held, opened

FOLDERS = ("models", "digests")


@dataclass(frozen=True, slots=True)
class Restored:
    """What restoring did."""

    manifest: Manifest
    aside: Path | None  # where what was there before lies
    n_erased_again: int
    is_audit_kept: bool  # the present audit went on after the backup's
    accounts: tuple[str, ...]  # that came back disabled, where there were none


def restore_backup(settings: Settings, backup: Path, *, replace: bool, by: str, at: datetime) -> Restored:
    """Bring a backup back into the working folder.

    replace: allow it where there is something already, which is set aside. Raises StateError, with nothing changed,
    where the backup is not whole, the folder is in use or not empty, or its audit and the backup's contradict.
    """
    manifest = verify_backup(backup)
    present = _present(settings)
    if present and not replace:
        raise StateError(
            f"{settings.folder}: 文件夹里已有数据（{present[0].name} 等），没有恢复。"
            "要替换请加 --replace，现有数据会移到一旁保留。"
        )
    keeps = _keeps_audit(settings, backup)
    ready = _make_ready(settings, backup, at)
    entry = AuditEntry(at, by, Role.OPERATOR, "restore", f"backup:{backup.name}", manifest.counts["reports"])
    n_again = apply_tombstones(ready, at=at)
    append_audit(settings.audit_folder if keeps else ready.audit_folder, entry)
    append_tombstones(tombstones_path(settings.folder), read_tombstones(tombstones_path(ready.folder)))
    aside = free(settings.folder / f"before-restore-{at.astimezone(LOCAL):%Y%m%dT%H%M%S}") if present else None
    with _nobody_writes(settings):
        _swap(settings, ready, aside, with_audit=not keeps)
    names = bring_back(settings.accounts_path, ready.folder / ACCOUNTS)
    shutil.rmtree(ready.folder)
    return Restored(manifest, aside, n_again, keeps, names)


def _present(settings: Settings) -> list[Path]:
    wal = settings.warehouse_path.with_name(f"{settings.warehouse_path.name}.wal")
    named = [settings.warehouse_path, wal, *(settings.folder / name for name in FOLDERS), settings.audit_folder]
    return [path for path in named if path.exists()]


def _keeps_audit(settings: Settings, backup: Path) -> bool:
    """Whether the present audit holds all of the backup's. Raises StateError where neither holds the other."""
    if goes_on(settings.audit_folder, backup / "audit"):
        return True
    if goes_on(backup / "audit", settings.audit_folder):
        return False
    raise StateError(
        f"{settings.audit_folder}: 现有审计与备份的审计不是同一条链，没有恢复。请先保全并核查现有审计，移走后再恢复。"
    )


def _make_ready(settings: Settings, backup: Path, at: datetime) -> Settings:
    """A copy of the backup beside the present state, with the tombstones of both; returns its settings."""
    sweep(settings.folder)
    folder = settings.folder / f".restoring-{os.getpid()}"
    shutil.copytree(backup, folder, ignore=shutil.ignore_patterns(MANIFEST))
    both = united(read_tombstones(tombstones_path(settings.folder)), read_tombstones(backup / TOMBSTONES))
    append_tombstones(tombstones_path(folder), both)
    return settings.model_copy(update={"folder": folder, "warehouse": folder / WAREHOUSE})


@contextmanager
def _nobody_writes(settings: Settings) -> Iterator[None]:
    """Keep others from the present warehouse, and its log empty; a damaged or missing one cannot be in use."""
    path = settings.warehouse_path
    try:
        if path.is_file():
            with opened(path, wait_seconds=settings.wait_seconds) as connection:
                connection.execute("CHECKPOINT")
        is_whole = path.is_file()
    except WarehouseBusyError:
        raise
    except StateError:
        is_whole = False
    if not is_whole:
        yield
        return
    with held(path, wait_seconds=settings.wait_seconds):
        yield


def _swap(settings: Settings, ready: Settings, aside: Path | None, *, with_audit: bool) -> None:
    moved = [*FOLDERS, *(["audit"] if with_audit else [])]
    path = settings.warehouse_path
    wal = path.with_name(f"{path.name}.wal")
    if aside is not None:
        aside.mkdir()
        for old in [wal, *(settings.folder / name for name in moved)]:
            if old.exists():
                os.rename(old, aside / old.name)
        _set_aside(path, aside / path.name)
        sync(aside)
    for name in moved:
        if (ready.folder / name).exists():
            os.rename(ready.folder / name, settings.folder / name)
    sync(settings.folder)
    coming = path.with_name(f".{path.name}.restoring")
    shutil.copy2(ready.warehouse_path, coming)
    put_in_place(coming, path)


def _set_aside(path: Path, to: Path) -> None:
    """Give a file a second name, so that its first one is never without a file; a folder is moved."""
    if not path.exists():
        return
    try:
        os.link(path, to)
    except OSError:  # another disk, a folder, or a file system without second names
        shutil.move(path, to)
