"""The benchmark of the board's pages, on the small warehouse: every page is opened and timed."""

import shutil
from pathlib import Path

import pytest

from benchmarks.board_speed import OPENED, measured
from benchmarks.scripted_session import scripted_session
from board.navigation import BoardPage
from tests.board.serving import served

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed (make browser)")
def test_every_page_is_timed_while_another_session_clicks(full_folder: Path) -> None:
    with served(full_folder) as address:
        rows = measured(address, n_sessions=1, n_rounds=1)
    assert {str(row[0]) for row in rows} == {page.path.stem for page in OPENED}
    assert all(0 < float(seconds) < 60 for row in rows for seconds in row[4:])


def test_a_scripted_session_tells_when_the_page_did_not_come(full_folder: Path) -> None:
    unknown = BoardPage("upload.py", "没有这一页", "upload")
    with served(full_folder) as address, scripted_session(address) as session:
        assert 0 < session.open(OPENED[-1]) < 60
        with pytest.raises(RuntimeError, match="没有这一页"):
            session.open(unknown)
