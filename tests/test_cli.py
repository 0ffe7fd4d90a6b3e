"""The command line as a person meets it: exit codes, sentences, and one day from export to digest and score."""

import json
import sys
from pathlib import Path

import pytest

from pipelines.cli import main
from tests.exports import Export, write_petitions

ROOT = Path(__file__).parent.parent


@pytest.fixture
def jianwei(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    """Run a command in an empty folder; gives exit code and everything printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIANWEI_COMPLAINANT_KEY", "a key for tests, nothing else")
    monkeypatch.setenv("TERMINAL_WIDTH", "200")

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["jianwei", *arguments])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return run


@pytest.fixture
def export(tmp_path: Path) -> Export:
    return write_petitions(tmp_path / "petitions.xlsx")


@pytest.mark.parametrize("command", [["run"], ["digest"], ["quarantine"], ["models", "list"]])
def test_without_a_warehouse_a_command_says_what_to_run_first(jianwei, command: list[str]) -> None:  # type: ignore[no-untyped-def]
    code, printed = jianwei(*command)
    assert code == 1
    assert "jianwei ingest" in printed
    assert len(printed.strip().splitlines()) == 1


def test_a_misspelt_setting_is_answered_with_the_nearest(jianwei) -> None:  # type: ignore[no-untyped-def]
    Path("jianwei.toml").write_text("[detector]\nfalse_alert_per_day = 0.3\n", "utf-8")
    code, printed = jianwei("run")
    assert code == 1
    assert "jianwei.toml" in printed
    assert "false_alerts_per_day" in printed


@pytest.mark.parametrize("value", ["-0.1", "0", "nan", "many"])
def test_a_budget_out_of_range_is_refused(jianwei, value: str, export: Export) -> None:  # type: ignore[no-untyped-def]
    code, printed = jianwei("replay", str(export.path), "--out", "out", "--false-alerts-per-day", value)
    assert code in {1, 2}
    assert "false" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("arguments", [["nosuch"], ["run", "--date", "2025-13-01"], ["replay", "--out", "x"]])
def test_wrong_usage_ends_with_two(jianwei, arguments: list[str]) -> None:  # type: ignore[no-untyped-def]
    assert jianwei(*arguments)[0] == 2


def test_a_missing_file_is_named(jianwei) -> None:  # type: ignore[no-untyped-def]
    code, printed = jianwei("ingest", "no-such.xlsx")
    assert code == 1
    assert "no-such.xlsx" in printed


def test_the_key_of_the_hashes_is_asked_for(jianwei, monkeypatch: pytest.MonkeyPatch, export: Export) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.delenv("JIANWEI_COMPLAINANT_KEY")
    code, printed = jianwei("ingest", str(export.path))
    assert code == 1
    assert "JIANWEI_COMPLAINANT_KEY" in printed


def test_readme_and_truth_are_skipped_with_a_line(jianwei, export: Export, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "truth.json").write_text("{}")
    (tmp_path / "README.zh.md").write_text("x")
    code, printed = jianwei("ingest", "--history", str(tmp_path), "--folder", str(tmp_path.parent / "elsewhere"))
    assert code == 0
    assert "跳过 truth.json" in printed
    assert "跳过 README.zh.md" in printed


def test_days_run_once_and_print_a_line_each(jianwei, export: Export) -> None:  # type: ignore[no-untyped-def]
    assert jianwei("ingest", "--history", str(export.path))[0] == 0
    code, printed = jianwei("run", "--through", "2025-01-10")
    assert code == 0
    assert [line.split()[0] for line in printed.splitlines()[1:]] == [f"2025-01-{day:02}" for day in range(1, 11)]
    code, printed = jianwei("run", "--date", "2025-01-11")
    assert [line.split()[0] for line in printed.splitlines()[1:]] == ["2025-01-11"]
    assert "1月12日" in jianwei("run", "--date", "2025-01-20")[1]  # the day that must come first


def test_a_city_goes_from_export_to_alert_digest_and_score(jianwei, export: Export, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    truth = {"events": [{"event_id": "E1", "kind": "burst", "scope": "specific", "ids": export.burst_ids}]}
    (tmp_path / "gold.json").write_text(json.dumps(truth), "utf-8")
    code, printed = jianwei("replay", str(export.path), "--out", "out")
    assert code == 0, printed
    alerts = [json.loads(line) for line in Path("out/alerts.jsonl").read_text("utf-8").splitlines()]
    assert any(set(alert["report_ids"]) & set(export.burst_ids) for alert in alerts)
    code, printed = jianwei("evaluate", "out", "--events", "gold.json", "--json")
    score = json.loads(printed)
    assert (score["n_events"], score["n_caught"]) == (1, 1)
    assert score["median_seen"] <= 6
    assert score["pairwise_f1"] > 0.9


def test_a_score_against_labels_of_other_reports_is_refused(jianwei, export: Export, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    jianwei("replay", str(export.path), "--out", "out", "--to", "2025-01-05")
    (tmp_path / "gold.json").write_text('{"events": [{"event_id": "E1", "kind": "burst", "ids": ["other"]}]}')
    code, printed = jianwei("evaluate", "out", "--events", "gold.json")
    assert code == 1
    assert "gold.json" in printed
