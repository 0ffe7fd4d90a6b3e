"""The audit: who saw which report text, or changed what is kept; on disk before the text is shown or the change made.

Append-only JSON lines, one file a month, each line holding the SHA-256 of the line before it, so a changed or
missing line breaks the chain. It refuses to hold report text: a subject names what was opened.
"""

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from signals.clock import LOCAL
from signals.disk import sync
from signals.errors import StateError

_DAY = re.compile(rb'"at": "(\d{4}-\d\d-\d\d)T')  # as `append_audit` writes it, in local time
START = "0" * 64  # what the very first line holds as the hash of the line before it


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One look at report text, or one command that changed what is kept."""

    at: datetime
    account: str
    role: str
    action: str  # view_quotes | view_reports | view_watch | view_quarantine | ingest | run | correct | erase | …
    subject: str  # day:2025-03-01, issue:12, correction:7, report:hotline:H1, file:三月.csv, before:2023-11-01
    n: int  # how many texts, or reports that a correction names


def append_audit(folder: Path, entry: AuditEntry) -> str:
    """Write one line and wait until it is on disk; returns the line's hash, the new head of the chain.

    Several processes may write at once. Raises StateError where it cannot be written: then show no text.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            at = entry.at.astimezone(LOCAL)
            values = asdict(entry) | {"at": at.isoformat(), "previous": audit_head(folder)}
            line = json.dumps(values, ensure_ascii=False, sort_keys=True).encode()
            # After a clock was set back, lines still go to the newest file: the order of lines is the chain.
            _append(max([*_months(folder), folder / f"audit-{at:%Y-%m}.jsonl"]), line)
    except OSError as error:
        raise StateError(f"{folder}: 审计不可写（{error.strerror}）。请检查目录的权限和磁盘空间。") from error
    return _hash(line)


def audit_head(folder: Path) -> str:
    """The hash of the newest line, to be printed in the digest; 64 zeros where nothing was written."""
    lasts = (_last_line(month) for month in reversed(_months(folder)))
    return next((_hash(last) for last in lasts if last), START)


def audit_head_at(folder: Path, end: datetime) -> str:
    """The hash of the last line whose own instant is before `end`; 64 zeros where there is none.

    Last in the order of lines, not of the clock: after a clock was set back they stand in a later month's file.
    """
    for month in reversed(_months(folder)):
        for line in reversed(month.read_bytes().splitlines()):
            values = _parse(line)
            if values is not None and datetime.fromisoformat(str(values["at"])) < end:
                return _hash(line)
    return START


def audit_heads(folder: Path) -> frozenset[str]:
    """Every hash that was the head once, the 64 zeros of the empty audit too."""
    lines = (line for month in _months(folder) for line in month.read_bytes().splitlines())
    return frozenset({START, *map(_hash, lines)})


def audit_files(folder: Path) -> list[Path]:
    """The files of the audit, the oldest month first."""
    return _months(folder)


@contextmanager
def audit_held(folder: Path) -> Iterator[None]:
    """Nobody appends while this is held. Nothing to hold where there is no audit yet."""
    if not folder.is_dir():
        yield
        return
    with _locked(folder):
        yield


def goes_on(longer: Path, shorter: Path) -> bool:
    """Whether one audit folder holds all of another byte for byte, and perhaps goes on after it."""
    months = _months(shorter)
    own = {path.name: path.read_bytes() for path in _months(longer)}
    theirs = [(path.name, path.read_bytes()) for path in months]
    return all(own.get(name, b"") == content for name, content in theirs[:-1]) and all(
        own.get(name, b"").startswith(content) for name, content in theirs[-1:]
    ) and not any(name < theirs[-1][0] and name not in dict(theirs) for name in (own if theirs else ()))


def read_audit(folder: Path) -> Iterator[AuditEntry]:
    """All entries in order, checking the chain. Raises StateError naming the first line that does not fit.

    A line cut off by a crash is passed over: its text was never shown, and its bytes stay in the chain.
    """
    previous = START
    for month in _months(folder):
        for number, line in enumerate(month.read_bytes().splitlines(), start=1):
            values = _parse(line)
            if values is not None:
                yield _following(values, previous, f"{month}:{number}")
            previous = _hash(line)


def read_audit_days(folder: Path, first: date, last: date) -> Iterator[AuditEntry]:
    """The entries of some local days, both inclusive, in order; nothing else is parsed, and no earlier month is read.

    Each is checked against the line before it alone, and so is the first line after them. Raises StateError like
    `read_audit`. After a clock was set back lines of an earlier day stand in a later month: those months are looked
    through as well.
    """
    months = [month for month in _months(folder) if month.name >= f"audit-{first:%Y-%m}.jsonl"]
    earlier = [month for month in _months(folder) if month not in months]
    before = next((tail for month in reversed(earlier) if (tail := _last_line(month))), b"")
    is_closed = False  # whether the line after the days was checked
    for month in months:
        for number, line in enumerate(month.read_bytes().splitlines(), start=1):
            found = _DAY.search(line)
            day = found[1].decode() if found else ""
            is_asked, is_next = first.isoformat() <= day <= last.isoformat(), day > last.isoformat() and not is_closed
            if (is_asked or is_next) and (values := _parse(line)):
                entry = _following(values, _hash(before) if before else START, f"{month}:{number}")
                is_closed = is_next
                if is_asked:
                    yield entry
            before = line


def newest_audit_day(folder: Path) -> date | None:
    """The local day of the newest line; None where there is none."""
    lasts = (_parse(_last_line(month)) for month in reversed(_months(folder)))
    return next((datetime.fromisoformat(str(last["at"])).astimezone(LOCAL).date() for last in lasts if last), None)


def _following(values: dict[str, object], previous: str, where: str) -> AuditEntry:
    """The entry of a line. Raises StateError where it does not follow the line that has the hash `previous`."""
    if values.pop("previous", None) != previous:
        raise StateError(f"{where}: 审计链在这里断开，之前有改动。请保全并核查。")
    at = datetime.fromisoformat(str(values["at"]))
    return AuditEntry(**values | {"at": at})  # type: ignore[arg-type]


def _parse(line: bytes) -> dict[str, object] | None:
    try:
        values = json.loads(line)
    except ValueError:
        return None
    return values if isinstance(values, dict) else None


def _months(folder: Path) -> list[Path]:
    return sorted(folder.glob("audit-????-??.jsonl"))


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "audit.lock").open("a") as lock:  # closing it lets go of the lock
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _append(path: Path, line: bytes) -> None:
    is_new = not path.exists()
    with path.open("ab+") as file:
        if file.tell() and not _ends_with_newline(path):  # a line cut off by a crash stays, on its own
            line = b"\n" + line
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        sync(path.parent)


def _ends_with_newline(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _last_line(path: Path, block: int = 65536) -> bytes:
    """The newest line without its newline, b"" for an empty file; reads the end of the file only."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        tail, start = b"", size
        while start and tail.rstrip(b"\n").count(b"\n") == 0:
            start = max(0, start - block)
            file.seek(start)
            tail = file.read(size - start)
        return tail.rstrip(b"\n").rpartition(b"\n")[2]
