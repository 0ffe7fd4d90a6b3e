"""All rows of a file, redacted in their order; by several processes where there are many.

A process that redacts holds raw rows in memory only.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from itertools import chain, islice

from signals.processes import fresh_processes
from signals.reading import RawRow
from signals.redacting import Redacted, Redactor

ALONE = 3_000  # rows that one process redacts before others are worth their start
AT_ONCE = 500  # rows that a process is handed
_own: list[Redactor] = []  # of a process that was started here


def redact_rows(rows: Iterable[RawRow], redactor: Redactor, *, n_processes: int) -> Iterator[Redacted]:
    """Each row redacted, in order, with at most 2 · n_processes · AT_ONCE rows on their way.

    Whatever reading a row raises comes out, before the rows that are on their way.
    """
    coming = _lists(rows)
    for some in islice(coming, ALONE // AT_ONCE) if n_processes > 1 else coming:
        yield from redactor.each(some)
    first = next(coming, None)
    if first is None:
        return
    with fresh_processes(n_processes, _begin, redactor) as pool:
        waiting: deque[Future[list[Redacted]]] = deque()
        try:
            for some in chain([first], coming):
                waiting.append(pool.submit(_redact, some))
                if len(waiting) >= 2 * n_processes:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0))


def _begin(redactor: Redactor) -> None:
    _own[:] = [redactor]


def _redact(rows: list[RawRow]) -> list[Redacted]:
    return _own[0].each(rows)


def _lists(rows: Iterable[RawRow]) -> Iterator[list[RawRow]]:
    """The rows, AT_ONCE of them together."""
    coming = iter(rows)
    while some := list(islice(coming, AT_ONCE)):
        yield some
