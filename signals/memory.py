"""What the engine remembers between two days: every known report as one row of parallel arrays.

All of it can be rebuilt from the warehouse (`signals.store.memories`), and a day computed on a rebuilt memory is the
same to the last bit as one computed on a memory carried on.
"""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from signals.corrections import Standing
from signals.counting import town_key
from signals.detector.baseline import DEFAULT_PRIOR, Prior, default_prior
from signals.detector.shiryaev_roberts import GROWTH
from signals.detector.youth import days_heard
from signals.linking.chance import LARGEST, Chance, against_chance
from signals.linking.cosines import cosines
from signals.linking.latent import Latent
from signals.linking.merging import Merge
from signals.linking.naming import Called
from signals.linking.rows import Rows
from signals.linking.sums import IssueSums
from signals.linking.vectors import (
    COLUMNS,
    Vectors,
    no_vectors,
    town_vectors,
    weigh,
)
from signals.progress import Facts, Handled
from signals.records import Report, Source, Update
from signals.reports import Reports

SOURCES = tuple(Source)
GRADES = (0.0, 0.15, 0.22)  # similarity of a link from which a voice counts in the series of that grade
FOUNDER = (0.5, 0.75, 1.0)  # voices that what founded an issue counts as there: it tells most of its likes
STATE = (len(GRADES), len(GROWTH))  # shape of the e-SR state of an issue
Name = TypeVar("Name", str, tuple[str, str])
NOBODY = -1  # complainant number of a report whose complainant is unknown


@dataclass(frozen=True, slots=True)
class Arrival:
    """A report as it reaches the engine on its day, with what only the engine may see."""

    report: Report
    complainant: str | None  # keyed hash, None when absent
    in_danger: bool = False  # it has a watch row


@dataclass(frozen=True, slots=True)
class LastAlert:
    """When an issue was last shown as an alert, and with how many distinct complainants."""

    day: date
    n_complainants: int


@dataclass
class Memory:
    """Parallel columns over reports in the order known, and the state of issues and series."""

    reports: Reports = field(default_factory=Reports)
    day: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # ordinal of the run day
    source: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # index into SOURCES
    area: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # number of the adcode, 0 = unknown
    received: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))  # seconds since the epoch
    complainant: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    theme: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # by the version in force, 0 = none
    category: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # of the export, as its kind
    kind: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # number in `kinds`
    place: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # number in `places`
    text: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # equal where texts are
    grievance: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    danger: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    quotable: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))  # see `arriving.may_quote`
    group: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # largest group a report states
    marks: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # see `text.saying`
    void: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    issue: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # current issue
    home: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # issue joined when it came
    similarity: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))  # to the issue joined, 0.0 of founders
    is_voice: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    is_first: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    counts: Rows = field(default_factory=lambda: Rows(COLUMNS, dtype=np.uint8))  # of tokens in each text
    place_counts: Rows = field(default_factory=lambda: Rows(COLUMNS, dtype=np.uint8))  # of those in names of places
    matter_counts: Rows = field(default_factory=lambda: Rows(COLUMNS, dtype=np.uint8))  # of those in the rest
    vocabulary: dict[int, str] = field(default_factory=dict)  # a word of each column
    called: dict[int, Called] = field(default_factory=dict)  # by issue, since the last refresh
    sums: IssueSums = field(default_factory=IssueSums)  # of the members that vote
    voting_after: int = 0  # ordinal of the day after which members vote

    row_of: dict[str, int] = field(default_factory=dict)
    members: dict[int, "array[int]"] = field(default_factory=dict)  # rows of each issue, in the order known
    standing: Standing = field(default_factory=Standing)  # what corrections in force come to, the engine's merges too
    matter: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # 0 when it has none
    matter_voice: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    matter_first: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, bool))
    matter_sums: IssueSums = field(default_factory=IssueSums)
    matter_members: dict[int, "array[int]"] = field(default_factory=dict)
    raised: dict[int, tuple[int, ...]] = field(default_factory=dict)  # by matter: issues it made one
    matter_prior: Prior = DEFAULT_PRIOR
    next_matter: int = 1

    handled: Handled = field(default_factory=Handled)
    telling: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(len(SOURCES), bool))  # ever, of ends
    facts: dict[str, list[Update]] = field(default_factory=dict)  # of reports that have not come, by their key
    people: dict[str, int] = field(default_factory=dict)
    places: dict[tuple[str, str], int] = field(default_factory=dict)  # area and town of a report, either may be ""
    kinds: dict[str, int] = field(default_factory=lambda: {"": 0})  # of trouble: a theme, or an export's category
    areas: dict[str, int] = field(default_factory=lambda: {"": 0})  # number of each adcode

    watched: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))  # issues with a state, ascending
    m: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, *STATE)))  # their e-SR states
    back_count: dict[int, int] = field(default_factory=dict)  # by issue, where there are any
    last_alert: dict[int, LastAlert] = field(default_factory=dict)
    next_issue: int = 1
    priors: tuple[Prior, ...] = tuple(default_prior(founder) for founder in FOUNDER)
    theme_version: str = ""
    paces: dict[int, float] = field(default_factory=dict)  # by kind, see `signals.priors`
    refreshed_on: date | None = None
    idf: NDArray[np.float32] | None = None
    place_idf: NDArray[np.float32] | None = None
    chance: Chance | None = None  # of texts
    matter_chance: Chance | None = None  # of what they say apart from where
    latent: Latent | None = None

    days: list[date] = field(default_factory=list)  # days run, ascending
    totals: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, len(SOURCES))))
    exposures: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, len(SOURCES))))

    @property
    def days_heard(self) -> int:
        """Over how many of the days run reports of problems have been heard."""
        return int(days_heard(self.totals.sum(axis=1))[-1]) if len(self.totals) else 0

    @property
    def n(self) -> int:
        return len(self.reports)

    def number(self, table: dict[Name, int], name: Name) -> int:
        """A small stable number for a name, in order of first sight."""
        return table.setdefault(name, len(table))

    def learn(self, facts: Facts) -> None:
        """Bring what was done about rows up to date with facts that became known after all before."""
        self.handled.learn(facts)
        self.telling[self.source[facts.rows_of_ends()]] = True

    def seconds_late(self, rows: NDArray[np.int64], at: float) -> NDArray[np.float64]:
        """How long after its deadline each was dealt with, or not yet by `at`; NaN where its source never told of ends.

        An export that never tells when anything was dealt with does not tell either that something was not.
        """
        done = self.handled.done(rows)
        late = np.where(np.isnan(done), at, done) - self.handled.due(rows)
        late[~self.telling[self.source[rows]]] = np.nan
        return np.asarray(late)

    def give_theme(self, row: int, theme: int) -> None:
        """Note the theme of a report."""
        self.theme[row] = theme
        self.kind[row] = self.number(self.kinds, f"#{theme}")

    def set_themes(self, version: str, theme_of: Mapping[str, int]) -> None:
        """Forget all themes for those of another version, by report key; absent = none."""
        self.theme_version = version
        self.theme[:] = 0
        self.kind[:] = self.category
        for key, theme in theme_of.items():
            self.give_theme(self.row_of[key], theme)

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Vectors of rows by the token weights of the last refresh."""
        if self.idf is None or self.place_idf is None or self.chance is None:
            return no_vectors(len(rows))
        towns = town_vectors([town_key(area, town) for area, town in self.places])[self.place[rows]]
        texts, places = weigh(self.counts.take(rows), self.idf), weigh(self.place_counts.take(rows), self.place_idf)
        latent = self.latent.of(texts) if self.latent else np.zeros((len(rows), 0))
        return Vectors(against_chance(texts, self.chance, LARGEST), places, towns, latent)

    def text_vectors(self, rows: NDArray[np.int64]) -> sparse.csr_matrix:
        """Of the vectors of rows those of their texts alone."""
        return weigh(self.counts.take(rows), self.idf) if self.idf is not None else no_vectors(len(rows)).text

    def text_similarities(self, row: int, others: NDArray[np.int64]) -> NDArray[np.float64]:
        """Cosines of the text of a row with those of others, shape (len(others),)."""
        return cosines(self.counts, row, others, self.idf) if self.idf is not None else np.zeros(len(others))

    def matter_vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Vectors of what rows say apart from where."""
        if self.idf is None or self.matter_chance is None:
            return no_vectors(len(rows))
        matters = against_chance(weigh(self.matter_counts.take(rows), self.idf), self.matter_chance)
        return replace(no_vectors(len(rows)), text=matters)

    def assign(self, rows: NDArray[np.int64], issues: NDArray[np.int64]) -> None:
        """Put rows that had no issue into theirs."""
        self.issue[rows] = self.home[rows] = issues
        for row, issue in zip(rows.tolist(), issues.tolist(), strict=True):
            self.members.setdefault(issue, array("q")).append(row)

    def join(self, absorbed: int, survivor: int) -> None:
        """Give all rows of one issue to another."""
        moved = self.members.pop(absorbed, array("q"))
        self.issue[np.array(moved, np.int64)] = survivor
        self.members[survivor] = array("q", sorted([*self.members.get(survivor, ()), *moved]))
        self.sums.join(absorbed, survivor)
        if back := self.back_count.pop(absorbed, 0):
            self.back_count[survivor] = self.back_count.get(survivor, 0) + back
        if last := self.last_alert.pop(absorbed, None):
            both = (last, self.last_alert.get(survivor, last))
            self.last_alert[survivor] = max(both, key=lambda alert: (alert.day, alert.n_complainants))

    def give(self, rows: NDArray[np.int64], issue: int) -> None:
        """Give rows, ascending, to an issue that is not theirs; stakes and last alerts stay where they are."""
        for old in np.unique(self.issue[rows]).tolist():
            left = np.setdiff1d(np.array(self.members.pop(old), np.int64), rows)
            if len(left):
                self.members[old] = array("q", left.tolist())
        voting = rows[(self.day[rows] > self.voting_after) & ~self.void[rows]]
        if len(voting):
            self.sums.add(self.vectors(voting), self.issue[voting], sign=-1.0)
            self.sums.add(self.vectors(voting), np.full(len(voting), issue))
        self.issue[rows] = issue
        self.members[issue] = array("q", sorted([*self.members.get(issue, ()), *rows.tolist()]))

    def apply(self, merges: Sequence[Merge]) -> None:
        """Carry out merges of the engine, in their order."""
        survivor_of: dict[int, int] = {}
        for step in reversed(merges):
            survivor_of[step.absorbed] = survivor_of.get(step.survivor, step.survivor)
        for step in merges:
            self.standing.merged[step.absorbed] = step.survivor
            self.join(step.absorbed, step.survivor)
        self.join_states(survivor_of)

    def join_states(self, survivor_of: dict[int, int]) -> None:
        """Add the e-SR states of absorbed issues to those of their survivors: merged issues add their stakes."""
        issues = np.array([survivor_of.get(issue, issue) for issue in self.watched.tolist()], np.int64)
        self.watched, place = np.unique(issues, return_inverse=True)
        joined = np.zeros((len(self.watched), *STATE))
        np.add.at(joined, place, self.m)
        self.m = joined

    def is_refresh_due(self, day: date) -> bool:
        """On the first day of a month, and while the stream is young whenever the texts have doubled."""
        if self.refreshed_on is None or (day.year, day.month) != (self.refreshed_on.year, self.refreshed_on.month):
            return True
        return self.n >= 2 * int((self.day <= self.refreshed_on.toordinal()).sum())

    def rows_of(self, issue_id: int) -> NDArray[np.int64]:
        """Rows of an issue's reports that still count, in the order known."""
        rows = np.array(self.members.get(issue_id, ()), np.int64)
        return rows[~self.void[rows]]

    def states(self, issues: NDArray[np.int64]) -> NDArray[np.float64]:
        """The e-SR states of issues, zeros where there is none yet; shape (len(issues), *STATE)."""
        if not len(self.watched):
            return np.zeros((len(issues), *STATE))
        place = np.minimum(np.searchsorted(self.watched, issues), len(self.watched) - 1)
        found = self.m[place]
        found[self.watched[place] != issues] = 0.0
        return found

    def is_firm(self, rows: NDArray[np.int64], grade: float) -> NDArray[np.bool_]:
        """Which voices count in the series of a grade: those linked at least so firmly, and those that founded."""
        return np.asarray(self.is_first[rows] | (self.similarity[rows] >= grade))

    def distinct(self, rows: NDArray[np.int64] | Sequence[int]) -> int:
        """Distinct complainants among rows that are grievances: known people once, unknown ones by counted voices."""
        index = np.asarray(rows, dtype=np.int64)
        index = index[self.grievance[index]]
        people = self.complainant[index]
        unknown = self.is_voice[index] & (people == NOBODY)
        return len(set(people.tolist()) - {NOBODY}) + int(unknown.sum())
