"""Token counts of the reports of each run day, so that a command that starts need not segment the past again.

They can be made anew from the texts at any time, and are where they are missing or were made by another rule.
"""

from datetime import date
from itertools import islice

import duckdb
import numpy as np
from scipy import sparse

from signals.counting import TokenCounts
from signals.linking.vectors import COLUMNS, RULE_VERSION
from signals.memory import Memory
from signals.settings import LinkingSettings
from signals.store.inserting import put


def made_by(settings: LinkingSettings) -> str:
    """What token counts depend on besides the text."""
    return f"{RULE_VERSION}/{settings.body_characters}"


def save_tokens(
    connection: duckdb.DuckDBPyConnection, memory: Memory, day: date, n_new: int, settings: LinkingSettings
) -> None:
    """Write the counts of the last n_new rows, and the words that came with them."""
    first, rule = memory.n - n_new, made_by(settings)
    for part, rows in zip(TokenCounts._fields, (memory.counts, memory.place_counts, memory.matter_counts), strict=True):
        counts = rows.between(first, memory.n)
        blobs = (counts.indptr.astype("<i4"), counts.indices.astype("<i4"), counts.data.astype(np.uint8))
        put(connection, "tokens", [(day, part, rule, *(blob.tobytes() for blob in blobs))])
    known = connection.execute("SELECT count(*) FROM vocabulary").fetchone()
    n_words = len(memory.vocabulary) - (known[0] if known else 0)
    put(connection, "vocabulary", list(islice(reversed(memory.vocabulary.items()), n_words)))


def load_tokens(connection: duckdb.DuckDBPyConnection, day: date, settings: LinkingSettings) -> TokenCounts | None:
    """The counts of a day's rows in their order; None where there are none made by today's rule."""
    found = connection.execute(
        "SELECT part, ends, columns, counts FROM tokens WHERE day = ? AND made_by = ?", [day, made_by(settings)]
    ).fetchall()
    parts = {part: _matrix(*blobs) for part, *blobs in found}
    return TokenCounts(**parts) if parts else None


def load_vocabulary(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """A word of each column."""
    return dict(connection.execute("SELECT token, word FROM vocabulary").fetchall())


def _matrix(ends: bytes, columns: bytes, counts: bytes) -> sparse.csr_matrix:
    bounds, values = np.frombuffer(ends, "<i4"), np.frombuffer(counts, np.uint8).astype(np.float32)
    return sparse.csr_matrix((values, np.frombuffer(columns, "<i4"), bounds), shape=(len(bounds) - 1, COLUMNS))
