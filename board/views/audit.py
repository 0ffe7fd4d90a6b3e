"""审计: who saw which text or changed what, and whether the chain of lines is whole. No report text is here."""

from datetime import timedelta

import streamlit as st

from board.audit_parts import ACTIONS, audit_table, chain_state
from board.marks import notice, tag, text
from board.page import open_without_data
from board.queries_audit import audit_trail, newest_day
from board.sheet import show
from signals.errors import StateError

ROWS = 200
FIRST_SHOWN_DAYS = 7


def main() -> None:
    settings = open_without_data("审计", "谁看过哪些诉求内容，谁改过什么；一行一事，先落盘后显示。").settings
    try:
        newest = newest_day(settings.audit_folder)
        if newest is None:
            show(notice("还没有审计记录", "有人登录、看诉求内容或运行命令之后，这里会有记录。"))
            return
        first, second, third = st.columns(3)
        since = newest - timedelta(days=FIRST_SHOWN_DAYS - 1)
        days = first.date_input("日期", value=(since, newest), max_value=newest, format="YYYY-MM-DD", key="days")
        chosen_days = days or (newest,)  # a day alone, or none, while a range is being chosen
        trail = audit_trail(settings.audit_folder, min(chosen_days), max(chosen_days))
    except StateError as error:
        show(notice("审计读不到", str(error)))
        return
    show(chain_state(trail))
    accounts = sorted({entry.account for entry in trail.entries})
    account = second.selectbox("账号", ["", *accounts], key="account", format_func=lambda name: name or "全部账号")
    actions = sorted({entry.action for entry in trail.entries})
    action = third.selectbox(
        "动作", ["", *actions], key="action", format_func=lambda name: ACTIONS.get(name, name) if name else "全部动作"
    )
    chosen = trail.chosen(account=account, action=action)
    more = f"，列出最近 {ROWS} 行" if len(chosen) > ROWS else ""
    show(tag("h2", text(f"记录 {len(chosen):,} 行{more}")))
    if chosen:
        show(audit_table(chosen[:ROWS]))
    else:
        show(tag("p", "这样筛选没有记录。", "jw-muted"))


main()
