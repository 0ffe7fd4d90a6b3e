"""Rules on clusters that people use: so many voices in so many days. And the one rule of when a cluster may ring again.

A cluster rings again only when its counted reports of 120 days are twice those of its last alert, or after 42 quiet
days, as Jianwei's issues do.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from benchmarks.arrays import Bools, Ints
from benchmarks.counts.suppression import QUIET_DAYS
from benchmarks.side_by_side.streams import Raised
from signals.suppression import WATCHED_DAYS

VOICES, DAYS = range(2, 9), (4, 7, 14, 30, 42)  # of the plain rules tried with hindsight
Rule = Callable[[Ints, int], bool]  # days of a cluster's counted reports, ascending, and today → does it ring


@dataclass(frozen=True)
class Move:
    """From `day` (an ordinal) on, a row belongs to a cluster."""

    day: int
    row: int
    cluster: int


@dataclass
class Again:
    """What each cluster counted at its last alert."""

    counted: dict[int, int] = field(default_factory=dict)

    def may_ring(self, cluster: int, n: int, quiet_days: int) -> bool:
        """Whether a cluster that counts n now may be shown; quiet_days: since its last report before today."""
        last = self.counted.get(cluster)
        return last is None or n >= 2 * last or quiet_days >= QUIET_DAYS

    def merge(self, absorbed: int, survivor: int) -> None:
        """The survivor has rung for both."""
        if absorbed in self.counted:
            self.counted[survivor] = max(self.counted.get(survivor, 0), self.counted.pop(absorbed))


def in_window(days: Ints, today: int, window: int) -> int:
    """Reports of the last `window` days, today included."""
    return int(((days > today - window) & (days <= today)).sum())


def nth_in(n: int, window: int) -> Rule:
    """At least so many in so many days."""
    return lambda days, today: in_window(days, today, window) >= n


third_in_thirty = nth_in(3, 30)


def third_or_second(days: Ints, today: int) -> bool:
    """At least the third in 42 days or the second in 4."""
    return in_window(days, today, 42) >= 3 or in_window(days, today, 4) >= 2


def ring(moves: Iterable[Move], day: Ints, counts: Bools, rule: Rule) -> list[Raised]:
    """Alerts of a rule at each day's end, over clusters with a new report that counts.

    day: (n,) when each row became known; counts: (n,) whether it counts as a voice. Rows that do not count are shown.
    """
    members: dict[int, list[int]] = defaultdict(list)
    place: dict[int, int] = {}
    again, found = Again(), []
    by_day: dict[int, list[Move]] = defaultdict(list)
    for move in moves:
        by_day[move.day].append(move)
    for today in sorted(by_day):
        news: set[int] = set()
        for move in by_day[today]:
            if (before := place.get(move.row)) is not None:
                members[before].remove(move.row)
                again.merge(before, move.cluster)
            place[move.row] = move.cluster
            members[move.cluster].append(move.row)
            if day[move.row] == today and counts[move.row]:
                news.add(move.cluster)
        for cluster in sorted(news):
            rows = np.array(sorted(members[cluster]), np.int64)
            days = np.sort(day[rows[counts[rows]]])
            n, earlier = in_window(days, today, WATCHED_DAYS), days[days < today]
            quiet = today - int(earlier[-1]) if len(earlier) else 0
            if rule(days, today) and again.may_ring(cluster, n, quiet):
                again.counted[cluster] = n
                found.append(Raised(today, cluster, tuple(rows[day[rows] > today - WATCHED_DAYS].tolist())))
    return found
