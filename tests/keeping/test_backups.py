"""Backups are whole or not there; restoring loses nothing of the present and brings nothing erased back."""

import json
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipelines.backup import backup_command, restore_command
from pipelines.erase import erase_command
from pipelines.purge import purge_command
from signals.accounts import Account, Role, editing_accounts, read_accounts, set_disabled
from signals.audit import AuditEntry, append_audit, read_audit
from signals.clock import LOCAL
from signals.errors import StateError
from signals.keeping.backups import MANIFEST, make_backup, verify_backup
from signals.keeping.restoring import restore_backup
from signals.signing_in import add_account, reset_password, sign_in
from signals.store.migrations import SCHEMA_VERSION
from signals.store.warehouse import writing
from tests.engine.stream import results
from tests.keeping.cities import City, files_with, run_through


def back_up(city: City) -> Path:
    assert backup_command(city.settings) == 0
    return max(city.settings.backups_folder.glob("backup-*"))


def look(city: City) -> AuditEntry:
    entry = AuditEntry(datetime.now(LOCAL), "demo", "analyst", "view_quotes", "issue:1", 1)
    append_audit(city.settings.audit_folder, entry)
    return entry


def in_new_folder(city: City, folder: Path) -> City:
    return City(city.export, city.settings.model_copy(update={"folder": folder}))


def test_a_restored_backup_is_the_same_to_the_last_row_and_goes_on_as_the_original(city: City, tmp_path: Path) -> None:
    model = city.settings.models_folder / "themes" / "v1"
    model.mkdir(parents=True)
    (model / "themes.json").write_text("{}")
    with writing(city.settings.warehouse_path) as connection:
        connection.execute("INSERT INTO models VALUES"
                           " ('themes', 'v1', 'retired', now(), '2025-01-01', 'themes/v1', '')")  # fmt: skip
    look(city)
    made = back_up(city)
    other = in_new_folder(city, tmp_path / "other")
    assert restore_command(other.settings, made) == 0
    assert results(other.settings.warehouse_path) == results(city.settings.warehouse_path)
    assert (other.settings.models_folder / "themes" / "v1" / "themes.json").read_text() == "{}"
    pages = {path.name: path.read_bytes() for path in city.settings.digests_folder.iterdir()}
    assert {path.name: path.read_bytes() for path in other.settings.digests_folder.iterdir()} == pages
    lines = read_audit(other.settings.audit_folder)
    assert [(line.action, line.role) for line in lines] == [
        ("digest", "operator"), ("digest", "operator"), ("view_quotes", "analyst"), ("backup", "operator"),
        ("restore", "operator"),
    ]  # fmt: skip
    for each in (city, other):
        run_through(each, city.export.last_on + timedelta(days=1))
    assert results(other.settings.warehouse_path) == results(city.settings.warehouse_path)


def test_a_backup_names_every_file_with_its_hash_and_holds_no_key(
    city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JIANWEI_COMPLAINANT_KEY", "the key of this site 0123")
    made = back_up(city)
    manifest = verify_backup(made)
    assert manifest.last_run_on == city.export.last_on
    assert manifest.counts["reports"] == city.rows("SELECT count(*) FROM reports")[0][0]
    assert {path.name for path in made.rglob("*") if path.is_file()} - {MANIFEST} == {
        Path(name).name for name in manifest.files
    }
    assert files_with(made, "the key of this site 0123") == []
    assert not list(city.settings.backups_folder.glob(".*"))


VERSION = f'"schema_version": {SCHEMA_VERSION}'


@pytest.mark.parametrize(
    ("harm", "said"),
    [(lambda made: (made / "jianwei.duckdb").write_bytes(b"x"), "哈希不符"),
     (lambda made: next(made.glob("digests/*.md")).unlink(), "缺少这个文件"),
     (lambda made: (made / "more.txt").write_text("x"), "多出这个文件"),
     (lambda made: (made / MANIFEST).write_text("{"), "清单读不出来"),
     (lambda made: (made / MANIFEST).write_text((made / MANIFEST).read_text().replace(VERSION, VERSION + "9")),
      "请升级见微"),
     (lambda made: shutil.rmtree(made), "不是见微的备份")],
)  # fmt: skip
def test_a_backup_that_is_not_whole_is_refused_and_the_present_stays(city: City, harm, said: str) -> None:  # type: ignore[no-untyped-def]
    made = back_up(city)
    harm(made)
    before = {path: path.read_bytes() for path in city.settings.folder.rglob("*") if path.is_file()}
    with pytest.raises(StateError, match=said):
        restore_command(city.settings, made, replace=True)
    assert {path: path.read_bytes() for path in city.settings.folder.rglob("*") if path.is_file()} == before


def test_a_folder_with_data_is_replaced_only_when_asked_and_set_aside(city: City) -> None:
    made = back_up(city)
    then = results(city.settings.warehouse_path)
    run_through(city, city.export.last_on + timedelta(days=1))
    now = results(city.settings.warehouse_path)
    with pytest.raises(StateError, match="已有数据.*--replace"):
        restore_command(city.settings, made)
    assert results(city.settings.warehouse_path) == now
    assert restore_command(city.settings, made, replace=True) == 0
    assert results(city.settings.warehouse_path) == then
    [aside] = city.settings.folder.glob("before-restore-*")
    assert results(aside / "jianwei.duckdb") == now
    assert not list(city.settings.folder.glob(".restoring*"))


def test_audit_lines_newer_than_the_backup_are_kept(city: City) -> None:
    look(city)
    made = back_up(city)
    later = look(city)
    restore_command(city.settings, made, replace=True)
    lines = list(read_audit(city.settings.audit_folder))
    assert [line.action for line in lines[2:]] == ["view_quotes", "backup", "view_quotes", "restore"]
    assert lines[4] == later


def test_an_audit_that_contradicts_the_backups_is_refused(city: City) -> None:
    look(city)
    made = back_up(city)
    for path in city.settings.audit_folder.glob("audit-*"):
        path.unlink()
    look(city)
    before = results(city.settings.warehouse_path)
    with pytest.raises(StateError, match="不是同一条链"):
        restore_command(city.settings, made, replace=True)
    assert results(city.settings.warehouse_path) == before
    assert [line.action for line in read_audit(city.settings.audit_folder)] == ["view_quotes"]


def test_a_damaged_present_is_set_aside_as_it_lies(city: City) -> None:
    made = back_up(city)
    then = results(city.settings.warehouse_path)
    city.settings.warehouse_path.write_bytes(b"damaged " * 1000)
    assert restore_command(city.settings, made, replace=True) == 0
    assert results(city.settings.warehouse_path) == then
    [aside] = city.settings.folder.glob("before-restore-*")
    assert (aside / "jianwei.duckdb").read_bytes() == b"damaged " * 1000


def test_what_was_erased_after_the_backup_does_not_come_back(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    [(title, body)] = city.rows("SELECT title, body FROM reports WHERE report_key = 'petition:XF00003'")
    made = back_up(city)
    erase_command(city.settings, "petition", ["XF00003"], reason="撤回", by="值班员")
    assert f"仍含这些内容的备份：{made.name}" in capsys.readouterr().out
    restore_command(city.settings, made, replace=True)
    assert "再次删除 1 条" in capsys.readouterr().out
    assert city.rows("SELECT title, body FROM reports WHERE report_key = 'petition:XF00003'") == [("", "")]
    assert city.rows("SELECT report_key, erased_by FROM erased") == [("petition:XF00003", "值班员")]
    assert (title, body) != ("", "")


def test_two_backups_and_two_restores_within_a_second_have_names_of_their_own(city: City) -> None:
    at = datetime(2025, 3, 1, 8, tzinfo=LOCAL)
    one, two = (make_backup(city.settings, city.settings.backups_folder, at=at) for _ in range(2))
    assert (one.name, two.name) == ("backup-20250301T080000", "backup-20250301T080000-2")
    for _ in range(2):
        restore_backup(city.settings, one, replace=True, by="x", at=at)
    assert sorted(path.name for path in city.settings.folder.glob("before-*")) == [
        "before-restore-20250301T080000", "before-restore-20250301T080000-2"
    ]  # fmt: skip


def test_a_backup_remembers_what_was_erased_before_it_in_a_new_folder(city: City, tmp_path: Path) -> None:
    erase_command(city.settings, "petition", ["XF00003"], reason="撤回", by="值班员")
    made = back_up(city)
    other = in_new_folder(city, tmp_path / "other")
    restore_command(other.settings, made)
    assert json.loads((tmp_path / "other" / "erased.jsonl").read_text("utf-8"))["report_key"] == "petition:XF00003"


def test_a_purge_names_the_backups_that_hold_old_texts_and_removes_them_when_asked(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    made = back_up(city)
    purge_command(city.settings, is_clock_right=True, now=datetime(2030, 1, 1, tzinfo=LOCAL))
    assert f"备份 {made.name} 仍含过期内容" in capsys.readouterr().out
    purge_command(city.settings, is_clock_right=True, with_backups=True, now=datetime(2030, 1, 2, tzinfo=LOCAL))
    assert f"已删除过期备份：{made.name}" in capsys.readouterr().out
    assert not made.exists()
    newer = back_up(city)
    purge_command(city.settings, is_clock_right=True, with_backups=True, now=datetime(2030, 1, 3, tzinfo=LOCAL))
    assert newer.exists()  # it holds no text any more


def test_a_backup_that_cannot_be_written_leaves_none(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("signals.keeping.backups._write_manifest", full)
    with pytest.raises(OSError, match="No space"):
        backup_command(city.settings)
    assert list(city.settings.backups_folder.iterdir()) == []
    assert os.listdir(city.settings.folder)


def test_accounts_come_back_disabled_into_a_folder_without_any(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    password = add_account(city.settings.accounts_path, Account("li", Role.ANALYST), with_password=True)
    add_account(city.settings.accounts_path, Account("wang", Role.DUTY), with_password=False)
    made = back_up(city)
    assert password not in (made / "accounts.json").read_text("utf-8")
    assert (made / "accounts.json").stat().st_mode & 0o077 == 0
    other = in_new_folder(city, tmp_path / "other")
    restore_command(other.settings, made)
    assert "都已停用：li、wang" in capsys.readouterr().out
    accounts = read_accounts(other.settings.accounts_path)
    assert [account.is_disabled for account in accounts.values()] == [True, True]
    assert sign_in(other.settings.accounts_path, "li", password, now=datetime.now(LOCAL)).account is None
    set_disabled(other.settings.accounts_path, "li", is_disabled=False)
    back = sign_in(other.settings.accounts_path, "li", password, now=datetime.now(LOCAL)).account
    assert back is not None
    assert back.must_change


def test_no_removed_account_and_no_old_password_comes_back_by_a_restore(city: City) -> None:
    path = city.settings.accounts_path
    old = add_account(path, Account("li", Role.ANALYST), with_password=True)
    add_account(path, Account("wang", Role.DUTY), with_password=True)
    made = back_up(city)
    with editing_accounts(path) as accounts:
        del accounts["wang"]
    reset_password(path, "li")
    before = path.read_bytes()
    restore_command(city.settings, made, replace=True)
    assert path.read_bytes() == before
    assert sign_in(path, "li", old, now=datetime.now(LOCAL)).account is None
