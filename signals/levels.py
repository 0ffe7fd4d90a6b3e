"""The default rule of levels 红橙黄蓝, first match, and who should answer by when."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from signals.clock import end_of
from signals.records import Level, Report
from signals.settings import LevelSettings


def level_of(
    *, in_danger: bool, points: float, n_complainants: int, n_households: int, n_areas: int, rule: LevelSettings
) -> Level:
    """The level of an issue; n_households is the largest stated group, n_areas the districts it was reported from.

    >>> level_of(in_danger=False, points=45, n_complainants=3, n_households=0, n_areas=1, rule=LevelSettings()).value
    'yellow'
    """
    many = n_complainants >= rule.red_complainants or n_households >= rule.red_households
    if in_danger or (points >= rule.red_points and many):
        return Level.RED
    if points >= rule.orange_points or n_areas >= rule.orange_areas:
        return Level.ORANGE
    if points >= rule.yellow_points or n_complainants >= rule.yellow_complainants:
        return Level.YELLOW
    return Level.BLUE


def due_at(level: Level, day: date, rule: LevelSettings) -> datetime:
    """When the first answer to an alert of `day` is due: so many hours after the duty officer reads it next morning."""
    return end_of(day) + timedelta(hours=rule.read_at_hour + rule.hours[level])


def owner_of(reports: Sequence[Report], units: dict[str, str]) -> str:
    """The proposed unit: the configured one for the commonest category, else the unit named most often, else 待定."""
    categories = Counter(report.category for report in reports)
    for category, _ in sorted(categories.items(), key=lambda item: (-item[1], item[0])):
        for word, unit in units.items():
            if word and word in category:
                return unit
    named = [report.unit for report in reports if report.unit]
    return max(sorted(set(named)), key=named.count) if named else "待定"
