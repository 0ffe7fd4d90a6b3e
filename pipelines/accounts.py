"""`jianwei accounts`: who may sign in to the board. Passwords are never arguments; one-time ones are printed once."""

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.options import Folder, Warehouse, load

if TYPE_CHECKING:
    from signals.accounts import Account, Role

accounts_app = typer.Typer(help="看板的账号：列出、新建、改权限、重置密码、停用、启用。", no_args_is_help=True)

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
    from signals.accounts import Account, check_account, office_named
    from signals.gazetteer import load_gazetteer
    from signals.signing_in import add_account

    of_role = _role(role)
    settings = load(warehouse, folder)
    areas = {each.adcode: each.name for each in load_gazetteer(settings.gazetteer).areas}
    account = Account(name, of_role, tuple(dict.fromkeys(area or ())), office_named(office, settings.offices))
    account = replace(account, sees_restricted=restricted)
    check_account(account, areas=areas, offices=settings.offices)
    _need_argon2(with_password=not oidc)
    note(settings, "account_add", f"account:{name}({_scope(account)})")
    _print_password(name, add_account(settings.accounts_path, account, with_password=not oidc))


@accounts_app.command("change")
def accounts_change(
    name: Name,
    role: Annotated[str | None, typer.Option("--role", help="analyst | duty | modeler | operator | auditor。")] = None,
    area: Annotated[list[str] | None, typer.Option("--area", help="换成这些区划代码，可给多次。")] = None,
    whole_city: Annotated[bool, typer.Option("--whole-city", help="改为全市。")] = False,
    office: Annotated[str | None, typer.Option("--office", help="换成这个单位（设置 [offices] 里的）。")] = None,
    centre: Annotated[bool, typer.Option("--centre", help="改为综治中心，不属于任何单位。")] = False,
    restricted: Annotated[bool | None, typer.Option(help="可以、不可以看敏感诉求。")] = None,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """改角色、范围、单位；没有给的不变。正在进行的会话下一次点击起就按新的来。"""
    from pipelines.auditing import note
    from signals.accounts import account_named, change_rights, check_account, office_named, read_accounts
    from signals.gazetteer import load_gazetteer

    if office == "":
        raise typer.BadParameter("单位不能为空；改为综治中心用 --centre。", param_hint="--office")
    if (area and whole_city) or (office and centre):
        raise typer.BadParameter("--area 与 --whole-city、--office 与 --centre 只能各给一个。", param_hint="change")
    settings = load(warehouse, folder)
    account = account_named(read_accounts(settings.accounts_path), name)
    rights = replace(
        account, role=account.role if role is None else _role(role),
        areas=() if whole_city else tuple(dict.fromkeys(area)) if area else account.areas,
        office="" if centre else office_named(office, settings.offices) if office else account.office,
        sees_restricted=account.sees_restricted if restricted is None else restricted,
    )  # fmt: skip
    if rights == account:
        raise typer.BadParameter("没有要改的；请给出与现在不同的 --role、--area、--office 等。", param_hint="change")
    areas = {each.adcode: each.name for each in load_gazetteer(settings.gazetteer).areas}
    check_account(rights, areas=areas, offices=settings.offices)
    note(settings, "account_change", f"account:{account.name}({_scope(account)}→{_scope(rights)})")
    change_rights(settings.accounts_path, rights)
    print(f"{account.name}: 已改为 {_scope(rights)}。")


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


def _role(role: str) -> "Role":
    from signals.accounts import Role

    if role not in list(Role):
        raise typer.BadParameter(f"没有角色 {role}；可用的有 {'、'.join(Role)}。", param_hint="--role")
    return Role(role)


def _scope(account: "Account") -> str:
    """Role, areas, office and sight of restricted reports, as the audit has them."""
    parts = [account.role, "+".join(account.areas) or "all", account.office or "centre"]
    return ",".join([*parts, *(["restricted"] if account.sees_restricted else [])])


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
