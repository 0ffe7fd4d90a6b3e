"""What every page begins with: the style, the heading, the state of the data, and the audit before any text."""

from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st

from board.answers import ask
from board.marks import Html, day_text, moment_text, notice, tag, text
from board.navigation import url_of
from board.permission import Viewer, viewer_of
from board.queries import Freshness, freshness
from board.sheet import run_page_script, show, show_style
from board.sign_in import signed_in_account
from signals.accounts import ROLE_NAMES, Account
from signals.audit import AuditEntry, append_audit
from signals.clock import LOCAL
from signals.errors import JianweiError, StateError
from signals.gazetteer import Gazetteer, load_gazetteer
from signals.settings import Settings, load_settings

SAID = "said_after_acting"  # of the session: what was just done, told once
NO_AUDIT = "审计不可写，原文不显示"
CITY_SENTENCE = "这里的统计是全市的，不只是您负责的部分。"
NOT_YOURS = "这里的内容不对您的账号开放，只显示数目。"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks, and the audit of what they are shown."""

    settings: Settings
    account: str
    role: str
    viewer: Viewer

    def may_show(self, action: str, subject: str, n: int) -> bool:
        """Write the audit line for n texts; False, with a sentence on the page, where it cannot be written.

        False too where the role may not see such text, whatever the page has asked for.
        """
        if n == 0:
            return True
        if not self.viewer.may_read(action):
            show(tag("p", text(NOT_YOURS), "jw-muted"))
            return False
        return self.may_note(action, subject, n)

    def note(self, action: str, subject: str, n: int) -> None:
        """Write an audit line. Raises StateError where it cannot be written."""
        entry = AuditEntry(datetime.now(LOCAL), self.account, self.role, action, subject, n)
        append_audit(self.settings.audit_folder, entry)

    def may_note(self, action: str, subject: str, n: int) -> bool:
        """Write an audit line; False, with a sentence on the page, where it cannot be written."""
        try:
            self.note(action, subject, n)
        except StateError as error:
            show(tag("p", text(f"{NO_AUDIT}。{error}"), "jw-warning"))
            return False
        return True


@dataclass(frozen=True, slots=True)
class Page(Visit):
    """What a view of the warehouse works with."""

    newest: Freshness
    gazetteer: Gazetteer

    def places(self, areas: tuple[str, ...], towns: tuple[str, ...] = ()) -> str:
        """District and town names in one line."""
        names = [self.gazetteer.area_name(area) for area in areas if area]
        return "、".join([*names, *(town for town in towns if town)]) or "地点未详"


def open_page(title: str, purpose: str, *, of_city: bool = False) -> Page:
    """Head of a view. Ends the script with a friendly page where nobody may look or there is nothing to see.

    of_city: what it counts is of the whole city whoever looks, under the rule of small cells.
    """
    settings, account = _permitted(title)
    try:
        gazetteer = load_gazetteer(settings.gazetteer)
        newest = ask(settings, freshness) if settings.warehouse_path.is_file() else None
    except JianweiError as error:
        show(_head(title, purpose, settings.city_name, ""))
        show(notice("数据暂时读不到", str(error)))
        st.stop()
    if newest is None:
        show(_head(title, purpose, settings.city_name, ""))
        show(first_steps())
        st.stop()
    viewer = viewer_of(account, k=settings.min_cell)
    purpose += CITY_SENTENCE if of_city and not viewer.is_centre else scope_sentence(viewer, gazetteer)
    now = datetime.now(LOCAL)
    show(_head(title, purpose, settings.city_name, Html(as_of(newest, now.date()) + _on_paper(account.name, now))))
    run_page_script()
    if said := st.session_state.pop(SAID, ""):
        st.toast(f"✓ {said}")
    return Page(settings, account.name, account.role, viewer, newest, gazetteer)


def open_without_data(title: str, purpose: str) -> Visit:
    """Head of a view that needs no day to have run; ends like `open_page`."""
    settings, account = _permitted(title)
    show(_head(title, purpose, settings.city_name, _on_paper(account.name, datetime.now(LOCAL))))
    run_page_script()
    return Visit(settings, account.name, account.role, viewer_of(account, k=settings.min_cell))


def _permitted(title: str) -> tuple[Settings, Account]:
    """The account that may open the page with this title; ends the script with a page that says so where none may."""
    show_style()
    account = signed_in_account()
    if account is None:
        show(notice("请先登录", "打开看板的首页登录。"))
        st.stop()
    settings = load_settings()
    url = url_of(title)
    if url is None or not viewer_of(account, k=settings.min_cell).may_open(url):
        show(_head(title, "", settings.city_name, ""))
        show(not_open(title, ROLE_NAMES[account.role]))
        st.stop()
    return settings, account


def as_of(newest: Freshness, today: date) -> Html:
    """How fresh the data are; older than yesterday is said aloud."""
    behind = (today - newest.day).days
    words = f"数据截至 {newest.day.year}年{day_text(newest.day)}"
    if behind > 1:
        late = f"已 {behind} 天没有新的批次" if behind < 1000 else "早已没有新的批次"
        return tag("span", text(f"{words} · {late}"), "jw-asof jw-stale")
    return tag("span", text(f"{words} · {moment_text(newest.finished_at)}算完"), "jw-asof")


def scope_sentence(viewer: Viewer, gazetteer: Gazetteer) -> str:
    """Whose part of the data a viewer outside the centre sees; "" for the centre."""
    if viewer.is_centre:
        return ""
    areas = "、".join(gazetteer.area_name(area) for area in viewer.areas) or "全市"
    return f"您看到的只是{areas}{f'对{viewer.office}开放' if viewer.office else ''}的部分。"


def not_open(title: str, role: str) -> Html:
    """The page of somebody whose role does not open it."""
    return notice(
        f"{title}不对{role}开放",
        "这一页没有显示任何数据。上方导航里是您可以打开的页面。",
        "工作上需要的话，请运维员给您换一个角色，或另建账号。",
    )


def first_steps() -> Html:
    """The page of an empty warehouse: the two commands that fill it."""
    commands = tag("pre", "jianwei ingest 导出文件.xlsx\njianwei run")
    lines = tag("h2", "还没有可以看的数据") + tag("p", "先导入各系统的导出文件，再计算一天，这里就会有内容：")
    after = tag("p", text("只想看看样子？运行 make demo，会用一座虚构的小城从头走一遍。"))
    return tag("section", lines + commands + after, "jw-notice")


def _on_paper(name: str, now: datetime) -> Html:
    """The button that copies the address; who prints the page and when, on paper only: until then, who opened it."""
    at = tag("time", text(f"{now.year}年{moment_text(now)}"))
    said = tag("span", text(f"{name} 打印于 ") + at, "jw-printed")
    return Html(tag("button", "复制链接", "jw-copy", type="button") + said)


def _head(title: str, purpose: str, city: str, state: Html | str) -> Html:
    words = tag("h1", text(title)) + (tag("p", text(purpose)) if purpose else Html(""))
    brand = tag("span", f"见微<em>{text(city)}</em>", "jw-brand")
    return tag("header", tag("div", words) + tag("div", brand + state, "jw-side"), "jw-head")
