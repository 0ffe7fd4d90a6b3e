"""The commands that keep a warehouse over years, as the command line takes them; each works in a file of its own.

Nothing heavy is imported before a command is called.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.options import Folder, Warehouse, load


def erase(
    source: Annotated[str, typer.Argument(help="来源：petition | hotline | grid。")],
    report_ids: Annotated[list[str], typer.Argument(help="诉求编号，可以给多个。")],
    reason: Annotated[str, typer.Option("--reason", help="为什么删除，一句话；先脱敏再保存。")],
    by: Annotated[str, typer.Option("--by", help="删除人的岗位或账号。")] = "operator",
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """删除个别诉求的内容、哈希和引文（撤回或依本人请求），统计数不变；恢复备份、重新导入都不会再带回来。"""
    from pipelines.erase import erase_command

    sys.exit(erase_command(load(warehouse, folder), source, report_ids, reason=reason, by=by))


def purge(
    months: Annotated[int | None, typer.Option("--months", help="保存期，月；默认用设置 retention_months。")] = None,
    with_backups: Annotated[bool, typer.Option("--backups", help="同时删除仍含过期内容的备份。")] = False,
    clock_is_right: Annotated[bool, typer.Option("--clock-is-right", help="已核对系统时间。")] = False,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """删除超过保存期的诉求内容、哈希、引文和日报，统计数不变。"""
    from pipelines.purge import purge_command

    settings = load(warehouse, folder)
    sys.exit(purge_command(settings, months=months, with_backups=with_backups, is_clock_right=clock_is_right))


def backup(
    to: Annotated[Path | None, typer.Option("--to", help="放备份的文件夹，默认工作文件夹下的 backups。")] = None,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """备份数据仓库、模型、审计和日报，写完即核对；不含密钥。"""
    from pipelines.backup import backup_command

    sys.exit(backup_command(load(warehouse, folder), to))


def restore(
    backup_: Annotated[Path, typer.Argument(metavar="BACKUP", help="一份备份的文件夹。")],
    replace: Annotated[bool, typer.Option("--replace", help="替换现有数据；原来的移到一旁，不删除。")] = False,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """核对并恢复一份备份；已删除的诉求不会回来，审计一行不少。"""
    from pipelines.backup import restore_command

    sys.exit(restore_command(load(warehouse, folder), backup_, replace=replace))


def migrate(warehouse: Warehouse = None, folder: Folder = None) -> None:
    """把数据仓库升级到本程序的结构版本，旁边保留原文件的副本。"""
    from pipelines.migrate import migrate_command

    sys.exit(migrate_command(load(warehouse, folder)))


def doctor(
    privacy: Annotated[bool, typer.Option("--privacy", help="逐表逐列检查有没有漏掉的个人信息；不显示内容。")] = False,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """体检：数据仓库、时钟、磁盘、审计、备份、保存期是否正常，每项一行并说明怎么办。"""
    from pipelines.doctor import doctor_command

    sys.exit(doctor_command(load(warehouse, folder), privacy=privacy))


KEEPING = (backup, restore, migrate, doctor, purge, erase)
