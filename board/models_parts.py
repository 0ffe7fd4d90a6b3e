"""The pieces of the page of data and models: tables of versions, settings, files that wait."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from board.marks import SOURCES, Html, join, moment_text, strip, table, tag, text, tile, wide
from board.queries_models import Measured, ModelRow, SettingsSpan, Standing, WaitingFile
from signals.gazetteer import Gazetteer

KINDS = {"themes": "主题模型", "encoder": "编码器", "risk": "矛盾风险", "names": "姓名模型"}
STATUSES = {"candidate": "○ 候选", "current": "● 现行", "retired": "× 已退下"}


def standing_tiles(now: Standing, spans: Sequence[SettingsSpan], last: Measured | None) -> Html:
    """What the data stand on, in figures."""
    if last is None or last.ratio is None:
        measured, below = "尚未测定", "用 jianwei replay --shuffle --record 测定"
    else:
        measured = f"{last.ratio:.2f}"
        below = f"打乱 {last.through} 及以前的日期重放，{moment_text(last.measured_at)}测定"
    changes = "" if len(spans) == 1 else f"；此前换过 {len(spans) - 1} 次"
    themes = "最近一个批次" if now.theme_version else "训练：jianwei retrain themes"
    n_days = next((span.n_days for span in spans if span.settings_hash == now.settings_hash), 0)
    return strip((
        tile("结构版本", now.schema_version, "数据仓库"),
        tile("设置哈希", now.settings_hash[:8], f"已用它算了 {n_days} 天{changes}"),
        tile("在用的主题版本", now.theme_version or "没有", themes),
        tile("实测 ÷ 预算", measured, f"预算：每天偶然预警不超过 {now.budget:g} 条；{below}"),
        tile("隔离区", f"{now.n_waiting} 行", "等待改正" if now.n_waiting else "没有等待的行"),
    ))  # fmt: skip


def model_table(rows: Sequence[ModelRow], folder: Path) -> Html:
    """Versions of models, and whether their files are where they should be."""
    lines = [
        (
            text(KINDS.get(row.kind, row.kind)),
            text(row.version + ("（在用）" if row.is_in_use else "")),
            text(STATUSES.get(row.status, row.status)),
            text(row.fitted_through),
            text(f"{row.fitted_at.year}年{moment_text(row.fitted_at)}"),
            wide(text("；".join(filter(None, (row.notes, f"{row.n_themes} 个主题" if row.n_themes else ""))) or "—")),
            tag("span", "在", "jw-done") if (folder / row.path).is_dir() else tag("span", "缺文件", "jw-open"),
        )
        for row in rows
    ]
    return table(("模型", "版本", "状态", "数据截至", "训练于", "说明", "文件"), lines)


def gap_line(gazetteer: Gazetteer, gaps: Mapping[str, float]) -> Html:
    """Where chances were said too high or too low: by district and by source, the widest first."""
    names = {area.adcode: area.name for area in gazetteer.areas} | SOURCES
    widest = sorted(gaps.items(), key=lambda item: -abs(item[1]))
    said = "，".join(f"{names.get(key, key)} {'高' if gap > 0 else '低'} {abs(gap):.0%}" for key, gap in widest)
    return tag("p", text(f"说的可能性比实际：{said}。"), "jw-muted")


def settings_table(spans: Sequence[SettingsSpan]) -> Html:
    """Which settings which days were computed with."""
    lines = [
        (text(span.settings_hash), text(f"{span.first} 至 {span.last}"), text(f"{span.n_days:,}")) for span in spans
    ]
    return table(("设置哈希", "运行日", "天数"), lines, numbers=(2,))


def waiting_table(rows: Sequence[WaitingFile]) -> Html:
    """Files with rows that wait."""
    lines = [
        (wide(text(row.file_name)), text(SOURCES.get(row.source, row.source)), text(f"{row.n_rows:,}"),
         text(row.n_reasons), text(moment_text(row.last_at)))
        for row in rows
    ]  # fmt: skip
    return table(("文件", "来源", "等待的行", "原因数", "最近"), lines, numbers=(2, 3))


def how_to_repair() -> Html:
    """The two commands that empty the quarantine."""
    commands = tag("pre", "jianwei quarantine export --out 隔离.xlsx\njianwei quarantine repair 隔离.xlsx")
    words = tag("p", text("导出成表格（已脱敏），改正各列（“隔离号”不要动），再导入；改好的行成为诉求，其余继续等待："))
    return tag("div", words + commands, "jw-commands")


def drift_head(name: str, below: str) -> Html:
    """What one small picture shows."""
    return join((tag("h3", text(name)), tag("p", text(below), "jw-muted")))

