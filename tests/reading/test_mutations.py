"""Broken files, some of the thousands that `make soak` tries: read or refused in a sentence, no good row lost."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signals.clock import LOCAL
from signals.errors import InputError
from signals.ingest import How, ingest_file
from signals.reading import Facts, Fault, Field, RawRow, facts_of, read_rows
from signals.reading.values import id_of, instant_of, text_of
from signals.records import Rejected, Source
from signals.redacting import Redactor
from signals.settings import Settings
from tests.reading.mutations import KINDS, N_ROWS, TEXT_KINDS, one_row_spoiled, spoiled, write
from tests.test_ingest import KEY, NOW

CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=60), st.dates(), st.times(), st.timedeltas(),
    st.datetimes(timezones=st.sampled_from([LOCAL])), st.lists(st.dictionaries(st.text(max_size=5), st.text())),
    st.sampled_from(["2025-02-30", "2025/3/1 25:61", "9" * 400, "1e309", "[", '[{"role": 1}]', "\ud800", "〔姓名〕"]),
)  # fmt: skip
REDACTORS = {each: Redactor("a.csv", each, settings=Settings(), key=KEY, now=NOW) for each in Source}
ROWS = st.dictionaries(st.sampled_from(list(Field)), CELLS)
SOME_SLOW = [pytest.param(name, marks=[pytest.mark.slow] * (name == "a.xls")) for name in KINDS]  # read in a process
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def refusal_of(path: Path) -> str:
    """Why a file was refused, "" where all its rows were read."""
    try:
        reading = read_rows(path, settings=Settings())
        assert all(isinstance(facts_of(row, reading.source), Facts | Fault) for row in reading)
    except InputError as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize("name", SOME_SLOW)
def test_a_broken_file_is_read_or_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    for seed in range(25):
        path = write(tmp_path, name, spoiled(name, seed))
        said = refusal_of(path)
        assert said == "" or (said.startswith(name) and "\n" not in said), seed


@pytest.mark.parametrize("name", TEXT_KINDS)
def test_one_broken_row_costs_no_other(tmp_path: Path, name: str) -> None:
    for seed in range(40):
        data, victim = one_row_spoiled(name, seed)
        reading = read_rows(write(tmp_path, name, data), settings=Settings())
        found = {facts.report_id for row in reading if isinstance(facts := facts_of(row, reading.source), Facts)}
        assert {f"H{number}" for number in range(N_ROWS)} - {victim} <= found, seed


@FEW
@given(ROWS, st.sampled_from(list(Source)))
def test_any_cells_make_a_report_or_a_refusal(cells: dict[Field, object], source: Source) -> None:
    columns = {field: f"列{field}" for field in cells}
    row = RawRow("表", 3, cells, columns)  # type: ignore[arg-type]
    assert isinstance(facts_of(row, source), Facts | Fault)
    (redacted,) = REDACTORS[source].each([row])
    if isinstance(redacted.staged, Rejected):
        assert redacted.staged.reason.endswith("。")
    assert redacted.complainant is None or len(redacted.complainant) == 32


def test_half_a_character_is_dropped(tmp_path: Path) -> None:
    line = '{"工单号": "1\\ud800", "来电时间": "2025-03-01", "内容": "路灯\\udc00", "来电号码": "1380013\\ud8008000"}'
    how = How(Settings(folder=tmp_path / "var", demo=True), KEY, now=NOW)
    assert ingest_file(write(tmp_path, "a.jsonl", line.encode()), how).n_new == 1


@FEW
@given(CELLS)
def test_any_cell_has_a_text_and_may_have_an_instant_or_a_number(cell: object) -> None:
    assert "\x00" not in text_of(cell)  # type: ignore[arg-type]
    at = instant_of(cell)  # type: ignore[arg-type]
    assert at is None or at.tzinfo is not None
    assert id_of(cell) is None or isinstance(id_of(cell), str)  # type: ignore[arg-type]
