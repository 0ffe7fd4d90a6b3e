"""How the benchmark of the second year parts what it judges, by hand."""

from datetime import date, timedelta

from benchmarks import second_year
from benchmarks.second_year import KNOWN_DAYS
from benchmarks.text_city import Catch
from signals.evaluate import RaisedAlert
from signals.simulate.truth import Falsehood, Truth

FIRST_ON = date(2025, 1, 1)
TURN = FIRST_ON + timedelta(days=KNOWN_DAYS)
THEN = Falsehood("then", "seasonal", ["a", "b"], str(TURN - timedelta(days=1)), str(TURN))
NOW = Falsehood("now", "seasonal", ["c", "d"], str(TURN), str(TURN))
PRAISE = Falsehood("praise", "praise", ["e", "f"], str(FIRST_ON), str(FIRST_ON))


def parts() -> dict[str, dict[str, object]]:
    truth = Truth(1, FIRST_ON, KNOWN_DAYS + 100, [], [THEN, NOW, PRAISE])
    catches = [Catch(KNOWN_DAYS - 1, 20, "step", "diverse", 3, 4), Catch(KNOWN_DAYS, 20, "step", "diverse", None, None)]
    alerts = [RaisedAlert(TURN - timedelta(days=1), frozenset("ab")), RaisedAlert(TURN, frozenset("xy"))]
    judged = second_year.by_part(truth, catches, [], alerts, 0.9)
    found = {part: [one] for part, one in zip(second_year.PARTS, judged, strict=True)}
    return {str(row[0]): dict(zip(second_year.COLUMNS, row, strict=True)) for row in second_year.table(found).rows}


def test_incidents_decoys_and_alerts_go_to_the_part_in_which_they_begin() -> None:
    first, after = parts().values()
    assert (first["days"], after["days"]) == (KNOWN_DAYS, 100)
    assert (first["caught"], after["caught"]) == (1.0, 0.0)
    assert (first["seasonal decoys alerted"], first["of"]) == (1, 1)
    assert (after["seasonal decoys alerted"], after["of"]) == (0, 1)
    assert (first["other decoys alerted"], first["of them"]) == (0, 1)
    assert (first["alerts a week"], after["alerts a week"]) == (7 / KNOWN_DAYS, 0.07)


def test_a_part_without_alerts_has_no_precision() -> None:
    _, after = second_year.by_part(Truth(1, FIRST_ON, KNOWN_DAYS + 9, [], []), [], [], [], 0.9)
    assert second_year.row([after])[2] == "–"
