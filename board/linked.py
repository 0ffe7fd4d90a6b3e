"""Filters that stand in the address: a link or a reload restores the page."""

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

Option = TypeVar("Option")


def linked(page: str, name: str, options: Sequence[Option], default: Option) -> str:
    """The key of a widget whose first value is the one the address asks for, where there is such an option.

    Keys are a page's own: a widget of another page that was just left would otherwise hand its state on, and lose it.
    """
    asked = {str(option): option for option in options}.get(st.query_params.get(name, ""), default)
    key = f"{page}_{name}"
    if st.session_state.get(key) not in options:
        st.session_state[key] = asked
    return key


def keep_linked(**chosen: tuple[object, object]) -> None:
    """Put what was chosen into the address, each as (value, default); a default is left out."""
    for key, (value, default) in chosen.items():
        if value == default:
            st.query_params.pop(key, None)
        else:
            st.query_params[key] = str(value)
