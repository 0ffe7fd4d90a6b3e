"""`jianwei migrate`: bring the warehouse to this program's structure, keeping a copy of the file as it was."""

from pipelines.auditing import note
from signals.settings import Settings
from signals.store.migrations import SCHEMA_VERSION
from signals.store.warehouse import create, kept_copy, version_of


def migrate_command(settings: Settings) -> int:
    """Migrate and say from where to where; returns 0. Raises StateError where there is no warehouse, or a newer one."""
    path = settings.warehouse_path
    version = version_of(path, wait_seconds=settings.wait_seconds)
    if version == SCHEMA_VERSION:
        print(f"{path}: 已是结构版本 {version}，不用升级。")
        return 0
    note(settings, "migrate", f"schema:{version}-{SCHEMA_VERSION}")
    create(path, wait_seconds=settings.wait_seconds)
    copy = kept_copy(path, version)
    print(f"{path}: 结构版本 {version} → {SCHEMA_VERSION}；原文件的副本在 {copy}，确认无误后可以删除。")
    return 0
