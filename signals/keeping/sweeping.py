"""What commands that were killed have left behind: folders that end in the number of a process that is no more."""

import shutil
from pathlib import Path

from signals.staging import is_alive

LEFT_BEHIND = ("staging/*-*", ".verify-*", ".restoring-*", "backups/.backup-*")


def left_behind(folder: Path) -> list[Path]:
    """Half-made folders whose process is gone."""
    found = sorted(path for pattern in LEFT_BEHIND for path in folder.glob(pattern))
    numbers = [path.name.rpartition("-")[2] for path in found]
    is_there = [number.isdigit() and is_alive(int(number)) for number in numbers]
    return [path for path, held in zip(found, is_there, strict=True) if not held]


def sweep(folder: Path) -> None:
    """Remove them: they hold text of reports."""
    for path in left_behind(folder):
        shutil.rmtree(path)
