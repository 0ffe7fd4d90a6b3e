"""What the benchmark of escalation risk reads and reckons, by hand."""

import inspect
import math
import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import duckdb
import numpy as np
import pytest

from benchmarks import escalation
from benchmarks.escalation import ALERT_OF, FACTORS, Seen, after, expected_auc, seen_on, with_error
from models.risk import measured
from signals.evaluate import Named, Score
from signals.likelihood import Likelihood
from signals.risk import BOUNDS, risk_factors
from signals.simulate.truth import Planted, Truth
from signals.store.escalations import Examples

DAY = date(2025, 3, 10)
EVENT = Planted("I1", "搅拌站", "burst", "specific", "step", ["a", "b", "c"], 3, first="2025-03-01",
                last="2025-03-09", onset="2025-03-01", hazard=0.8, hazard_unobserved=0.5, escalated=True)  # fmt: skip

NOTHING = Score(0, 0, math.nan, 0, 0.0, *[math.nan] * 9, caught=(), missed=(), by_scope={})


def seen(city: int, points: float, chance: float, **factors: float) -> Seen:
    return Seen(city, points, 3, factors, chance, 0.0)


def test_the_auc_is_that_of_all_draws_weighed_by_their_pairs() -> None:
    scores, chances = [3.0, 1.0, 2.0, 2.0], [0.9, 0.2, 0.4, 0.7]
    wins = pairs = 0.0
    for drawn in product((False, True), repeat=4):
        weight = 1.0
        for escalated, chance in zip(drawn, chances, strict=True):
            weight *= chance if escalated else 1 - chance
        for i, j in product(range(4), repeat=2):
            if drawn[i] and not drawn[j]:
                pairs += weight
                wins += weight * ((scores[i] > scores[j]) + 0.5 * (scores[i] == scores[j]))
    assert expected_auc(scores, chances) == pytest.approx(wins / pairs, abs=1e-12)


def test_a_score_that_says_nothing_ranks_like_a_coin_and_the_wrong_way_round_like_its_opposite() -> None:
    assert expected_auc([5.0] * 3, [0.1, 0.5, 0.9]) == 0.5
    assert expected_auc([2.0, 1.0], [1.0, 0.0]) == 1.0
    assert expected_auc([1.0, 2.0], [1.0, 0.0]) == 0.0


def test_without_two_that_could_end_differently_there_is_no_auc() -> None:
    assert str(expected_auc([1.0], [0.5])) == "nan"


def test_the_error_is_that_of_leaving_out_cities() -> None:
    cities = [(1, 1.0, 0.9), (1, 2.0, 0.2), (2, 3.0, 0.6), (2, 1.0, 0.3), (3, 2.0, 0.8), (3, 0.0, 0.1)]
    of = [seen(*one) for one in cities]
    without = [expected_auc([p for c, p, _ in cities if c != left], [h for c, _, h in cities if c != left])
               for left in (1, 2, 3)]  # fmt: skip
    mean = sum(without) / 3
    value, error = with_error(of, lambda one: one.points)
    assert value == expected_auc([p for _, p, _ in cities], [h for _, _, h in cities])
    assert error == pytest.approx((2 / 3 * sum((one - mean) ** 2 for one in without)) ** 0.5)


@pytest.fixture
def kept() -> duckdb.DuckDBPyConnection:
    """An issue 1 of reports a and b, of which b left for issue 2 on the 5th, where c came on the 9th; alerts."""
    return fill(duckdb.connect(":memory:"))


def fill(db: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    db.execute("CREATE TABLE reports (report_key VARCHAR, report_id VARCHAR)")
    db.execute("INSERT INTO reports VALUES ('ka', 'a'), ('kb', 'b'), ('kc', 'c'), ('kz', 'z')")
    db.execute("CREATE TABLE links (report_key VARCHAR, issue_id INTEGER, from_on DATE, until_on DATE)")
    db.execute("INSERT INTO links VALUES ('ka', 1, '2025-03-01', NULL), ('kb', 1, '2025-03-02', '2025-03-05'),"
               " ('kb', 2, '2025-03-05', NULL), ('kc', 2, '2025-03-09', NULL),"
               " ('kz', 1, '2025-03-01', NULL)")  # fmt: skip
    db.execute("CREATE TABLE issue_days (issue_id INTEGER, day DATE, risk_points DOUBLE, n_complainants INTEGER,"
               " factors STRUCT(name VARCHAR, points DOUBLE)[])")  # fmt: skip
    db.execute("CREATE TABLE alerts (issue_id INTEGER, day DATE, is_update BOOLEAN, risk_points DOUBLE,"
               " n_complainants INTEGER, factors STRUCT(name VARCHAR, points DOUBLE)[],"
               " report_keys VARCHAR[])")  # fmt: skip
    for issue, day, points, people in ((1, "2025-03-02", 20, 2), (1, "2025-03-11", 60, 5), (2, "2025-03-05", 10, 1),
                                       (2, "2025-03-09", 30, 2)):  # fmt: skip
        db.execute("INSERT INTO issue_days VALUES (?, ?, ?, ?, [{name: '不同诉求人', points: 7.0}])",
                   [issue, day, points, people])  # fmt: skip
    for issue, is_update, points, keys in ((3, False, 41, ["kz", "ka"]), (2, False, 42, ["kb", "kc"]),
                                           (1, True, 43, ["ka", "kb", "kc"])):  # fmt: skip
        db.execute("INSERT INTO alerts VALUES (?, ?, ?, ?, 2, [{name: '涉及钱款', points: 5.0}], ?)",
                   [issue, DAY, is_update, points, keys])  # fmt: skip
    return db


@pytest.mark.parametrize(
    ("day", "points"),
    [("2025-03-01", None), ("2025-03-02", 20), ("2025-03-04", 20), ("2025-03-05", 20), ("2025-03-06", 20),
     ("2025-03-09", 30), ("2025-03-10", 30), ("2025-03-12", 30)],
)  # fmt: skip
def test_an_incident_is_read_off_the_issue_that_held_most_of_it_on_that_day(
    kept: duckdb.DuckDBPyConnection, day: str, points: float | None
) -> None:
    found = seen_on(kept, 7, EVENT, date.fromisoformat(day))
    assert (found.points if found else None) == points


def test_an_alert_is_that_of_the_day_with_most_of_its_reports_and_no_update(kept: duckdb.DuckDBPyConnection) -> None:
    found = seen_on(kept, 7, EVENT, DAY, query=ALERT_OF)
    assert found is not None
    assert (found.points, found.factors) == (42, {"涉及钱款": 5.0})
    assert seen_on(kept, 7, EVENT, DAY + timedelta(days=1), query=ALERT_OF) is None


def test_an_incident_is_read_on_each_day_inside_the_period_and_on_that_of_its_alert(tmp_path: Path) -> None:
    fill(duckdb.connect(str(tmp_path / "kept.duckdb"))).close()
    chronic = replace(EVENT, event_id="C1", kind="chronic", hazard=None)
    named = Named("I1", DAY, 3, 3, 0, 0)
    score = replace(NOTHING, caught=(named, replace(named, event_id="C1")))

    def found(n_days: int) -> dict[str, float]:
        truth = Truth(1, date(2025, 3, 1), n_days, [EVENT, chronic], [])
        read = escalation.read(7, truth, score, tmp_path / "kept.duckdb")
        assert len(read) == len(dict(read))  # the chronic spot has no hazard
        return {when: one.points for when, one in read}

    assert found(31) == {after(7): 20, after(14): 30, after(30): 30, escalation.FIRST_ALERT: 42}
    assert found(30) == {after(7): 20, after(14): 30, escalation.FIRST_ALERT: 42}


def test_what_is_read_holds_the_truth_and_the_logit_without_what_nobody_sees(kept: duckdb.DuckDBPyConnection) -> None:
    found = seen_on(kept, 7, EVENT, DAY)
    assert found is not None
    assert (found.city, found.n_complainants, found.factors, found.chance) == (7, 2, {"不同诉求人": 7.0}, 0.8)
    assert found.observed == pytest.approx(1.386294 - 0.5, abs=1e-5)  # ln(.8 / .2) = 1.386294


def test_one_complainant_is_no_issue_of_the_risks_population(kept: duckdb.DuckDBPyConnection) -> None:
    kept.execute("UPDATE issue_days SET n_complainants = 1")
    assert seen_on(kept, 7, EVENT, DAY) is None


def test_tables_hold_each_day_and_each_factor_with_what_the_points_are_without_it() -> None:
    cities = [
        Seen(1, 10.0, 2, {"不同诉求人": 7.1, "涉及钱款": 2.9}, 0.9, 1.0),
        Seen(1, 4.0, 9, {"不同诉求人": 4.0}, 0.1, 3.0),
        Seen(2, 3.0, 5, {"涉及钱款": 3.0}, 0.8, 2.0), Seen(3, 2.9, 4, {}, 0.3, 0.0),
    ]  # fmt: skip
    cities = [replace(one, said=said) for one, said in zip(cities, (0.6, 0.5, 0.2, 0.1), strict=True)]
    chances = [0.9, 0.1, 0.8, 0.3]
    found = {escalation.FIRST_ALERT: [], after(30): cities}
    ranking = escalation.ranking(found)
    assert "3 cities" in ranking.caption
    [row] = [dict(zip(ranking.columns, row, strict=True)) for row in ranking.rows]
    assert (row["on the day"], row["incidents"], row["escalate, mean chance"]) == (after(30), 4, pytest.approx(0.525))
    assert row["AUC of true hazard"] == expected_auc(chances, chances)
    assert row["AUC of its formula alone"] == expected_auc([1, 3, 2, 0], chances)
    assert row["AUC of points"] == expected_auc([10, 4, 3, 2.9], chances)
    assert row["AUC of complainants alone"] == expected_auc([2, 9, 5, 4], chances)
    assert row["AUC of chances"] == expected_auc([0.6, 0.5, 0.2, 0.1], chances)
    assert row["chances, ± one s.e."] == with_error(cities, lambda one: one.said)[1]
    assert row["points, ± one s.e."] == with_error(cities, lambda one: one.points)[1]
    factors = {name: (n, alone, without) for name, n, alone, without in escalation.by_factor(found).rows}
    assert factors["complainants"] == (2, expected_auc([7.1, 4, 0, 0], chances), expected_auc([29, 0, 30, 29], chances))
    assert factors["money"] == (2, expected_auc([29, 0, 30, 0], chances), expected_auc([71, 40, 0, 29], chances))


def outcomes(escalated: list[int], **points: list[float]) -> Examples:
    """Issues 1, 2, … of a city, a day each, and what came of them."""
    n = len(escalated)
    empty = np.array([""] * n)
    return Examples(np.arange(1, n + 1), tuple(points), np.array(list(points.values())).T, np.array(escalated, bool),
                    empty, empty)  # fmt: skip


ONE = outcomes([1, 0], 不同诉求人=[20.0, 7.0])
OTHER = outcomes([0, 1, 1], 超期未办=[8.0, 9.0, 0.0], 不同诉求人=[7.0, 8.0, 9.0])
MODEL = Likelihood("1", -1.0, {"不同诉求人": 1.0, "超期未办": 0.5})


def test_cities_together_keep_their_issues_and_columns_apart() -> None:
    both = escalation.together([ONE, OTHER])
    assert (both.n_issues, both.n_escalated, both.names) == (5, 3, ("不同诉求人", "超期未办"))
    assert both.points.tolist() == [[20, 0], [7, 0], [7, 8], [8, 9], [9, 0]]
    assert both.escalated.tolist() == [True, False, False, True, True]


def test_a_chance_is_the_models_of_the_factors() -> None:
    assert escalation.chances_of(MODEL, OTHER)[0] == round(1 / (1 + math.exp(1.0 - 0.7 - 0.4)), 4)
    seen_then = seen(1, 11.0, 0.5, 不同诉求人=7.0, 超期未办=8.0)
    assert escalation.chance_of(MODEL, seen_then.factors) == escalation.chances_of(MODEL, OTHER)[0]


def test_the_table_of_chances_is_of_all_cities_as_one_and_of_each_alone() -> None:
    table = escalation.calibration({1: ONE, 2: OTHER}, {1: MODEL, 2: MODEL})
    rows = {name: tuple(values) for name, *values in table.rows}
    assert rows["issues"] == (5, 2.5, 2, 3)
    chances = [escalation.chances_of(MODEL, city) for city in (ONE, OTHER)]
    alone = [measured(chance, city) for chance, city in zip(chances, (ONE, OTHER), strict=True)]
    assert rows["AUC of chances"] == (
        measured(np.concatenate(chances), escalation.together([ONE, OTHER])).auc,
        (1.0 + alone[1].auc) / 2, min(1.0, alone[1].auc), 1.0,
    )  # fmt: skip
    assert "1 other cities" in table.caption


def test_one_city_is_refused_before_anything_is_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["escalation", "--seeds", "1"])
    with pytest.raises(SystemExit, match="two cities"):
        escalation.main()


def test_every_factor_has_its_english_name() -> None:
    assert {*re.findall(r'Factor\("(.+?)"', inspect.getsource(risk_factors)), BOUNDS} == FACTORS.keys()
