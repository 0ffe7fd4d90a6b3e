"""Answers of the warehouse, remembered until the file changes. A connection lasts for one query only."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import duckdb
import streamlit as st

from signals.settings import Settings
from signals.store.warehouse import reading

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


def ask(
    settings: Settings,
    query: Callable[Concatenate[duckdb.DuckDBPyConnection, Arguments], Answer],
    *args: Arguments.args,
    **kwargs: Arguments.kwargs,
) -> Answer:
    """The answer of one query function. Raises StateError or WarehouseBusyError like `reading`."""
    path = settings.warehouse_path
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    name = f"{query.__module__}.{query.__qualname__}"
    named = tuple(sorted(kwargs.items()))
    return cast(Answer, _answer(str(path), changed, name, args, named, query, settings.wait_seconds))


@st.cache_data(show_spinner=False, max_entries=256)
def _answer(
    path: str,
    changed: int,
    name: str,
    args: tuple[Any, ...],
    named: tuple[tuple[str, Any], ...],
    _query: Callable[..., Any],
    _wait_seconds: float,
) -> Any:
    with reading(Path(path), wait_seconds=_wait_seconds) as connection:
        return _query(connection, *args, **dict(named))
