"""The command that opens the board."""

import os
from pathlib import Path

import pytest

from pipelines.serve import FLAGS, app_path, board_environment
from signals.settings import Settings, load_settings


def test_the_entry_is_found_beside_the_package() -> None:
    assert app_path().name == "app.py"
    assert (app_path().parent / "board" / "style.css").is_file()


def test_settings_reach_the_board_by_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(folder=tmp_path / "work", demo=True, city_name="某市", min_cell=6)
    for name in [name for name in os.environ if name.startswith("JIANWEI_")]:
        monkeypatch.delenv(name)
    for name, value in board_environment(settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    read = load_settings()
    assert (read.warehouse_path, read.demo, read.city_name, read.min_cell) == (
        tmp_path / "work" / "jianwei.duckdb", True, "某市", 6,
    )  # fmt: skip


def test_nothing_that_calls_out_is_switched_on() -> None:
    assert FLAGS["browser.gatherUsageStats"] == "false"
    assert FLAGS["server.fileWatcherType"] == "none"
    assert FLAGS["client.showErrorDetails"] == "none"
    assert FLAGS["client.showErrorLinks"] == "false"
