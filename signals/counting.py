"""What is read off a day's texts, ahead in a process of its own where there are many days to catch up with."""

from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from signals.linking.vectors import features, stack
from signals.processes import fresh_processes
from signals.records import Report
from signals.text.saying import marks_of, same_text, stated_group, words_of

WORTH_A_PROCESS = 5000  # reports to catch up with: starting one costs about a second


class Text(NamedTuple):
    """What is counted of a report."""

    key: str
    title: str
    body: str
    town: str  # as `town_key`


class TokenCounts(NamedTuple):
    """Tokens of some texts (`vectors.Tokens`), each (n_texts, COLUMNS)."""

    text: sparse.csr_matrix
    place: sparse.csr_matrix
    matter: sparse.csr_matrix


class Said(NamedTuple):
    """What else is read off some texts (`text.saying`), each (n_texts,)."""

    text: NDArray[np.int64]
    group: NDArray[np.int64]
    marks: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counted:
    """The token counts of some texts, what else they say, and the first word seen in each column."""

    keys: tuple[str, ...]
    tokens: TokenCounts
    said: Said
    words: dict[int, str]


def town_key(area: str, town: str) -> str:
    """A key of the town that a report names in its place columns, "" when it names none."""
    return area + town if town else ""


def text_of(report: Report) -> Text:
    """What is counted of a report."""
    return Text(report.key, report.title, report.body, town_key(report.area, report.town))


def count(texts: Sequence[Text], body_characters: int) -> Counted:
    """Count the tokens of texts, and read what else they say. A text that was erased repeats no other."""
    words: dict[int, str] = {}
    found = [
        features(text.title, text.body, town=text.town, body_characters=body_characters, vocabulary=words)
        for text in texts
    ]
    tokens = TokenCounts(*(stack([each[part] for each in found]) for part in range(3)))
    plain = [words_of(text.title, text.body) for text in texts]
    same = [same_text(words if text.title or text.body else text.key) for text, words in zip(texts, plain, strict=True)]
    others = ([read(words) for words in plain] for read in (stated_group, marks_of))
    said = Said(*(np.array(column, np.int64) for column in (same, *others)))
    return Counted(tuple(text.key for text in texts), tokens, said, words)


@dataclass
class Ahead:
    """Counts in another process, one day at a time; without one it counts nothing, and the day does so itself."""

    body_characters: int
    _process: ProcessPoolExecutor | None = None
    _coming: dict[date, "Future[Counted]"] = field(default_factory=dict)

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start(self, day: date, texts: Sequence[Text]) -> None:
        """Begin to count the texts of a day."""
        if self._process and texts:
            self._coming[day] = self._process.submit(count, texts, self.body_characters)

    def take(self, day: date) -> Counted | None:
        """The counts of a day that was begun; None where there are none, or the process was killed."""
        coming = self._coming.pop(day, None)
        try:
            return coming.result() if coming else None
        except BrokenExecutor:
            self._process = None
            return None


@contextmanager
def counting_ahead(n_reports: int, body_characters: int) -> Iterator[Ahead]:
    """A process that counts ahead, where n_reports make one worth its start."""
    if n_reports < WORTH_A_PROCESS:
        yield Ahead(body_characters)
        return
    with fresh_processes(1) as process:
        try:
            yield Ahead(body_characters, process)
        finally:
            process.shutdown(wait=False, cancel_futures=True)
