"""Putting the board's own HTML and its one style sheet on the page."""

from importlib.resources import files

import streamlit as st

from board.marks import Html


def show(html: Html) -> None:
    """Put the board's own HTML on the page, where there is any; `marks.text` has made all data in it harmless."""
    if html:  # Streamlit refuses nothing
        st.html(html)


def run_script(script: str) -> None:
    """Run the board's own script in the browser: no data of a report may ever be in it."""
    if script:
        st.html(script, unsafe_allow_javascript=True)


def show_style() -> None:
    """The one style sheet, read from the package."""
    st.html(f"<style>{_read('style.css')}</style>")


def run_page_script() -> None:
    """The script of every page, read from the package."""
    run_script(f"<script>{_read('page.js')}</script>")


def _read(name: str) -> str:
    return files("board").joinpath(name).read_text("utf-8")
