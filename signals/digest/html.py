"""The digest as one HTML file: inline style, inline pictures, no script, nothing fetched when it is opened.

Every text goes through `safe`; report text can never become markup or a spreadsheet formula.
"""

from collections.abc import Iterable, Sequence
from importlib.resources import files

from signals.clock import chinese_day
from signals.digest.follow_up import STEP_NAMES
from signals.digest.pictures import as_svg, clean, draw_map, draw_trend
from signals.digest.record import Digest, FollowUp, Sign
from signals.digest.sentences import (
    extent_text,
    festival_text,
    follow_ups_note,
    hot_towns_text,
    how_counted,
    matter_change,
    matters_note,
    orders_note,
    risk_text,
    seasonal_text,
    surprise_text,
    usual_text,
)
from signals.handling import FIVE
from signals.records import LEVEL_NAMES, STAGE_NAMES, Level

DENSE_SIGNS = 2  # with more, the printed page leaves out the quotes (the file keeps them) and shrinks the map


def render_html(digest: Digest) -> str:
    """The whole page; the same digest always gives the same bytes."""
    style = files("signals.digest").joinpath("digest.css").read_text("utf-8")
    title = f"{digest.city_name}见微日报 {digest.day}"
    body = "\n".join(
        (
            _header(digest),
            _watch(digest),
            _section("一、今日三句话", "".join(f"<p>{safe(text)}</p>" for text in digest.sentences), "today"),
            _signs(digest),
            _rising(digest),
            _follow_ups(digest),
            _orders(digest),
            _patterns(digest),
            f'<div class="pair last">{_places(digest)}<div>{_place_list(digest)}{_how(digest)}</div></div>',
            _footer(digest),
        )
    )
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{safe(title)}</title>\n<style>\n{style}</style></head>\n"
        f"<body{_print_scale(digest)}>\n{body}\n</body></html>\n"
    )


def _print_scale(digest: Digest) -> str:
    """How small to print so that one A4 sheet holds the day; tried in Chromium with one to five signs."""
    more = max(0, len(digest.signs) - 1) + max(0, len(digest.rising) - 2) / 4
    dense = ' class="dense"' if len(digest.signs) > DENSE_SIGNS else ""
    return f'{dense} style="--print-scale: {max(0.6, 0.83 - 0.065 * more):.2f}"'


def safe(text: str) -> str:
    """Escaped text; a leading = + - @ gets an apostrophe, so that a pasted cell stays text."""
    return clean(f"'{text}" if text[:1] in tuple("=+-@") and text else text)


def _header(digest: Digest) -> str:
    return (
        f"<header><h1>见微日报</h1><p><span>{safe(digest.city_name)}综治中心 参阅</span>"
        f"<span>{safe(chinese_day(digest.day))}</span></p></header>"
    )


def _section(title: str, body: str, style: str = "", note: str = "") -> str:
    attribute = f' class="{style}"' if style else ""
    small = f"<small>{safe(note)}</small>" if note else ""
    return f"<section{attribute}><h2>{safe(title)}{small}</h2>{body}</section>"


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{safe(text)}</p>" for text in texts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: frozenset[int] = frozenset()) -> str:
    """Cells are HTML already; columns in `numbers` stand to the right."""
    styles = [' class="n"' if index in numbers else "" for index in range(len(head))]
    top = "".join(f"<th{style}>{safe(name)}</th>" for style, name in zip(styles, head, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{style}>{cell}</td>" for style, cell in zip(styles, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _level(level: Level) -> str:
    return f'<span class="level {level.value}">{LEVEL_NAMES[level]}</span>'


def _watch(digest: Digest) -> str:
    n_all = len(digest.watch) + digest.n_watch_hidden
    if not n_all:
        return ""
    rows = []
    for row in digest.watch:
        phoned = f"{row.phoned_at:%H:%M} 已电话通知" if row.phoned_at else "未见电话通知记录"
        rows.append(f"<li>{safe(f'{row.at:%H:%M} {row.danger}，{row.place}；{phoned}')}</li>")
    if digest.n_watch_hidden:
        rows.append(f"<li>另有 {digest.n_watch_hidden} 条属敏感诉求，仅计数，请有权限人员在看板查看</li>")
    note = f"<small>单独计数，不占预警额度；当日诉求 {digest.n_reports} 条</small>"
    return f'<div class="watch"><h2>即时关注 {n_all} 条{note}</h2><ul>{"".join(rows)}</ul></div>'


def _signs(digest: Digest) -> str:
    if not digest.n_new:
        return _section("二、新苗头", '<p class="none">今日无新苗头。</p>')
    note = f"共 {digest.n_new} 个，列 {len(digest.signs)} 个"
    return _section("二、新苗头", "".join(_sign(sign) for sign in digest.signs), "", note)


def _sign(sign: Sign) -> str:
    quotes = "".join(f"「{safe(quote)}」" for quote in sign.quotes)
    todo = f"建议：{sign.owner}，{sign.due_at:%Y-%m-%d %H:%M} 前回应。"
    state = f"{STAGE_NAMES[sign.stage]}；{risk_text(sign)}"
    return (
        f'<div class="sign {sign.level.value}"><h3>{_level(sign.level)}{safe(sign.name)}'
        f'<small class="label">（议题 {sign.issue_id}）</small></h3>'
        f'<p>{safe(extent_text(sign))}。</p><p class="chance">{safe(surprise_text(sign))}</p>'
        f'<p><span class="do">{safe(todo)}</span> <span class="label">{safe(state)}</span></p>'
        + (f'<p class="quotes"><span class="label">原话摘录：</span>{quotes}</p>' if quotes else "")
        + "</div>"
    )


def _rising(digest: Digest) -> str:
    note = f"近 90 天预警过的 {digest.n_alerted} 个议题中 {digest.n_rising} 个"
    if not digest.rising:
        return _section("三、仍在上升", '<p class="none">没有仍在上升的议题。</p>', "", note)
    rows = [
        (
            _level(row.level) + safe(row.name),
            safe(row.place),
            f'<span class="w">{row.alerted_on}</span>',
            f"{row.n_complainants_7}／{row.n_complainants_28}／{row.n_complainants}",
            STAGE_NAMES[row.stage],
        )
        for row in digest.rising
    ]
    head = ("议题", "地点", "预警日", "诉求人 7／28／120 天", "阶段")
    return _section("三、仍在上升", _table(head, rows, frozenset({3})), "", note)


def _follow_ups(digest: Digest) -> str:
    steps = "、".join(STEP_NAMES[step] for step in FIVE)
    note = f"{follow_ups_note(digest)}；五有依次为{steps}，●已完成 ○未完成"
    if not digest.follow_ups:
        return _section("四、以往预警处置", '<p class="none">没有待跟踪的预警处置。</p>', "", note)
    rows = [
        (
            _level(row.level) + safe(row.name),
            f'<span class="w">{row.alerted_on}</span>',
            safe(row.unit),
            f'<span class="steps">{_steps(row)}</span>',
            f'<span class="w">{row.due_at:%m-%d %H:%M}</span>',
            f'<span class="w">{safe(follow_up_state(row))}</span>',
        )
        for row in digest.follow_ups
    ]
    head = ("议题", "预警日", "责任单位", "五有", "时限", "状态")
    return _section("四、以往预警处置", _table(head, rows), "", note)


def _steps(row: FollowUp) -> str:
    return "".join("●" if step in row.steps else "<i>○</i>" for step in FIVE)


def follow_up_state(row: FollowUp) -> str:
    """In how far a handling is late, in words."""
    if "verified" in row.steps:
        return "当日核验办结"
    text = f"逾期 {row.overdue_days} 天" if row.overdue_days else "在办"
    return f"{text}（已重开）" if row.reopened else text


def _orders(digest: Digest) -> str:
    title, note = "逾期未办结的导入工单", orders_note(digest)
    if not digest.overdue_orders:
        return _section(title, "", "", note)
    rows = [
        (safe(row.town), safe(row.unit), str(row.n_orders), f"{row.longest_days} 天") for row in digest.overdue_orders
    ]
    head = ("镇街", "单位", "逾期件数", "最长逾期")
    half = (len(rows) + 1) // 2
    tables = [_table(head, part, frozenset({2, 3})) for part in (rows[:half], rows[half:]) if part]
    return _section(title, f'<div class="pair">{"".join(tables)}</div>', "", note)


def _patterns(digest: Digest) -> str:
    note = matters_note(digest)
    has_year = any(row.n_year_before is not None for row in digest.matters)
    rows = [
        (
            safe(row.name),
            str(row.n_now),
            safe(matter_change(row.n_now, row.n_before)),
            *((safe(matter_change(row.n_now, row.n_year_before)),) if has_year else ()),
            safe(usual_text(row)),
        )
        for row in digest.matters
    ]
    year = ("去年同期",) if has_year else ()
    head = (digest.matters_of, "近28天", "前28天", *year, "当日／均值")
    table = _table(head, rows, frozenset(range(1, len(head))))
    if not rows:
        table = '<p class="none">没有达到 5 条的事项。</p>'
    trend = f"<figure>{as_svg(draw_trend(digest))}<figcaption>{_trend_caption()}</figcaption></figure>"
    said = "".join(f"<p>{safe(line)}</p>" for line in (festival_text(digest), seasonal_text(digest)) if line)
    body = f'<div class="pair wide"><div>{table}{said}</div>{trend}</div>'
    return _section("五、高频与季节性事项", body, "", note)


def _trend_caption() -> str:
    return "近 28 天每日知悉诉求数，按来源；三角为新预警日"


def _places(digest: Digest) -> str:
    if not digest.places_days:
        return _section("六、热区图", '<p class="none">当日没有区域统计。</p>')
    caption = "示意图：一格一镇街，位置为示意，非地理边界"
    body = f"<figure>{as_svg(draw_map(digest))}<figcaption>{caption}</figcaption></figure>"
    return _section("六、热区图", body, "", f"近 {digest.places_days} 天不同诉求人数")


def _place_list(digest: Digest) -> str:
    if not digest.places_days:
        return ""
    hidden = f"少于{digest.min_cell}"
    cells = sorted(digest.areas, key=lambda cell: (-(cell.n_complainants or 0), cell.code))
    rows = [(safe(cell.name), str(cell.n_complainants or hidden), str(cell.n_reports or "—")) for cell in cells]
    half = (len(rows) + 1) // 2
    head = ("区（市）", "诉求人", "诉求")
    tables = "".join(_table(head, part, frozenset({1, 2})) for part in (rows[:half], rows[half:]) if part)
    return f'<div class="pair">{tables}</div><div class="how">{_paragraphs(hot_towns_text(digest))}</div>'


def _how(digest: Digest) -> str:
    return _section("七、统计口径与数据质量", _paragraphs(how_counted(digest)), "how")


def _footer(digest: Digest) -> str:
    head = digest.quality.audit_head
    audit = f"审计链首 {head}" if head else "当日无审计记录"
    return f"<footer><span>内部工作资料，含去标识化信息，请勿外传</span><span>{safe(audit)}</span></footer>"
