"""Processes that work for another end with it, however it ends: nobody else would ever tell them to."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

REDACTS = """
import multiprocessing
from datetime import datetime
from itertools import count
from signals import redacting_rows
from signals.clock import LOCAL
from signals.records import Source
from signals.redacting import Redactor
from signals.settings import Settings
from tests.test_redacting_rows import row

if __name__ == "__main__":
    redacting_rows.ALONE = 1
    redactor = Redactor("a.csv", Source.HOTLINE, settings=Settings(), key=b"k" * 32, now=datetime.now(LOCAL))
    for number, _ in enumerate(redacting_rows.redact_rows(map(row, count()), redactor, n_processes=2)):
        if number == 2_000:
            print(*(each.pid for each in multiprocessing.active_children()), flush=True)
"""
COUNTS = """
import multiprocessing, time
from datetime import date
from signals import counting

if __name__ == "__main__":
    with counting.counting_ahead(counting.WORTH_A_PROCESS, 300) as ahead:
        ahead.start(date(2025, 3, 3), [counting.Text("hotline:1", "路灯不亮", "海棠苑门口路灯不亮", "")])
        ahead.take(date(2025, 3, 3))
        print(*(each.pid for each in multiprocessing.active_children()), flush=True)
        time.sleep(600)
"""


@pytest.mark.parametrize(("script", "n"), [(REDACTS, 2), (COUNTS, 1)], ids=["redacts", "counts"])
def test_a_process_that_was_started_ends_with_the_one_that_is_killed(tmp_path: Path, script: str, n: int) -> None:
    path = tmp_path / "endless.py"
    path.write_text(script, "utf-8")
    given = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    with subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE, text=True, env=given) as parent:
        assert parent.stdout
        children = [int(number) for number in parent.stdout.readline().split()]
        assert len(children) == n
        os.kill(parent.pid, signal.SIGKILL)
    end = time.monotonic() + 30
    while any(Path(f"/proc/{child}").exists() and not is_zombie(child) for child in children):
        assert time.monotonic() < end, "a process outlived its parent"
        time.sleep(0.1)


def is_zombie(number: int) -> bool:
    try:
        return ") Z" in Path(f"/proc/{number}/stat").read_text()
    except FileNotFoundError:
        return True
