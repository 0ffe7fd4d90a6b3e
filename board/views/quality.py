"""数据质量: whether what the board says stands on complete and timely data."""

from collections.abc import Sequence
from datetime import timedelta

from board.answers import ask
from board.charts import daily_bars
from board.drawing import draw
from board.marks import Html, join, notice, tag, text
from board.page import open_page
from board.quality_parts import file_table, health_tiles
from board.queries_quality import (
    ReasonCount,
    arrivals,
    recent_files,
    recent_runs,
    rejection_reasons,
    source_health,
)
from board.sheet import show

DAYS = 42


def main() -> None:
    page = open_page("数据质量", "哪些来源迟到，哪些行进不来，多少诉求不知道在哪里。", of_city=True)
    day = page.newest.day
    show(health_tiles(ask(page.settings, source_health, day), day))
    show(tag("h2", text(f"近 {DAYS} 天每日诉求（件；虚线为同星期预期）")))
    runs = ask(page.settings, recent_runs, limit=DAYS)
    first = day - timedelta(days=DAYS - 1)
    expected = [(run.day, run.expected) for run in sorted(runs, key=lambda run: run.day) if run.expected > 0]
    expected = [(on, n) for on, n in expected if on >= first]
    came = ask(page.settings, arrivals, day, days=DAYS)
    draw("arrivals", daily_bars, came, first=first, last=day, expected=expected)
    show(tag("h2", "没有进来的行"))
    show(waiting_line(ask(page.settings, rejection_reasons)))
    show(tag("h2", "导入的文件"))
    files = ask(page.settings, recent_files)
    show(file_table(files) if files else notice("还没有文件", "请先运行 jianwei ingest。"))


def waiting_line(reasons: Sequence[ReasonCount]) -> Html:
    """How many rows wait, and where they are seen."""
    n = sum(reason.n_rows for reason in reasons)
    if not n:
        return tag("p", "没有被隔离的行。", "jw-muted")
    most = max(reasons, key=lambda reason: reason.n_rows)
    words = text(f"{n:,} 行没有进来，还在等待改正。最多的一种原因（{most.n_rows:,} 行）：{most.reason.rstrip('。')}。")
    return tag("p", join((words, text("逐条查看和改法："), tag("a", "看隔离的行", href="models"), text("。"))))


main()
