"""Accounts of the office's people: who may sign in, as what, and for which area and office.

They are kept in one file beside the warehouse (mode 600, written whole under a lock), so that signing in never waits
for a run. The file holds hashes and no password. What a role may do is said in `board/permission.py`.
"""

import fcntl
import json
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from signals.disk import put_in_place
from signals.errors import InputError, StateError

VERSION = 1
_NAME = re.compile(r"[\w][\w.@-]{1,39}")


class Role(StrEnum):
    """What an account is for."""

    ANALYST = "analyst"
    DUTY = "duty"
    MODELER = "modeler"
    OPERATOR = "operator"
    AUDITOR = "auditor"


ROLE_NAMES = {
    Role.ANALYST: "风险研判员", Role.DUTY: "值班员", Role.MODELER: "建模员", Role.OPERATOR: "运维员",
    Role.AUDITOR: "审计员",
}  # fmt: skip
READERS = (Role.ANALYST, Role.DUTY)  # the roles that may read reports


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the office; never a complainant."""

    name: str
    role: Role
    areas: tuple[str, ...] = ()  # adcodes; none: the whole city
    office: str = ""  # as in settings.offices; "": the governance centre itself
    sees_restricted: bool = False  # the named role of design rule 7
    password_hash: str = field(default="", repr=False)  # "": signs in through OIDC only
    must_change: bool = False  # the password, before anything else
    is_disabled: bool = False
    n_failed: int = 0  # wrong passwords in a row
    failed_at: datetime | None = None  # the last of them
    locked_until: datetime | None = None

    @property
    def key(self) -> str:
        return name_key(self.name)


def name_key(name: str) -> str:
    """What makes two names the same: neither case nor the way a character is composed counts."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def read_accounts(path: Path) -> dict[str, Account]:
    """All accounts by `name_key`; none where there is no file yet. Raises StateError where it cannot be read."""
    try:
        values = json.loads(path.read_text("utf-8"))
        if values["version"] != VERSION:
            raise StateError(f"{path}: 账号文件的版本是 {values['version']}，本程序认识 {VERSION}。请更新见微。")
        accounts = [_account(each) for each in values["accounts"]]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StateError(f"{path}: 账号文件读不到（{error.strerror}）。请检查文件的权限。") from error
    except (ValueError, KeyError, TypeError) as error:
        raise StateError(f"{path}: 账号文件已损坏，没有人能登录。请从副本恢复这个文件。") from error
    return {account.key: account for account in accounts}


@contextmanager
def editing_accounts(path: Path) -> Iterator[dict[str, Account]]:
    """The accounts, to be changed inside the block while nobody else writes; written whole when it ends well."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".lock").open("a") as lock:  # closing it lets go of the lock
            fcntl.flock(lock, fcntl.LOCK_EX)
            accounts = read_accounts(path)
            yield accounts
            _write(path, accounts)
    except OSError as error:
        raise StateError(f"{path}: 账号文件不可写（{error.strerror}）。请检查文件夹的权限和磁盘空间。") from error


def account_named(accounts: Mapping[str, Account], name: str) -> Account:
    """Raises InputError where there is none of that name."""
    account = accounts.get(name_key(name))
    if account is None:
        known = "、".join(each.name for each in accounts.values()) or "还没有账号"
        raise InputError(f"{name}: 没有这个账号。现有：{known}。")
    return account


def check_account(account: Account, *, areas: Mapping[str, str], offices: Mapping[str, object]) -> None:
    """Refuse what makes no sense, in a sentence. areas: adcode → name, offices: as in the settings."""
    if not _NAME.fullmatch(account.name):
        raise InputError(f"{account.name}: 账号名要 2 到 40 个字：汉字、字母、数字和 . _ @ -，以字或数字开头。")
    for area in account.areas:
        if area not in areas:
            known = "、".join(f"{code} {name}" for code, name in areas.items())
            raise InputError(f"--area: 没有区划 {area}；可用的有 {known}。")
    if account.office and account.office not in offices:
        known = f"已配置的有 {'、'.join(offices)}" if offices else "还没有配置任何单位"
        raise InputError(
            f"--office: 没有单位 {account.office}；{known}。请先写进设置的 [offices]，这样涉及它的诉求才认得出来。"
        )
    if account.sees_restricted and (account.role not in READERS or account.office):
        raise InputError(
            "敏感诉求只有综治中心的风险研判员和值班员可以看。请不给 --restricted（已有的用 --no-restricted 收回），"
            "或换角色、单位。"
        )


def office_named(office: str, offices: Mapping[str, list[str]]) -> str:
    """The configured name of an office given by its name or an alias; as given where it is unknown."""
    return next((name for name, also in offices.items() if office in also), office)


def set_disabled(path: Path, name: str, *, is_disabled: bool) -> None:
    """Shut an account out, or let it in again and forget its failed attempts."""
    with editing_accounts(path) as accounts:
        account = account_named(accounts, name)
        accounts[account.key] = replace(
            account, is_disabled=is_disabled, n_failed=0, failed_at=None, locked_until=None
        )


def change_rights(path: Path, rights: Account) -> None:
    """Give the account of the same name another role, areas, office and sight of restricted reports; no more."""
    with editing_accounts(path) as accounts:
        current = account_named(accounts, rights.name)
        accounts[current.key] = replace(
            current, role=rights.role, areas=rights.areas, office=rights.office, sees_restricted=rights.sees_restricted
        )


def bring_back(path: Path, kept: Path) -> tuple[str, ...]:
    """Take over the accounts of a backup, all of them disabled, where there is no file of accounts; their names.

    Who was removed or disabled since, or has another password since, must not get in by an old copy: somebody has to
    enable each by hand, and its password must then be changed. A file of accounts that is here is left as it is.
    """
    if path.exists() or not kept.is_file():
        return ()
    found = read_accounts(kept)
    with editing_accounts(path) as accounts:
        for key, account in found.items():
            accounts[key] = replace(account, is_disabled=True, must_change=bool(account.password_hash))
    return tuple(account.name for account in found.values())


def _account(values: dict[str, object]) -> Account:
    known = dict(values)
    for instant in ("failed_at", "locked_until"):
        known[instant] = datetime.fromisoformat(str(known[instant])) if known[instant] else None
    areas = known["areas"]
    if not isinstance(areas, list):
        raise TypeError("areas")
    return Account(**known | {"role": Role(str(known["role"])), "areas": tuple(areas)})  # type: ignore[arg-type]


def _write(path: Path, accounts: Mapping[str, Account]) -> None:
    lines = [asdict(account) for account in accounts.values()]
    text = json.dumps({"version": VERSION, "accounts": lines}, ensure_ascii=False, indent=1, default=datetime.isoformat)
    half = path.with_name(f".{path.name}.part")
    half.unlink(missing_ok=True)  # left by a process that was killed: the lock is ours
    with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    put_in_place(half, path)
