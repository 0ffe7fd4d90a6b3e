"""`jianwei quarantine`: the rows that were kept out, with file, row, column, reason and redacted cells."""

from signals.settings import Settings
from signals.store.warehouse import reading


def quarantine_command(settings: Settings, *, file_name: str | None = None, limit: int = 50) -> int:
    """Print the newest quarantined rows, at most `limit`, and how many there are. Returns 0."""
    where = "(? IS NULL OR file_name = ?)"
    with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        rows = connection.execute(
            "SELECT file_name, sheet, row_number, column_name, reason, cells FROM quarantine"
            f" WHERE {where} ORDER BY quarantine_id DESC LIMIT ?",
            [file_name, file_name, limit],
        ).fetchall()
        total = connection.execute(
            f"SELECT count(*) FROM quarantine WHERE {where}",
            [file_name, file_name],
        ).fetchone()
    for name, sheet, row_number, column, reason, cells in rows:
        place = f"{name}:{sheet + ':' if sheet else ''}{row_number}" + (f" [{column}]" if column else "")
        print(f"{place}  {reason}\n    {cells}")
    print(f"隔离区共 {total[0] if total else 0} 行，显示 {len(rows)} 行。请在原文件中改正后重新导入。")
    return 0
