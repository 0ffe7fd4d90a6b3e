"""The benchmark of many reports: its sums by hand, and all its steps on a tiny city."""

import resource
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import scale
from benchmarks.scale import Day, Step
from signals.replay import peak_mb


def test_milliseconds_are_of_all_reports_of_the_days() -> None:
    assert scale.milliseconds([Day(100, 0.5), Day(300, 0.7)]) == pytest.approx(3.0)


def test_the_first_and_last_week_are_compared() -> None:
    days = tuple(Day(10, 0.01 if place < 7 else 0.02 if place < 9 else 0.03) for place in range(16))
    assert scale.row("run", Step(160, 4.0, 500.4, days))[1:] == pytest.approx((160, 4.0, 25.0, 1.0, 3.0, 0.03, 500))


def test_too_few_days_are_not_compared() -> None:
    assert scale.row("run", Step(10, 1.0, 99.0, (Day(10, 1.0),)))[4:6] == ("–", "–")


def test_every_step_has_a_row_simulating_too() -> None:
    table = scale.table({"simulate": Step(160, 4.0, 500.0), "ingest": Step(158, 2.0, 400.0)}, 3)
    assert [row[:3] for row in table.rows] == [("simulate", 160, 4.0), ("ingest", 158, 2.0)]


@pytest.mark.parametrize("largest", [resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN])
def test_peak_memory_is_that_of_the_largest_process(largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def usage(who: int) -> SimpleNamespace:
        return SimpleNamespace(ru_maxrss=(700 if who == largest else 300) * 1024)

    monkeypatch.setattr("signals.replay.resource.getrusage", usage)
    assert peak_mb() == 700


def test_the_steps_take_in_and_run_what_was_made(tmp_path: Path) -> None:
    first_on = date(2025, 1, 1)
    scale.make(tmp_path / "city", first_on, 3, 40.0)
    taken, ran = scale.take_in(tmp_path, tmp_path / "city"), scale.run(tmp_path, date(2025, 1, 3))
    assert taken.n_reports == ran.n_reports > 0
    assert [len(ran.days), sum(day.n_reports for day in ran.days)] == [3, ran.n_reports]
