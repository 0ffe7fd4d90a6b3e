"""Ingest: redact before store, one transaction a file, known times, quarantine. All files are made here."""

import csv
import io
import os
import re
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pytest

from pipelines.ingest import ingest_command
from pipelines.redact import redact_command
from signals import loading, redacting
from signals.clock import LOCAL
from signals.errors import InputError
from signals.ingest import How, Ingested, Refused, Skipped, ingest_file, ingest_paths
from signals.settings import Settings
from signals.store import warehouse

KEY = b"a key for tests, nothing else...."
NOW = datetime(2025, 4, 1, 8, tzinfo=LOCAL)
HEADER = ["工单号", "来电时间", "类型", "标题", "内容", "来电人", "来电号码", "区", "街道", "社区", "地址",
          "办结时间", "办理结果", "工单状态", "截止时间"]  # fmt: skip
ORDER = {
    "工单号": "H1", "来电时间": "2025-03-01 09:00", "类型": "投诉", "标题": "路灯不亮", "内容": "东风路路灯不亮",
    "来电号码": "13800138000", "区": "蓬江区", "社区": "东风社区", "工单状态": "办理中", "截止时间": "2025-03-16",
}  # fmt: skip


def order(**changes: str) -> dict[str, str]:
    return {**ORDER, **changes}


def write(path: Path, *orders: dict[str, str], encoding: str = "gb18030") -> Path:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADER, restval="")
    writer.writeheader()
    writer.writerows(orders)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(folder=tmp_path / "var", demo=True)


def take(path: Path, settings: Settings, *, history: bool = False, now: datetime = NOW) -> Ingested:
    return ingest_file(path, How(settings, KEY, history=history, now=now))


def ask(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with warehouse.reading(settings.warehouse_path) as connection:
        return connection.execute(query).fetchall()


def mark_run(settings: Settings, day: date) -> None:
    values = "?, now(), now(), 0, 0, 0, 0, 0, 0, '', '', 0, '', 0.6, ''"
    with warehouse.writing(settings.warehouse_path) as connection:
        connection.execute(f"INSERT INTO runs VALUES ({values})", [day])


SECRETS = ("13812345678", "11010519491231002X", "赵铁柱", "粤J12345", "wx_secret99", "0750-7654321")


def test_no_planted_secret_is_found_in_any_byte_below_the_folder(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "我叫赵铁柱，身份证11010519491231002X，电话13812345678或0750-7654321，微信wx_secret99，车牌粤J12345"
    good = order(内容=said, 来电人="赵铁柱", 来电号码="13812345678", 地址=said, 办理结果=said, 标题="赵铁柱反映路灯")
    bad = order(**{**good, "工单号": "H2", "来电时间": "赵铁柱"})
    path = write(tmp_path / "a.csv", good, bad)
    seen: list[bytes] = []
    whole_load = loading.load

    def load_and_look(connection, batch, origin):  # type: ignore[no-untyped-def]
        seen.extend(each.read_bytes() for each in batch.folder.iterdir())
        return whole_load(connection, batch, origin)

    monkeypatch.setattr("signals.ingest.load", load_and_look)
    outcome = take(path, settings)
    seen.extend(each.read_bytes() for each in settings.folder.rglob("*") if each.is_file())
    texts = str(ask(settings, "SELECT title, body, address FROM reports") + ask(settings, "SELECT value FROM updates"))
    texts += str(ask(settings, "SELECT reason, cells FROM quarantine"))
    assert (outcome.n_new, outcome.n_quarantined, len(seen)) == (1, 1, 4)
    for secret in SECRETS:
        assert secret not in texts
        assert not any(secret.encode() in data for data in seen)
    assert "〔姓名〕" in texts


def test_the_same_file_twice_is_the_same_as_once(tmp_path: Path, settings: Settings) -> None:
    path = write(tmp_path / "a.csv", order(), order(工单号="H2"))
    assert take(path, settings).n_new == 2
    before = settings.warehouse_path.read_bytes()
    assert take(path, settings).already
    assert settings.warehouse_path.read_bytes() == before


def test_a_changed_row_appends_updates_and_leaves_the_report_alone(tmp_path: Path, settings: Settings) -> None:
    take(write(tmp_path / "a.csv", order(), order(工单号="H2")), settings)
    before = ask(settings, "SELECT report_key, epoch_ms(known_at), body FROM reports ORDER BY 1")
    done = order(工单状态="已办结", 办结时间="2025-03-20 10:00", 办理结果="路灯已修复")
    later = datetime(2025, 4, 2, 8, tzinfo=LOCAL)
    outcome = take(write(tmp_path / "b.csv", done, order(工单号="H2")), settings, now=later)
    assert (outcome.n_new, outcome.n_changed, outcome.n_same) == (0, 1, 1)
    assert ask(settings, "SELECT report_key, epoch_ms(known_at), body FROM reports ORDER BY 1") == before
    fresh = ask(settings, "SELECT field, value, strftime(known_at, '%d %H') FROM updates WHERE file_id = 2 ORDER BY 1")
    assert fresh == [("answer", "路灯已修复", "02 08"), ("closed", "", "02 08"), ("status", "已办结", "02 08")]


def test_a_moved_deadline_is_an_update(tmp_path: Path, settings: Settings) -> None:
    take(write(tmp_path / "a.csv", order()), settings)
    assert ask(settings, "SELECT count(*) FROM updates WHERE field = 'due'") == [(0,)]
    take(write(tmp_path / "b.csv", order(截止时间="2025-03-30")), settings)
    assert ask(settings, "SELECT value FROM updates WHERE field = 'due'") == [("2025-03-30T00:00:00+08:00",)]


def test_history_is_known_when_it_was_received_and_closed_but_states_only_now(
    tmp_path: Path, settings: Settings
) -> None:
    done = order(办结时间="2025-03-20 10:00", 办理结果="已修复")
    take(write(tmp_path / "a.csv", done), settings, history=True)
    assert ask(settings, "SELECT strftime(known_at, '%m-%d %H:%M') FROM reports") == [("03-01 09:00",)]
    known = dict(ask(settings, "SELECT field, strftime(known_at, '%m-%d %H:%M') FROM updates"))  # type: ignore[arg-type]
    assert known == {"closed": "03-20 10:00", "answer": "04-01 08:00", "status": "04-01 08:00"}


def test_history_never_enters_a_day_already_run(tmp_path: Path, settings: Settings) -> None:
    mark_run(settings, date(2025, 3, 5))
    done = order(办结时间="2025-03-04 10:00")
    fresh = order(工单号="H2", 来电时间="2025-03-06 10:00")
    take(write(tmp_path / "a.csv", done, fresh), settings, history=True)
    assert ask(settings, "SELECT report_id, strftime(known_at, '%m-%d %H:%M') FROM reports ORDER BY 1") == [
        ("H1", "03-06 00:00"),
        ("H2", "03-06 10:00"),
    ]
    [(known,)] = ask(settings, "SELECT strftime(known_at, '%m-%d %H:%M') FROM updates WHERE field = 'closed'")
    assert known == "03-06 00:00"


def test_a_live_import_is_known_from_the_import(tmp_path: Path, settings: Settings) -> None:
    take(write(tmp_path / "a.csv", order()), settings)
    assert ask(settings, "SELECT strftime(known_at, '%m-%d %H:%M') FROM reports") == [("04-01 08:00",)]


def test_a_bad_row_goes_to_quarantine_and_the_good_ones_go_in(tmp_path: Path, settings: Settings) -> None:
    outcome = take(write(tmp_path / "a.csv", order(), order(工单号="H2", 来电时间="2025/13/40")), settings)
    assert (outcome.n_rows, outcome.n_new, outcome.n_quarantined) == (2, 1, 1)
    assert ask(settings, "SELECT file_name, row_number, column_name, reason FROM quarantine") == [
        ("a.csv", 3, "来电时间",
         "来电时间 不是日期；得到 '2025/13/40'；应为日期或时间，如 2025/3/1 9:30；请改正后重新导入这一行。"),
    ]  # fmt: skip


def test_one_number_with_two_texts_keeps_the_first(tmp_path: Path, settings: Settings) -> None:
    outcome = take(write(tmp_path / "a.csv", order(), order(内容="另一件事"), order()), settings)
    assert (outcome.n_new, outcome.n_same, outcome.n_quarantined) == (1, 1, 1)
    outcome = take(write(tmp_path / "b.csv", order(内容="又一件事")), settings)
    assert (outcome.n_new, outcome.n_quarantined) == (0, 1)
    assert ask(settings, "SELECT body FROM reports") == [("东风路路灯不亮",)]
    assert ask(settings, "SELECT count(*) FROM quarantine") == [(2,)]


def test_a_danger_makes_a_watch_row_once(tmp_path: Path, settings: Settings) -> None:
    outcome = take(write(tmp_path / "a.csv", order(内容="楼道煤气泄漏"), order(工单号="H2")), settings)
    assert [line.watch.danger for line in outcome.watches] == ["燃气泄漏"]
    again = take(write(tmp_path / "b.csv", order(内容="楼道煤气泄漏", 工单状态="已办结")), settings)
    assert again.watches == ()
    assert ask(settings, "SELECT report_key, danger FROM watch") == [("hotline:H1", "燃气泄漏")]


def test_place_complainant_and_deadline_are_stored(tmp_path: Path, settings: Settings) -> None:
    take(write(tmp_path / "a.csv", order(), order(工单号="H2"), order(工单号="H3", 来电号码="138****8000")), settings)
    assert ask(settings, "SELECT DISTINCT area, strftime(due_at, '%m-%d') FROM reports") == [("440703", "03-16")]
    assert ask(settings, "SELECT count(*), count(DISTINCT complainant) FROM voices") == [(2, 1)]


def test_a_failing_load_leaves_nothing(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("signals.loading._insert_watches", fail)
    with pytest.raises(RuntimeError):
        take(write(tmp_path / "a.csv", order()), settings)
    counts = "SELECT (SELECT count(*) FROM reports), (SELECT count(*) FROM voices), (SELECT count(*) FROM files)"
    assert ask(settings, counts) == [(0, 0, 0)]
    assert [each.name for each in settings.folder.iterdir()] == ["jianwei.duckdb"]


def test_a_process_killed_between_staging_and_load_leaves_nothing_after_the_next_start(
    tmp_path: Path, settings: Settings
) -> None:
    path = write(tmp_path / "a.csv", order())
    code = (
        "import os, sys, pathlib, signals.ingest as room\n"
        "from signals.settings import Settings\n"
        "room.load = lambda *a, **k: os._exit(9)\n"
        "room.ingest_file(pathlib.Path(sys.argv[1]), room.How(Settings(folder=sys.argv[2]), b'k' * 32))\n"
    )
    root = Path(__file__).parents[1]
    arguments = [sys.executable, "-c", code, str(path), str(settings.folder)]
    assert subprocess.run(arguments, cwd=root, check=False).returncode == 9
    assert len(os.listdir(settings.folder / "staging")) == 1
    assert ask(settings, "SELECT count(*) FROM reports") == [(0,)]
    assert take(path, settings).n_new == 1
    assert not (settings.folder / "staging").exists()


def test_checking_counts_and_writes_nothing(tmp_path: Path, settings: Settings) -> None:
    path = write(tmp_path / "a.csv", order(), order(工单号="H2", 来电时间=""))
    outcome = ingest_file(path, How(settings, KEY, now=NOW, check=True))
    assert (outcome.n_new, outcome.n_quarantined) == (1, 1)
    assert not settings.folder.exists()
    take(path, settings)
    other = write(tmp_path / "b.csv", order(工单号="H3"))
    assert ingest_file(other, How(settings, KEY, now=NOW, check=True)).n_new == 1
    assert ask(settings, "SELECT count(*) FROM reports") == [(1,)]


def test_a_void_note_is_no_live_report(tmp_path: Path, settings: Settings) -> None:
    take(write(tmp_path / "a.csv", order(工单状态="[作废]", 内容="楼道煤气泄漏")), settings)
    assert ask(settings, "SELECT value FROM updates WHERE field = 'void'") == [("作废",)]
    assert ask(settings, "SELECT count(*) FROM watch") == [(0,)]


def test_a_folder_is_taken_in_by_name_and_what_is_no_export_is_named(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "b.csv", order(工单号="H2"))
    write(folder / "a.csv", order())
    (folder / "README.md").write_text("x")
    (folder / "truth.json").write_text("{}")
    outcomes = list(ingest_paths([folder], How(settings, KEY, now=NOW)))
    assert [(type(each), each.file_name) for each in outcomes] == [
        (Skipped, "README.md"), (Ingested, "a.csv"), (Ingested, "b.csv"), (Skipped, "truth.json"),
    ]  # fmt: skip
    (folder / "c.pdf").write_bytes(b"x")
    write(folder / "d.csv", order(工单号="H3"))
    *_, refused, taken, _ = ingest_paths([folder], How(settings, KEY, now=NOW))
    assert isinstance(refused, Refused)
    assert refused.reason.startswith("c.pdf: 不认识这种文件")
    assert isinstance(taken, Ingested)
    assert taken.n_new == 1
    with pytest.raises(InputError, match=r"c\.pdf: 不认识这种文件"):
        list(ingest_paths([folder / "c.pdf"], How(settings, KEY, now=NOW)))


def test_the_command_prints_a_line_a_file_and_the_watch_rows(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "a.csv", order(内容="楼道煤气泄漏"), order(工单号="H2", 来电时间=""))
    assert ingest_command([path], settings) == 0
    printed = capsys.readouterr().out
    assert "a.csv（热线）: 2 行，新增 1，更新 0，相同 0，隔离 1（jianwei quarantine 查看原因）" in printed
    assert "即时关注 燃气泄漏「煤气泄漏」 蓬江区 hotline:H1" in printed
    ingest_command([path], settings)
    assert "a.csv（热线）: 已经收过，没有改动" in capsys.readouterr().out


def test_the_redact_command_keeps_lines() -> None:
    target = io.StringIO()
    assert redact_command(io.StringIO("电话13800138000\n\n路灯不亮"), target) == 0
    assert target.getvalue() == "电话〔手机〕\n\n路灯不亮\n"


def test_the_table_of_hashes_is_written_by_ingest_and_read_by_the_daily_count_alone() -> None:
    root = Path(__file__).parents[1]
    rooms = [each for room in ("signals", "pipelines", "board", "models") for each in (root / room).rglob("*.py")]
    read = re.compile(r"(?<!DELETE )(?:FROM|JOIN)\s+voices\b")
    written = re.compile(r"(?:INTO|UPDATE)\s+voices\b")
    readers = {str(each.relative_to(root)) for each in rooms if read.search(each.read_text("utf-8"))}
    writers = {str(each.relative_to(root)) for each in rooms if written.search(each.read_text("utf-8"))}
    assert writers == {"signals/loading.py"}
    others = {"signals/loading.py", "signals/store/erased.py", "signals/keeping/soundness.py",  # move, remove, count
              "signals/store/migrations.py"}  # fmt: skip
    counting = {f"signals/store/{name}.py" for name in ("cells", "days", "remembered", "tallies")}  # people
    assert readers <= counting | others


def test_a_report_that_comes_again_after_the_redaction_changed_is_the_same_report(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = order(内容="东风路陈小文家旁路灯不亮", 办理结果="已答复陈小文", 办结时间="2025-03-05 10:00")
    with monkeypatch.context() as earlier:  # rules that knew no names
        earlier.setattr(redacting, "redact_each", lambda said: [one.text for one in said])
        take(write(tmp_path / "a.csv", said), settings)
    monkeypatch.setattr(redacting, "redact_each", lambda said: [one.text.replace("陈小文", "〔姓名〕") for one in said])
    again = take(write(tmp_path / "b.csv", said, order(工单号="H2")), settings)
    assert (again.n_new, again.n_changed, again.n_same, again.n_quarantined) == (1, 0, 1, 0)
    assert ask(settings, "SELECT body FROM reports WHERE report_id = 'H1'") == [("东风路陈小文家旁路灯不亮",)]
    other = take(write(tmp_path / "c.csv", order(内容="东风路〔姓名〕家旁路灯不亮，线杆也歪了")), settings)
    assert (other.n_same, other.n_quarantined) == (0, 1)
