"""The pieces of the page that looks at an export before it is taken in."""

from collections.abc import Mapping, Sequence

from board.marks import KINDS, Html, moment_text, table, text, wide
from signals.reading import Field
from signals.reading.fields import FIELD_NAMES
from signals.records import Rejected
from signals.staging import StagedReport


def column_table(columns: Mapping[str, Field | None]) -> Html:
    """Each column of the file, and what it is read as."""
    lines = [
        (text(header), text(FIELD_NAMES[field] if field else "不读"), text(field or ""))
        for header, field in columns.items()
    ]
    return table(("文件里的列", "读作", "字段"), lines)


def refusal_table(rows: Sequence[Rejected]) -> Html:
    """Where refused rows stand, and why."""
    lines = [
        (text(f"{row.sheet} 第 {row.row_number} 行".strip()), text(row.column), wide(text(row.reason))) for row in rows
    ]
    return table(("位置", "列", "为什么，怎么改"), lines)


def row_table(rows: Sequence[StagedReport]) -> Html:
    """The first rows as they would be stored."""
    lines = [
        (
            text(row.row_number),
            text(row.report.report_id),
            text(moment_text(row.report.received_at)),
            text(KINDS[row.report.kind]),
            wide(text(" ".join(f"{row.report.title} {row.report.body}".split())[:120])),
        )
        for row in rows
    ]
    return table(("行", "编号", "收到", "类型", "标题与内容"), lines, numbers=(0,))
