"""How long texts are kept: whole months before today."""

import calendar
from datetime import date


def months_before(day: date, months: int) -> date:
    """The day so many months earlier; the last of its month where that month is shorter.

    >>> months_before(date(2025, 3, 31), 1)
    datetime.date(2025, 2, 28)
    >>> months_before(date(2026, 1, 15), 14)
    datetime.date(2024, 11, 15)
    """
    number = day.year * 12 + day.month - 1 - months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
