"""What returns every year all over the city is an update; more of it than the year before is an alert."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import nbinom

from signals.day import DayResult
from signals.memory import Memory
from signals.records import Alert
from signals.seasons import LEAST_THEN, YEAR_DAYS, busiest, is_spread, same_season, season_surprise
from tests.engine.stream import FIRST_DAY, Entry, make_stream
from tests.engine.test_matters import ENDINGS, N_DAYS, PLACES, STARTS, fireworks
from tests.engine.worlds import stream_days, world_of

AS_USUAL, MORE = "与往年相当", "今年明显更多"


BACK_DAYS = YEAR_DAYS + 9  # a season that came nine days sooner then, and so lies in no baseline of 364 days
ELSEWHERE = tuple(f"西{place}" for place in PLACES)


def the_year_before(entries: Sequence[Entry]) -> list[Entry]:
    """The same reports a year earlier, by other people."""
    back = timedelta(days=BACK_DAYS)
    return [
        Entry(replace(e.report, report_id=f"old{e.report.report_id}", received_at=e.report.received_at - back,
                      known_at=e.report.known_at - back), f"then-{e.complainant}")
        for e in entries
    ]  # fmt: skip


def told_alike(n: int, places: tuple[str, ...] = PLACES) -> list[Entry]:
    """n reports of fireworks at as many places, all to one effect: of one matter, wherever it is."""
    return [
        replace(e, report=replace(e.report, body=e.report.body.partition("，")[0] + ENDINGS[0]))
        for e in fireworks(n, places=places)
    ]


def fireworks_after(n_then: int) -> tuple[list[DayResult], list[Alert], list[Alert]]:
    """20 reports of fireworks in a stream whose year before brought n_then: all days, alerts and updates of them.

    Every day on which one crosses is run on a rebuilt memory first, and must come to the same.
    """
    old = the_year_before(told_alike(n_then, ELSEWHERE))
    before = [FIRST_DAY + timedelta(days=STARTS - BACK_DAYS + i) for i in range(-21, 0, 3)]
    done, alerts, updates = list[DayResult](), list[Alert](), list[Alert]()
    with world_of(old + make_stream(N_DAYS, seed=8) + told_alike(20)) as world:
        for day in sorted({*before, *(e.report.known_at.date() for e in old), *stream_days(N_DAYS)}):
            world.connection.begin()
            fresh = world.restarted().run(day) if day >= FIRST_DAY + timedelta(days=STARTS) else None
            world.connection.rollback()
            result = world.run(day)
            assert fresh is None or (fresh.alerts, fresh.updates) == (result.alerts, result.updates)
            done.append(result)
            alerts += [alert for alert in result.alerts if is_of_fireworks(alert)]
            updates += [update for update in result.updates if is_of_fireworks(update)]
    return done, alerts, updates


def is_of_fireworks(alert: Alert) -> bool:
    return sum(key.startswith("hotline:fw") for key in alert.report_keys) > 0.5 * len(alert.report_keys)


@pytest.mark.slow
def test_what_came_all_over_the_city_a_year_before_is_an_update_that_says_so() -> None:
    done, alerts, updates = fireworks_after(20)
    gathered = {issue for day in done if day.day >= FIRST_DAY for _, (issue, *_) in day.raised}
    assert gathered  # one issue is made of it all the same
    assert not [alert for alert in alerts if alert.issue_id in gathered]
    said = [reason for update in updates if update.issue_id in gathered for reason in update.reasons]
    assert any(AS_USUAL in reason for reason in said)
    assert not any(MORE in reason for reason in said)


@pytest.mark.slow
def test_clearly_more_than_a_year_before_is_an_alert_that_says_so() -> None:
    _, alerts, _ = fireworks_after(LEAST_THEN)
    assert any(MORE in reason for alert in alerts for reason in alert.reasons)


def test_a_surprise_is_the_tail_of_a_negative_binomial() -> None:
    """Mean growth · then, shape then: as scipy has it."""
    for now, then, growth in ((15, 10, 1.0), (15, 10, 1.5), (4, 20, 0.5)):
        expected = -np.log10(nbinom.sf(now - 1, then, 1.0 / (1.0 + growth)))
        assert season_surprise(now, then, growth) == pytest.approx(expected, rel=1e-9)


def test_no_day_is_without_a_year_before() -> None:
    for day in (date(2024, 2, 29), date(2028, 2, 29), date(2026, 12, 31), date(2026, 2, 17), date(2060, 1, 20)):
        assert 330 <= (day - same_season(day)).days <= 400


def test_the_busiest_days_of_none_are_none() -> None:
    assert busiest(np.empty(0, np.int64), 7) == 0
    assert busiest(np.array([3, 9, 10]), 7) == 2  # seven days in a row: 3 … 9, and 4 … 10


@pytest.mark.parametrize(
    ("towns", "spread"),
    [("abc", True), ("ab", False), ("aaabbc", True), ("aaaabc", False), ("aab-----", False), ("", False)],
)
def test_all_over_the_city_is_three_towns_and_none_with_more_than_half(towns: str, spread: bool) -> None:
    memory = Memory()
    memory.place = np.array([memory.number(memory.places, ("1", "" if t == "-" else t)) for t in towns], np.int64)
    assert is_spread(memory, np.arange(len(towns))) is spread
