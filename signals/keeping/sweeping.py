"""What commands that were killed have left behind: folders that end in the number of a process that is no more."""

import os
import shutil
from pathlib import Path

LEFT_BEHIND = ("staging/*-*", ".verify-*", ".restoring-*", "backups/.backup-*")


def left_behind(folder: Path) -> list[Path]:
    """Half-made folders whose process is gone."""
    found = sorted(path for pattern in LEFT_BEHIND for path in folder.glob(pattern))
    return [path for path in found if not _is_alive(path.name.rpartition("-")[2])]


def sweep(folder: Path) -> None:
    """Remove them: they hold text of reports."""
    for path in left_behind(folder):
        shutil.rmtree(path)


def _is_alive(number: str) -> bool:
    if not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
