"""Files as the city's three systems export them: petitions xlsx, hotline json lines, grid csv in GB18030."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter

from signals.records import Source
from signals.simulate.drafts import Draft
from signals.simulate.outcomes import Outcome

PETITION_COLUMNS = (
    "信访件编号", "登记时间", "标题", "内容", "信访人", "联系电话", "区县", "镇街", "地址", "一级分类", "二级分类",
    "主办单位", "办理时限", "答复意见", "答复时间", "办理状态", "是否满意",
)  # fmt: skip
ROWS_A_FILE = 200_000  # well below the 1,048,576 rows of a sheet, and a file can be read in one piece
GRID_COLUMNS = (
    "编号", "问题来源", "大类", "小类", "问题描述", "区", "镇街", "社区", "网格", "上报时间", "上报人", "当前阶段",
    "处置截止时间", "处置结束时间", "主办单位",
)  # fmt: skip
KINDS = {
    "complaint": "投诉", "request": "求助", "enquiry": "咨询", "accusation": "举报", "suggestion": "建议",
    "thanks": "感谢",
}  # fmt: skip
ID_PREFIXES = {Source.PETITION: "XF", Source.HOTLINE: "RX", Source.GRID: "WG"}


@dataclass(frozen=True, slots=True)
class Row:
    """A draft with its number and its handling."""

    report_id: str
    draft: Draft
    outcome: Outcome
    area_name: str  # as written, which may be wrong or missing


def number(drafts: Sequence[Draft]) -> list[str]:
    """Numbers in order of receipt, running within each source."""
    counts = dict.fromkeys(Source, 0)
    ids = []
    for draft in drafts:
        counts[draft.source] += 1
        ids.append(f"{ID_PREFIXES[draft.source]}{draft.received_at:%Y%m%d}{counts[draft.source]:06}")
    return ids


def write_exports(rows: Sequence[Row], folder: Path) -> None:
    """The files of the three systems, each of at most ROWS_A_FILE reports; the second ones end in -2, and so on.

    Further files of an earlier, larger city in the same folder are removed.
    """
    writers = {
        Source.PETITION: ("petitions.xlsx", write_petitions), Source.HOTLINE: ("hotline.jsonl", write_hotline),
        Source.GRID: ("grid.csv", write_grid),
    }  # fmt: skip
    for source, (name, write) in writers.items():
        mine = [row for row in rows if row.draft.source is source]
        first = folder / name
        for old in folder.glob(f"{first.stem}-[0-9]*{first.suffix}"):
            old.unlink()
        for part, start in enumerate(range(0, max(len(mine), 1), ROWS_A_FILE), start=1):
            path = first if part == 1 else folder / f"{first.stem}-{part}{first.suffix}"
            write(mine[start : start + ROWS_A_FILE], path)


def write_petitions(rows: Sequence[Row], path: Path) -> None:
    """One sheet; times are real Excel times, everything else is text."""
    part = path.with_suffix(".part")
    with xlsxwriter.Workbook(part, {"strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2025, 1, 1), "title": "江门市信访件（模拟）"})  # noqa: DTZ001
        sheet = book.add_worksheet("信访件")
        clock = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for column, name in enumerate(PETITION_COLUMNS):
            sheet.write_string(0, column, name)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(_petition_cells(row)):
                if isinstance(cell, datetime):
                    sheet.write_datetime(line, column, cell, clock)
                elif cell:
                    sheet.write_string(line, column, cell)
    part.replace(path)


def write_hotline(rows: Sequence[Row], path: Path) -> None:
    """One order a line, the call as turns."""
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(map(_line, rows))
    part.replace(path)


def write_grid(rows: Sequence[Row], path: Path) -> None:
    """A csv as the grid system exports it: GB18030, CRLF, and a few rows of its own that nobody can use."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(GRID_COLUMNS)
    for row in rows:
        writer.writerow(_grid_cells(row))
    for damaged in damaged_grid_rows(rows):
        writer.writerow(damaged)
    write_text(path, text.getvalue().encode("gb18030"))


def damaged_grid_rows(rows: Sequence[Row]) -> list[list[str]]:
    """One row in 200 again, under its own number with a D, with an impossible time or no description."""
    damaged = []
    for i, row in enumerate(rows[199::200]):
        cells = _grid_cells(row)
        cells[0] += "D"
        if i % 2:
            cells[GRID_COLUMNS.index("问题描述")] = ""
        else:
            cells[GRID_COLUMNS.index("上报时间")] = f"{row.draft.received_at.year}/13/40"
        damaged.append(cells)
    return damaged


def write_text(path: Path, content: bytes) -> None:
    """Write beside, then rename."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)


def _petition_cells(row: Row) -> list[str | datetime]:
    draft, outcome, subject = row.draft, row.outcome, row.draft.subject
    return [
        row.report_id, draft.received_at, draft.title, draft.body, draft.person.name, draft.person.phone,
        row.area_name, _town(row), _address(row), subject.level1, subject.level2, subject.unit, outcome.due_at,
        outcome.answer, outcome.ended_at or "", "已办结" if outcome.ended_at else "办理中", outcome.satisfied,
    ]  # fmt: skip


def _line(row: Row) -> str:
    return json.dumps(_order(row), ensure_ascii=False, separators=(",", ":")) + "\n"


def _order(row: Row) -> dict[str, object]:
    draft, outcome, subject = row.draft, row.outcome, row.draft.subject
    urgency = "特急" if draft.urgent else "一般"
    return {
        "工单号": row.report_id, "来电时间": f"{draft.received_at}", "类型": KINDS[subject.kind],
        "标题": draft.title, "turns": [{"role": turn.role, "text": turn.text} for turn in draft.turns],
        "区": row.area_name, "街道": _town(row), "社区": _community(row), "地址": _address(row),
        "来电号码": draft.person.phone, "一级分类": subject.level1, "二级分类": subject.level2,
        "紧急程度": urgency, "主办单位": subject.unit, "派单时间": f"{outcome.sent_at}",
        "截止时间": f"{outcome.due_at}", "办结时间": f"{outcome.ended_at or ''}", "办理结果": outcome.answer,
        "退单次数": outcome.n_returned, "回访是否解决": outcome.solved, "回访是否满意": outcome.satisfied,
    }  # fmt: skip


def _grid_cells(row: Row) -> list[str]:
    draft, outcome, subject = row.draft, row.outcome, row.draft.subject
    stage = "已结案" if outcome.ended_at else "处置中"
    return [
        row.report_id, _origin(row), subject.level1, subject.level2, draft.body, row.area_name, _town(row),
        _community(row), f"{_community(row) or '未定'}第{int(row.report_id[-2:]) % 12 + 1:02}网格",
        f"{draft.received_at}", draft.person.name, "[作废]" if outcome.is_void else stage, f"{outcome.due_at}",
        f"{outcome.ended_at or ''}", subject.unit,
    ]  # fmt: skip


def _origin(row: Row) -> str:
    return ("网格员巡查", "网格员巡查", "群众反映", "视频巡查")[int(row.report_id[-3:]) % 4]


def _is_placed(draft: Draft) -> bool:
    return not (draft.is_without_place or draft.wrong_area)


def _town(row: Row) -> str:
    return row.draft.spot.town if _is_placed(row.draft) else ""


def _community(row: Row) -> str:
    return row.draft.spot.community if _is_placed(row.draft) else ""


def _address(row: Row) -> str:
    spot = row.draft.spot
    if not _is_placed(row.draft) or not spot.address:
        return ""
    flat = row.draft.person.room if spot.kind == "E" and int(row.report_id[-1]) < 3 else ""
    return f"江门市{spot.area_name}{spot.town}{spot.address}{flat}"
