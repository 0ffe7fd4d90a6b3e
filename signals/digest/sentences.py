"""The wording of the digest: numbers with their denominators as sentences, the same in every rendering."""

import math
from datetime import datetime

from signals.alerts import SAME_TEXT
from signals.clock import chinese_day
from signals.digest.follow_up import NOT_COUNTED
from signals.digest.record import Digest, Matter, Risen, Sign, SourceHealth
from signals.holidays import festival_offset
from signals.likelihood import risk_said
from signals.records import LEVEL_NAMES, SOURCE_NAMES, Level, Source
from signals.recurrence import chance_statement

MOST_RISEN = 2  # issues at a higher level that are named
MOST_SEASONAL = 6  # names in a digest


def three_sentences(digest: Digest) -> tuple[str, str, str]:
    """What a duty officer must know of the day."""
    return _intake(digest), _news(digest), _open_matters(digest)


def _intake(digest: Digest) -> str:
    by_source = "、".join(
        f"{SOURCE_NAMES[source]} {count}"
        for source, count in zip(digest.trend_sources, digest.trend[-1].counts, strict=True)
    )
    detail = f"（{by_source}）" if by_source else ""
    text = f"当日新知悉诉求 {digest.n_reports} 条{detail}，其中反映问题的 {digest.n_grievances} 条"
    weekday = chinese_day(digest.day)[-3:]
    if digest.same_weekday_mean is None:
        return f"{text}；同类{weekday}不足两天，暂不作比较。"
    change = change_text(digest.n_reports, digest.same_weekday_mean)
    usual = f"前 {digest.same_weekday_days} 个同类{weekday}平均 {digest.same_weekday_mean:.1f} 条"
    return f"{text}；{usual}，当日{change}。"


def _news(digest: Digest) -> str:
    hidden = [f"另有 {digest.n_new_hidden} 条预警只涉及敏感诉求，仅计数"] if digest.n_new_hidden else []
    left_out = len(digest.risen) - MOST_RISEN
    others = [f"另有 {left_out} 个已预警的议题等级上升，见“仍在上升”与议题页"] if left_out > 0 else []
    rest = [*map(_risen, digest.risen[:MOST_RISEN]), *others, *hidden]
    if not digest.n_new:
        return "；".join(["今日无新苗头", *rest]) + "。"
    levels = "、".join(
        f"{LEVEL_NAMES[level]} {count}"
        for level in Level
        if (count := sum(sign.level is level for sign in digest.signs))
    )
    first = digest.signs[0]
    shown = f"，列出 {len(digest.signs)} 个" if digest.n_new > len(digest.signs) else ""
    text = (
        f"发现新苗头 {digest.n_new} 个{shown}（{levels}）；最先办：{first.name}，"
        f"建议{first.owner}于 {_moment(first.due_at)} 前回应"
    )
    return "；".join([text, *rest]) + "。"


def _risen(risen: Risen) -> str:
    """That an issue alerted before is more urgent now."""
    levels = f"由{LEVEL_NAMES[risen.before]}色升为{LEVEL_NAMES[risen.level]}色"
    return f"已预警的{risen.name}{levels}，建议{risen.owner}于 {_moment(risen.due_at)} 前回应"


def _moment(at: datetime) -> str:
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def _open_matters(digest: Digest) -> str:
    return (
        f"近 90 天预警过的 {digest.n_alerted} 个议题中 {digest.n_rising} 个仍在上升；"
        f"预警处置未办结 {digest.n_open} 件、其中逾期 {digest.n_overdue} 件；"
        f"有时限的在办工单 {digest.n_open_orders} 件、其中逾期 {digest.n_overdue_orders} 件。"
    )


def change_text(now: float, before: float) -> str:
    """How now compares with before, never a percentage of small numbers.

    >>> change_text(120, 100.0), change_text(2, 1.0), change_text(100, 100.0)
    ('高 20%', '多 1.0 条', '持平')
    """
    if math.isclose(now, before, abs_tol=0.05):
        return "持平"
    if before < 10:
        return f"{'多' if now > before else '少'} {abs(now - before):.1f} 条"
    share = round(abs(now - before) / before * 100)
    return "基本持平" if share < 5 else f"{'高' if now > before else '低'} {share}%"


def extent_text(sign: Sign) -> str:
    """Where, since when, how many by how many from which sources, and the words that made them one issue."""
    same = f"，含{SAME_TEXT}" if sign.has_same_text else ""
    number = f"{sign.n_reports} 条诉求／{sign.n_complainants} 位诉求人{same}／{len(sign.sources)} 个来源"
    words = f"；共同提到：{'、'.join(sign.words)}" if sign.words else ""
    return f"{sign.place}；{sign.first_on} 起；{number}（{source_names(sign.sources)}）{words}"


def surprise_text(sign: Sign) -> str:
    """What was seen against what was expected, where it gathers, and how seldom chance does that."""
    expected = f"{sign.expected:.1f}" if sign.expected >= 0.1 else "不足 0.1"
    among = "当地同主题 " if sign.is_of_theme else ""
    seen = f"近 {sign.window_days} 天{among or ' '}{sign.observed} 位不同诉求人，基线预期 {expected} 位"
    return "。".join(part for part in (seen, sign.zone, chance_statement(sign.recurrence_days)) if part) + "。"


def risk_text(sign: Sign) -> str:
    """Points until calibrated, then a probability."""
    return f"矛盾风险 {risk_said(sign.risk_points, sign.risk)}"


def source_names(sources: tuple[Source, ...]) -> str:
    return "、".join(SOURCE_NAMES[source] for source in sources) or "来源未明"


def promise(digest: Digest) -> str:
    """The budget of false alerts, always with what was measured."""
    return f"在所列基线假设成立时，偶然引起的预警{digest.quality.promise}。"


def share_text(part: int, whole: int) -> str:
    """A part with its denominator.

    >>> share_text(3, 12), share_text(0, 0)
    ('3/12（25%）', '0/0')
    """
    return f"{part}/{whole}（{part / whole:.0%}）" if whole else "0/0"


def orders_note(digest: Digest) -> str:
    """How many imported orders are open and how many of them overdue; without a full stop."""
    counted = f"有自带时限的在办工单 {digest.n_open_orders} 件，逾期 {digest.n_overdue_orders} 件"
    shown = sum(row.n_orders for row in digest.overdue_orders)
    listed = f"，列最多的 {len(digest.overdue_orders)} 处共 {shown} 件" if shown < digest.n_overdue_orders else ""
    return f"{counted}{listed}（{NOT_COUNTED}）"


def follow_ups_note(digest: Digest) -> str:
    """How many alerted issues are followed up, open and overdue, and how many stand below; without a full stop."""
    counted = f"近一年预警议题 {digest.n_follow_ups} 个，未办结 {digest.n_open} 个，其中逾期 {digest.n_overdue} 个"
    return f"{counted}；列 {len(digest.follow_ups)} 个" if digest.follow_ups else counted


def matters_note(digest: Digest) -> str:
    """The denominators of the matters."""
    before = "无数据" if digest.n_matters_before is None else f"{digest.n_matters_before} 条"
    year = "" if any(row.n_year_before is not None for row in digest.matters) else "；去年同期无数据"
    return (
        f"反映问题的诉求：近 28 天共 {digest.n_matters_now} 条，前 28 天 {before}{year}；"
        f"均值为同类星期的日子；按{digest.matters_of}"
    )


def matter_change(now: int, before: int | None) -> str:
    """The change of a matter, or why there is none."""
    return "无数据" if before is None else f"{before}（{change_text(now, before)}）"


def usual_text(matter: Matter) -> str:
    """The day against the mean of comparable weekdays."""
    if matter.same_weekday_mean is None:
        return f"{matter.n_day}／无数据"
    return f"{matter.n_day}／{matter.same_weekday_mean:.1f}"


def festival_text(digest: Digest) -> str:
    """The comparison by the lunar calendar, where the day is near a Spring Festival."""
    if (offset := festival_offset(digest.day)) is None:
        return "距春节 30 天以上，不作农历同期比较。"
    where = "春节当日" if offset == 0 else f"春节{'前' if offset < 0 else '后'} {abs(offset)} 天"
    if digest.festival is None:
        return f"当日为{where}；去年同期没有数据，不作农历同期比较。"
    then = digest.festival
    return (
        f"当日为{where}；近 7 天 {then.n_now} 条，去年农历同期"
        f"（{then.then_first} 至 {then.then_last}）{then.n_then} 条，{change_text(then.n_now, then.n_then)}。"
    )


def seasonal_text(digest: Digest) -> str:
    """What rose all over the city without being more than a year before; empty where nothing did."""
    if not digest.seasonal:
        return ""
    shown, more = digest.seasonal[:MOST_SEASONAL], len(digest.seasonal) - MOST_SEASONAL
    names = "；".join(shown) + (f"等 {len(digest.seasonal)} 项" if more > 0 else "")
    return f"近 7 天随季节再来、未明显多于去年同期而未作预警：{names}。请按往年安排应对。"


def hot_towns_text(digest: Digest) -> tuple[str, ...]:
    """The towns with most complainants, with the city's total and what is hidden."""
    shown = sorted(
        (cell for cell in digest.towns if cell.n_complainants),
        key=lambda cell: (-(cell.n_complainants or 0), cell.area, cell.name),
    )
    towns = "、".join(f"{cell.name} {cell.n_complainants}" for cell in shown[:6]) or "没有可显示的镇街"
    city = digest.city_complainants if digest.city_complainants is not None else f"少于 {digest.min_cell}"
    return (
        f"人数较多的镇街：{towns}；全市 {city} 人。",
        f"诉求人少于 {digest.min_cell} 的格不显示，没有诉求的格与其同样处理；"
        "只隐一格会被推算时，同组再隐一格。同一人可在多处反映，各格不可相加。",
    )


def how_counted(digest: Digest) -> tuple[str, ...]:
    """Section seven: the promise, the day's data and its gaps."""
    quality = digest.quality
    sources = "；".join(_source_text(source) for source in quality.sources) or "没有任何来源的数据"
    n_rows = digest.n_reports + quality.n_quarantined
    changed = "（此后设置有改动，上列额度为现值）" if quality.settings_changed else ""
    theme = f"主题模型 {quality.theme_version}" if quality.theme_version else "当日无主题模型"
    return (
        promise(digest),
        f"来源：{sources}。",
        f"未定位到区（市）：当日 {share_text(quality.n_without_place, digest.n_reports)}，"
        f"近 28 天 {share_text(quality.n_without_place_28, quality.n_28)}；"
        f"当日隔离的问题行 {share_text(quality.n_quarantined, n_rows)}。",
        "日期按知悉日（北京时间）计；诉求人按去标识化密钥散列去重；比较取前 8 周同星期且同为工作日"
        "（周末、节假日、调休）的日子。敏感诉求只计数，不引用、不列出。"
        f"设置 {quality.settings_hash or '未记录'}{changed}，{theme}。",
    )


def _source_text(source: SourceHealth) -> str:
    name = SOURCE_NAMES[source.source]
    usual = "" if source.same_weekday_mean is None else f"（同星期均值 {source.same_weekday_mean:.1f}）"
    if source.missing:
        return f"{name}当日未到{usual}，最近一次 {source.last_on}"
    late = f"，其中迟到 3 天以上 {share_text(source.n_late, source.n_day)}" if source.n_late else ""
    return f"{name} {source.n_day} 条{usual}{late}"
