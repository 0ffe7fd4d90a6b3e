"""What the page of the audit asks: the lines of the audit's files, and whether their chain holds."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from signals.audit import AuditEntry, audit_head, read_audit
from signals.clock import day_of
from signals.errors import StateError


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """All lines, newest first, as far as the chain holds."""

    entries: tuple[AuditEntry, ...]
    head: str  # the hash of the newest line
    broken: str  # where the chain breaks, in a sentence; "" where it holds

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(sorted({day_of(entry.at) for entry in self.entries}, reverse=True))

    def chosen(self, *, day: date | None, account: str, action: str) -> tuple[AuditEntry, ...]:
        """The lines of a day, an account and an action; None and "" mean all."""
        return tuple(
            entry
            for entry in self.entries
            if (day is None or day_of(entry.at) == day)
            and account in ("", entry.account)
            and action in ("", entry.action)
        )


def audit_trail(folder: Path) -> AuditTrail:
    """Everything that the audit says. Raises StateError where its files cannot be read."""
    entries: list[AuditEntry] = []
    broken = ""
    try:
        for entry in read_audit(folder):
            entries.append(entry)  # one by one: those before a break stay
    except StateError as error:
        broken = str(error)
    except OSError as error:
        raise StateError(f"{folder}: 审计读不到（{error.strerror}）。请检查目录的权限。") from error
    return AuditTrail(tuple(reversed(entries)), audit_head(folder), broken)
