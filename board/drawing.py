"""Charts on the page. One of the same records is made once for everybody: making it takes longer than asking."""

import pickle
from collections.abc import Callable
from typing import Any, ParamSpec

import streamlit as st

Records = ParamSpec("Records")


def draw(key: str, chart: Callable[Records, Any], *records: Records.args, **options: Records.kwargs) -> None:
    """Put the chart of some records on the page, as wide as its place. key: of the element, unique on its page.

    The records are plain values: what `chart` gives depends on nothing else.
    """
    of = pickle.dumps((chart.__module__, chart.__qualname__, records, options))
    _drawn(key, of, chart, records, options)


@st.cache_resource(show_spinner=False, max_entries=128)
def _drawn(key: str, of: bytes, _chart: Callable[..., Any], _records: Any, _options: Any) -> None:
    st.altair_chart(_chart(*_records, **_options), theme=None, width="stretch", key=key)
