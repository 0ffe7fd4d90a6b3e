"""`jianwei run`: compute the days that are due, each in one transaction, a line a day."""

from datetime import date

from pipelines.theme_source import theme_source
from signals.runner import DayDone, days_due, run_days
from signals.settings import Settings

HEADER = "日期         诉求  隔离  新议题  预警  更新    秒"


def run_command(settings: Settings, *, day: date | None = None, through: date | None = None) -> int:
    """Run one day, or all days due through a day (default yesterday); days done are left alone. Returns 0."""
    days = days_due(settings.warehouse_path, through, only=day)
    if not days:
        print(f"{day or through or '到昨天为止'}: 已经运行过，没有改动。")
        return 0
    print(HEADER, flush=True)
    for done in run_days(settings.warehouse_path, days, settings, theme_source(settings)):
        print(day_line(done), flush=True)
    return 0


def day_line(done: DayDone) -> str:
    """Reports, quarantined rows, new issues, alerts, updates and seconds of a day."""
    result = done.result
    return (
        f"{result.day}  {len(result.keys):4d}  {done.n_quarantined:4d}  {len(result.born):6d}  "
        f"{len(result.alerts):4d}  {len(result.updates):4d}  {done.seconds:4.1f}"
    )
