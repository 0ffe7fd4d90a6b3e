"""The rows that were kept out: listed, written to a table for the office to put right, and taken in once they are.

The table holds redacted cells; the complainant's hash stays in the warehouse and goes over to the report.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from signals.errors import InputError
from signals.loading import CONTRADICTS, Origin, give_voice, load
from signals.reading import Field, RawRow, map_headers
from signals.reading.books import open_book
from signals.reading.fields import Columns, over
from signals.reading.tables import TableRow
from signals.reading.values import text_of
from signals.records import SOURCE_NAMES, Rejected, Source
from signals.redacting import Redactor
from signals.redaction import redact
from signals.settings import Settings
from signals.staging import staging
from signals.store.columns import saved_columns
from signals.store.rows import count_of
from signals.store.warehouse import changing

NUMBER = "隔离号"
_HEADERS = (NUMBER, "隔离来源", "隔离文件", "文件哈希", "隔离工作表", "隔离行号", "隔离列", "隔离原因")
ERASED = "这个编号的诉求已按规定删除内容，不再收；请核对编号。"
_LONGEST = 32_000  # characters of a cell from which a spreadsheet (32,767 at most) may have cut it
_NO_ROW = TableRow(0, ())
_NOBODY = b"personal columns are marks here"  # a key for hashes that are never made
_WAITING = "quarantine AS q JOIN files AS f USING (file_id) ANTI JOIN repairs USING (quarantine_id)"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that waits; cells: header as in the file → redacted text."""

    number: int
    source: Source
    file_name: str
    file_sha256: str
    sheet: str
    row_number: int
    column: str
    reason: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Repaired:
    """What became of a repaired table; refused: number of the row and why it still waits."""

    report_keys: tuple[str, ...]
    n_before: int  # rows of the table that had been taken in earlier
    refused: tuple[tuple[int, str], ...]


def waiting(
    connection: duckdb.DuckDBPyConnection, *, file_name: str | None = None, limit: int | None = None
) -> list[Quarantined]:
    """Rows that wait, the newest first."""
    rows = connection.execute(
        f"SELECT quarantine_id, f.source, q.file_name, f.sha256, sheet, row_number, column_name, reason, cells"
        f" FROM {_WAITING} WHERE (? IS NULL OR q.file_name = ?) ORDER BY quarantine_id DESC LIMIT ?",
        [file_name, file_name, limit if limit is not None else 1 << 60],
    ).fetchall()
    return [
        Quarantined(number, Source(source), name, sha256, sheet, row_number, column, reason, _said(cells))
        for number, source, name, sha256, sheet, row_number, column, reason, cells in rows
    ]


def _said(cells: str) -> dict[str, str]:
    """The cells that say something."""
    return {name: text for name, text in json.loads(cells).items() if text}


def count_waiting(connection: duckdb.DuckDBPyConnection, *, file_name: str | None = None) -> int:
    query = f"SELECT count(*) FROM {_WAITING} WHERE (? IS NULL OR q.file_name = ?)"
    return count_of(connection, query, [file_name, file_name])


def write_table(rows: Sequence[Quarantined], path: Path) -> None:
    """Write rows as a workbook, one sheet a source, every cell as text.

    Raises InputError where a file lies there already or none can be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise InputError(f"{path}: 扩展名不对；得到 {path.suffix or '没有'}；应为 .xlsx。请改文件名。")
    if path.exists():
        raise InputError(f"{path}: 已经有这个文件。请换一个文件名，以免覆盖改到一半的表。")
    try:
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            for source in Source:
                if some := [row for row in rows if row.source is source]:
                    _write_sheet(book.add_worksheet(SOURCE_NAMES[source]), some)
    except FileCreateError as error:
        raise InputError(f"{path}: 写不了这个文件。请检查文件夹、权限和磁盘空间。") from error


def repair(path: Path, settings: Settings, *, history: bool, now: datetime) -> Repaired:
    """Take in the rows of a table that were put right, all in one transaction; the others go on waiting.

    Raises InputError where the file is no such table, StateError where there is no warehouse.
    """
    given = _read_table(path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    with changing(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        _check_numbers(connection, path, given)
        known = {row.number: row for row in waiting(connection)}
        columns = saved_columns(connection)
        keys: list[str] = []
        refused: list[tuple[int, str]] = []
        for source in Source:
            some = [_whole(row, known[row.number]) for row in given
                    if row.number in known and known[row.number].source is source]  # fmt: skip
            own = over(columns.get(source, {}), settings.columns.get(source, {}))
            told_apart = f"{sha256}:{source}:{now.isoformat()}"  # a table may come back as it is, what waits waits on
            origin = Origin(redact(path.name), told_apart, source, history, now, is_repair=True)
            taken, left = _take_in(connection, some, own, origin, settings)
            keys += taken
            refused += left
    return Repaired(tuple(keys), sum(row.number not in known for row in given), tuple(sorted(refused)))


@dataclass(frozen=True, slots=True)
class _Given:
    """A row of a table that came back."""

    number: int
    row_number: int
    cells: Mapping[str, str]


def _whole(row: _Given, known: Quarantined) -> _Given:
    """The row with the texts that a spreadsheet's cell could not hold, where nobody changed what it did hold."""
    cells = dict(row.cells)
    for name, text in row.cells.items():
        stored = known.cells.get(name, "")
        if len(text) >= _LONGEST and stored.startswith(text[:_LONGEST]):
            cells[name] = stored
    return _Given(row.number, row.row_number, cells)


def _take_in(
    connection: duckdb.DuckDBPyConnection, given: Sequence[_Given], own: Columns, origin: Origin, settings: Settings
) -> tuple[list[str], list[tuple[int, str]]]:
    """(keys of the reports that rows became, numbers that still wait and why)."""
    redactor = Redactor(origin.file_name, origin.source, settings=settings, key=_NOBODY, now=origin.now)
    keys: dict[int, str] = {}
    refused: list[tuple[int, str]] = []
    with staging(settings.warehouse_path, f"{origin.sha256[:12]}{origin.source}") as batch:
        for row, redacted in zip(given, redactor.each([_raw_row(row, own) for row in given]), strict=True):
            if isinstance(redacted.staged, Rejected):
                refused.append((row.number, redacted.staged.reason))
            else:
                batch.report(redacted.staged, redacted.updates, None)
                keys[row.number] = redacted.staged.report.key
        batch.close()
        loaded = load(connection, batch, origin) if keys else None
    numbers = list(keys)
    for places, reason in ((loaded.contradicting, CONTRADICTS), (loaded.erased, ERASED)) if loaded else ():
        for place in places:
            refused.append((numbers[place - 1], reason))
            del keys[numbers[place - 1]]
    for number, key in keys.items():
        connection.execute("INSERT INTO repairs VALUES (?, ?, ?)", [number, key, origin.now])
        give_voice(connection, f"quarantine:{number}", key)
    return list(keys.values()), refused


def _check_numbers(connection: duckdb.DuckDBPyConnection, path: Path, given: Sequence[_Given]) -> None:
    known = {number for (number,) in connection.execute("SELECT quarantine_id FROM quarantine").fetchall()}
    seen: set[int] = set()
    for row in given:
        if row.number in seen:
            raise InputError(
                f"{path.name} 第 {row.row_number} 行 {NUMBER}: 编号重复；得到 {row.number}；应每行一个。"
                "请恢复原来的编号。"
            )
        seen.add(row.number)
        if row.number not in known:
            raise InputError(
                f"{path.name} 第 {row.row_number} 行 {NUMBER}: 没有这个编号；得到 {row.number}；应为隔离区里的编号。"
                "请用 jianwei quarantine 核对。"
            )


def _read_table(path: Path) -> list[_Given]:
    """Every row of a table, its number first."""
    if path.suffix.lower() != ".xlsx":
        got = path.suffix or "没有"
        raise InputError(f"{path.name}: 扩展名不对；得到 {got}；应为 .xlsx。请用 jianwei quarantine export 写出的表。")
    found = []
    for table in open_book(path).tables:
        rows = table.rows()
        headers = [text_of(cell) for cell in next(rows, _NO_ROW).cells]
        if NUMBER not in headers:
            where = f"{path.name}[{table.sheet}]"
            raise InputError(f"{where}: 没有“{NUMBER}”这一列。请用 jianwei quarantine export 写出的表。")
        for row in rows:
            cells = {name: text_of(cell) for name, cell in zip(headers, row.cells, strict=False)}
            number = cells.pop(NUMBER, "")
            if number.isdigit():
                own = {name: text for name, text in cells.items() if name not in _HEADERS and text}
                found.append(_Given(int(number), row.number, own))
    return found


def _raw_row(row: _Given, own: Columns) -> RawRow:
    headers = tuple(row.cells)
    fields = map_headers(headers, own)
    columns: dict[Field, str] = {}
    for index, field in fields.items():
        columns.setdefault(field, headers[index])
    return RawRow("", row.row_number, {field: row.cells[name] for field, name in columns.items()}, columns)


def _write_sheet(sheet: xlsxwriter.workbook.Worksheet, rows: Sequence[Quarantined]) -> None:
    """One row each; the column that was found wanting has a place even where no row says anything in it."""
    names = list(dict.fromkeys(name for row in rows for name in (*row.cells, row.column) if name))
    for column, name in enumerate([*_HEADERS, *names]):
        sheet.write_string(0, column, name)
    for line, row in enumerate(rows, 1):
        about = (str(row.number), SOURCE_NAMES[row.source], row.file_name, row.file_sha256, row.sheet,
                 str(row.row_number), row.column, row.reason)  # fmt: skip
        for column, text in enumerate([*about, *(row.cells.get(name, "") for name in names)]):
            sheet.write_string(line, column, text)
    sheet.freeze_panes(1, 1)
