"""What a benchmark measured, as one JSON file a benchmark: numbers and captions, never anything out of the data."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
_GIBIBYTE = 2**30

Cell = str | float | int


@dataclass(frozen=True)
class Table:
    """One table of a page: columns, and rows of as many cells."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.caption}: a row has {len(row)} cells, expected {len(self.columns)}; got {row}")


@dataclass(frozen=True)
class Result:
    """One benchmark: what was run, where, and what came out. `name` is that of its file in results/."""

    name: str
    title: str
    command: str
    machine: str
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()


def machine() -> str:
    """The machine as a reader needs it, without its name: "2 cores, 24 GB, Linux, Python 3.11.9"."""
    memory = round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIBIBYTE)
    return f"{os.cpu_count()} cores, {memory} GB, {platform.system()}, Python {platform.python_version()}"


def write(result: Result, folder: Path = RESULTS) -> Path:
    """Write folder/<name>.json anew; the same result gives the same bytes. NaN is refused (ValueError)."""
    path = folder / f"{result.name}.json"
    text = json.dumps(asdict(result), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def read(path: Path) -> Result:
    """The result that `write` wrote."""
    found = json.loads(path.read_text("utf-8"))
    tables = tuple(
        Table(table["caption"], tuple(table["columns"]), tuple(tuple(row) for row in table["rows"]))
        for table in found["tables"]
    )
    return Result(found["name"], found["title"], found["command"], found["machine"], tables, tuple(found["notes"]))
