"""Taking in files: read, redact, stage, load, row by row. One transaction a file; the same file twice changes nothing.

Nothing unredacted leaves `signals/redacting.py`: not to disk, not in a message.
"""

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from signals.clock import LOCAL
from signals.errors import InputError
from signals.loading import Loaded, Origin, WatchLine, load
from signals.previewing import Preview
from signals.reading import Field, Reading, read_rows
from signals.reading.fields import Columns
from signals.records import Rejected, Source
from signals.redacting import Redactor
from signals.redacting_rows import cores, redact_rows
from signals.redaction import redact
from signals.settings import Settings
from signals.staging import Batch, staging
from signals.store import warehouse
from signals.store.columns import saved_columns, settle_columns
from signals.store.rows import first_row

_SKIPPED = re.compile(r"README.*|.*\.md|truth\.json|\..*|~\$.*|Thumbs\.db|desktop\.ini", re.IGNORECASE)
_ROWS_A_TICK = 500

OnRows = Callable[[str, int], None]  # file name, rows read so far


@dataclass(frozen=True, slots=True)
class Ingested:
    """What taking in one file did."""

    file_name: str
    source: Source
    n_rows: int
    n_new: int
    n_changed: int
    n_same: int
    n_quarantined: int
    watches: tuple[WatchLine, ...] = ()
    n_erased: int = 0  # rows of reports whose text was removed for good: left out
    already: bool = False  # this very content had been taken in before
    missing: tuple[str, ...] = ()  # columns that earlier exports of this source had, and this one has not
    preview: Preview | None = None  # of a file that was only checked


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of a folder that is no export."""

    file_name: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A file of a folder that could not be read, and the sentence that says why; the others are taken in."""

    file_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class How:
    """How files are taken in.

    key: for the complainants' hashes. source: petition | hotline | grid where the headers do not say. columns: header →
    field as the operator says now; kept for later exports. history: see `loading.Origin`. now: the instant of the
    import, default the clock. check: count and show only, write nothing.
    """

    settings: Settings
    key: bytes
    source: str | None = None
    columns: Columns = field(default_factory=dict)
    history: bool = False
    now: datetime | None = None
    check: bool = False
    on_rows: OnRows = lambda name, n: None


def ingest_paths(paths: Sequence[Path], how: How) -> Iterator[Ingested | Skipped | Refused]:
    """Take in files, and folders by file name. Raises InputError where a file that was named cannot be read."""
    for path in paths:
        if not path.exists():
            raise InputError(f"{path}: 没有这个文件或文件夹。请检查路径。")
        if not path.is_dir():
            yield ingest_file(path, how)
            continue
        for each in _inside(path):
            if _SKIPPED.fullmatch(each.name):
                yield Skipped(each.name)
            elif each.is_symlink():
                yield Refused(each.name, f"{each.name}: 是一个链接，没有读；文件夹里只读文件本身。请把原文件放进来。")
            else:
                try:
                    outcome: Ingested | Refused = ingest_file(each, how)
                except InputError as error:
                    outcome = Refused(each.name, str(error))
                yield outcome


def ingest_file(path: Path, how: How) -> Ingested:
    """Take in one file in one transaction.

    Raises InputError where the file as a whole cannot be read; single bad rows go to quarantine.
    """
    settings, now = how.settings, how.now or datetime.now(LOCAL)
    saved = _saved(settings)
    before = path.stat()
    reading = read_rows(path, source=how.source, settings=settings, saved=saved, given=how.columns)
    if done := _taken_in(settings, reading):
        return done
    origin = Origin(redact(reading.file_name), reading.sha256, reading.source, how.history, now)
    columns = reading.columns()
    missing = tuple(
        name for name, field in saved.get(reading.source, {}).items()
        if field not in (Field.IGNORED, *columns.values())
    )  # fmt: skip
    if not how.check:
        with staging(settings.warehouse_path, reading.sha256[:16]) as batch:
            _stage(reading, batch, how, now)
            _check_unchanged(path, before)
            return _write(batch, origin, settings.warehouse_path, settings, columns, missing)
    with _to_check(settings.warehouse_path) as target, staging(target, reading.sha256[:16]) as batch:
        shown = _stage(reading, batch, how, now)
        return _write(batch, origin, target, settings, columns, missing, shown)


@contextmanager
def _to_check(path: Path) -> Iterator[Path]:
    """The warehouse, where nothing of a check will stay; before there is one, a place that is gone afterwards."""
    if path.is_file():
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / path.name


class _CheckedOnly(Exception):
    """Rolls a checked load back; never seen outside."""


def _stage(reading: Reading, batch: Batch, how: How, now: datetime) -> Preview:
    """Redact and stage every row of a reading; what a preview would show of it."""
    redactor = Redactor(reading.file_name, reading.source, settings=how.settings, key=how.key, now=now)
    seen = Preview(reading.columns())
    for redacted in redact_rows(reading, redactor, n_processes=how.settings.processes or cores()):
        seen.see(redacted.staged)
        if isinstance(redacted.staged, Rejected):
            batch.reject(redacted.staged, redacted.complainant)
        else:
            batch.report(redacted.staged, redacted.updates, redacted.complainant)
        if seen.n_rows % _ROWS_A_TICK == 0:
            how.on_rows(reading.file_name, seen.n_rows)
    batch.close()
    return seen


def _write(
    batch: Batch, origin: Origin, path: Path, settings: Settings, columns: Mapping[str, Field | None],
    missing: tuple[str, ...], preview: Preview | None = None,
) -> Ingested:  # fmt: skip
    """Load a batch; with a preview only to count, and nothing stays."""
    loaded: Loaded | None = None
    try:
        with warehouse.writing(path, wait_seconds=settings.wait_seconds) as connection:
            query = "SELECT 1 FROM files WHERE sha256 = ?"
            if not first_row(connection.execute(query, [origin.sha256])):
                loaded = load(connection, batch, origin)
                settle_columns(connection, origin.source, columns, origin.now)
            if preview:
                raise _CheckedOnly
    except _CheckedOnly:
        pass
    if loaded is None:
        return Ingested(origin.file_name, origin.source, batch.n_rows, 0, 0, batch.n_rows, 0, already=True)
    return Ingested(
        origin.file_name, origin.source, batch.n_rows, loaded.n_new, loaded.n_changed, loaded.n_same,
        loaded.n_quarantined, loaded.watches, loaded.n_erased, missing=missing, preview=preview,
    )  # fmt: skip


def _saved(settings: Settings) -> Mapping[str, Columns]:
    if not settings.warehouse_path.is_file():
        return {}
    with warehouse.reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        return saved_columns(connection)


def _taken_in(settings: Settings, reading: Reading) -> Ingested | None:
    """What the very same content did before, as rows that are the same; None where it is new."""
    if not settings.warehouse_path.is_file():
        return None
    with warehouse.reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        row = first_row(connection.execute("SELECT n_rows FROM files WHERE sha256 = ?", [reading.sha256]))
    if row is None:
        return None
    return Ingested(redact(reading.file_name), reading.source, row[0], 0, 0, row[0], 0, already=True)


def _check_unchanged(path: Path, before: os.stat_result) -> None:
    now = path.stat()
    if (now.st_size, now.st_mtime_ns, now.st_ino) != (before.st_size, before.st_mtime_ns, before.st_ino):
        raise InputError(f"{path.name}: 文件在读的时候被改动了，没有收。请等它写完后再导入。")


def _inside(folder: Path) -> list[Path]:
    """Everything of a folder that is no folder, by name; links to folders are not followed."""
    found = []
    for below, folders, names in os.walk(folder):
        links = [name for name in folders if (Path(below) / name).is_symlink()]
        found += [Path(below) / name for name in [*names, *links]]
    return sorted(found)
