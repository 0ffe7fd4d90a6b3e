"""The audit line is on disk before text is shown, and a changed line is found."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from signals import audit
from signals.audit import (
    START,
    AuditEntry,
    append_audit,
    audit_head,
    audit_head_at,
    newest_audit_day,
    read_audit,
    read_audit_days,
)
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


def test_a_clock_set_back_by_months_hides_no_line_from_the_head_of_a_day(tmp_path: Path) -> None:
    for n, day in enumerate((0, 100, 1, 2)):  # the clock ran ahead once
        append_audit(tmp_path, entry(n, at=AT + timedelta(days=day)))
    lines = (tmp_path / "audit-2025-06.jsonl").read_bytes().splitlines()
    heads = [audit_head_at(tmp_path, AT + timedelta(days=day, hours=1)) for day in (1, 2, 100)]
    assert heads == [hashlib.sha256(line).hexdigest() for line in (lines[1], lines[2], lines[2])]
    assert audit_head_at(tmp_path, AT) == START


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


def test_the_lines_of_some_days_are_read_and_checked_without_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ninety days of two lines each; local days, so 17:00 in UTC belongs to the next."""
    start = datetime(2025, 1, 1, 17, tzinfo=UTC)
    for n in range(90):
        for _ in range(2):
            append_audit(tmp_path, entry(n, start + timedelta(days=n)))
    whole = list(read_audit(tmp_path))
    parsed: list[bytes] = []
    parse = audit._parse
    monkeypatch.setattr(audit, "_parse", lambda line: parsed.append(line) or parse(line))
    opened: list[str] = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.append(path.name) or read(path))
    found = list(read_audit_days(tmp_path, date(2025, 3, 1), date(2025, 3, 2)))
    assert found == [line for line in whole if line.n in (58, 59)]
    assert (len(found), len(parsed)) == (4, 5)  # and the line that follows
    assert opened == ["audit-2025-03.jsonl", "audit-2025-04.jsonl"]
    assert newest_audit_day(tmp_path) == date(2025, 4, 1)
    assert newest_audit_day(tmp_path / "none") is None


def test_a_line_changed_before_the_days_asked_for_breaks_the_first_of_them(tmp_path: Path) -> None:
    for n, month in enumerate((2, 3, 3)):
        append_audit(tmp_path, entry(n, datetime(2025, month, 5, 1, tzinfo=UTC)))
    march = (date(2025, 3, 1), date(2025, 3, 31))
    assert [line.n for line in read_audit_days(tmp_path, *march)] == [1, 2]
    february = tmp_path / "audit-2025-02.jsonl"
    february.write_bytes(february.read_bytes().replace(b'"n": 0', b'"n": 9'))
    with pytest.raises(StateError, match=r"audit-2025-03.jsonl:1: 审计链在这里断开"):
        list(read_audit_days(tmp_path, *march))


@pytest.mark.parametrize("kept", [slice(0, 0), slice(0, 1), slice(1, 2)])
def test_lines_removed_from_the_days_asked_for_break_the_line_that_follows(tmp_path: Path, kept: slice) -> None:
    for n, day in enumerate((2, 3, 3, 4)):
        append_audit(tmp_path, entry(n, datetime(2025, 3, day, 1, tzinfo=UTC)))
    third = (date(2025, 3, 3), date(2025, 3, 3))
    assert [line.n for line in read_audit_days(tmp_path, *third)] == [1, 2]
    march = tmp_path / "audit-2025-03.jsonl"
    lines = march.read_bytes().splitlines(keepends=True)
    march.write_bytes(b"".join([lines[0], *lines[1:3][kept], lines[3]]))
    with pytest.raises(StateError, match="审计链在这里断开"):
        list(read_audit_days(tmp_path, *third))


def test_a_line_written_after_a_clock_was_set_back_is_found_under_its_day(tmp_path: Path) -> None:
    append_audit(tmp_path, entry(1, datetime(2025, 4, 1, 1, tzinfo=UTC)))
    append_audit(tmp_path, entry(2, datetime(2025, 3, 9, 1, tzinfo=UTC)))
    assert [line.n for line in read_audit_days(tmp_path, date(2025, 3, 9), date(2025, 3, 9))] == [2]
