"""What was read off the texts of each run day, so that a command that starts need not read the past again.

They can be made anew from the texts at any time, and are where they are missing or were made by another rule.
"""

from collections.abc import Sequence
from datetime import date
from itertools import islice

import duckdb
import numpy as np
from scipy import sparse

from signals.counting import Said, TokenCounts
from signals.linking.vectors import COLUMNS, RULE_VERSION
from signals.memory import Memory
from signals.settings import LinkingSettings
from signals.store.rows import first_row, put
from signals.text.saying import same_text

BLOBS_AT_ONCE = 50  # days' parts, so that memory does not grow with the past


def made_by(settings: LinkingSettings) -> str:
    """What is read off a text depends on this besides."""
    return f"{RULE_VERSION}/{settings.body_characters}"


def save_tokens(connection: duckdb.DuckDBPyConnection, memory: Memory, day: date, settings: LinkingSettings) -> None:
    """Write what was read off the texts of a day, and the words that came with them.

    Earlier days whose texts were read by another rule, or before this was kept, are written with it.
    """
    rule = made_by(settings)
    kept = {row[0] for row in connection.execute("SELECT day FROM said WHERE made_by = ?", [rule]).fetchall()}
    for each in sorted({*memory.days, day} - kept):
        connection.execute("DELETE FROM tokens WHERE day = ?", [each])
        connection.execute("DELETE FROM said WHERE day = ?", [each])
        _save(connection, memory, each, rule)
    known = first_row(connection.execute("SELECT count(*) FROM vocabulary"))
    n_words = len(memory.vocabulary) - (known[0] if known else 0)
    put(connection, "vocabulary", list(islice(reversed(memory.vocabulary.items()), n_words)))


def _save(connection: duckdb.DuckDBPyConnection, memory: Memory, day: date, rule: str) -> None:
    first, end = np.searchsorted(memory.day, [day.toordinal(), day.toordinal() + 1]).tolist()
    for part, rows in zip(TokenCounts._fields, (memory.counts, memory.place_counts, memory.matter_counts), strict=True):
        counts = rows.between(first, end)
        blobs = (counts.indptr.astype("<i4"), counts.indices.astype("<i4"), counts.data.astype(np.uint8))
        put(connection, "tokens", [(day, part, rule, *(blob.tobytes() for blob in blobs))])
    said = (column[first:end].astype("<i8").tobytes() for column in (memory.text, memory.group, memory.marks))
    put(connection, "said", [(day, rule, *said)])


def load_tokens(
    connection: duckdb.DuckDBPyConnection, days: Sequence[date], settings: LinkingSettings
) -> dict[date, tuple[TokenCounts, Said]]:
    """What was read off the rows of some days, in their order; nothing of a day where none was by today's rule."""
    parameters = [list(days), made_by(settings)]
    parts: dict[date, dict[str, sparse.csr_matrix]] = {}
    for day, part, *blobs in connection.execute(
        "SELECT day, part, ends, columns, counts FROM tokens WHERE day IN (SELECT unnest(?::DATE[])) AND made_by = ?",
        parameters,
    ).fetchall():
        parts.setdefault(day, {})[part] = _matrix(*blobs)
    said = connection.execute(
        "SELECT day, texts, groups, marks FROM said WHERE day IN (SELECT unnest(?::DATE[])) AND made_by = ?", parameters
    ).fetchall()
    return {
        day: (TokenCounts(**parts[day]), Said(*(np.frombuffer(part, "<i8").astype(np.int64) for part in blobs)))
        for day, *blobs in said if day in parts
    }  # fmt: skip


def load_vocabulary(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """A word of each column."""
    return dict(connection.execute("SELECT token, word FROM vocabulary").fetchall())


def _matrix(ends: bytes, columns: bytes, counts: bytes) -> sparse.csr_matrix:
    bounds, values = np.frombuffer(ends, "<i4"), np.frombuffer(counts, np.uint8)
    return sparse.csr_matrix((values, np.frombuffer(columns, "<i4"), bounds), shape=(len(bounds) - 1, COLUMNS))


def forget_tokens(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty what was read off the texts of the reports in `going`, and drop the words that only they used."""
    days: dict[date, dict[int, str]] = {}
    for day, place, key in connection.execute(
        "SELECT day, place, report_key FROM report_days SEMI JOIN going USING (report_key)"
    ).fetchall():
        days.setdefault(day, {})[place] = key
    columns: set[int] = set()
    for day, gone in days.items():
        columns |= _forget_day(connection, day, gone)
    unused = np.array(sorted(columns), np.int32)
    left = connection.execute("SELECT columns FROM tokens")
    while len(unused) and (some := left.fetchmany(BLOBS_AT_ONCE)):
        for (blob,) in some:
            unused = unused[~np.isin(unused, np.frombuffer(blob, "<i4"))]
    connection.execute("DELETE FROM vocabulary WHERE token IN (SELECT unnest(?::INTEGER[]))", [unused.tolist()])


def _forget_day(connection: duckdb.DuckDBPyConnection, day: date, gone: dict[int, str]) -> set[int]:
    """Empty the rows of a day's places; returns the columns that were in them."""
    columns: set[int] = set()
    for part, *blobs in connection.execute(
        "SELECT part, ends, columns, counts FROM tokens WHERE day = ?", [day]
    ).fetchall():
        ends, found = (np.frombuffer(blob, "<i4") for blob in blobs[:2])
        counts = np.frombuffer(blobs[2], np.uint8)
        lengths = np.diff(ends)
        goes = np.isin(np.arange(len(lengths)), list(gone))
        columns.update(found[np.repeat(goes, lengths)].tolist())
        kept, lengths = ~np.repeat(goes, lengths), np.where(goes, 0, lengths)
        connection.execute(
            "UPDATE tokens SET ends = ?, columns = ?, counts = ? WHERE day = ? AND part = ?",
            [np.concatenate([[0], np.cumsum(lengths)]).astype("<i4").tobytes(), found[kept].tobytes(),
             counts[kept].tobytes(), day, part],
        )  # fmt: skip
    said = first_row(connection.execute("SELECT texts, groups, marks FROM said WHERE day = ?", [day]))
    if said is not None:
        texts, groups, marks = (np.frombuffer(blob, "<i8").copy() for blob in said)
        for place, key in gone.items():
            texts[place], groups[place], marks[place] = same_text(key), 0, 0
        connection.execute(
            "UPDATE said SET texts = ?, groups = ?, marks = ? WHERE day = ?",
            [texts.tobytes(), groups.tobytes(), marks.tobytes(), day],
        )
    return columns
