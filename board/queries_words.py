"""How much of what people say is new: words of a week that no earlier day used. Read off the tokens of each day."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from board.queries import Connection
from signals.linking.vectors import HALF

LEARNING_DAYS = 56  # in which nearly every word is new


@dataclass(frozen=True, slots=True)
class NewWords:
    """One week."""

    week_on: date
    n_words: int  # different words
    n_new: int  # of them, in no text of the days before the week

    @property
    def share(self) -> float:
        return self.n_new / self.n_words if self.n_words else 0.0


def new_words(con: Connection, day: date, *, weeks: int = 26) -> tuple[NewWords, ...]:
    """Whole weeks up to `day`, oldest first, those of the first LEARNING_DAYS left out."""
    until = day - timedelta(days=(day.weekday() + 1) % 7)
    start = until - timedelta(days=7 * weeks)
    known = np.zeros(HALF, bool)
    first: date | None = None
    found: dict[date, np.ndarray] = {}
    answer = con.execute("SELECT day, columns FROM tokens WHERE part = 'text' AND day <= ? ORDER BY day", [until])
    while rows := answer.fetchmany(50):
        for on, blob in rows:
            first = first or on
            columns = np.frombuffer(blob, "<i4")
            used = columns[columns < HALF]
            if on <= start:
                known[used] = True
            else:
                found.setdefault(on - timedelta(days=on.weekday()), np.zeros(HALF, bool))[used] = True
    weeks_of: list[NewWords] = []
    for monday, used_now in sorted(found.items()):
        if first and (monday - first).days >= LEARNING_DAYS:
            weeks_of.append(NewWords(monday, int(used_now.sum()), int((used_now & ~known).sum())))
        known |= used_now
    return tuple(weeks_of)
