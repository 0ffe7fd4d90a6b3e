"""The command line in an empty folder, for tests that go through it."""

import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from pipelines.cli import main
from tests.exports import Export, Jianwei, write_petitions

LONGEST = "test_sample.py"  # the demo: started last, it would be waited for alone


@pytest.hookimpl(trylast=True)  # when those that were not asked for are gone
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file comes first, then those of many tests, so that processes which share files end together."""
    sizes = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path.name != LONGEST, -sizes[item.path], item.path))


@pytest.fixture
def jianwei(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Jianwei:
    """Run a command in an empty folder; gives exit code and everything printed."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("JIANWEI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("JIANWEI_COMPLAINANT_KEY", "a key for tests, nothing else")
    monkeypatch.setenv("TERMINAL_WIDTH", "200")

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["jianwei", *arguments])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are kept at the least cost; what one costs otherwise is a test of its own."""
    from argon2 import PasswordHasher

    monkeypatch.setattr("signals.passwords._hasher", lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def export(tmp_path: Path) -> Export:
    return write_petitions(tmp_path / "petitions.xlsx")
