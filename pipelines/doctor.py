"""`jianwei doctor`: is the working folder well, and has any personal information slipped through? Changes nothing."""

from datetime import datetime

from signals.clock import LOCAL
from signals.keeping.checks import State, examine
from signals.keeping.privacy import find_slips
from signals.settings import Settings
from signals.store.warehouse import reading

MOST_SHOWN = 50


def doctor_command(settings: Settings, *, privacy: bool = False, now: datetime | None = None) -> int:
    """Print one line a check; returns 1 where one is a fault, else 0."""
    if privacy:
        return _privacy(settings)
    faults = notices = 0
    for check in examine(settings, now=now or datetime.now(LOCAL)):
        faults += check.state is State.FAULT
        notices += check.state is State.NOTICE
        print(f"{check.state}  {check.name}：{check.said}", flush=True)
    print(f"{faults} 项故障，{notices} 项注意。")
    return 1 if faults else 0


def _privacy(settings: Settings) -> int:
    """Print where something slipped through, never what; returns 1 where anything did."""
    n = 0
    with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        for slip in find_slips(connection, settings):
            n += 1
            if n <= MOST_SHOWN:
                marks = "、".join(f"{mark}×{times}" for mark, times in slip.marks)
                print(f"故障  {slip.where}.{slip.column}  {slip.row or '（编号本身含个人信息）'}  {marks}")
    if n:
        more = f"，只列出前 {MOST_SHOWN} 处" if n > MOST_SHOWN else ""
        print(f"共 {n} 处可能漏掉的个人信息{more}。请运行 jianwei redact --stored 按现在的规则补脱敏；"
              "再查仍有的，请用 jianwei erase 删除这些诉求，并反馈脱敏规则。")
        return 1
    print("正常  各表、审计和日报里没有发现漏掉的个人信息。")
    return 0
