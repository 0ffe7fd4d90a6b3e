"""Rows of quarantine: listed after an audit line, written to a table, put right, taken in. All files are made here."""

from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from signals.audit import read_audit
from signals.clock import LOCAL
from signals.errors import InputError
from signals.keeping.erasing import erase_reports
from signals.keeping.soundness import check_soundness
from signals.quarantine import NUMBER, count_waiting, repair, waiting, write_table
from signals.settings import Settings
from signals.store import warehouse
from tests.exports import Jianwei
from tests.test_ingest import NOW, ask, order, settings, take, write  # noqa: F401  (a fixture)

LATER = datetime(2025, 4, 2, 9, tzinfo=LOCAL)
BAD_TIME = {"工单号": "H2", "来电时间": "2025-03-41", "内容": "李秀英家门口路灯不亮", "来电人": "李秀英"}


def exported(settings: Settings, path: Path) -> Path:  # noqa: F811
    with warehouse.reading(settings.warehouse_path) as connection:
        write_table(waiting(connection), path)
    return path


def change(path: Path, column: str, value: str, *, row: int = 2) -> None:
    """Write one cell of the first sheet, as the office would."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    sheet.cell(row, names.index(column) + 1, value)
    book.save(path)


def test_the_table_holds_redacted_text_and_where_it_came_from(tmp_path: Path, settings: Settings) -> None:  # noqa: F811
    source = write(tmp_path / "a.csv", order(), order(**BAD_TIME, 标题="=1+1"))
    take(source, settings)
    sheet = openpyxl.load_workbook(exported(settings, tmp_path / "out.xlsx")).worksheets[0]
    header, values = ([cell.value for cell in row] for row in sheet.iter_rows())
    cells = dict(zip(header, values, strict=True))
    assert (cells[NUMBER], cells["隔离文件"], cells["隔离行号"], cells["隔离列"]) == ("1", "a.csv", "3", "来电时间")
    assert (cells["标题"], cells["来电人"], cells["来电号码"]) == ("=1+1", "〔姓名〕", "〔电话〕")
    assert len(str(cells["文件哈希"])) == 64
    assert "李秀英" not in str(values)


def test_a_column_that_no_waiting_row_fills_is_in_the_table(tmp_path: Path, settings: Settings) -> None:  # noqa: F811
    take(write(tmp_path / "a.csv", order(来电时间="")), settings)
    path = exported(settings, tmp_path / "out.xlsx")
    change(path, "来电时间", "2025-03-14 08:00")
    assert repair(path, settings, history=False, now=LATER).report_keys == ("hotline:H1",)


def test_a_table_that_cannot_be_written_is_refused_in_a_sentence(jianwei: Jianwei) -> None:
    write(Path("a.csv"), order(), order(**BAD_TIME))
    jianwei("ingest", "a.csv")
    refused = (1, "none/out.xlsx: 写不了这个文件。请检查文件夹、权限和磁盘空间。\n")
    assert jianwei("quarantine", "export", "--out", "none/out.xlsx") == refused


def test_a_repaired_row_is_a_report_with_the_voice_of_its_complainant(tmp_path: Path, settings: Settings) -> None:  # noqa: F811
    take(write(tmp_path / "a.csv", order(), order(**BAD_TIME)), settings)
    path = exported(settings, tmp_path / "out.xlsx")
    change(path, "来电时间", "2025-03-14 08:00")
    done = repair(path, settings, history=False, now=LATER)
    assert (done.report_keys, done.refused, done.n_before) == (("hotline:H2",), (), 0)
    assert ask(settings, "SELECT count(*), count(DISTINCT complainant) FROM voices") == [(2, 1)]
    assert ask(settings, "SELECT count(*) FROM voices WHERE report_key LIKE 'quarantine%'") == [(0,)]
    [(received, known, body)] = ask(
        settings, "SELECT strftime(received_at, '%m-%d'), strftime(known_at, '%m-%d'), body FROM reports"
        " WHERE report_id = 'H2'"
    )  # fmt: skip
    assert (received, known) == ("03-14", "04-02")
    assert "〔姓名〕" in str(body)
    with warehouse.reading(settings.warehouse_path) as connection:
        assert count_waiting(connection) == 0
    again = repair(path, settings, history=False, now=LATER)
    assert (again.report_keys, again.n_before) == ((), 1)


def test_a_row_that_is_still_wrong_goes_on_waiting_and_the_others_go_in(tmp_path: Path, settings: Settings) -> None:  # noqa: F811
    take(write(tmp_path / "a.csv", order(**BAD_TIME), order(**{**BAD_TIME, "工单号": "H3"})), settings)
    path = exported(settings, tmp_path / "out.xlsx")
    change(path, "来电时间", "2025-03-14")
    done = repair(path, settings, history=False, now=LATER)
    assert len(done.report_keys) == 1
    [(number, reason)] = done.refused
    assert reason.startswith("来电时间 不是日期；得到 '2025-03-41'")
    with warehouse.reading(settings.warehouse_path) as connection:
        assert [row.number for row in waiting(connection)] == [number]


def test_a_row_that_contradicts_a_report_goes_on_waiting(tmp_path: Path, settings: Settings) -> None:  # noqa: F811
    take(write(tmp_path / "a.csv", order(), order(内容="另一件事")), settings)
    path = exported(settings, tmp_path / "out.xlsx")
    for minutes in (0, 1):
        done = repair(path, settings, history=False, now=LATER + timedelta(minutes=minutes))
        assert (done.report_keys, [number for number, _ in done.refused]) == ((), [1])
    assert ask(settings, "SELECT count(*) FROM quarantine") == [(1,)]
    change(path, "编号", "H9")
    assert repair(path, settings, history=False, now=LATER).report_keys == ("hotline:H9",)
    assert ask(settings, "SELECT body, area FROM reports WHERE report_id = 'H9'") == [("另一件事", "440703")]


def test_a_row_of_quarantine_that_comes_again_is_not_added_again(tmp_path: Path, settings: Settings) -> None:  # noqa: F811
    bad = order(**BAD_TIME)
    take(write(tmp_path / "a.csv", order(), bad), settings)
    twice = take(write(tmp_path / "b.csv", order(), bad, order(工单号="H3")), settings)
    assert (twice.n_new, twice.n_same, twice.n_quarantined) == (1, 2, 0)
    other = take(write(tmp_path / "c.csv", bad | {"来电号码": "13900139000"}), settings)  # somebody else, to the letter
    assert (other.n_same, other.n_quarantined) == (0, 1)
    path = exported(settings, tmp_path / "out.xlsx")
    for row in (2, 3):
        change(path, "来电时间", "2025-03-14", row=row)
    change(path, "工单号", "H4", row=3)
    assert len(repair(path, settings, history=False, now=LATER).report_keys) == 2
    after = take(write(tmp_path / "d.csv", bad, order(工单号="H5")), settings)
    assert (after.n_new, after.n_same, after.n_quarantined) == (1, 1, 0)


def test_a_table_that_is_none_is_refused(tmp_path: Path, settings: Settings) -> None:  # noqa: F811
    take(write(tmp_path / "a.csv", order(**BAD_TIME)), settings)
    path = exported(settings, tmp_path / "out.xlsx")
    with pytest.raises(InputError, match="已经有这个文件"):
        exported(settings, path)
    change(path, NUMBER, "77")
    with pytest.raises(InputError, match=r"out\.xlsx 第 2 行 隔离号: 没有这个编号；得到 77"):
        repair(path, settings, history=False, now=NOW)
    change(path, "隔离来源", "x")
    with pytest.raises(InputError, match="扩展名不对"):
        repair(write(tmp_path / "b.csv", order()), settings, history=False, now=NOW)


def test_the_command_leaves_an_audit_line_before_it_shows_or_writes(jianwei: Jianwei) -> None:
    write(Path("a.csv"), order(**BAD_TIME))
    jianwei("ingest", "a.csv")
    code, printed = jianwei("quarantine")
    assert (code, "1  a.csv 第 2 行 来电时间  来电时间 不是日期" in printed) == (0, True)
    assert "李秀英" not in printed
    assert jianwei("quarantine", "export", "--out", "q.xlsx")[0] == 0
    change(Path("q.xlsx"), "来电时间", "2025-03-14")
    assert jianwei("quarantine", "repair", "q.xlsx") == (0, "q.xlsx: 收进 1 行，仍在隔离区 0 行。\n")
    assert "隔离区共 0 行" in jianwei("quarantine")[1]
    entries = list(read_audit(Path("var/audit")))
    assert [(each.action, each.subject, each.n) for each in entries] == [
        ("ingest", "file:a.csv", 0), ("view_quarantine", "list:all", 1), ("view_quarantine", "export:all", 1),
        ("repair", "file:q.xlsx", 0), ("view_quarantine", "list:all", 0),
    ]  # fmt: skip


def test_a_number_that_was_erased_or_stands_twice_is_refused(tmp_path: Path, settings: Settings) -> None:  # noqa: F811
    take(write(tmp_path / "a.csv", order()), settings)
    erase_reports(settings, ["hotline:H1"], by="值班", reason="撤回", at=NOW)
    take(write(tmp_path / "b.csv", order(**BAD_TIME), order(**{**BAD_TIME, "工单号": "H3"})), settings)
    path = exported(settings, tmp_path / "out.xlsx")
    for row in (2, 3):
        change(path, "来电时间", "2025-03-14", row=row)
    change(path, "工单号", "H1")
    done = repair(path, settings, history=False, now=LATER)
    assert len(done.report_keys) == 1
    assert "已按规定删除" in done.refused[0][1]
    assert ask(settings, "SELECT count(*) FROM voices WHERE report_key = 'hotline:H1'") == [(0,)]
    change(path, NUMBER, "1", row=2)
    change(path, NUMBER, "1", row=3)
    with pytest.raises(InputError, match="编号重复"):
        repair(path, settings, history=False, now=LATER)


def test_a_text_longer_than_a_cell_of_a_spreadsheet_comes_back_whole(tmp_path: Path, settings: Settings) -> None:  # noqa: F811
    take(write(tmp_path / "a.csv", order(**{**BAD_TIME, "内容": "路灯不亮。" * 8000})), settings)
    path = exported(settings, tmp_path / "out.xlsx")
    change(path, "来电时间", "2025-03-14")
    assert repair(path, settings, history=False, now=LATER).report_keys == ("hotline:H2",)
    assert ask(settings, "SELECT length(body) FROM reports") == [(40000,)]


def test_a_warehouse_with_rows_that_wait_is_sound_and_a_hash_of_nothing_is_not(
    tmp_path: Path, settings: Settings  # noqa: F811
) -> None:
    take(write(tmp_path / "a.csv", order(), order(**BAD_TIME)), settings)
    with warehouse.writing(settings.warehouse_path) as connection:
        assert check_soundness(connection) == []
        connection.execute("INSERT INTO voices VALUES ('quarantine:99', 'x')")
        assert check_soundness(connection) == ["诉求人哈希或后续事实属于不存在的诉求"]
