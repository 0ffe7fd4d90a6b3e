"""A file as mapped rows: the header found, its source recognised, every row with its number in the file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from signals.errors import InputError
from signals.reading.fields import Columns, Field, demand_fields, map_headers, over, recognise, show_headers
from signals.reading.files import open_file
from signals.reading.limits import check_columns
from signals.reading.tables import HEADER_WITHIN, Table, TableRow, is_empty, is_footer
from signals.reading.values import Cell, instant_of, text_of
from signals.records import SOURCE_NAMES, Source
from signals.settings import Settings

_JSON_HEAD = 200  # lines by whose keys a file of JSON lines is recognised


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
    """A recognised file; iterating reads its rows, in order, without empty ones and footers, holding none of them."""

    file_name: str
    source: Source
    sha256: str
    sheets: tuple["Sheet", ...]

    def __iter__(self) -> Iterator[RawRow]:
        for sheet in self.sheets:
            yield from sheet

    def columns(self) -> dict[str, Field | None]:
        """What each column of the file is read as, in order; None where it is left out."""
        found: dict[str, Field | None] = {}
        for sheet in self.sheets:
            for index, header in enumerate(sheet.headers):
                if header:
                    found.setdefault(header, sheet.fields.get(index))
        return found


@dataclass(frozen=True)
class Sheet:
    """One sheet with its header mapped; `fault` where the header is not understood and nothing is read."""

    table: Table
    n_above: int  # rows down to the header, itself among them; 0 where it is not one of the rows
    headers: tuple[str, ...]
    fields: Mapping[int, Field]
    own: Columns  # as settled by the site, to map rows that name their own cells
    fault: str = ""

    def __iter__(self) -> Iterator[RawRow]:
        if self.fault:
            yield RawRow(self.table.sheet, 1, {}, {}, self.fault)
            return
        layouts: dict[tuple[str, ...] | None, _Layout] = {None: _layout(self.headers, self.fields)}
        for index, row in enumerate(self.table.rows()):
            if index >= self.n_above and not is_empty(row):
                if row.headers not in layouts:
                    layouts[row.headers] = _layout(row.headers or (), map_headers(row.headers or (), self.own))
                layout = layouts[row.headers]
                cells = {field: row.cells[i] for i, field in layout.fields if i < len(row.cells)}
                if is_footer(row) and instant_of(cells.get(Field.RECEIVED_AT)) is None:
                    continue
                yield RawRow(self.table.sheet, row.number, cells, layout.columns, layout.fault_of(row))


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the cells of a row lie; of several columns with one field the first counts."""

    n_columns: int
    fields: tuple[tuple[int, Field], ...]
    columns: Mapping[Field, str]

    def fault_of(self, row: TableRow) -> str:
        if not row.fault and any(text_of(cell) for cell in row.cells[self.n_columns :]):
            return f"列数不符；得到 {len(row.cells)} 列；表头有 {self.n_columns} 列；请检查分隔符与引号"
        return row.fault


def _layout(headers: tuple[str, ...], fields: Mapping[int, Field]) -> _Layout:
    first: dict[Field, int] = {}
    for index in sorted(fields):
        first.setdefault(fields[index], index)
    return _Layout(
        len(headers), tuple((i, field) for field, i in first.items()), {field: headers[i] for field, i in first.items()}
    )


def read_rows(
    path: Path, *, source: Source | str | None = None, settings: Settings,
    saved: Mapping[str, Columns] | None = None, given: Columns | None = None,
) -> Reading:  # fmt: skip
    """Read an export: xlsx, xls, csv, tsv, json lines or Parquet.

    source: what the file is, where its headers do not say. Columns are read as `given` says, else the settings, else
    `saved` (source → header → field, of earlier exports), else as known headers. Raises InputError naming the file
    and what to do.
    """
    file = open_file(path)
    tables = [table for table in file.tables if any(not is_empty(row) for row in table.rows())]
    if not tables:
        raise InputError(f"{path.name}: 文件是空的。请重新导出。")
    if source is not None and source not in list(Source):
        raise InputError(f"{path.name}: 没有来源 {source!r}；可用 {'、'.join(Source)}。")
    saved = saved or {}
    heads = [(table, _candidates(table)) for table in tables]
    wanted = Source(source) if source else _source_of(heads, path.name, settings.columns, saved)
    own = over(over(saved.get(wanted, {}), settings.columns.get(wanted, {})), given or {})
    sheets = tuple(_sheet(table, head, wanted, path.name, own, alone=len(tables) == 1) for table, head in heads)
    if all(sheet.fault for sheet in sheets):
        raise InputError(f"{path.name}: 没有一张表的表头可用；{sheets[0].fault}。")
    return Reading(path.name, wanted, file.sha256, sheets)


@dataclass(frozen=True, slots=True)
class _Head:
    """What may be the header of a table: names, and how many rows lie above its data."""

    names: tuple[str, ...]
    n_above: int


def _candidates(table: Table) -> list[_Head]:
    """The header rows that a table may have: given ones, keys of JSON lines, each of the first rows, or two as one."""
    if table.headers is not None:
        return [_Head(table.headers, 0)]
    rows = table.head()
    if any(row.headers is not None for row in rows):
        return [_Head(tuple(dict.fromkeys(name for row in table.head(_JSON_HEAD) for name in row.headers or ())), 0)]
    texts = [tuple(text_of(cell) for cell in row.cells) for row in rows]
    single = [_Head(_trimmed(names), i + 1) for i, names in enumerate(texts[:HEADER_WITHIN])]
    pairs = zip(texts, texts[1:HEADER_WITHIN], strict=False)
    return single + [_Head(_trimmed(_joined(upper, lower)), i + 2) for i, (upper, lower) in enumerate(pairs)]


def _joined(upper: tuple[str, ...], lower: tuple[str, ...]) -> tuple[str, ...]:
    """A header over two rows: the lower names a column where it says anything, else the upper, merged downwards."""
    n = max(len(upper), len(lower))
    pairs = zip(upper + ("",) * (n - len(upper)), lower + ("",) * (n - len(lower)), strict=True)
    return tuple(below or above for above, below in pairs)


def _trimmed(names: tuple[str, ...]) -> tuple[str, ...]:
    while names and not names[-1]:
        names = names[:-1]
    return names


def _source_of(
    heads: list[tuple[Table, list[_Head]]], file_name: str, own: Mapping[str, Columns], saved: Mapping[str, Columns]
) -> Source:
    found: dict[Source, str] = {}
    for table, candidates in heads:
        for head in candidates:
            source = _settled(head.names, own) or recognise(head.names) or _settled(head.names, saved)
            if source:
                found.setdefault(source, table.sheet)
                break
    if len(found) > 1:
        parts = "、".join(f"{sheet}（{SOURCE_NAMES[source]}）" for source, sheet in found.items())
        raise InputError(f"{file_name}: 一个文件里有几种来源；得到 {parts}；应只有一种。请分开导出。")
    if not found:
        shown = show_headers(heads[0][1][0].names)
        raise InputError(
            f"{file_name}: 从表头认不出来源；得到 {shown}；应为信访、热线或网格的导出。"
            "请用 --source petition|hotline|grid 指明，各列用 --column 列名=字段 说明，先加 --check 预览。"
        )
    return next(iter(found))


def _settled(headers: tuple[str, ...], columns: Mapping[str, Columns]) -> Source | None:
    """The source of which most, and at least two, of these columns are settled; None where two tie."""
    counts = sorted(((len(set(columns.get(source, {})) & set(headers)), source) for source in Source), reverse=True)
    return counts[0][1] if counts[0][0] >= 2 and counts[0][0] > counts[1][0] else None


def _sheet(table: Table, heads: list[_Head], source: Source, file_name: str, own: Columns, *, alone: bool) -> Sheet:
    """The sheet under its best header: of those with most columns that have a meaning the first."""
    where = f"{file_name}[{table.sheet}]" if table.sheet else file_name
    mapped = [map_headers(head.names, own, source=source) for head in heads]
    best = max(range(len(mapped)), key=lambda i: (len(mapped[i]), -i))
    head = heads[best]
    check_columns(len(head.names), where)
    try:
        demand_fields(mapped[best], where, source, head.names)
    except InputError as error:
        if alone:
            raise
        return Sheet(table, 0, head.names, {}, own, f"这张表没有读；{error}")
    return Sheet(table, head.n_above, head.names, mapped[best], own)
