"""Signing in with a password: slowed down after wrong ones, and giving nothing away about which names exist.

An attempt is written down as failed before the password is looked at and taken back when it was right, so that many
attempts at once are counted like attempts in a row, and a restart forgets none.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from signals.accounts import Account, Role, account_named, editing_accounts, name_key
from signals.errors import InputError
from signals.passwords import hash_password, is_password, one_time_password, password_refusal

FREE_FAILURES = 5  # wrong passwords, each less than WINDOW after the one before, from which one waits
WINDOW = timedelta(minutes=15)
FIRST_WAIT = timedelta(minutes=1)  # doubled by each further failure
LONGEST_WAIT = timedelta(minutes=15)
WRONG = "账号或密码不对。连续输错会暂停登录；忘了密码请找运维员重置。"
_MOST_STRANGERS = 2000

_strangers: dict[str, Account] = {}  # attempts under names that do not exist, slowed down alike; under the file's lock


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of an attempt to sign in."""

    account: Account | None
    known_name: str  # of the account that was tried; "" where there is none of that name
    sentence: str  # what to tell; "" where it went well


def sign_in(path: Path, name: str, password: str, *, now: datetime) -> Attempt:
    """Try a name and a password. Raises StateError where the attempt cannot be written down."""
    key = name_key(name)
    with editing_accounts(path) as accounts:
        account = accounts.get(key)
        tried = account or _strangers.get(key) or Account(name, Role.AUDITOR)
        known_name = account.name if account else ""
        if tried.locked_until and now < tried.locked_until:
            minutes = -(-(tried.locked_until - now) // timedelta(minutes=1))
            return Attempt(None, known_name, f"输错次数过多，暂停登录。请 {minutes} 分钟后再试。")
        if account:
            accounts[key] = after_failure(account, now)
        else:
            if len(_strangers) >= _MOST_STRANGERS:
                _strangers.clear()
            _strangers[key] = after_failure(tried, now)
    is_right = is_password(account.password_hash if account else "", password)
    if account is None or not is_right or account.is_disabled:
        return Attempt(None, known_name, WRONG)
    with editing_accounts(path) as accounts:
        current = accounts.get(key)
        if current is None or current.is_disabled or current.password_hash != account.password_hash:
            return Attempt(None, known_name, WRONG)
        accounts[key] = replace(current, n_failed=0, failed_at=None, locked_until=None)
        return Attempt(accounts[key], known_name, "")


def after_failure(account: Account, now: datetime) -> Account:
    """The account after one more wrong password: after FREE_FAILURES it waits, longer each time."""
    last = max((at for at in (account.failed_at, account.locked_until) if at), default=None)
    n_failed = account.n_failed + 1 if last and now - last <= WINDOW else 1
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(max(n_failed - FREE_FAILURES, 0), 10))
    until = now + wait if n_failed >= FREE_FAILURES else None
    return replace(account, n_failed=n_failed, failed_at=now, locked_until=until)


def change_password(path: Path, name: str, password: str) -> Account:
    """Give an account the password that its owner has chosen. Raises InputError where the password may not be used."""
    with editing_accounts(path) as accounts:
        account = account_named(accounts, name)
        if refusal := password_refusal(password, account.name):
            raise InputError(refusal)
        if is_password(account.password_hash, password):
            raise InputError("新密码和现在的密码一样。请换一个。")
        changed = replace(account, password_hash=hash_password(password), must_change=False)
        accounts[account.key] = changed
        return changed


def add_account(path: Path, account: Account, *, with_password: bool) -> str:
    """Add an account and return its one-time password, "" without one. Raises InputError where the name is taken."""
    password = one_time_password() if with_password else ""
    hashed = hash_password(password) if password else ""
    with editing_accounts(path) as accounts:
        if account.key in accounts:
            raise InputError(f"{account.name}: 已有这个账号。重置密码用 jianwei accounts reset。")
        accounts[account.key] = replace(account, password_hash=hashed, must_change=with_password)
    return password


def reset_password(path: Path, name: str) -> str:
    """Give an account a new one-time password and return it; whoever is signed in with it is signed out."""
    password = one_time_password()
    hashed = hash_password(password)
    with editing_accounts(path) as accounts:
        account = account_named(accounts, name)
        accounts[account.key] = replace(
            account, password_hash=hashed, must_change=True, n_failed=0, failed_at=None, locked_until=None
        )
    return password
