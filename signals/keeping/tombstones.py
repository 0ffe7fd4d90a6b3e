"""Tombstones: what was erased, in an append-only file beside the warehouse, so that no restored backup brings it back.

A line is on disk before the warehouse changes. It names reports by their key, never by what they said.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from signals.clock import LOCAL
from signals.disk import sync

TOMBSTONES = "erased.jsonl"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One report that was erased, or (report_key "") all received before a day that was purged."""

    at: datetime
    by: str
    reason: str  # redacted
    report_key: str = ""
    before: date | None = None


def tombstones_path(folder: Path) -> Path:
    """Where the tombstones of a working folder are."""
    return folder / TOMBSTONES


def append_tombstones(path: Path, stones: Sequence[Tombstone]) -> None:
    """Add those that are not there yet, and wait until they are on disk."""
    known = {(stone.report_key, stone.before) for stone in read_tombstones(path)}
    fresh = [stone for stone in stones if (stone.report_key, stone.before) not in known]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        torn = file.tell() > 0 and not _ends_with_newline(path)  # a line cut off by a crash stays, on its own
        file.write(b"\n" * torn + b"".join(_line(stone) for stone in fresh))
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)


def read_tombstones(path: Path) -> list[Tombstone]:
    """All tombstones in their order; none where there is no file. A line cut off by a crash is passed over."""
    if not path.is_file():
        return []
    found = (_parse(line) for line in path.read_bytes().splitlines())
    return [stone for stone in found if stone is not None]


def united(*of: Iterable[Tombstone]) -> list[Tombstone]:
    """The tombstones of several folders, each once, the earliest first."""
    by_what = {(stone.report_key, stone.before): stone for stones in reversed(of) for stone in stones}
    return sorted(by_what.values(), key=lambda stone: (stone.at, stone.report_key))


def _line(stone: Tombstone) -> bytes:
    values = asdict(stone) | {"at": stone.at.astimezone(LOCAL).isoformat()}
    values["before"] = stone.before.isoformat() if stone.before else None
    return json.dumps(values, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _parse(line: bytes) -> Tombstone | None:
    try:
        values = json.loads(line)
    except ValueError:
        return None
    before = values["before"]
    return Tombstone(datetime.fromisoformat(values["at"]), values["by"], values["reason"], values["report_key"],
                     date.fromisoformat(before) if before else None)  # fmt: skip


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
