"""A budget found by replays: the largest that brings no more alerts a week than are wanted."""

import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import pipelines.replay
from pipelines.replay import aim_command
from signals.aiming import LEAST, NEAR_ENOUGH, TRIES, Tried, aim, is_too_quiet, largest
from signals.errors import InputError
from signals.replay import Replayed
from signals.settings import Settings
from tests.exports import Export, Jianwei


@pytest.mark.parametrize("wanted", [0.5, 3.0, 11.0])
def test_a_rate_that_grows_with_the_budget_is_met_nearly_and_never_exceeded(wanted: float) -> None:
    tried = aim(lambda budget: 2.8 * math.sqrt(budget), wanted)
    found = largest(tried, wanted)
    assert found is not None
    assert 0.85 * wanted <= found.alerts_per_week <= wanted
    assert len(tried) <= TRIES
    assert not is_too_quiet(tried, wanted)


def test_of_a_rate_with_steps_the_largest_that_kept_to_it_is_found_though_later_tries_were_too_much() -> None:
    tried = aim(lambda budget: 1.0 if budget < 2.0 else 8.0, 3.0)
    found = largest(tried, 3.0)
    assert found is not None
    assert 1.8 <= found.false_alerts_per_day < 2.0
    assert not is_too_quiet(tried, 3.0)


def test_near_enough_ends_the_search() -> None:
    assert len(aim(lambda budget: 3.0 * NEAR_ENOUGH, 3.0)) == 1


def test_the_least_budget_is_tried_before_giving_up() -> None:
    tried = aim(lambda budget: 2.0 if budget <= LEAST else 5.0, 3.0)
    assert largest(tried, 3.0) == Tried(LEAST, 2.0)
    assert largest(aim(lambda budget: 5.0, 3.0), 3.0) is None


def test_a_past_that_brings_nothing_tells_nothing() -> None:
    assert is_too_quiet(aim(lambda budget: 0.0, 3.0), 3.0)


def pretend(monkeypatch: pytest.MonkeyPatch, rate_below_two: float, rate_from_two: float) -> list[float]:
    """Replays that take no time; returns the budgets asked for, as they come."""
    asked: list[float] = []
    done = Replayed(date(2025, 1, 1), date(2025, 3, 1), 100, 0, 8, 0.0, 0.0, 0.0, 0.0)

    def replayed(files: list[Path], out: Path, settings: Settings, **window: Any) -> Replayed:
        budget = settings.detector.false_alerts_per_day or 0.0
        asked.append(budget)
        return replace(done, alerts_per_week=rate_below_two if budget < 2.0 else rate_from_two)

    monkeypatch.setattr(pipelines.replay, "_replayed", replayed)
    return asked


def test_the_last_replay_is_that_of_the_budget_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = pretend(monkeypatch, 1.0, 8.0)
    assert aim_command([], tmp_path, Settings(), alerts_per_week=3.0, first=None, last=None) == 0
    named = float(capsys.readouterr().out.rsplit("false_alerts_per_day = ", 1)[1])
    assert asked[-1] == named < 2.0
    assert asked[-2] >= 2.0  # the search itself ended elsewhere


@pytest.mark.parametrize(("rate", "said"), [(9.0, "仍超过每周 3 条"), (0.5, "选不出预算")])
def test_what_cannot_be_chosen_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rate: float, said: str
) -> None:
    pretend(monkeypatch, rate, rate)
    with pytest.raises(InputError, match=f"--alerts-per-week: .*{said}"):
        aim_command([], tmp_path, Settings(), alerts_per_week=3.0, first=None, last=None)


@pytest.mark.slow
def test_the_command_names_a_budget_and_leaves_its_results(jianwei: Jianwei, export: Export) -> None:
    code, said = jianwei("replay", str(export.path), "--out", "out", "--alerts-per-week", "3.5")
    assert code == 0, said
    chosen = float(said.rsplit("false_alerts_per_day = ", 1)[1].split()[0])
    left = json.loads(Path("out/replay.json").read_text("utf-8"))
    assert left["settings"]["detector"]["false_alerts_per_day"] == chosen
    assert 0 < left["alerts_per_week"] <= 3.5
    assert len(Path("out/alerts.jsonl").read_text("utf-8").splitlines()) == left["alerts"]


@pytest.mark.slow
def test_it_measures_no_shuffle_and_takes_no_budget(jianwei: Jianwei, export: Export) -> None:
    for other in (("--shuffle", "year"), ("--false-alerts-per-day", "1")):
        code, said = jianwei("replay", str(export.path), "--out", "out", "--alerts-per-week", "2", *other)
        assert code == 2
        assert "不能与" in said
