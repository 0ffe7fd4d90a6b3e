"""The pieces of the radar's page around its picture: the stages in words, and the table."""

from collections import Counter
from collections.abc import Callable, Sequence

from board.charts_radar import STAGE_MARKS, growth_text
from board.marks import STAGES, Html, day_text, join, strip, table, tag, text, tile, wide
from board.queries_radar import RadarIssue
from signals.likelihood import risk_said
from signals.records import Stage
from signals.stages import STAGE_SENTENCES


def stage_tiles(issues: Sequence[RadarIssue]) -> Html:
    """How many issues are in each stage, and what the stage means; the legend of the picture as well."""
    counts = Counter(issue.stage for issue in issues)
    return strip(
        tile(f"{sign} {STAGES[stage]}", f"{counts[stage]} 个", STAGE_SENTENCES[Stage(stage)], style_class=f"jw-{stage}")
        for stage, (sign, _, _) in STAGE_MARKS.items()
    )


def stage_mark(stage: str) -> Html:
    """A stage with its sign and its name."""
    return tag("span", f"<i>{STAGE_MARKS[stage][0]}</i> " + text(STAGES[stage]), f"jw-stage jw-{stage}")


def radar_table(
    issues: Sequence[RadarIssue], place: Callable[[RadarIssue], str], *, leads_on: bool = True
) -> Html:
    """One line an issue; each leads to its page where that may be opened."""
    head = ("议题", "地区", "阶段", "近 28 天", "前两周→本两周", "增长", "近 120 天", "矛盾风险", "近 28 天预警")
    lines = [
        (
            wide(tag("a", text(issue.name), href=f"issue?issue={issue.issue_id}") if leads_on else text(issue.name)),
            wide(text(place(issue))),
            stage_mark(issue.stage),
            text(f"{issue.now.n_level} 人"),
            text(f"{issue.now.n_before} → {issue.now.n_now}"),
            text(growth_text(issue.now)),
            text(f"{issue.n_complainants} 人"),
            text("—" if issue.risk_points is None else risk_said(issue.risk_points, issue.risk)),
            text(day_text(issue.alerted_on) if issue.alerted_on else "—"),
        )
        for issue in issues
    ]
    return table(head, lines, numbers=(3, 4, 5, 6, 7))


def counted_only(n_withheld: int, n_single: int, n_silent: int, *, with_silent: bool) -> Html:
    """What is not drawn, in numbers."""
    words = [f"另有 {n_single:,} 个议题目前只有 1 位反映人，还不是共同问题，不画。"]
    if n_silent and not with_silent:
        words.append(f"{n_silent} 个微弱议题近 28 天没有新的人，未画。")
    if n_withheld:
        words.append(f"{n_withheld} 个议题只含敏感或涉办事机构的诉求：计数，内容由专门角色处理。")
    return tag("p", join(text(word) for word in words), "jw-muted")
