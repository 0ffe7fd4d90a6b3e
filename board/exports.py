"""Tables that leave the board as a workbook: every cell text, few people without a number, an audit line first.

Report text never leaves this way.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
import xlsxwriter

from board.hiding import WORDS
from board.page import Page
from signals.smallcells import Mark

_LONGEST = 32_000  # characters of a cell
_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it leaves: its name, the heads of its columns, rows of as many texts."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def people(n: int, *, k: int = 5) -> str:
    """A number of distinct people as it may leave the centre; fewer than k are not told.

    >>> people(4), people(12), people(0)
    ('少于5', '12', '0')
    """
    return WORDS[Mark.FEW].format(k=k) if 0 < n < k else str(n)


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The bytes of an xlsx, one sheet a table; what looks like a formula or a link stays text."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for table in sheets:
            sheet = book.add_worksheet(table.name)
            for column, name in enumerate(table.head):
                sheet.write_string(0, column, name, bold)
            for line, row in enumerate(table.rows, start=1):
                for column, cell in enumerate(row):
                    sheet.write_string(line, column, cell[:_LONGEST])
            sheet.freeze_panes(1, 0)
            sheet.autofit(420)
    return buffer.getvalue()


def download(page: Page, name: str, sheets: Callable[[], Sequence[Sheet]]) -> None:
    """A button that makes the workbook when it is pressed, after its audit line; no line, no file."""

    def made() -> bytes:
        found = sheets()
        n = sum(len(sheet.rows) for sheet in found)
        page.note("export", f"table:{name}", n)
        return workbook(found)

    file_name = f"见微-{name}-{page.newest.day}.xlsx"
    st.download_button("下载表格（xlsx）", made, file_name, _MIME, key=f"download-{name}", on_click="ignore")
