"""`jianwei serve`: open the board. It starts Streamlit with everything that would call out switched off."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from signals.errors import StateError
from signals.settings import Settings

FLAGS = {
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "runner.postScriptGC": "false",  # a full collection after every click stops all sessions; Python collects anyway
    "client.showErrorDetails": "none",  # a traceback could hold report text
    "client.showErrorLinks": "false",  # they lead out of the house
    "global.developmentMode": "false",
    "theme.base": "light",
    "theme.primaryColor": "#1d5f9e",
    "theme.textColor": "#1f2a33",
    "theme.backgroundColor": "#f4f6f8",
    "theme.secondaryBackgroundColor": "#ffffff",
}


def serve_command(settings: Settings, port: int = 8501, address: str = "127.0.0.1") -> int:
    """Serve the board until it is stopped; returns Streamlit's exit code.

    Settings reach the board by environment, so one set on the command line counts there too. Raises StateError
    where the board's packages are not installed.
    """
    if find_spec("streamlit") is None or find_spec("altair") is None:
        raise StateError("board: 看板的软件包没有安装；需要 streamlit 和 altair。请运行 pip install 'jianwei[board]'。")
    if not settings.demo and find_spec("argon2") is None:
        raise StateError("board: 登录需要 argon2-cffi，没有安装。请运行 pip install 'jianwei[board]'。")
    command = [sys.executable, "-m", "streamlit", "run", str(app_path())]
    flags = FLAGS | {"server.port": str(port), "server.address": address}
    command += [f"--{name}={value}" for name, value in flags.items()]
    try:
        return subprocess.run(command, env=os.environ | board_environment(settings), check=False).returncode
    except KeyboardInterrupt:
        return 0


def app_path() -> Path:
    """The board's entry, found beside the package `board`, in a checkout and in an installed wheel alike."""
    spec = find_spec("board")
    if spec is None or spec.origin is None:
        raise StateError("board: 找不到看板的程序。请重新安装见微。")
    path = Path(spec.origin).parent.parent / "app.py"
    if not path.is_file():
        raise StateError(f"{path}: 找不到看板的入口。请重新安装见微。")
    return path


def board_environment(settings: Settings) -> dict[str, str]:
    """The settings that the board reads, as environment; the rest come from the same settings file."""
    values = {
        "JIANWEI_FOLDER": str(settings.folder.resolve()),
        "JIANWEI_WAREHOUSE": str(settings.warehouse_path.resolve()),
        "JIANWEI_DEMO": "true" if settings.demo else "false",
        "JIANWEI_CITY": settings.city,
        "JIANWEI_CITY_NAME": settings.city_name,
        "JIANWEI_MIN_CELL": str(settings.min_cell),
        "JIANWEI_WAIT_SECONDS": str(settings.wait_seconds),
    }
    if settings.gazetteer is not None:
        values["JIANWEI_GAZETTEER"] = str(settings.gazetteer.resolve())
    return values
