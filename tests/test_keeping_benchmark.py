"""The benchmark of keeping: its snippets and instants by hand, and all its steps on a tiny seeded city."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks import keeping
from benchmarks.keeping import Removed, Trial
from benchmarks.scale import Step
from signals.settings import Settings


def test_a_snippet_that_others_say_too_is_not_drawn() -> None:
    assert set(keeping.draw(["一二三四五六七八九"], "二三四五六七八九")) == {"一二三四五六七八"}
    assert list(keeping.draw(["短"], "")) == []


@pytest.mark.parametrize("before", [date(2025, 7, 2), date(2024, 12, 1), date(2025, 2, 28)])
def test_a_purge_at_the_instant_takes_what_was_received_before_the_day(before: date) -> None:
    assert keeping.before_of(keeping.now_for(before)) == before


def test_bytes_are_looked_for_in_every_file_below_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.txt").write_text("前面一二三四五六七八后面", "utf-8")
    assert keeping.in_bytes(tmp_path, ["一二三四五六七八", "八七六五四三二一"]) == {"一二三四五六七八"}


def test_a_step_that_removes_nothing_has_dashes() -> None:
    trial = Trial("backup", Step(10, 1.26, 99.6), (2**20, 2**21))
    assert keeping.row(trial) == ("backup", 10, 1.3, 100, 1, 2, "–", "–", "–", "–", 0)
    shown = keeping.row(Trial("erase", Step(5, 1.0, 50.0), (2**20, 2**20), Removed(("x",), 1), 0, 1, 2))
    assert shown[6:] == (1, 1, 0, 1, 2)


@pytest.mark.slow
def test_everything_removed_is_gone_and_every_count_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "alone", lambda step, *given: step(*given))
    monkeypatch.setattr(keeping, "N_DIGESTS", 4)
    folder = tmp_path / "var"
    keeping.fill(folder, 250, 16)
    trials = list(keeping.measure(folder, tmp_path / "backups"))
    assert len(trials) == 5
    assert trials[1].step.n_reports == keeping.N_ERASED
    assert 0 < trials[2].step.n_reports < trials[0].step.n_reports
    assert trials[3].step.n_reports == trials[1].step.n_reports + trials[2].step.n_reports
    assert [(trial.in_bytes, trial.in_values, trial.n_changed) for trial in trials] == [(0, 0, 0)] * 5
    assert all(trial.removed.snippets for trial in trials[1:4] if trial.removed)


@pytest.mark.slow
def test_a_text_that_was_left_would_be_found(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path, demo=True)
    keeping.seed(tmp_path, 60, 3)
    removed = keeping.removed_with(settings, "report_key < $going", "i")
    assert set(removed.snippets) == keeping.in_values(settings, removed.snippets)
