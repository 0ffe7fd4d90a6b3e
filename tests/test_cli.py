"""The command line as a person meets it: one day from export to digest and score. What it refuses: test_refusals.py."""

import io
import json
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from pipelines.cli import app
from signals import __version__
from tests.exports import Export, Jianwei
from tests.test_ingest import order, write

COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(jianwei: Jianwei, command: str) -> None:
    code, printed = jianwei(command, "--help")
    assert code == 0
    assert any("\u4e00" <= character <= "\u9fff" for character in printed)


def test_the_version_is_that_of_the_package(jianwei: Jianwei) -> None:
    assert jianwei("--version") == (0, f"jianwei {__version__}\n")


def test_readme_and_truth_are_skipped_with_a_line(jianwei: Jianwei, export: Export, tmp_path: Path) -> None:
    (tmp_path / "truth.json").write_text("{}")
    (tmp_path / "README.zh.md").write_text("x")
    code, printed = jianwei("ingest", "--history", str(tmp_path), "--folder", str(tmp_path.parent / "elsewhere"))
    assert code == 0
    assert "跳过 truth.json" in printed
    assert "跳过 README.zh.md" in printed


def test_the_same_file_a_second_time_changes_nothing_and_says_so(jianwei: Jianwei) -> None:
    write(Path("a.csv"), order())
    assert jianwei("ingest", "a.csv")[0] == 0
    before = Path("var/jianwei.duckdb").read_bytes()
    assert jianwei("ingest", "a.csv") == (0, "a.csv（热线）: 已经收过，没有改动\n")
    assert Path("var/jianwei.duckdb").read_bytes() == before


def test_a_folder_without_exports_is_said_to_be_empty(jianwei: Jianwei) -> None:
    Path("in").mkdir()
    assert jianwei("ingest", "in") == (0, "in: 没有可导入的文件\n")


def test_a_row_that_was_kept_out_is_listed_with_place_reason_and_no_phone(jianwei: Jianwei) -> None:
    write(Path("a.csv"), order(), order(工单号="H2", 来电时间="2025/13/40", 内容="请打13812345678"))
    assert "隔离 1（jianwei quarantine 查看原因）" in jianwei("ingest", "a.csv")[1]
    code, printed = jianwei("quarantine")
    assert code == 0
    assert printed.startswith("1  a.csv 第 3 行 来电时间  来电时间 不是日期；得到 '2025/13/40'")
    assert "请打〔手机〕" in printed
    assert "隔离区共 1 行，显示 1 行" in printed
    assert "隔离区共 0 行" in jianwei("quarantine", "--file", "b.csv")[1]


def test_lines_are_redacted_from_standard_input_to_standard_output(
    jianwei: Jianwei, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("我叫陈小文，电话13800138000\n路灯不亮\n"))
    assert jianwei("redact") == (0, "我叫〔姓名〕，电话〔手机〕\n路灯不亮\n")
    assert list(Path.cwd().iterdir()) == []


def test_a_digest_is_written_for_the_last_run_day_and_refused_for_another(jianwei: Jianwei) -> None:
    write(Path("a.csv"), order(), order(工单号="H2", 标题="井盖松动", 内容="东风路井盖松动"))
    jianwei("ingest", "--history", "a.csv")
    assert "还没有运行过任何一天" in jianwei("digest")[1]
    jianwei("run", "--date", "2025-03-01")
    code, printed = jianwei("digest")
    written = [Path(line) for line in printed.splitlines() if line.startswith("var")]
    assert code == 0
    assert {path.suffix for path in written} == {".html", ".md", ".svg"}
    assert all("digest-2025-03-01" in path.name and path.stat().st_size for path in written)
    assert "诉求 2 条" in printed
    code, printed = jianwei("digest", "--date", "2025-03-02")
    assert (code, "jianwei run --through 2025-03-02" in printed) == (1, True)


def test_days_run_once_and_print_a_line_each(jianwei: Jianwei, export: Export) -> None:
    assert jianwei("ingest", "--history", str(export.path))[0] == 0
    code, printed = jianwei("run", "--through", "2025-01-10")
    assert code == 0
    assert [line.split()[0] for line in printed.splitlines()[1:]] == [f"2025-01-{day:02}" for day in range(1, 11)]
    code, printed = jianwei("run", "--date", "2025-01-11")
    assert [line.split()[0] for line in printed.splitlines()[1:]] == ["2025-01-11"]
    assert "1月12日" in jianwei("run", "--date", "2025-01-20")[1]  # the day that must come first


def test_a_city_goes_from_export_to_alert_digest_and_score(jianwei: Jianwei, export: Export, tmp_path: Path) -> None:
    truth = {"events": [{"event_id": "E1", "kind": "burst", "scope": "specific", "ids": export.burst_ids}]}
    (tmp_path / "gold.json").write_text(json.dumps(truth), "utf-8")
    code, printed = jianwei("replay", str(export.path), "--out", "out")
    assert code == 0, printed
    alerts = [json.loads(line) for line in Path("out/alerts.jsonl").read_text("utf-8").splitlines()]
    assert any(set(alert["report_ids"]) & set(export.burst_ids) for alert in alerts)
    assert "其中预警到\t1\n" in jianwei("evaluate", "out", "--events", "gold.json")[1]
    code, printed = jianwei("evaluate", "out", "--events", "gold.json", "--json")
    score = json.loads(printed)
    assert (score["n_events"], score["n_caught"]) == (1, 1)
    assert score["median_seen"] <= 6
    assert score["pairwise_f1"] > 0.9
