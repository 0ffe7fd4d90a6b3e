"""What several commands take: where the warehouse is, and the settings that follow. Nothing heavy at import."""

from pathlib import Path
from typing import Annotated

import typer

Warehouse = Annotated[Path | None, typer.Option("--warehouse", help="数据仓库文件，默认 var/jianwei.duckdb。")]
Folder = Annotated[Path | None, typer.Option("--folder", help="工作文件夹，默认 var。")]


def load(warehouse: Path | None, folder: Path | None, **overrides: object):  # type: ignore[no-untyped-def]
    """The settings with what the command line gave."""
    from signals.settings import load_settings

    given = {"warehouse": warehouse, "folder": folder} | overrides
    return load_settings(overrides={key: value for key, value in given.items() if value is not None})
