"""`jianwei models`: list the model versions, promote one that was held back, roll one back."""

from models import registry
from pipelines.auditing import note
from signals.errors import StateError
from signals.settings import Settings
from signals.store.warehouse import changing, reading

STATUS_NAMES = {registry.CANDIDATE: "候选", registry.CURRENT: "启用", registry.RETIRED: "停用"}


def list_models(settings: Settings) -> int:
    """Print all versions, the newest first; returns 0."""
    from rich.console import Console
    from rich.table import Table

    with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        found = registry.versions(connection)
    if not found:
        print("还没有模型。请运行 jianwei retrain themes。")
        return 0
    table = Table("种类", "版本", "状态", "数据截至", "训练时间", "说明")
    for model in found:
        fitted = f"{model.fitted_at:%Y-%m-%d %H:%M}"
        status = STATUS_NAMES[model.status]
        table.add_row(model.kind, model.version, status, str(model.fitted_through), fitted, model.notes)
    Console().print(table)
    return 0


def say_when_used(model: registry.ModelVersion) -> None:
    """Print which days a version just fitted will serve, or how to let it."""
    if model.status == registry.CANDIDATE:
        print(f"这是候选版本；启用请运行 jianwei models promote {model.kind} {model.version}。")
    else:
        print(f"{model.fitted_through} 之后的日子将使用它。")


def promote_model(settings: Settings, kind: str, version: str) -> int:
    """Let days after its data use this version; returns 0. Raises StateError where they do already."""
    with changing(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        model = registry.find_version(connection, kind, version)
        if model.status == registry.CURRENT:
            raise StateError(f"models: {kind} {version} 已经启用，不用再启用。")
        if not model.folder(settings.models_folder).is_dir():
            raise StateError(f"{model.folder(settings.models_folder)}: 这个版本的文件夹不在了。请重新训练。")
        note(settings, "promote", f"model:{kind}/{version}")
        registry.set_status(connection, model, registry.CURRENT)
    print(f"{kind} {version} 已启用，{model.fitted_through} 之后还没有运行的日子将使用它。")
    return 0


def roll_back_model(settings: Settings, kind: str, version: str | None = None) -> int:
    """Take a version out of use, by default the newest; days fall back to the one before it; returns 0.

    Days that have run keep what they were computed with.
    """
    with changing(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        in_use = [model for model in registry.versions(connection, kind) if model.status == registry.CURRENT]
        if not in_use:
            raise StateError(f"models: {kind} 没有启用的版本，无可回退。")
        model = registry.find_version(connection, kind, version) if version else in_use[0]
        if model.status != registry.CURRENT:
            raise StateError(f"models: {kind} {model.version} 没有启用，不用回退。")
        note(settings, "rollback", f"model:{kind}/{model.version}")
        registry.set_status(connection, model, registry.RETIRED)
        left = [other for other in in_use if other.version != model.version]
    now = f"现用 {left[0].version}。" if left else "现在没有启用的版本。"
    print(f"{kind} {model.version} 已停用。{now}")
    return 0
