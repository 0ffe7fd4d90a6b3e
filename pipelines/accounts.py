"""`jianwei accounts`: who may sign in to the board. Passwords are never arguments; one-time ones are printed once."""

import sys
from dataclasses import replace
from typing import Annotated

import typer

from pipelines.options import Folder, Warehouse, load

accounts_app = typer.Typer(help="看板的账号：列出、新建、重置密码、停用、启用。", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="账号名。")]


@accounts_app.command("list")
def accounts_list(warehouse: Warehouse = None, folder: Folder = None) -> None:
    """列出所有账号：角色、范围、状态。"""
    from pipelines.auditing import note
    from signals.accounts import ROLE_NAMES, read_accounts

    settings = load(warehouse, folder)
    accounts = read_accounts(settings.accounts_path)
    note(settings, "view_accounts", "accounts:all")
    for account in accounts.values():
        where = "、".join(account.areas) or "全市"
        marks = [account.office or "综治中心"]
        marks += ["可看敏感诉求"] if account.sees_restricted else []
        marks += ["已停用"] if account.is_disabled else ["待改密码"] if account.must_change else []
        marks += [] if account.password_hash else ["统一认证"]
        print(f"{account.name}  {ROLE_NAMES[account.role]}  {where}  {'，'.join(marks)}")
    print(f"共 {len(accounts)} 个账号。")


@accounts_app.command("add")
def accounts_add(
    name: Name,
    role: Annotated[str, typer.Option("--role", help="analyst | duty | modeler | operator | auditor。")],
    area: Annotated[list[str] | None, typer.Option("--area", help="区划代码，可给多次；不给为全市。")] = None,
    office: Annotated[str, typer.Option("--office", help="所属单位（设置 [offices] 里的）；不给为综治中心。")] = "",
    restricted: Annotated[bool, typer.Option("--restricted", help="可以看敏感诉求。")] = False,
    oidc: Annotated[bool, typer.Option("--oidc", help="不设密码，只从统一身份认证登录。")] = False,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """新建账号，打印一次性密码；第一次登录时必须修改。"""
    from pipelines.auditing import note
    from signals.accounts import Account, Role, check_account, office_named
    from signals.gazetteer import load_gazetteer
    from signals.signing_in import add_account

    if role not in list(Role):
        raise typer.BadParameter(f"没有角色 {role}；可用的有 {'、'.join(Role)}。", param_hint="--role")
    settings = load(warehouse, folder)
    areas = {each.adcode: each.name for each in load_gazetteer(settings.gazetteer).areas}
    account = Account(name, Role(role), tuple(dict.fromkeys(area or ())), office_named(office, settings.offices))
    account = replace(account, sees_restricted=restricted)
    check_account(account, areas=areas, offices=settings.offices)
    _need_argon2(with_password=not oidc)
    scope = f"{account.role},{'+'.join(account.areas) or 'all'},{account.office or 'centre'}"
    note(settings, "account_add", f"account:{name}({scope}{',restricted' if restricted else ''})")
    _print_password(name, add_account(settings.accounts_path, account, with_password=not oidc))


@accounts_app.command("reset")
def accounts_reset(name: Name, warehouse: Warehouse = None, folder: Folder = None) -> None:
    """重置密码，打印新的一次性密码；正在用旧密码的会话随即失效。"""
    from pipelines.auditing import note
    from signals.accounts import account_named, read_accounts
    from signals.signing_in import reset_password

    settings = load(warehouse, folder)
    account = account_named(read_accounts(settings.accounts_path), name)
    _need_argon2(with_password=True)
    note(settings, "account_reset", f"account:{account.name}")
    _print_password(account.name, reset_password(settings.accounts_path, name))


@accounts_app.command("disable")
def accounts_disable(name: Name, warehouse: Warehouse = None, folder: Folder = None) -> None:
    """停用账号；正在进行的会话随即失效。"""
    _switch(name, warehouse, folder, is_disabled=True)


@accounts_app.command("enable")
def accounts_enable(name: Name, warehouse: Warehouse = None, folder: Folder = None) -> None:
    """重新启用账号，并清掉输错密码的记录。"""
    _switch(name, warehouse, folder, is_disabled=False)


def _switch(name: str, warehouse: Warehouse, folder: Folder, *, is_disabled: bool) -> None:
    from pipelines.auditing import note
    from signals.accounts import account_named, read_accounts, set_disabled

    settings = load(warehouse, folder)
    account = account_named(read_accounts(settings.accounts_path), name)
    note(settings, "account_disable" if is_disabled else "account_enable", f"account:{account.name}")
    set_disabled(settings.accounts_path, name, is_disabled=is_disabled)
    print(f"{account.name}: 已{'停用' if is_disabled else '启用'}。")


def _need_argon2(*, with_password: bool) -> None:
    from importlib.util import find_spec

    from signals.errors import StateError

    if with_password and find_spec("argon2") is None:
        raise StateError("accounts: 保存密码需要 argon2-cffi，没有安装。请运行 pip install 'jianwei[board]'。")


def _print_password(name: str, password: str) -> None:
    if not password:
        print(f"{name}: 已建立，没有密码，从统一身份认证登录。")
        return
    print(f"{name}: 一次性密码  {password}")
    print("只显示这一次；请当面或打电话告诉本人，第一次登录时要改掉。", file=sys.stderr)
