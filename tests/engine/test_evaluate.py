"""Scores worked out by hand: what names an event, pairs, B-cubed (Bagga & Baldwin 1998), earliness."""

import math
from datetime import date, timedelta
from pathlib import Path

import pytest

from signals.errors import InputError
from signals.evaluate import Event, RaisedAlert, b_cubed, first_named, names, pairwise, read_events, score

FIRST = date(2025, 1, 1)


def event(
    name: str, *ids: str, kind: str = "burst", scope: str = "specific", soft: tuple[str, ...] = (),
    censored: bool = False,
) -> Event:  # fmt: skip
    return Event(name, kind, scope, frozenset(ids), frozenset(soft), None, censored)


def alert(day: int, *ids: str) -> RaisedAlert:
    return RaisedAlert(FIRST + timedelta(days=day), frozenset(ids))


def test_an_alert_names_an_event_by_half_of_its_reports_and_two() -> None:
    planted = event("E", "1", "2", "3", soft=("9",))
    assert names(alert(0, "1", "2", "x", "y"), planted)
    assert not names(alert(0, "1", "2", "x", "y", "z"), planted)
    assert not names(alert(0, "1"), planted)
    assert names(alert(0, "1", "2", "x", "9", "y"), planted)  # 9 is soft: two of four


def test_pairs_worked_by_hand() -> None:
    # labels {1,2,3} {4,5}; clusters {1,2} {3,4} {5}: 1 pair of both, 2 found, 4 true
    precision, recall, f1 = pairwise([event("A", "1", "2", "3"), event("B", "4", "5")],
                                     {"1": "p", "2": "p", "3": "q", "4": "q"})  # fmt: skip
    assert (precision, recall) == (0.5, 0.25)
    assert f1 == pytest.approx(1 / 3)


def test_b_cubed_worked_by_hand() -> None:
    # precision (1 + 1 + ½ + ½ + 1) / 5 = 0.8; recall (⅔ + ⅔ + ⅓ + ½ + ½) / 5 = 8/15
    found = b_cubed([event("A", "1", "2", "3"), event("B", "4", "5")], {"1": "p", "2": "p", "3": "q", "4": "q"})
    assert found == pytest.approx(2 * 0.8 * (8 / 15) / (0.8 + 8 / 15))


def test_a_replay_is_scored_as_worked_by_hand() -> None:
    received = {str(i): FIRST + timedelta(days=i) for i in range(1, 7)}
    events = [event("E", "1", "2", "3", "4"), event("missed", "5", "6"), event("old", "5", "6", censored=True),
              event("C", "5", "6", kind="chronic")]  # fmt: skip
    alerts = [alert(2, "1", "2"), alert(4, "1", "2", "3"), alert(5, "x", "y"), alert(99, "1", "2")]
    found = score(events, alerts, {"1": "a", "2": "a"}, received, first=FIRST, last=FIRST + timedelta(days=13))
    assert (found.n_events, found.n_caught, found.burst_recall, found.missed) == (2, 1, 0.5, ("missed",))
    assert (found.n_alerts, found.alerts_per_week, found.precision) == (3, 1.5, pytest.approx(2 / 3))
    assert (found.median_seen, found.median_days_after_third, found.median_share_to_come) == (2, -1, 0.5)
    assert found.median_at_third == 3


def test_how_early_an_alert_was_is_held_against_the_day_of_the_third_report() -> None:
    """Of E 1, 1, 3, 1 came on four days: by the third's day five; of F two in all: it has no third."""
    days = {"E": (0, 1, 2, 2, 2, 3), "F": (0, 4)}
    received = {f"{name}{i}": FIRST + timedelta(days=day) for name, its in days.items() for i, day in enumerate(its)}
    events = [event(name, *(i for i in received if i[0] == name)) for name in days]
    alerts = [alert(3, "E0", "E1"), alert(4, "F0", "F1")]
    found = score(events, alerts, {}, received, first=FIRST, last=FIRST + timedelta(days=6))
    assert [(named.n_seen, named.n_at_third, named.days_after_third) for named in found.caught][0] == (6, 5, 1)
    assert all(math.isnan(x) for x in (found.caught[1].n_at_third, found.caught[1].days_after_third))
    assert (found.median_seen, found.median_at_third, found.median_days_after_third) == (4, 5, 1)


def test_pairs_of_one_scope_are_counted_without_the_others() -> None:
    events = [event("A", "1", "2", "3"), event("B", "4", "5", scope="citywide")]
    found = score(events, [], {"1": "p", "2": "p", "3": "p", "4": "q", "5": "r"}, {}, first=FIRST, last=FIRST)
    specific, city = found.by_scope["specific"], found.by_scope["citywide"]
    assert (specific.pairwise_f1, math.isnan(city.pairwise_f1)) == (1.0, True)
    assert found.pairwise_f1 == pytest.approx(2 * 1.0 * 0.75 / 1.75)
    assert (specific.b_cubed_f1, city.b_cubed_f1) == (1.0, pytest.approx(2 / 3))


def test_the_bursts_of_one_scope_are_scored_without_the_others() -> None:
    received = {str(i): FIRST + timedelta(days=i // 3) for i in range(9)}
    events = [event("A", "0", "1", "2"), event("B", "3", "4", "5", scope="citywide"),
              event("C", "6", "7", "8", scope="citywide"), event("D", "0", kind="chronic", scope="other")]  # fmt: skip
    alerts = [alert(0, "0", "1"), alert(3, "3", "4")]
    found = score(events, alerts, {}, received, first=FIRST, last=FIRST + timedelta(days=6)).by_scope
    assert {name: (its.n_caught, its.n_events) for name, its in found.items()} == {
        "citywide": (1, 2), "other": (0, 0), "specific": (1, 1),
    }  # fmt: skip
    assert (found["specific"].median_days_after_third, found["citywide"].median_days_after_third) == (0, 2)
    assert (found["citywide"].median_seen, found["citywide"].median_at_third) == (3, 3)
    assert math.isnan(found["other"].median_seen)


def test_nothing_to_score_is_not_a_number() -> None:
    found = score([], [], {}, {}, first=FIRST, last=FIRST)
    assert all(math.isnan(x) for x in (found.burst_recall, found.precision, found.median_seen, found.b_cubed_f1))


def test_a_file_that_is_no_list_of_events_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"events": [{"id": 1}]}')
    with pytest.raises(InputError, match=r"x\.json"):
        read_events(tmp_path / "x.json")


def test_the_first_alert_is_the_earliest_in_whatever_order_they_are_listed() -> None:
    event = Event("e", "burst", "", frozenset("abc"), frozenset(), None, False)
    alerts = [RaisedAlert(date(2025, 3, day), frozenset("ab")) for day in (9, 2, 5)]
    received = {each: date(2025, 3, 1) for each in "abc"}
    assert first_named(event, alerts, received).day == date(2025, 3, 2)


def test_copies_of_an_event_make_no_pairs() -> None:
    event = Event("e", "burst", "", frozenset("abc"), frozenset("c"), None, False)
    assert pairwise([event], {"a": "1", "b": "1", "c": "2"})[1] == 1.0
