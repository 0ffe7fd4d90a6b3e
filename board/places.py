"""The places of the city, kept in memory: every click asks for them, and reading them takes longer than most pages."""

from functools import lru_cache
from pathlib import Path

from signals.gazetteer import Gazetteer, load_gazetteer
from signals.settings import Settings


def known_places(settings: Settings) -> Gazetteer:
    """The gazetteer of the settings, read anew where its file has changed. Raises SettingsError."""
    path = settings.gazetteer
    return _read(path, path.stat().st_mtime_ns if path and path.is_file() else 0)


@lru_cache(maxsize=2)
def _read(path: Path | None, _changed: int) -> Gazetteer:
    return load_gazetteer(path)
