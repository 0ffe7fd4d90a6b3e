"""The chance of escalating out of an issue's factors, and the folder that a model lives in."""

import json
import math
from pathlib import Path

import pytest

from signals.errors import StateError
from signals.likelihood import (
    MODEL_FILE,
    QUALITY_FILE,
    Bin,
    Likelihood,
    Quality,
    read_likelihood,
    read_quality,
    uncalibrated,
    write_likelihood,
)
from signals.records import Factor
from tests.engine.stream import FIRST_DAY

MODEL = Likelihood("20250331-1", -2.0, {"不同诉求人": 1.5, "超期未办": 0.5, "近日无新增": 0.25})
QUALITY = Quality(210, 400, 0.3, 0.75, 0.7, None, 0.25, 0.2, 0.03, (Bin(200, 0.1, 0.12), Bin(200, 0.5, 0.48)),
                  {"440703": -0.02})  # fmt: skip


def test_the_log_odds_are_the_weighted_points_in_tens() -> None:
    factors = (Factor("不同诉求人", 14.0, "4位"), Factor("超期未办", 8.0, "1件"), Factor("近日无新增", -4.0, "3天"))
    odds = -2.0 + 1.5 * 1.4 + 0.5 * 0.8 - 0.25 * 0.4
    assert MODEL.of(factors) == round(1 / (1 + math.exp(-odds)), 4)


def test_without_factors_the_base_alone_counts_and_an_unknown_factor_weighs_nothing() -> None:
    assert MODEL.of(()) == MODEL.of((Factor("涉及钱款", 5.0, ""),)) == round(1 / (1 + math.exp(2.0)), 4)


def test_no_model_gives_no_chance() -> None:
    assert uncalibrated(FIRST_DAY) is None  # type: ignore[func-returns-value]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_likelihood(tmp_path, MODEL, QUALITY)
    assert (read_likelihood(tmp_path), read_quality(tmp_path)) == (MODEL, QUALITY)
    (tmp_path / QUALITY_FILE).unlink()
    assert read_quality(tmp_path) is None


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"version": "1", "base": 0}', '{"version": "1", "base": "x", "weights": {}}',
     '{"version": "1", "base": 0, "weights": []}', '{"version": "1", "base": NaN, "weights": {}}',
     '{"version": "1", "base": 0, "weights": {"超期未办": -0.1}}',
     '{"version": "1", "base": 0, "weights": {"超期未办": Infinity}}'],
)  # fmt: skip
def test_a_file_that_is_no_model_is_named_with_what_to_do(tmp_path: Path, content: str) -> None:
    (tmp_path / MODEL_FILE).write_text(content)
    with pytest.raises(StateError, match=rf"{MODEL_FILE}.*jianwei retrain risk"):
        read_likelihood(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="gone"):
        read_likelihood(tmp_path / "gone")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"bins": [1]}', '{"bins": []}'])
def test_a_broken_word_on_quality_is_named_with_what_to_do(tmp_path: Path, content: str) -> None:
    (tmp_path / QUALITY_FILE).write_text(content)
    with pytest.raises(StateError, match=rf"{QUALITY_FILE}.*jianwei retrain risk"):
        read_quality(tmp_path)


def test_the_files_are_readable_text(tmp_path: Path) -> None:
    write_likelihood(tmp_path, MODEL, QUALITY)
    assert json.loads((tmp_path / MODEL_FILE).read_text("utf-8"))["weights"]["超期未办"] == 0.5
    assert "超期未办" in (tmp_path / MODEL_FILE).read_text("utf-8")
