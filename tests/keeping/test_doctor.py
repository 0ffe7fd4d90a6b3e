"""The doctor finds what is wrong, says it in one line with what to do, and changes nothing."""

import os
import random
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.backup import backup_command
from pipelines.doctor import doctor_command
from pipelines.erase import erase_command
from signals.accounts import Account, Role, editing_accounts
from signals.audit import AuditEntry, append_audit
from signals.clock import LOCAL, end_of, start_of
from signals.keeping.checks import State, examine
from signals.keeping.privacy import Slip, find_slips
from signals.keeping.tombstones import Tombstone, append_tombstones, tombstones_path
from signals.redaction import redact
from signals.store.warehouse import reading, writing
from tests.keeping.cities import City


def now_of(city: City) -> datetime:
    """The morning after the last day that ran."""
    return end_of(city.export.last_on) + timedelta(hours=8)


def found(city: City, now: datetime | None = None) -> dict[str, tuple[State, str]]:
    return {check.name: (check.state, check.said) for check in examine(city.settings, now=now or now_of(city))}


def change(query: str, *parameters: object) -> Callable[[City], None]:
    def harm(city: City) -> None:
        with writing(city.settings.warehouse_path) as connection:
            connection.execute(query, list(parameters))

    return harm


def imported_in_time(city: City) -> None:
    with writing(city.settings.warehouse_path) as connection:
        connection.execute("UPDATE files SET ingested_at = ?", [start_of(city.export.last_on)])
        connection.execute("UPDATE runs SET finished_at = ?", [end_of(city.export.last_on)])


def test_all_is_well_after_a_night_with_a_backup(city: City) -> None:
    imported_in_time(city)
    backup_command(city.settings)
    before = {path: path.read_bytes() for path in city.settings.folder.rglob("*") if path.is_file()}
    assert [(name, said) for name, (state, said) in found(city).items() if state is not State.WELL] == []
    assert len(found(city)) == 15
    assert {path: path.read_bytes() for path in city.settings.folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("query", "name", "state", "said"),
    [("DELETE FROM links WHERE report_key = (SELECT min(report_key) FROM links)", "完整性", State.FAULT, "没有归并"),
     ("INSERT INTO reports FROM reports WHERE report_key = 'petition:XF00003'", "完整性", State.FAULT, "不止一行"),
     ("INSERT INTO voices FROM voices LIMIT 1", "完整性", State.FAULT, "不止一行"),
     ("DELETE FROM report_days WHERE place = 0", "完整性", State.FAULT, "诉求数与记录不符"),
     ("DELETE FROM runs WHERE day = '2025-01-05'", "完整性", State.FAULT, "运行日不连续"),
     ("DELETE FROM reports WHERE report_key = 'petition:XF00003'", "完整性", State.FAULT, "不在库里"),
     ("UPDATE files SET n_new = n_new + 1", "完整性", State.FAULT, "新增数不符"),
     ("UPDATE files SET ingested_at = '2030-01-01'", "时钟", State.FAULT, "请核对时钟"),
     ("UPDATE files SET ingested_at = '2025-01-01'", "导入", State.NOTICE, "信访超过 3 天没有来"),
     ("UPDATE reports SET received_at = '2022-01-01' WHERE report_key = 'petition:XF00003'", "保存期", State.NOTICE,
      "1 条诉求的内容已超过 24 个月；请运行 jianwei purge"),
     ("INSERT INTO erased SELECT report_key, now(), '', '' FROM reports LIMIT 2", "删除", State.FAULT, "2 条已删除的"),
     ("INSERT INTO erased VALUES ('petition:away', now(), '', ''); INSERT INTO quarantine VALUES"
      " (9, 1, '', '', 1, '', '', '{\"编号\": \"away\", \"内容\": \"又来了\"}', now())",
      "删除", State.FAULT, "1 条已删除的"),
     ("INSERT INTO meta VALUES ('compacting_due', 'yes')", "删除", State.FAULT, "还没有重写文件"),
     ("UPDATE meta SET value = '7'", "数据仓库", State.NOTICE, "jianwei migrate"),
     ("UPDATE meta SET value = '99'", "数据仓库", State.FAULT, "请升级见微")],
)  # fmt: skip
def test_what_is_wrong_is_found(city: City, query: str, name: str, state: State, said: str) -> None:
    imported_in_time(city)
    change(query)(city)
    check = found(city)[name]
    assert check[0] is state
    assert said in check[1]


def test_a_tombstone_that_was_not_carried_out_is_a_fault(city: City) -> None:
    stone = Tombstone(now_of(city), "x", "y", "petition:XF00003")
    append_tombstones(tombstones_path(city.settings.folder), [stone])
    assert found(city)["删除"][0] is State.FAULT
    erase_command(city.settings, "petition", ["XF00003"], reason="y", by="x")
    assert found(city)["删除"][0] is State.WELL


def test_an_audit_line_removed_from_under_a_printed_head_is_found(city: City) -> None:
    from pipelines.digest import digest_command

    shutil.rmtree(city.settings.audit_folder)  # of today, long after the city's days
    for minute in (1, 2):
        at = start_of(city.export.last_on) + timedelta(minutes=minute)
        append_audit(city.settings.audit_folder, AuditEntry(at, "demo", "analyst", "view_quotes", "issue:1", 1))
    digest_command(city.settings, city.export.last_on)
    assert found(city)["审计"] == (State.WELL, "哈希链完整，4 份日报上印的链首都对得上。")
    path, of_today = sorted(city.settings.audit_folder.glob("audit-*.jsonl"))
    of_today.unlink()  # the line about the digest itself
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])  # the chain itself is whole
    state, said = found(city)["审计"]
    assert state is State.FAULT
    assert "印的审计链首与现在的审计不符" in said


def test_a_clock_that_was_set_back_since_does_not_contradict_a_printed_head(city: City) -> None:
    from pipelines.digest import digest_command

    shutil.rmtree(city.settings.audit_folder)  # of today, long after the city's days
    look = AuditEntry(start_of(city.export.last_on), "demo", "analyst", "view_quotes", "issue:1", 1)
    append_audit(city.settings.audit_folder, look)
    digest_command(city.settings, city.export.last_on)
    append_audit(city.settings.audit_folder, look)
    assert found(city)["审计"] == (State.WELL, "哈希链完整，4 份日报上印的链首都对得上。")


def test_the_doctor_of_a_damaged_file_says_so_and_ends_with_one(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    path, chance = city.settings.warehouse_path, random.Random(2)
    data = bytearray(path.read_bytes())
    for at in range(8192, len(data) - 4096, 200_000):  # something in every block
        data[at : at + 512] = chance.randbytes(512)
    path.write_bytes(data)
    assert doctor_command(city.settings, now=now_of(city)) == 1
    printed = capsys.readouterr().out
    assert "故障" in printed
    assert "jianwei restore" in printed
    assert "Traceback" not in printed
    assert path.read_bytes() == bytes(data)


def test_a_backup_whose_manifest_cannot_be_read_is_named(city: City) -> None:
    (city.settings.backups_folder / "backup-20250101T000000").mkdir(parents=True)
    assert found(city)["备份"] == (State.FAULT, "backup-20250101T000000 的清单读不出来，不能恢复；请删除它，重新备份。")


def test_accounts_that_cannot_be_read_are_a_fault(city: City) -> None:
    assert found(city)["账号"] == (State.WELL, "0 个，账号文件能读。")
    city.settings.accounts_path.write_text("broken")
    state, said = found(city)["账号"]
    assert (state, "账号文件已损坏" in said) == (State.FAULT, True)


def test_a_file_where_the_audit_should_be_is_a_fault_and_a_folder_named_like_a_digest_is_passed_over(
    city: City,
) -> None:
    (city.settings.digests_folder / "digest-2024-01-01.html").mkdir()
    assert found(city)["审计"][0] is State.WELL
    shutil.rmtree(city.settings.audit_folder)
    city.settings.audit_folder.write_text("")
    state, said = found(city)["权限"]
    assert (state, "应是文件夹" in said) == (State.FAULT, True)


def test_a_missing_warehouse_and_a_missing_key_are_faults(tmp_path: Path, city: City) -> None:
    settings = city.settings.model_copy(update={"folder": tmp_path / "none", "demo": False})
    checks = {check.name: check.state for check in examine(settings, now=now_of(city))}
    assert checks["数据仓库"] is State.FAULT
    assert checks["密钥"] is State.FAULT
    assert not (tmp_path / "none").exists()


def test_what_a_killed_command_left_is_named_and_what_a_living_one_uses_is_not(city: City) -> None:
    (city.settings.folder / "staging" / f"ab-{os.getpid()}").mkdir(parents=True)
    assert found(city)["半成品"][0] is State.WELL
    (city.settings.folder / "staging" / "ab-999999999").mkdir()
    assert found(city)["半成品"][0] is State.NOTICE


def test_the_privacy_scan_names_place_and_kind_and_never_the_text(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor_command(city.settings, privacy=True) == 0
    with writing(city.settings.warehouse_path) as connection:
        connection.execute("UPDATE reports SET body = '我叫陈小文，请打13800138000'"
                           " WHERE report_key = 'petition:XF00003'")  # fmt: skip
        connection.execute("UPDATE alerts SET quotes = ['身份证440703199003078838'] WHERE issue_id ="
                           " (SELECT min(issue_id) FROM alerts)")  # fmt: skip
    page = max(city.settings.digests_folder.glob("*.html"))
    page.write_text(page.read_text("utf-8").replace("</body>", "<p>请打13900139000</p></body>"), "utf-8")
    capsys.readouterr()
    assert doctor_command(city.settings, privacy=True) == 1
    printed = capsys.readouterr().out
    assert "reports.body  petition:XF00003  〔姓名〕×1、〔手机〕×1" in printed
    assert "alerts.quotes" in printed
    assert page.name in printed
    assert not any(secret in printed for secret in ("陈小文", "13800138000", "440703199003078838", "13900139000"))


def test_the_privacy_scan_reads_every_text_column(city: City) -> None:
    said = "请打13800138000"
    with duckdb.connect(str(city.settings.warehouse_path)) as connection:
        kinds = connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns()"
            " WHERE data_type IN ('VARCHAR', 'VARCHAR[]') AND table_name IN ('updates', 'handling', 'corrections',"
            " 'quarantine', 'watch', 'themes', 'vocabulary') AND column_name NOT IN ('report_key', 'report_keys')"
        ).fetchall()
        connection.execute("INSERT INTO updates SELECT report_key, '', '', NULL, known_at, 1 FROM reports LIMIT 1")
        connection.execute("INSERT INTO handling VALUES (1, '', now(), '', '', '', NULL)")
        connection.execute("INSERT INTO corrections VALUES (999, '', 1, 2, [], '', '', now(), NULL, NULL, NULL, NULL)")
        connection.execute("INSERT INTO quarantine VALUES (9, 1, '', '', 1, '', '', '', now())")
        connection.execute("INSERT INTO watch VALUES ('petition:XF00003', '', '', now(), '', '', NULL)")
        connection.execute("INSERT INTO themes VALUES ('v', 1, '', [], 1)")
        for table, column, kind in kinds:
            value = f"['{said}']" if kind == "VARCHAR[]" else f"'{said}'"
            row = f"rowid = (SELECT max(rowid) FROM {table})"
            connection.execute(f"UPDATE {table} SET {column} = {value} WHERE {row}")
    with reading(city.settings.warehouse_path) as connection:
        slips = {(slip.where, slip.column) for slip in find_slips(connection, city.settings)}
    assert slips == {(table, column) for table, column, _ in kinds}
    assert len(slips) > 15


def test_the_privacy_scan_takes_no_single_word_for_a_name_and_no_key_of_ours_for_a_number(city: City) -> None:
    word, key = "林玲", "17979 2025-10-28"  # 林玲布行 is a shop; the number of an issue and a day
    assert (redact(word), redact(key)) == ("〔姓名〕", "〔手机〕-28")
    with writing(city.settings.warehouse_path) as connection:
        connection.execute("INSERT INTO vocabulary VALUES (-1, ?)", [word])
        connection.execute("UPDATE issue_days SET issue_id = 17979, day = '2025-10-28', name = '13800138000',"
                           " words = [?] WHERE rowid = (SELECT max(rowid) FROM issue_days)", [word])  # fmt: skip
    with reading(city.settings.warehouse_path) as connection:
        slips = list(find_slips(connection, city.settings))
    assert slips == [Slip("issue_days", "name", key, (("〔手机〕", 1),))]


def test_the_privacy_scan_knows_the_names_of_accounts_and_no_other(city: City) -> None:
    settings, at = city.settings, now_of(city)
    with editing_accounts(settings.accounts_path) as accounts:
        accounts["王小明"] = Account("王小明", Role.DUTY)
    for name in ("王小明", "我叫陈小文"):
        append_audit(settings.audit_folder, AuditEntry(at, name, "duty", "sign_in", f"account:{name}", 0))
    with reading(settings.warehouse_path) as connection:
        slips = [(slip.where, slip.column) for slip in find_slips(connection, settings)]
    assert [column for where, column in slips if where.startswith("audit-")] == ["account", "subject"]


def test_local_time_is_said(city: City) -> None:
    now = datetime(2030, 5, 5, 23, 30, tzinfo=LOCAL)
    assert "2030-05-05 23:30" in found(city, now)["时钟"][1]
