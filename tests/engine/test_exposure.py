"""What an ordinary day is: rhythm of weekdays and holidays × the day's total, by hand (see `signals.exposure`)."""

from datetime import date, timedelta

import numpy as np
import pytest

from signals.exposure import FESTIVAL, HOLIDAY, MAKE_UP, SHRINK, DayExposure, burst, day_exposure, rhythm
from signals.records import Kind
from tests.engine.issues import heard, told
from tests.engine.stream import FIRST_DAY, Entry, make_stream
from tests.engine.worlds import stream_days, world_of

MONDAY = date(2025, 9, 1)  # eight weeks without a holiday lie before it
FAR = date(2190, 9, 6)  # no arrangement is published, no festival tabled


def days_before(day: date, n_days: int) -> list[date]:
    return [day - timedelta(days=n_days - i) for i in range(n_days)]


def exposure(past: np.ndarray, today: float, *, day: date = MONDAY) -> DayExposure:
    return day_exposure(past.reshape(-1, 1), days_before(day, len(past)), np.array([today]), day)


def years_before(day: date, *, workday: float, weekend: float, kinds: dict[int, float]) -> np.ndarray:
    """Totals of the 700 days before a day: workdays, weekends, and other kinds of day."""
    kind = np.array([rhythm(each) for each in days_before(day, 700)])
    totals = np.where(kind < 5, workday, weekend)
    for other, total in kinds.items():
        totals[kind == other] = total
    return totals


def test_without_a_past_every_day_is_ordinary() -> None:
    found = day_exposure(np.zeros((0, 2)), [], np.array([3.0, 40.0]), MONDAY)
    assert found.relative.tolist() == [1.0, 1.0]


def test_exposure_is_weekday_shape_times_the_days_total() -> None:
    past = np.tile([20.0] * 5 + [5.0] * 2, 8)  # 8 weeks: 20 on working days, 5 at weekends
    mean = 110 / 7
    monday = (8 * 20 + mean) / 9  # one pseudo-day of the overall mean
    found = exposure(past, 20.0)
    assert found.expected[0] == pytest.approx(monday)
    assert found.relative[0] == pytest.approx(monday / mean * (20 + SHRINK) / (monday + SHRINK))


def test_a_sunday_is_measured_by_sundays() -> None:
    sunday = date(2025, 8, 31)
    past = np.roll(np.tile([20.0] * 6 + [2.0], 8), 1)
    mean, expected = 122 / 7, (8 * 2 + 122 / 7) / 9
    assert exposure(past, expected, day=sunday).relative[0] == pytest.approx(expected / mean)


def test_a_day_of_many_reports_of_everything_lets_more_be_heard_but_at_most_twice_as_much() -> None:
    past = np.full(56, 20.0)
    assert exposure(past, 30.0).relative[0] == pytest.approx(40 / 30)
    assert exposure(past, 900.0).relative[0] == pytest.approx(2.0)


def test_a_silent_day_lets_half_be_heard_at_least() -> None:
    assert exposure(np.full(56, 20.0), 10.0).relative[0] == pytest.approx(20 / 30)
    assert exposure(np.full(56, 200.0), 0.0).relative[0] == pytest.approx(0.5)


def test_only_the_last_eight_weeks_shape_a_weekday() -> None:
    past = np.concatenate([np.full(70, 900.0), np.full(56, 20.0)])
    found = exposure(past, 20.0)
    assert (found.expected[0], found.relative[0]) == (20.0, 1.0)


def test_a_source_never_heard_before_is_ordinary_and_others_are_not_touched_by_it() -> None:
    past = np.stack([np.zeros(56), np.full(56, 20.0)], axis=1)
    found = day_exposure(past, days_before(MONDAY, 56), np.array([300.0, 30.0]), MONDAY)
    assert found.relative.tolist() == [1.0, pytest.approx(40 / 30)]


@pytest.mark.parametrize(
    ("day", "kind"),
    [("2025-01-26", MAKE_UP), ("2025-01-29", FESTIVAL), ("2025-02-05", 2), ("2025-05-01", HOLIDAY),
     ("2025-10-04", HOLIDAY), ("2025-01-25", 5)],
)  # fmt: skip
def test_each_day_has_its_kind(day: str, kind: int) -> None:
    assert rhythm(date.fromisoformat(day)) == kind


def test_a_make_up_day_without_a_past_is_drawn_to_the_mean_workday() -> None:
    past = np.array([20.0 if d.weekday() < 5 else 5.0 for d in days_before(date(2024, 9, 14), 56)])
    found = exposure(past, 20.0, day=date(2024, 9, 14))  # a Saturday worked for the Mid-Autumn Festival
    assert found.expected[0] == pytest.approx((8 * 20 + 110 / 7) / 9)


def test_a_holiday_without_a_past_is_drawn_to_the_mean_day_of_a_weekend() -> None:
    days = days_before(date(2024, 9, 14), 56)  # until the make-up day before the Mid-Autumn Festival
    past = np.array([[20.0 if each.weekday() < 5 else 5.0] for each in days])
    found = day_exposure(past, days, np.array([5.0]), date(2024, 9, 15))
    assert found.expected[0] == pytest.approx((8 * 5 + 110 / 7) / 9)


def test_a_holiday_is_measured_by_the_holidays_of_two_years() -> None:
    day = date(2025, 10, 2)
    past = years_before(day, workday=100.0, weekend=50.0, kinds={HOLIDAY: 20.0, FESTIVAL: 10.0, MAKE_UP: 100.0})
    assert exposure(past, 20.0, day=day).expected[0] == pytest.approx(20.0, rel=0.15)
    assert exposure(past, 20.0, day=day).relative[0] == pytest.approx(20 / 85.7, rel=0.15)


def test_the_spring_festival_is_measured_by_the_last_ones() -> None:
    day = date(2025, 1, 30)
    past = years_before(day, workday=100.0, weekend=50.0, kinds={HOLIDAY: 40.0, FESTIVAL: 10.0, MAKE_UP: 100.0})
    assert exposure(past, 10.0, day=day).expected[0] == pytest.approx(10.0, rel=0.25)


def test_holidays_do_not_make_the_weekdays_after_them_look_loud() -> None:
    day = date(2025, 10, 13)
    past = years_before(day, workday=100.0, weekend=50.0, kinds={HOLIDAY: 1.0, FESTIVAL: 1.0, MAKE_UP: 100.0})
    kinds = np.array([rhythm(each) for each in days_before(day, 56)])
    ordinary = past[-56:][kinds < 7].mean()
    found = exposure(past, 100.0, day=day)
    assert found.expected[0] == pytest.approx((7 * 100 + ordinary) / 8)  # the eighth Monday was a holiday


@pytest.mark.parametrize("first", [FAR, date(1975, 2, 1)])
def test_outside_the_published_years_weekdays_and_the_usual_holidays_are_used(first: date) -> None:
    past = np.full(56, 20.0)
    for i in range(370):
        assert np.isfinite(exposure(past, 20.0, day=first + timedelta(days=i)).relative).all()


def test_a_stream_that_begins_in_a_holiday_expects_what_it_has_heard() -> None:
    days = [date(2025, 10, 1) + timedelta(days=i) for i in range(9)]
    for i in range(1, 9):
        found = day_exposure(np.full((i, 1), 3.0), days[:i], np.array([3.0]), days[i])
        assert (found.expected[0], found.relative[0]) == (pytest.approx(3.0), pytest.approx(1.0))


def test_an_upload_that_comes_late_is_heard_on_the_day_it_comes() -> None:
    friday = date(2025, 8, 29)
    past = np.array([100.0 if d.weekday() == 4 else 10.0 for d in days_before(friday, 56)])
    usual, double = exposure(past, 100.0, day=friday), exposure(past, 210.0, day=friday)
    assert usual.relative[0] == pytest.approx(100 / (160 / 7), rel=0.1)  # four ordinary days at once
    assert double.relative[0] == pytest.approx(2 * usual.relative[0], rel=0.1)


def test_a_burst_is_what_the_largest_issue_has_beyond_the_second() -> None:
    assert burst(np.array([[9, 0, 4], [2, 1, 0], [1, 1, 0]])).tolist() == [7.0, 0.0, 4.0]
    assert burst(np.zeros((0, 2), np.int64)).tolist() == [0.0, 0.0]


def test_a_burst_hardly_raises_the_exposure_of_its_day() -> None:
    """One plan of days, and the same with ten more reports of one issue on the last."""
    usual, loud = make_stream(6, seed=2), heard_at(n=10, days=5)
    with world_of(usual) as quiet, world_of(usual + loud) as bursting:
        for day in stream_days(6):
            before, after = quiet.run(day), bursting.run(day)
    assert after.totals.sum() == before.totals.sum() + 10
    assert after.exposure[1] < 1.3 * before.exposure[1]  # 1.5 with the burst in the total


def heard_at(*, n: int, days: int) -> list[Entry]:
    """n reports of one issue through the hotline on one day."""
    return [heard(i, who=f"again-{i}", days=days, minutes=i, body="海棠苑旁边的搅拌站凌晨又开工") for i in range(n)]


def test_the_totals_of_a_day_are_of_problems_that_still_count() -> None:
    void = told(heard(1, who="b"), ("void", "作废", None))
    with world_of([heard(0, who="a"), void, heard(2, who="c", kind=Kind.ENQUIRY)]) as world:
        assert world.run(FIRST_DAY).totals.sum() == 1.0
