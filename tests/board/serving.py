"""The board as a process of its own, for tests and benchmarks that look at it with a real browser."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@contextmanager
def served(folder: Path, *, demo: bool = True) -> Iterator[str]:
    """The board on a folder, as the command serves it; its address. demo: nobody has to sign in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("jianwei")), "serve", "--port", str(port), "--folder", str(folder)]
    given = os.environ | {"JIANWEI_DEMO": "true" if demo else "false"}
    with subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as board:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            board.terminate()


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return
