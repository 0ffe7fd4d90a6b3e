"""A full and an empty folder of working files, and the board on either."""

import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.board.seeded import seed

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Streamlit puts the page it runs in place of the main module, which a process started later would run again."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture(scope="session", autouse=True)
def packages_looked_through_once() -> Iterator[None]:
    """Every page that is opened for a test looks through all installed packages for parts of pages, half a second."""
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        once = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture(scope="session")
def seeded_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seeded") / "jianwei.duckdb"
    seed(path)
    return path


@pytest.fixture
def full_folder(seeded_warehouse: Path, tmp_path: Path) -> Path:
    shutil.copy(seeded_warehouse, tmp_path / "jianwei.duckdb")
    return tmp_path


@pytest.fixture
def on_loopback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Path], None]:
    """Point the board at a folder, as `jianwei serve` does for the demo."""
    from streamlit import config

    before = config.get_option("server.address")
    monkeypatch.setattr("board.sign_in.st.get_option", lambda name: "127.0.0.1" if name == "server.address" else before)
    monkeypatch.chdir(tmp_path)

    def point(folder: Path) -> None:
        monkeypatch.setenv("JIANWEI_FOLDER", str(folder))
        monkeypatch.setenv("JIANWEI_DEMO", "true")

    return point
