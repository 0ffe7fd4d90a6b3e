"""Reading exports of other systems: what a file is and what its cells mean. Nothing here is redacted."""

from signals.reading.facts import Facts, Fault, facts_of, partial_facts
from signals.reading.fields import Field, map_headers, recognise
from signals.reading.rows import RawRow, Reading, read_rows

__all__ = [
    "Facts",
    "Fault",
    "Field",
    "RawRow",
    "Reading",
    "facts_of",
    "map_headers",
    "partial_facts",
    "read_rows",
    "recognise",
]
