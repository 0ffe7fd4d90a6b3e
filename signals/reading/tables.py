"""Files to plain tables: sheets of Excel books, csv in usual encodings, json lines. Knows no fields."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from signals.errors import InputError
from signals.reading.encoding import LOST, decode
from signals.reading.values import Cell, text_of

SUFFIXES = (".xlsx", ".xls", ".xlsm", ".csv", ".tsv", ".jsonl", ".ndjson")
_MAX_CELL = 16 << 20
_MAX_LINES = 500  # a record over more lines than this is an unclosed quote


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a sheet; `fault` says why its cells cannot be used, "" when they can."""

    number: int  # 1-based, as a person sees it
    cells: tuple[Cell, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet; where the header is not in the rows (json lines) it is in `headers`."""

    sheet: str
    rows: tuple[TableRow, ...]
    headers: tuple[str, ...] | None = None


def read_tables(path: Path, data: bytes) -> list[Table]:
    """All sheets of a file. Raises InputError where the file is of no known kind or broken."""
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xls", ".xlsm"):
        return _from_book(path, data)
    if suffix in (".csv", ".tsv"):
        return [Table("", tuple(_from_csv(decode(data))))]
    if suffix in (".jsonl", ".ndjson"):
        return [_from_json_lines(decode(data))]
    raise InputError(
        f"{path.name}: 不认识这种文件；得到 {suffix or '没有扩展名'}；可读 {'、'.join(SUFFIXES)}。"
    )


def is_empty(row: TableRow) -> bool:
    return not row.fault and not any(text_of(cell) for cell in row.cells)


def _from_book(path: Path, data: bytes) -> list[Table]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
        tables = []
        for name, sheet in sheets:
            rows = sheet.to_python(skip_empty_area=False)
            tables.append(Table(name, tuple(TableRow(i, tuple(row)) for i, row in enumerate(rows, 1))))
    except (CalamineError, OSError) as error:
        raise InputError(f"{path.name}: Excel 文件打不开（{error}）。请重新导出，去掉密码后再试。") from error
    return tables


def _from_csv(text: str) -> Iterator[TableRow]:
    csv.field_size_limit(_MAX_CELL)
    head = text[:20000].split("\n", 1)[0]
    delimiter = max(",\t;|", key=head.count)
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    last_line = 0
    for number, cells in enumerate(reader, 1):
        n_lines, last_line = reader.line_num - last_line, reader.line_num
        fault = ""
        if n_lines > _MAX_LINES:
            fault = f"这一行跨了 {n_lines} 行，多半是引号没有闭合；请在原文件补上引号后重新导入"
            cells = []
        elif any(LOST in cell for cell in cells):
            fault = "有无法识别的字节；请以 UTF-8 或 GB18030 重新导出这一行"
        yield TableRow(number, tuple(cells), fault)


def _from_json_lines(text: str) -> Table:
    objects: list[tuple[int, dict[str, Cell] | None, str]] = []
    headers: dict[str, None] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        value, fault = _object_of(line)
        objects.append((number, value, fault))
        headers.update(dict.fromkeys(value or {}))
    names = tuple(headers)
    rows = (
        TableRow(number, tuple((value or {}).get(name) for name in names), fault)
        for number, value, fault in objects
    )
    return Table("", tuple(rows), names)


def _object_of(line: str) -> tuple[dict[str, Cell] | None, str]:
    if LOST in line:
        return None, "有无法识别的字节；请以 UTF-8 重新导出这一行"
    try:
        value = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return None, "不是有效的 JSON；应为一行一个对象；请改正后重新导入"
    if not isinstance(value, dict):
        return None, "不是 JSON 对象；应为一行一个对象；请改正后重新导入"
    return value, ""
