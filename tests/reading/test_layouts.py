"""How offices lay out their exports: titles above, headers over two rows, merged cells, transcripts, Parquet."""

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from signals.audit import read_audit
from signals.clock import LOCAL
from signals.errors import InputError, SettingsError
from signals.ingest import How, ingest_file
from signals.reading import Facts, Fault, Field, read_rows
from signals.records import Source
from signals.settings import Settings
from tests.exports import Jianwei
from tests.reading.test_rows import PETITION, ROW, all_facts, csv_bytes, write
from tests.test_ingest import KEY, NOW, ask, order, settings, take  # noqa: F401  (a fixture)
from tests.test_ingest import write as write_orders


def test_a_header_over_two_rows_below_a_title_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:F1", "2025年3月热线工单明细表")
        for column, name in ((0, "工单号"), (1, "来电时间"), (5, "内容")):
            sheet.merge_range(1, column, 2, column, name)
        sheet.merge_range("C2:E2", "来电人信息")
        sheet.write_row(2, 2, ["来电人", "来电号码", "社区"])
        sheet.write_row(3, 0, ["H1", "2025-03-01 9:00", "张三丰", "13800138000", "东风社区", "路灯不亮"])
    [facts] = all_facts(path)
    assert isinstance(facts, Facts)
    assert (facts.report_id, facts.name, facts.phone, facts.community) == ("H1", "张三丰", "13800138000", "东风社区")
    assert facts.body == "路灯不亮"


def test_a_cell_merged_downwards_holds_for_every_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["工单号", "来电时间", "区", "内容"])
        sheet.merge_range("C2:C4", "蓬江区")
        for number in range(3):
            sheet.write_row(number + 1, 0, [f"H{number}", "2025-03-01"])
            sheet.write(number + 1, 3, "路灯不亮")
        sheet.write_row(4, 0, ["H3", "2025-03-01", "", "路灯不亮"])
    assert [each.district for each in all_facts(path) if isinstance(each, Facts)] == ["蓬江区"] * 3 + [""]


def test_a_sheet_that_begins_further_down_and_right_keeps_its_row_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(4, 2, PETITION)
        sheet.write_row(5, 2, ROW)
        sheet.write_row(8, 2, ["188007", "U1", "路灯", "不是日期", "不亮", "0", "0"])
    rows = list(read_rows(path, settings=Settings()))
    assert [(row.row_number, row.cells[Field.REPORT_ID]) for row in rows] == [(6, "188006"), (9, "188007")]


@pytest.mark.parametrize("field", ["turns", "内容"])
@pytest.mark.parametrize(
    "text",
    ["坐席：您好，请讲。\n市民：东风路路灯不亮\n坐席：好的\n市民：三天了",
     "坐席:您好，请讲。市民:东风路路灯不亮。坐席:好的。市民:三天了",
     "[00:01] 坐席001：您好，请讲。\n[00:05] 市民：东风路路灯不亮\n[00:09] 坐席001：好的\n[00:12] 市民：三天了"],
)  # fmt: skip
def test_a_transcript_in_one_text_is_split_by_speaker(tmp_path: Path, field: str, text: str) -> None:
    header = ["工单号", "来电时间", "标题", field]
    [facts] = all_facts(write(tmp_path / "a.csv", csv_bytes([header, ["1", "2025-03-01", "路灯", text]])))
    assert isinstance(facts, Facts)
    assert [line.rstrip("。") for line in facts.body.splitlines()] == ["东风路路灯不亮", "三天了"]
    assert "您好" in facts.context


def test_an_order_that_quotes_one_speaker_is_no_transcript(tmp_path: Path) -> None:
    text = "市民：来电反映东风路路灯不亮，要求维修"
    rows = [["工单号", "来电时间", "内容"], ["1", "2025-03-01", text]]
    [facts] = all_facts(write(tmp_path / "a.csv", csv_bytes(rows)))
    assert isinstance(facts, Facts)
    assert (facts.body, facts.context) == (text, "")


def test_parquet_is_read_with_its_types(tmp_path: Path) -> None:
    turns = [{"role": "坐席", "text": "您好"}, {"role": "市民", "text": "路灯坏了"}]
    table = pa.table({
        "工单号": [20250301000001, 20250301000002], "来电时间": [datetime(2025, 3, 1, 9, tzinfo=LOCAL), None],
        "标题": ["路灯", "路灯"], "turns": [turns, turns],
    })  # fmt: skip
    pq.write_table(table, tmp_path / "a.parquet")
    good, bad = all_facts(tmp_path / "a.parquet")
    assert isinstance(good, Facts)
    assert (good.report_id, good.received_at.hour, good.body) == ("20250301000001", 9, "路灯坏了")
    assert isinstance(bad, Fault)
    assert bad.reason.startswith("来电时间 是空的")
    write(tmp_path / "b.parquet", (tmp_path / "a.parquet").read_bytes()[:-30])
    with pytest.raises(InputError, match=r"b\.parquet: Parquet 文件打不开"):
        read_rows(tmp_path / "b.parquet", settings=Settings())


def test_lines_of_json_may_name_their_columns_each_for_itself(tmp_path: Path) -> None:
    lines = ('{"工单号": "1", "来电时间": "2025-03-01", "内容": "路灯不亮"}\n'
             '{"内容": "井盖丢失", "街道": "白沙街道", "来电时间": "2025-03-02", "工单号": "2"}\n')  # fmt: skip
    first, second = all_facts(write(tmp_path / "a.jsonl", lines.encode()))
    assert isinstance(first, Facts)
    assert isinstance(second, Facts)
    assert (first.body, second.body, second.town) == ("路灯不亮", "井盖丢失", "白沙街道")


def test_columns_are_settled_with_the_first_export_and_hold_for_the_next(tmp_path: Path, settings: Settings) -> None:  # noqa: F811
    header, row = ["流水", "何时", "何事"], ["1", "2025-03-01", "路灯不亮"]
    path = write(tmp_path / "a.csv", csv_bytes([header, row]))
    with pytest.raises(InputError, match=r"--column 列名=字段"):
        take(path, settings)
    given = {"流水": "report_id", "何时": "received_at", "何事": "body"}
    assert ingest_file(path, How(settings, KEY, source="hotline", columns=given, now=NOW)).n_new == 1
    assert take(write(tmp_path / "b.csv", csv_bytes([header, ["2", *row[1:]]])), settings).n_new == 1
    assert ask(settings, "SELECT report_key FROM reports ORDER BY 1") == [("hotline:1",), ("hotline:2",)]


def test_what_the_settings_say_wins_over_what_was_settled_and_the_command_over_both(
    tmp_path: Path, settings: Settings  # noqa: F811
) -> None:
    take(write_orders(tmp_path / "a.csv", order()), settings)
    own = settings.model_copy(update={"columns": {"hotline": {"内容": "answer", "标题": "body"}}})
    take(write_orders(tmp_path / "b.csv", order(工单号="H2", 标题="井盖")), own)
    how = How(own, KEY, columns={"街道": "body"}, now=NOW)
    ingest_file(write_orders(tmp_path / "c.csv", order(工单号="H3", 街道="白沙")), how)
    assert ask(settings, "SELECT report_id, body FROM reports ORDER BY 1") == [
        ("H1", "东风路路灯不亮"), ("H2", "井盖"), ("H3", "白沙"),
    ]  # fmt: skip


def test_settled_columns_do_not_make_another_source_of_a_file(tmp_path: Path, settings: Settings) -> None:  # noqa: F811
    take(write_orders(tmp_path / "a.csv", order()), settings)
    rows = [["留言编号", "留言时间", "标题", "内容"], ["1", "2025-03-01", "路灯", "不亮"]]
    assert take(write(tmp_path / "b.csv", csv_bytes(rows)), settings).source is Source.PETITION


def test_a_column_that_is_missing_this_time_is_named(tmp_path: Path, settings: Settings) -> None:  # noqa: F811
    take(write_orders(tmp_path / "a.csv", order()), settings)
    path = write(tmp_path / "b.csv", csv_bytes([["工单号", "来电时间", "内容"], ["H2", "2025-03-01", "井盖"]]))
    assert "街道" in take(path, settings).missing


def test_a_column_under_another_name_is_not_missing(tmp_path: Path, settings: Settings) -> None:  # noqa: F811
    take(write(tmp_path / "a.csv", csv_bytes([PETITION, ROW])), settings)
    other = ["信访件编号", "序号", "信访时间", "信访内容"]
    path = write(tmp_path / "b.csv", csv_bytes([other, ["X1", "1", "2025-03-01", "井盖松了"]]))
    missing = take(path, settings).missing
    assert "留言用户" in missing
    assert not {"留言编号", "留言时间", "留言详情", "点赞数"} & set(missing)


@pytest.mark.parametrize("footer", [["合计", "", "3条"], ["制表人：张三", "", "", "审核：李四"], ["", "总计：3"]])
def test_what_stands_below_a_table_is_passed_over(tmp_path: Path, footer: list[str]) -> None:
    assert len(list(read_rows(write(tmp_path / "a.csv", csv_bytes([PETITION, ROW, footer])), settings=Settings()))) == 1


def test_a_row_that_only_begins_like_a_footer_is_kept(tmp_path: Path) -> None:
    timed, told = ["合计", *ROW[1:]], ["合计多收我三百元电费", *[""] * 6]
    rows = list(read_rows(write(tmp_path / "a.csv", csv_bytes([PETITION, timed, told])), settings=Settings()))
    assert [row.row_number for row in rows] == [2, 3]


def test_a_preview_asks_for_no_key_and_does_not_send_to_a_quarantine_that_is_empty(
    jianwei: Jianwei, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JIANWEI_COMPLAINANT_KEY")
    write_orders(Path("a.csv"), order(), order(工单号="H2", 来电时间="昨天"))
    code, printed = jianwei("ingest", "--check", "a.csv")
    assert (code, printed.splitlines()[0]) == (0, "a.csv（热线）: 只检查，未写入；2 行，新增 1，更新 0，相同 0，隔离 1")


def test_a_preview_shows_columns_redacted_rows_and_refusals_and_writes_only_to_the_audit(jianwei: Jianwei) -> None:
    secret = order(内容="我叫赵铁柱，电话13812345678", 来电人="赵铁柱")
    write_orders(Path("a.csv"), secret, order(工单号="H2", 来电时间="昨天"))
    code, printed = jianwei("ingest", "--check", "a.csv")
    assert code == 0
    assert "内容 → 内容（body）" in printed
    assert "来电号码 → 电话，只作哈希（phone）" in printed
    assert "我叫〔姓名〕，电话〔手机〕" in printed
    assert "a.csv 第 3 行 来电时间: 来电时间 不是日期；得到 '昨天'" in printed
    assert "赵铁柱" not in printed
    assert sorted(path.suffix for path in Path.cwd().rglob("*") if path.is_file()) == [".csv", ".jsonl", ".lock"]
    assert [(line.action, line.subject) for line in read_audit(Path("var/audit"))] == [("check", "file:a.csv")]


@pytest.mark.parametrize(("given", "said"), [("内容", "写法不对"), ("内容=bodi", "是不是 body")])
def test_a_column_said_wrongly_is_answered(jianwei: Jianwei, given: str, said: str) -> None:
    write_orders(Path("a.csv"), order())
    code, printed = jianwei("ingest", "--column", given, "a.csv")
    assert (code, said in printed) == (1, True)


def test_a_field_of_the_settings_that_there_is_not_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", csv_bytes([PETITION, ROW]))
    with pytest.raises(SettingsError, match=r"columns\.petition\.留言主题.*是不是 title"):
        read_rows(path, settings=Settings(columns={"petition": {"留言主题": "titel"}}))


def test_a_merged_range_of_a_sheet_that_does_not_begin_in_the_first_column_fills_its_own_column(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 1, ["工单号", "区", "来电时间", "内容"])
        for number in range(3):
            sheet.write_row(number + 1, 1, [f"H{number}", "", f"2025-03-0{number + 1}", "路灯不亮"])
        sheet.merge_range(1, 2, 3, 2, "蓬江区")
    read = [each for each in all_facts(path) if isinstance(each, Facts)]
    found = [(each.report_id, each.district, each.received_at.day) for each in read]
    assert found == [("H0", "蓬江区", 1), ("H1", "蓬江区", 2), ("H2", "蓬江区", 3)]


@pytest.mark.parametrize(
    ("text", "hour"),
    [("2025/3/1 12:30 AM", 0), ("2025/3/1 12:30 PM", 12), ("2025年3月1日 中午1点30分", 13), ("2025/3/1 上午9:30", 9)],
)
def test_halves_of_the_day_are_read(tmp_path: Path, text: str, hour: int) -> None:
    [facts] = all_facts(write(tmp_path / "a.csv", csv_bytes([PETITION, [*ROW[:3], text, *ROW[4:]]])))
    assert isinstance(facts, Facts)
    assert facts.received_at.hour == hour


@pytest.mark.parametrize("text", ["2024-01-05 10:00+99:99", "2023/12/28-2499"])
def test_an_offset_that_there_is_not_is_a_fault_of_its_row(tmp_path: Path, text: str) -> None:
    [fault] = all_facts(write(tmp_path / "a.csv", csv_bytes([PETITION, [*ROW[:3], text, *ROW[4:]]])))
    assert isinstance(fault, Fault)


def test_bytes_of_parquet_are_text(tmp_path: Path) -> None:
    said = pa.array(["路灯不亮".encode()], pa.binary())
    table = pa.table({"工单号": ["1"], "来电时间": ["2025-03-01"], "内容": said})
    pq.write_table(table, tmp_path / "a.parquet")
    [facts] = all_facts(tmp_path / "a.parquet")
    assert isinstance(facts, Facts)
    assert facts.body == "路灯不亮"


def test_a_title_does_not_hide_the_separator(tmp_path: Path) -> None:
    text = "三月明细, 2025年\n" + "\n".join("\t".join(row) for row in (PETITION, ROW, ROW))
    assert all(isinstance(each, Facts) for each in all_facts(write(tmp_path / "a.tsv", text.encode())))


def test_a_column_that_was_put_right_stays_right(tmp_path: Path, settings: Settings) -> None:  # noqa: F811
    for number, given in enumerate(({}, {"经过": "body"}, {})):
        rows = [["工单号", "来电时间", "内容", "经过"], [f"H{number}", "2025-03-01", "空话", "路灯不亮"]]
        ingest_file(write(tmp_path / f"{number}.csv", csv_bytes(rows)), How(settings, KEY, columns=given, now=NOW))
    assert ask(settings, "SELECT body FROM reports ORDER BY report_id") == [("空话",), ("路灯不亮",), ("路灯不亮",)]
