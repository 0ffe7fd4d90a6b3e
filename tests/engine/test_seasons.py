"""What returns every year all over the city is an update; clearly more of it than the year before is an alert."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy import sparse
from scipy.stats import nbinom

from signals.day import DayResult
from signals.linking.vectors import COLUMNS, Vectors, no_vectors
from signals.memory import SOURCES, Memory
from signals.records import Alert
from signals.seasons import (
    LEAST_THEN,
    SLACK_DAYS,
    YEAR_DAYS,
    busiest,
    growth_of,
    is_spread,
    same_season,
    season_surprise,
    with_seasons,
)
from signals.series import Crossing
from signals.settings import Settings
from signals.theme_nodes import ARM as THEME_ARM
from tests.engine.stream import FIRST_DAY, Entry, make_stream
from tests.engine.test_matters import ENDINGS, N_DAYS, PLACES, STARTS, fireworks
from tests.engine.worlds import stream_days, world_of

AS_USUAL, MORE = "未明显多于往年", "今年明显更多"
BACK_DAYS = YEAR_DAYS + 9  # a season that came nine days sooner then, and so lies in no baseline of 364 days
ELSEWHERE = tuple(f"西{place}" for place in PLACES)
TODAY = date(2026, 7, 1)


def the_year_before(entries: Sequence[Entry]) -> list[Entry]:
    """The same reports a year earlier, by other people."""
    back = timedelta(days=BACK_DAYS)
    return [
        Entry(replace(e.report, report_id=f"old{e.report.report_id}", received_at=e.report.received_at - back,
                      known_at=e.report.known_at - back), f"then-{e.complainant}")
        for e in entries
    ]  # fmt: skip


def told_alike(n: int, places: tuple[str, ...] = PLACES) -> list[Entry]:
    """n reports of fireworks at as many places of two districts, all to one effect: of one matter, wherever it is."""
    return [
        replace(e, report=replace(e.report, body=e.report.body.partition("，")[0] + ENDINGS[0],
                                  area=("440703", "440704")[i % 2]))
        for i, e in enumerate(fireworks(n, places=places))
    ]  # fmt: skip


def fireworks_after(n_then: int) -> tuple[set[int], list[Alert], list[Alert]]:
    """20 reports of fireworks in a stream whose year before brought n_then.

    Returns the issue gathered of them, and its alerts and updates. Each of their days is first run on a rebuilt memory,
    and must come to the same.
    """
    old = the_year_before(told_alike(n_then, ELSEWHERE))
    before = [FIRST_DAY + timedelta(days=STARTS - BACK_DAYS + i) for i in range(-21, 0, 3)]
    done = list[DayResult]()
    with world_of(old + make_stream(N_DAYS, seed=8) + told_alike(20)) as world:
        for day in sorted({*before, *(e.report.known_at.date() for e in old), *stream_days(N_DAYS)}):
            world.connection.begin()
            fresh = world.restarted().run(day) if day >= FIRST_DAY + timedelta(days=STARTS) else None
            world.connection.rollback()
            done.append(world.run(day))
            assert fresh is None or (fresh.alerts, fresh.updates) == (done[-1].alerts, done[-1].updates)
    gathered = {issues[0] for day in done if day.day >= FIRST_DAY for _, issues in day.raised}
    gathered |= {step.survivor for day in done for step in day.merges if step.absorbed in gathered}
    of_it = {a.issue_id for day in done for a in (*day.alerts, *day.updates) if "hotline:fw000" in a.report_keys}
    assert of_it <= gathered
    return (
        of_it, [a for day in done for a in day.alerts if a.issue_id in of_it],
        [a for day in done for a in day.updates if a.issue_id in of_it],
    )  # fmt: skip


@pytest.mark.slow
def test_what_came_all_over_the_city_a_year_before_is_an_update_that_says_so() -> None:
    gathered, alerts, updates = fireworks_after(20)
    assert len(gathered) == 1
    assert alerts == []
    assert max(update.n_complainants for update in updates) >= 15
    assert all(any(AS_USUAL in reason for reason in update.reasons) for update in updates)


@pytest.mark.slow
def test_clearly_more_than_a_year_before_is_an_alert_that_says_so() -> None:
    gathered, alerts, _ = fireworks_after(LEAST_THEN)
    assert len(gathered) == 1
    assert [any(MORE in reason for reason in alert.reasons) for alert in alerts][-1]


# By hand: one kind of matter is one column, so reports are alike (1) or not (0).


def memory_of(voices: Sequence[tuple[date, int, int]], monkeypatch: pytest.MonkeyPatch, *, days: int = 500) -> Memory:
    """A memory of voices (day, issue, matter), each in another town of two districts, after so many ordinary days."""
    memory, n = Memory(), len(voices)
    memory.day = np.array([day.toordinal() for day, _, _ in voices], np.int64)
    memory.issue = np.array([issue for _, issue, _ in voices], np.int64)
    memory.members = {i: np.flatnonzero(memory.issue == i).tolist() for i in set(memory.issue.tolist())}  # type: ignore[misc]
    memory.matter_voice, memory.void = np.ones(n, bool), np.zeros(n, bool)
    for area in ("440703", "440704"):
        memory.number(memory.areas, area)
    memory.place = np.array([memory.number(memory.places, (f"44070{3 + i % 2}", f"{i}镇")) for i in range(n)], np.int64)
    ones = sparse.csr_matrix((np.ones(n, np.float32), (np.arange(n), [m for _, _, m in voices])), shape=(n, COLUMNS))
    memory.matter_counts.add(ones)
    memory.counts.add(ones)

    def told(self: Memory, rows: np.ndarray) -> Vectors:
        return replace(no_vectors(len(rows)), text=self.matter_counts.take(rows).astype(np.float32))

    monkeypatch.setattr(Memory, "matter_vectors", told)
    memory.days = [TODAY - timedelta(days=days - i) for i in range(days)]
    memory.totals = memory.exposures = np.ones((days, len(SOURCES)))
    return memory


def over(last: date, n: int, *, issue: int, matter: int = 7) -> list[tuple[date, int, int]]:
    """n voices, one a day, up to a day."""
    return [(last - timedelta(days=n - 1 - i), issue, matter) for i in range(n)]


def held(memory: Memory, **changes: object) -> Crossing:
    """A crossing of issue 2 in the last 14 days, held against the year before."""
    crossing = Crossing(2, "scan", 2.0, 100.0, 14, 0.1, 4)
    return with_seasons(memory, TODAY, [replace(crossing, **changes)], Settings())[0]  # type: ignore[arg-type]


THEN = TODAY - timedelta(days=YEAR_DAYS)


def test_a_season_is_known_by_its_busiest_days_and_what_is_like_it_now(monkeypatch: pytest.MonkeyPatch) -> None:
    now = over(TODAY, 8, issue=2) + over(TODAY, 3, issue=3) + over(TODAY, 5, issue=4, matter=9)
    found = held(memory_of(over(THEN, 9, issue=1) + now, monkeypatch))
    assert (found.season_then, found.season_now, found.is_seasonal) == (9, 11, True)
    found = held(memory_of(over(THEN, 9, issue=1) + now, monkeypatch), observed=40)  # people who told it in other words
    assert (found.season_now, found.is_seasonal) == (40, False)


def test_more_than_chance_lets_a_season_bring_is_news(monkeypatch: pytest.MonkeyPatch) -> None:
    then = over(THEN, LEAST_THEN, issue=1)
    for now, is_seasonal in ((14, True), (15, False)):  # 1.81 and 2.02 at five then
        assert (season_surprise(now, LEAST_THEN, 1.0) < 2.0) is is_seasonal
        voices = then + [v for v in over(TODAY, 14, issue=2) for _ in range(1 + (v[0] == TODAY) * (now - 14))]
        assert held(memory_of(voices, monkeypatch)).is_seasonal is is_seasonal


def test_a_city_that_has_grown_may_bring_more(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [v for v in over(TODAY, 14, issue=2) for _ in range(1 + (v[0] == TODAY) * 6)]
    memory = memory_of(over(THEN, LEAST_THEN, issue=1) + now, monkeypatch)
    assert not held(memory).is_seasonal
    memory.totals[-42:] = 2.0
    assert held(memory).is_seasonal


@pytest.mark.parametrize("days", [SLACK_DAYS, -SLACK_DAYS])
def test_a_season_may_come_two_weeks_sooner_or_later(days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    now = over(TODAY, 8, issue=2)
    shifted = [(THEN + timedelta(days=days), 1, 7)] * 6
    assert held(memory_of(shifted + now, monkeypatch)).is_seasonal
    beyond = [(day + timedelta(days=1 if days > 0 else -14), issue, matter) for day, issue, matter in shifted]
    assert held(memory_of(sorted(beyond) + now, monkeypatch)).season_then == 0


def test_what_is_heard_as_often_in_ordinary_weeks_is_no_season(monkeypatch: pytest.MonkeyPatch) -> None:
    then, now = over(THEN, 9, issue=1), over(TODAY, 8, issue=2)
    ordinary = over(TODAY - timedelta(days=57), 84, issue=3)  # one a day: fourteen in as many days
    assert held(memory_of(then + ordinary + now, monkeypatch)).season_then == 0
    assert held(memory_of(then + ordinary[::4] + now, monkeypatch)).is_seasonal


def test_nothing_is_known_before_the_first_day_of_last_years_weeks_has_run(monkeypatch: pytest.MonkeyPatch) -> None:
    voices = over(THEN, 9, issue=1) + over(TODAY, 8, issue=2)
    first = YEAR_DAYS + SLACK_DAYS + 14 - 1
    assert held(memory_of(voices, monkeypatch, days=first)).is_seasonal
    assert not held(memory_of(voices, monkeypatch, days=first - 1)).is_seasonal


def test_what_crossed_in_one_area_or_as_a_theme_is_not_held_against_the_city(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = memory_of(over(THEN, 9, issue=1) + over(TODAY, 8, issue=2), monkeypatch)
    assert held(memory).is_seasonal
    assert held(memory, area="440703").season_then == held(memory, arm=THEME_ARM).season_then == 0


def test_reports_that_became_void_are_of_no_season(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = memory_of(over(THEN, 6, issue=1) + over(TODAY, 8, issue=2), monkeypatch)
    memory.void[:2] = True
    assert held(memory).season_then == 0


def test_where_texts_of_then_are_gone_nothing_is_said_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    voices = over(THEN, 12, issue=1) + over(TODAY, 8, issue=2)
    memory = memory_of(voices, monkeypatch)
    lengths = memory.counts.lengths
    for n_gone, known in ((2, 12), (3, 0)):
        memory.counts.lengths = lambda index, n=n_gone: np.where(index < n, 0, lengths(index))  # type: ignore[method-assign]
        assert held(memory).season_then == known


def test_growth_leaves_out_the_last_days_and_is_held_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = memory_of([], monkeypatch, days=450)
    then = THEN.toordinal()
    assert growth_of(memory, TODAY, then) == 1.0
    memory.totals[-14:] = 9.0
    assert growth_of(memory, TODAY, then) == 1.0
    memory.totals[-42:-14] = 1.5
    assert growth_of(memory, TODAY, then) == 1.5
    memory.totals[-42:-14] = 9.0
    assert growth_of(memory, TODAY, then) == 2.0
    memory.totals[:] = 0.0
    assert growth_of(memory, TODAY, then) == 1.0


def test_a_surprise_is_the_tail_of_a_negative_binomial() -> None:
    """Mean growth · then, shape then: as scipy has it."""
    for now, then, growth in ((15, 10, 1.0), (15, 10, 1.5), (4, 20, 0.5)):
        expected = -np.log10(nbinom.sf(now - 1, then, 1.0 / (1.0 + growth)))
        assert season_surprise(now, then, growth) == pytest.approx(expected, rel=1e-9)
    assert np.isfinite(season_surprise(2000, 5, 1.0))


def test_no_day_is_without_a_year_before() -> None:
    for day in (date(2024, 2, 29), date(2028, 2, 29), date(2026, 12, 31), date(2026, 2, 17), date(2060, 1, 20)):
        assert 330 <= (day - same_season(day)).days <= 400


def test_the_busiest_days_of_none_are_none() -> None:
    assert busiest(np.empty(0, np.int64), 7) == 0
    assert busiest(np.array([3, 9, 10]), 7) == 2  # seven days in a row: 3 … 9, and 4 … 10


@pytest.mark.parametrize(
    ("towns", "spread"),
    [("aBc", True), ("abc", False), ("aB", False), ("aaaBBc", True), ("aaaaBc", False), ("aBc---", True),
     ("aBc----", False), ("", False)],
)  # fmt: skip
def test_all_over_the_city_is_three_towns_of_two_districts_none_with_most(towns: str, spread: bool) -> None:
    """Capitals are towns of the second district, a dash is no town."""
    memory = Memory()
    for area in "12":
        memory.number(memory.areas, area)
    named = [("1" if town.islower() else "2", "" if town == "-" else town) for town in towns]
    memory.place = np.array([memory.number(memory.places, each) for each in named], np.int64)
    assert is_spread(memory, np.arange(len(towns))) is spread


def test_a_city_of_one_district_is_all_of_the_city() -> None:
    memory = Memory()
    memory.number(memory.areas, "1")
    memory.place = np.array([memory.number(memory.places, ("1", town)) for town in "abc"], np.int64)
    assert is_spread(memory, np.arange(3))
