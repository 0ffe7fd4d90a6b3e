"""How a file comes to lie on disk whole: its bytes, then its name, each waited for."""

import os
from pathlib import Path


def put_in_place(temporary: Path, target: Path) -> None:
    """Give a whole, closed file its name, on disk before this returns."""
    sync(temporary)
    os.replace(temporary, target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
