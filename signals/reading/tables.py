"""Files to plain tables: sheets of Excel books, csv, json lines, Parquet. Knows no fields, and holds no whole file."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from signals.reading.values import Cell, text_of

HEADER_WITHIN = 10  # rows from the top in which the header is looked for (a merged title may stand above it)
_FOOTER = re.compile(
    r"(?:本页|本表|本月)?(?:合计|总计|小计|共计)[:： \d条件]*"
    r"|(?:制表|填表|填报|统计|审核|复核|制单)(?:人员?|单位|部门|日期|时间)?\s*[:：].{0,20}"
)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a sheet; `fault` says why its cells cannot be used, "" when they can."""

    number: int  # 1-based, as a person sees it
    cells: tuple[Cell, ...]
    fault: str = ""
    headers: tuple[str, ...] | None = None  # of a row that names its own cells (json lines)


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, read as often as `rows` is called; `headers` where they are not one of the rows (Parquet)."""

    sheet: str
    rows: Callable[[], Iterator[TableRow]]
    headers: tuple[str, ...] | None = None

    def head(self, n: int = HEADER_WITHIN + 1) -> list[TableRow]:
        """The first rows."""
        return list(islice(self.rows(), n))


@dataclass(frozen=True, slots=True)
class File:
    """A file taken apart: its hash, and its sheets in their order."""

    path: Path
    sha256: str
    tables: tuple[Table, ...]


def is_empty(row: TableRow) -> bool:
    return not row.fault and not any(text_of(cell) for cell in row.cells)


def is_footer(row: TableRow) -> bool:
    """Whether a row begins like what stands below a table: totals, who drew it up."""
    first = next((text for cell in row.cells if (text := text_of(cell))), "")
    return not row.fault and bool(_FOOTER.fullmatch(first))
