"""How the benchmark of simulated cities judges alerts, by hand."""

from datetime import date

import pytest

from benchmarks import text_city
from benchmarks.text_city import Catch, Decoy
from signals.evaluate import Event, RaisedAlert
from signals.simulate.truth import Falsehood, Planted

BURST = Event("I", "burst", "", frozenset("abcd"), frozenset(), None, False)
CHRONIC = Event("C", "chronic", "", frozenset("xyz"), frozenset(), None, False)
DECOY = Falsehood("D", "praise", ["p", "q", "r"], "2025-01-01", "2025-01-03")

PLANTED = Planted("I", "i", "burst", "specific", "step", [*"abcd"], 4, "2025-01-01", "2025-01-09", "2025-01-01",
                  likeness="diverse")  # fmt: skip

FIRST_ON = date(2024, 12, 20)


def alert(day: int, reports: str) -> RaisedAlert:
    return RaisedAlert(date(2025, 1, day), frozenset(reports))


def judged(*alerts: RaisedAlert) -> text_city.Judged:
    missed = Catch(28, 20, "spike", "copies", None, None)
    catches = (text_city.catch_of(PLANTED, (date(2025, 1, 4), 3), FIRST_ON), missed)
    return text_city.judge(catches, [BURST, CHRONIC], [DECOY], alerts, 10, 0.9, 1.0)


def test_an_alert_of_neither_incident_nor_chronic_spot_is_false() -> None:
    assert judged(alert(1, "ab"), alert(2, "xy"), alert(3, "pq"), alert(4, "mn")).n_false == 2


def test_a_second_alert_of_the_same_incident_is_named_again() -> None:
    assert judged(alert(3, "abc"), alert(1, "ab")).n_again == 1


def test_a_second_alert_of_a_chronic_spot_is_not() -> None:
    assert judged(alert(1, "xy"), alert(2, "xyz")).n_again == 0


@pytest.mark.parametrize(("reports", "is_alerted"), [("pq", True), ("pqab", True), ("pqabc", False), ("p", False)])
def test_a_decoy_is_alerted_when_half_of_an_alert_is_its(reports: str, is_alerted: bool) -> None:
    assert judged(alert(1, reports)).decoys == (Decoy("praise", is_alerted),)


def test_delay_is_counted_from_the_first_report() -> None:
    assert text_city.catch_of(PLANTED, (date(2025, 1, 4), 3), FIRST_ON) == Catch(12, 4, "step", "diverse", 3, 3)
    assert text_city.catch_of(PLANTED, None, FIRST_ON) == Catch(12, 4, "step", "diverse", None, None)


def test_a_row_of_the_first_table_is_the_sum_of_its_cities() -> None:
    one, other = judged(alert(1, "ab"), alert(2, "mn")), judged(alert(1, "mn"))
    row = dict(zip(text_city.OVERALL, text_city.overall("0.5", [one, other]), strict=True))
    assert (row["alerts a week"], row["caught"], row["caught of ≥ 13 reports"]) == (pytest.approx(1.05), 0.5, 0.0)
    assert (row["precision"], row["false a day"], row["false ÷ budget"]) == (pytest.approx(1 / 3, abs=1e-4), 0.1, 0.2)
    assert row["median days, ≥ 13"] == "–"


def test_large_incidents_of_the_first_four_weeks_are_told_apart_from_later_ones() -> None:
    large = [Catch(27, 13, "step", "copies", 6, 9), Catch(28, 40, "step", "copies", 2, 5),
             Catch(80, 13, "spike", "copies", None, None), Catch(3, 12, "step", "copies", 1, 2)]  # fmt: skip
    city = text_city.Judged(tuple(large), 90, 0, 0, 0, (), 0.9, 1.0)
    assert text_city.by_start({"0.5": [city]}).rows == (
        ("0.5", "first 28 days", 1, 1.0, 6.0, 9.0), ("0.5", "later", 2, 0.5, 2.0, 5.0),
    )  # fmt: skip


def test_incidents_are_shared_out_by_size() -> None:
    table = text_city.tables({"0.5": [judged(alert(1, "ab"))]})[2]
    assert table.columns[1:] == ("4–6 (1)", "7–12 (0)", "13–30 (1)", "≥ 31 (0)")
    assert table.rows == (("0.5", 1.0, "–", 0.0, "–"),)


def test_incidents_are_shared_out_by_wording() -> None:
    table = text_city.tables({"0.5": [judged(alert(1, "ab"))]})[4]
    assert (table.columns[1:], table.rows) == (("copies (1)", "diverse (1)"), (("0.5", 0.0, 1.0),))


def test_decoys_that_are_alerted_are_counted_by_kind_in_every_budget() -> None:
    table = text_city.tables({"0.5": [judged(alert(1, "pq")), judged()], "": [judged()]})[5]
    assert (table.columns, table.rows) == (("budget", "praise (2)"), (("0.5", 1), ("default", 0)))
