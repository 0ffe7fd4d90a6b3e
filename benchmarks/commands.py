"""The commands as an operator starts them, for benchmarks that measure them from outside."""

import os
import subprocess
import sys
from pathlib import Path

from signals.settings import Settings


def jianwei(settings: Settings, *arguments: str) -> None:
    """One command in a process of its own. Raises CalledProcessError where it fails."""
    command = [str(Path(sys.executable).with_name("jianwei")), *arguments, "--folder", str(settings.folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "JIANWEI_DEMO": "true"})
