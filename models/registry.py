"""Model versions: a folder of arrays and JSON under `models/<kind>/<version>/`, and a row in the warehouse.

A folder is written under a temporary name and renamed when whole; its row is added afterwards, so a crash
leaves at most a folder that nothing refers to. A day uses the newest current version that has not seen it.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from signals.clock import LOCAL
from signals.errors import StateError
from signals.likelihood import KIND
from signals.records import Theme
from signals.store.rows import count_of

THEMES = "themes"
RISK = KIND
ENCODER = "encoder"
CANDIDATE, CURRENT, RETIRED = "candidate", "current", "retired"


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One fitted model. Several may be current: each serves the days from its own end to the next one's."""

    kind: str  # themes | encoder | risk
    version: str
    status: str  # candidate (held back) | current | retired (rolled back)
    fitted_at: datetime
    fitted_through: date  # the last day whose facts it has seen
    path: str  # below the models folder
    notes: str = ""

    def folder(self, models_folder: Path) -> Path:
        return models_folder / self.path


def versions(connection: duckdb.DuckDBPyConnection, kind: str | None = None) -> list[ModelVersion]:
    """All versions, or those of one kind, the newest by what they have seen first."""
    rows = connection.execute(
        "SELECT kind, version, status, epoch_us(fitted_at), fitted_through, path, notes "
        "FROM models WHERE kind = coalesce(?, kind) "
        "ORDER BY kind, fitted_through DESC, fitted_at DESC, version DESC",
        [kind],
    ).fetchall()
    return [
        ModelVersion(of, version, status, datetime.fromtimestamp(fitted / 1e6, LOCAL), through, path, notes)
        for of, version, status, fitted, through, path, notes in rows
    ]


def newest(connection: duckdb.DuckDBPyConnection, kind: str, *, before: date) -> ModelVersion | None:
    """The newest current version that has seen nothing of the day `before` or later, or None."""
    return in_force(versions(connection, kind), before=before)


def in_force(models: Sequence[ModelVersion], *, before: date) -> ModelVersion | None:
    """Of versions of one kind, as `versions` orders them, the one that the day `before` uses."""
    return next((model for model in models if model.status == CURRENT and model.fitted_through < before), None)


def newest_themes(connection: duckdb.DuckDBPyConnection, before: date) -> str | None:
    """The version of themes that the day `before` uses; None where it has no theme.

    A done day keeps the version written in its run: ask `runs.theme_version` when recomputing it.
    """
    model = newest(connection, THEMES, before=before)
    return model.version if model else None


def find_version(connection: duckdb.DuckDBPyConnection, kind: str, version: str) -> ModelVersion:
    """One version. Raises StateError naming those there are."""
    known = versions(connection, kind)
    for model in known:
        if model.version == version:
            return model
    names = "、".join(model.version for model in known) or "无"
    raise StateError(f"models: 没有 {kind} 的版本 {version!r}；现有：{names}。请改正版本号。")


def new_version(
    models_folder: Path, kind: str, through: date, notes: str, *, candidate: bool = False
) -> ModelVersion:
    """A version under a name that no folder has: in use as soon as it is added, or held back as a candidate."""
    version, status = free_version(models_folder, kind, through), CANDIDATE if candidate else CURRENT
    return ModelVersion(kind, version, status, datetime.now(LOCAL), through, f"{kind}/{version}", notes)


def free_version(models_folder: Path, kind: str, through: date) -> str:
    """A version name not used by any folder: 20250331-1, 20250331-2, …"""
    number = 1
    while (models_folder / kind / f"{through:%Y%m%d}-{number}").exists():
        number += 1
    return f"{through:%Y%m%d}-{number}"


@contextmanager
def writing_folder(folder: Path) -> Iterator[Path]:
    """A temporary folder that becomes `folder` when the block ends well, and is removed when it does not."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    temporary.chmod(0o755)
    try:
        yield temporary
        _sync(temporary)
        temporary.rename(folder)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def add_version(
    connection: duckdb.DuckDBPyConnection, model: ModelVersion, themes: Sequence[Theme] = ()
) -> None:
    """Write the row of a version, and its themes."""
    connection.execute(
        "INSERT INTO models (kind, version, status, fitted_at, fitted_through, path, notes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        list(astuple(model)),
    )
    for theme in themes:
        connection.execute(
            "INSERT INTO themes (version, theme_id, name, words, n_reports) VALUES (?, ?, ?, ?, ?)",
            [theme.version, theme.theme_id, theme.name, list(theme.words), theme.n_reports],
        )


def themes_of(connection: duckdb.DuckDBPyConnection, version: str) -> list[Theme]:
    """The themes of a version, the largest first."""
    rows = connection.execute(
        "SELECT theme_id, version, name, words, n_reports FROM themes WHERE version = ? "
        "ORDER BY n_reports DESC, theme_id",
        [version],
    ).fetchall()
    return [Theme(theme_id, name_of, name, tuple(words), n) for theme_id, name_of, name, words, n in rows]


def first_free_theme_id(connection: duckdb.DuckDBPyConnection) -> int:
    """A theme number that no version ever used, and none above it; numbers start at 1."""
    return count_of(connection, "SELECT coalesce(max(theme_id), 0) + 1 FROM themes")


def set_status(connection: duckdb.DuckDBPyConnection, model: ModelVersion, status: str) -> None:
    connection.execute(
        "UPDATE models SET status = ? WHERE kind = ? AND version = ?", [status, model.kind, model.version]
    )


def _sync(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
