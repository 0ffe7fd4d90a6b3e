"""What commands that were killed have left behind: folders that end in the number of a process that is no more."""

import shutil
from pathlib import Path

from signals.staging import left_by_the_dead

LEFT_BEHIND = ("staging/*-*", ".verify-*", ".restoring-*", "backups/.backup-*")


def left_behind(folder: Path) -> list[Path]:
    """Half-made folders whose process is gone."""
    return left_by_the_dead(folder, *LEFT_BEHIND)


def sweep(folder: Path) -> None:
    """Remove them: they hold text of reports."""
    for path in left_behind(folder):
        shutil.rmtree(path)
