"""The pages of the board, in order. A new page is a file in views/, a line here and one in `permission.MAY_OPEN`."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from board.permission import viewer_of
from signals.accounts import Account

VIEWS = Path(__file__).parent / "views"


@dataclass(frozen=True, slots=True)
class BoardPage:
    """One page: its file, what people call it, and its address below the board's own."""

    file: str
    title: str
    url: str

    @property
    def path(self) -> Path:
        return VIEWS / self.file


PAGES = (
    BoardPage("today.py", "今日预警", ""),
    BoardPage("issue.py", "议题", "issue"),
    BoardPage("handling.py", "处置闭环", "handling"),
    BoardPage("radar.py", "弱信号雷达", "radar"),
    BoardPage("hotspots.py", "热点图", "hotspots"),
    BoardPage("themes.py", "主题趋势", "themes"),
    BoardPage("indicators.py", "指标", "indicators"),
    BoardPage("quality.py", "数据质量", "quality"),
    BoardPage("models.py", "数据与模型", "models"),
    BoardPage("upload.py", "导入预览", "upload"),
    BoardPage("audit.py", "审计", "audit"),
)


def url_of(title: str) -> str | None:
    """The address of the page with this title; None where there is no such page."""
    return next((page.url for page in PAGES if page.title == title), None)


def open_board(account: Account) -> None:
    """Run the page that was asked for, with those in the navigation that the account may open.

    The others stay reachable by their address, where `open_page` says that they are not for this role.
    """
    viewer = viewer_of(account, k=5)
    pages = {
        page.url: st.Page(
            page.path, title=page.title, url_path=page.url, default=page.url == "",
            visibility="visible" if viewer.may_open(page.url) else "hidden",
        )
        for page in PAGES
    }  # fmt: skip
    asked = st.navigation(list(pages.values()), position="top")
    if asked is pages[""] and not viewer.may_open(""):
        st.switch_page(next(page for url, page in pages.items() if viewer.may_open(url)))
    asked.run()
