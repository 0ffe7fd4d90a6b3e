"""`jianwei erase`: remove the text of single reports for good, and say what had already left."""

from collections.abc import Sequence
from datetime import date, datetime

from pipelines.auditing import note
from signals.clock import LOCAL
from signals.errors import InputError
from signals.keeping.backups import holding_backups
from signals.keeping.erasing import Erased, check_reports, erase_reports
from signals.records import Source
from signals.settings import Settings
from signals.store.recording import say

MOST_NAMED = 10


def erase_command(settings: Settings, source: str, report_ids: list[str], *, reason: str, by: str) -> int:
    """Erase reports of one source by the office's numbers; returns 0.

    Raises InputError for an unknown source, StateError for a report that is not there: then nothing is changed.
    """
    if source not in list(Source):
        raise InputError(f"{source}: 没有这种来源；应为 {'、'.join(Source)} 之一。请改正后重试。")
    now = datetime.now(LOCAL)
    said = say(by, reason, now)
    keys = check_reports(settings, [f"{source}:{number}" for number in report_ids])
    for key in keys:
        note(settings, "erase", f"report:{key}", 1, by=said.by)
    done = erase_reports(settings, keys, by=said.by, reason=said.reason, at=now)
    print(f"已删除 {done.n_reports} 条诉求的内容、诉求人哈希和引文；统计数不变，重新导入也不会再收。")
    print_departed(done)
    if backups := holding_backups(settings):
        print(f"仍含这些内容的备份：{'、'.join(backups)}；恢复时会再次删除。到期请删掉这些备份。")
    return 0


def print_departed(done: Erased) -> None:
    """What had left before, and what was put right here."""
    pages, days = done.pages, sorted({*done.pages.days, *done.pages.said_on})
    if days:
        print(f"提到过这些内容的预警和日报：{named_days(days)}；已打印或发出的请另行收回。")
    if pages.days:
        print(f"已重写日报：{named_days(pages.days)}。")
    if pages.removed:
        print(f"已移除 {len(pages.removed)} 个日报文件。")
    if done.models:
        print(f"可能学过这些内容的模型：{'、'.join(done.models)}。建议运行 jianwei retrain themes 后停用旧版本。")


def named_days(days: Sequence[date]) -> str:
    """Days one by one; many of them from the first to the last."""
    if len(days) > MOST_NAMED:
        return f"{days[0]} 至 {days[-1]} 之间的 {len(days)} 天"
    return "、".join(map(str, days))
