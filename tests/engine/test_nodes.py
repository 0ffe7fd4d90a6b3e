"""Issues by area: a district's rise is seen where the city's total hides it, inside the same budget."""

from array import array
from datetime import date, timedelta

import numpy as np
import pytest

from signals.alerts import describe, raise_alert
from signals.clock import start_of
from signals.memory import FOUNDER, GRADES, LastAlert, Memory
from signals.nodes import SCALE, expect_nodes, node_crossings, watched_nodes
from signals.records import Kind, Report, Source
from signals.series import Crossing, detect, expect
from signals.settings import DetectorSettings
from signals.suppression import is_suppressed, state_before
from tests.engine.issues import SETTINGS, heard, issue_of
from tests.engine.stream import FIRST_DAY, Entry, make_stream
from tests.engine.voices import N_SOURCES, START, at, city
from tests.engine.worlds import differences, stream_days, tampered, world_of

N_AREAS = 10
RULE = DetectorSettings(false_alerts_per_day=0.5)
ORDINARY = np.ones(N_SOURCES)


def spread(days: list[int], issues: list[int], areas: list[int]) -> Memory:
    """A memory of voices with the area of each, in the order of days."""
    order = np.argsort(days, kind="stable")
    memory = city(np.array(days)[order], np.array(issues)[order], np.full(len(days), GRADES[-1]))
    memory.area = np.array(areas, np.int64)[order]
    memory.areas = {"": 0} | {f"4407{number:02d}": number for number in range(1, N_AREAS + 1)}
    return memory


def keys(memory: Memory, day: int, rule: DetectorSettings = RULE) -> list[tuple[int, int]]:
    found = watched_nodes(memory, at(memory, day), rule).keys
    return [(int(key) // SCALE, int(key) % SCALE) for key in found]


def test_an_issue_heard_from_several_areas_is_watched_in_each() -> None:
    assert keys(spread([0, 3, 20, 30], [7] * 4, [2, 5, 2, 5]), 40) == [(7, 2), (7, 5)]


def test_an_issue_of_one_area_is_watched_once_and_pays_once() -> None:
    memory = spread([0, 3, 20, 30], [7] * 4, [2, 2, 0, 2])  # an unknown area is none
    assert keys(memory, 40) == []


def test_an_area_not_heard_from_for_long_is_no_longer_watched() -> None:
    assert keys(spread([0, 150, 160], [7] * 3, [2, 5, 5]), 170) == []


def test_what_today_brings_makes_no_node() -> None:
    assert keys(spread([0, 3, 40], [7] * 3, [2, 2, 5]), 40) == []


def test_before_there_is_a_baseline_nothing_is_watched_by_area() -> None:
    assert keys(spread([0, 3], [7] * 2, [2, 5]), 10) == []


def test_what_opened_a_node_belongs_in_its_baseline_once() -> None:
    memory = spread([0, 3, 5, 7], [7] * 4, [2, 5, 2, 2])
    day = at(memory, 60)
    found = expect_nodes(memory, day, watched_nodes(memory, day, RULE), ORDINARY, RULE).baseline
    assert found.a.tolist() == pytest.approx([memory.priors[0].a0 + 2 + FOUNDER[0], memory.priors[0].a0 + FOUNDER[0]])


def diluted(n_extra: int, area: int = 3) -> Memory:
    """Issue 7 has two voices every day, area by area in turn; on the last two days one area brings more."""
    days, areas = [], []
    for day in range(200):
        days += [day, day]
        areas += [1 + (2 * day) % N_AREAS, 1 + (2 * day + 1) % N_AREAS]
    days += [198 + i % 2 for i in range(n_extra)]
    areas += [area] * n_extra
    lone = list(range(190))  # beside others that are heard from once
    return spread(days + lone, [7] * len(days) + [100 + i for i in lone], areas + [1] * len(lone))


def crossings_on(memory: Memory, n_days: int, rule: DetectorSettings = RULE) -> tuple[list[Crossing], list[Crossing]]:
    """Those of whole issues and those of nodes."""
    day = at(memory, n_days)
    nodes = watched_nodes(memory, day, rule)
    by_area = expect_nodes(memory, day, nodes, ORDINARY, rule)
    expectation = expect(memory, day, ORDINARY, rule, beside=by_area)
    found = node_crossings(memory, day, nodes, by_area, expectation)
    return detect(memory, day, expectation)[0], found


def test_a_rise_in_one_district_is_raised_where_the_total_of_the_issue_is_too_large_to_show_it() -> None:
    of_issues, of_nodes = crossings_on(diluted(5), 199, DetectorSettings(false_alerts_per_day=0.1))
    assert of_issues == []
    (crossing,) = of_nodes
    assert (crossing.issue_id, crossing.area) == (7, "440703")
    assert crossing.observed >= 5 > 2 > crossing.expected


def test_the_usual_voices_of_all_districts_raise_nothing() -> None:
    assert crossings_on(diluted(0), 199) == ([], [])


def test_an_issue_that_was_just_an_alert_is_not_one_again_by_area() -> None:
    memory = diluted(5)
    memory.complainant = np.arange(len(memory.day))
    memory.members = {7: memory_rows(memory, 7)}
    memory.last_alert[7] = LastAlert(START + timedelta(days=190), 200)
    assert crossings_on(memory, 199)[1] == []


def memory_rows(memory: Memory, issue: int) -> "array[int]":
    return array("q", np.flatnonzero(memory.issue == issue).tolist())


@pytest.mark.parametrize("phi", [1.0, 2.0])
def test_where_nothing_starts_issues_and_nodes_together_keep_the_budget(phi: float) -> None:
    n_issues, n_days, first, rule = 40, 220, 150, DetectorSettings(false_alerts_per_day=10.0)
    chance = np.random.default_rng(7)
    mean = np.maximum(chance.gamma(0.5, 0.2, (n_issues, 5)), 1e-6)[:, :, None]  # each issue in five areas
    shape = (n_issues, 5, n_days)
    counts = chance.poisson(mean, shape) if phi == 1 else chance.negative_binomial(mean / (phi - 1), 1 / phi, shape)
    issue, area, day = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices(shape))
    memory = spread(day.tolist(), (issue + 1).tolist(), (area + 1).tolist())
    crossed = [crossings_on(memory, today, rule) for today in range(first, n_days)]
    n = sum(len({crossing.issue_id for crossing in (*of_issues, *of_nodes)}) for of_issues, of_nodes in crossed)
    promised = 10.0 * (n_days - first)
    assert sum(len(of_nodes) for _, of_nodes in crossed) > 0.02 * promised
    assert n <= promised + 2 * np.sqrt(promised)


def test_the_reasons_of_an_alert_name_the_area_that_crossed() -> None:
    memory = issue_of([heard(i, who=f"p{i}", days=i) for i in range(3)])
    state = describe(memory, 1, FIRST_DAY + timedelta(days=3), SETTINGS)
    crossing = Crossing(1, "scan", 2.0, 100.0, 7, 0.4, 3, area="440703")
    alert = raise_alert(state, crossing, SETTINGS, area_names={"440703": "蓬江区"})
    assert alert.reasons[0].startswith("近7天仅在蓬江区就有3位不同诉求人反映")


@pytest.mark.slow
def test_a_stream_with_nodes_is_the_same_on_a_rebuilt_memory_and_under_another_future() -> None:
    n_days = 24
    entries = make_stream(n_days, seed=3, reports_per_day=8) + city_wide(n_days)
    with world_of(entries) as world:
        for day in stream_days(n_days)[:-2]:
            world.run(day)
        assert len(watched_nodes(world.memory, last_day(n_days), world.settings.detector).keys) >= 2
        whole = world.restarted()
        for day in stream_days(n_days)[-2:]:
            world.run(day)
        expected = world.results()
    with world_of(tampered(entries, last_day(n_days))) as other:
        for day in stream_days(n_days):
            other.run(day)
        assert differences(expected, other.results()) == []
    assert whole.memory.area.tolist() == world.memory.area[: whole.memory.n].tolist()


def last_day(n_days: int) -> date:
    return stream_days(n_days)[-1]


def city_wide(n_days: int) -> list[Entry]:
    """One matter without a place, heard from two areas every other day, and at last from one of them more often."""
    entries = []
    for i in range(n_days + 8):
        at_day = min(i, n_days - 1 - i % 2)
        when = start_of(FIRST_DAY + timedelta(days=at_day)) + timedelta(hours=9, minutes=i)
        area = "440704" if i >= n_days or i % 2 else "440703"
        said = "公交卡充值系统一直故障，手机充值后刷卡机不认，余额也退不回来"
        title, number = "公交卡充值系统故障", f"bus{i:03d}"
        report = Report(Source.HOTLINE, number, when, when, title, said, Kind.COMPLAINT, area=area)
        entries.append(Entry(report, f"rider{i}"))
    return entries


def test_a_node_crossing_counts_as_one_of_its_issue_for_the_suppression_rule() -> None:
    memory = diluted(5)
    memory.complainant = np.arange(len(memory.day))
    memory.members = {7: memory_rows(memory, 7)}
    day = at(memory, 199)
    memory.last_alert[7] = LastAlert(day - timedelta(days=3), 40)
    n, quiet = state_before(memory, memory.rows_of(7), day)
    assert not is_suppressed(memory, 7, n, quiet, RULE.quiet_days)  # far more people than at the last alert
    assert [crossing.issue_id for crossing in crossings_on(memory, 199)[1]] == [7]


def test_a_void_voice_opens_no_node() -> None:
    memory = spread([0, 3, 20, 30], [7] * 4, [2, 5, 2, 5])
    memory.void[[1, 3]] = True
    assert keys(memory, 40) == []


def test_more_is_expected_of_the_nodes_of_an_issue_of_a_quick_kind() -> None:
    memory = spread([0, 3, 5, 7], [7] * 4, [2, 5, 2, 2])
    memory.kinds, memory.kind = {"": 0, "噪声": 1}, np.ones(4, np.int64)
    memory.members = {7: array("q", range(4))}
    day = at(memory, 60)
    nodes = watched_nodes(memory, day, RULE)
    usual = expect_nodes(memory, day, nodes, ORDINARY, RULE).baseline
    memory.paces = {1: 2.0}
    assert (expect_nodes(memory, day, nodes, ORDINARY, RULE).baseline.mu > 1.05 * usual.mu).all()
