"""The audit's chain, and the heads of it that were printed in digests: what is printed cannot be rewritten later."""

import re
from pathlib import Path

from signals.audit import START, audit_heads, read_audit
from signals.errors import StateError
from signals.keeping.page_rewriting import digest_files
from signals.settings import Settings

NONE_PRINTED = "当日无审计记录"
PRINTED = re.compile(rf"审计链首[： ]([0-9a-f]{{64}})|{NONE_PRINTED}")


def check_audit(settings: Settings) -> tuple[str, int]:
    """What is wrong with the audit, "" where nothing is, and how many printed heads were compared."""
    try:
        for _ in read_audit(settings.audit_folder):
            pass
    except StateError as error:
        return str(error), 0
    heads, known = printed_heads(settings.digests_folder), audit_heads(settings.audit_folder)
    for path, printed in heads:
        if printed not in known:
            return f"{path}: 印的审计链首与现在的审计不符，审计可能被改动。请保全并核查。", len(heads)
    return "", len(heads)


def printed_heads(folder: Path) -> list[tuple[Path, str]]:
    """The head that each digest file prints, START where it says that there is none."""
    found = []
    for files in digest_files(folder).values():
        for path in files:
            if path.suffix in (".md", ".html") and (said := PRINTED.search(path.read_text("utf-8"))):
                found.append((path, said[1] or START))
    return found
