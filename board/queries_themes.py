"""What the page of themes asks: people a week by theme or category, the same weeks a year before, words, shares.

Numbers leave this file under the rule of small cells; words are of reports that may be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from board.hiding import SOURCES, Change, Shown, seen, shown_people
from board.queries import Connection, row_of, rows_of
from signals.smallcells import Cell, Mark, mark_cells, mark_wholes

YEAR = timedelta(days=364)  # the same week and weekdays of the year before
MOST_WORDS = 12
MOST_TRIED = 60  # words whose cells are looked at, the most changed first
NOTHING: dict[Cell, Shown] = {}


@dataclass(frozen=True, slots=True)
class Subject:
    """A theme, or a category of the export."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the statistics go."""

    day: date  # the run that counted them
    monday: date  # the last whole week
    first_on: date  # the first day run
    has_themes: bool

    @property
    def weeks(self) -> int:
        """Whole weeks at hand, the last included."""
        first = self.first_on + timedelta(days=-self.first_on.weekday() % 7)
        return max((self.monday - first).days // 7 + 1, 0)

    @property
    def has_last_year(self) -> bool:
        return self.first_on <= self.monday - YEAR


@dataclass(frozen=True, slots=True)
class SubjectWeek:
    """People of one subject in one week, by source and district."""

    subject: Subject
    week_on: date
    cells: dict[Cell, Shown]


@dataclass(frozen=True, slots=True)
class WordChanges:
    """Words with the clearest change between the 28 days before and the last 28, the clearest first."""

    risen: tuple[Change, ...]
    fallen: tuple[Change, ...]


def reach(con: Connection) -> Reach | None:
    """None where no run has counted statistics yet, or no week is over."""
    row = row_of(
        con,
        """SELECT max(day), max(first_on) FILTER (period_days = 7), (SELECT min(day) FROM runs),
             coalesce(bool_or(subject = 'theme'), false) FROM subject_counts""",
    )
    return Reach(*row) if row and row[1] is not None else None


def subjects(con: Connection, kind: str) -> tuple[Subject, ...]:
    """Themes (by number) or categories with a report at hand, those of most people in the last eight weeks first."""
    rows = rows_of(
        con,
        """SELECT c.subject_key, coalesce(
             (SELECT arg_max(t.name, t.version) FROM themes t WHERE CAST(t.theme_id AS VARCHAR) = c.subject_key
              AND c.subject = 'theme'),
             CASE WHEN c.subject = 'theme' THEN '主题 ' || c.subject_key ELSE c.subject_key END)
           FROM subject_counts c WHERE c.subject = ? AND c.source = '' AND c.area = '' GROUP BY ALL
           ORDER BY max(c.n_complainants) FILTER (c.period_days = 56) DESC NULLS LAST, c.subject_key""",
        [kind],
    )
    return tuple(Subject(*row) for row in rows)


def subject_weeks(
    con: Connection, kind: str, areas: Sequence[str], mondays: Sequence[date], *, k: int
) -> tuple[SubjectWeek, ...]:
    """Every subject in every asked week, each protected by itself."""
    found = _counts(con, kind, 7)
    return tuple(
        SubjectWeek(subject, monday, _shown(found.get((subject.key, monday), {}), areas, k=k))
        for subject in subjects(con, kind)
        for monday in mondays
    )


def whole_weeks(
    con: Connection, areas: Sequence[str], mondays: Sequence[date], *, k: int
) -> dict[date, dict[Cell, Shown]]:
    """People of all reports in every asked week; hidden where they would give away those of a theme or a category."""
    weeks: dict[date, dict[Cell, Shown]] = {}
    whole = _counts(con, "all", 7)
    kinds = [_counts(con, kind, 7) for kind in ("theme", "category")]
    for monday in mondays:
        counts = {cell: whole.get(("", monday), {}).get(cell, 0) for cell in _published(areas)}
        marks = mark_cells(counts, k=k)
        for parts in kinds:
            asked, known = dict(counts), dict(marks)
            for (subject, on), cells in parts.items():
                if on == monday:
                    own = {cell._replace(subject=subject): cells.get(cell, 0) for cell in _published(areas)}
                    asked |= own
                    known |= mark_cells(own, k=k)
            marks = mark_wholes(asked, known, k=k)
        weeks[monday] = {cell: seen(n, marks[cell], k=k) for cell, n in counts.items()}
    return weeks


def subject_period(
    con: Connection, kind: str, key: str, areas: Sequence[str], period_days: int, *, k: int
) -> dict[Cell, Shown]:
    """People of one subject over a whole period up to the last Sunday."""
    found = _counts(con, kind, period_days)
    return next((_shown(cells, areas, k=k) for (of, _), cells in found.items() if of == key), NOTHING)


def word_changes(con: Connection, source: str, area: str, areas: Sequence[str], *, k: int) -> WordChanges:
    """Words that changed more than all words together did; one is shown only with k people in either period."""
    rows = rows_of(
        con,
        """WITH here AS (SELECT word, n_now, n_before FROM word_counts WHERE source = $source AND area = $area),
             pace AS (SELECT greatest(sum(n_now), 1) / greatest(sum(n_before), 1) AS pace FROM here)
           SELECT word, (n_now - n_before * pace) / sqrt(n_now + n_before * pace + 1) AS change FROM here, pace
           WHERE greatest(n_now, n_before) >= $k
             AND (n_now >= 2 * n_before * pace OR 2 * n_now <= n_before * pace)
           ORDER BY change DESC, word""",
        {"source": source, "area": area, "k": k},
    )
    rising = [word for word, change in rows if change > 0][:MOST_TRIED]
    falling = [word for word, change in reversed(rows) if change < 0][:MOST_TRIED]
    cells = _word_cells(con, [*rising, *falling])

    def changed(words: list[str], *, risen: bool) -> tuple[Change, ...]:
        lines = [_word_change(word, cells[word], Cell(source, area), areas, k=k) for word in words]
        return tuple(line for line in lines if not (line.now if risen else line.before).is_hidden)[:MOST_WORDS]

    return WordChanges(changed(rising, risen=True), changed(falling, risen=False))


def _word_change(
    word: str, cells: dict[Cell, tuple[int, int]], cell: Cell, areas: Sequence[str], *, k: int
) -> Change:
    published = _published(areas)
    marks: list[tuple[int, Mark]] = []
    for period in (1, 0):
        counts = {each: cells.get(each, (0, 0))[period] for each in published}
        marks.append((counts[cell], mark_cells(counts, k=k)[cell]))
    (before, mark_before), (now, mark_now) = marks
    return Change(word, seen(before, mark_before, k=k), seen(now, mark_now, k=k))


def _word_cells(con: Connection, words: list[str]) -> dict[str, dict[Cell, tuple[int, int]]]:
    cells: dict[str, dict[Cell, tuple[int, int]]] = {word: {} for word in words}
    for word, source, area, n_now, n_before in rows_of(
        con,
        "SELECT word, source, area, n_now, n_before FROM word_counts WHERE list_contains($words, word)",
        {"words": words},
    ):
        cells[word][Cell(source, area)] = (n_now, n_before)
    return cells


def _counts(con: Connection, kind: str, period_days: int) -> dict[tuple[str, date], dict[Cell, int]]:
    found: dict[tuple[str, date], dict[Cell, int]] = {}
    for key, first_on, source, area, n in rows_of(
        con,
        """SELECT subject_key, first_on, source, area, n_complainants FROM subject_counts
           WHERE subject = ? AND period_days = ?""",
        [kind, period_days],
    ):
        found.setdefault((key, first_on), {})[Cell(source, area)] = n
    return found


def _shown(counts: dict[Cell, int], areas: Sequence[str], *, k: int) -> dict[Cell, Shown]:
    return shown_people({cell: counts.get(cell, 0) for cell in _published(areas)}, k=k)


def _published(areas: Sequence[str]) -> list[Cell]:
    return [Cell(source, area) for source in SOURCES for area in ("", *areas)]
