"""The pieces of the page of data quality."""

import json
from collections.abc import Sequence
from datetime import date

from board.marks import SOURCES, Html, day_text, join, moment_text, strip, table, tag, text, tile, wide
from board.queries_quality import FileRow, ReasonCount, RejectedRow, RunRow, SourceHealth

LATE_AFTER_DAYS = 2


def health_tiles(rows: Sequence[SourceHealth], day: date) -> Html:
    """One block a source: how late it is, and how much of it has no place."""
    blocks = []
    for row in rows:
        behind = (day - row.last_on).days
        is_late = behind > LATE_AFTER_DAYS
        name = SOURCES.get(row.source, row.source)
        state = f"迟到：最近一件在 {behind} 天前" if is_late else f"最近一件 {day_text(row.last_on)}"
        head = tag("h3", text(name)) + tag("p", text(state), "jw-warning" if is_late else "jw-muted")
        figures = strip((
            tile("近 28 天", f"{row.n_reports:,} 件", f"{row.n_days} / 28 天有数据"),
            tile("晚到两天以上", f"{row.late_share:.0%}", f"共 {row.n_reports:,} 件中"),
            tile("不知区县", f"{row.no_area_share:.0%}", f"不知镇街 {row.no_town_share:.0%}"),
        ))  # fmt: skip
        blocks.append(tag("div", head + figures, "jw-card"))
    return tag("div", join(blocks), "jw-cards jw-thirds")


def reason_table(rows: Sequence[ReasonCount]) -> Html:
    """Reasons with bars, most frequent first."""
    top = max(row.n_rows for row in rows)
    lines = [
        (
            wide(text(row.reason)),
            tag("div", tag("i", "", style=f"width:{100 * row.n_rows / top:.0f}%"), "jw-rowbar"),
            text(row.n_rows),
            text(row.n_files),
            text(moment_text(row.last_at)),
        )
        for row in rows
    ]
    return table(("原因和改法", "", "行数", "文件数", "最近"), lines, numbers=(2, 3))


def rejected_table(rows: Sequence[RejectedRow]) -> Html:
    """Rows put aside: where they stand, and their redacted cells."""
    lines = [
        (
            text(f"{row.file_name} {row.sheet} 第 {row.row_number} 行"),
            text(row.column),
            wide(text(_cells_text(row.cells))),
        )
        for row in rows
    ]
    return table(("位置", "列", "单元格（已脱敏）"), lines)


def run_table(rows: Sequence[RunRow]) -> Html:
    """Computed days, newest first."""
    lines = [
        (
            text(day_text(row.day)),
            text(f"{row.n_reports:,}"),
            text(f"{row.expected:.0f}" if row.expected else "—"),
            text(row.n_quarantined),
            text(row.n_new_issues),
            text(row.n_alerts),
            text(f"{row.seconds:.1f} 秒"),
            text(moment_text(row.finished_at)),
        )
        for row in rows
    ]
    head = ("日期", "诉求", "预期", "隔离", "新议题", "预警", "用时", "算完于")
    return table(head, lines, numbers=(1, 2, 3, 4, 5, 6))


def file_table(rows: Sequence[FileRow]) -> Html:
    """Files taken in, newest first."""
    lines = [
        (
            text(row.file_name),
            text(SOURCES.get(row.source, row.source)),
            text(moment_text(row.ingested_at)),
            *(text(f"{n:,}") for n in (row.n_rows, row.n_new, row.n_changed, row.n_same, row.n_quarantined)),
        )
        for row in rows
    ]
    head = ("文件", "来源", "导入时间", "行数", "新增", "更新", "未变", "隔离")
    return table(head, lines, numbers=(3, 4, 5, 6, 7))


def _cells_text(cells: str) -> str:
    try:
        values = json.loads(cells)
    except ValueError:
        return cells
    return "；".join(f"{name}：{value}" for name, value in values.items()) if isinstance(values, dict) else cells
