"""Taking the text of reports out of every table, and leaving the counts: one transaction, the caller's.

What stays of a report: its key, when it came and became known, kind, category, district and town, and how it counted.
"""

from datetime import date, datetime

import duckdb

from signals.clock import start_of
from signals.keeping.rewording import Reworded, reword
from signals.store.erased import QUARANTINED, note_erased, set_compacting_due
from signals.store.tokens import forget_tokens

GONE = "内容已删除"
SHORT = 4  # characters of an answer at the return visit that say yes or no and nothing else

STATEMENTS = (
    "UPDATE reports SET title = '', body = '', context = '', address = '', community = '', content_hash = ''"
    " WHERE report_key IN (FROM going)",
    "DELETE FROM voices WHERE report_key IN (FROM going)",
    "DELETE FROM word_counts",  # counted anew by the next run
    "UPDATE watch SET words = '' WHERE report_key IN (FROM going)",
    "UPDATE updates SET value = CASE WHEN field IN ('returned', 'due', 'void') THEN value"
    f" WHEN field IN ('solved', 'satisfied') THEN left(value, {SHORT}) ELSE '' END"
    " WHERE report_key IN (FROM going)",
)


def blank(
    connection: duckdb.DuckDBPyConnection, *, at: datetime, reason: str, by: str, since: date | None = None
) -> Reworded:
    """Blank the reports named in `going`; returns the words and the days of alerts that changed with them.

    since: of a purge: issues, alerts and quarantine of earlier days lose their words as a whole.
    """
    note_erased(connection, at, reason, by)
    reworded = reword(connection, since=since)
    forget_tokens(connection)
    _empty_quarantine(connection, since)
    for statement in STATEMENTS:
        connection.execute(statement)
    set_compacting_due(connection)
    return reworded


def _empty_quarantine(connection: duckdb.DuckDBPyConnection, since: date | None) -> None:
    """Empty rows that a value names as one of the reports, in a file of its source, and all known before `since`."""
    connection.execute(
        "UPDATE quarantine SET cells = '{}', reason = ? WHERE quarantine_id IN"
        f" (SELECT quarantine_id FROM ({QUARANTINED}) SEMI JOIN going USING (report_key))",
        [GONE],
    )
    connection.execute(
        "UPDATE quarantine SET cells = '{}', reason = ? WHERE quarantine_id IN"
        " (SELECT quarantine_id FROM repairs SEMI JOIN going USING (report_key))",
        [GONE],
    )
    if since is not None:
        connection.execute(
            "UPDATE quarantine SET cells = '{}', reason = ? WHERE known_at < ?", [GONE, start_of(since)]
        )
    connection.execute(
        "DELETE FROM voices WHERE report_key IN"
        " (SELECT 'quarantine:' || quarantine_id FROM quarantine WHERE cells = '{}')"
    )
