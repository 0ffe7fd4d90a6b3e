"""Reading exports: encodings, headers, sheets, broken rows. All files are made here."""

import csv
import io
import json
from pathlib import Path

import pytest
import xlsxwriter

from signals.errors import InputError, SettingsError
from signals.reading import Facts, Fault, facts_of, read_rows
from signals.records import Kind, Source
from signals.settings import Settings

PETITION = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"]
EXPECTED_TIME = "应为日期或时间，如 2025/3/1 9:30；请改正后重新导入这一行。"
ROW = ["188006", "U0001", "路灯不亮", "2025/3/1 9:30:05", "东风路路灯不亮", "0", "1"]


def csv_bytes(rows: list[list[str]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def all_facts(path: Path, **settings: object) -> list[Facts | Fault]:
    reading = read_rows(path, settings=Settings.model_validate(settings))
    return [facts_of(row, reading.source) for row in reading]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_reads_the_same_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    [facts] = all_facts(write(tmp_path / "a.csv", csv_bytes([PETITION, ROW], encoding)))
    assert isinstance(facts, Facts)
    assert facts.body == "东风路路灯不亮"


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_other_separators_are_seen(tmp_path: Path, separator: str) -> None:
    text = "\n".join(separator.join(row) for row in (PETITION, ROW))
    [facts] = all_facts(write(tmp_path / "a.csv", text.encode()))
    assert isinstance(facts, Facts)


@pytest.mark.parametrize(
    ("header", "source"),
    [
        ("信访件编号,登记时间,标题,内容,信访人,联系电话,区县", Source.PETITION),
        ("留言编号,留言用户,留言主题,留言时间,留言详情", Source.PETITION),
        ("工单编号,来电时间,标题,类型,诉求内容,区,街道", Source.HOTLINE),
        ("编号,问题来源,大类,小类,问题描述,区,镇街,社区,网格,上报时间,上报人,当前阶段", Source.GRID),
    ],
)
def test_the_source_is_recognised_from_the_headers(tmp_path: Path, header: str, source: Source) -> None:
    names = header.split(",")
    row = ["2025-03-01" if "时间" in name else "某处路灯不亮" for name in names]
    assert read_rows(write(tmp_path / "a.csv", csv_bytes([names, row])), settings=Settings()).source is source


def test_unknown_headers_are_refused_with_a_way_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", csv_bytes([["甲", "乙"], ["1", "2"]]))
    with pytest.raises(InputError, match="a.csv: 从表头认不出来源；得到 甲、乙.*--source"):
        read_rows(path, settings=Settings())


def test_a_missing_time_column_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", csv_bytes([["留言编号", "留言详情"], ["1", "路灯"]]))
    with pytest.raises(InputError, match="缺少收到诉求的时间"):
        read_rows(path, settings=Settings())


def test_a_sites_own_columns_win(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", csv_bytes([["号", "何时", "何事"], ["1", "2025-03-01", "路灯不亮"]]))
    own = {"petition": {"号": "report_id", "何时": "received_at", "何事": "body"}}
    [facts] = all_facts(path, columns=own)
    assert isinstance(facts, Facts)
    assert facts.body == "路灯不亮"


def test_an_unknown_field_in_the_settings_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", csv_bytes([PETITION, ROW]))
    with pytest.raises(SettingsError, match="是不是 title"):
        read_rows(path, settings=Settings(columns={"petition": {"留言主题": "titel"}}))


def test_a_book_with_float_ids_date_cells_a_title_row_and_an_empty_tail(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("导出")
    sheet.merge_range(0, 0, 0, 6, "三月留言")
    sheet.write_row(1, 0, PETITION)
    sheet.write_row(2, 0, [188006.0, "U1", "路灯", 45717.5, "\n\t\xa0东风路\u200b路灯不亮\n", 0, 1])
    sheet.write_row(3, 0, ["188007.0", "U2", "路灯", "2025-03-02", "西园路路灯不亮", 0, 1])
    sheet.write_row(9, 0, ["", " ", "", "", ""])
    book.close()
    reading = read_rows(path, settings=Settings())
    first, second = (facts_of(row, reading.source) for row in reading)
    assert isinstance(first, Facts)
    assert isinstance(second, Facts)
    assert (first.report_id, second.report_id) == ("188006", "188007")
    assert first.received_at.isoformat() == "2025-03-01T12:00:00+08:00"
    assert second.received_at.isoformat() == "2025-03-02T00:00:00+08:00"
    assert first.body == "东风路路灯不亮"
    assert [row.row_number for row in reading] == [3, 4]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({3: "2025/13/40"}, f"留言时间 不是日期；得到 '2025/13/40'；{EXPECTED_TIME}"),
        ({3: ""}, f"留言时间 是空的；{EXPECTED_TIME}"),
        ({2: "", 4: " "}, "留言详情 没有内容；标题与内容都是空的；请补上后重新导入这一行。"),
        ({0: "2.01801E+13"}, "留言编号 被表格软件写成了科学计数，已丢失数字；得到 '2.01801E+13'；应为完整的编号；"
         "请把该列设为文本后重新导出。"),
    ],
)  # fmt: skip
def test_a_bad_row_says_what_is_wrong(tmp_path: Path, change: dict[int, str], reason: str) -> None:
    row = [change.get(i, cell) for i, cell in enumerate(ROW)]
    [fault] = all_facts(write(tmp_path / "a.csv", csv_bytes([PETITION, row])))
    assert isinstance(fault, Fault)
    assert fault.reason == reason


def test_a_row_with_too_many_cells_is_a_fault_and_the_next_is_read(tmp_path: Path) -> None:
    first, second = all_facts(write(tmp_path / "a.csv", csv_bytes([PETITION, [*ROW, "多"], ROW])))
    assert isinstance(first, Fault)
    assert isinstance(second, Facts)


def test_an_unclosed_quote_is_a_fault_of_its_row(tmp_path: Path) -> None:
    text = csv_bytes([PETITION, ROW, ROW]).decode() + '188009,"没有闭合' + "\n一行" * 600
    good, _, unclosed, *others = all_facts(write(tmp_path / "a.csv", text.encode()))
    assert isinstance(good, Facts)
    assert isinstance(unclosed, Fault)
    assert "引号没有闭合" in unclosed.reason
    assert others == []


@pytest.mark.parametrize("n_after", [3, 700])
def test_the_rows_after_an_unclosed_quote_go_in(tmp_path: Path, n_after: int) -> None:
    after = csv_bytes([[str(i), *ROW[1:]] for i in range(n_after)]).decode()
    text = csv_bytes([PETITION, ROW]).decode() + '188009,"没有闭合,路灯,2025/3/1,内容,0,1\n' + after
    good, unclosed, *others = all_facts(write(tmp_path / "a.csv", text.encode()))
    assert isinstance(good, Facts)
    assert isinstance(unclosed, Fault)
    assert [each.report_id for each in others if isinstance(each, Facts)] == [str(i) for i in range(n_after)]


def test_broken_bytes_in_a_utf8_file_spoil_only_their_row(tmp_path: Path) -> None:
    data = csv_bytes([PETITION, *[[str(i), *ROW[1:]] for i in range(20)]])
    data = data.replace("路灯不亮".encode(), b"\xe8\xb7" + "灯不亮".encode(), 1)
    facts = all_facts(write(tmp_path / "a.csv", data))
    assert [isinstance(each, Fault) for each in facts] == [True] + [False] * 19


def test_a_row_without_a_number_gets_one_from_its_time_and_text(tmp_path: Path) -> None:
    first, second = all_facts(write(tmp_path / "a.csv", csv_bytes([PETITION, ["", *ROW[1:]], ["", *ROW[1:]]])))
    assert isinstance(first, Facts)
    assert first.report_id.startswith("无号-")
    assert first == second


def test_operator_turns_are_context_and_the_citizens_are_the_body(tmp_path: Path) -> None:
    turns = [{"role": "坐席", "text": "您好"}, {"role": "市民", "text": "路灯坏了"}, {"role": "市民", "text": "三天了"}]
    order = {"工单号": "H1", "来电时间": "2025-03-01 09:00", "类型": "投诉", "标题": "路灯", "turns": turns}
    path = write(tmp_path / "a.jsonl", (json.dumps(order, ensure_ascii=False) + "\n{不是\n").encode())
    good, bad = all_facts(path)
    assert isinstance(good, Facts)
    assert (good.body, good.context, good.kind) == ("路灯坏了\n三天了", "您好", Kind.COMPLAINT)
    assert isinstance(bad, Fault)


def test_a_void_grid_note_is_marked(tmp_path: Path) -> None:
    header = ["编号", "问题来源", "大类", "小类", "问题描述", "社区", "上报时间", "上报人", "当前阶段", "处置截止时间"]
    row = ["G1", "巡查", "市容", "占道", "占道经营", "东风社区", "2025-03-01", "李四", "[作废]", "2025-03-05 18:00"]
    [facts] = all_facts(write(tmp_path / "a.csv", csv_bytes([header, row], "gb18030")))
    assert isinstance(facts, Facts)
    assert facts.is_void
    assert facts.category == "市容/占道"
    assert facts.due_at is not None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("市民来电咨询:图书馆几点开门", Kind.ENQUIRY),
        ("市民微信咨询：公积金怎么提取", Kind.ENQUIRY),
        ("东湖派出所来电反馈:工单编号：20250301100001《关于噪音的问题》处理情况", Kind.FOLLOW_UP),
        ("蓬江区城管来电反馈：（工单编号20250301100002）《关于摆摊的问题》", Kind.FOLLOW_UP),
        ("交警来电反馈：车主已移车", Kind.FOLLOW_UP),
        ("市民来电撤销：工单号20250301100003《关于路灯的问题》", Kind.FOLLOW_UP),
        ("市民再次来电催办路灯维修", Kind.FOLLOW_UP),
        ("公交公司来电反映：要求3107号话务代表回电", Kind.FOLLOW_UP),
        ("供电所来电：请转接215号坐席", Kind.FOLLOW_UP),
        ("市民来电反映：3107号公交车司机态度差，要求回电", Kind.UNKNOWN),
        ("市民来电投诉：餐馆油烟", Kind.COMPLAINT),
        ("市民来电建议：加一个红绿灯", Kind.SUGGESTION),
        ("市民来电反映：工地夜间施工", Kind.UNKNOWN),
    ],
)
def test_hotline_kinds_without_a_type_come_from_set_phrases(tmp_path: Path, body: str, kind: Kind) -> None:
    header = ["工单编号", "来电时间", "类型", "诉求内容"]
    [facts] = all_facts(write(tmp_path / "a.csv", csv_bytes([header, ["1", "2025-03-01", "", body]], "gb18030")))
    assert isinstance(facts, Facts)
    assert facts.kind is kind
