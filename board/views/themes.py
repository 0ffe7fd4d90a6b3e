"""主题趋势: themes over weeks, the same week a year before, words that rose or vanished, where a theme comes from."""

from datetime import date, timedelta

import streamlit as st

from board.answers import ask
from board.charts_themes import HeatRow, change_lines, share_bars, week_heat, week_legend
from board.drawing import draw
from board.exports import download
from board.hiding import FEW_AND_PARTNER
from board.leaving import week_sheet
from board.linked import keep_linked, linked
from board.marks import SOURCES, day_text, notice, strip, table, tag, text, tile, wide
from board.page import Page, open_page
from board.queries_themes import (
    YEAR,
    Reach,
    SubjectWeek,
    reach,
    subject_period,
    subject_weeks,
    subjects,
    whole_weeks,
    word_changes,
)
from board.sheet import show
from signals.smallcells import Cell

PERIODS = (8, 13, 26)  # weeks
KINDS = {"theme": "主题", "category": "一级分类"}
ROWS = 24


def main() -> None:
    page = open_page("主题趋势", "哪一类事在变多，哪些词刚刚出现，与去年同周比怎样。", of_city=True)
    known = ask(page.settings, reach)
    if known is None or not known.weeks:
        show(notice("还没有整周的统计", "统计由 jianwei run 在每天算完时写下。",
                    "算过一个整周（周一到周日）之后，这里就有内容。"))  # fmt: skip
        return
    kinds = [kind for kind in KINDS if kind == "category" or known.has_themes]
    first, second = st.columns(2)
    kind = str(first.segmented_control("按", kinds, key=linked("themes", "kind", kinds, kinds[0]), required=True,
                                       format_func=lambda name: KINDS[name]) or kinds[0])  # fmt: skip
    weeks = second.segmented_control("时段", PERIODS, key=linked("themes", "weeks", PERIODS, 13), required=True,
                                     format_func=lambda n: f"近 {n} 周")  # fmt: skip
    sources = ["", *SOURCES]
    source = str(first.segmented_control("来源", sources, key=linked("themes", "source", sources, ""), required=True,
                                         format_func=lambda name: SOURCES.get(name, "全部")) or "")  # fmt: skip
    areas = ["", *_areas(page)]
    area = second.selectbox(
        "区县", areas, key=linked("themes", "area", areas, ""),
        format_func=lambda code: page.gazetteer.area_name(code) if code else "全部区县",
    )  # fmt: skip
    keep_linked(kind=(kind, kinds[0]), weeks=(weeks, 13), source=(source, ""), area=(area, ""))
    if not known.has_themes:
        show(tag("p", "还没有训练主题模型，先按导出里的一级分类看。训练：jianwei retrain themes。", "jw-muted"))
    cell = Cell(source, area)
    show_weeks(page, known, kind, weeks or 13, cell)
    show_words(page, known, cell)
    show_shares(page, known, kind, weeks or 13)


def show_weeks(page: Page, known: Reach, kind: str, weeks: int, cell: Cell) -> None:
    """The figures of the last week, the heat table, and the table with the same week a year before."""
    k, at_hand = page.settings.min_cell, min(weeks, known.weeks)
    mondays = tuple(known.monday - timedelta(days=7 * back) for back in reversed(range(at_hand)))
    asked = (*((known.monday - YEAR,) if known.has_last_year else ()), known.monday - timedelta(days=7), *mondays)
    mine = ask(page.settings, subject_weeks, kind, _areas(page), tuple(dict.fromkeys(asked)), k=k)
    by_week = {(one.subject.key, one.week_on): one for one in mine}
    names = list(dict.fromkeys((one.subject.key, one.subject.name) for one in mine))
    rows = [HeatRow(name, tuple(by_week[key, monday].cells[cell] for monday in mondays)) for key, name in names]
    seen = [row for row in rows if any(not each.is_hidden for each in row.cells)]
    compared = tuple(known.monday - back for back in (timedelta(), timedelta(days=7), YEAR))
    whole = ask(page.settings, whole_weeks, _areas(page), compared, k=k)
    last, before, ago = (whole[monday][cell].people for monday in compared)
    show(strip((
        tile("最近一个整周", _week(known.monday), f"算到 {day_text(known.day)}；未满的一周不画"),
        tile("这一周的反映人", last, f"前一周 {before}；各周各自去重，不能相加"),
        tile("去年同周", ago if known.has_last_year else "没有",
             f"{_week(known.monday - YEAR)}，星期相同" if known.has_last_year
             else f"数据从 {known.first_on.year}年{day_text(known.first_on)} 开始，还不到一年"),
        tile(f"画出的{KINDS[kind]}", f"{min(len(seen), ROWS)} / {len(rows)} 个", rest_text(len(rows), len(seen), k)),
    )))  # fmt: skip
    show(tag("h2", text(f"每周有多少不同的人反映（近 {at_hand} 周，近 8 周人多的在上）")))
    if at_hand < weeks:
        show(tag("p", text(f"数据只有 {at_hand} 个整周，不足所选的 {weeks} 周。"), "jw-muted"))
    if not seen:
        show(tag("p", text(f"这样筛选，每一格都不足 {k} 人，不画。换一个来源或区县。"), "jw-muted"))
        return
    show(week_legend(seen[:ROWS], k=k))
    draw("weeks_chart", week_heat, seen[:ROWS], mondays, k=k)
    with st.expander("最近一周的数字"):
        show_last_week(known, names, by_week, cell)
    show(tag("p", text(FEW_AND_PARTNER.format(k=k)), "jw-muted"))
    about = {"来源": SOURCES.get(cell.source, "全部"),
             "区县": page.gazetteer.area_name(cell.area) if cell.area else "全部区县"}  # fmt: skip
    download(page, "主题趋势", lambda: (week_sheet(about, seen[:ROWS], mondays),))


def rest_text(n: int, n_seen: int, k: int) -> str:
    """Why the others are not drawn."""
    few = f"{n - n_seen} 个每周都不足 {k} 人" if n > n_seen else ""
    more = f"{n_seen - ROWS} 个人数较少" if n_seen > ROWS else ""
    return f"未画：{'，'.join(filter(None, (more, few)))}" if few or more else "全部画出"


def show_last_week(
    known: Reach, names: list[tuple[str, str]], by_week: dict[tuple[str, date], SubjectWeek], cell: Cell
) -> None:
    """One line a subject: this week, the one before, the same one a year before."""
    weeks = [known.monday, known.monday - timedelta(days=7), *([known.monday - YEAR] if known.has_last_year else [])]
    heads = ("名称", "最近一周", "前一周", "去年同周")
    lines = [
        (wide(text(name)), *(text(by_week[key, week].cells[cell].word) for week in weeks),
         *(() if known.has_last_year else (text("没有数据"),)))
        for key, name in names
        if not all(by_week[key, week].cells[cell].is_hidden for week in weeks)
    ]  # fmt: skip
    show(table(heads, lines, numbers=(1, 2, 3)))


def show_words(page: Page, known: Reach, cell: Cell) -> None:
    """Words that rose, and words that vanished."""
    k = page.settings.min_cell
    show(tag("h2", "新出现和消失的词（近 28 天比此前 28 天，人）"))
    if (known.day - known.first_on).days < 55:
        since = f"数据从 {known.first_on.year}年{day_text(known.first_on)} 开始，还不到 56 天，暂不比较。"
        show(tag("p", text(since), "jw-muted"))
        return
    changes = ask(page.settings, word_changes, cell.source, cell.area, _areas(page), k=k)
    left, right = st.columns(2)
    for column, lines, name, empty in (
        (left, changes.risen, "变多的词", "没有明显变多的词。"),
        (right, changes.fallen, "变少的词", "没有明显变少的词。"),
    ):
        with column:
            show(tag("h3", name))
            if lines:
                risen = column is left
                draw(f"words_{'risen' if risen else 'fallen'}", change_lines, lines, risen=risen, k=k)
            else:
                show(tag("p", empty, "jw-muted"))
    show(tag("p", text(
        f"空心是此前 28 天，实心是近 28 天，按不同的反映人数。"
        f"只列至少有 {k} 人用过、且变化到两倍或一半的词，已扣除总量的涨落；"
        f"灰底里不足 {k} 人，点的位置不表示人数。敏感和涉办事机构的诉求不计入。"
    ), "jw-muted"))  # fmt: skip


def show_shares(page: Page, known: Reach, kind: str, weeks: int) -> None:
    """Where the people of one subject come from, over the whole period."""
    k = page.settings.min_cell
    found = {subject.key: subject for subject in ask(page.settings, subjects, kind)}
    if not found:
        return
    show(tag("h2", text(f"一个{KINDS[kind]}来自哪里")))
    keys = list(found)
    key = st.selectbox(KINDS[kind], keys, key=linked("themes", "subject", keys, keys[0]),
                       format_func=lambda one: found[one].name)  # fmt: skip
    keep_linked(subject=(key, keys[0]))
    counts = ask(page.settings, subject_period, kind, key, _areas(page), weeks * 7, k=k)
    whole = counts.get(Cell())
    if whole is None or whole.is_hidden:
        show(tag("p", text(f"近 {weeks} 周不足 {k} 人，不细分。"), "jw-muted"))
        return
    left, right = st.columns(2)
    by_source = {name: counts[Cell(source)] for source, name in SOURCES.items()}
    by_area = {page.gazetteer.area_name(area): counts[Cell("", area)] for area in _areas(page)}
    for column, name, shares, chart in ((left, "来源", by_source, "by_source"), (right, "区县", by_area, "by_area")):
        with column:
            show(tag("h3", text(f"按{name}")))
            draw(chart, share_bars, shares, whole)
    first = max(known.monday + timedelta(days=7 - 7 * weeks), known.first_on)
    span = _week(first, known.monday + timedelta(days=6))
    show(tag("p", text(
        f"{span}共 {whole.word} 人，整段去重；不受上面来源、区县筛选的影响。"
        "一人可在几处反映，各份相加可以超过 100%；不知区县的不在图上。"
    ), "jw-muted"))  # fmt: skip


def _areas(page: Page) -> tuple[str, ...]:
    return tuple(area.adcode for area in page.gazetteer.areas)


def _week(first: date, last: date | None = None) -> str:
    last = last or first + timedelta(days=6)
    return f"{first.month}月{first.day}日至{last.month}月{last.day}日"


main()
