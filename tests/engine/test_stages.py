"""Stages and growth: every border once, and the sentences say the numbers of the code."""

import pytest

from signals.records import Stage
from signals.stages import (
    EMERGING_COMPLAINANTS,
    FADING_DAYS,
    GROWTH_DAYS,
    GROWTH_SENTENCE,
    LEVEL_DAYS,
    STAGE_SENTENCES,
    STRONG_COMPLAINANTS,
    growth_of,
    stage_of,
)
from signals.suppression import WATCHED_DAYS


@pytest.mark.parametrize(
    ("people", "in_28", "quiet", "stage"),
    [(2, 2, 0, Stage.WEAK), (3, 3, 0, Stage.EMERGING), (40, 2, 20, Stage.WEAK), (40, 9, 20, Stage.EMERGING),
     (10, 10, 0, Stage.STRONG), (10, 10, 20, Stage.STRONG), (10, 10, 21, Stage.FADING), (3, 0, 21, Stage.FADING),
     (3, 3, 20, Stage.EMERGING), (2, 0, 21, Stage.WEAK), (1, 0, 119, Stage.WEAK), (0, 0, 0, Stage.WEAK)],
)  # fmt: skip
def test_the_stage_of_an_issue(people: int, in_28: int, quiet: int, stage: Stage) -> None:
    assert stage_of(people, in_28, quiet) is stage


@pytest.mark.parametrize(
    ("now", "before", "growth"),
    [(0, 0, 1.0), (1, 0, 1.5), (2, 0, 2.0), (6, 0, 4.0), (12, 11, 14 / 13), (0, 26, 1 / 14)],
)
def test_growth_of_small_counts_stays_small(now: int, before: int, growth: float) -> None:
    assert growth_of(now, before) == pytest.approx(growth)


def test_two_fortnights_make_up_the_level() -> None:
    assert 2 * GROWTH_DAYS == LEVEL_DAYS < WATCHED_DAYS


def test_every_stage_has_one_sentence_with_its_own_numbers() -> None:
    assert set(STAGE_SENTENCES) == set(Stage)
    assert all(sentence.count("。") == 1 and sentence.endswith("。") for sentence in STAGE_SENTENCES.values())
    assert f"{EMERGING_COMPLAINANTS} 到 {STRONG_COMPLAINANTS - 1} 位" in STAGE_SENTENCES[Stage.EMERGING]
    assert f"{FADING_DAYS} 天" in STAGE_SENTENCES[Stage.FADING]
    assert f"{GROWTH_DAYS} 天" in GROWTH_SENTENCE
