"""One JSON object a line; each line names its own columns."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from signals.reading.encoding import LOST, scan
from signals.reading.limits import COLUMNS, LINE_CHARACTERS
from signals.reading.separated import file_lines
from signals.reading.tables import File, Table, TableRow
from signals.reading.values import Cell

_NO_JSON = "不是有效的 JSON；应为一行一个对象；请改正后重新导入"


def open_json_lines(path: Path) -> File:
    """A file of JSON lines as one table. Raises InputError where its encoding is none of ours."""
    scanned = scan(path)
    return File(path, scanned.sha256, (Table("", partial(_rows, path, scanned.encoding)),))


def _rows(path: Path, encoding: str) -> Iterator[TableRow]:
    with path.open(encoding=encoding, errors="replace", newline="\n") as file:
        for number, line in enumerate(file_lines(file), 1):
            if line.strip():
                value, fault = _object_of(line)
                yield TableRow(number, tuple(value.values()), fault, tuple(value))


def _object_of(line: str) -> tuple[dict[str, Cell], str]:
    if len(line) > LINE_CHARACTERS:
        return {}, f"这一行超过 {LINE_CHARACTERS >> 20} MB；请改正后重新导入"
    if LOST in line:
        return {}, "有无法识别的字节；请以 UTF-8 重新导出这一行"
    try:
        value = json.loads(line)
    except (json.JSONDecodeError, RecursionError, ValueError):
        return {}, _NO_JSON
    if not isinstance(value, dict):
        return {}, "不是 JSON 对象；应为一行一个对象；请改正后重新导入"
    if len(value) > COLUMNS:
        return {}, f"列太多；得到 {len(value)} 列；应不超过 {COLUMNS} 列；请改正后重新导入"
    return value, ""
