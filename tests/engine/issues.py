"""One issue put together by hand: its members, days and facts, without linking, for sums that can be checked by eye."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path

import numpy as np

from signals.arriving import append_reports, read_off
from signals.clock import day_of, start_of
from signals.memory import Arrival, Memory
from signals.records import Kind, Report, Source, Update
from signals.refreshing import refresh
from signals.settings import Settings
from signals.voices import count_voices
from tests.engine.stream import FIRST_DAY, Entry

SETTINGS = Settings(folder=Path("unused"), demo=True, answer_days={"petition": 60, "hotline": 15, "grid": 15})
ISSUE = 1
TITLE = "海棠苑搅拌站夜间施工太吵"
BODIES = ("凌晨两点还在装料轰鸣", "整栋楼震得睡不着", "水泥罐车排队按喇叭", "窗台落满一层灰", "投诉多次依然照旧开工")


def instant(days: int, *, hours: float = 0.0) -> datetime:
    return start_of(FIRST_DAY) + timedelta(days=days, hours=hours)


def heard(
    number: int, *, who: str | None, minutes: int = 0, days: int = 0, body: str = "", title: str = TITLE,
    **changes: object,
) -> Entry:  # fmt: skip
    """One report about the mixing plant, received and known at one instant."""
    at = instant(days, hours=minutes / 60)
    said = body or f"海棠苑旁边的搅拌站{BODIES[number % len(BODIES)]}"
    report = Report(Source.HOTLINE, f"n{number}", at, at, title, said, Kind.COMPLAINT, area="440703", town="白沙街道")
    return Entry(replace(report, **changes), who)  # type: ignore[arg-type]


def told(entry: Entry, *facts: tuple[str, str, datetime | None]) -> Entry:
    """The entry with later facts: field, value, and when it became true (known at once; at receipt where None)."""
    key, received = entry.report.key, entry.report.known_at
    return replace(entry, updates=tuple(Update(key, field, value, at, at or received) for field, value, at in facts))


def issue_of(entries: Sequence[Entry]) -> Memory:
    """A memory in which all entries are issue 1, counted on the days they became known, with all facts told."""
    memory = Memory()
    for entry in entries:
        memory.facts.setdefault(entry.report.key, []).extend(entry.updates)
    ordered = sorted(entries, key=lambda entry: (entry.report.known_at, entry.report.received_at, entry.report.key))
    for day, found in groupby(ordered, key=lambda entry: day_of(entry.report.known_at)):
        arrivals = [Arrival(e.report, e.complainant, bool(e.danger)) for e in found]
        append_reports(memory, day, arrivals, SETTINGS, read_off(memory, arrivals, None, SETTINGS))
    memory.assign(np.arange(memory.n), np.full(memory.n, ISSUE))
    refresh(memory, date.fromordinal(int(memory.day.max())), SETTINGS.linking)
    count_voices(memory, 0, voice_days=SETTINGS.detector.voice_days,
                 near_copy_similarity=SETTINGS.detector.near_copy_similarity)  # fmt: skip
    return memory
