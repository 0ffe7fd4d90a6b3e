"""What kind of day a day was, for the exposure of counts and for fair comparisons.

Inside the years of chinesecalendar the official arrangements are exact; outside them this file falls back to
weekdays, the long statutory holidays and a table of Spring Festivals, and never raises for it.
"""

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import chinese_calendar

COMPARED_WEEKS = 8  # that an ordinary day is held against


class DayKind(StrEnum):
    """How busy an office can be on a day."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"  # 调休: a Saturday or Sunday worked for a holiday


DAY_KIND_NAMES = {
    DayKind.WORKDAY: "工作日",
    DayKind.WEEKEND: "周末",
    DayKind.HOLIDAY: "节假日",
    DayKind.MAKE_UP: "调休上班日",
}

# Month and day of the first day of the first lunar month, 2000–2050: facts of the lunisolar calendar.
FIRST_TABLE_YEAR = 2000
SPRING_FESTIVALS = (
    "0205",
    "0124",
    "0212",
    "0201",
    "0122",
    "0209",
    "0129",
    "0218",
    "0207",
    "0126",  # 2000
    "0214",
    "0203",
    "0123",
    "0210",
    "0131",
    "0219",
    "0208",
    "0128",
    "0216",
    "0205",  # 2010
    "0125",
    "0212",
    "0201",
    "0122",
    "0210",
    "0129",
    "0217",
    "0206",
    "0126",
    "0213",  # 2020
    "0203",
    "0123",
    "0211",
    "0131",
    "0219",
    "0208",
    "0128",
    "0215",
    "0204",
    "0124",  # 2030
    "0212",
    "0201",
    "0122",
    "0210",
    "0130",
    "0217",
    "0206",
    "0126",
    "0214",
    "0202",  # 2040
    "0123",  # 2050
)
LAST_TABLE_YEAR = FIRST_TABLE_YEAR + len(SPRING_FESTIVALS) - 1
FESTIVAL_REACH_DAYS = 30

# The usual long holidays where no arrangement has been published: (month, first day, last day).
USUAL_HOLIDAYS = ((1, 1, 1), (5, 1, 5), (10, 1, 7))


@lru_cache(maxsize=4096)
def day_kind(day: date) -> DayKind:
    """Workday, weekend, holiday or make-up workday.

    Outside the published arrangements make-up days are unknown, so none is returned there.

    >>> day_kind(date(2025, 1, 26)), day_kind(date(2031, 1, 23))
    (<DayKind.MAKE_UP: 'make_up'>, <DayKind.HOLIDAY: 'holiday'>)
    """
    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return _usual_kind(day)
    if off:
        return DayKind.HOLIDAY if name else DayKind.WEEKEND
    return DayKind.MAKE_UP if day.weekday() >= 5 else DayKind.WORKDAY


def alike_days(day: date) -> list[date]:
    """The same weekday of each of the last COMPARED_WEEKS weeks that was the same kind of day, the last one first.

    >>> len(alike_days(date(2025, 3, 31))), date(2025, 2, 3) in alike_days(date(2025, 3, 31))
    (7, False)
    """
    days = (day - timedelta(weeks=week) for week in range(1, COMPARED_WEEKS + 1))
    return [other for other in days if day_kind(other) == day_kind(day)]


def arrangement_published(day: date) -> bool:
    """Whether the official arrangement of the day's year is known; where not, `day_kind` is a guess."""
    try:
        chinese_calendar.is_holiday(day)
    except NotImplementedError:
        return False
    return True


def spring_festival(year: int) -> date:
    """The first day of the lunar year that begins in `year`; exact in 2000–2050.

    Outside the table it is the tabled date of the Metonic cycle (19 years), right within a day or two in most
    years and a lunar month off in few.

    >>> spring_festival(2027)
    datetime.date(2027, 2, 6)
    """
    tabled = year
    while tabled < FIRST_TABLE_YEAR:
        tabled += 19
    while tabled > LAST_TABLE_YEAR:
        tabled -= 19
    text = SPRING_FESTIVALS[tabled - FIRST_TABLE_YEAR]
    return date(year, int(text[:2]), int(text[2:]))


def festival_offset(day: date) -> int | None:
    """Days from the nearest Spring Festival, negative before it; None when further than 30 days.

    >>> festival_offset(date(2025, 1, 28)), festival_offset(date(2025, 7, 1))
    (-1, None)
    """
    offset = min(((day - spring_festival(year)).days for year in (day.year, day.year + 1)), key=abs)
    return offset if abs(offset) <= FESTIVAL_REACH_DAYS else None


def same_festival_day(day: date, *, years_before: int = 1) -> date | None:
    """The day equally far from the Spring Festival of an earlier year; None away from the festival."""
    offset = festival_offset(day)
    if offset is None:
        return None
    festival_year = (day - timedelta(days=offset)).year
    return spring_festival(festival_year - years_before) + timedelta(days=offset)


def _usual_kind(day: date) -> DayKind:
    offset = festival_offset(day)
    if offset is not None and -1 <= offset <= 6:
        return DayKind.HOLIDAY
    if any(day.month == month and first <= day.day <= last for month, first, last in USUAL_HOLIDAYS):
        return DayKind.HOLIDAY
    return DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKDAY
