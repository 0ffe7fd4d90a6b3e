"""The benchmark of real reports: which days it scores, what a row says, and how people are counted."""

import doctest
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from benchmarks import people, real_replay, real_streams
from benchmarks.people import most_people
from benchmarks.real_replay import Scored
from benchmarks.real_streams import Stream
from tests.exports import Export

SCORE = {"n_events": 3, "n_caught": 0, "alerts_per_week": 0.0, "precision": None, "median_seen": None,
         "median_at_third": None, "median_days_after_third": None, "pairwise_f1": 0.91234, "b_cubed_f1": 0.9,
         "caught": [], "missed": ["a", "b", "c"]}  # fmt: skip
RAN = {"seconds": {"ingest": 1.0, "run": 2.5}, "peak_memory_mb": 99.6}
DATES = {"JIANWEI_BENCH_FROM": "2019-01-01", "JIANWEI_BENCH_TO": "2019-06-30", "JIANWEI_BENCH_APART": "2019-04-01"}


@pytest.fixture
def _named(monkeypatch: pytest.MonkeyPatch) -> None:
    for _, reports, events in real_streams.NAMED:
        monkeypatch.setenv(reports, "reports.xlsx")
        monkeypatch.setenv(events, "events.json")
    for variable, day in DATES.items():
        monkeypatch.setenv(variable, day)


def row_of(scored: Scored) -> dict[str, object]:
    return dict(zip(real_replay.COLUMNS, real_replay.row_of(scored), strict=True))


@pytest.mark.usefixtures("_named")
def test_a_period_apart_is_scored_by_itself_to_the_same_end() -> None:
    petitions = real_streams.real_streams()[0]
    assert [options for _, options in real_replay.windows(petitions)] == [
        ["--from=2019-01-01", "--to=2019-06-30"], ["--from=2019-04-01", "--to=2019-06-30"],
    ]  # fmt: skip


@pytest.mark.usefixtures("_named")
def test_other_streams_are_scored_whole() -> None:
    hotline = real_streams.real_streams()[1]
    assert real_replay.windows(hotline) == [("hotline", [])]


@pytest.mark.usefixtures("_named")
def test_the_command_of_a_result_names_the_days_and_no_file() -> None:
    dates = " ".join(f"{variable}={day}" for variable, day in DATES.items())
    assert real_streams.command("real_replay", "default") == f"{dates} python -m benchmarks.real_replay default"


def test_a_stream_without_a_name_is_skipped_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for _, reports, _ in real_streams.NAMED:
        monkeypatch.delenv(reports, raising=False)
    assert real_streams.real_streams() == []
    assert "petitions: skipped; set JIANWEI_BENCH_PETITIONS" in capsys.readouterr().out


def test_the_precision_of_no_alerts_is_a_dash() -> None:
    row = row_of(Scored("hotline", "0.02", SCORE, RAN))
    assert (row["precision, lower bound"], row["reports seen, median"], row["pairwise F1"]) == ("–", "–", 0.912)
    assert (row["seconds"], row["peak MB"]) == (3.5, 100)


def test_events_of_many_people_are_counted_apart_where_the_window_holds_them() -> None:
    score = {**SCORE, "caught": [{"event_id": "a"}], "missed": ["b"]}
    row = row_of(Scored("petitions", "default", score, RAN, frozenset({"a", "b", "outside"})))
    assert (row["of ≥ 5 people"], row["of these alerted"]) == (2, 1)


def test_scopes_have_a_row_each_and_events_without_one_none() -> None:
    none = {**SCORE, "n_events": 0, "pairwise_f1": None, "b_cubed_f1": 0.7}
    some = {**SCORE, "n_events": 2, "n_caught": 1, "median_seen": 9.0, "median_at_third": 8.0,
            "median_days_after_third": -1.0, "pairwise_f1": 0.5, "b_cubed_f1": 0.61239}  # fmt: skip
    score = {**SCORE, "by_scope": {"": SCORE, "citywide": some, "specific": none}}
    assert real_replay.rows_by_scope(Scored("hotline", "1", score, RAN)) == [
        ("hotline", "1", "citywide", 2, 1, 0.5, 9.0, 8.0, -1.0, 0.5, 0.612),
        ("hotline", "1", "specific", 0, 0, "–", "–", "–", "–", "–", 0.7),
    ]
    assert real_replay.rows_by_scope(Scored("petitions", "1", {**SCORE, "by_scope": {"": SCORE}}, RAN)) == []


def test_people_are_counted_within_forty_two_days() -> None:
    first = date(2025, 1, 1)
    assert most_people([(first + timedelta(days=day), who) for day, who in ((0, "a"), (41, "b"), (42, "c"))]) == 2
    assert most_people([]) == 0
    assert doctest.testmod(people, extraglobs={"date": date}).failed == 0


@pytest.mark.slow
def test_a_small_export_is_replayed_scored_and_its_people_counted(export: Export, tmp_path: Path) -> None:
    few = {"event_id": "F", "kind": "burst", "scope": "citywide", "ids": export.burst_ids[:4]}
    many = {"event_id": "M", "kind": "burst", "scope": "specific", "ids": export.burst_ids[4:]}
    (tmp_path / "gold.json").write_text(json.dumps({"events": [few, many]}), "utf-8")
    stream = Stream("invented", (export.path,), tmp_path / "gold.json")
    (found,) = real_replay.measure(stream, "1")
    assert (row_of(found)["bursts"], row_of(found)["of ≥ 5 people"]) == (2, 1)
    assert [row[2] for row in real_replay.rows_by_scope(found)] == ["citywide", "specific"]
