"""Themes by area: what rises in a district, scattered over issues too small to show it, inside the same budget."""

from array import array
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from signals.alerts import describe, raise_alert
from signals.clock import start_of
from signals.memory import NOBODY, LastAlert, Memory
from signals.nodes import SCALE
from signals.records import Kind, Report, Source
from signals.series import Crossing
from signals.settings import DetectorSettings
from signals.theme_nodes import ARM, KNOWN_DAYS, PRIOR_VOICES, theme_crossings, watched_themes
from tests.engine.issues import SETTINGS, heard, issue_of
from tests.engine.stream import FIRST_DAY, Entry, make_stream
from tests.engine.test_nodes import ORDINARY, spread
from tests.engine.voices import START, at
from tests.engine.worlds import days_that_see_the_future

RULE = DetectorSettings(false_alerts_per_day=3.0)
THEME, OTHER = 4, 5


def themed(days: list[int], issues: list[int], areas: list[int], themes: list[int]) -> Memory:
    """A memory of voices by different people, with the area and the theme of each, in the order of days."""
    order = np.argsort(days, kind="stable")
    memory = spread(days, issues, areas)
    memory.theme = np.array(themes, np.int64)[order]
    memory.complainant = np.arange(len(days))
    memory.members = {i: array("q", np.flatnonzero(memory.issue == i).tolist()) for i in sorted(set(issues))}
    return memory


def scattered(n_extra: int, *, area: int = 3) -> Memory:
    """A voice of the theme every fourth day in each of three areas, and on the last two days more from one of them.

    Every voice is an issue of its own, but for the last ones, which are two issues by turns: 900 has one more.
    """
    days = [day for day in range(200) for number in (1, 2, 3) if (day + number) % 4 == 0]
    areas = [number for day in range(200) for number in (1, 2, 3) if (day + number) % 4 == 0]
    issues = list(range(1, len(days) + 1))
    last = [198 + i % 2 for i in range(n_extra)]
    return themed(
        days + last, issues + [900 if i % 3 != 1 else 901 for i in range(n_extra)], areas + [area] * n_extra,
        [THEME] * (len(days) + n_extra),
    )  # fmt: skip


def crossings_on(memory: Memory, n_days: int, rule: DetectorSettings = RULE, budget: float = 3.0) -> list[Crossing]:
    day = at(memory, n_days)
    themes = watched_themes(memory, day, ORDINARY, rule)
    return theme_crossings(memory, day, themes, budget, rule)


def keys(memory: Memory, n_days: int) -> list[tuple[int, int]]:
    found = watched_themes(memory, at(memory, n_days), ORDINARY, RULE).nodes.keys
    return [(int(key) // SCALE, int(key) % SCALE) for key in found]


def test_a_theme_is_watched_in_each_area_it_is_heard_from() -> None:
    memory = themed([0, 30, 60, 61], [1, 2, 3, 4], [2, 5, 0, 5], [THEME, THEME, THEME, 0])
    assert keys(memory, 90) == [(THEME, 2), (THEME, 5)]  # neither where the area nor where the theme is unknown


def test_a_new_theme_is_not_watched_before_it_has_a_past() -> None:
    memory = themed([0, 40, 41], [1, 2, 3], [2, 2, 2], [THEME, OTHER, OTHER])
    assert keys(memory, 41 + KNOWN_DAYS - 2) == [(THEME, 2)]
    assert keys(memory, 41 + KNOWN_DAYS) == [(THEME, 2), (OTHER, 2)]


def test_an_area_not_heard_from_for_long_is_no_longer_watched() -> None:
    assert keys(themed([0, 150], [1, 2], [2, 5], [THEME, THEME]), 170) == [(THEME, 5)]


def test_a_rise_scattered_over_issues_is_raised_and_belongs_to_the_one_with_most_people() -> None:
    (crossing,) = crossings_on(scattered(8), 199)
    assert (crossing.issue_id, crossing.area, crossing.arm) == (900, "440703", ARM)
    assert crossing.observed >= 8 > 5 > crossing.expected


def test_the_usual_voices_raise_nothing() -> None:
    assert crossings_on(scattered(0), 199) == []


def test_one_person_is_one_voice_of_a_theme_however_many_issues_they_bring() -> None:
    memory = scattered(8)
    memory.complainant[memory.issue >= 900] = 7
    assert crossings_on(memory, 199) == []
    memory.complainant[memory.issue >= 900] = NOBODY  # unknown people may be different ones
    assert len(crossings_on(memory, 199)) == 1


def test_while_the_leading_issue_was_just_an_alert_its_theme_is_not_one_again() -> None:
    memory = scattered(8)
    memory.last_alert[900] = LastAlert(START + timedelta(days=198), 4)  # and nobody new since, whatever others bring
    assert crossings_on(memory, 199) == []


def test_what_a_theme_usually_brings_is_the_rate_of_its_areas_with_little_weight() -> None:
    memory = scattered(0)
    base = watched_themes(memory, at(memory, 199), ORDINARY, RULE).expected.baseline
    assert base.a / base.b == pytest.approx(np.full(3, 0.25), rel=0.05)


@pytest.mark.parametrize("phi", [1.0, 2.0])
def test_where_nothing_starts_themes_keep_their_share_of_the_budget(phi: float) -> None:
    n_themes, n_areas, n_days, first, share = 12, 5, 260, 120, 0.6
    chance = np.random.default_rng(11)
    mean = np.maximum(chance.gamma(0.8, 0.3, (n_themes, n_areas)), 1e-6)[:, :, None]
    shape = (n_themes, n_areas, n_days)
    counts = chance.poisson(mean, shape) if phi == 1 else chance.negative_binomial(mean / (phi - 1), 1 / phi, shape)
    theme, area, day = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices(shape))
    memory = themed(day.tolist(), list(range(1, len(day) + 1)), (area + 1).tolist(), (theme + 1).tolist())
    n = sum(len(crossings_on(memory, today, budget=share / 0.03)) for today in range(first, n_days))
    promised = share * (n_days - first)
    assert 0.02 * promised < n <= promised + 2 * np.sqrt(promised)


def test_the_reasons_of_an_alert_say_that_the_theme_rose_there() -> None:
    memory = issue_of([heard(i, who=f"p{i}", days=i) for i in range(3)])
    state = describe(memory, 1, FIRST_DAY + timedelta(days=3), SETTINGS)
    crossing = Crossing(1, ARM, 2.0, 100.0, 7, 2.4, 9, area="440703")
    alert = raise_alert(state, crossing, SETTINGS, area_names={"440703": "蓬江区"})
    assert alert.reasons[0] == "近7天蓬江区有9位不同诉求人反映同一主题，本议题新增的人最多，按以往水平约为2.40位。"


def dark(n_days: int) -> list[Entry]:
    """On the last four days one theme from one area and many different issues."""
    said = "白沙 环市 潮连 荷塘 杜阮 棠下 仓后 堤东".split()
    entries = []
    for i in range(24):
        when = start_of(FIRST_DAY + timedelta(days=n_days - 4 + i // 6)) + timedelta(hours=8, minutes=i)
        title, body = "路灯整排不亮", f"{said[i % 8]}第{i}号巷口{'天' * (i % 5)}黑以后看不见路"
        entries.append(Entry(Report(Source.HOTLINE, f"dark{i:02d}", when, when, title, body, Kind.COMPLAINT,
                                    area="440703"), f"walker{i}"))  # fmt: skip
    return entries


@pytest.mark.slow
def test_a_stream_with_themes_is_the_same_on_a_rebuilt_memory_and_under_another_future(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = list[Crossing]()

    def noted(*given: Any) -> list[Crossing]:
        crossings = theme_crossings(*given)
        found.extend(crossings)
        return crossings

    monkeypatch.setattr("signals.theme_nodes.KNOWN_DAYS", 15)
    nothing_hidden = lambda memory, issues, *_: np.zeros(len(issues), np.int64)  # noqa: E731
    monkeypatch.setattr("signals.theme_nodes.least_shown", nothing_hidden)  # the stream's issues alert often
    monkeypatch.setattr("signals.day.theme_crossings", noted)
    n_days = 22
    entries = make_stream(n_days, seed=3, reports_per_day=6) + dark(n_days)
    differing, done = days_that_see_the_future(entries, n_days, since=12)
    assert differing == {}
    assert {crossing.area for crossing in found} == {"440703"}
    raised = {alert.issue_id for day in done for alert in (*day.alerts, *day.updates)}
    assert {crossing.issue_id for crossing in found} <= raised


def test_what_opened_a_node_of_a_theme_belongs_in_its_baseline_once() -> None:
    memory = scattered(0)
    base = watched_themes(memory, at(memory, 199), ORDINARY, RULE).expected.baseline
    known = memory.day < START.toordinal() + 199 - RULE.guard_days
    assert base.a.tolist() == [PRIOR_VOICES + (known & (memory.area == number)).sum() for number in (1, 2, 3)]


@pytest.mark.parametrize(("days", "n"), [(89, 1), (90, 2)])
def test_one_person_is_a_voice_of_a_theme_again_after_ninety_days(days: int, n: int) -> None:
    memory = themed([0, 100, 100 + days], [1, 2, 3], [2, 2, 2], [THEME] * 3)
    memory.complainant[:] = 8, 7, 7
    day = at(memory, 101 + days)
    assert len(watched_themes(memory, day, ORDINARY, RULE).nodes.rows) == 1 + n
