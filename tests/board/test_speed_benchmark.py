"""The benchmark of the board's pages, on the small warehouse: every page is opened and timed."""

import shutil
from pathlib import Path

import pytest

from benchmarks.board_speed import OPENED, measured
from tests.board.serving import served

pytestmark = pytest.mark.browser


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed (make browser)")
def test_every_page_is_timed_while_another_session_clicks(full_folder: Path) -> None:
    with served(full_folder) as address:
        rows = measured(address, n_sessions=1, n_rounds=1)
    assert {str(row[0]) for row in rows} == set(OPENED)
    assert all(0 < float(row[4]) < 60 for row in rows)
