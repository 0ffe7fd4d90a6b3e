"""The benchmark of one large csv, on a small one."""

from pathlib import Path

import pytest

from benchmarks import big_file

pytestmark = pytest.mark.slow


def test_every_row_of_the_file_is_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(big_file, "PER_DAY", 20.0)
    row = dict(zip(big_file.COLUMNS, big_file.measured(tmp_path, 0.0005), strict=True))
    assert row["rows"] == row["stored"] > 900
    assert row["in quarantine"] == 0
    assert row["peak MB"] > 50
