"""What a file may be at most, and what is refused before a library sees it.

Zip bombs, sheets that reach a million columns, macros and entities in XML are found in one bounded pass over the
parts of a workbook; nothing here holds more than a chunk.
"""

import re
import zipfile
import zlib
from pathlib import Path

from signals.errors import InputError

CELL_CHARACTERS = 1 << 20  # of one cell of a text file; a spreadsheet allows 32,767
LINE_CHARACTERS = 4 << 20  # of one line of a text file
RECORD_LINES = 500  # a record over more lines than this is an unclosed quote
COLUMNS = 2_000
SHEET_CELLS = 20_000_000  # rows x columns that a sheet spans, empty ones too
BOOK_BYTES = 256 << 20  # of a workbook as it lies on disk
UNPACKED_BYTES = 1 << 30  # of all parts of a workbook together
PARTS = 10_000
READER_BYTES = 4 << 30  # of address space for the process that reads a workbook
READER_SECONDS = 120  # until it must have answered
_CHUNK = 1 << 20
_CELL = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MACROS_OF_XLS = "_VBA_PROJECT".encode("utf-16-le")
_NO_BOOK = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|table|\?xml|meta)", re.IGNORECASE)


def check_book(path: Path) -> None:
    """Look a workbook over. Raises InputError naming the file, what is wrong with it and what to do."""
    size = path.stat().st_size
    if size > BOOK_BYTES:
        raise _refusal(path, f"文件太大；得到 {size >> 20} MB；应不超过 {BOOK_BYTES >> 20} MB", "请导出为 csv")
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"PK"):
        try:
            _check_parts(path)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            raise _refusal(path, f"Excel 文件是坏的（{error}）", "请重新导出") from error
    elif _NO_BOOK.match(head):
        raise _refusal(path, "扩展名是 Excel，内容却是网页或 XML", "请用表格软件打开后另存为 xlsx")
    elif _holds(path, _MACROS_OF_XLS):
        raise _with_macros(path)


def check_columns(n: int, where: str) -> None:
    """Raise InputError where a table has more columns than any export has."""
    if n > COLUMNS:
        raise InputError(f"{where}: 列太多；得到 {n} 列；应不超过 {COLUMNS} 列。请删去空列后重新导出。")


def _check_parts(path: Path) -> None:
    with zipfile.ZipFile(path) as book:
        parts = book.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > PARTS or unpacked > UNPACKED_BYTES:
            got = f"{len(parts)} 个部分，解开后 {unpacked >> 20} MB"
            raise _refusal(path, f"解开后太大；得到 {got}；应不超过 {UNPACKED_BYTES >> 20} MB", "请导出为 csv")
        if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
            raise _with_macros(path)
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels")):
                _check_part(path, book, part)


def _check_part(path: Path, book: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read one part to its end: its length and checksum must be as declared, or zipfile raises."""
    is_sheet = "/worksheets/" in part.filename
    widest, deepest, tail = 0, 0, b""
    with book.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            seen = tail + chunk
            if _DECLARED.search(seen):
                raise _refusal(path, f"{part.filename} 里声明了 XML 实体", "正常的导出没有这种内容，请重新导出")
            if is_sheet:
                cells = _CELL.findall(seen)
                widest = max([widest, *map(_column, {letters for letters, _ in cells})])
                deepest = max([deepest, *(int(row) for _, row in cells)])
                if widest * deepest > SHEET_CELLS:
                    got = f"{deepest} 行 × {widest} 列"
                    raise _refusal(path, f"{part.filename} 铺得太大；得到 {got}；应不超过 {SHEET_CELLS} 格",
                                   "请删去空行空列后重新导出，或导出为 csv")  # fmt: skip
            tail = chunk[-32:]


def _column(letters: bytes) -> int:
    """The number of a column: A 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _holds(path: Path, wanted: bytes) -> bool:
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if wanted in tail + chunk:
                return True
            tail = chunk[-len(wanted) :]
    return False


def _with_macros(path: Path) -> InputError:
    return _refusal(path, "文件带有宏", "请另存为不带宏的 .xlsx 后再导入")


def _refusal(path: Path, what: str, remedy: str) -> InputError:
    return InputError(f"{path.name}: {what}。{remedy}。")
