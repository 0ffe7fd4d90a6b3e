"""The digest as Markdown with one picture file beside it, saying the same as the HTML.

Report text is escaped so that it can be neither markup, a table border nor a heading.
"""

import re
from collections.abc import Iterable, Sequence

from signals.clock import chinese_day
from signals.digest.follow_up import STEP_NAMES
from signals.digest.html import follow_up_state
from signals.digest.pictures import as_svg, draw_map, draw_trend, stacked
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
from signals.records import LEVEL_NAMES, STAGE_NAMES

SPECIAL = re.compile(r"([\\`*_\[\]#|~!$])")


def render_markdown(digest: Digest, *, picture: str) -> str:
    """The whole page; `picture` is the file name of `render_picture` beside it."""
    audit = digest.quality.audit_head or "当日无审计记录"
    parts = (
        f"# 见微日报\n\n{plain(digest.city_name)} · {plain(chinese_day(digest.day))}\n",
        _watch(digest),
        "## 一、今日三句话\n\n" + "".join(f"{plain(text)}\n\n" for text in digest.sentences),
        _signs(digest),
        _rising(digest),
        _follow_ups(digest),
        _orders(digest),
        _matters(digest),
        _places(digest, picture),
        "## 七、统计口径与数据质量\n\n" + "".join(f"- {plain(text)}\n" for text in how_counted(digest)),
        f"---\n\n内部工作资料，含去标识化信息，请勿外传。审计链首：{audit}\n",
    )
    return "\n".join(part for part in parts if part)


def render_picture(digest: Digest) -> str:
    """The trend and the map in one SVG document."""
    pictures = (draw_trend(digest), draw_map(digest)) if digest.places_days else (draw_trend(digest),)
    return as_svg(stacked(pictures)) + "\n"


def plain(text: str) -> str:
    """Text on one line that Markdown shows as it is; a leading mark of a list, heading or formula is escaped.

    >>> plain("=1|2 `x`"), plain("<b>")
    ('\\\\=1\\\\|2 \\\\`x\\\\`', '&lt;b&gt;')
    """
    line = " ".join("".join(char if char >= " " else " " for char in text).split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = SPECIAL.sub(r"\\\1", line)
    if line[:1] in tuple("=+-@") and line:
        return "\\" + line
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", line)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(plain(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _watch(digest: Digest) -> str:
    n_all = len(digest.watch) + digest.n_watch_hidden
    if not n_all:
        return ""
    lines = [f"> **即时关注 {n_all} 条**（单独计数，不占预警额度；当日诉求 {digest.n_reports} 条）"]
    for row in digest.watch:
        phoned = f"{row.phoned_at:%H:%M} 已电话通知" if row.phoned_at else "未见电话通知记录"
        lines.append(f"> - {row.at:%H:%M} {plain(row.danger)}，{plain(row.place)}；{phoned}")
    if digest.n_watch_hidden:
        lines.append(f"> - 另有 {digest.n_watch_hidden} 条属敏感诉求，仅计数，请有权限人员在看板查看")
    return "\n".join(lines) + "\n"


def _signs(digest: Digest) -> str:
    if not digest.n_new:
        return "## 二、新苗头\n\n今日无新苗头。\n"
    head = f"## 二、新苗头\n\n共 {digest.n_new} 个，列 {len(digest.signs)} 个。\n\n"
    return head + "\n".join(_sign(number, sign) for number, sign in enumerate(digest.signs, start=1))


def _sign(number: int, sign: Sign) -> str:
    lines = [
        f"### {number}. 【{LEVEL_NAMES[sign.level]}】{plain(sign.name)}（议题 {sign.issue_id}）\n",
        f"- {plain(extent_text(sign))}",
        f"- {plain(surprise_text(sign))}",
        f"- **建议：{plain(sign.owner)}，{sign.due_at:%Y-%m-%d %H:%M} 前回应**"
        f"（{STAGE_NAMES[sign.stage]}；{plain(risk_text(sign))}）",
    ]
    if sign.quotes:
        lines.append("- 原话摘录：" + "".join(f"「{plain(quote)}」" for quote in sign.quotes))
    return "\n".join(lines) + "\n"


def _rising(digest: Digest) -> str:
    head = f"## 三、仍在上升\n\n近 90 天预警过的 {digest.n_alerted} 个议题中 {digest.n_rising} 个。\n\n"
    rows = [
        (
            f"【{LEVEL_NAMES[row.level]}】{row.name}",
            row.place,
            str(row.alerted_on),
            f"{row.n_complainants_7}／{row.n_complainants_28}／{row.n_complainants}",
            STAGE_NAMES[row.stage],
        )
        for row in digest.rising
    ]
    return head + (_table(("议题", "地点", "预警日", "诉求人 7／28／120 天", "阶段"), rows) if rows else "")


def _follow_ups(digest: Digest) -> str:
    head = f"## 四、以往预警处置\n\n{follow_ups_note(digest)}。\n\n"
    rows = [
        (
            f"【{LEVEL_NAMES[row.level]}】{row.name}",
            str(row.alerted_on),
            row.unit,
            _steps(row),
            f"{row.due_at:%m-%d %H:%M}",
            follow_up_state(row),
        )
        for row in digest.follow_ups
    ]
    return head + (_table(("议题", "预警日", "责任单位", "五有", "时限", "状态"), rows) if rows else "")


def _steps(row: FollowUp) -> str:
    return " ".join(f"{STEP_NAMES[step]}{'●' if step in row.steps else '○'}" for step in FIVE)


def _orders(digest: Digest) -> str:
    head = f"### 逾期未办结的导入工单\n\n{orders_note(digest)}。\n\n"
    rows = [(row.town, row.unit, str(row.n_orders), f"{row.longest_days} 天") for row in digest.overdue_orders]
    return head + (_table(("镇街", "单位", "逾期件数", "最长逾期"), rows) if rows else "")


def _matters(digest: Digest) -> str:
    head = f"## 五、高频与季节性事项\n\n{matters_note(digest)}。\n\n"
    rows = [
        (
            row.name,
            f"{row.n_now}／{digest.n_matters_now}",
            matter_change(row.n_now, row.n_before),
            matter_change(row.n_now, row.n_year_before),
            usual_text(row),
        )
        for row in digest.matters
    ]
    names = (digest.matters_of, "近 28 天／全部", "比前 28 天", "比去年同期", "当日／同星期均值")
    table = _table(names, rows) if rows else "没有达到 5 条的事项。\n"
    seasonal = f"\n{plain(seasonal_text(digest))}\n" if digest.seasonal else ""
    return f"{head}{table}\n{plain(festival_text(digest))}\n{seasonal}"


def _places(digest: Digest, picture: str) -> str:
    image = f"![近 28 天每日诉求与热区示意图]({picture})\n"
    if not digest.places_days:
        return f"## 六、热区图\n\n当日没有区域统计。\n\n{image}"
    rows = [
        (cell.name, str(cell.n_complainants or f"少于{digest.min_cell}"), str(cell.n_reports or "—"))
        for cell in sorted(digest.areas, key=lambda cell: (-(cell.n_complainants or 0), cell.code))
    ]
    notes = "\n\n".join(plain(text) for text in hot_towns_text(digest))
    table = _table(("区（市）", "诉求人", "诉求"), rows)
    return f"## 六、热区图\n\n近 {digest.places_days} 天不同诉求人数。\n\n{image}\n{table}\n{notes}\n"
