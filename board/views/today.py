"""今日预警: danger reports, then the alerts of a day as cards, then what became of earlier ones."""

import streamlit as st

from board.answers import ask
from board.cards import alert_card, danger_list, figures_strip, past_table
from board.marks import Html, join, notice, tag, text
from board.page import Page, open_page
from board.queries import day_figures, run_days
from board.queries_today import alert_quotes, day_alerts, day_dangers, past_alerts
from board.sheet import show
from signals.clock import chinese_day


def main() -> None:
    page = open_page("今日预警", "哪一个共同问题刚刚露头，为什么，该由谁去解决。")
    days = ask(page.settings, run_days)
    asked = [str(day) for day in days].index(link) if (link := st.query_params.get("day", "")) in map(str, days) else 0
    day = st.selectbox("日期", days, index=asked, format_func=chinese_day, key="day", width=260)
    figures = ask(page.settings, day_figures, day)
    show(figures_strip(figures))
    rows, n_counted = ask(page.settings, day_dangers, day, is_newest=day == days[0])
    if rows or n_counted:
        may = page.may_show("view_watch", f"day:{day}", len(rows))
        seen = rows if may else ()
        show(danger_list(seen, [page.places((row.area,), (row.town,)) for row in seen], n_counted, day=day))
    show_alerts(page, day)
    earlier = ask(page.settings, past_alerts, day)
    show(tag("h2", "此前 28 天的预警"))
    show(past_table(earlier) if earlier else tag("p", "此前 28 天没有预警。", "jw-muted"))


def show_alerts(page: Page, day: object) -> None:
    """The cards, with their quotes once the audit line is on disk."""
    alerts = ask(page.settings, day_alerts, day)  # type: ignore[arg-type]
    if alerts.n_withheld:
        show(withheld(alerts.n_withheld))
    if not alerts.cards:
        if not alerts.n_withheld:
            show(notice("今日无新苗头", "没有议题在这一天越过预警线；在看的议题仍在继续观察。"))
        return
    quotes = ask(page.settings, alert_quotes, day)  # type: ignore[arg-type]
    n_quotes = sum(len(quotes.get(card.issue_id, ())) for card in alerts.cards)
    if not page.may_show("view_quotes", f"day:{day}", n_quotes):
        quotes = {}
    show(tag("h2", text(f"新预警 {len(alerts.cards)} 条")))
    cards = (
        alert_card(card, quotes.get(card.issue_id, ()), page.places(card.areas, card.towns))
        for card in alerts.cards
    )
    show(tag("div", join(cards), "jw-cards"))


def withheld(n: int) -> Html:
    """Alerts that may only be counted."""
    return tag("p", text(f"另有 {n} 条预警只含敏感或涉办事机构的诉求：计数，内容由专门角色处理。"), "jw-muted")


main()
