"""How a day's arrivals become rows of the memory: all that is read off a report when it comes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from signals.counting import Counted, Said, TokenCounts, count, text_of
from signals.memory import NOBODY, SOURCES, Arrival, Memory
from signals.records import GRIEVANCES
from signals.settings import Settings


def append_reports(
    memory: Memory, day: date, arrivals: Sequence[Arrival], settings: Settings, read: tuple[TokenCounts, Said]
) -> None:
    """Add the rows of a day's arrivals, without issue or voice flags. read: off their texts, as `read_off` gives it."""
    tokens, said = read
    for row, arrival in enumerate(arrivals, start=memory.n):
        memory.reports.append(arrival.report)
        memory.row_of[arrival.report.key] = row
    memory.counts.add(tokens.text)
    memory.place_counts.add(tokens.place)
    memory.matter_counts.add(tokens.matter)
    reports = [a.report for a in arrivals]
    people = [memory.number(memory.people, a.complainant) if a.complainant else NOBODY for a in arrivals]
    n = len(reports)

    def extend(old: np.ndarray[Any, Any], values: Sequence[object]) -> np.ndarray[Any, Any]:
        return np.concatenate([old, np.array(values, dtype=old.dtype).reshape(n)])

    memory.day = extend(memory.day, [day.toordinal()] * n)
    memory.source = extend(memory.source, [SOURCES.index(r.source) for r in reports])
    memory.area = extend(memory.area, [memory.number(memory.areas, r.area) for r in reports])
    memory.received = extend(memory.received, [r.received_at.timestamp() for r in reports])
    memory.handled.append(reports, memory.facts, settings.answer_days)
    memory.complainant = extend(memory.complainant, people)
    memory.text = extend(memory.text, said.text.tolist())
    memory.place = extend(memory.place, [memory.number(memory.places, (r.area, r.town)) for r in reports])
    memory.grievance = extend(memory.grievance, [r.kind in GRIEVANCES for r in reports])
    memory.danger = extend(memory.danger, [a.in_danger for a in arrivals])
    memory.group = extend(memory.group, said.group.tolist())
    memory.marks = extend(memory.marks, said.marks.tolist())
    memory.void = extend(memory.void, [any(f.field == "void" for f in memory.facts.get(r.key, ())) for r in reports])
    memory.theme = extend(memory.theme, [0] * n)
    memory.kind = extend(memory.kind, [memory.number(memory.kinds, r.category) for r in reports])
    memory.issue, memory.home = extend(memory.issue, [0] * n), extend(memory.home, [0] * n)
    memory.similarity = extend(memory.similarity, [0.0] * n)
    memory.matter = extend(memory.matter, [0] * n)
    memory.matter_voice = extend(memory.matter_voice, [False] * n)
    memory.matter_first = extend(memory.matter_first, [False] * n)
    memory.is_voice = extend(memory.is_voice, [False] * n)
    memory.is_first = extend(memory.is_first, [False] * n)


def read_off(
    memory: Memory, arrivals: Sequence[Arrival], counted: Counted | None, settings: Settings
) -> tuple[TokenCounts, Said]:
    """What is read off the texts of a day's arrivals, ahead or now; the memory learns their words."""
    texts = [text_of(arrival.report) for arrival in arrivals]
    if counted is None or counted.keys != tuple(text.key for text in texts):  # or more has been taken in since
        counted = count(texts, settings.linking.body_characters)
    for column, word in counted.words.items():
        memory.vocabulary.setdefault(column, word)
    return counted.tokens, counted.said
