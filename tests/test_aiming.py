"""A budget found by replays: the largest that brings no more alerts a week than are wanted."""

import json
import math
from pathlib import Path

import pytest

from signals.aiming import LEAST, NEAR_ENOUGH, TRIES, aim
from tests.exports import Export, Jianwei


@pytest.mark.parametrize("wanted", [0.5, 3.0, 11.0])
def test_a_rate_that_grows_with_the_budget_is_met_nearly_and_never_exceeded(wanted: float) -> None:
    asked: list[float] = []

    def rate(budget: float) -> float:
        asked.append(budget)
        return 2.8 * math.sqrt(budget)

    found = aim(rate, wanted)
    assert found is not None
    assert 0.85 * wanted <= found.alerts_per_week <= wanted
    assert found.alerts_per_week == rate(found.false_alerts_per_day)
    assert len(asked) <= TRIES + 1


def test_the_best_of_a_rate_with_steps_is_kept_though_a_later_try_was_too_much() -> None:
    found = aim(lambda budget: 1.0 if budget < 2.0 else 8.0, 3.0)
    assert found is not None
    assert found.alerts_per_week == 1.0
    assert 1.8 <= found.false_alerts_per_day < 2.0


def test_near_enough_ends_the_search() -> None:
    asked: list[float] = []

    def rate(budget: float) -> float:
        asked.append(budget)
        return 3.0 * NEAR_ENOUGH

    assert aim(rate, 3.0) is not None
    assert len(asked) == 1


def test_what_no_budget_brings_is_none() -> None:
    asked: list[float] = []
    assert aim(lambda budget: asked.append(budget) or 5.0, 3.0) is None  # type: ignore[func-returns-value]
    assert min(asked) < 2 * LEAST


def test_the_command_names_a_budget_and_leaves_its_replay(jianwei: Jianwei, export: Export) -> None:
    code, said = jianwei("replay", str(export.path), "--out", "out", "--alerts-per-week", "2")
    assert code == 0, said
    chosen = float(said.rsplit("false_alerts_per_day = ", 1)[1].split()[0])
    left = json.loads(Path("out/replay.json").read_text("utf-8"))
    assert left["settings"]["detector"]["false_alerts_per_day"] == chosen
    assert 0 < left["alerts_per_week"] <= 2
    assert len(Path("out/alerts.jsonl").read_text("utf-8").splitlines()) == left["alerts"]


def test_a_rate_that_cannot_be_kept_is_a_sentence(jianwei: Jianwei, export: Export) -> None:
    code, said = jianwei("replay", str(export.path), "--out", "out", "--alerts-per-week", "0.1")
    assert code == 1
    assert "--alerts-per-week: 预算降到" in said


def test_it_measures_no_shuffle_and_takes_no_budget(jianwei: Jianwei, export: Export) -> None:
    for other in (("--shuffle", "year"), ("--false-alerts-per-day", "1")):
        code, said = jianwei("replay", str(export.path), "--out", "out", "--alerts-per-week", "2", *other)
        assert code == 2
        assert "不能与" in said
