"""Processes that work for this one, and end with it, however it ends: they hold texts, raw ones among them."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from typing import Any


def fresh_processes(n: int, begin: Callable[..., None] | None = None, *given: Any) -> ProcessPoolExecutor:
    """A pool of n processes that share nothing with this one; each calls begin(*given) first, where it is given."""
    return ProcessPoolExecutor(n, get_context("spawn"), _start, (begin, given))


def _start(begin: Callable[..., None] | None, given: tuple[Any, ...]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if begin:
        begin(*given)


def _end_with_parent() -> None:
    """A killed parent cannot tell its processes to end, and they would wait for its work for ever."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)
