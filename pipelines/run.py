"""`jianwei run`: compute the days that are due, each in one transaction, a line a day."""

from datetime import date

from pipelines.auditing import note
from pipelines.likelihood_source import likelihood_source
from pipelines.theme_source import theme_source
from signals.keeping.recomputing import recompute
from signals.runner import DayDone, days_due, run_days
from signals.settings import Settings

MUST = {(False, False): "", (True, False): "（当时设置不同）", (False, True): "（之后有诉求被删除）",
        (True, True): "（当时设置不同，之后有诉求被删除）"}  # fmt: skip
HEADER = "日期         诉求  隔离  新议题  预警  更新    秒"


def run_command(settings: Settings, *, day: date | None = None, through: date | None = None) -> int:
    """Run one day, or all days due through a day (default yesterday); days done are left alone. Returns 0."""
    days = days_due(settings.warehouse_path, through, only=day)
    if not days:
        asked = day or through
        print(f"{asked}: 已经运行过，没有改动。" if asked else "到昨天为止没有新的一天要运行，没有改动。")
        return 0
    note(settings, "run", f"days:{days[0]}..{days[-1]}", len(days))
    print(HEADER, flush=True)
    for done in run_days(settings.warehouse_path, days, settings, theme_source(settings), likelihood_source(settings)):
        print(day_line(done), flush=True)
    return 0


def verify_command(settings: Settings, through: date) -> int:
    """Compute all days again up to a done day and compare, writing nothing; returns 1 where one differs, else 0."""
    n = differ = unexplained = 0
    first = ""
    for done in recompute(settings, through):
        why = MUST[done.has_other_settings, done.has_erased]
        n += 1
        differ += not done.is_equal
        unexplained += not done.is_equal and not why
        first = first or ("" if done.is_equal else f"{done.day}{why}")
        if not done.is_equal or done.day == through:
            print(f"{done.day}  {'相同' if done.is_equal else '不同'}{'' if done.is_equal else why}", flush=True)
    if not differ:
        print(f"重新计算了 {n} 天，结果与保存的完全相同。没有写入任何内容。")
        return 0
    print(f"重新计算了 {n} 天，{differ} 天不同，第一天是 {first}；没有写入任何内容。")
    if unexplained:
        print("第一个不同的日子之后都会跟着不同。若那天由旧版本程序计算，不同是预期的；否则请保留现状并报告。")
    return 1


def day_line(done: DayDone) -> str:
    """Reports, quarantined rows, new issues, alerts, updates and seconds of a day."""
    result = done.result
    return (
        f"{result.day}  {len(result.keys):4d}  {done.n_quarantined:4d}  {len(result.born):6d}  "
        f"{len(result.alerts):4d}  {len(result.updates):4d}  {done.seconds:4.1f}"
    )
