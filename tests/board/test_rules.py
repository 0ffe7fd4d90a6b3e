"""Rules of the room, read from its source."""

import re
from pathlib import Path

import pytest

from tests.board.conftest import ROOT

FILES = sorted([ROOT / "app.py", *(ROOT / "board").rglob("*.py")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_of_the_board_reads_complainant_hashes(path: Path) -> None:
    assert "voices" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_of_the_board_calls_out_for_icons_or_renders_markdown(path: Path) -> None:
    source = path.read_text("utf-8")
    for forbidden in (":material/", "http://", "https://", "st.markdown", "st.write(", "unsafe_allow", "st.dataframe"):
        assert forbidden not in source, forbidden


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_only_answers_opens_the_warehouse(path: Path) -> None:
    opens = re.search(r"\b(reading|writing|viewing)\(|duckdb\.connect", path.read_text("utf-8")) is not None
    assert opens == (path.name == "answers.py")


def test_the_style_sheet_loads_nothing_from_elsewhere() -> None:
    style = (ROOT / "board" / "style.css").read_text("utf-8")
    assert "url(" not in style
    assert "@import" not in style
