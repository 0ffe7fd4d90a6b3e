"""Which themes a day uses: the newest version fitted only on facts known before it, opened once."""

from collections.abc import Sequence
from datetime import date

from models.registry import THEMES, newest_themes
from models.themes import load_assigner
from signals.records import Report
from signals.settings import Settings
from signals.store.warehouse import reading
from signals.themes import ThemeAssigner
from signals.theming import AssignThemes, DayThemes


def theme_source(settings: Settings) -> AssignThemes:
    """A function that gives a day's reports their themes; days without a model have none."""
    opened: dict[str, ThemeAssigner] = {}

    def assign(day: date, reports: Sequence[Report]) -> DayThemes:
        with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
            version = newest_themes(connection, day)
        if version is None:
            return DayThemes("", [])
        if version not in opened:
            folder = settings.models_folder / THEMES / version
            opened[version] = load_assigner(folder, min_similarity=settings.themes.min_similarity)
        matches = opened[version].assign([(report.title, report.body) for report in reports])
        rows = [
            (report.key, match.theme_id, match.similarity)
            for report, match in zip(reports, matches, strict=True)
            if match.theme_id is not None
        ]
        return DayThemes(version, rows)

    return assign
