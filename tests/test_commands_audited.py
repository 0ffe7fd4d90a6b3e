"""Every command that changes or shows anything leaves a line in the audit first."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipelines import auditing
from signals.audit import read_audit
from tests.exports import Jianwei, write_petitions
from tests.test_ingest import order, write


def test_commands_that_change_anything_say_so_in_the_audit(jianwei: Jianwei) -> None:
    last = write_petitions(Path("p.xlsx"), n_days=3).last_on
    for command in (f"ingest p.xlsx --history|run --through {last}|run --through {last}|digest|backup"
                    "|erase petition X1 --reason 撤回").split("|"):  # fmt: skip
        jianwei(*command.split(" "))
    lines = list(read_audit(Path("var/audit")))
    assert [line.action for line in lines] == ["ingest", "run", "digest", "backup"]  # nothing to run, no such report
    assert {(line.account, line.role) for line in lines} == {(auditing.account(), "operator")}
    assert lines[1].n == 3


def test_without_an_audit_nothing_is_taken_in(jianwei: Jianwei) -> None:
    write(Path("a.csv"), order())
    Path("var").mkdir()
    Path("var/audit").write_text("a file where the folder should be")
    code, printed = jianwei("ingest", "a.csv")
    assert (code, "审计不可写" in printed) == (1, True)
    assert not Path("var/jianwei.duckdb").exists()


def test_an_account_without_a_name_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError("no such account")

    monkeypatch.setattr(auditing.getpass, "getuser", nobody)
    assert auditing.account() == f"uid-{os.getuid()}"


def test_a_check_that_is_told_to_stop_leaves_no_row_in_a_temporary_folder(tmp_path: Path) -> None:
    rows = [order(工单号=f"H{number}") for number in range(2_500)]  # so long that it is caught in its work
    path = write(tmp_path / "a.csv", *rows)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [str(Path(sys.executable).with_name("jianwei")), "ingest", "--check", str(path)]
    given = os.environ | {"TMPDIR": str(temporary), "JIANWEI_DEMO": "true"}
    with subprocess.Popen(command, cwd=tmp_path, env=given, stdout=subprocess.DEVNULL) as process:
        while not list(temporary.rglob("*.parquet")):
            assert process.poll() is None, "ended before it was told to"
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
    assert process.returncode == 128 + signal.SIGTERM
    assert list(temporary.iterdir()) == []
