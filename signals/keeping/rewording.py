"""What issues and alerts keep saying once some of their reports are gone: only what the reports that stay say too.

Counts are never touched. A name that a report gave goes with it; so do its quotes, and words that nobody else says.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import pyarrow as pa

from signals.alerts import ERASED_NAME, SHARED_WORDS
from signals.linking.naming import name_from
from signals.text.cleaning import clean, plain
from signals.text.saying import words_of

TABLES = ("alerts", "issue_days")
ISSUES_AT_ONCE = 2000  # whose reports are read with one query, so that memory does not grow with the past
SENSITIVE_NAME = "敏感诉求（内容不公开）"
_PUNCTUATION = re.compile(r"\W")


@dataclass(frozen=True, slots=True)
class Spoken:
    """The text of a report, and whether it may give a name."""

    title: str
    body: str
    is_open: bool

    @property
    def text(self) -> str:
        return " ".join(f"{self.title} {self.body}".split())


@dataclass(frozen=True, slots=True)
class Members:
    """The reports that were ever in an issue: those going now, and those that keep their text."""

    going: tuple[Spoken, ...]
    staying: tuple[Spoken, ...]

    def instead_of(self, names: Iterable[str]) -> dict[str, str]:
        """Of the names those that only reports that go say, and what stands instead."""
        stay = [each for each in self.staying if each.is_open]
        unnamed = SENSITIVE_NAME if self.staying else ERASED_NAME
        instead = name_from(stay[-1].title, stay[-1].body) if stay else unnamed
        said, gone = ("\n".join(map(_compared, each)) for each in (stay, self.going))
        letters = {name: _letters(plain(name)) for name in names}
        return {name: instead for name, told in letters.items() if told in gone and told not in said}


def _compared(spoken: Spoken) -> str:
    """What names are cut out of, bare of punctuation."""
    return _letters(clean(spoken.title) or clean(spoken.body))


def _letters(text: str) -> str:
    return _PUNCTUATION.sub("", text)


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of `alerts` or `issue_days` says in words."""

    issue_id: int
    day: date
    name: str
    words: tuple[str, ...]
    quotes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reworded:
    """Texts that were taken out, and the days of the alerts they were taken out of."""

    removed: frozenset[str]
    days: frozenset[date]


def reword(connection: duckdb.DuckDBPyConnection, *, since: date | None = None) -> Reworded:
    """Take what only the reports in `going` said out of issues, their days and alerts.

    since: rows of earlier days say nothing any more, whoever said it. The reports must be noted as erased already,
    and have their texts yet.
    """
    _find_affected(connection)
    rows = {table: _rows(connection, table, since) for table in TABLES}
    changed: dict[str, list[tuple[Row, Row]]] = {table: [] for table in TABLES}
    called = connection.execute("SELECT issue_id, name FROM issues SEMI JOIN affected USING (issue_id)").fetchall()
    now = dict[int, str](called)
    names: dict[int, dict[str, str]] = {}
    for issue, members in _members(connection, since):
        then = {row.name for table in TABLES for row in rows[table].get(issue, [])}
        names[issue] = members.instead_of(then | {now.get(issue, "")})
        for table in TABLES:
            changed[table] += _reworded(rows[table].get(issue, []), names[issue], members)
    removed, days = set[str](), set[date]()
    for table in TABLES:
        _write(connection, table, [new for _, new in changed[table]])
        removed |= {text for row, new in changed[table] for text in {row.name, *row.quotes} - {new.name, *new.quotes}}
        more, silenced = _silence(connection, table, since)
        removed |= more
        if table == "alerts":
            days = {row.day for row, _ in changed[table]} | silenced
    removed |= _rename_issues(connection, names)
    return Reworded(frozenset(removed - {"", ERASED_NAME, SENSITIVE_NAME}), frozenset(days))


def _find_affected(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE affected AS"
        " SELECT DISTINCT issue_id FROM links SEMI JOIN going USING (report_key)"
    )


def _rows(connection: duckdb.DuckDBPyConnection, table: str, since: date | None) -> dict[int, list[Row]]:
    """What the affected issues say on the days from `since` on, by issue."""
    more = "quotes, reasons" if table == "alerts" else "[], []"
    found = connection.execute(
        f"SELECT issue_id, day, name, words, {more} FROM {table} SEMI JOIN affected USING (issue_id)"
        " WHERE ? IS NULL OR day >= ? ORDER BY issue_id, day",
        [since, since],
    ).fetchall()
    by_issue: dict[int, list[Row]] = {}
    for issue, day, name, words, quotes, reasons in found:
        by_issue.setdefault(issue, []).append(Row(issue, day, name, tuple(words), tuple(quotes), tuple(reasons)))
    return by_issue


def _members(connection: duckdb.DuckDBPyConnection, since: date | None) -> Iterator[tuple[int, Members]]:
    """The reports of each affected issue in the order known; of those going only what can be named from `since` on."""
    issues = [issue for (issue,) in connection.execute("FROM affected ORDER BY issue_id").fetchall()]
    for some in (issues[i : i + ISSUES_AT_ONCE] for i in range(0, len(issues), ISSUES_AT_ONCE)):
        found = connection.execute(
            """SELECT l.issue_id, r.title, r.body, r.restricted = '' AND r.about_office = '', g.report_key IS NOT NULL
               FROM (SELECT DISTINCT issue_id, report_key FROM links SEMI JOIN affected USING (issue_id)
                     WHERE issue_id BETWEEN $first AND $last) l JOIN reports r USING (report_key)
               LEFT JOIN going g USING (report_key)
               WHERE g.report_key IS NULL OR $since IS NULL OR r.known_at >= CAST($since AS DATE) - 150
               ORDER BY l.issue_id, r.known_at, r.report_key""",
            {"first": some[0], "last": some[-1], "since": since},
        ).fetchall()
        told: dict[int, list[tuple[Spoken, bool]]] = {issue: [] for issue in some}
        for issue, title, body, is_open, goes in found:
            told[issue].append((Spoken(title, body, is_open), goes))
        for issue, spoken in told.items():
            staying = tuple(each for each, goes in spoken if not goes and (each.title or each.body))
            yield issue, Members(tuple(each for each, goes in spoken if goes), staying)


def _reworded(rows: Sequence[Row], names: dict[str, str], members: Members) -> list[tuple[Row, Row]]:
    """The rows of an issue that lose something, and what they say without it."""
    if not rows:
        return []
    said = "\n".join(words_of(each.title, each.body) for each in members.staying)
    gone = [each.text for each in members.going if each.text]
    return [(row, new) for row in rows if (new := _reword(row, names, said, gone)) != row]


def _reword(row: Row, names: dict[str, str], said: str, gone: Sequence[str]) -> Row:
    """A row without what only the texts that are gone say. said: what the others say, as the words are read."""
    words = tuple(word for word in row.words if word in said)
    quotes = tuple(quote for quote in row.quotes if not any(quote.rstrip("…") in text for text in gone))
    reasons = row.reasons
    if words != row.words:
        reasons = tuple(text for text in reasons if not text.startswith(SHARED_WORDS))
        reasons += (f"{SHARED_WORDS}{'、'.join(words)}。",) if words and len(reasons) < len(row.reasons) else ()
    return replace(row, name=names.get(row.name, row.name), words=words, quotes=quotes, reasons=reasons)


def _write(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    texts = pa.list_(pa.string())
    connection.register("reworded", pa.table({
        "issue_id": pa.array([row.issue_id for row in rows], pa.int32()), "day": pa.array([row.day for row in rows]),
        "name": pa.array([row.name for row in rows]), "words": pa.array([list(row.words) for row in rows], texts),
        "quotes": pa.array([list(row.quotes) for row in rows], texts),
        "reasons": pa.array([list(row.reasons) for row in rows], texts),
    }))  # fmt: skip
    more = ", quotes = n.quotes, reasons = n.reasons" if table == "alerts" else ""
    connection.execute(
        f"UPDATE {table} SET name = n.name, words = n.words{more} FROM reworded n"
        f" WHERE {table}.issue_id = n.issue_id AND {table}.day = n.day"
    )
    connection.unregister("reworded")


def _silence(
    connection: duckdb.DuckDBPyConnection, table: str, since: date | None
) -> tuple[set[str], set[date]]:
    """Rows of which every report was erased, or of days before `since`, say nothing; the texts and days they were."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE silent AS
        SELECT s.issue_id, s.day FROM {table} s SEMI JOIN affected USING (issue_id)
        JOIN links l ON l.issue_id = s.issue_id AND l.from_on <= s.day AND (l.until_on IS NULL OR l.until_on > s.day)
        LEFT JOIN erased e USING (report_key)
        GROUP BY s.issue_id, s.day HAVING bool_and(e.report_key IS NOT NULL)
        UNION SELECT issue_id, day FROM {table} WHERE day < ?""",
        [since],
    )
    quotes = "quotes" if table == "alerts" else "[]"
    found = connection.execute(
        f"SELECT day, name, {quotes} FROM {table} SEMI JOIN silent USING (issue_id, day) WHERE name <> ?", [ERASED_NAME]
    ).fetchall()
    more = ", quotes = [], reasons = list_filter(reasons, lambda x: NOT starts_with(x, ?))" if table == "alerts" else ""
    connection.execute(
        f"UPDATE {table} SET name = ?, words = []{more} FROM silent"
        f" WHERE {table}.issue_id = silent.issue_id AND {table}.day = silent.day",
        [ERASED_NAME, *([SHARED_WORDS] if more else [])],
    )
    return {text for _, name, said in found for text in (name, *said)}, {day for day, _, _ in found}


def _rename_issues(connection: duckdb.DuckDBPyConnection, names: Mapping[int, Mapping[str, str]]) -> set[str]:
    """Name issues afresh whose name was given by a report that goes; returns the names that went.

    names: by issue, what stands instead of names that only reports that go have given.
    """
    wholly = (
        "SELECT issue_id FROM links SEMI JOIN affected USING (issue_id) LEFT JOIN erased e USING (report_key)"
        " GROUP BY issue_id HAVING bool_and(e.report_key IS NOT NULL)"
    )
    found = connection.execute(
        f"SELECT issue_id, name, issue_id IN ({wholly}) FROM issues SEMI JOIN affected USING (issue_id)"
        " WHERE name NOT IN ('', ?) ORDER BY 1",
        [ERASED_NAME],
    ).fetchall()
    instead = {
        issue: ERASED_NAME if is_wholly else names.get(issue, {}).get(name, name) for issue, name, is_wholly in found
    }
    connection.register("renamed", pa.table({
        "issue_id": pa.array(list(instead), pa.int32()), "name": pa.array(list(instead.values()), pa.string()),
    }))  # fmt: skip
    connection.execute("UPDATE issues SET name = n.name FROM renamed n WHERE issues.issue_id = n.issue_id")
    connection.unregister("renamed")
    return {name for issue, name, _ in found if instead[issue] != name}
