"""Tables that leave the board: text only, few people as 少于5, an audit line before the file."""

import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from board import exports
from board.exports import Sheet, people, workbook
from board.page import Page
from board.queries import Freshness
from signals.audit import read_audit
from signals.clock import LOCAL
from signals.errors import StateError
from signals.gazetteer import load_gazetteer
from signals.settings import Settings
from tests.board.viewers import CENTRE

HOSTILE = ("=1+1", "@SUM(A1)", "-2+3", "http://example.invalid", "<b>粗</b>", "\u202eabc", "长" * 40_000, "\x0b钟")


def test_every_cell_is_text_whatever_it_looks_like() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([Sheet("表", ("甲",), tuple((each,) for each in HOSTILE))])))
    cells = [row[0] for row in book["表"].iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(HOSTILE)
    assert [cell.hyperlink for cell in cells] == [None] * len(HOSTILE)
    assert [cell.value for cell in cells][:6] == list(HOSTILE[:6])
    assert str(cells[6].value) == "长" * 32_000


@pytest.mark.parametrize(("n", "told"), [(0, "0"), (1, "少于5"), (4, "少于5"), (5, "5"), (120, "120")])
def test_few_people_leave_without_a_number(n: int, told: str) -> None:
    assert people(n) == told


def pressed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    made: list[Any] = []
    monkeypatch.setattr(exports.st, "download_button", lambda label, data, *rest, **more: made.append(data))
    newest = Freshness(date(2025, 4, 10), datetime(2025, 4, 11, tzinfo=LOCAL))
    page = Page(Settings(folder=folder), "demo", "analyst", CENTRE, newest, load_gazetteer())
    exports.download(page, "处置闭环", lambda: [Sheet("表", ("甲",), (("乙",), ("丙",)))])
    return bytes(made[0]())


def test_the_file_is_made_after_its_audit_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pressed(tmp_path, monkeypatch).startswith(b"PK")
    [line] = read_audit(tmp_path / "audit")
    assert (line.action, line.subject, line.n) == ("export", "table:处置闭环", 2)


def test_without_an_audit_there_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "audit").write_text("a file where the folder should be")
    with pytest.raises(StateError, match="审计不可写"):
        pressed(tmp_path, monkeypatch)
