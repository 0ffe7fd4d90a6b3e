"""The pieces of the page of the closed loop: its columns, its figures, a case as a card, orders past their deadline."""

from collections.abc import Sequence
from datetime import datetime

from board.exports import Sheet, people
from board.marks import LEVELS, Html, day_text, join, level_badge, moment_text, strip, table, tag, text, tile
from board.page import Page
from board.queries_handling import CaseRow
from signals.digest.record import OverdueOrders
from signals.handling import FIVE, STEP_NAMES, WAITS_FOR, Case, Step

COLUMNS = {step: WAITS_FOR[step] for step in FIVE[:-1]} | {Step.VERIFIED: "已了结"}  # step reached → heading
ORDER_HEAD = ("镇街", "承办单位", "超期件数", "最久超期（天）")
MOST_ORDERS = 30
CASE_HEAD = tuple("议题编号 议题 级别 预警日 区县 反映人 单位 期限 超期天数 现在 预警次数 重新打开".split(" "))


def column_of(row: CaseRow) -> Step:
    """The column a case stands in; what was dismissed has ended too."""
    return Step.VERIFIED if row.case.ended else row.case.place


def loop_figures(rows: Sequence[CaseRow], at: datetime) -> Html:
    """How many cases are open and late, each with its denominator."""
    open_ones = [row for row in rows if not row.case.ended]
    late = [row for row in open_ones if row.case.overdue_days(at)]
    nobody = [row for row in open_ones if Step.OWNED not in row.case.done]
    again = [row for row in open_ones if row.case.is_reopened]
    verified = sum(row.case.ended is Step.VERIFIED for row in rows)
    of_open = f"在办 {len(open_ones)} 个中"
    longest = max((row.case.overdue_days(at) for row in late), default=0)
    return strip((
        tile("在办的预警议题", f"{len(open_ones)} 个", f"近 28 天了结 {len(rows) - len(open_ones)} 个"),
        tile("超过时限", f"{len(late)} 个", f"{of_open}；最久 {longest} 天"),
        tile("还没有交办", f"{len(nobody)} 个", of_open),
        tile("重新打开", f"{len(again)} 个", f"{of_open}；核查后又有诉求，或核查没有通过"),
        tile("核查验收", f"{verified} 个", "近 28 天，经核查办结"),
    ))  # fmt: skip


def n_notes(rows: Sequence[CaseRow]) -> int:
    """How many of the cases have a note on their last step, which their cards show."""
    return sum(bool(row.case.last and row.case.last.note) for row in rows)


def case_card(row: CaseRow, places: str, at: datetime, *, with_note: bool) -> Html:
    """One case, without report text. Audit before its note is shown."""
    late, case = row.case.overdue_days(at), row.case
    name = tag("h3", tag("a", text(row.name), href=f"issue?issue={row.issue_id}"))
    if case.ended:
        state = f"{STEP_NAMES[case.ended]} {moment_text(case.ended_at)}" if case.ended_at else ""
        due = tag("span", text(state), "jw-done" if case.ended is Step.VERIFIED else "jw-muted")
    elif late:
        due = tag("span", text(f"超期 {late} 天"), "jw-open")
    else:
        due = tag("span", text(f"期限 {moment_text(case.due_at)}" if case.due_at else "没有期限"), "jw-muted")
    head = tag("div", level_badge(row.level) + due, "jw-cardhead")
    dots = "".join("●" if step in case.done else "○" for step in COLUMNS)
    alerts = f"，共 {case.n_alerts} 次" if case.n_alerts > 1 else ""
    lines = [
        tag("p", text(f"{case.unit or '待定'} · {places}"), "jw-muted"),
        tag("p", text(f"{dots} · 预警 {day_text(row.alerted_on)}{alerts}"), "jw-muted"),
    ]
    if case.is_reopened and not case.ended:
        lines.append(tag("p", "重新打开过", "jw-warning"))
    if with_note and case.last and case.last.note:
        lines.append(tag("p", text(f"“{case.last.note}”")))
    return tag("div", head + name + join(lines), "jw-case")


def standing_text(case: Case) -> str:
    """Where a case stands, in one line; what was noted about it stands on the issue's page."""
    if case.ended:
        return STEP_NAMES[case.ended]
    unit = f" · {case.unit}" if Step.OWNED in case.done else ""
    return f"处置：{WAITS_FOR[case.place]}{unit}" + (" · 重新打开过" if case.is_reopened else "")


def waiting_line(row: CaseRow, places: str) -> Html:
    """An alert of an earlier day on one line."""
    name = tag("a", text(row.name), href=f"issue?issue={row.issue_id}")
    unit = row.case.unit or "待定"
    said_by = "" if row.n_complainants is None else f" · {row.n_complainants} 人反映"
    about = text(f"{day_text(row.alerted_on)}预警{said_by} · {places} · 建议 {unit}")
    return tag("div", level_badge(row.level) + tag("b", name) + tag("span", about, "jw-muted"), "jw-cardhead")


def orders_table(orders: Sequence[OverdueOrders]) -> Html:
    """Orders past their own deadline by town and unit, those that wait longest first."""
    late = sorted(orders, key=lambda row: (-row.longest_days, row.town, row.unit))[:MOST_ORDERS]
    rows = [(text(row.town), text(row.unit), text(f"{row.n_orders:,}"), text(f"{row.longest_days:,}")) for row in late]
    return table(ORDER_HEAD, rows, numbers=(2, 3))


def case_sheet(rows: Sequence[CaseRow], at: datetime, page: Page) -> Sheet:
    """All cases as a table that may leave."""
    return Sheet("处置闭环", CASE_HEAD, tuple(
        (
            str(row.issue_id), row.name, LEVELS[row.level][1], str(row.alerted_on), page.places(row.areas),
            "" if row.n_complainants is None else people(row.n_complainants, k=page.settings.min_cell), row.case.unit,
            moment_text(row.case.due_at) if row.case.due_at else "",
            str(row.case.overdue_days(at)), WAITS_FOR[row.case.place], str(row.case.n_alerts),
            "是" if row.case.is_reopened else "",
        )
        for row in rows
    ))  # fmt: skip


def order_sheet(orders: Sequence[OverdueOrders]) -> Sheet:
    """Orders past their deadline as a table that may leave."""
    rows = tuple((row.town, row.unit, str(row.n_orders), str(row.longest_days)) for row in orders)
    return Sheet("超期工单", ORDER_HEAD, rows)
