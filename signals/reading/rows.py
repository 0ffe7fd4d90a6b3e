"""A file as mapped rows: the header found, its source recognised, every row with its number in the file."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from signals.errors import InputError
from signals.reading.fields import Field, demand_fields, map_headers, recognise, show_headers
from signals.reading.tables import Table, TableRow, is_empty, read_tables
from signals.reading.values import Cell, text_of
from signals.records import SOURCE_NAMES, Source
from signals.settings import Settings

_HEADER_WITHIN = 10  # rows from the top in which the header is looked for (a merged title may stand above it)


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it was in the file: unredacted, for memory only."""

    sheet: str
    row_number: int  # 1-based, as a person sees it in the file
    cells: Mapping[Field, Cell]
    columns: Mapping[Field, str]  # field → header in this file, for messages
    fault: str = ""  # why the cells cannot be used, "" when they can


@dataclass(frozen=True)
class Reading:
    """A recognised file; iterating gives its rows, in order, without the empty ones."""

    file_name: str
    source: Source
    sha256: str
    sheets: tuple["Sheet", ...]

    def __iter__(self) -> Iterator[RawRow]:
        for sheet in self.sheets:
            yield from sheet


@dataclass(frozen=True)
class Sheet:
    """One sheet with its header mapped; `fault` where the header is not understood and nothing is read."""

    table: Table
    header_index: int  # -1: the header is not one of the rows
    headers: tuple[str, ...]
    fields: Mapping[int, Field]
    fault: str = ""

    def __iter__(self) -> Iterator[RawRow]:
        names: dict[Field, str] = {}
        for index, field in self.fields.items():
            names.setdefault(field, self.headers[index])
        if self.fault:
            yield RawRow(self.table.sheet, 1, {}, names, self.fault)
            return
        for row in self.table.rows[self.header_index + 1 :]:
            if not is_empty(row):
                yield RawRow(self.table.sheet, row.number, self._cells(row), names, self._fault(row))

    def _cells(self, row: TableRow) -> dict[Field, Cell]:
        cells: dict[Field, Cell] = {}
        for index, field in self.fields.items():
            if index < len(row.cells):
                cells.setdefault(field, row.cells[index])
        return cells

    def _fault(self, row: TableRow) -> str:
        extra = row.cells[len(self.headers) :]
        if not row.fault and any(text_of(cell) for cell in extra):
            return f"列数不符；得到 {len(row.cells)} 列；表头有 {len(self.headers)} 列；请检查分隔符与引号"
        return row.fault


def read_rows(path: Path, *, source: Source | str | None = None, settings: Settings) -> Reading:
    """Read an export: xlsx, xls, csv, tsv or json lines.

    source: what the file is, where its headers do not say. Raises InputError naming the file and what to do.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: 文件读不了（{error.strerror}）。请检查路径与权限。") from error
    tables = [table for table in read_tables(path, data) if any(not is_empty(row) for row in table.rows)]
    if not tables:
        raise InputError(f"{path.name}: 文件是空的。请重新导出。")
    if source is not None and source not in list(Source):
        raise InputError(f"{path.name}: 没有来源 {source!r}；可用 {'、'.join(Source)}。")
    wanted = Source(source) if source else _source_of(tables, path.name, settings)
    sheets = tuple(_sheet(table, wanted, path.name, settings, alone=len(tables) == 1) for table in tables)
    if all(sheet.fault for sheet in sheets):
        raise InputError(f"{path.name}: 没有一张表的表头可用；{sheets[0].fault}。")
    return Reading(path.name, wanted, hashlib.sha256(data).hexdigest(), sheets)


def _source_of(tables: list[Table], file_name: str, settings: Settings) -> Source:
    found: dict[Source, str] = {}
    for table in tables:
        for headers in _candidates(table):
            source = _own_source(headers, settings) or recognise(headers)
            if source:
                found.setdefault(source, table.sheet)
                break
    if len(found) > 1:
        parts = "、".join(f"{sheet}（{SOURCE_NAMES[source]}）" for source, sheet in found.items())
        raise InputError(f"{file_name}: 一个文件里有几种来源；得到 {parts}；应只有一种。请分开导出。")
    if not found:
        shown = show_headers(_candidates(tables[0])[0])
        raise InputError(
            f"{file_name}: 从表头认不出来源；得到 {shown}；应为信访、热线或网格的导出。"
            "请用 --source petition|hotline|grid 指明，或在设置 [columns] 里写明列名。"
        )
    return next(iter(found))


def _own_source(headers: tuple[str, ...], settings: Settings) -> Source | None:
    """The source of which the site has mapped at least two of these columns."""
    counts = {
        source: len(set(own) & set(headers))
        for source, own in settings.columns.items()
        if source in list(Source)
    }
    best = max(counts, key=lambda source: counts[source], default=None)
    return Source(best) if best and counts[best] >= 2 else None


def _candidates(table: Table) -> list[tuple[str, ...]]:
    if table.headers is not None:
        return [table.headers]
    return [tuple(text_of(cell) for cell in row.cells) for row in table.rows[:_HEADER_WITHIN]]


def _sheet(table: Table, source: Source, file_name: str, settings: Settings, *, alone: bool) -> Sheet:
    """The sheet under its best header: the row of the first ten that has most columns with a meaning."""
    candidates = _candidates(table)
    mapped = [map_headers(headers, source, settings.columns) for headers in candidates]
    best = max(range(len(mapped)), key=lambda i: (len(mapped[i]), -i))
    where = f"{file_name}[{table.sheet}]" if table.sheet else file_name
    headers = candidates[best]
    while headers and not headers[-1]:
        headers = headers[:-1]
    index = -1 if table.headers is not None else best
    try:
        demand_fields(mapped[best], where, source, headers)
    except InputError as error:
        if alone:
            raise
        return Sheet(table, index, headers, {}, f"这张表没有读；{error}")
    return Sheet(table, index, headers, mapped[best])
