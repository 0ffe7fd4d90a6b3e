"""The board's entry: page config, sign-in, navigation. Nothing else."""

import streamlit as st

from board.navigation import open_board
from board.sign_in import sign_in_page

st.set_page_config(page_title="见微 · 苗头预警", layout="wide", initial_sidebar_state="collapsed")
if (account := sign_in_page()) is not None:
    open_board(account)
