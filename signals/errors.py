"""What can go wrong, as sentences: `where: what; got …; expected …. What to do.`

A refusal (`InputError`, `SettingsError`, `StateError`) is our answer to a wrong request and ends a command with
exit code 1 and one line; any other exception is a fault of ours.
"""


class JianweiError(Exception):
    """Base of all refusals; its text is one line fit for a person, and holds no unredacted report text."""


class InputError(JianweiError):
    """A file cannot be read at all (single bad rows go to quarantine instead)."""


class SettingsError(JianweiError):
    """A setting is unknown, missing or out of range."""


class StateError(JianweiError):
    """The request does not fit what the warehouse holds (an earlier day has not run, a newer schema, …)."""


class WarehouseBusyError(JianweiError):
    """Another process kept the warehouse open for longer than we were willing to wait."""
