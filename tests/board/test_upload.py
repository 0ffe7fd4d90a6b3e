"""The page that looks at an export before it is taken in; the uploaded bytes stay in memory."""

import random
from datetime import datetime
from pathlib import Path

import pytest

from board.upload_parts import column_table, refusal_table, row_table
from board.uploads import in_memory
from signals.audit import read_audit
from signals.clock import LOCAL
from signals.errors import InputError
from signals.previewing import Preview, preview
from signals.reading import Field
from signals.settings import Settings
from tests.board.test_views import Point, open_view, page_text
from tests.reading.mutations import KINDS, N_ROWS, orders
from tests.test_ingest import order, write

NOW = datetime(2025, 4, 1, tzinfo=LOCAL)


def looked(name: str, data: bytes) -> Preview:
    with in_memory(name, data) as path:
        return preview(path, Settings(), source=None, saved={}, now=NOW)[1]


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_file_is_read_from_memory(name: str) -> None:
    seen = looked(name, KINDS[name](orders(random.Random(1))))
    assert (seen.n_rows, seen.n_rejected, len(seen.rows)) == (N_ROWS, 0, 10)
    assert seen.columns["内容"] is Field.BODY


def test_what_is_shown_is_redacted_and_harmless(tmp_path: Path) -> None:
    said = order(内容="我叫赵铁柱，电话13812345678<script>alert(1)</script>", 来电人="赵铁柱")
    data = write(tmp_path / "a.csv", said, order(工单号="H2", 来电时间="赵铁柱")).read_bytes()
    seen = looked("三月.csv", data)
    shown = column_table(seen.columns) + row_table(seen.rows) + refusal_table(seen.rejected)
    assert "赵铁柱" not in shown
    assert "13812345678" not in shown
    assert "<script" not in shown
    assert "电话，只作哈希" in shown
    assert "不是日期" in shown


def test_the_bytes_never_lie_on_a_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    with in_memory("../../a.csv", "赵铁柱".encode()) as path:
        assert path.name == "a.csv"
        assert path.read_text("utf-8") == "赵铁柱"
        assert [each.is_symlink() for each in tmp_path.rglob("*") if not each.is_dir()] == [True]
    assert list(tmp_path.rglob("*")) == []


def test_a_file_that_is_none_is_a_sentence_with_its_own_name() -> None:
    with pytest.raises(InputError, match=r"^计划\.pdf: 不认识这种文件"):
        looked("计划.pdf", b"x")


def test_an_export_can_be_looked_at_before_anything_was_taken_in(tmp_path: Path, on_loopback: Point) -> None:
    on_loopback(tmp_path)
    board = open_view("upload.py")
    data = write(tmp_path / "三月.csv", order(内容="赵铁柱，电话13812345678")).read_bytes()
    board.file_uploader(key="upload").upload("三月.csv", data, "text/csv").run()
    assert not board.exception
    assert "脱敏后的样子（前 1 行）" in page_text(board)
    assert "13812345678" not in page_text(board)
    assert [entry.action for entry in read_audit(tmp_path / "audit")] == ["view_upload"]
