"""The board's entry: page config, sign-in, navigation. Nothing else."""

import streamlit as st

from board.navigation import PAGES
from board.sign_in import signed_in_account

st.set_page_config(page_title="见微 · 苗头预警", layout="wide", initial_sidebar_state="collapsed")
if signed_in_account() is not None:
    st.navigation(
        [st.Page(page.path, title=page.title, url_path=page.url, default=page.url == "") for page in PAGES],
        position="top",
    ).run()
