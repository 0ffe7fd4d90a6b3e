"""HTML made by the board itself. Everything that comes from data passes `text` first; nothing else makes `Html`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape
from typing import NewType

from signals.clock import LOCAL, WEEKDAYS

Html = NewType("Html", str)

LEVELS = {  # level → (shape, name, what it asks for); the shape carries the level without colour
    "red": ("◆", "红色", "立即电话，市级牵头"),
    "orange": ("▲", "橙色", "区级牵头，48 小时内首次答复"),
    "yellow": ("■", "黄色", "24 小时内并单并明确牵头单位"),
    "blue": ("●", "蓝色", "24 小时内属地核看"),
}
STAGES = {"weak": "微弱", "emerging": "萌芽", "strong": "显著", "fading": "消退"}
SOURCES = {"petition": "信访", "hotline": "热线", "grid": "网格"}
KINDS = {
    "complaint": "投诉", "request": "求助", "enquiry": "咨询", "accusation": "举报",
    "suggestion": "建议", "thanks": "感谢", "follow_up": "回访催办", "unknown": "未分类",
}  # fmt: skip


def text(value: object) -> Html:
    """Data as harmless HTML: every character stands for itself."""
    return Html(escape(str(value), quote=True))


def join(parts: Iterable[Html], between: str = "") -> Html:
    """Several pieces of HTML one after another."""
    return Html(between.join(parts))


def tag(name: str, content: str, style_class: str = "", **attributes: str) -> Html:
    """One element around Html that is already safe."""
    extra = "".join(f' {key}="{escape(value, quote=True)}"' for key, value in attributes.items())
    of_class = f' class="{style_class}"' if style_class else ""
    return Html(f"<{name}{of_class}{extra}>{content}</{name}>")


def day_text(day: date) -> str:
    """4月10日 周四"""
    return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


def moment_text(at: datetime) -> str:
    """4月10日 09:05, local."""
    local = at.astimezone(LOCAL)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def level_badge(level: str) -> Html:
    """The level with its shape and name; the colour only repeats them."""
    shape, name, _ = LEVELS[level]
    return tag("span", f"<i>{shape}</i>{name}", f"jw-badge jw-{level}")


def notice(title: str, *sentences: str) -> Html:
    """A calm full-width message: a refusal, an empty state."""
    lines = join(tag("p", text(sentence)) for sentence in sentences)
    return tag("section", tag("h2", text(title)) + lines, "jw-notice")


def tile(label: str, value: str, below: str, *, style_class: str = "") -> Html:
    """One figure with its denominator."""
    parts = tag("span", text(label), "jw-label") + tag("strong", text(value)) + tag("span", text(below), "jw-below")
    return tag("div", parts, f"jw-tile {style_class}".strip())


def strip(tiles: Iterable[Html]) -> Html:
    """A row of tiles."""
    return tag("div", join(tiles), "jw-strip")


def wide(content: Html) -> Html:
    """A table cell's content that may break into lines; all others stay on one."""
    return tag("div", content, "jw-text")


def table(head: Sequence[str], rows: Iterable[Sequence[Html]], *, numbers: Sequence[int] = ()) -> Html:
    """A table; `numbers` are the columns set flush right."""
    classes = ["jw-number" if column in numbers else "" for column in range(len(head))]
    top = join(tag("th", text(name), kind) for name, kind in zip(head, classes, strict=True))
    lines = (
        tag("tr", join(tag("td", cell, kind) for cell, kind in zip(row, classes, strict=True))) for row in rows
    )
    body = tag("thead", tag("tr", top)) + tag("tbody", join(lines))
    return tag("div", tag("table", body, "jw-table"), "jw-scroll")
