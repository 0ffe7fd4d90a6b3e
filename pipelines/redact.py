"""`jianwei redact`: lines from standard input, redacted, to standard output. Nothing is stored."""

import sys
from typing import TextIO

from signals.redaction import redact


def redact_command(source: TextIO | None = None, target: TextIO | None = None) -> int:
    """One line in, one line out. Returns 0."""
    output = target or sys.stdout
    for line in source or sys.stdin:
        output.write(redact(line.rstrip("\n")) + "\n")
    return 0
