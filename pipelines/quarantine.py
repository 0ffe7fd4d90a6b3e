"""`jianwei quarantine`: the rows that were kept out, listed, written to a table to be put right, and taken in again."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.options import Folder, Warehouse, load

quarantine_app = typer.Typer(help="隔离区：没能入库的行，列出、导出改正、再导入。", invoke_without_command=True)

FileName = Annotated[str | None, typer.Option("--file", help="只看这个文件名。")]


@quarantine_app.callback()
def quarantine(
    context: typer.Context,
    file: FileName = None,
    limit: Annotated[int, typer.Option(min=1, help="最多显示多少行。")] = 50,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """隔离区：没能入库的行。不带子命令时列出：文件、行号、列、原因和脱敏后的内容。"""
    if context.invoked_subcommand is None:
        from pipelines.auditing import note
        from signals.quarantine import count_waiting, waiting
        from signals.redaction import redact
        from signals.store.warehouse import reading

        settings = load(warehouse, folder)
        with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
            rows = waiting(connection, file_name=file, limit=limit)
            total = count_waiting(connection, file_name=file)
        note(settings, "view_quarantine", f"list:{redact(file) if file else 'all'}", len(rows))
        for row in rows:
            sheet, column = f"[{row.sheet}]" if row.sheet else "", f" {row.column}" if row.column else ""
            print(f"{row.number}  {row.file_name}{sheet} 第 {row.row_number} 行{column}  {row.reason}")
            print(f"    {'；'.join(f'{name}：{text}' for name, text in row.cells.items())}")
        remedy = "请在原文件中改正后重新导入，或用 jianwei quarantine export 导出改正。"
        print(f"隔离区共 {total} 行，显示 {len(rows)} 行。{remedy if total else ''}")


@quarantine_app.command("export")
def quarantine_export(
    out: Annotated[Path, typer.Option("--out", help="写到这个 .xlsx 文件。")],
    file: FileName = None,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """把隔离的行写成表格（已脱敏），供改正后用 quarantine repair 导入。"""
    from pipelines.auditing import note
    from signals.quarantine import waiting, write_table
    from signals.redaction import redact
    from signals.store.warehouse import reading

    settings = load(warehouse, folder)
    with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        rows = waiting(connection, file_name=file)
    note(settings, "view_quarantine", f"export:{redact(file) if file else 'all'}", len(rows))
    write_table(rows, out)
    print(f"{out}: 写出 {len(rows)} 行。请改正各列（“隔离号”不要动），再运行 jianwei quarantine repair {out}。")


@quarantine_app.command("repair")
def quarantine_repair(
    path: Annotated[Path, typer.Argument(help="quarantine export 写出、改正过的表。")],
    history: Annotated[bool, typer.Option(help="历史数据：按收到时间认定何时知晓。")] = False,
    warehouse: Warehouse = None,
    folder: Folder = None,
) -> None:
    """把改正过的行收进来；仍不合要求的留在隔离区，并说明原因。"""
    from pipelines.auditing import note
    from signals.clock import LOCAL
    from signals.quarantine import repair
    from signals.redaction import redact

    settings = load(warehouse, folder)
    note(settings, "repair", f"file:{redact(path.name)}")
    done = repair(path, settings, history=history, now=datetime.now(LOCAL))
    for number, reason in done.refused:
        print(f"隔离号 {number}: {reason}", file=sys.stderr)
    before = f"，以前已收 {done.n_before} 行" if done.n_before else ""
    print(f"{path.name}: 收进 {len(done.report_keys)} 行{before}，仍在隔离区 {len(done.refused)} 行。")
    raise typer.Exit(1 if done.refused else 0)
