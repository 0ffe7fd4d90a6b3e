"""The board as a process of its own, for tests and benchmarks that look at it with a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium")
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


def sign_in(page: Any, address: str, account: str, password: str, new_password: str) -> None:
    """Sign in for the first time: by a one-time password, which is changed at once."""
    page.goto(address)
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_label("新密码").fill(new_password)
    page.get_by_label("再输一遍").fill(new_password)
    page.get_by_role("button", name="保存并进入").click()
    page.locator("h1", has_text="今日预警").wait_for(timeout=30_000)


def launch(playwright: Any) -> Any:
    """The Chromium of this machine, without a window."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


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
