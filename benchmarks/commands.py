"""The commands as an operator starts them, for benchmarks that measure them from outside."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from signals.settings import Settings


def said(*arguments: str, **environment: str) -> str:
    """What one command prints, in a process of its own. Raises CalledProcessError where it fails."""
    command = [str(Path(sys.executable).with_name("jianwei")), *arguments]
    utf8 = {"PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8",
                          env={**os.environ, **utf8, **environment})  # fmt: skip
    return done.stdout


def jianwei(settings: Settings, *arguments: str) -> None:
    """One command on the working folder of these settings, as in the demo."""
    said(*arguments, "--folder", str(settings.folder), JIANWEI_DEMO="true")


def replay(files: Sequence[Path], out: Path, *options: str) -> dict[str, Any]:
    """`jianwei replay` of these files into `out`; what its replay.json says."""
    said("replay", *map(str, files), "--out", str(out), *options)
    content: dict[str, Any] = json.loads((out / "replay.json").read_text("utf-8"))
    return content


def warehouse(out: Path) -> Path:
    """Where a replay keeps its warehouse."""
    return out / "work" / "jianwei.duckdb"


def seconds_of(replayed: dict[str, Any]) -> float:
    """Seconds of a replay, ingest included."""
    return float(sum(replayed["seconds"].values()))


def evaluate(out: Path, events: Path, *options: str) -> dict[str, Any]:
    """`jianwei evaluate` of a replay; what it prints as JSON (null = undefined)."""
    content: dict[str, Any] = json.loads(said("evaluate", str(out), "--events", str(events), "--json", *options))
    return content
