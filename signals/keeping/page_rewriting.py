"""The digests that said what is erased: written anew from the warehouse, which does not say it any more.

A digest whose day has been written by another program in another format is removed rather than trusted.
"""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from signals.audit import START, audit_head_at
from signals.clock import end_of
from signals.digest.content import collect_digest
from signals.digest.markdown import plain
from signals.digest.writing import write_digest
from signals.gazetteer import load_gazetteer
from signals.keeping.rewording import Reworded
from signals.settings import Settings
from signals.store.rows import first_row

PAGE = re.compile(r"\.?digest-(\d{4}-\d{2}-\d{2})\..+")
BEGINNING = 4  # characters by which what a page may say is looked up
WRITTEN = {".html", ".md", ".svg"}


@dataclass(frozen=True, slots=True)
class RewrittenPages:
    """Days whose digests were written anew, files that were removed, and days whose alerts said what is gone."""

    days: tuple[date, ...]
    removed: tuple[str, ...]
    said_on: tuple[date, ...] = ()


def digest_files(folder: Path) -> dict[date, list[Path]]:
    """The files of each digest in a folder, half-written ones of a killed command too."""
    found: dict[date, list[Path]] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if (named := PAGE.fullmatch(path.name)) and path.is_file():
            found.setdefault(date.fromisoformat(named[1]), []).append(path)
    return found


def rewrite_pages(
    connection: duckdb.DuckDBPyConnection, settings: Settings, reworded: Reworded, *, since: date | None = None
) -> RewrittenPages:
    """Write the digests anew that say what was removed; remove those of days before `since`.

    connection: as the warehouse will be.
    """
    pages, removed, days = digest_files(settings.digests_folder), list[str](), list[date]()
    said = by_beginning(reworded.removed)
    for day, files in pages.items():
        if since is not None and day < since:
            removed += _remove(files)
        elif day in reworded.days or says(files, said):
            removed += _rewrite(connection, settings, day, files)
            days.append(day)
    return RewrittenPages(tuple(days), tuple(removed), tuple(sorted(reworded.days)))


def _rewrite(
    connection: duckdb.DuckDBPyConnection, settings: Settings, day: date, files: list[Path]
) -> list[str]:
    """Write a digest anew; returns what was removed instead: files that are not ours, all where the day is unknown."""
    strange = [path for path in files if path.suffix not in WRITTEN or path.name.startswith(".")]
    has_run = first_row(connection.execute("SELECT 1 FROM runs WHERE day = ?", [day])) is not None
    if not has_run:
        return _remove(files)
    head = audit_head_at(settings.audit_folder, end_of(day))
    gazetteer = load_gazetteer(settings.gazetteer)
    digest = collect_digest(connection, day, settings, gazetteer, audit_head="" if head == START else head)
    write_digest(digest, settings.digests_folder)
    return _remove(strange)


def by_beginning(said: Iterable[str]) -> dict[str, set[str]]:
    """All forms in which a page may say something, by how they begin: a purge looks for tens of thousands."""
    found: dict[str, set[str]] = {}
    for text in said:
        for form in (text, html.escape(text), plain(text)):
            found.setdefault(form[:BEGINNING], set()).add(form)
    return found


def says(files: Iterable[Path], said: Mapping[str, set[str]]) -> bool:
    """Whether any of the files says anything of `said`, see `by_beginning`."""
    lengths = {len(beginning) for beginning in said}
    return any(
        text.startswith(form, at)
        for text in map(_read, files)
        for n in lengths
        for at in range(len(text))
        for form in said.get(text[at : at + n], ())
    )


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def _remove(files: Iterable[Path]) -> list[str]:
    gone = list(files)
    for path in gone:
        path.unlink(missing_ok=True)
    return [path.name for path in gone]
