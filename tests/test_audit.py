"""The audit line is on disk before text is shown, and a changed line is found."""

import json
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from signals.audit import START, AuditEntry, append_audit, audit_head, read_audit
from signals.errors import StateError

AT = datetime(2025, 3, 1, 4, tzinfo=UTC)


def entry(n: int = 1, at: datetime = AT) -> AuditEntry:
    return AuditEntry(at=at, account="demo", role="analyst", action="view_quotes", subject="issue:12", n=n)


def append_many(folder: str) -> None:
    for n in range(20):
        append_audit(Path(folder), entry(n))


def test_what_was_written_is_read_back_in_order(tmp_path: Path) -> None:
    for n in (3, 1, 2):
        append_audit(tmp_path, entry(n))
    assert [line.n for line in read_audit(tmp_path)] == [3, 1, 2]


def test_a_line_holds_the_fields_and_nothing_else(tmp_path: Path) -> None:
    append_audit(tmp_path, entry())
    line = json.loads((tmp_path / "audit-2025-03.jsonl").read_text("utf-8"))
    assert set(line) == {"at", "account", "role", "action", "subject", "n", "previous"}
    assert (line["at"], line["previous"]) == ("2025-03-01T12:00:00+08:00", START)


def test_a_changed_line_breaks_the_chain(tmp_path: Path) -> None:
    for n in range(3):
        append_audit(tmp_path, entry(n))
    path = tmp_path / "audit-2025-03.jsonl"
    path.write_text(path.read_text("utf-8").replace('"n": 1', '"n": 7'), "utf-8")
    with pytest.raises(StateError, match=":3: 审计链"):
        list(read_audit(tmp_path))


def test_the_chain_goes_on_over_the_turn_of_the_month(tmp_path: Path) -> None:
    head = append_audit(tmp_path, entry())
    append_audit(tmp_path, entry(at=AT + timedelta(days=40)))
    assert json.loads((tmp_path / "audit-2025-04.jsonl").read_text("utf-8"))["previous"] == head
    assert len(list(read_audit(tmp_path))) == 2


def test_a_clock_set_back_over_the_month_does_not_break_the_chain(tmp_path: Path) -> None:
    append_audit(tmp_path, entry(1, at=AT + timedelta(days=40)))
    append_audit(tmp_path, entry(2))
    assert [line.n for line in read_audit(tmp_path)] == [1, 2]


def test_the_head_is_the_hash_of_the_newest_line(tmp_path: Path) -> None:
    assert audit_head(tmp_path) == START
    append_audit(tmp_path, entry())
    assert append_audit(tmp_path, entry()) == audit_head(tmp_path)


def test_a_line_cut_off_by_a_crash_is_passed_over_and_stays_in_the_chain(tmp_path: Path) -> None:
    append_audit(tmp_path, entry(1))
    with (tmp_path / "audit-2025-03.jsonl").open("ab") as file:
        file.write(b'{"at": "2025-')
    append_audit(tmp_path, entry(2))
    assert [line.n for line in read_audit(tmp_path)] == [1, 2]


def test_several_processes_make_one_unbroken_chain(tmp_path: Path) -> None:
    context = get_context("spawn")
    writers = [context.Process(target=append_many, args=(str(tmp_path),)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(list(read_audit(tmp_path))) == 60


def test_a_folder_that_cannot_be_written_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "audit").write_text("a file where the folder should be")
    with pytest.raises(StateError, match="审计不可写"):
        append_audit(tmp_path / "audit", entry())
