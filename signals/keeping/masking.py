"""Masking again what is kept, where today's rules find more than those it came in under: texts change, counts never.

What the engine read off the old texts follows: names and quotes are masked at the same places, words that held them go,
token counts are made anew by the next run. Digests are written anew, then the file itself.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from signals.keeping.erasing import write_file_afresh
from signals.keeping.page_rewriting import RewrittenPages, rewrite_pages
from signals.keeping.rewording import Reworded
from signals.redaction import Said, redact, redact_each
from signals.redaction.marks import ANY_MARK, NAME
from signals.settings import Settings
from signals.store.erased import choose_reports, is_compacting_due, set_compacting_due
from signals.store.tokens import forget_tokens
from signals.store.warehouse import changing, reading

TEXTS = (
    ("reports", ("title", "body", "context", "category", "address", "community", "unit")),
    ("updates", ("value",)), ("quarantine", ("reason", "cells")),
)  # fmt: skip
READ_OFF = (
    ("issues", ("name",)), ("issue_days", ("name", "words")), ("alerts", ("name", "words", "quotes", "reasons"))
)  # fmt: skip
READ_AT_ONCE = 5000  # texts
Texts = Mapping[str, str]  # as kept, and as today's rules would have it


@dataclass(frozen=True, slots=True)
class Masked:
    """What masking again did."""

    n_reports: int  # whose texts changed
    pages: RewrittenPages


def mask_again(settings: Settings) -> Masked:
    """Redact the texts of reports, later facts and quarantine once more; nobody waits while they are read."""
    with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        found = [(table, column, _changes(connection, table, column)) for table, columns in TEXTS for column in columns]
    with changing(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        keys = _keys(connection, found)
        for table, column, texts in found:
            _replace(connection, table, column, texts)
        pages = RewrittenPages((), ())
        if keys:
            choose_reports(connection, keys)
            pages = rewrite_pages(connection, settings, _mask_read_off(connection, found))
            _read_anew(connection)
        if any(texts for _, _, texts in found):
            set_compacting_due(connection)
        is_due = is_compacting_due(connection)  # by an earlier command that was killed, too
    if is_due:
        write_file_afresh(settings)
    return Masked(len(keys), pages)


def _changes(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> Texts:
    """The texts of a column that redaction would change."""
    rows, changed = connection.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} <> ''"), dict[str, str]()
    while some := rows.fetchmany(READ_AT_ONCE):
        texts = [text for (text,) in some]
        masked = map(_masked_cells, texts) if column == "cells" else redact_each(list(map(Said, texts)))
        changed |= {old: new for old, new in zip(texts, masked, strict=True) if new != old}
    return changed


def _masked_cells(text: str) -> str:
    return json.dumps({name: redact(value) for name, value in json.loads(text).items()}, ensure_ascii=False)


def _keys(connection: duckdb.DuckDBPyConnection, found: Sequence[tuple[str, str, Texts]]) -> list[str]:
    """The reports of which a text will change."""
    keys = set[str]()
    for table, column, texts in found:
        if table == "reports" and texts:
            _register(connection, texts)
            keys |= {key for (key,) in connection.execute(
                f"SELECT report_key FROM reports SEMI JOIN masked ON {column} = old"
            ).fetchall()}  # fmt: skip
    return sorted(keys)


def _register(connection: duckdb.DuckDBPyConnection, texts: Texts) -> None:
    connection.register("masked", pa.table({
        "old": pa.array(list(texts), pa.string()), "new": pa.array(list(texts.values()), pa.string()),
    }))  # fmt: skip


def _replace(connection: duckdb.DuckDBPyConnection, table: str, column: str, texts: Texts) -> None:
    if texts:
        _register(connection, texts)
        connection.execute(f"UPDATE {table} SET {column} = masked.new FROM masked WHERE {column} = masked.old")


def pieces(old: str, new: str) -> Iterator[str]:
    """What marks took the place of in a text.

    >>> list(pieces("请找陈小文，电话〔手机〕", "请找〔姓名〕，电话〔手机〕"))
    ['陈小文']
    """
    around = re.fullmatch("(.+?)".join(map(re.escape, ANY_MARK.split(new))), old, re.DOTALL)
    yield from (piece for piece in (around.groups() if around else ()) if not ANY_MARK.search(piece) and len(piece) > 1)


def _mask_read_off(connection: duckdb.DuckDBPyConnection, found: Sequence[tuple[str, str, Texts]]) -> Reworded:
    """Mask in names, words and quotes of the issues of the reports in `going` what was masked in these."""
    pairs = [pair for table, _, texts in found if table == "reports" for pair in texts.items()]
    said = {piece for pair in pairs for piece in pieces(*pair)}
    removed, days = set[str](), set[date]()
    if not said:
        return Reworded(frozenset(), frozenset())
    any_piece = re.compile("|".join(sorted(map(re.escape, said), key=len, reverse=True)))
    for table, columns in READ_OFF:
        shown, day = ", ".join(columns), "NULL" if table == "issues" else "day"
        for row_id, on, *values in connection.execute(
            f"SELECT rowid, {day}, {shown} FROM {table} WHERE issue_id IN"
            " (SELECT issue_id FROM links SEMI JOIN going USING (report_key))"
        ).fetchall():
            new = [_without(any_piece, *pair) for pair in zip(columns, values, strict=True)]
            if new != values:
                given = ", ".join(f"{column} = ?" for column in columns)
                connection.execute(f"UPDATE {table} SET {given} WHERE rowid = ?", [*new, row_id])
                removed |= {text for old in values for text in ([old] if isinstance(old, str) else old)
                            if any_piece.search(text)}  # fmt: skip
                days |= {on} if table == "alerts" else set()
    return Reworded(frozenset(removed), frozenset(days))


def _without(piece: re.Pattern[str], column: str, value: str | list[str]) -> str | list[str]:
    """A text, or each of a list, with marks; words without those that hold a piece."""
    if isinstance(value, str):
        return piece.sub(NAME, value)
    if column == "words":
        return [word for word in value if not piece.search(word)]
    return [piece.sub(NAME, text) for text in value]


def _read_anew(connection: duckdb.DuckDBPyConnection) -> None:
    """Forget what was read off the reports in `going`; the next run reads their days again."""
    forget_tokens(connection)
    days = "(SELECT day FROM report_days SEMI JOIN going USING (report_key))"
    for table in ("tokens", "said"):
        connection.execute(f"DELETE FROM {table} WHERE day IN {days}")
    connection.execute("DELETE FROM word_counts")  # counted anew by the next run
