"""The READMEs' tables of what was measured, out of results; and a small export with its dates shuffled."""

from pathlib import Path

import pytest

from benchmarks import readme, real_replay, recording, shuffled
from benchmarks.real_streams import Stream
from benchmarks.recording import Result, Table
from tests.exports import Export

HOTLINE = dict(zip(real_replay.COLUMNS, ("hotline", "default", 7, 6, 4, 4, 3.111, 0.75, 7.5, 8.5, -0.5, 0.674, 0.677,
                                         26.1, 559), strict=True))  # fmt: skip


def write(folder: Path, name: str, *tables: Table) -> None:
    recording.write(Result(name, "", "", "", tables), folder)


def write_replay(folder: Path, *, by_scope: bool) -> None:
    other = tuple({**HOTLINE, "budget": "1", "alerted": 5}.values())
    scopes = (
        ("hotline", "1", "specific", 4, 4, 1.0, 4.0, 4.0, 0.0, 0.1, 0.1),
        ("hotline", "default", "citywide", 3, 2, 0.667, 12.0, 12.0, 0.0, 0.5, 0.5),
        ("hotline", "default", "specific", 4, 4, 1.0, 4.0, 4.0, 0.0, 0.84, 0.8),
    )
    tables = [Table("", real_replay.COLUMNS, (other, tuple(HOTLINE.values())))]
    write(folder, "real_replay", *tables, *([Table("", real_replay.BY_SCOPE, scopes)] if by_scope else []))


def test_a_row_of_the_readme_is_that_of_the_default_budget(tmp_path: Path) -> None:
    write_replay(tmp_path, by_scope=True)
    assert readme.measured(readme.ENGLISH, tmp_path).splitlines()[-1] == (
        "| 3,209 hotline orders of another city, six weeks of 2018 | 6 of 7 | 3.1 | ≥ .75 | 7.5"
        " | -0.5 | .67 (specific events .84) | 26 | 560 MB |"
    )
    chinese = readme.measured(readme.CHINESE, tmp_path)
    assert "| 6/7 | 3.1 | ≥ .75 | 7.5 | -0.5 | .67（地点明确的事 .84） | 26 | 560 MB |" in chinese


def test_f1_of_specific_events_is_said_only_where_it_was_measured(tmp_path: Path) -> None:
    write_replay(tmp_path, by_scope=False)
    assert "| 7.5 | -0.5 | .67 | 26 |" in readme.measured(readme.ENGLISH, tmp_path)


def test_what_was_not_measured_is_a_dash(tmp_path: Path) -> None:
    assert readme.measured(readme.ENGLISH, tmp_path).count(" – ") == 3 * 8
    assert readme.shuffled(readme.ENGLISH, tmp_path).count(" – ") == 4


@pytest.mark.parametrize("language", [readme.ENGLISH, readme.CHINESE])
def test_shuffles_stand_side_by_side(language: readme.Language, tmp_path: Path) -> None:
    rows = (("hotline", "year", 9, 0.112, 60.0), ("hotline", "60d", 10, 0.124, 60.0))
    write(tmp_path, "shuffled", Table("", shuffled.COLUMNS, rows))
    assert readme.shuffled(language, tmp_path).splitlines()[-1].endswith(" | .11 | .12 |")


@pytest.mark.slow
def test_a_small_export_is_replayed_with_its_dates_shuffled(export: Export) -> None:
    stream = Stream("invented", (export.path,), export.path)
    row = dict(zip(shuffled.COLUMNS, shuffled.measure(stream, "60d"), strict=True))
    assert (row["stream"], row["shuffled"]) == ("invented", "60d")
    ratio = row["realized ÷ budget"]
    assert isinstance(ratio, float)
    assert ratio >= 0
