"""`jianwei retrain risk`: how likely issues are to escalate, fitted on how those before went on."""

import math
from datetime import date

from models import registry
from models.risk import FLAGGED, fit_risk, is_enough, is_worth, quality_of
from pipelines.auditing import note
from pipelines.models import say_when_used
from signals.errors import StateError
from signals.gazetteer import load_gazetteer
from signals.likelihood import (
    HORIZON_DAYS,
    LEAST_ESCALATED,
    LEAST_ISSUES,
    LOWERING,
    Likelihood,
    Quality,
    write_likelihood,
)
from signals.records import SOURCE_NAMES
from signals.settings import Settings
from signals.store.escalations import examples
from signals.store.memories import last_run_day
from signals.store.warehouse import reading, writing


def retrain_risk(settings: Settings, through: date | None, *, candidate: bool = False) -> int:
    """Fit a version on outcomes known by the end of `through`, register and show it; returns 0.

    through: default the last day that has run. candidate: days do not use it until it is promoted. Raises StateError
    where nothing has run by then, outcomes are too few, or chances would say no more than the share that escalates.
    """
    with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        last = last_run_day(connection)
        if last is None or (through and through > last):
            ran = f"只运行到 {last}，还看不到 {through}" if last else "还没有运行过，看不到任何议题"
            raise StateError(f"retrain: {ran} 的结果。请先运行 jianwei run。")
        day = through or last
        known = examples(connection, day, settings.answer_days)
    note(settings, "retrain", f"through:{day}", len(known.issues))
    if not is_enough(known):
        raise StateError(
            f"retrain: 截至 {day} 有 {HORIZON_DAYS} 天结果的议题 {known.n_issues} 个，其中升级过的"
            f" {known.n_escalated} 个；校准至少要 {LEAST_ISSUES} 个和 {LEAST_ESCALATED} 个。"
            "请先按分值使用，等结果多了再训练。"
        )
    quality = quality_of(known)
    if not is_worth(quality):
        raise StateError(
            f"retrain: 截至 {day} 的结果还看不出哪些议题更容易升级："
            f"校准后的可能性不比一律说 {quality.share:.0%} 更准。请先按分值使用，等结果多了再训练。"
        )
    model = registry.new_version(settings.models_folder, registry.RISK, day, _notes(quality), candidate=candidate)
    fitted = fit_risk(known, model.version)
    with registry.writing_folder(model.folder(settings.models_folder)) as folder:
        write_likelihood(folder, fitted, quality)
    with writing(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        registry.add_version(connection, model)
    _show(model, fitted, quality, {area.adcode: area.name for area in load_gazetteer(settings.gazetteer).areas})
    return 0


def _notes(quality: Quality) -> str:
    return (f"{quality.n_issues} 个议题，{quality.share:.0%} 升级；校准误差 {quality.ece:.3f}，"
            f"AUC {quality.auc:.2f}（按分值 {quality.points_auc:.2f}）")  # fmt: skip


def _show(model: registry.ModelVersion, fitted: Likelihood, quality: Quality, area_names: dict[str, str]) -> None:
    from rich.console import Console
    from rich.table import Table

    print(
        f"矛盾风险 {model.version}：{quality.n_issues} 个议题、{quality.n} 个议题日，"
        f"{quality.share:.1%} 在 {HORIZON_DAYS} 天内升级。"
    )
    print(
        f"留出的议题上：AUC {quality.auc:.3f}（按分值 {quality.points_auc:.3f}），"
        f"平均精确率 {quality.average_precision:.3f}，"
        f"可能性最高的 {FLAGGED:.0%} 里有升级的 {quality.recall:.0%}，"
        f"布里尔技巧分 {quality.brier_skill:.3f}，校准误差 {quality.ece:.3f}。"
    )
    table = Table("说的可能性", "实际升级", "议题日", title="可能性与实际")
    for one in quality.bins:
        table.add_row(f"{one.said:.0%}", f"{one.seen:.0%}", str(one.n))
    Console().print(table)
    table = Table("因素", "每 10 分使升级的比数", title="各因素的权重（÷：这个因素减分，也减小可能性）")
    for name, weight in sorted(fitted.weights.items(), key=lambda item: -item[1]):
        table.add_row(name, f"{'÷' if name in LOWERING else '×'} {math.exp(weight):.2f}")
    Console().print(table)
    if quality.gaps:
        names = area_names | {str(source): name for source, name in SOURCE_NAMES.items()}
        said = "，".join(f"{names.get(key, key)} {gap:+.0%}" for key, gap in quality.gaps.items())
        print(f"各区县和来源，说的可能性减实际：{said}。")
    say_when_used(model)
