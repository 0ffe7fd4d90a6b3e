"""Erasing: the text is gone from every byte, the counts stay, the engine goes on, nothing brings it back."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from pipelines.erase import erase_command
from pipelines.purge import purge_command
from signals.audit import read_audit
from signals.clock import LOCAL, start_of
from signals.errors import SettingsError, StateError
from signals.ingest import How, ingest_file
from signals.keeping.erasing import erase_received_before, erase_reports
from signals.keeping.page_rewriting import by_beginning, says
from signals.keeping.retention import months_before
from signals.keeping.soundness import check_soundness
from signals.store.memories import load_memory
from signals.store.warehouse import reading, writing
from tests.keeping.cities import KEY, City, files_with, run_through

COUNTS = (  # tables and columns that only count
    "SELECT * FROM trends ORDER BY ALL", "SELECT * FROM cells ORDER BY ALL", "SELECT * FROM links ORDER BY ALL",
    "SELECT * FROM evidence ORDER BY ALL", "SELECT * FROM report_days ORDER BY ALL", "SELECT * FROM runs ORDER BY ALL",
    "SELECT * EXCLUDE (name, words) FROM issue_days ORDER BY ALL",
    "SELECT * EXCLUDE (name, words, quotes, reasons) FROM alerts ORDER BY ALL",
    "SELECT * EXCLUDE (title, body, context, address, community, content_hash) FROM reports ORDER BY ALL",
)  # fmt: skip


def erase(city: City, *numbers: str) -> None:
    erase_command(city.settings, "petition", list(numbers), reason="本人撤回", by="值班员")


def alerted(city: City) -> tuple[str, str, str]:
    """A report that an alert quotes, the quote, and the issue's name."""
    [(name, quotes, keys)] = city.rows(
        "SELECT name, quotes, report_keys FROM alerts WHERE len(quotes) > 0 ORDER BY day DESC LIMIT 1"
    )
    assert isinstance(quotes, list)
    [(key,)] = city.rows(
        "SELECT report_key FROM reports WHERE list_contains(?, report_key) AND contains(title || body, ?)"
        " ORDER BY 1 LIMIT 1", keys, str(quotes[0]).rstrip("…"),
    )  # fmt: skip
    return str(key), str(quotes[0]), str(name)


def give_words(city: City, key: str, words: str) -> None:
    """Let a report, an alert and an issue say something that nobody else says."""
    with writing(city.settings.warehouse_path) as connection:
        connection.execute("UPDATE reports SET title = ?, body = ? WHERE report_key = ?", [words, words, key])
        said_by = "WHERE list_contains(report_keys, ?)"
        connection.execute(f"UPDATE alerts SET name = ?, quotes = [?] {said_by}", [words, words, key])
        of_its_issue = "WHERE issue_id IN (SELECT issue_id FROM links WHERE report_key = ?)"
        for table in ("issues", "issue_days"):
            connection.execute(f"UPDATE {table} SET name = ? {of_its_issue}", [words, key])
        connection.execute("INSERT INTO watch SELECT report_key, '燃气泄漏', ?, known_at, '', '', NULL FROM reports"
                           " WHERE report_key = ? ON CONFLICT DO NOTHING", [words, key])  # fmt: skip
        connection.execute("INSERT INTO updates SELECT report_key, 'answer', ?, NULL, known_at, 1 FROM reports"
                           " WHERE report_key = ?", [words * 10, key])  # fmt: skip
        cells = json.dumps({"编号": key.partition(":")[2], "内容": words}, ensure_ascii=False)
        connection.execute("INSERT INTO quarantine VALUES (77, 1, 'a.xlsx', '', 3, '', '编号重复', ?, now())", [cells])


def test_an_erased_report_is_in_no_byte_of_any_file_and_every_count_stays(city: City) -> None:
    key, _, _ = alerted(city)
    words = "玉兔巷口玄武岩花坛被压碎"
    give_words(city, key, words)
    page = max((city.settings.folder / "digests").glob("*.md"))
    page.write_text(page.read_text("utf-8") + words, "utf-8")
    before = [city.rows(query) for query in COUNTS]
    assert len(files_with(city.settings.folder, words)) >= 2
    erase(city, key.partition(":")[2])
    assert files_with(city.settings.folder, words) == []
    assert [city.rows(query) for query in COUNTS] == before
    assert city.rows("SELECT title, body, content_hash FROM reports WHERE report_key = ?", key) == [("", "", "")]
    assert city.rows("SELECT count(*) FROM voices WHERE report_key = ?", key) == [(0,)]
    assert city.rows("SELECT words FROM watch WHERE report_key = ?", key) == [("",)]
    assert city.rows("SELECT cells FROM quarantine WHERE quarantine_id = 77") == [("{}",)]
    assert city.rows("SELECT count(*) FROM meta WHERE key = 'compacting_due'") == [(0,)]
    with reading(city.settings.warehouse_path) as connection:
        assert check_soundness(connection) == []
    assert city.rows("SELECT report_key FROM erased") == [(key,)]


def test_an_import_leaves_out_what_was_erased(city: City, tmp_path: Path) -> None:
    erase(city, "XF00003")
    before = city.rows("SELECT * FROM reports ORDER BY ALL")
    again, bad, new = (
        f"{number},2025-01-{day},路灯不亮,胜利路路灯不亮,13800138000\n"
        for number, day in (("XF00003", "02"), ("XF00003.0", "99"), ("XF99999", "02"))
    )
    path = tmp_path / "again.csv"
    path.write_text(f"信访件编号,登记时间,标题,内容,联系电话\n{again}{bad}{new}", "utf-8")
    done = ingest_file(path, How(city.settings, KEY, history=True))
    assert (done.n_new, done.n_erased, done.n_quarantined) == (1, 2, 0)
    assert city.rows("SELECT * FROM reports WHERE report_id <> 'XF99999' ORDER BY ALL") == before
    assert city.rows("SELECT count(*) FROM voices WHERE report_key = 'petition:XF00003'") == [(0,)]
    assert city.rows("SELECT count(*) FROM quarantine WHERE file_name = 'again.csv'") == [(0,)]


def test_words_that_only_an_erased_report_used_leave_the_vocabulary(city: City) -> None:
    with reading(city.settings.warehouse_path) as connection:
        memory = load_memory(connection, city.settings)
    row, every = np.array([5]), np.arange(memory.n)
    others = set(memory.counts.take(every[every != 5]).indices.tolist())
    only = set(memory.counts.take(row).indices.tolist()) - others
    was = {token for (token,) in city.rows("SELECT token FROM vocabulary")}
    erase(city, memory.reports[5].report_id)
    now = {token for (token,) in city.rows("SELECT token FROM vocabulary")}
    assert was - now == only & was
    with reading(city.settings.warehouse_path) as connection:
        again = load_memory(connection, city.settings)
    assert again.counts.take(row).nnz == 0
    assert (again.counts.take(row + 1) != memory.counts.take(row + 1)).nnz == 0
    assert len(set(again.text.tolist())) >= len(set(memory.text.tolist()))


def test_the_engine_goes_on_after_an_erasure_and_no_issue_changes_its_number(city: City) -> None:
    last = city.export.last_on
    key, _, _ = alerted(city)
    [(first,)] = city.rows("SELECT report_key FROM reports ORDER BY known_at LIMIT 1")
    links = city.rows("SELECT report_key, issue_id FROM links ORDER BY ALL")
    erase(city, key.partition(":")[2], str(first).partition(":")[2])
    run_through(city, last + timedelta(days=5))  # over a Sunday with its merges and a Monday
    assert city.rows("SELECT max(day) FROM runs") == [(last + timedelta(days=5),)]
    assert set(links) <= set(city.rows("SELECT report_key, issue_id FROM links"))
    assert city.rows("SELECT count(*) FROM issue_days WHERE name = ''") == [(0,)]


def test_what_a_report_named_is_named_by_another_or_by_nobody(city: City) -> None:
    key, quote, name = alerted(city)
    [(keys,)] = city.rows(
        "SELECT report_keys FROM alerts WHERE list_contains(report_keys, ?) ORDER BY day DESC LIMIT 1", key
    )
    assert isinstance(keys, list)
    erase(city, *(each.partition(":")[2] for each in keys))
    assert city.rows("SELECT DISTINCT name, quotes, words FROM alerts WHERE report_keys = ?", keys) == [
        ("诉求内容已删除", [], [])
    ]
    assert city.rows("SELECT count(*) FROM alerts WHERE list_contains(quotes, ?)", quote) == [(0,)]
    pages = [path.read_text("utf-8") for path in city.settings.digests_folder.glob("*.md")]
    assert not any(quote in page for page in pages)


def test_erasing_is_audited_without_text_and_noted_without_the_person(city: City) -> None:
    erase_command(city.settings, "petition", ["XF00003"], reason="本人要求，电话13800138000", by="值班员")
    [line] = [line for line in read_audit(city.settings.audit_folder) if line.action == "erase"]
    assert (line.account, line.subject, line.n) == ("值班员", "report:petition:XF00003", 1)
    assert city.rows("SELECT report_key, reason, erased_by FROM erased") == [
        ("petition:XF00003", "本人要求，电话〔手机〕", "值班员")
    ]
    assert files_with(city.settings.folder, "13800138000") == []


def test_a_report_that_is_not_there_is_refused_and_nothing_is_written(city: City) -> None:
    before = {path: path.read_bytes() for path in city.settings.folder.rglob("*") if path.is_file()}
    with pytest.raises(StateError, match="petition:nobody: 仓库里没有这条诉求"):
        erase(city, "XF00003", "nobody")
    assert {path: path.read_bytes() for path in city.settings.folder.rglob("*") if path.is_file()} == before


def test_erasing_twice_is_erasing_once(city: City) -> None:
    erase(city, "XF00003")
    noted = city.rows("FROM erased")
    erase(city, "XF00003")
    assert city.rows("FROM erased") == noted
    assert len((city.settings.folder / "erased.jsonl").read_text("utf-8").splitlines()) == 1


def test_a_run_that_remembers_an_erased_report_stops_before_it_writes(city: City) -> None:
    from signals.runner import run_days

    days = [city.export.last_on + timedelta(days=i) for i in (1, 2)]
    slow = run_days(city.settings.warehouse_path, days, city.settings)
    next(slow)
    erase(city, "XF00003")
    with pytest.raises(StateError, match="计算期间有诉求被删除"):
        next(slow)
    run_through(city, days[1])


def test_a_purge_takes_the_old_texts_and_digests_and_leaves_every_count(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    before = [city.rows(query) for query in COUNTS]
    cut = city.export.last_on - timedelta(days=1)
    now = datetime(2026, 3, cut.day, 12, tzinfo=LOCAL)
    assert months_before(now.date(), 14) == cut
    with writing(city.settings.warehouse_path) as connection:
        connection.execute("UPDATE files SET ingested_at = ?", [now])
    [(n,)] = city.rows("SELECT count(*) FROM reports WHERE received_at < ?", start_of(cut))
    assert purge_command(city.settings, months=14, now=now) == 0
    assert f"这次删除 {n} 条" in capsys.readouterr().out
    assert [city.rows(query) for query in COUNTS] == before
    assert city.rows("SELECT count(*), count(*) FILTER (body <> '') FROM reports WHERE received_at < ?",
                     start_of(cut)) == [(n, 0)]  # fmt: skip
    assert city.rows("SELECT count(*) FROM voices SEMI JOIN erased USING (report_key)") == [(0,)]
    assert city.rows("SELECT DISTINCT name, words FROM issue_days WHERE day < ?", cut) == [("诉求内容已删除", [])]
    left_days = {str(cut + timedelta(days=i)) for i in range(2)}
    assert {path.name[7:17] for path in city.settings.digests_folder.iterdir()} == left_days
    [(left,)] = city.rows("SELECT count(*) FROM reports WHERE body <> ''")
    assert isinstance(left, int)
    assert left > 0
    run_through(city, city.export.last_on + timedelta(days=3))


def test_a_purge_that_reads_few_issues_at_once_says_the_same(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, said = city.copied_to(tmp_path / "other"), []
    for each, n_issues in ((city, 2000), (other, 1)):
        monkeypatch.setattr("signals.keeping.rewording.ISSUES_AT_ONCE", n_issues)
        erase_received_before(each.settings, city.export.last_on - timedelta(days=3), at=datetime.now(LOCAL))
        said.append([each.rows(f"FROM {table} ORDER BY ALL") for table in ("alerts", "issue_days", "issues")])
    assert said[0] == said[1]


@pytest.mark.parametrize(("removed", "is_said"), [
    ("夜间施工", True), ("施工", True), ("<夜间>", True), ("*夜间*", True), ("夜间施工扰民了", False),
    ("白天施工", False),
])  # fmt: skip
def test_a_page_says_what_it_shows_in_any_of_its_forms(tmp_path: Path, removed: str, is_said: bool) -> None:
    page = tmp_path / "digest-2025-01-01.md"
    page.write_text("今日夜间施工扰民 &lt;夜间&gt; \\*夜间\\*", "utf-8")
    assert says([page], by_beginning({removed})) is is_said


def test_a_purge_by_a_clock_that_jumped_ahead_is_refused(city: City) -> None:
    now = datetime(2099, 1, 1, tzinfo=LOCAL)
    with pytest.raises(StateError, match="没有删除任何内容.*--clock-is-right"):
        purge_command(city.settings, now=now)
    assert city.rows("SELECT count(*) FROM erased") == [(0,)]
    assert purge_command(city.settings, now=now, is_clock_right=True) == 0
    assert city.rows("SELECT count(*) FROM reports WHERE body <> ''") == [(0,)]
    run_through(city, city.export.last_on + timedelta(days=1))


def test_a_purge_of_less_than_fourteen_months_is_refused(city: City) -> None:
    with pytest.raises(SettingsError, match="应不小于 14"):
        purge_command(city.settings, months=13)


def test_what_was_sent_out_is_named(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    key, _, _ = alerted(city)
    [(day,)] = city.rows("SELECT max(day) FROM alerts WHERE list_contains(report_keys, ?)", key)
    with writing(city.settings.warehouse_path) as connection:
        connection.execute("INSERT INTO models VALUES"
                           " ('themes', '20250131-1', 'current', now(), '2025-01-31', 't', ''),"
                           " ('themes', '20241231-1', 'current', now(), '2024-12-31', 'u', '')")  # fmt: skip
    capsys.readouterr()
    erase(city, key.partition(":")[2])
    printed = capsys.readouterr().out
    assert str(day) in printed
    assert "themes 20250131-1" in printed
    assert "20241231" not in printed


def test_copies_kept_by_migrations_and_killed_commands_go_with_what_is_erased(city: City) -> None:
    folder = city.settings.folder
    (folder / "jianwei.duckdb.v7").write_bytes(b"old text")
    (folder / ".jianwei.duckdb.v7.copying").write_bytes(b"old text")
    (folder / "staging" / "0123-999999999").mkdir(parents=True)
    (folder / "staging" / "0123-999999999" / "reports.parquet").write_bytes(b"old text")
    now = datetime.now(LOCAL)
    erase_reports(city.settings, ["petition:XF00003"], by="x", reason="y", at=now)
    assert files_with(folder, "old text") == []
