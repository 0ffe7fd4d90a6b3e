"""Writing the warehouse's file afresh, so that what was deleted is not left in any byte of it.

The new file takes the place of the old one while the old one is held open for reading: nobody can write to either.
Killed at any moment, one whole file is there; until the new one is, `compacting_due` stays noted in the old.
"""

import os
from pathlib import Path

from signals.store.compacting import copy_attached
from signals.store.migrations import SCHEMA_VERSION
from signals.store.views import forget_views
from signals.store.warehouse import held, kept_copy, opened


def compact(path: Path, *, wait_seconds: float = 30.0) -> None:
    """Rewrite the warehouse with its live rows only; remove copies kept before migrations, and those of readers."""
    while True:
        with opened(path, wait_seconds=wait_seconds) as connection:
            connection.execute("CHECKPOINT")
        with held(path, wait_seconds=wait_seconds) as (connection, name):
            if path.with_name(f"{path.name}.wal").exists():  # somebody wrote, and died, in between
                continue
            for left_over in _left_over(path):
                left_over.unlink(missing_ok=True)
            copy_attached(connection, name, path, then="DELETE FROM copying.meta WHERE key = 'compacting_due'")
        forget_views(path)
        return


def _left_over(path: Path) -> list[Path]:
    """What holds text of before: copies kept by migrations, and half-written files of commands that were killed."""
    kept = [kept_copy(path, version) for version in range(1, SCHEMA_VERSION)]
    hidden = [path.with_name(name) for name in os.listdir(path.parent) if name.startswith(f".{path.name}.")]
    return [each for each in (*kept, *hidden) if each.is_file()]
