"""今日预警: danger reports, then the alerts of a day as cards, then what became of earlier ones."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

import streamlit as st

from board.acting import act
from board.answers import ask
from board.cards import alert_card, danger_list, figures_strip, past_table
from board.case_parts import case_button, case_buttons
from board.exports import download
from board.handling_parts import standing_text, waiting_line
from board.leaving import past_sheet
from board.linked import keep_linked, linked
from board.marks import LEVELS, Html, moment_text, notice, tag, text
from board.page import Page, open_page
from board.queries import day_figures, run_days
from board.queries_handling import CaseRow, case_rows
from board.queries_today import DangerRow, alert_quotes, day_alerts, day_dangers, past_alerts
from board.sheet import show
from signals.clock import LOCAL, chinese_day
from signals.handling import Step
from signals.store.handling import note_telephoned

MOST_WAITING = 4


def main() -> None:
    page = open_page("今日预警", "哪一个共同问题刚刚露头，为什么，该由谁去解决。")
    days = ask(page.settings, run_days)
    day = st.selectbox("日期", days, key=linked("today", "day", days, days[0]), format_func=chinese_day, width=260)
    keep_linked(day=(day, days[0]))
    figures = ask(page.settings, day_figures, page.viewer, day)
    show(figures_strip(figures))
    rows, n_counted = ask(page.settings, day_dangers, page.viewer, day, is_newest=day == days[0])
    if rows or n_counted:
        may = page.may_show("view_watch", f"day:{day}", len(rows))
        seen = rows if may else ()
        show(danger_list(seen, [page.places((row.area,), (row.town,)) for row in seen], n_counted, day=day))
        telephone_buttons(page, seen)
    cases = {row.issue_id: row for row in ask(page.settings, case_rows, page.viewer)}
    show_alerts(page, day, cases)
    show_waiting(page, day, cases)
    earlier = ask(page.settings, past_alerts, page.viewer, day)
    show(tag("h2", "此前 28 天的预警"))
    loops = {issue: row.case for issue, row in cases.items()}
    if not earlier:
        show(tag("p", "此前 28 天没有预警。", "jw-muted"))
        return
    show(past_table(earlier, loops))
    download(page, "此前预警", lambda: (past_sheet(earlier, loops, k=page.settings.min_cell),))


def telephone_buttons(page: Page, rows: Sequence[DangerRow]) -> None:
    """Note that a danger was telephoned, for each that was not."""
    with st.container(horizontal=True, gap="small"):
        for row in rows:
            said = f"登记已电话：{moment_text(row.known_at)} {row.danger}「{row.words}」"
            if row.phoned_at is None and page.viewer.may_do("phone") and st.button(said, key=f"phone-{row.report_key}"):
                at = datetime.now(LOCAL)
                act(page, "phone", "telephone", f"report:{row.report_key}",
                    partial(note_telephoned, report_key=row.report_key, at=at), "已记下电话通知的时间")  # fmt: skip


def show_alerts(page: Page, day: date, cases: Mapping[int, CaseRow]) -> None:
    """The cards, with their quotes once the audit line is on disk, and what may be done about each."""
    alerts = ask(page.settings, day_alerts, page.viewer, day)
    if alerts.n_withheld:
        show(withheld(alerts.n_withheld))
    if not alerts.cards:
        if not alerts.n_withheld:
            show(notice("今日无新苗头", "没有议题在这一天越过预警线；在看的议题仍在继续观察。"))
        return
    quotes = ask(page.settings, alert_quotes, page.viewer, day)
    n_quotes = sum(len(quotes.get(card.issue_id, ())) for card in alerts.cards)
    if not page.may_show("view_quotes", f"day:{day}", n_quotes):
        quotes = {}
    show(tag("h2", text(f"新预警 {len(alerts.cards)} 条")))
    in_row = min(len(alerts.cards), 2)  # one alone has the whole width
    for first in range(0, len(alerts.cards), in_row):
        row_cards = alerts.cards[first : first + in_row]
        for place, card in zip(st.columns(in_row, gap="small"), row_cards, strict=False):
            with place, st.container(key=f"alert-{card.issue_id}"):
                show(alert_card(card, quotes.get(card.issue_id, ()), page.places(card.areas, card.towns)))
                if row := cases.get(card.issue_id):
                    show(tag("p", text(standing_text(row.case)), "jw-muted"))
                    case_buttons(page, card.issue_id, row.case)


def show_waiting(page: Page, day: date, cases: Mapping[int, CaseRow]) -> None:
    """Alerts of earlier days that nobody has decided on, by level, the longest wait first."""
    waiting = [row for row in cases.values() if row.alerted_on < day and row.case.place is Step.FOUND]
    rows = sorted(waiting, key=lambda row: (list(LEVELS).index(row.level), row.alerted_on))
    if not rows:
        return
    show(tag("h2", text(f"此前的预警还有 {len(rows)} 条没有人确认")))
    for row in rows[:MOST_WAITING]:
        with st.container(border=True, key=f"case-{row.issue_id}"):
            show(waiting_line(row, page.places(row.areas)))
            case_button(page, row.issue_id, row.case)
    if len(rows) > MOST_WAITING:
        show(tag("p", tag("a", text(f"其余 {len(rows) - MOST_WAITING} 条见处置闭环"), href="handling"), "jw-muted"))


def withheld(n: int) -> Html:
    """Alerts that may only be counted."""
    return tag("p", text(f"另有 {n} 条预警只含敏感或涉办事机构的诉求：计数，内容由专门角色处理。"), "jw-muted")


main()
