"""数据质量: whether what the board says stands on complete and timely data."""

from datetime import timedelta

import streamlit as st

from board.answers import ask
from board.charts import daily_bars
from board.marks import notice, tag, text
from board.page import NO_AUDIT, Page, open_page
from board.quality_parts import file_table, health_tiles, reason_table, rejected_table, run_table
from board.queries_quality import (
    arrivals,
    recent_files,
    recent_runs,
    rejected_rows,
    rejection_reasons,
    source_health,
)
from board.sheet import show

DAYS = 42


def main() -> None:
    page = open_page("数据质量", "哪些来源迟到，哪些行进不来，多少诉求不知道在哪里。")
    day = page.newest.day
    show(health_tiles(ask(page.settings, source_health, day), day))
    show(tag("h2", text(f"近 {DAYS} 天每日诉求（件；虚线为同星期预期）")))
    runs = ask(page.settings, recent_runs, limit=DAYS)
    first = day - timedelta(days=DAYS - 1)
    expected = [(run.day, run.expected) for run in sorted(runs, key=lambda run: run.day) if run.expected > 0]
    expected = [(on, n) for on, n in expected if on >= first]
    chart = daily_bars(ask(page.settings, arrivals, day, days=DAYS), first=first, last=day, expected=expected)
    st.altair_chart(chart, theme=None, width="stretch", key="arrivals")
    show_rejected(page)
    show(tag("h2", "批次（最近 14 天）"))
    show(run_table(runs[:14]))
    show(tag("h2", "导入的文件"))
    files = ask(page.settings, recent_files)
    show(file_table(files) if files else notice("还没有文件", "请先运行 jianwei ingest。"))


def show_rejected(page: Page) -> None:
    """Rows put aside by reason; their redacted cells on request, after an audit line."""
    show(tag("h2", "隔离的行（按原因）"))
    reasons = ask(page.settings, rejection_reasons)
    if not reasons:
        show(tag("p", "没有被隔离的行。", "jw-muted"))
        return
    show(reason_table(reasons))
    if not page.viewer.may_read("view_quarantine"):
        show(tag("p", "隔离的行还没有认出区划，内容只对市级账号开放。", "jw-muted"))
        return
    names = [reason.reason for reason in reasons]
    picked = st.selectbox("查看某一原因的行（内容已脱敏，查看会留痕）", [None, *names], key="reason",
                          format_func=lambda name: name or "不查看")  # fmt: skip
    if picked is None:
        return
    rows = ask(page.settings, rejected_rows, page.viewer, picked)
    if page.may_show("view_quarantine", f"reason:{names.index(picked)}", len(rows)):
        show(rejected_table(rows))
    else:
        show(tag("p", f"{NO_AUDIT}。", "jw-muted"))


main()
