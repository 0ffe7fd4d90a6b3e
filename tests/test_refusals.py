"""What the command line refuses: exit 1 with one sentence, exit 2 for wrong usage, and nothing half done."""

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from signals.redaction import naming
from signals.store import warehouse
from tests.exports import Export, Jianwei
from tests.test_ingest import order, write


@pytest.mark.parametrize("command", [["run"], ["digest"], ["quarantine"], ["models", "list"]])
def test_without_a_warehouse_a_command_says_what_to_run_first(jianwei: Jianwei, command: list[str]) -> None:
    code, printed = jianwei(*command)
    assert code == 1
    assert "jianwei ingest" in printed
    assert len(printed.strip().splitlines()) == 1


@pytest.fixture
def _without_weights(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(naming, "WEIGHTS", Path("gone.npz"))
    naming.name_model.cache_clear()
    yield
    naming.name_model.cache_clear()


@pytest.mark.usefixtures("_without_weights")
@pytest.mark.parametrize("command", [["redact"], ["ingest", "--history", "a.csv"]])
def test_without_the_name_model_nothing_is_redacted_and_nothing_taken_in(
    jianwei: Jianwei, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(Path("a.csv"), order(内容="我叫陈小文，路灯不亮"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("我叫陈小文\n"))
    code, printed = jianwei(*command)
    assert code == 1
    assert printed.startswith("gone.npz: 姓名识别模型无法载入")
    assert len(printed.splitlines()) == 1
    assert "陈小文" not in printed
    assert [path for path in Path.cwd().rglob("*") if path.is_file() and "陈小文".encode() in path.read_bytes()] == []


def test_a_misspelt_setting_is_answered_with_the_nearest(jianwei: Jianwei) -> None:
    Path("jianwei.toml").write_text("[detector]\nfalse_alert_per_day = 0.3\n", "utf-8")
    code, printed = jianwei("run")
    assert code == 1
    assert "jianwei.toml" in printed
    assert "false_alerts_per_day" in printed


@pytest.mark.parametrize("value", ["-0.1", "0", "nan", "many"])
def test_a_budget_out_of_range_is_refused(jianwei: Jianwei, value: str, export: Export) -> None:
    code, printed = jianwei("replay", str(export.path), "--out", "out", "--false-alerts-per-day", value)
    assert code in {1, 2}
    assert "false" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("arguments", [["nosuch"], ["run", "--date", "2025-13-01"], ["replay", "--out", "x"]])
def test_wrong_usage_ends_with_two(jianwei: Jianwei, arguments: list[str]) -> None:
    assert jianwei(*arguments)[0] == 2


@pytest.mark.parametrize(
    "arguments",
    [[], ["run", "--date", "2025-03-01", "--through", "2025-03-02"], ["quarantine", "--limit", "0"],
     ["serve", "--port", "70000"], ["ingest"], ["evaluate", "out"], ["models", "promote", "themes"]],
)  # fmt: skip
def test_what_cannot_be_meant_ends_with_two(jianwei: Jianwei, arguments: list[str]) -> None:
    code, printed = jianwei(*arguments)
    assert code == 2
    assert "Usage" in printed
    assert list(Path.cwd().iterdir()) == []


def test_a_refusal_is_one_line_on_standard_error_and_exit_one(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("jianwei")), "run"]
    done = subprocess.run(command, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "var/jianwei.duckdb: 还没有数据仓库。请先运行 jianwei ingest。\n"


def test_a_misspelt_setting_of_the_environment_is_answered_with_the_nearest(
    jianwei: Jianwei, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIANWEI_DETECTR__INFLATION", "1.3")
    assert jianwei("run") == (1, "detectr: 没有这个设置。是不是 detector？\n")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("JIANWEI_MIN_CELL", "4", "应不小于 5"), ("JIANWEI_DETECTOR__INFLATION", "much", "应为数字"),
     ("JIANWEI_DETECTOR", "1", "应为一个小节"), ("JIANWEI_DEMO", "perhaps", "应为 true 或 false")],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_with_what_would(
    jianwei: Jianwei, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    code, printed = jianwei("run")
    assert code == 1
    assert said in printed
    assert len(printed.splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_named(jianwei: Jianwei) -> None:
    write(Path("a.csv"), order())
    code, printed = jianwei("ingest", "a.csv", "--folder", "a.csv/var")
    assert code == 1
    assert printed.startswith("a.csv")
    assert len(printed.splitlines()) == 1


def test_a_file_that_is_no_warehouse_is_refused_and_left_alone(jianwei: Jianwei) -> None:
    Path("w.duckdb").write_text("a letter", "utf-8")
    code, printed = jianwei("run", "--warehouse", "w.duckdb")
    assert code == 1
    assert printed.startswith("w.duckdb: 数据仓库打不开")
    assert Path("w.duckdb").read_text("utf-8") == "a letter"


def test_a_warehouse_of_a_newer_program_is_refused(jianwei: Jianwei) -> None:
    path = Path("w.duckdb")
    with warehouse.writing(path) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    for command in ("run", "digest", "quarantine"):
        code, printed = jianwei(command, "--warehouse", str(path))
        assert (code, printed.count("\n")) == (1, 1)
        assert "结构版本是 99" in printed


def test_a_model_cannot_be_promoted_into_no_warehouse_and_none_is_made(jianwei: Jianwei) -> None:
    code, printed = jianwei("models", "promote", "themes", "v1")
    assert (code, "jianwei ingest" in printed) == (1, True)
    assert list(Path.cwd().iterdir()) == []


def test_a_day_that_is_not_over_is_refused(jianwei: Jianwei) -> None:
    write(Path("a.csv"), order())
    jianwei("ingest", "--history", "a.csv")
    code, printed = jianwei("run", "--date", "2999-01-01")
    assert code == 1
    assert printed.startswith("2999-01-01: 这一天还没有结束")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--to", "2024-01-01"], "早于第一件诉求"), (["--from", "2026-01-01"], "晚于最后一件诉求（2025-03-01）"),
     (["--from", "2025-03-02", "--to", "2025-03-01"], "晚于 --to 2025-03-01")],
)  # fmt: skip
def test_a_replay_of_no_day_is_refused(jianwei: Jianwei, arguments: list[str], said: str) -> None:
    write(Path("a.csv"), order())
    code, printed = jianwei("replay", "a.csv", "--out", "out", *arguments)
    assert code == 1
    assert said in printed
    assert not Path("out/replay.json").exists()


def test_a_replay_does_not_write_where_something_else_lies(jianwei: Jianwei) -> None:
    path = write(Path("a.csv"), order())
    content = path.read_bytes()
    assert jianwei("replay", "a.csv", "--out", "a.csv") == (1, "a.csv: 不是文件夹。请换一个空文件夹。\n")
    code, printed = jianwei("replay", "a.csv", "--out", ".")
    assert (code, "文件夹里有别的文件" in printed) == (1, True)
    assert path.read_bytes() == content


def test_a_score_of_no_replay_or_no_day_is_refused(jianwei: Jianwei) -> None:
    write(Path("a.csv"), order())
    Path("gold.json").write_text('{"events": [{"event_id": "E1", "kind": "burst", "ids": ["H1"]}]}', "utf-8")
    code, printed = jianwei("evaluate", "out", "--events", "gold.json")
    assert (code, "请先运行 jianwei replay --out out" in printed) == (1, True)
    assert "（缺少文件 alerts.jsonl）" in printed
    jianwei("replay", "a.csv", "--out", "out")
    assert jianwei("evaluate", "out", "--events", "gold.json")[0] == 0
    code, printed = jianwei("evaluate", "out", "--events", "gold.json", "--from", "2025-03-02")
    assert (code, "2025-03-02 到 2025-03-01 是空的" in printed) == (1, True)
    code, printed = jianwei("evaluate", "out", "--events", "no-such.json")
    assert (code, printed.startswith("no-such.json: 没有这个事件清单文件")) == (1, True)
    Path("broken.json").write_text('{"events":\n[}', "utf-8")
    assert "（第 2 行第 2 列不是 JSON）" in jianwei("evaluate", "out", "--events", "broken.json")[1]
    Path("no-events.json").write_text("{}", "utf-8")
    code, printed = jianwei("evaluate", "out", "--events", "no-events.json")
    said = "不是事件清单，或已损坏（缺少 events）；应为含 events 列表的 JSON。请核对文件。"
    assert (code, printed) == (1, f"no-events.json: {said}\n")


def test_a_missing_file_is_named(jianwei: Jianwei) -> None:
    code, printed = jianwei("ingest", "no-such.xlsx")
    assert code == 1
    assert "no-such.xlsx" in printed


def test_the_key_of_the_hashes_is_asked_for(jianwei: Jianwei, monkeypatch: pytest.MonkeyPatch, export: Export) -> None:
    monkeypatch.delenv("JIANWEI_COMPLAINANT_KEY")
    code, printed = jianwei("ingest", str(export.path))
    assert code == 1
    assert "JIANWEI_COMPLAINANT_KEY" in printed


def test_a_file_that_is_no_export_is_named_and_the_others_of_its_folder_are_taken_in(jianwei: Jianwei) -> None:
    Path("in").mkdir()
    write(Path("in/a.csv"), order())
    Path("in/plan.pdf").write_bytes(b"x")
    code, printed = jianwei("ingest", "in")
    assert code == 1
    first, refused, last = printed.splitlines()
    assert first.startswith("a.csv（热线）: 1 行，新增 1")
    assert refused.startswith("plan.pdf: 不认识这种文件；得到 .pdf")
    assert last.startswith("1 个文件没有收")


def test_a_score_against_labels_of_other_reports_is_refused(jianwei: Jianwei, export: Export, tmp_path: Path) -> None:
    jianwei("replay", str(export.path), "--out", "out", "--to", "2025-01-05")
    (tmp_path / "gold.json").write_text('{"events": [{"event_id": "E1", "kind": "burst", "ids": ["other"]}]}')
    code, printed = jianwei("evaluate", "out", "--events", "gold.json")
    assert code == 1
    assert "gold.json" in printed
