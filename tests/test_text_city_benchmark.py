"""How the benchmark of simulated cities judges alerts, by hand."""

from datetime import date

import pytest

from benchmarks import text_city
from benchmarks.text_city import Catch
from signals.evaluate import Event, RaisedAlert
from signals.simulate.truth import Falsehood

BURST = Event("I", "burst", "", frozenset("abcd"), frozenset(), None, False)
CHRONIC = Event("C", "chronic", "", frozenset("xyz"), frozenset(), None, False)
DECOY = Falsehood("D", "praise", ["p", "q", "r"], "2025-01-01", "2025-01-03")


def alert(day: int, reports: str) -> RaisedAlert:
    return RaisedAlert(date(2025, 1, day), frozenset(reports))


def judged(*alerts: RaisedAlert) -> text_city.Judged:
    catches = (text_city.catch_of(4, "step", "2025-01-01", (date(2025, 1, 4), 3)), Catch(20, "spike", None, None))
    return text_city.judge(catches, [BURST, CHRONIC], [DECOY], alerts, 10, 0.9, 1.0)


def test_an_alert_of_neither_incident_nor_chronic_spot_is_false() -> None:
    assert judged(alert(1, "ab"), alert(2, "xy"), alert(3, "pq"), alert(4, "mn")).n_false == 2


def test_a_second_alert_of_the_same_incident_is_named_again() -> None:
    assert judged(alert(3, "abc"), alert(1, "ab")).n_again == 1


def test_a_second_alert_of_a_chronic_spot_is_not() -> None:
    assert judged(alert(1, "xy"), alert(2, "xyz")).n_again == 0


@pytest.mark.parametrize(("reports", "n"), [("pq", 1), ("pqab", 1), ("pqabc", 0), ("p", 0)])
def test_a_decoy_is_alerted_when_half_of_an_alert_is_its(reports: str, n: int) -> None:
    assert judged(alert(1, reports)).n_decoys_alerted == n


def test_delay_is_counted_from_the_first_report() -> None:
    assert text_city.catch_of(4, "step", "2025-01-01", (date(2025, 1, 4), 3)) == Catch(4, "step", 3, 3)


def test_a_row_of_the_first_table_is_the_sum_of_its_cities() -> None:
    one, other = judged(alert(1, "ab"), alert(2, "mn")), judged(alert(1, "mn"))
    row = dict(zip(text_city.OVERALL, text_city.overall("0.5", [one, other]), strict=True))
    assert (row["alerts a week"], row["caught"], row["caught of ≥ 13 reports"]) == (pytest.approx(1.05), 0.5, 0.0)
    assert (row["precision"], row["false a day"], row["false ÷ budget"]) == (pytest.approx(1 / 3, abs=1e-4), 0.1, 0.2)
    assert row["median days, ≥ 13"] == "–"


def test_incidents_are_shared_out_by_size() -> None:
    table = text_city.tables({"0.5": [judged(alert(1, "ab"))]})[1]
    assert table.columns[1:] == ("4–6 (1)", "7–12 (0)", "13–30 (1)", "≥ 31 (0)")
    assert table.rows == (("0.5", 1.0, "–", 0.0, "–"),)
