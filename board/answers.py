"""Answers of the newest copy of the warehouse, remembered until there is a newer one: nobody waits for a writer.

An answer is one object for all who ask: records and tuples, which nobody changes.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import duckdb
import streamlit as st

from signals.settings import Settings
from signals.store.views import newest_view, viewing

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def ask(
    settings: Settings,
    query: Callable[Concatenate[duckdb.DuckDBPyConnection, Arguments], Answer],
    *args: Arguments.args,
    **kwargs: Arguments.kwargs,
) -> Answer:
    """The answer of one query function. Raises StateError like `viewing`."""
    path = settings.warehouse_path
    view = newest_view(path)  # None: no copy can be made, so the file itself is asked
    changed = view.name if view else str(path.stat().st_mtime_ns)
    name = f"{query.__module__}.{query.__qualname__}"
    named = tuple(sorted(kwargs.items()))
    return cast(Answer, _answer(str(path), changed, name, args, named, query, settings.wait_seconds))


@st.cache_resource(show_spinner=False, max_entries=256)
def _answer(
    path: str,
    changed: str,
    name: str,
    args: tuple[Any, ...],
    named: tuple[tuple[str, Any], ...],
    _query: Callable[..., Any],
    _wait_seconds: float,
) -> Any:
    with viewing(Path(path), wait_seconds=_wait_seconds) as connection:
        return _query(connection, *args, **dict(named))
