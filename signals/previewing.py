"""How a file would be read, without taking it in: its columns, its first rows redacted, what would be refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from signals.reading import Field, Reading, read_rows
from signals.reading.fields import Columns
from signals.records import Rejected
from signals.redacting import Redactor
from signals.redacting_rows import redact_rows
from signals.settings import Settings
from signals.staging import StagedReport

SHOWN = 10  # redacted rows, and refusals
_KEY = b"no hash of a preview is kept"


@dataclass
class Preview:
    """A file as far as it was looked at; rows and rejected are the first few of each."""

    columns: Mapping[str, Field | None]
    n_rows: int = 0
    n_rejected: int = 0
    rows: list[StagedReport] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    def see(self, staged: StagedReport | Rejected) -> None:
        """Count a row, and keep it where it is one of the first."""
        self.n_rows += 1
        if isinstance(staged, Rejected):
            self.n_rejected += 1
            self.rejected += [staged] if len(self.rejected) < SHOWN else []
        else:
            self.rows += [staged] if len(self.rows) < SHOWN else []


def preview(
    path: Path, settings: Settings, *, source: str | None, saved: Mapping[str, Columns], now: datetime
) -> tuple[Reading, Preview]:
    """Read all rows of a file; contradictions with reports that are stored are not looked for.

    source, saved: see `read_rows`. Raises InputError where the file as a whole cannot be read.
    """
    reading = read_rows(path, source=source, settings=settings, saved=saved)
    redactor = Redactor(reading.file_name, reading.source, settings=settings, key=_KEY, now=now)
    seen = Preview(reading.columns())
    for redacted in redact_rows(reading, redactor, n_processes=1):
        seen.see(redacted.staged)
    return reading, seen
