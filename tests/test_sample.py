"""Golden sample: what the README prints is what the demo prints, and what is planted in the sample is found in time."""

import json
import re
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from signals.clock import day_of
from signals.evaluate import RaisedAlert, Score, read_events, score

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "data" / "samples"
FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)
SECONDS = re.compile(r"\d+\.\d$")  # the last column of a day's line: this machine's, not the sample's

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The folder that the demo fills, and the lines it prints."""
    folder = tmp_path_factory.mktemp("demo") / "var"
    jianwei = Path(sys.executable).with_name("jianwei")
    command = ["bash", "pipelines/demo.sh", str(jianwei), str(folder), "0"]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder, [line.replace(str(folder), "var/demo") for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def found(demo: tuple[Path, list[str]]) -> Score:
    """The demo's alerts and links, scored against what is planted."""
    with duckdb.connect(str(demo[0] / "jianwei.duckdb"), read_only=True) as warehouse:
        raised = warehouse.execute("SELECT day, report_keys FROM alerts WHERE NOT is_update").fetchall()
        linked = warehouse.execute(
            "SELECT report_id, issue_id, received_at FROM reports JOIN links USING (report_key) WHERE until_on IS NULL"
        ).fetchall()
    alerts = [RaisedAlert(day, frozenset(key.partition(":")[2] for key in keys)) for day, keys in raised]
    received: dict[str, datetime] = {report: at for report, _, at in linked}
    return score(
        read_events(SAMPLES / "truth.json"), alerts, {report: str(issue) for report, issue, _ in linked},
        {report: day_of(at) for report, at in received.items()}, first=FIRST, last=LAST,
    )  # fmt: skip


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readme_shows_what_the_demo_prints(page: str, demo: tuple[Path, list[str]]) -> None:
    shown = re.search(r"<!-- output: demo -->\n```\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    assert shown
    lines = [SECONDS.sub("…", line) for line in shown[1].splitlines()]
    printed = [SECONDS.sub("…", line) for line in demo[1]]
    assert lines[0] in printed
    start = printed.index(lines[0])
    assert printed[start : start + len(lines)] == lines


def test_every_day_of_the_sample_is_run(demo: tuple[Path, list[str]]) -> None:
    days = [line.split()[0] for line in demo[1] if re.match(r"2025-\d\d-\d\d +\d", line)]
    assert (days[0], days[-1], len(days)) == (str(FIRST), str(LAST), 90)


def test_only_the_planted_damaged_rows_are_quarantined(demo: tuple[Path, list[str]]) -> None:
    with duckdb.connect(str(demo[0] / "jianwei.duckdb"), read_only=True) as warehouse:
        rows = warehouse.execute("SELECT file_name, row_number FROM quarantine").fetchall()
    damaged = [
        number
        for number, line in enumerate((SAMPLES / "grid.csv").read_text("gb18030").splitlines(), start=1)
        if line.split(",")[0].endswith("D")
    ]
    assert sorted(rows) == [("grid.csv", number) for number in damaged]


def test_planted_incidents_are_alerted_early(found: Score) -> None:
    assert found.n_events == 15
    assert found.burst_recall >= 0.8
    assert found.median_seen <= 7  # six of fifteen start in the first four weeks, when more is expected


def test_few_alerts_are_about_nothing_planted(found: Score) -> None:
    assert found.alerts_per_week <= 5
    assert found.precision >= 0.75


def test_reports_of_an_incident_are_one_issue(found: Score) -> None:
    assert found.pairwise_f1 >= 0.75


def test_no_alert_is_about_one_person_or_an_import(demo: tuple[Path, list[str]]) -> None:
    truth = json.loads((SAMPLES / "truth.json").read_text("utf-8"))
    decoys = {i for decoy in truth["decoys"] if decoy["kind"] in {"one-person", "re-import"} for i in decoy["ids"]}
    assert len(decoys) > 20
    with duckdb.connect(str(demo[0] / "jianwei.duckdb"), read_only=True) as warehouse:
        raised = warehouse.execute("SELECT report_keys FROM alerts WHERE NOT is_update").fetchall()
    ids = [{key.partition(":")[2] for key in keys} for (keys,) in raised]
    assert [members for members in ids if len(members & decoys) * 2 > len(members)] == []


def test_the_digest_of_the_last_day_has_all_its_sections_and_a_picture(demo: tuple[Path, list[str]]) -> None:
    digests = demo[0] / "digests"
    page = (digests / f"digest-{LAST}.html").read_text("utf-8")
    heads = [head for head in "一二三四五六七" if f"<h2>{head}、" not in page]
    assert heads == []
    assert "<svg" in page
    assert (digests / f"digest-{LAST}.svg").read_text("utf-8").startswith("<")
