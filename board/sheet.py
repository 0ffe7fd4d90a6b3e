"""Putting the board's own HTML and its one style sheet on the page."""

from importlib.resources import files

import streamlit as st

from board.marks import Html


def show(html: Html) -> None:
    """Put the board's own HTML on the page; `marks.text` has made all data in it harmless."""
    st.html(html)


def run_script(script: str) -> None:
    """Run the board's own script in the browser: no data of a report may ever be in it."""
    if script:
        st.html(script, unsafe_allow_javascript=True)


def show_style() -> None:
    """The one style sheet, read from the package."""
    st.html(f"<style>{files('board').joinpath('style.css').read_text('utf-8')}</style>")
