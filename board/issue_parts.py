"""The pieces of the page of one issue."""

from collections.abc import Sequence

from board.cards import whose_level
from board.marks import (
    KINDS,
    LEVELS,
    SOURCES,
    STAGES,
    Html,
    day_text,
    join,
    level_badge,
    moment_text,
    strip,
    table,
    tag,
    text,
    tile,
    wide,
)
from board.queries_issue import FactorRow, IssueChoice, IssueState, OpenReport
from signals.likelihood import MEANING
from signals.recurrence import LONGEST_RECURRENCE_DAYS

BODY_CHARACTERS = 120
QUOTED, FEWEST_QUOTED = 90, 3  # characters; reports


def choice_text(issue_id: int, choice: IssueChoice | None) -> str:
    """One line of the picker."""
    if choice is None:
        return f"议题 {issue_id}"
    level = f"{LEVELS[choice.level][0]}{LEVELS[choice.level][1]} · " if choice.level in LEVELS else ""
    return f"{level}{choice.name} · {choice.n_reports} 件 · 最近 {choice.last_on.month}月{choice.last_on.day}日"


def issue_tiles(state: IssueState, places: str) -> Html:
    """Name, level and the figures of an issue."""
    theme = f" · 主题：{state.theme}" if state.theme else ""
    badge = level_badge(state.level) if state.alert_days and state.level in LEVELS else Html("")
    since = f"{places}{theme} · 首件 {day_text(state.first_on)} · 最近 {day_text(state.last_on)}"
    since += whose_level(state.risk_points)
    head = tag("div", badge + tag("h2", text(state.name)), "jw-cardhead") + tag("p", text(since), "jw-muted")
    sources = "、".join(SOURCES.get(source, source) for source in state.sources)
    days = state.recurrence_days
    chance = f"≥ {int(min(days, LONGEST_RECURRENCE_DAYS)):,} 天" if days is not None and days >= 1 else "—"
    recent = f"去重；近 28 天 {state.n_complainants_28}，近 7 天 {state.n_complainants_7}"
    alerted = "、".join(day_text(day) for day in state.alert_days[-2:]) or "还没有预警过"
    figures = strip((
        tile("诉求", f"{state.n_reports} 件", "近 120 天"),
        tile("反映人", f"{state.n_complainants} 人", recent),
        tile("来源", f"{len(state.sources)} 类", sources),
        tile("阶段", STAGES.get(state.stage, state.stage), f"截至 {day_text(state.day)}"),
        *([] if days is None else [tile("偶然重现间隔", chance, "在所列基线假设成立时，全市范围")]),
        tile("预警", f"{len(state.alert_days)} 次", alerted),
    ))  # fmt: skip
    return tag("section", head + figures, "jw-issue")


def how_told(points: float, risk: float | None) -> str:
    """What the figure of escalation risk is, beside the picture of its factors."""
    if risk is None:
        return f"各因素的分相加为 {points:.0f} 分。还没有按以往的结果校准，不是概率。"
    return (
        f"{MEANING}的可能，按以往议题的结果校准。"
        f"下面是各因素的分，相加为 {points:.0f} 分；各自在可能性里的轻重见「数据与模型」。"
    )


def remedies(factors: Sequence[FactorRow]) -> Html:
    """What would lower the points, the largest factor first."""
    useful = sorted((f for f in factors if f.remedy and f.points >= 0), key=lambda f: -f.points)
    if not useful:
        return tag("p", "目前没有可由办理工作降低的因素。", "jw-muted")
    lines = (
        tag("li", tag("b", text(f.name + (f" {f.points:+.0f} 分" if f.points else ""))) + tag("span", text(f.remedy)))
        for f in useful
    )
    return tag("ul", join(lines), "jw-remedies")


def three_quotes(reports: Sequence[OpenReport], places: Sequence[str]) -> Html:
    """The most typical, the newest and the most different of reports, newest first; nothing where they are few."""
    placed = list(zip(reports, places, strict=True))
    if len(placed) < FEWEST_QUOTED:
        return Html("")
    typical = max(placed, key=lambda pair: pair[0].similarity)
    rest = [pair for pair in placed[1:] if pair != typical]
    different = min(rest, key=lambda pair: pair[0].similarity)
    chosen = {"最新": placed[0], "最典型": typical, "最不同": different}
    if typical == placed[0]:
        chosen = {"最新，也最典型": typical, "最不同": different}
    return tag("div", join(_quote(name, *pair) for name, pair in chosen.items()), "jw-cards jw-thirds")


def _quote(name: str, report: OpenReport, place: str) -> Html:
    said = f"{report.title}。{report.body}".strip("。")
    quote = tag("blockquote", text(said[:QUOTED] + ("…" if len(said) > QUOTED else "")))
    about = tag("p", text(f"{moment_text(report.received_at)} · {place}"), "jw-muted")
    return tag("div", tag("b", text(name)) + quote + about, "jw-card")


def report_table(reports: Sequence[OpenReport], places: Sequence[str]) -> Html:
    """Redacted reports, newest first."""
    rows = []
    for report, place in zip(reports, places, strict=True):
        body = report.body[:BODY_CHARACTERS] + ("…" if len(report.body) > BODY_CHARACTERS else "")
        said = tag("b", text(report.title)) + tag("span", text(body), "jw-body")
        kind = f"{SOURCES.get(report.source, report.source)} · {KINDS.get(report.kind, report.kind)}"
        rows.append((
            text(moment_text(report.received_at)), text(kind), text(place), wide(Html(said)),
            text(report.unit or "未定"), text(report.state),
        ))  # fmt: skip
    return table(("收到", "来源 · 类型", "地点", "内容（已脱敏）", "主办单位", "办理"), rows)
