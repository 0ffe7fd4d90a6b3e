"""What the page of the audit asks: the lines of some days of the audit, and whether they still hold together."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from signals.audit import AuditEntry, audit_head, newest_audit_day, read_audit_days
from signals.errors import StateError


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """The lines of some days, newest first, as far as the chain holds."""

    entries: tuple[AuditEntry, ...]
    head: str  # the hash of the newest line of all
    broken: str  # where the chain breaks, in a sentence; "" where it holds

    def chosen(self, *, account: str, action: str) -> tuple[AuditEntry, ...]:
        """The lines of an account and an action; "" means all."""
        return tuple(
            entry for entry in self.entries if account in ("", entry.account) and action in ("", entry.action)
        )


def newest_day(folder: Path) -> date | None:
    """The day of the newest line, None without one. Raises StateError where the files cannot be read."""
    try:
        return newest_audit_day(folder)
    except OSError as error:
        raise _unreadable(folder, error) from error


def audit_trail(folder: Path, first: date, last: date) -> AuditTrail:
    """What the audit says of the days from first to last. Raises StateError where its files cannot be read."""
    entries: list[AuditEntry] = []
    broken = ""
    try:
        for entry in read_audit_days(folder, first, last):
            entries.append(entry)  # one by one: those before a break stay
    except StateError as error:
        broken = str(error)
    except OSError as error:
        raise _unreadable(folder, error) from error
    return AuditTrail(tuple(reversed(entries)), audit_head(folder), broken)


def _unreadable(folder: Path, error: OSError) -> StateError:
    return StateError(f"{folder}: 审计读不到（{error.strerror}）。请检查目录的权限。")
