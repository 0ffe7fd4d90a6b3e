"""docs/benchmarks.md is what the results say, and the results can be measured again."""

import re
from pathlib import Path

import pytest

from benchmarks import recording, tables
from benchmarks.recording import Result, Table

ROOT = Path(__file__).parent.parent
FILES = sorted(recording.RESULTS.glob("*.json"))
INVENTED = Result("a", "An *a*", "python -m benchmarks.tables", "1 core", (Table("c", ("x", "n"), (("u", 0.5),)),))


def script_of(command: str) -> Path:
    """The script or package that a command runs."""
    words = command.split()
    if "-m" in words:
        path = ROOT.joinpath(*words[words.index("-m") + 1].split("."))
        return path / "__main__.py" if path.is_dir() else path.with_suffix(".py")
    return ROOT / next(word for word in words if word.endswith(".py"))


def test_the_page_is_what_the_results_say() -> None:
    assert tables.PAGE.read_text("utf-8") == tables.page(tables.results()), "run: python -m benchmarks.tables"


def test_a_changed_number_changes_the_page() -> None:
    other = Result("a", "An *a*", "python -m benchmarks.tables", "1 core", (Table("c", ("x", "n"), (("u", 0.6),)),))
    assert tables.page([INVENTED]) != tables.page([other])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_command_of_a_result_names_a_script_that_exists(path: Path) -> None:
    assert script_of(recording.read(path).command).is_file()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_result_holds_nothing_out_of_the_data(path: Path) -> None:
    assert re.findall(r"[\u3400-\u9fff]", path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_result_is_named_like_its_file(path: Path) -> None:
    assert recording.read(path).name == path.stem


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert recording.read(recording.write(INVENTED, tmp_path)) == INVENTED


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    first = recording.write(INVENTED, tmp_path).read_bytes()
    assert first == recording.write(INVENTED, tmp_path).read_bytes()
    assert first.endswith(b"\n")


def test_a_row_with_a_missing_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells, expected 1"):
        Table("c", ("x",), ((1, 2),))


def test_the_machine_is_described_without_its_name() -> None:
    assert re.fullmatch(r"\d+ cores, \d+ GB, \w+, Python 3\.\d+\.\d+\S*", recording.machine())
