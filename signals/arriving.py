"""How a day's arrivals become rows of the memory: all that is read off a report when it comes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from signals.counting import Counted, Said, TokenCounts, count, text_of
from signals.memory import NOBODY, SOURCES, Arrival, Memory
from signals.progress import facts_of, own_deadline
from signals.records import GRIEVANCES, Report
from signals.settings import Settings


def append_reports(
    memory: Memory, day: date, arrivals: Sequence[Arrival], settings: Settings, read: tuple[TokenCounts, Said]
) -> None:
    """Add the rows of a day's arrivals, without issue or voice flags. read: off their texts, as `read_off` gives it."""
    tokens, said = read
    reports = [a.report for a in arrivals]
    first, n = memory.n, len(reports)
    memory.reports.extend(reports)
    memory.row_of |= {report.key: row for row, report in enumerate(reports, start=first)}
    add_tokens(memory, tokens)
    people = [memory.number(memory.people, a.complainant) if a.complainant else NOBODY for a in arrivals]

    def extend(old: np.ndarray[Any, Any], values: Sequence[object]) -> np.ndarray[Any, Any]:
        return np.concatenate([old, np.array(values, dtype=old.dtype).reshape(n)])

    memory.day = extend(memory.day, [day.toordinal()] * n)
    memory.source = extend(memory.source, [SOURCES.index(r.source) for r in reports])
    memory.area = extend(memory.area, [memory.number(memory.areas, r.area) for r in reports])
    memory.received = extend(memory.received, [r.received_at.timestamp() for r in reports])
    memory.handled.append(np.array([own_deadline(report, settings.answer_days) for report in reports], np.float64))
    memory.complainant = extend(memory.complainant, people)
    memory.text = extend(memory.text, said.text.tolist())
    memory.place = extend(memory.place, [memory.number(memory.places, (r.area, r.town)) for r in reports])
    memory.grievance = extend(memory.grievance, [r.kind in GRIEVANCES for r in reports])
    memory.danger = extend(memory.danger, [a.in_danger for a in arrivals])
    memory.quotable = extend(memory.quotable, [may_quote(r) for r in reports])
    memory.group = extend(memory.group, said.group.tolist())
    memory.marks = extend(memory.marks, said.marks.tolist())
    memory.void = extend(memory.void, [False] * n)
    memory.theme = extend(memory.theme, [0] * n)
    memory.category = extend(memory.category, [memory.number(memory.kinds, r.category) for r in reports])
    memory.kind = extend(memory.kind, memory.category[first:].tolist())
    memory.issue, memory.home = extend(memory.issue, [0] * n), extend(memory.home, [0] * n)
    memory.similarity = extend(memory.similarity, [0.0] * n)
    memory.matter = extend(memory.matter, [0] * n)
    memory.matter_voice = extend(memory.matter_voice, [False] * n)
    memory.matter_first = extend(memory.matter_first, [False] * n)
    memory.is_voice = extend(memory.is_voice, [False] * n)
    memory.is_first = extend(memory.is_first, [False] * n)
    waiting = [(row, fact) for row, r in enumerate(reports, start=first) for fact in memory.facts.pop(r.key, ())]
    memory.learn(facts_of([row for row, _ in waiting], [fact for _, fact in waiting]))
    memory.void[[row for row, fact in waiting if fact.field == "void"]] = True


def add_tokens(memory: Memory, tokens: TokenCounts) -> None:
    """Add the tokens of rows."""
    memory.counts.add(tokens.text)
    memory.place_counts.add(tokens.place)
    memory.matter_counts.add(tokens.matter)


def may_quote(report: Report) -> bool:
    """Whether the words of a report may stand in an alert; of one that was erased there are none."""
    return not report.restricted and not report.about_office and has_text(report)


def has_text(report: Report) -> bool:
    """Whether a report still has its text: none is taken in without, but it may have been erased since."""
    return bool(report.title or report.body)


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
