"""Looking for anything that redaction let slip: every text of every table, the audit, the digests.

Says where and what kind, never the text itself. Whether something is a name is judged where it was said: the words and
cut sentences that the engine reads off say nothing of it (石墩 alone might be a person).
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb

from signals.accounts import read_accounts
from signals.audit import audit_files
from signals.keeping.page_rewriting import digest_files
from signals.keeping.tombstones import tombstones_path
from signals.redaction import MARKS, redact
from signals.redaction.marks import NAME
from signals.settings import Settings

TAG = re.compile(r"<[^>]+>")
OURS = re.compile(r"\b(?=[0-9]*[a-f])[0-9a-f]{12,64}\b")  # hashes of ours, which rules for numbers would take for cards
KEYS = {"report_key", "report_keys", "founder", "copy_of"}  # looked at once, as reports.report_id
SKIPPED = {("voices", "complainant"), ("reports", "content_hash"), ("files", "sha256"), ("runs", "result_hash"),
           ("runs", "settings_hash"), ("meta", "value")}  # fmt: skip
Marks = tuple[tuple[str, int], ...]
READ_OFF = {"alerts", "issues", "issue_days", "vocabulary", "word_counts", "themes"}  # and the digests
READ_AT_ONCE = 5000  # rows
BETWEEN = "\x1f"  # the parts of a key, which are judged one by one: 17979 2025-10-28 together would be a telephone


@dataclass(frozen=True, slots=True)
class Slip:
    """Something that redaction would still replace."""

    where: str  # table or file
    column: str
    row: str  # key of the row, or number of the line
    marks: Marks  # what it would become, and how often


def find_slips(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Iterator[Slip]:
    """All that slipped through, table by table, then the files."""
    for table, columns, key in _text_columns(connection):
        yield from _in_table(connection, table, columns, key)
    staff = {account.name for account in read_accounts(settings.accounts_path).values()}  # stand there on purpose
    for path in [*audit_files(settings.audit_folder), tombstones_path(settings.folder)]:
        yield from _in_lines(path, staff)
    for files in digest_files(settings.digests_folder).values():
        for path in files:
            yield from _in_page(path)


@lru_cache(maxsize=20_000)
def marks_missing(text: str) -> Marks:
    """The marks that redaction would add to a text, and how often.

    >>> marks_missing("请打13800138000"), marks_missing("请打〔手机〕")
    ((('〔手机〕', 1),), ())
    """
    text = OURS.sub("", text)
    cleaned = redact(text)
    if cleaned == text:
        return ()
    added = {mark: cleaned.count(mark) - text.count(mark) for mark in MARKS}
    return tuple((mark, n) for mark, n in added.items() if n > 0) or (("其他", 1),)


def _text_columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, list[str], str]]:
    """Tables with their columns that can hold text, and what names a row."""
    found: dict[str, list[str]] = {}
    keys: dict[str, str] = {}
    for table, column, kind in connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal AND database_name ="
        " current_database() ORDER BY table_name, column_index"
    ).fetchall():
        if "VARCHAR" in kind and (table, column) not in SKIPPED and column not in KEYS:
            found.setdefault(table, []).append(column)
    for table, named in connection.execute(
        "SELECT table_name, constraint_column_names FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
    ).fetchall():
        keys[table] = "concat_ws(chr(31), " + ", ".join(f'"{name}"' for name in named) + ")"
    return [(table, columns, keys.get(table, _first_key(connection, table))) for table, columns in found.items()]


def _first_key(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """What names a row of a table without a primary key: the number or key it is about."""
    names = [name for (name,) in connection.execute(f"SELECT column_name FROM (DESCRIBE {table})").fetchall()]
    named = [name for name in names if name in ("report_key", "issue_id", "day")]
    return "concat_ws(chr(31), " + ", ".join(named) + ")" if named else "rowid"


def _in_table(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[str], key: str
) -> Iterator[Slip]:
    shown = ", ".join(f'CAST("{column}" AS VARCHAR)' for column in columns)
    rows = connection.execute(f"SELECT CAST({key} AS VARCHAR), {shown} FROM {table}")
    while some := rows.fetchmany(READ_AT_ONCE):
        for name, *texts in some:
            for column, text in zip(columns, texts, strict=True):
                if text and (marks := _said(table in READ_OFF, text)):
                    yield Slip(table, column, "" if _is_of_person(name) else name.replace(BETWEEN, " "), marks)


def _is_of_person(name: str) -> bool:
    """Whether the key of a row would itself be replaced: then only the table and column are named."""
    return any(marks_missing(part) for part in name.split(BETWEEN))


def _said(is_read_off: bool, text: str) -> Marks:
    """The marks missing in a text; no names where it was read off another."""
    return tuple((mark, n) for mark, n in marks_missing(text) if not (is_read_off and mark == NAME))


def _in_lines(path: Path, staff: Collection[str]) -> Iterator[Slip]:
    lines = path.read_text("utf-8", "replace").splitlines() if path.is_file() else []
    for number, line in enumerate(lines, start=1):
        said = [(name, value) for name, value in _values(line) if _whose(value) not in staff]
        yield from _slips(path.name, number, said)


def _whose(value: str) -> str:
    """The account that a value is or that a subject names: account:NAME, account:NAME(role,…)."""
    return value.removeprefix("account:").partition("(")[0]


def _values(line: str) -> Iterable[tuple[str, str]]:
    try:
        found = json.loads(line)
    except ValueError:
        return [("", line)]
    return [(name, value) for name, value in found.items() if isinstance(value, str)]


def _in_page(path: Path) -> Iterator[Slip]:
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1):
        parts = Counter(part.strip() for part in TAG.split(line) if re.search(r"[\u4e00-\u9fff]", part))
        yield from _slips(path.name, number, [("", part) for part in parts], is_read_off=True)


def _slips(
    where: str, number: int, texts: Iterable[tuple[str, str]], *, is_read_off: bool = False
) -> Iterator[Slip]:
    for column, text in texts:
        if marks := _said(is_read_off, text):
            yield Slip(where, column, str(number), marks)
