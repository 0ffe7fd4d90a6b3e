"""The benchmark of redaction: its tables on a small set of texts."""

import pytest

from benchmarks import redaction
from tests.redaction.labelled import labelled_texts
from tests.redaction.scoring import Score, redacted, score


@pytest.fixture(scope="module")
def found() -> Score:
    texts = list(labelled_texts(2, 400))
    return score(texts, redacted(each.text for each in texts))


def test_names_stand_first_and_every_kind_has_its_recall(found: Score) -> None:
    rows = redaction.gone(found).rows
    assert rows[0][:2] == ("all names", found.n["name"] + found.n["surname"])
    assert all(0 <= float(row[2]) <= 1 for row in rows)


def test_places_and_firms_stand_first_of_what_stays(found: Score) -> None:
    rows = redaction.kept(found).rows
    assert rows[0][0] == "places and firms"
    assert rows[0][1] == sum(int(row[1]) for row in rows[1:5])


def test_speed_is_given_for_each_length() -> None:
    rows = redaction.speed([each.text for each in labelled_texts(2, 40)]).rows
    assert [row[1] for row in rows] == [40, 10, 5]
    assert all(float(row[2]) > 0 for row in rows)
