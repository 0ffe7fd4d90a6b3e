"""Rules of the room, read from its source."""

import re
from pathlib import Path

import pytest

from board.audit_parts import ACTIONS
from signals.handling import Step
from tests.board.conftest import ROOT

FILES = sorted([ROOT / "app.py", *(ROOT / "board").rglob("*.py")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_of_the_board_reads_complainant_hashes(path: Path) -> None:
    assert "voices" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_of_the_board_calls_out_for_icons_or_renders_markdown(path: Path) -> None:
    source = path.read_text("utf-8")
    for forbidden in (":material/", "http://", "https://", "st.markdown", "st.write(", "unsafe_allow", "st.dataframe"):
        if (path.name, forbidden) != ("sheet.py", "unsafe_allow"):
            assert forbidden not in source, forbidden


def test_scripts_of_the_board_are_its_own_file_and_that_of_the_session_s_cookie() -> None:
    sources = {path.name: path.read_text("utf-8") for path in FILES}
    assert sum(source.count("unsafe_allow") for source in sources.values()) == 1
    assert {name for name, source in sources.items() if "run_script(" in source} == {"sheet.py", "sign_in.py"}
    assert """run_script(f"<script>{_read('page.js')}</script>")""" in sources["sheet.py"]
    assert sources["sign_in.py"].count("run_script(") == sources["sign_in.py"].count("run_script(cookie_script())") == 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_only_answers_opens_the_warehouse(path: Path) -> None:
    opens = re.search(r"\b(reading|writing|viewing)\(|duckdb\.connect", path.read_text("utf-8")) is not None
    assert opens == (path.name == "answers.py")


def test_the_style_sheet_loads_nothing_from_elsewhere() -> None:
    style = (ROOT / "board" / "style.css").read_text("utf-8")
    assert "url(" not in style
    assert "@import" not in style


def test_everything_that_is_noted_in_the_audit_has_a_chinese_name() -> None:
    sources = [*FILES, *(ROOT / "pipelines").rglob("*.py")]
    said = r'(?:note\(settings, |\.note\(|may_show\(|may_note\(|_note\(settings, [^"]*|act\(page, "\w+", )"(\w+)"'
    noted = {action for path in sources for action in re.findall(said, path.read_text("utf-8"))}
    assert {"view_reports", "export", "telephone", "sign_in", "run", "correct"} <= noted
    noted |= {f"handle_{step}" for step in Step if step is not Step.FOUND}
    assert noted - {"unknown"} <= set(ACTIONS)  # the account of who failed to sign in
