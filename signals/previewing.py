"""How a file would be read, without taking it in: its columns, its first rows redacted, what would be refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from signals.reading import Field, read_rows
from signals.reading.fields import Columns
from signals.records import Rejected, Source
from signals.redacting import Redactor
from signals.settings import Settings
from signals.staging import StagedReport

SHOWN = 10  # redacted rows, and refusals
_KEY = b"no hash of a preview is kept"


@dataclass(frozen=True, slots=True)
class Previewed:
    """A file looked at; rows and rejected are the first few of each."""

    source: Source
    sha256: str
    n_rows: int
    n_rejected: int
    columns: Mapping[str, Field | None]
    rows: Sequence[StagedReport]
    rejected: Sequence[Rejected]


def preview(
    path: Path, settings: Settings, *, source: str | None, saved: Mapping[str, Columns], now: datetime
) -> Previewed:
    """Read all rows of a file; contradictions with reports that are stored are not looked for.

    source, saved: see `read_rows`. Raises InputError where the file as a whole cannot be read.
    """
    reading = read_rows(path, source=source, settings=settings, saved=saved)
    redactor = Redactor(reading.file_name, reading.source, settings=settings, key=_KEY, now=now)
    rows: list[StagedReport] = []
    rejected: list[Rejected] = []
    n_rows = n_rejected = 0
    for n_rows, row in enumerate(reading, 1):  # noqa: B007  (how many there were)
        staged = redactor.of(row).staged
        if isinstance(staged, Rejected):
            n_rejected += 1
            rejected += [staged] if len(rejected) < SHOWN else []
        else:
            rows += [staged] if len(rows) < SHOWN else []
    return Previewed(reading.source, reading.sha256, n_rows, n_rejected, reading.columns(), rows, rejected)
