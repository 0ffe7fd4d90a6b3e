"""Scores worked out by hand: what names an event, pairs, B-cubed (Bagga & Baldwin 1998), earliness."""

import math
from datetime import date, timedelta
from pathlib import Path

import pytest

from signals.errors import InputError
from signals.evaluate import Event, RaisedAlert, b_cubed, names, pairwise, read_events, score

FIRST = date(2025, 1, 1)


def event(name: str, *ids: str, kind: str = "burst", soft: tuple[str, ...] = (), censored: bool = False) -> Event:
    return Event(name, kind, "specific", frozenset(ids), frozenset(soft), None, censored)


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


def test_pairs_of_one_scope_are_counted_without_the_others() -> None:
    specific = event("A", "1", "2", "3")
    city = Event("B", "burst", "citywide", frozenset({"4", "5"}), frozenset(), None, False)
    found = score([specific, city], [], {"1": "p", "2": "p", "3": "p", "4": "q", "5": "r"}, {}, first=FIRST, last=FIRST)
    assert (found.f1_by_scope["specific"], math.isnan(found.f1_by_scope["citywide"])) == (1.0, True)
    assert found.pairwise_f1 == pytest.approx(2 * 1.0 * 0.75 / 1.75)
    assert found.b_cubed_by_scope == {"citywide": pytest.approx(2 / 3), "specific": 1.0}


def test_nothing_to_score_is_not_a_number() -> None:
    found = score([], [], {}, {}, first=FIRST, last=FIRST)
    assert all(math.isnan(x) for x in (found.burst_recall, found.precision, found.median_seen, found.b_cubed_f1))


def test_a_file_that_is_no_list_of_events_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"events": [{"id": 1}]}')
    with pytest.raises(InputError, match=r"x\.json"):
        read_events(tmp_path / "x.json")
