"""处置闭环: alerted issues as cards in the column of their step, overdue first; imported orders past their deadline."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st

from board.answers import ask
from board.case_parts import case_button
from board.exports import download
from board.handling_parts import (
    COLUMNS,
    case_card,
    case_sheet,
    column_of,
    loop_figures,
    n_notes,
    order_sheet,
    orders_table,
)
from board.linked import keep_linked, linked
from board.marks import notice, tag, text
from board.page import Page, open_page
from board.queries_handling import CaseRow, case_rows, overdue_orders
from board.sheet import show
from signals.clock import LOCAL, end_of
from signals.digest.follow_up import NOT_COUNTED

FRESH_DAYS = 2  # data older than this are judged as of their own end
ENDED_DAYS = 28  # ended cases stay on the board so long
FIRST_SHOWN = 6  # cards of a column before it is unfolded


def main() -> None:
    page = open_page("处置闭环", "每个预警都要有人报告、有人负责、有人处置、有人核查验收。")
    at = judged_at(page)
    rows = [row for row in ask(page.settings, case_rows, page.viewer) if is_shown(row, at)]
    if not rows:
        show(notice("还没有要处置的预警", "议题越过预警线之后，会在这里一步一步走到核查验收。"))
    else:
        show(loop_figures(rows, at))
        mine = chosen(page, rows)
        show_columns(page, mine, at, with_notes=page.may_show("view_handling", "list:handling", n_notes(mine)))
    orders = ask(page.settings, overdue_orders, page.viewer, page.newest.day)
    late = f"超过自身时限 {orders.n_overdue:,} 件（有时限的在办 {orders.n_open:,} 件）"
    show(tag("h2", text(f"各系统导入的在办工单：{late}")))
    if orders.shown:
        show(orders_table(orders.shown))
    else:
        show(tag("p", f"没有超过时限的在办工单（{NOT_COUNTED}）。", "jw-muted"))
    download(page, "处置闭环", lambda: (case_sheet(rows, at, page), order_sheet(orders.shown)))


def judged_at(page: Page) -> datetime:
    """The instant that deadlines are held against: now, or the end of the data where they are old."""
    now, end = datetime.now(LOCAL), end_of(page.newest.day)
    return now if now - end <= timedelta(days=FRESH_DAYS) else end


def is_shown(row: CaseRow, at: datetime) -> bool:
    """Open cases always; ended ones for a while."""
    return row.case.ended_at is None or row.case.ended_at > at - timedelta(days=ENDED_DAYS)


def chosen(page: Page, rows: Sequence[CaseRow]) -> list[CaseRow]:
    """The rows of the unit and the district that the reader, or the address, asks for."""
    units = sorted({row.case.unit for row in rows if row.case.unit})
    areas = [area.adcode for area in page.gazetteer.areas if any(area.adcode in row.areas for row in rows)]
    units, areas = ["", *units], ["", *areas]
    left, right, _ = st.columns([4, 4, 6])
    unit = left.selectbox(
        "单位", units, key=linked("handling", "unit", units, ""), format_func=lambda name: name or "全部单位"
    )
    area = right.selectbox(
        "区县", areas, key=linked("handling", "area", areas, ""),
        format_func=lambda code: page.gazetteer.area_name(code) if code else "全部区县",
    )  # fmt: skip
    keep_linked(unit=(unit, ""), area=(area, ""))
    return [row for row in rows if unit in ("", row.case.unit) and (not area or area in row.areas)]


def show_columns(page: Page, rows: Sequence[CaseRow], at: datetime, *, with_notes: bool) -> None:
    """A column a step, the most overdue on top."""
    for place, (step, title) in zip(st.columns(len(COLUMNS), gap="small"), COLUMNS.items(), strict=True):
        with place:
            mine = sorted((row for row in rows if column_of(row) is step), key=lambda row: -row.case.overdue_days(at))
            show(tag("h2", text(f"{title} {len(mine)}"), "jw-column"))
            if not mine:
                show(tag("p", "没有", "jw-muted"))
            for row in mine[:FIRST_SHOWN]:
                show_card(page, row, at, with_note=with_notes)
            if rest := mine[FIRST_SHOWN:]:
                with st.expander(f"其余 {len(rest)} 个"):
                    for row in rest:
                        show_card(page, row, at, with_note=with_notes)


def show_card(page: Page, row: CaseRow, at: datetime, *, with_note: bool) -> None:
    """One case with the steps that may come next."""
    with st.container(border=True, key=f"case-{row.issue_id}"):
        show(case_card(row, page.places(row.areas), at, with_note=with_note))
        case_button(page, row.issue_id, row.case)


main()
