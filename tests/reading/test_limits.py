"""Files made to harm: refused in bounded time and memory, with a sentence; what is good beside them goes in."""

import io
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from signals.errors import InputError
from signals.ingest import How, Ingested, Refused, ingest_paths
from signals.reading import Facts, Fault, limits, read_rows
from signals.settings import Settings
from tests.reading.test_rows import PETITION, ROW, all_facts, csv_bytes, write
from tests.test_ingest import KEY, NOW, order
from tests.test_ingest import write as write_orders

MEGABYTE = 1 << 20


def book(path: Path, rows: list[list[str]] | None = None) -> Path:
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet()
        for number, row in enumerate([PETITION, ROW] if rows is None else rows):
            sheet.write_row(number, 0, row)
    return path


def with_part(path: Path, name: str, data: bytes, *, replaced: bool = True) -> Path:
    """The same workbook with one part put in or replaced."""
    with zipfile.ZipFile(path) as old:
        parts = {each: old.read(each) for each in old.namelist()}
    if replaced:
        parts[name] = data
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for each, content in parts.items():
            new.writestr(each, content)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as refused:
        list(read_rows(path, settings=Settings()))
    said = str(refused.value)
    assert said.startswith(path.name)
    assert "\n" not in said
    assert said.endswith("。")
    return said


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 8 * MEGABYTE)
    path = with_part(book(tmp_path / "a.xlsx"), "xl/media/x.bin", bytes(9 * MEGABYTE))
    assert path.stat().st_size < MEGABYTE
    assert "解开后太大" in refusal(path)


def test_a_part_that_says_it_is_smaller_than_it_is_is_refused(tmp_path: Path) -> None:
    path = with_part(book(tmp_path / "a.xlsx"), "xl/sharedStrings.xml", b"<sst/>" + b" " * (3 * MEGABYTE))
    data = bytearray(path.read_bytes())
    size = (3 * MEGABYTE + 6).to_bytes(4, "little")
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(data)
    assert "Excel 文件是坏的" in refusal(path)


def test_a_sheet_with_one_cell_in_the_last_corner_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, PETITION)
        sheet.write(1_048_575, 16_383, "x")
    assert "铺得太大；得到 1048576 行 × 16384 列" in refusal(path)


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    assert "列太多" in refusal(book(tmp_path / "a.xlsx", [[*PETITION, *map(str, range(3000))]]))
    header = ",".join([*PETITION, *map(str, range(200_000))])
    assert "列太多；得到 200007 列" in refusal(write(tmp_path / "a.csv", header.encode()))


@pytest.mark.parametrize("name", ["a.xlsx", "a.xlsm"])
def test_a_book_with_macros_is_refused(tmp_path: Path, name: str) -> None:
    path = with_part(book(tmp_path / name), "xl/vbaProject.bin", b"x")
    assert "带有宏" in refusal(path)


def test_an_old_book_with_macros_is_refused(tmp_path: Path) -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(MEGABYTE - 20) + "_VBA_PROJECT".encode("utf-16-le")
    assert "带有宏" in refusal(write(tmp_path / "a.xls", ole))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_entities_in_xml_are_refused(tmp_path: Path, part: str) -> None:
    bomb = b'<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY l2 "&lol;&lol;">]>\n<x>&l2;</x>'
    assert "声明了 XML 实体" in refusal(with_part(book(tmp_path / "a.xlsx"), part, bomb))


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"<html><table><tr><td>1</td></tr></table></html>", "内容却是网页"), (b"", "Excel 文件打不开"),
     (b"PK\x03\x04" + b"x" * 100, "Excel 文件是坏的"),
     (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "Excel 文件打不开")],
)  # fmt: skip
def test_what_is_no_book_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    assert said in refusal(write(tmp_path / "a.xlsx", data))


def test_a_broken_book_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    path.write_bytes(path.read_bytes()[:-200])
    assert "Excel 文件" in refusal(path)


@pytest.mark.slow
def test_a_cell_of_fifty_megabytes_is_put_aside_and_the_others_go_in(tmp_path: Path) -> None:
    huge = [*ROW[:4], "长" * (17 * MEGABYTE), *ROW[5:]]
    many = [*ROW[:4], "一\n" * (MEGABYTE // 2), *ROW[5:]]
    data = csv_bytes([PETITION, ROW, huge, ["188007", *ROW[1:]], many, ["188008", *ROW[1:]]])
    assert len(data) > 50 * MEGABYTE
    facts = all_facts(write(tmp_path / "a.csv", data))
    good = [each.report_id for each in facts if isinstance(each, Facts)]
    reasons = {each.reason.partition("；")[0] for each in facts if isinstance(each, Fault)}
    assert good == ["188006", "188007", "188008"]
    assert "这一行超过 4 MB" in reasons
    assert len(facts) == 6


def test_a_line_of_json_that_is_too_long_is_put_aside(tmp_path: Path) -> None:
    line = '{"留言编号": "%s", "留言时间": "2025-03-01", "留言主题": "路灯", "留言详情": "%s"}\n'
    text = line % ("1", "不亮") + line % ("2", "长" * (5 * MEGABYTE)) + line % ("3", "不亮") + "[" * 100_000 + "\n"
    first, second, third, deep = all_facts(write(tmp_path / "a.jsonl", text.encode()))
    assert isinstance(first, Facts)
    assert isinstance(second, Fault)
    assert isinstance(third, Facts)
    assert isinstance(deep, Fault)


def test_a_row_with_nul_is_put_aside(tmp_path: Path) -> None:
    data = csv_bytes([PETITION, [*ROW[:4], "路\0灯", *ROW[5:]], ["188007", *ROW[1:]]])
    bad, good = all_facts(write(tmp_path / "a.csv", data))
    assert isinstance(bad, Fault)
    assert "NUL" in bad.reason
    assert isinstance(good, Facts)


def test_a_file_of_nuls_is_refused(tmp_path: Path) -> None:
    said = refusal(write(tmp_path / "a.csv", bytes(9 * MEGABYTE)))
    assert "认不出来源" in said


@pytest.mark.parametrize("encoding", ["big5", "big5hkscs"])
def test_a_file_in_big5_is_refused_with_advice(tmp_path: Path, encoding: str) -> None:
    text = "工單號,來電時間,標題,內容\n1,2025-03-01,路燈不亮,江門市蓬江區白沙街道路燈不亮已經三個星期請盡快處理\n"
    said = refusal(write(tmp_path / "a.csv", text.encode(encoding)))
    assert "Big5" in said
    assert "CSV UTF-8" in said


def test_traditional_text_in_gb18030_is_read(tmp_path: Path) -> None:
    said = "關於蓬江區白沙街道御景灣攪拌站夜間施工噪音擾民嘅問題，我哋成晚冇得瞓"
    row = ["1", "U1", "路燈不亮", "2025-03-01", said, "0", "1"]
    [facts] = all_facts(write(tmp_path / "a.csv", csv_bytes([PETITION, row], "gb18030")))
    assert isinstance(facts, Facts)
    assert facts.title == "路燈不亮"


def test_links_pipes_and_what_lies_outside_are_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    write_orders(outside / "secret.csv", order(工单号="H9"))
    folder = tmp_path / "in"
    folder.mkdir()
    write_orders(folder / "c.csv", order())
    (folder / "a.csv").symlink_to(outside / "secret.csv")
    (folder / "b").symlink_to(outside)
    os.mkfifo(folder / "d.csv")
    found = list(ingest_paths([folder], How(Settings(folder=tmp_path / "var", demo=True), KEY, now=NOW)))
    assert [(type(each), each.file_name) for each in found] == [
        (Refused, "a.csv"), (Refused, "b"), (Ingested, "c.csv"), (Refused, "d.csv"),
    ]  # fmt: skip


def test_the_checksum_of_every_part_is_checked(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as made:
        part = made.getinfo("xl/worksheets/sheet1.xml")
        raw = bytearray(path.read_bytes())
    raw[part.header_offset + 40 + len(part.filename)] ^= 0x55
    path.write_bytes(raw)
    assert "Excel 文件" in refusal(path)


def test_a_book_that_is_written_by_another_program_is_read(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(PETITION)
    made.active.append(ROW)
    kept = io.BytesIO()
    made.save(kept)
    [facts] = all_facts(write(tmp_path / "a.xlsx", kept.getvalue()))
    assert isinstance(facts, Facts)
