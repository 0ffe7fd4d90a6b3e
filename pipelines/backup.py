"""`jianwei backup` and `jianwei restore`: a verified copy of everything, and bringing it back."""

from datetime import datetime
from pathlib import Path

from pipelines.auditing import account, note
from signals.clock import LOCAL
from signals.keeping.backups import backup_folders, make_backup, read_manifest
from signals.keeping.restoring import restore_backup
from signals.settings import Settings
from signals.store.warehouse import version_of


def backup_command(settings: Settings, to: Path | None = None) -> int:
    """Write a backup, default under the working folder, and verify it; returns 0."""
    now = datetime.now(LOCAL)
    version_of(settings.warehouse_path, wait_seconds=settings.wait_seconds)  # refuses where there is nothing to keep
    note(settings, "backup", f"backup:{now:%Y%m%dT%H%M%S}")
    made = make_backup(settings, to or settings.backups_folder, at=now)
    manifest = read_manifest(made)
    size = sum(kept.n_bytes for kept in manifest.files.values()) / 2**20
    print(f"{made}: 备份完成并已核对，{len(manifest.files)} 个文件，{size:.0f} MB；"
          f"诉求 {manifest.counts['reports']} 条，运行到 {manifest.last_run_on or '（还没有运行）'}。")  # fmt: skip
    print("备份里没有诉求人哈希的密钥；请另行妥善保管。")
    if to is None and len(found := backup_folders(settings)) > 1:
        print(f"现有备份 {len(found)} 份；请复制到另一块磁盘，旧的自行删除。")
    return 0


def restore_command(settings: Settings, backup: Path, *, replace: bool = False) -> int:
    """Restore a backup and say what became of what was there; returns 0."""
    done = restore_backup(settings, backup, replace=replace, by=account(), at=datetime.now(LOCAL))
    manifest = done.manifest
    print(f"{settings.folder}: 已恢复 {manifest.made_at:%Y-%m-%d %H:%M} 的备份，诉求 {manifest.counts['reports']} 条，"
          f"运行到 {manifest.last_run_on or '（还没有运行）'}。")  # fmt: skip
    if done.aside:
        print(f"原来的数据移到 {done.aside}；确认无误后请自行删除，其中仍有诉求内容。")
    if done.n_erased_again:
        print(f"按删除记录再次删除 {done.n_erased_again} 条诉求的内容。")
    print("审计：保留现有的，它接着备份的审计。" if done.is_audit_kept else "审计：用备份里的。")
    if done.accounts:
        print(f"账号 {len(done.accounts)} 个从备份取回，都已停用：{'、'.join(done.accounts)}。"
              "核对后逐个运行 jianwei accounts enable；备份之后停用过的不要启用，改过密码的再 reset。")  # fmt: skip
    print("备份之后导入的文件请重新导入，之后的日子请重新运行 jianwei run。")
    return 0
