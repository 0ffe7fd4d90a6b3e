"""Carrying out what somebody decided on a page: the audit line first, one short write, and a page that shows it."""

from collections.abc import Callable

import duckdb
import streamlit as st

from board.marks import tag, text
from board.page import SAID, Page
from board.sheet import show
from signals.errors import JianweiError
from signals.store.views import renew_view
from signals.store.warehouse import changing

WAIT_SECONDS = 15.0  # for a run or an import to end its short write


def act(
    page: Page, permission: str, action: str, subject: str, change: Callable[[duckdb.DuckDBPyConnection], object],
    said: str,
) -> None:  # fmt: skip
    """Write, then show the page anew with `said`; where it is refused, a sentence, and nothing is changed.

    A page that stands open elsewhere may be out of date: `change` has to check again what the warehouse holds.
    """
    if not page.viewer.may_do(permission):
        show(tag("p", "这一步不对您的岗位开放，没有记录。", "jw-warning"))
        return
    if not page.may_note(action, subject, 1):
        return
    try:
        with st.spinner("正在记录……"), changing(page.settings.warehouse_path, wait_seconds=WAIT_SECONDS) as con:
            change(con)
    except JianweiError as error:
        show(tag("p", text(f"没有记录：{error}"), "jw-warning"))
        return
    renew_view(page.settings.warehouse_path)
    st.session_state[SAID] = said
    st.rerun()
