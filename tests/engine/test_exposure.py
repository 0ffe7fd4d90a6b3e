"""What an ordinary day is: weekday shape × the day's total, worked out by hand (see `signals.exposure`)."""

import numpy as np
import pytest

from signals.exposure import SHRINK, DayExposure, day_exposure

WEEKDAYS = np.tile(np.arange(7), 8)


def exposure(past: np.ndarray, today: float, *, weekday: int = 0, weekdays: np.ndarray = WEEKDAYS) -> DayExposure:
    return day_exposure(past.reshape(-1, 1), weekdays, np.array([today]), weekday)


def test_without_a_past_every_day_is_ordinary() -> None:
    found = day_exposure(np.zeros((0, 2)), np.zeros(0, np.int64), np.array([3.0, 40.0]), 0)
    assert found.relative.tolist() == [1.0, 1.0]


def test_exposure_is_weekday_shape_times_the_days_total() -> None:
    past = np.tile([20.0] * 5 + [5.0] * 2, 8)  # 8 weeks: 20 on working days, 5 at weekends
    mean = 110 / 7
    monday = (8 * 20 + mean) / 9  # one pseudo-day of the overall mean
    found = exposure(past, 20.0)
    assert found.expected[0] == pytest.approx(monday)
    assert found.relative[0] == pytest.approx(monday / mean * (20 + SHRINK) / (monday + SHRINK))


def test_a_sunday_is_measured_by_sundays() -> None:
    past = np.tile([20.0] * 6 + [2.0], 8)
    mean, sunday = 122 / 7, (8 * 2 + 122 / 7) / 9
    found = exposure(past, sunday, weekday=6)
    assert found.relative[0] == pytest.approx(sunday / mean)


def test_a_day_of_many_reports_of_everything_lets_more_be_heard_but_at_most_twice_as_much() -> None:
    past = np.full(56, 20.0)
    assert exposure(past, 30.0).relative[0] == pytest.approx(40 / 30)
    assert exposure(past, 900.0).relative[0] == pytest.approx(2.0)


def test_a_silent_day_lets_half_be_heard_at_least() -> None:
    assert exposure(np.full(56, 20.0), 10.0).relative[0] == pytest.approx(20 / 30)
    assert exposure(np.full(56, 200.0), 0.0).relative[0] == pytest.approx(0.5)


def test_only_the_last_eight_weeks_shape_a_weekday() -> None:
    past = np.concatenate([np.full(70, 900.0), np.full(56, 20.0)])
    found = exposure(past, 20.0, weekdays=np.tile(np.arange(7), 18))
    assert (found.expected[0], found.relative[0]) == (20.0, 1.0)


def test_a_source_never_heard_before_is_ordinary_and_others_are_not_touched_by_it() -> None:
    past = np.stack([np.zeros(56), np.full(56, 20.0)], axis=1)
    found = day_exposure(past, WEEKDAYS, np.array([300.0, 30.0]), 0)
    assert found.relative.tolist() == [1.0, pytest.approx(40 / 30)]
