"""The audit line of a command, on disk before the command changes or shows anything."""

import getpass
import os
from datetime import datetime

from signals.accounts import Role
from signals.audit import AuditEntry, append_audit
from signals.clock import LOCAL
from signals.settings import Settings

ROLE = Role.OPERATOR  # of whoever may start commands on the machine


def note(settings: Settings, action: str, subject: str, n: int = 0, *, by: str | None = None) -> None:
    """Append a line about what this command is going to do; by: default the account it runs under.

    Raises StateError where the audit cannot be written: then the command does nothing.
    """
    append_audit(settings.audit_folder, AuditEntry(datetime.now(LOCAL), by or account(), ROLE, action, subject, n))


def account() -> str:
    """The name of the account, its number where it has no name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # which of them depends on the version of Python
        return f"uid-{os.getuid()}"
