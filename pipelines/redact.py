"""`jianwei redact`: lines from standard input, redacted, to standard output; or what is stored, redacted once more."""

import sys
from typing import TextIO

from pipelines.auditing import note
from pipelines.erase import named_days
from signals.keeping.backups import holding_backups
from signals.keeping.masking import mask_again
from signals.redaction import redact
from signals.settings import Settings
from signals.store.warehouse import check_exists


def redact_command(source: TextIO | None = None, target: TextIO | None = None) -> int:
    """One line in, one line out; nothing is stored. Returns 0."""
    output = target or sys.stdout
    for line in source or sys.stdin:
        output.write(redact(line.rstrip("\n")) + "\n")
    return 0


def redact_stored_command(settings: Settings) -> int:
    """Redact the stored texts by today's rules; returns 0. Raises StateError where there is no warehouse."""
    check_exists(settings.warehouse_path)
    note(settings, "redact", "texts:all")
    done = mask_again(settings)
    print(f"按现在的规则，{done.n_reports} 条诉求的内容补了脱敏标记；统计数、预警和议题编号不变。")
    if done.pages.said_on:
        print(f"提到过这些内容的预警：{named_days(done.pages.said_on)}；已打印或发出的请另行收回。")
    if done.pages.days:
        print(f"已重写日报：{named_days(done.pages.days)}。")
    if done.n_reports and (backups := holding_backups(settings)):
        print(f"备份里仍是原来的文本：{'、'.join(backups)}；恢复后请再运行一次，到期请删掉。")
    return 0
