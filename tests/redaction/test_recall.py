"""What redaction finds and leaves alone, on labelled texts that no rule and no weight was made from."""

import re
from collections.abc import Iterator
from zlib import crc32

import pytest

from models.naming.phrases import phrases
from signals.redaction import MARKS
from signals.redaction.candidates import surnames
from signals.text.segmenting import cut_words
from tests.redaction import frames, stock
from tests.redaction.labelled import Labelled, labelled_texts, masked, rarer_texts
from tests.redaction.scoring import NUMBERS, PLACES, Score, gate_loss, redacted, reports_per_second, score

N = 5000
# The aims: names 0.97, places and firms 0.01, words 0.005; what is measured: docs/decisions/0007.
NAMES_GO, PLACES_LOST, WORDS_LOST = 0.965, 0.011, 0.005
RARER_GO = {"dotted": 0.95, "latin": 0.98, "minority": 0.98, "bare": 0.98, "broken": 0.99}


@pytest.fixture(scope="module")
def texts() -> list[Labelled]:
    return list(labelled_texts(11, N))


@pytest.fixture(scope="module")
def after(texts: list[Labelled]) -> list[str]:
    """Each of the texts as it was redacted."""
    return redacted(each.text for each in texts)


@pytest.fixture(scope="module")
def found(texts: list[Labelled], after: list[str]) -> Score:
    return score(texts, after)


def test_numbers_of_every_kind_go(found: Score) -> None:
    assert {kind: found.recall(kind) for kind in NUMBERS if found.recall(kind) < 0.99} == {}


def test_names_go(found: Score) -> None:
    assert found.recall("name", "surname") >= NAMES_GO, found.missed[:20]


def test_places_and_firms_stay(found: Score) -> None:
    assert found.loss("firm") <= PLACES_LOST
    assert found.loss("place") <= PLACES_LOST
    assert found.loss(*PLACES, "firm") <= PLACES_LOST, [each for each in found.missed if not each.startswith("name")][
        :20
    ]


def test_ordinary_words_and_other_numbers_stay(found: Score) -> None:
    assert found.loss("plain") <= WORDS_LOST
    assert found.loss("number") <= 0.002


def test_the_gate_loses_almost_no_name(texts: list[Labelled]) -> None:
    assert gate_loss(texts) <= 0.002


def test_rarer_names_and_broken_numbers_go_and_what_looks_like_them_stays() -> None:
    texts = list(rarer_texts(11, 2000))
    found = score(texts, redacted(each.text for each in texts))
    assert {kind: found.recall(kind) for kind, bar in RARER_GO.items() if found.recall(kind) < bar} == {}
    assert found.loss("estate_dotted", "number") <= 0.01


def test_broken_numbers_leave_the_lines_as_they_were() -> None:
    texts = list(rarer_texts(5, 1000))
    stays_as_it_is(texts, redacted(each.text for each in texts))


def test_a_second_time_changes_nothing_and_lines_stay_lines(texts: list[Labelled], after: list[str]) -> None:
    stays_as_it_is(texts, after)


def stays_as_it_is(texts: list[Labelled], after: list[str]) -> None:
    """Whether each text keeps its lines, and is not changed by redacting it again."""
    assert redacted(after) == after
    assert [once.count("\n") for once in after] == [each.text.count("\n") for each in texts]


def test_no_marks_but_those_of_the_design_appear(texts: list[Labelled], after: list[str]) -> None:
    marks = {
        mark for each, once in zip(texts, after, strict=True) for mark in re.findall("〔.*?〕", once)
        if mark not in each.text
    }  # fmt: skip
    assert marks <= set(MARKS)


def test_redacting_many_takes_at_most_twice_as_long_as_cutting_their_words(texts: list[Labelled]) -> None:
    """A ratio, for a second is not the same on every machine; reports a second are in the benchmark."""
    reports = ["\n".join(each.text for each in texts[i : i + 4]) for i in range(0, 800, 4)]
    redacting = reports_per_second(reports, redacted)
    assert reports_per_second(reports, lambda some: list(map(cut_words, some))) < 2 * redacting


def _names(texts: list[Labelled]) -> Iterator[str]:
    return (each.bare[span.start : span.end] for each in texts for span in each.spans if span.kind == "name")


def test_no_full_name_is_one_that_training_may_draw(texts: list[Labelled]) -> None:
    assert all(crc32(name.encode()) % 2 for name in _names(texts))


def test_every_surname_of_the_texts_is_known_to_the_gate() -> None:
    single, compound = surnames()
    assert {*stock.COMMON, *stock.GUANGDONG} <= set(single)
    assert {*stock.COMPOUND} <= set(compound)


def test_no_sentence_is_one_of_training() -> None:
    known = phrases()
    befores, afters = known["before"] + known["persons_before"], known["after"] + known["persons_after"]
    framed = {f"{before}{{name}}{after}" for before in befores for after in afters if before and after}
    assert framed.isdisjoint({*frames.NAMED, *frames.SPOKEN, *frames.NOTED, *frames.TITLES})


def test_the_same_seed_gives_the_same_texts() -> None:
    assert list(labelled_texts(3, 20)) == list(labelled_texts(3, 20))
    assert list(labelled_texts(3, 20)) != list(labelled_texts(4, 20))


def test_what_was_masked_is_found_again() -> None:
    assert masked("我叫陈小文，好", "我叫〔姓名〕，好") == [False, False, True, True, True, False, False]
    with pytest.raises(ValueError, match="no cut"):
        masked("路灯", "路〔姓名〕不亮")
