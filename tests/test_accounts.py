"""Accounts: the file, the rules, the throttle, the commands."""

import json
import re
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from signals import signing_in
from signals.accounts import (
    Account,
    Role,
    account_named,
    check_account,
    editing_accounts,
    office_named,
    read_accounts,
    set_disabled,
)
from signals.audit import read_audit
from signals.errors import InputError, StateError
from signals.passwords import hash_password, is_password, one_time_password, password_refusal
from signals.signing_in import WRONG, add_account, change_password, reset_password, sign_in
from tests.exports import Jianwei

NOW = datetime(2025, 4, 10, 9, tzinfo=UTC)
GOOD = "碧水青山绿树成荫好风光"


@pytest.fixture
def path(tmp_path: Path, cheap_passwords: None) -> Path:
    signing_in._strangers.clear()
    return tmp_path / "accounts.json"


@pytest.fixture
def with_one(path: Path) -> Path:
    add_account(path, Account("李研判", Role.ANALYST), with_password=True)
    change_password(path, "李研判", GOOD)
    return path


def test_a_new_account_has_a_one_time_password_that_must_be_changed(path: Path) -> None:
    password = add_account(path, Account("wang", Role.DUTY), with_password=True)
    attempt = sign_in(path, "Wang", password, now=NOW)
    assert attempt.account is not None
    assert attempt.account.must_change
    assert not change_password(path, "wang", GOOD).must_change
    assert sign_in(path, "wang", password, now=NOW).sentence == WRONG
    assert sign_in(path, "wang", GOOD, now=NOW).account is not None


def test_the_file_is_for_its_owner_only_and_never_holds_a_password(path: Path) -> None:
    password = add_account(path, Account("wang", Role.DUTY), with_password=True)
    change_password(path, "wang", GOOD)
    again = reset_password(path, "wang")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text("utf-8")
    assert "$argon2id$" in text
    assert [each for each in (password, again, GOOD) if each in text] == []
    assert sorted(each.name for each in path.parent.iterdir()) == ["accounts.json", "accounts.lock"]


def test_a_name_is_taken_whatever_its_case(with_one: Path) -> None:
    add_account(with_one, Account("wang", Role.DUTY), with_password=True)
    with pytest.raises(InputError, match="已有这个账号"):
        add_account(with_one, Account("WANG", Role.DUTY), with_password=True)


def test_a_wrong_password_and_an_unknown_name_are_told_the_same(with_one: Path) -> None:
    assert sign_in(with_one, "李研判", "不对的密码一二三四", now=NOW).sentence == WRONG
    unknown = sign_in(with_one, "没有这个人", GOOD, now=NOW)
    assert (unknown.sentence, unknown.known_name, unknown.account) == (WRONG, "", None)


def test_an_account_without_a_password_or_a_disabled_one_lets_nobody_in(with_one: Path) -> None:
    add_account(with_one, Account("zhao", Role.DUTY), with_password=False)
    set_disabled(with_one, "李研判", is_disabled=True)
    for name, password in (("zhao", ""), ("zhao", GOOD), ("李研判", GOOD)):
        assert sign_in(with_one, name, password, now=NOW).sentence == WRONG
    set_disabled(with_one, "李研判", is_disabled=False)
    assert sign_in(with_one, "李研判", GOOD, now=NOW).account is not None


@pytest.mark.parametrize("name", ["李研判", "没有这个人"])
def test_the_fifth_wrong_password_makes_one_wait_whether_the_name_exists_or_not(with_one: Path, name: str) -> None:
    sentences = [sign_in(with_one, name, f"猜一猜猜一猜{k}", now=NOW).sentence for k in range(6)]
    assert sentences[:5] == [WRONG] * 5
    assert sentences[5] == "输错次数过多，暂停登录。请 1 分钟后再试。"


def test_the_right_password_waits_too_and_the_wait_is_in_the_file(with_one: Path) -> None:
    for _ in range(5):
        sign_in(with_one, "李研判", "猜一猜猜一猜", now=NOW)
    assert json.loads(with_one.read_text("utf-8"))["accounts"][0]["locked_until"]
    assert sign_in(with_one, "李研判", GOOD, now=NOW + timedelta(seconds=59)).account is None
    assert sign_in(with_one, "李研判", GOOD, now=NOW + timedelta(seconds=60)).account is not None
    assert read_accounts(with_one)["李研判"].n_failed == 0


def test_the_wait_grows_to_a_quarter_of_an_hour_and_is_forgotten_after_a_quiet_one(path: Path) -> None:
    account, at, waits = Account("wang", Role.DUTY), NOW, []
    for _ in range(11):
        account = signing_in.after_failure(account, at)
        waits.append((account.locked_until - at).total_seconds() / 60 if account.locked_until else 0)
        at = account.locked_until or at
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15]
    assert signing_in.after_failure(account, at + timedelta(minutes=16)).n_failed == 1


def test_wrong_passwords_far_apart_do_not_add_up() -> None:
    account = Account("wang", Role.DUTY)
    for k in range(9):
        account = signing_in.after_failure(account, NOW + k * timedelta(minutes=16))
    assert (account.n_failed, account.locked_until) == (1, None)


def test_attempts_at_once_are_counted_one_by_one(with_one: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_in, "is_password", lambda *_: time.sleep(0.1))  # as long as a real one takes, and wrong
    with ThreadPoolExecutor(8) as many:
        attempts = list(many.map(lambda k: sign_in(with_one, "李研判", f"猜一猜猜一猜{k}", now=NOW), range(8)))
    assert [attempt.sentence for attempt in attempts].count(WRONG) == 5


def test_accounts_added_at_once_are_all_kept(path: Path) -> None:
    with ThreadPoolExecutor(6) as many:
        list(many.map(lambda k: add_account(path, Account(f"user{k}", Role.DUTY), with_password=False), range(12)))
    assert len(read_accounts(path)) == 12


def test_a_change_that_fails_leaves_the_file_as_it_was(with_one: Path) -> None:
    before = with_one.read_bytes()
    with pytest.raises(InputError):
        _clear_and_fail(with_one)
    assert with_one.read_bytes() == before


def _clear_and_fail(path: Path) -> None:
    with editing_accounts(path) as accounts:
        accounts.clear()
        account_named(accounts, "nobody")


@pytest.mark.parametrize(
    "text", ["", "{}", '{"version": 1, "accounts": [{"name": "x"}]}', "[]", '{"version": 9, "accounts": []}']
)
def test_a_damaged_or_newer_file_is_a_sentence(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(StateError, match="账号文件"):
        read_accounts(path)


@pytest.mark.parametrize(
    ("password", "said"),
    [("短一点", "太短"), ("aaaaaaaaaaaa", "太容易"), ("李研判" + "1234567", "账号名"), ("好好学习" * 60, "太长"),
     (GOOD, ""), ("correct horse battery", "")],
)  # fmt: skip
def test_a_password_must_be_long_and_not_the_name(password: str, said: str) -> None:
    refusal = password_refusal(password, "李研判")
    assert said in refusal
    assert bool(refusal) == bool(said)


def test_the_same_password_again_is_refused(with_one: Path) -> None:
    with pytest.raises(InputError, match="一样"):
        change_password(with_one, "李研判", GOOD)


def test_one_time_passwords_differ_and_may_be_used() -> None:
    made = {one_time_password() for _ in range(100)}
    assert len(made) == 100
    assert all(password_refusal(each, "某人") == "" for each in made)


def test_an_empty_hash_is_nobodys() -> None:
    assert not is_password("", "")
    assert not is_password("damaged", GOOD)
    assert is_password(hash_password(GOOD), GOOD)


def test_a_password_costs_64_megabytes_and_three_passes() -> None:
    assert hash_password(GOOD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize(
    ("account", "said"),
    [(Account("x", Role.DUTY), "账号名"), (Account("wang li", Role.DUTY), "账号名"),
     (Account("wang", Role.DUTY, areas=("999999",)), "没有区划 999999"),
     (Account("wang", Role.DUTY, office="城管局"), "没有单位"),
     (Account("wang", Role.MODELER, sees_restricted=True), "敏感"),
     (Account("wang", Role.DUTY, office="城市管理局", sees_restricted=True), "敏感")],
)  # fmt: skip
def test_an_account_that_makes_no_sense_is_refused(account: Account, said: str) -> None:
    with pytest.raises(InputError, match=said):
        check_account(account, areas={"440703": "蓬江区"}, offices={"城市管理局": ["城管局"]})


def test_an_office_may_be_given_by_its_alias() -> None:
    assert office_named("城管局", {"城市管理局": ["城管局"]}) == "城市管理局"


def test_commands_make_reset_and_switch_accounts_and_say_so_in_the_audit_first(jianwei: Jianwei) -> None:
    Path("jianwei.toml").write_text('[offices]\n"城市管理局" = ["城管局"]\n', "utf-8")
    code, printed = jianwei("accounts", "add", "wang", "--role", "duty", "--area", "440703", "--office", "城管局")
    assert code == 0
    first = re.search(r"一次性密码  (\S+)", printed)
    assert first
    code, printed = jianwei("accounts", "reset", "WANG")
    again = re.search(r"一次性密码  (\S+)", printed)
    assert again
    assert sign_in(Path("var/accounts.json"), "wang", first[1], now=NOW).account is None
    assert sign_in(Path("var/accounts.json"), "wang", again[1], now=NOW).account is not None
    jianwei("accounts", "disable", "wang")
    assert "已停用" in jianwei("accounts", "list")[1]
    jianwei("accounts", "enable", "wang")
    lines = [line for line in read_audit(Path("var/audit")) if line.action.startswith("account_")]
    assert [line.action for line in lines] == ["account_add", "account_reset", "account_disable", "account_enable"]
    assert lines[0].subject == "account:wang(duty,440703,城市管理局)"
    kept = Path("var/accounts.json").read_text("utf-8") + "".join(map(str, lines))
    assert first[1] not in kept
    assert again[1] not in kept


def test_a_command_about_nobody_or_without_an_audit_changes_nothing(jianwei: Jianwei) -> None:
    assert jianwei("accounts", "reset", "nobody")[0] == 1
    assert jianwei("accounts", "add", "wang", "--role", "boss")[0] == 2
    Path("var").mkdir(exist_ok=True)
    Path("var/audit").write_text("a file where the folder should be")
    code, printed = jianwei("accounts", "add", "wang", "--role", "duty")
    assert (code, "审计不可写" in printed) == (1, True)
    assert not Path("var/accounts.json").exists()


def test_no_command_takes_a_password() -> None:
    import inspect

    from pipelines.accounts import accounts_app

    commands = [command.callback for command in accounts_app.registered_commands if command.callback]
    taken = {name for command in commands for name in inspect.signature(command).parameters}
    assert not [name for name in taken if "pass" in name]


def test_a_reset_forgets_failed_attempts(with_one: Path) -> None:
    with editing_accounts(with_one) as accounts:
        account = account_named(accounts, "李研判")
        accounts[account.key] = replace(account, n_failed=7, failed_at=NOW, locked_until=NOW + timedelta(minutes=8))
    assert sign_in(with_one, "李研判", reset_password(with_one, "李研判"), now=NOW).account is not None


def test_a_change_of_rights_changes_what_was_given_and_is_in_the_audit_first(jianwei: Jianwei) -> None:
    Path("jianwei.toml").write_text('[offices]\n"城市管理局" = ["城管局"]\n', "utf-8")
    jianwei("accounts", "add", "wang", "--role", "duty", "--area", "440703")
    accounts = Path("var/accounts.json")
    before = account_named(read_accounts(accounts), "wang")
    code, printed = jianwei("accounts", "change", "WANG", "--role", "analyst")
    assert code == 0, printed
    assert account_named(read_accounts(accounts), "wang") == replace(before, role=Role.ANALYST)
    jianwei("accounts", "change", "wang", "--whole-city", "--restricted")
    assert account_named(read_accounts(accounts), "wang").sees_restricted
    jianwei("accounts", "change", "wang", "--no-restricted", "--office", "城管局")
    assert account_named(read_accounts(accounts), "wang") == replace(
        before, role=Role.ANALYST, areas=(), office="城市管理局"
    )
    jianwei("accounts", "change", "wang", "--centre", "--area", "440704", "--area", "440705")
    assert account_named(read_accounts(accounts), "wang").areas == ("440704", "440705")
    said = [line.subject for line in read_audit(Path("var/audit")) if line.action == "account_change"]
    assert said[0] == "account:wang(duty,440703,centre→analyst,440703,centre)"
    assert len(said) == 4


def test_who_loses_the_right_to_restricted_reports_is_told_by_which_option(jianwei: Jianwei) -> None:
    jianwei("accounts", "add", "wang", "--role", "duty", "--restricted")
    code, printed = jianwei("accounts", "change", "wang", "--role", "modeler")
    assert (code, "--no-restricted" in printed) == (1, True)
    assert jianwei("accounts", "change", "wang", "--role", "modeler", "--no-restricted")[0] == 0


@pytest.mark.parametrize(
    ("given", "code"),
    [((), 2), (("--role", "boss"), 2), (("--role", "duty"), 2), (("--area", "1"), 1), (("--office", "无"), 1),
     (("--area", "440704", "--whole-city"), 2), (("--office", ""), 2), (("--role", "analyst", "--office", ""), 2)],
)  # fmt: skip
def test_a_change_that_makes_no_sense_changes_nothing(jianwei: Jianwei, given: tuple[str, ...], code: int) -> None:
    jianwei("accounts", "add", "wang", "--role", "duty")
    before = Path("var/accounts.json").read_bytes()
    assert jianwei("accounts", "change", "wang", *given)[0] == code
    assert Path("var/accounts.json").read_bytes() == before
    assert "account_change" not in [line.action for line in read_audit(Path("var/audit"))]
