"""The themes of a day: of its reports, and of the past anew on the first day of another model version.

One model must tell the whole history of a theme: reports that move between two themes because the model changed would
be a rise where nothing happened. So when another version is in force, the reports of the baseline get their themes by
it too; what earlier versions said stays on record.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import numpy as np

from signals.day import DayInput
from signals.memory import Memory
from signals.records import Report
from signals.reports import Chosen
from signals.settings import Settings

ThemeRows = list[tuple[str, int, float]]  # report key, theme, similarity


@dataclass(frozen=True, slots=True)
class DayThemes:
    """The themes that one model version gave on a day; version "" where there is no model."""

    version: str
    rows: ThemeRows


AssignThemes = Callable[[date, Sequence[Report]], DayThemes]


def no_themes(day: date, reports: Sequence[Report]) -> DayThemes:
    """For streams without a theme model."""
    return DayThemes("", [])


def themed(
    connection: duckdb.DuckDBPyConnection, memory: Memory, given: DayInput, assign: AssignThemes, settings: Settings
) -> tuple[DayInput, DayThemes]:
    """The day's input with its themes, and the themes to keep; assign may only use what was known before the day."""
    today = assign(given.day, [arrival.report for arrival in given.arrivals])
    theme_of = {key: theme for key, theme, _ in today.rows}
    if today.version == memory.theme_version:
        return replace(given, theme_of=theme_of), today
    known = themes_of_version(connection, today.version)
    first = given.day.toordinal() - settings.detector.baseline_days
    rows = np.array([row for key, row in memory.row_of.items() if key not in known], np.int64)
    past = Chosen(memory.reports, rows[memory.day[rows] >= first])
    anew = assign(given.day, past).rows if today.version else []
    given = replace(given, theme_of=theme_of, theme_version=today.version,
                    past_themes=known | {key: theme for key, theme, _ in anew})  # fmt: skip
    return given, DayThemes(today.version, [*today.rows, *anew])


def themes_of_version(connection: duckdb.DuckDBPyConnection, version: str) -> dict[str, int]:
    """The themes on record by a version, by report key."""
    return dict(
        connection.execute("SELECT report_key, theme_id FROM report_themes WHERE version = ?", [version]).fetchall()
    )
