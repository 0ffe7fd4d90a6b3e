"""Day kinds: exact where arrangements are published, a sensible guess and never an exception elsewhere."""

from datetime import date, timedelta

import pytest

from signals.holidays import (
    DayKind,
    arrangement_published,
    day_kind,
    festival_offset,
    same_festival_day,
    spring_festival,
)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2025, 3, 3), DayKind.WORKDAY),
        (date(2025, 3, 1), DayKind.WEEKEND),
        (date(2025, 1, 29), DayKind.HOLIDAY),
        (date(2025, 1, 26), DayKind.MAKE_UP),
        (date(2025, 10, 4), DayKind.HOLIDAY),  # a Saturday inside the long holiday
    ],
)
def test_published_years_follow_the_official_arrangement(day: date, kind: DayKind) -> None:
    assert day_kind(day) is kind


@pytest.mark.parametrize("year", [1999, 2003, 2027, 2031, 2060])
def test_every_day_of_an_unpublished_year_has_a_kind(year: int) -> None:
    kinds = {day_kind(date(year, 1, 1) + timedelta(days=i)) for i in range(365)}
    assert kinds == {DayKind.WORKDAY, DayKind.WEEKEND, DayKind.HOLIDAY}


@pytest.mark.parametrize("day", [date(2027, 2, 8), date(2031, 1, 23), date(2031, 10, 2)])
def test_long_holidays_of_unpublished_years_are_holidays(day: date) -> None:
    assert not arrangement_published(day)
    assert day_kind(day) is DayKind.HOLIDAY


def test_the_table_agrees_with_the_official_spring_festival_holidays() -> None:
    for year in range(2004, 2027):
        assert day_kind(spring_festival(year)) is DayKind.HOLIDAY, year
        assert day_kind(spring_festival(year) + timedelta(days=2)) is DayKind.HOLIDAY, year


def test_successive_spring_festivals_are_twelve_or_thirteen_lunations_apart() -> None:
    for year in range(2000, 2050):
        gap = (spring_festival(year + 1) - spring_festival(year)).days
        assert gap in {353, 354, 355, 383, 384, 385}, year


def test_the_offset_counts_days_from_the_festival_within_thirty() -> None:
    festival = date(2025, 1, 29)
    assert festival_offset(festival) == 0
    assert festival_offset(festival - timedelta(days=30)) == -30
    assert festival_offset(festival + timedelta(days=30)) == 30
    assert festival_offset(festival + timedelta(days=31)) is None
    assert festival_offset(date(2025, 12, 31)) is None


def test_a_day_before_new_year_can_belong_to_the_coming_festival() -> None:
    assert festival_offset(date(2022, 12, 31)) == -22  # the festival was on 22 January 2023


def test_the_same_festival_day_keeps_the_distance() -> None:
    assert same_festival_day(date(2026, 2, 20)) == date(2025, 2, 1)
    assert same_festival_day(date(2026, 7, 1)) is None
