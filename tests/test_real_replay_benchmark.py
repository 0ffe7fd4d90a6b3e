"""The benchmark of real reports: which days it scores, and what a row says."""

import pytest

from benchmarks import real_replay

SCORE = {"n_events": 3, "n_caught": 0, "alerts_per_week": 0.0, "precision": None, "median_seen": None,
         "pairwise_f1": 0.91234, "b_cubed_f1": 0.9}  # fmt: skip
RAN = {"seconds": {"ingest": 1.0, "run": 2.5}, "peak_memory_mb": 99.6}


def test_a_period_apart_is_scored_by_itself_to_the_same_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for part, day in (("FROM", "2019-01-01"), ("TO", "2019-06-30"), ("APART", "2019-04-01")):
        monkeypatch.setenv(f"JIANWEI_BENCH_{part}", day)
    assert [options for _, options in real_replay.windows("petitions")] == [
        ["--from=2019-01-01", "--to=2019-06-30"], ["--from=2019-04-01", "--to=2019-06-30"],
    ]  # fmt: skip


def test_other_streams_are_scored_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANWEI_BENCH_APART", "2019-04-01")
    assert real_replay.windows("hotline") == [("hotline", [])]


def test_the_precision_of_no_alerts_is_a_dash() -> None:
    row = dict(zip(real_replay.COLUMNS, real_replay.row_of("hotline", "0.02", SCORE, RAN), strict=True))
    assert (row["precision, lower bound"], row["reports seen, median"], row["pairwise F1"]) == ("–", "–", 0.912)
    assert (row["seconds"], row["peak MB"]) == (3.5, 100)
