"""The docs say what the code says: words, tables, commands, files and examples."""

import dataclasses
import inspect
import re
import tomllib
from enum import StrEnum
from pathlib import Path

import pytest

from pipelines.cli import app
from signals import records
from signals.reading.fields import Field
from signals.records import KIND_NAMES, LEVEL_NAMES, SOURCE_NAMES, STAGE_NAMES, Stage
from signals.redaction import MARKS
from signals.settings import Settings
from signals.stages import STAGE_SENTENCES
from tests.doc_tables import DOCS, MEANINGS, ROOT, TABLES, settings_table, tables_in, with_tables

PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("README*.md")])
GLOSSARY = (DOCS / "glossary.md").read_text("utf-8")
ROWS = {tuple(map(str.strip, line.strip("|").split("|")[:2])) for line in GLOSSARY.splitlines() if line.startswith("|")}
MEMBERS = [
    (str(member), name)
    for names in (SOURCE_NAMES, LEVEL_NAMES, STAGE_NAMES, KIND_NAMES)
    for member, name in names.items()
]
RECORDS = [
    (name, each)
    for name, each in inspect.getmembers(records, inspect.isclass)
    if dataclasses.is_dataclass(each) and each.__module__ == records.__name__
]
COMMANDS = {command.name or str(command.callback.__name__) for command in app.registered_commands if command.callback}
COMMANDS |= {str(group.name) for group in app.registered_groups}


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize(("value", "chinese"), MEMBERS)
def test_every_member_of_an_enumeration_is_in_the_glossary_with_its_chinese_name(value: str, chinese: str) -> None:
    assert (value, chinese) in ROWS


def test_every_enumeration_of_the_records_has_chinese_names_for_all_its_members() -> None:
    members = [m for _, e in inspect.getmembers(records, inspect.isclass) if issubclass(e, StrEnum) for m in e]
    assert [str(member) for member in members if str(member) not in dict(MEMBERS)] == []


@pytest.mark.parametrize(("name", "record"), RECORDS)
def test_every_record_is_in_the_glossary_with_the_chinese_term_of_its_docstring(name: str, record: type) -> None:
    terms = [row[1] for row in ROWS if row[0] == name.lower()]
    assert terms, f"{name} is not in docs/glossary.md"
    if said := re.search(r"[（(]([\u4e00-\u9fff]+)[）)]", record.__doc__ or ""):
        assert said[1] in terms


@pytest.mark.parametrize("stage", Stage)
def test_the_stages_in_the_glossary_have_the_sentences_of_the_code(stage: Stage) -> None:
    assert f"| {stage} | {STAGE_NAMES[stage]} | {STAGE_SENTENCES[stage]} |" in GLOSSARY


def test_every_redaction_mark_is_in_the_glossary() -> None:
    assert [mark for mark in MARKS if f"| {mark} |" not in GLOSSARY] == []


def test_every_field_of_an_export_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Field)


def test_every_setting_has_a_meaning() -> None:
    assert [line for line in settings_table().splitlines() if line.endswith("|  |")] == []


@pytest.mark.parametrize("path", PAGES, ids=names(PAGES))
def test_tables_made_from_the_code_are_up_to_date(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text == with_tables(text), "run: python -m tests.doc_tables"


def test_every_table_stands_in_some_page() -> None:
    assert set().union(*(tables_in(path.read_text("utf-8")) for path in PAGES)) == set(TABLES)


@pytest.mark.parametrize("path", PAGES, ids=names(PAGES))
def test_commands_that_a_page_names_exist(path: Path) -> None:
    named = set(re.findall(r"`jianwei ([a-z]+)|bin/jianwei ([a-z]+)", path.read_text("utf-8")))
    assert {first or second for first, second in named} - COMMANDS == set()


@pytest.mark.parametrize("path", PAGES, ids=names(PAGES))
def test_files_that_a_page_names_exist(path: Path) -> None:
    folders = "signals|models|pipelines|board|tests|docs|benchmarks"
    named = re.findall(rf"`((?:{folders})/[\w./-]*)`", path.read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists() and not name.startswith("models/<")] == []


@pytest.mark.parametrize("path", PAGES, ids=names(PAGES))
def test_links_of_a_page_lead_somewhere(path: Path) -> None:
    for target, _, anchor in re.findall(r"\]\(((?!https?:)[^)#]*)(#([^)]*))?\)", path.read_text("utf-8")):
        page = (path.parent / target).resolve() if target else path
        assert page.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=names(PAGES))
def test_settings_that_a_page_shows_are_valid(path: Path) -> None:
    for block in re.findall(r"```toml\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
        shown = Settings.model_validate(tomllib.loads(block))
        assert all(field in list(Field) for columns in shown.columns.values() for field in columns.values())


def test_commands_that_do_not_exist_yet_are_named_as_such() -> None:
    section = (DOCS / "operations.md").read_text("utf-8").partition("## Not there yet")[2]
    line = next(line for line in section.splitlines() if line.startswith("- commands "))
    named = set(re.findall(r"`([a-z]+)`", line))
    assert named
    assert named & COMMANDS == set()
