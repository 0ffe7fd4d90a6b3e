"""A dense little stream of reports, answers and dangers with a seed, and how it gets into a warehouse.

Everything is invented. Nothing is read from it but what a test needs: it is written straight into the tables.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import duckdb

from signals.clock import end_of, start_of
from signals.records import Kind, Report, Source, Update
from signals.runner import DayDone, run_days
from signals.settings import DetectorSettings, Settings
from signals.store.rows import put
from signals.store.warehouse import create, kept_open, reading, writing
from signals.theming import DayThemes

SECOND_THEMES = 15  # days of the first theme version
FIRST_DAY = date(2025, 3, 20)  # a Thursday; the stream crosses a month's end and several Sundays
AREAS = {"海棠苑": ("440703", "白沙街道"), "松涛花园": ("440703", "环市街道"), "临江新村": ("440704", "江南街道"),
         "白鹭湾": ("440704", "礼乐街道"), "云栖台": ("440705", "会城街道"), "旧渡口市场": ("440705", "")}  # fmt: skip
MATTERS = (
    ("搅拌站夜间施工太吵", "{p}旁边的搅拌站凌晨还在开工，搅拌车进出轰隆响，{x}", Kind.COMPLAINT),
    ("电梯反复停运", "{p}三栋电梯这个月停运多次，老人上下楼困难，{x}", Kind.COMPLAINT),
    ("污水井外溢发臭", "{p}门口污水井外溢，臭水流到人行道上，{x}", Kind.REQUEST),
    ("工地拖欠工人工资", "{p}工地拖欠班组工资两个月，共欠18万元，{x}", Kind.COMPLAINT),
    ("路灯整排不亮", "{p}外侧道路路灯整排不亮，晚上摸黑走路，{x}", Kind.SUGGESTION),
    ("入学报名怎么办理", "想问{p}今年小学一年级报名需要什么材料，{x}", Kind.ENQUIRY),
)
ENDINGS = ("已经一个多星期", "我们小区200户都受影响", "物业一直推脱", "多次打电话没有人管", "孩子没法写作业",
           "请派人来看看", "昨天晚上又是这样", "希望有个说法", "商铺也受影响", "比上个月更严重")  # fmt: skip
ANSWER = "经现场核查，已责令责任单位停止夜间作业并于本周内完成整改，后续将安排专人每日巡查直至问题解决。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One report with what lies beside it in the warehouse."""

    report: Report
    complainant: str | None = None
    updates: tuple[Update, ...] = ()
    danger: str = ""


def settings_for(folder: Path, *, false_alerts_per_day: float = 3.0) -> Settings:
    """Settings that raise enough alerts in a short stream, with short times to answer."""
    detector = DetectorSettings(false_alerts_per_day=false_alerts_per_day)
    days = {"petition": 6, "hotline": 3, "grid": 4}
    return Settings(folder=folder, demo=True, detector=detector, answer_days=days)


def make_stream(n_days: int, *, seed: int = 5, reports_per_day: int = 14) -> list[Entry]:
    """Entries of n_days from FIRST_DAY on: steady matters, two that grow, late ones, answers, dangers, voids."""
    chance = random.Random(seed)
    entries: list[Entry] = []
    for i in range(n_days):
        grown = [0] * (1 + i // 5) + [3] * (i // 8)
        for j in range(chance.randint(reports_per_day - 3, reports_per_day + 3)):
            entries.append(_entry(chance, FIRST_DAY + timedelta(days=i), f"{i:02d}{j:02d}", grown))
    return entries


def _entry(chance: random.Random, day: date, number: str, grown: list[int]) -> Entry:
    place = chance.choice(list(AREAS))
    matter = chance.randrange(len(MATTERS))
    if chance.random() < 0.45:
        matter = chance.choice(grown)
        place = ("海棠苑", "", "", "白鹭湾")[matter]
    title, body, kind = MATTERS[matter]
    received = start_of(day) + timedelta(seconds=chance.randrange(86_400))
    late = timedelta(days=chance.randint(1, 4)) if chance.random() < 0.1 else timedelta()
    area, town = AREAS[place]
    source = chance.choice((Source.PETITION, Source.HOTLINE, Source.HOTLINE, Source.GRID))
    said = body.format(p=place, x="，".join(chance.sample(ENDINGS, 2)))
    report = Report(source, number, received, received + late, f"{place}{title}", said, kind, area=area, town=town,
                    category=title[:2])  # fmt: skip
    who = f"hash-{chance.randrange(60)}" if chance.random() < 0.6 else None
    danger = "电梯困人" if matter == 1 and chance.random() < 0.2 else ""
    return Entry(report, who, tuple(_updates(chance, report)), danger)


def _updates(chance: random.Random, report: Report) -> list[Update]:
    """Answers with their own times, visits and state columns without one, known days later."""
    found: list[Update] = []
    if chance.random() < 0.5:
        at = report.known_at + timedelta(hours=chance.randint(6, 140))
        found += [Update(report.key, "answered", "", at, at), Update(report.key, "answer", ANSWER, at, at)]
        if chance.random() < 0.4:
            known = at + timedelta(days=2)
            found.append(Update(report.key, "solved", chance.choice(("是", "否")), None, known))
    for name, value, share in (("returned", "1", 0.15), ("void", "作废", 0.06), ("due", "", 0.1)):
        if chance.random() < share:
            known = report.known_at + timedelta(hours=chance.randint(0, 90))
            moved = report.received_at + timedelta(days=2)
            found.append(Update(report.key, name, value or moved.isoformat(), moved if name == "due" else None, known))
    return found


def tampered(entries: Sequence[Entry], cut: date, *, seed: int = 1) -> list[Entry]:
    """The same past, another future: whatever is known after the cut day is dropped, changed or added to."""
    chance, end = random.Random(seed), end_of(cut)
    world: list[Entry] = []
    for entry in entries:
        past = tuple(u for u in entry.updates if u.known_at < end)
        later = [u for u in entry.updates if u.known_at >= end]
        future = tuple(replace(u, value="否" + u.value, at=None) for u in later if chance.random() < 0.5)
        if entry.report.known_at < end:
            extra = Update(entry.report.key, "void", "作废", None, end)  # everything is withdrawn the next morning
            world.append(replace(entry, updates=(*past, *future, extra)))
        elif chance.random() < 0.6:
            other = replace(entry.report, title="海棠苑搅拌站夜间施工太吵", kind=Kind.COMPLAINT, area="440703")
            world.append(Entry(other, f"another-{chance.random()}", future, "燃气泄漏"))
    for i in range(12):  # a burst on the very next day, some of it received long before
        known = end + timedelta(minutes=i)
        report = Report(Source.HOTLINE, f"new-{i}", known - timedelta(days=i % 5), known, "白鹭湾工地拖欠工人工资",
                        f"白鹭湾工地拖欠班组工资{i}个月", Kind.COMPLAINT, area="440704", town="礼乐街道")  # fmt: skip
        world.append(Entry(report, f"new-{i}"))
    return world


def write_stream(path: Path, entries: Sequence[Entry]) -> None:
    """Put entries into a new warehouse in the order given."""
    create(path)
    with writing(path) as connection:
        insert_entries(connection, entries)


def insert_entries(connection: duckdb.DuckDBPyConnection, entries: Sequence[Entry]) -> None:
    """Add entries to the tables in the order given, as ingest would have."""
    watched = [entry for entry in entries if entry.danger]
    put(connection, "reports", [_report_row(entry.report, i) for i, entry in enumerate(entries)])
    put(connection, "voices", [(e.report.key, e.complainant) for e in entries if e.complainant])
    put(connection, "updates", [
        (u.report_key, u.field, u.value, u.at, u.known_at, 1) for e in entries for u in e.updates
    ])  # fmt: skip
    put(connection, "watch", [(e.report.key, e.danger, e.danger, e.report.known_at, "", "", None) for e in watched])


def _report_row(r: Report, row_number: int) -> tuple[object, ...]:
    return (r.key, str(r.source), r.report_id, 1, row_number, r.received_at, r.known_at, r.title, r.body, r.context,
            str(r.kind), r.category, r.area, r.town, r.community, r.address, r.unit, r.due_at, r.restricted,
            r.about_office, "")  # fmt: skip


def themes_by_matter(day: date, reports: Sequence[Report]) -> DayThemes:
    """A stand-in for a theme model: the theme is the matter; a second version, from the 16th day on, joins two."""
    version = 1 + ((day - FIRST_DAY).days >= SECOND_THEMES)
    numbers = {title: min(i, len(MATTERS) + 1 - version) for i, (title, _, _) in enumerate(MATTERS, start=1)}
    rows = [(r.key, theme, 0.9) for r in reports for title, theme in numbers.items() if title in r.title]
    return DayThemes(f"v{version}", rows)


def run(settings: Settings, days: Sequence[date], *, with_cells: bool = False) -> list[DayDone]:
    """Run the days on one carried memory."""
    with kept_open(settings.warehouse_path):
        return list(run_days(settings.warehouse_path, days, settings, themes_by_matter, with_cells=with_cells))


RESULTS = {
    "issues": "*", "links": "*", "report_days": "*", "day_totals": "*", "engine_state": "*", "series_state": "*",
    "paces": "*", "trends": "*", "issue_days": "*", "matters": "*", "evidence": "*", "cells": "*", "alerts": "*",
    "report_themes": "*", "report_matters": "*",
    "tokens": "*", "said": "*", "vocabulary": "*", "corrections": "* EXCLUDE (made_at)", "recounted": "*",
    "handling": '* EXCLUDE ("at")', "runs": "* EXCLUDE (started_at, finished_at, seconds)",
}  # fmt: skip


def results(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that runs have written, by table, without the clock of the machine."""
    with reading(path) as connection:
        return results_of(connection)


def results_of(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: connection.execute(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()
        for table, columns in RESULTS.items()
    }
