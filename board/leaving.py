"""The tables of pages as they leave: what the page shows, in words, and few people without a number.

Figures of one issue that are parts of each other are protected together, so that none is had by subtraction.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from board.charts_radar import growth_text
from board.charts_themes import HeatRow
from board.exports import Sheet
from board.hiding import Change, shown_people
from board.indicator_parts import MEASURES, figure_text
from board.marks import LEVELS, STAGES, moment_text
from board.queries_indicators import ServiceRow
from board.queries_radar import RadarIssue
from board.queries_today import PastAlert
from signals.handling import WAITS_FOR, Case
from signals.smallcells import Cell

RADAR_HEAD = tuple(
    "议题编号 议题 地区 阶段 近28天反映人 前两周反映人 近两周反映人 增长 近120天反映人 矛盾风险分 30天内升级可能"
    " 预警日".split(" ")
)
PAST_HEAD = tuple("预警日 级别 议题编号 议题 当时反映人 现在反映人 建议牵头 时限 处置".split(" "))


def radar_sheet(issues: Sequence[RadarIssue], place: Callable[[RadarIssue], str], *, k: int) -> Sheet:
    """Issues in the order of the page."""
    return Sheet("弱信号雷达", RADAR_HEAD, tuple(_radar_row(issue, place(issue), k) for issue in issues))


def _radar_row(issue: RadarIssue, place: str, k: int) -> tuple[str, ...]:
    level, earlier = Cell(area="level"), Cell(area="earlier")
    now, before = Cell(area="level", town="now"), Cell(area="level", town="before")
    people = shown_people({
        Cell(): issue.n_complainants, level: issue.now.n_level, earlier: issue.n_complainants - issue.now.n_level,
        now: issue.now.n_now, before: issue.now.n_before,
    }, k=k)  # fmt: skip
    is_seen = not people[now].is_hidden and not people[before].is_hidden
    points = "不显示" if issue.risk_points is None else f"{issue.risk_points:.0f}"
    chance = "" if issue.risk is None else f"{issue.risk:.0%}"
    return (
        str(issue.issue_id), issue.name, place, STAGES[issue.stage], people[level].word, people[before].word,
        people[now].word, growth_text(issue.now) if is_seen else "隐", people[Cell()].word, points,
        chance, str(issue.alerted_on or ""),
    )  # fmt: skip


def past_sheet(rows: Sequence[PastAlert], cases: Mapping[int, Case], *, k: int) -> Sheet:
    """Alerts of the days before; who came since is not told either where they are few."""
    return Sheet("此前预警", PAST_HEAD, tuple(
        (
            str(row.day), LEVELS[row.level][1], str(row.issue_id), row.name, *_then_and_now(row.n_then, row.n_now, k),
            row.owner, moment_text(row.due_at),
            WAITS_FOR[cases[row.issue_id].place] if row.issue_id in cases else "已并入",
        )
        for row in rows
    ))  # fmt: skip


def _then_and_now(then: int, now: int | None, k: int) -> tuple[str, str]:
    if now is None:
        return shown_people({Cell(): then}, k=k)[Cell()].word, "—"
    fewer, since = Cell(area="fewer"), Cell(area="since")
    people = shown_people({Cell(): max(then, now), fewer: min(then, now), since: abs(now - then)}, k=k)
    first, last = (fewer, Cell()) if then <= now else (Cell(), fewer)
    return people[first].word, people[last].word


def service_sheet(about: Mapping[str, str], dimension: str, rows: Sequence[tuple[str, ServiceRow]]) -> Sheet:
    """Named rows of indicators; about: heads and texts that every row begins with."""
    head = (*about, dimension, *(measure.name for measure in MEASURES))
    return Sheet("指标", head, tuple(
        (*about.values(), name, *(figure_text(measure, row.figures[measure.key]) for measure in MEASURES))
        for name, row in rows
    ))  # fmt: skip


def week_sheet(about: Mapping[str, str], rows: Sequence[HeatRow], mondays: Sequence[date]) -> Sheet:
    """People a week, a column a week."""
    head = (*about, "名称", *(f"{monday}起一周" for monday in mondays))
    lines = ((*about.values(), row.name, *(cell.word for cell in row.cells)) for row in rows)
    return Sheet("每周反映人", head, tuple(lines))


def change_sheet(name: str, heads: tuple[str, str, str], changes: Sequence[Change]) -> Sheet:
    """Numbers of the period before and of the last one."""
    return Sheet(name, heads, tuple((one.name, one.before.word, one.now.word) for one in changes))
