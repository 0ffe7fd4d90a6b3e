"""A warehouse of a year in minutes: `python -m benchmarks.seeding FOLDER [--reports 100000] [--days 365]`.

Reports are simulated and taken in as always, and every day is written as always. Only linking and detecting, the dear
parts of a run, are left out: an issue is what was planted together, or what is of one category, town and quarter, and
an alert is due once enough people have told of a planted one. So sizes are like those of a real year, scores are not.
"""

import argparse
import tempfile
import time
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import zip_longest
from math import log10
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from benchmarks.scale import FIRST_ON, take_in
from signals.alerts import IssueDay, describe, most_central, people_of_one_text, raise_alert
from signals.arriving import append_reports, read_off
from signals.clock import day_of, days_between, end_of, start_of
from signals.correcting import Corrected
from signals.counting import counting_ahead
from signals.day import SUNDAY, DayInput, DayResult, learn_facts
from signals.detector.budget import daily_budget
from signals.exposure import day_exposure
from signals.gazetteer import load_gazetteer
from signals.handling import FIVE
from signals.judging import judge
from signals.linking.merging import Merge
from signals.linking.vectors import inverse_document_frequency
from signals.matters import count_matter_voices
from signals.memory import SOURCES, STATE, Memory
from signals.records import Alert, Report
from signals.series import Crossing, Seen
from signals.settings import Settings
from signals.simulate.simulation import SimulationSettings, simulate
from signals.simulate.truth import Truth
from signals.store.days import day_input, save_day, texts_known
from signals.store.rows import first_row, put
from signals.store.warehouse import writing
from signals.suppression import WATCHED_DAYS
from signals.voices import count_voices
from signals.zones import find_zones

SEED = 1
N_REPORTS, N_DAYS = 100_000, 365
DAYS_AN_INCIDENT = 9  # simulated days for each incident besides the written ones: two or three alerts a week
ALERTED_FROM = 4  # people of a planted issue from whom it is raised
WINDOW_DAYS = 14
DESCRIBED_DAYS = 28  # for which an issue that is not raised says the same, so that a year does not take as long as one
MERGED_ONE_IN = 3  # of the everyday issues born in a week, where their like has lasted from the quarter before
STEP_DAYS = (1, 2, 9, 16)  # after an alert, of the steps that follow its being found
DAYS_AT_ONCE = 30  # in one transaction
Label = tuple[str, ...]


@dataclass
class Seeder:
    """The memory of a run, and what stands in for linking and detecting."""

    settings: Settings
    planted: Mapping[str, str]  # by the office's number of a report: what it was planted in
    memory: Memory = field(default_factory=Memory)
    issue_of: dict[Label, int] = field(default_factory=dict)
    matter_of: dict[Label, int] = field(default_factory=dict)
    planted_issues: set[int] = field(default_factory=set)
    described: dict[int, IssueDay] = field(default_factory=dict)  # as last read off its reports
    fresh: dict[int, Label] = field(default_factory=dict)  # the other issues born since the last Sunday
    area_names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.memory.voting_after = date.max.toordinal()  # nobody votes: nothing is linked
        self.area_names = {area.adcode: area.name for area in load_gazetteer(self.settings.gazetteer).areas}

    def day(self, given: DayInput) -> DayResult:
        """What `day.work_day` would give, were the issues these."""
        memory, day, settings, first_row = self.memory, given.day, self.settings, self.memory.n
        rule = settings.detector
        learn_facts(memory, given.updates)
        append_reports(memory, day, given.arrivals, settings, read_off(memory, given.arrivals, given.counted, settings))
        if memory.is_refresh_due(day):
            counts = memory.counts.between(0, memory.n)
            memory.idf = inverse_document_frequency(counts, max_share=settings.linking.max_document_share)
            memory.refreshed_on = day
        rows = np.arange(first_row, memory.n)
        born = self._link(rows, day)
        copies = count_voices(memory, first_row, voice_days=rule.voice_days,
                              near_copy_similarity=rule.near_copy_similarity)  # fmt: skip
        count_matter_voices(memory, first_row, copies, voice_days=rule.voice_days)
        counted = rows[memory.grievance[rows] & ~memory.void[rows]]
        totals = np.bincount(memory.source[counted], minlength=len(SOURCES)).astype(float)
        exposure = day_exposure(memory.totals, memory.days, totals, day)
        seen = self._watch(rows, set(born), day)
        alerts, updates, states = self._judge(rows, day, seen, exposure.relative)
        budget = daily_budget(rule.false_alerts_per_day, memory.totals)
        memory.days.append(day)
        memory.totals = np.vstack([memory.totals, totals])
        memory.exposures = np.vstack([memory.exposures, exposure.relative])
        merges = self._merge(day) if day.weekday() == SUNDAY else ()
        return DayResult(
            day=day, keys=tuple(arrival.report.key for arrival in given.arrivals), issues=memory.home[rows].copy(),
            similarities=memory.similarity[rows].copy(), is_voice=memory.is_voice[rows].copy(),
            is_first=memory.is_first[rows].copy(), copies=tuple(copies), born=born, merges=merges, alerts=alerts,
            updates=updates, states=states, seen=tuple(seen), scan_bar=2.0, budget=budget, totals=totals,
            expected_totals=exposure.expected, exposure=exposure.relative, matters=memory.matter[rows].copy(),
            matter_voice=memory.matter_voice[rows].copy(), matter_first=memory.matter_first[rows].copy(), raised=(),
            corrected=Corrected(),
        )  # fmt: skip

    def _link(self, rows: NDArray[np.int64], day: date) -> tuple[int, ...]:
        """Give rows their issues and matters; returns the newborn issues."""
        memory, before, issues = self.memory, self.memory.next_issue, list[int]()
        for row in rows.tolist():
            report = memory.reports[row]
            label = self._label(report, day)
            issue = memory.standing.survivor(self.issue_of.setdefault(label, memory.next_issue))
            if issue == memory.next_issue:
                memory.next_issue += 1
                if len(label) == 1:
                    self.planted_issues.add(issue)
                else:
                    self.fresh[issue] = label
            else:
                memory.similarity[row] = 0.15 + 0.01 * (row % 20)
            issues.append(issue)
            about = label if len(label) == 1 else (report.category, quarter_of(day))
            matter = self.matter_of.setdefault(about, memory.next_matter)
            memory.next_matter += matter == memory.next_matter
            memory.matter[row] = matter
            memory.matter_members.setdefault(matter, array("q")).append(row)
        memory.assign(rows, np.array(issues, np.int64))
        return tuple(range(before, memory.next_issue))

    def _label(self, report: Report, day: date) -> Label:
        planted = self.planted.get(report.report_id)
        return (planted,) if planted else (report.category, report.area, report.town, quarter_of(day))

    def _watch(self, rows: NDArray[np.int64], born: set[int], day: date) -> list[Seen]:
        """What the detector would have seen: issues with a new voice today; the live ones have a state."""
        memory, today = self.memory, day.toordinal()
        voiced = np.flatnonzero(memory.is_voice & ~memory.void)
        live = np.unique(memory.issue[voiced[memory.day[voiced] >= today - self.settings.detector.live_days]])
        memory.watched, memory.m = live, np.full((len(live), *STATE), 0.1)
        issues, n_new = np.unique(memory.issue[rows[memory.is_voice[rows]]], return_counts=True)
        return [
            Seen(issue, y, len(memory.members[issue]) / WATCHED_DAYS, 1.0, (0.1,) * (STATE[0] * STATE[1]), float(y),
                 0.5 * y)
            for issue, y in zip(issues.tolist(), n_new.tolist(), strict=True) if issue not in born
        ]  # fmt: skip

    def _crossings(self, rows: NDArray[np.int64], day: date) -> list[Crossing]:
        """Planted issues with a new voice today, once enough people have told of them."""
        memory, found = self.memory, list[Crossing]()
        for issue in np.unique(memory.issue[rows[memory.is_voice[rows]]]).tolist():
            members = memory.rows_of(issue)
            members = members[memory.is_voice[members] & (memory.day[members] > day.toordinal() - WINDOW_DAYS)]
            if issue in self.planted_issues and len(members) >= ALERTED_FROM:
                recurrence = 7.0 * 2.0 ** min(len(members) - ALERTED_FROM, 20)
                expected = 0.04 * WINDOW_DAYS
                found.append(
                    Crossing(issue, "scan", log10(recurrence), recurrence, WINDOW_DAYS, expected, len(members))
                )
        return found

    def _judge(
        self, rows: NDArray[np.int64], day: date, seen: Sequence[Seen], exposure: NDArray[np.float64]
    ) -> tuple[tuple[Alert, ...], tuple[Alert, ...], tuple[IssueDay, ...]]:
        """Alerts, updates and states by the engine's own rules. exposure: of today, (n_sources,)."""
        memory, settings, crossings = self.memory, self.settings, self._crossings(rows, day)
        touched = set(memory.issue[rows].tolist())
        zones = find_zones(memory, day, crossings, exposure, settings.detector)
        crossed = {crossing.issue_id for crossing in crossings}
        central = most_central(memory, sorted(crossed), day)

        def state(issue: int, recurrence_days: float) -> IssueDay:
            known = self.described.get(issue)
            if known and issue not in crossed and (day - known.day).days < DESCRIBED_DAYS:
                return replace(known, day=day, n_reports=len(memory.members[issue]))
            self.described[issue] = describe(memory, issue, day, settings, recurrence_days=recurrence_days,
                                             central=central.get(issue))  # fmt: skip
            return self.described[issue]

        def alert(now: IssueDay, crossing: Crossing) -> Alert:
            zone = zones.get(now.issue_id)
            return raise_alert(now, crossing, settings, area_names=self.area_names, zone=zone,
                               n_same_text=people_of_one_text(memory, now.issue_id, day))  # fmt: skip

        return judge(memory, day, crossings, seen, touched, state, alert, settings)

    def _merge(self, day: date) -> tuple[Merge, ...]:
        """Some of the week's everyday issues go into that of the same category and town of the quarter before."""
        memory, merges, before = self.memory, list[Merge](), quarter_of(day - timedelta(days=91))
        for issue, label in self.fresh.items():
            older = self.issue_of.get((*label[:-1], before), 0)
            if issue % MERGED_ONE_IN == 0 and older and older not in self.fresh and older != issue:
                merges.append(Merge(issue, memory.standing.survivor(older), 0.13))
        self.fresh.clear()
        memory.apply(merges)
        return tuple(merges)


def main() -> None:
    """Seed a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, default=N_REPORTS)
    parser.add_argument("--days", type=int, default=N_DAYS)
    chosen = parser.parse_args()
    seed(chosen.folder, chosen.reports, chosen.days)


def seed(folder: Path, n_reports: int, n_days: int) -> None:
    """Fill the warehouse of `folder`, which must have none, with n_days that have run; progress is printed."""
    clock = time.perf_counter()
    settings = Settings(folder=folder)
    city = SimulationSettings(SEED, n_days, FIRST_ON, n_reports / n_days, n_days // DAYS_AN_INCIDENT)
    with tempfile.TemporaryDirectory() as temporary:
        truth = simulate(city, Path(temporary))
        print(f"simulated: {time.perf_counter() - clock:.0f} s", flush=True)
        taken = take_in(folder, Path(temporary))
    print(f"taken in: {taken.n_reports:,} reports, {taken.seconds:.0f} s", flush=True)
    run_days(settings, planted_in(truth))
    print(f"seeded: {time.perf_counter() - clock:.0f} s", flush=True)


def planted_in(truth: Truth) -> dict[str, str]:
    """By the office's number of a report: the incident, chronic spot or decoy that it was planted in."""
    named = [(event.event_id, event.ids) for event in truth.events] + [(each.name, each.ids) for each in truth.decoys]
    return {number: name for name, ids in reversed(named) for number in ids}


def run_days(settings: Settings, planted: Mapping[str, str]) -> None:
    """Write the results of all days, then what people did about the alerts."""
    path, alerts = settings.warehouse_path, list[Alert]()
    seeder = Seeder(settings, planted)
    with writing(path) as connection:
        span = first_row(connection.execute("SELECT min(known_at), max(known_at) FROM reports"))
    days = days_between(*map(day_of, span)) if span else []
    with counting_ahead(N_REPORTS, settings.linking.body_characters) as ahead:
        for some in (days[i : i + DAYS_AT_ONCE] for i in range(0, len(days), DAYS_AT_ONCE)):
            with writing(path) as connection:
                for day, tomorrow in zip_longest(some, some[1:]):
                    given = day_input(connection, day)
                    if tomorrow:
                        ahead.start(tomorrow, texts_known(connection, tomorrow))
                    result = seeder.day(replace(given, counted=ahead.take(day)))
                    write_day(connection, seeder, result, is_last=day == days[-1])
                    alerts += result.alerts
    with writing(path) as connection:
        handle(connection, alerts, end_of(days[-1]))


def write_day(connection: duckdb.DuckDBPyConnection, seeder: Seeder, result: DayResult, *, is_last: bool) -> None:
    """Save a day as if it had run in the night after it."""
    started = end_of(result.day) + timedelta(minutes=10)
    save_day(connection, seeder.memory, result, started_at=started, finished_at=started + timedelta(seconds=2),
             seconds=2.0, settings=seeder.settings, theme_version="", is_last=is_last)  # fmt: skip


def handle(connection: duckdb.DuckDBPyConnection, alerts: Sequence[Alert], end: datetime) -> None:
    """Take each alert so many steps on, from none to verified in turn; telephone about all but the newest dangers."""
    rows = [
        (alert.issue_id, step, at, "综治中心值班", "", alert.owner, None)
        for place, alert in enumerate(alerts)
        for step, days in list(zip(FIVE[1:], STEP_DAYS, strict=True))[: place % len(FIVE)]
        if (at := start_of(alert.day) + timedelta(days=days, hours=9)) < end
    ]
    put(connection, "handling", rows)
    connection.execute(
        "UPDATE watch SET phoned_at = known_at + INTERVAL 10 MINUTE WHERE known_at < ?", [end - timedelta(days=1)]
    )


def quarter_of(day: date) -> str:
    """The quarter of a day.

    >>> quarter_of(date(2025, 4, 1))
    '2025-2'
    """
    return f"{day.year}-{(day.month + 2) // 3}"


if __name__ == "__main__":
    main()
