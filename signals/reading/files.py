"""What kind of file it is, by its name; and that it is a file we may read."""

import stat
from pathlib import Path

from signals.errors import InputError
from signals.reading.books import open_book
from signals.reading.json_lines import open_json_lines
from signals.reading.parquet import open_parquet
from signals.reading.separated import open_separated
from signals.reading.tables import File

_OPENERS = {
    ".xlsx": open_book, ".xls": open_book, ".xlsm": open_book, ".csv": open_separated, ".tsv": open_separated,
    ".jsonl": open_json_lines, ".ndjson": open_json_lines, ".parquet": open_parquet,
}  # fmt: skip
SUFFIXES = tuple(_OPENERS)


def open_file(path: Path) -> File:
    """A file as tables that are read when asked. Raises InputError where it is of no known kind, or broken."""
    opener = _OPENERS.get(path.suffix.lower())
    if opener is None:
        got = path.suffix.lower() or "没有扩展名"
        raise InputError(f"{path.name}: 不认识这种文件；得到 {got}；可读 {'、'.join(SUFFIXES)}。")
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{path.name}: 不是普通文件。请给出导出文件的路径。")
        return opener(path)
    except OSError as error:
        raise InputError(f"{path}: 文件读不了（{error.strerror}）。请检查路径与权限。") from error
