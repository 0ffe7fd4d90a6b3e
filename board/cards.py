"""The cards of today: figures first, then why, then what to do. Quotes come apart, after their audit line."""

from collections.abc import Mapping, Sequence
from datetime import date

from board.marks import (
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
from board.queries import DayFigures
from board.queries_today import SPARK_DAYS, WATCH_DAYS, AlertCard, DangerRow, PastAlert
from signals.clock import WEEKDAYS, day_of
from signals.handling import WAITS_FOR, Case
from signals.likelihood import risk_said
from signals.recurrence import chance_statement
from signals.theme_nodes import ARM as THEME_ARM


def figures_strip(figures: DayFigures) -> Html:
    """The figures of a day, each with its denominator."""
    weekday = WEEKDAYS[figures.day.weekday()]
    if figures.expected > 0:
        change = f"{figures.n_reports / figures.expected - 1:+.0%}".replace("-", "−")
        below = f"同为星期{weekday}，预期 {figures.expected:.0f} 件（{change}）"
    else:
        below = f"星期{weekday}，还没有可比的预期"
    by_source = "、".join(f"{SOURCES.get(source, source)} {n}" for source, n in figures.by_source)
    return strip((
        tile("当日诉求", f"{figures.n_reports:,} 件", f"{below}；{by_source}" if by_source else below),
        tile("新预警", f"{figures.n_alerts} 条", f"预算：偶然引起的{figures.promise}"),
        tile("在看的议题", f"{figures.n_live_issues:,} 个", f"近 120 天有诉求；其中当日新生 {figures.n_new_issues} 个"),
        tile("即时关注", f"{figures.n_watch} 件", f"占当日 {figures.n_reports:,} 件；不计入预警预算"),
        tile("只计数不公开", f"{figures.n_closed} 件", f"占当日 {figures.n_reports:,} 件；敏感或涉办事机构，不引用"),
    ))  # fmt: skip


def alert_card(card: AlertCard, quotes: Sequence[str], places: str) -> Html:
    """One alert."""
    shape, name, response = LEVELS[card.level]
    whose = whose_level(card.risk_points)
    head = tag(
        "div",
        level_badge(card.level)
        + tag("span", text(f"{STAGES.get(card.stage, card.stage)} · {response}{whose}"), "jw-muted"),
        "jw-cardhead",
    )
    link = tag("a", text(card.name), href=f"issue?issue={card.issue_id}")
    place = tag("p", text(places), "jw-muted jw-place")
    near = "同主题" if card.arm == THEME_ARM else "近期"
    figures = strip((
        tile("诉求", f"{card.n_reports} 件", "近 120 天"),
        tile("反映人", f"{card.n_complainants} 人", "去重后"),
        tile("来源", f"{len(card.sources)} 类", "、".join(SOURCES.get(s, s) for s in card.sources)),
        *([tile(near, f"{card.observed} 人", f"{card.window_days} 天内，预期 {card.expected:.1f} 人")]
          if card.window_days else []),
    ))  # fmt: skip
    reasons = why(card.reasons, card.recurrence_days)
    parts = [head, tag("h3", link), place, figures, spark(card.spark, card), reasons, _quotes(quotes), _todo(card)]
    return tag("article", join(parts), f"jw-card jw-edge-{card.level}", title=f"{shape} {name}预警")


def spark(counts: Sequence[int], card: AlertCard) -> Html:
    """Reports a day as small bars."""
    top = max([*counts, 1])
    bars = join(
        tag("i", "", "" if n else "jw-nil", style=f"height:{max(round(100 * n / top), 4)}%") for n in counts
    )
    words = f"近 {SPARK_DAYS} 天每日诉求，最高一天 {top} 件；首件 {day_text(card.first_on)}"
    return tag("div", tag("div", bars, "jw-bars") + tag("span", text(words), "jw-below"), "jw-spark")


def whose_level(risk_points: float | None) -> str:
    """What level and stage are about, where all else on a page is about its viewer's part."""
    return " · 级别和阶段按全市口径" if risk_points is None else ""


def why(reasons: Sequence[str], recurrence_days: float | None) -> Html:
    """Why an alert was raised: its reasons, and what the evidence means where that may be told."""
    lines = join(tag("li", text(reason)) for reason in reasons)
    chance = "" if recurrence_days is None else tag("p", text(chance_statement(recurrence_days) + "。"))
    return tag("div", tag("ul", lines) + chance, "jw-why")


def danger_list(rows: Sequence[DangerRow], places: Sequence[str], n_counted: int, *, day: date) -> Html:
    """Danger reports above everything else; those of the days before, still not telephoned, folded up."""
    placed = list(zip(rows, places, strict=True))
    lines = [_danger(row, place) for row, place in placed if day_of(row.known_at) >= day]
    if before := [_danger(row, place) for row, place in placed if day_of(row.known_at) < day]:
        fold = tag("summary", text(f"此前 {WATCH_DAYS} 天还有 {len(before)} 件没有电话记录"))
        lines.append(tag("li", tag("details", fold + tag("ul", join(before)))))
    if n_counted:
        lines.append(tag("li", text(f"另有 {n_counted} 件涉敏感内容，只计数，由专门角色处理。"), "jw-muted"))
    head = tag("h2", "即时关注") + tag("p", "一件诉求就写明了对生命的危险：入库时即电话通知，不等日报。", "jw-muted")
    return tag("section", head + tag("ul", join(lines)), "jw-dangers")


def past_table(rows: Sequence[PastAlert], cases: Mapping[int, Case]) -> Html:
    """Alerts of the days before and how far they have come."""
    lines = [
        (
            text(day_text(row.day)),
            level_badge(row.level),
            wide(tag("a", text(row.name), href=f"issue?issue={row.issue_id}")),
            text(f"{row.n_then} → {'—' if row.n_now is None else row.n_now}"),
            text(row.owner),
            text(moment_text(row.due_at)),
            text(WAITS_FOR[cases[row.issue_id].place] if row.issue_id in cases else "已并入"),
        )
        for row in rows
    ]
    head = ("预警日", "级别", "议题", "反映人 当时→现在", "建议牵头", "时限", "处置")
    return table(head, lines, numbers=(3,))


def _danger(row: DangerRow, place: str) -> Html:
    if row.phoned_at:
        phoned = tag("span", text(f"已电话 {moment_text(row.phoned_at)}"), "jw-done")
    else:
        phoned = tag("span", "尚未电话", "jw-open")
    said = row.said[:40] + ("…" if len(row.said) > 40 else "")
    words = tag("b", text(row.danger)) + tag("span", text(f"「{row.words}」"))
    where = tag("span", text(f"{moment_text(row.known_at)} · {place}"), "jw-muted")
    return tag("li", words + tag("span", text(said), "jw-grow") + where + phoned)


def _quotes(quotes: Sequence[str]) -> Html:
    return join(tag("blockquote", text(quote)) for quote in quotes)


def _todo(card: AlertCard) -> Html:
    pairs = [("建议牵头", card.owner), ("时限", moment_text(card.due_at))]
    if card.risk_points is not None:
        pairs.append(("矛盾风险", risk_said(card.risk_points, card.risk)))
    return tag("dl", join(tag("div", tag("dt", text(k)) + tag("dd", text(v))) for k, v in pairs), "jw-todo")
