"""What disks, clocks and other programs do to a warehouse: one sentence, exit 1, and the data as they were."""

import os
import random
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from signals.clock import LOCAL, start_of
from signals.errors import StateError
from signals.ingest import How, ingest_file
from signals.runner import days_due
from signals.store import warehouse
from signals.store.migrations import SCHEMA_VERSION
from tests.engine.stream import results
from tests.exports import Jianwei
from tests.keeping.cities import City, run_through
from tests.test_ingest import order, write

ROOT = Path(__file__).parents[2]
NOBODY = 65534


@contextmanager
def limited(most: int) -> Iterator[None]:
    """No file may grow beyond so many bytes: what a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def only_read(folder: Path) -> Iterator[None]:
    """The folder may be read and not written."""
    for each in (folder, *folder.parents[:-1]):
        each.chmod(each.stat().st_mode & ~0o222 | 0o055 if each == folder else each.stat().st_mode | 0o055)
    if os.getuid() == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(os.getuid())
        folder.chmod(0o755)


@pytest.fixture
def call(jianwei: Jianwei, monkeypatch: pytest.MonkeyPatch) -> Jianwei:
    """Commands in this process, as in the demo."""
    monkeypatch.setenv("JIANWEI_DEMO", "true")
    return jianwei


def refused(answer: tuple[int, str]) -> str:
    """The one sentence of a refusal."""
    code, printed = answer
    assert code == 1, printed
    assert "Traceback" not in printed
    last = printed.splitlines()[-1]
    assert any("\u4e00" <= character <= "\u9fff" for character in last)
    return last


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scrambled(path: Path) -> None:
    data, chance = bytearray(path.read_bytes()), random.Random(1)
    for at in range(8192, len(data) - 4096, 50_000):
        data[at : at + 1000] = chance.randbytes(1000)
    path.write_bytes(data)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("harm", [truncated, scrambled, lambda path: path.write_bytes(b""), a_folder],
                         ids=["truncated", "scrambled", "empty", "a folder"])  # fmt: skip
def test_a_damaged_warehouse_is_named_by_every_command(city: City, call: Jianwei, harm: Callable[[Path], None]) -> None:
    path = city.settings.warehouse_path
    harm(path)
    export = Path(shutil.copy(city.export.path, city.settings.folder.parent / "other.xlsx"))
    export.write_bytes(export.read_bytes() + b"\0")
    for command in (["run", "--through", "2025-02-01"], ["digest"], ["quarantine"], ["models", "list"],
                    ["ingest", "--history", str(export)], ["purge", "--clock-is-right"], ["backup"],
                    ["erase", "petition", "XF00003", "--reason", "x"], ["migrate"], ["run", "--verify", "2025-01-10"],
                    ["correct", "list"]):  # fmt: skip
        code, printed = call(*command, "--folder", str(city.settings.folder))
        if harm not in (truncated, scrambled):  # else only what reads the damaged part can know
            assert code == 1, command
        if code == 1:
            assert str(path) in refused((code, printed)), command


@pytest.mark.parametrize("harm", [scrambled, lambda path: path.write_bytes(b"")], ids=["scrambled", "empty"])
def test_a_damaged_warehouse_is_left_as_it_lies(city: City, call: Jianwei, harm: Callable[[Path], None]) -> None:
    path = city.settings.warehouse_path
    harm(path)
    before = path.read_bytes()
    for command in ("run", "digest", "backup"):
        refused(call(command, "--folder", str(city.settings.folder)))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [["run", "--through", "2025-01-13"], ["erase", "petition", "XF00003", "--reason", "x"], ["backup"],
     ["ingest", "--history", "more.csv"]],
    ids=lambda arguments: arguments[0],
)  # fmt: skip
def test_a_full_disk_is_said_and_the_data_stay(city: City, call: Jianwei, arguments: list[str]) -> None:
    path = city.settings.warehouse_path
    before, given = results(path), [*arguments, "--folder", str(city.settings.folder)]
    reports = city.rows("SELECT * FROM reports ORDER BY ALL")
    write(Path("more.csv"), *(order(工单号=f"H{n}", 内容=f"河边{n}号路灯不亮" * 40) for n in range(800)))
    with limited(500):
        said = refused(call(*given))
    assert "磁盘" in said
    left = city.rows("SELECT * FROM reports ORDER BY ALL")
    if "内容已从各表删除" in said:  # a small erasure fits into the log, only the file cannot be written afresh
        assert [row for row in left if row[2] != "XF00003"] == [row for row in reports if row[2] != "XF00003"]
    else:
        assert (results(path), left) == (before, reports)
    assert not list(city.settings.folder.glob("backups/*"))
    assert call(*given)[0] == 0


def test_a_disk_too_full_to_rewrite_the_file_leaves_the_erasure_to_be_completed(city: City, call: Jianwei) -> None:
    arguments = ["erase", "petition", "XF00003", "--reason", "x", "--folder", str(city.settings.folder)]
    due = "SELECT count(*) FROM meta WHERE key = 'compacting_due'"
    with limited(city.settings.warehouse_path.stat().st_size // 2):
        assert "再运行一次同样的命令" in refused(call(*arguments))
    assert city.rows("SELECT body FROM reports WHERE report_id = 'XF00003'") == [("",)]
    assert city.rows(due) == [(1,)]
    assert call(*arguments)[0] == 0
    assert city.rows(due) == [(0,)]


def test_a_folder_that_may_only_be_read_is_said(city: City, call: Jianwei) -> None:
    before = results(city.settings.warehouse_path)
    call("backup", "--to", "elsewhere", "--folder", str(city.settings.folder))  # loads all that is needed
    for arguments in (["run", "--through", "2025-01-13"], ["erase", "petition", "XF00003", "--reason", "x"], ["backup"],
                      ["purge", "--clock-is-right"]):  # fmt: skip
        with only_read(city.settings.folder):
            answer = call(*arguments, "--folder", str(city.settings.folder))
        assert "权限" in refused(answer), arguments
    assert results(city.settings.warehouse_path) == before


def test_a_clock_behind_the_last_run_day_or_far_ahead_of_the_last_import_runs_nothing(city: City) -> None:
    path, last = city.settings.warehouse_path, city.export.last_on
    with pytest.raises(StateError, match="已经运行过。请核对系统时间"):
        days_due(path, None, now=start_of(last - timedelta(days=3)))
    with pytest.raises(StateError, match="比最近一次导入晚 .* 天"):
        days_due(path, None, now=datetime(2099, 1, 1, tzinfo=LOCAL))
    assert days_due(path, last + timedelta(days=2)) == [last + timedelta(days=1), last + timedelta(days=2)]


def test_reports_taken_in_by_a_clock_that_is_behind_belong_to_the_next_day_to_run(city: City) -> None:
    path = write(city.settings.folder.parent / "late.csv", order())
    behind = start_of(city.export.last_on - timedelta(days=5))
    ingest_file(path, How(city.settings, b"a key for tests, nothing else....", now=behind))
    run_through(city, city.export.last_on + timedelta(days=1))
    assert city.rows("SELECT day FROM report_days WHERE report_key = 'hotline:H1'") == [
        (city.export.last_on + timedelta(days=1),)
    ]


def test_two_runs_at_once_run_every_day_once(city: City) -> None:
    through = str(city.export.last_on + timedelta(days=2))
    environment = os.environ | {"JIANWEI_DEMO": "true", "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    call = [sys.executable, "-c", "from pipelines.cli import main; main()", "run", "--through", through, "--folder",
            str(city.settings.folder)]  # fmt: skip
    two = [subprocess.Popen(call, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
           for _ in range(2)]  # fmt: skip
    said = [process.communicate(timeout=60)[1] for process in two]
    codes = sorted(process.returncode for process in two)
    assert codes in ([0, 0], [0, 1])
    assert not any("Traceback" in text for text in said)
    assert city.rows("SELECT max(day), count(*) FROM runs") == [(date.fromisoformat(through), 14)]


def test_a_file_replaced_while_it_is_being_opened_is_opened_again(
    city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Else a writer that opened the old file just before an erasure put a new one there would write into nothing."""
    path, connect, copy = city.settings.warehouse_path, warehouse.duckdb.connect, tmp_path / "copy.duckdb"
    shutil.copy(path, copy)
    opened = []

    def late(*given, **named):  # type: ignore[no-untyped-def]
        connection = connect(*given, **named)
        if not opened:
            os.replace(copy, path)
        opened.append(path.stat().st_ino)
        return connection

    monkeypatch.setattr(warehouse.duckdb, "connect", late)
    with warehouse.writing(path) as connection:
        connection.execute("INSERT INTO voices VALUES ('hotline:new', 'x')")
    assert len(opened) == 2
    assert city.rows("SELECT count(*) FROM voices WHERE report_key = 'hotline:new'") == [(1,)]
    assert warehouse.version_of(path) == SCHEMA_VERSION
