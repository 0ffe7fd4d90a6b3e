"""Replay a file of real reports and score it against labelled events, in a fresh process.

JIANWEI_BENCH_PETITIONS and JIANWEI_BENCH_EVENTS name the two files; JIANWEI_BENCH_FROM and JIANWEI_BENCH_TO (dates)
limit the days scored. Seconds and memory are of this machine: compare them only within one run.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

NEEDED = ("JIANWEI_BENCH_PETITIONS", "JIANWEI_BENCH_EVENTS")


def main() -> int:
    """Run replay and evaluate as a user would. Returns their first non-zero exit code, 2 where a file is not named."""
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        print(f"Set {' and '.join(missing)} to a file of reports and its labelled events (see docs/data-format.md).")
        return 2
    petitions, events = (os.environ[name] for name in NEEDED)
    jianwei = Path(sys.executable).with_name("jianwei")
    window = [
        part
        for option in ("from", "to")
        if (day := os.environ.get(f"JIANWEI_BENCH_{option.upper()}"))
        for part in (f"--{option}", day)
    ]
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "replay")
        for arguments in (["replay", petitions, "--out", out], ["evaluate", out, "--events", events]):
            code = subprocess.run([jianwei, *arguments, *window], check=False).returncode
            if code:
                return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
