"""A warehouse of an invented city: 40 days, about 300 reports, 25 issues, 8 alerts. All text is made up.

`seed(path)` fills every table the board reads, by plain INSERTs, always with the same rows.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from signals.clock import LOCAL, days_between, start_of
from signals.gazetteer import load_gazetteer
from signals.records import Source, Zone
from signals.settings import Settings
from signals.store import warehouse
from signals.store.cells import save_cells
from signals.store.memories import load_memory
from signals.store.statistics import save_statistics
from signals.zones import stored_zone, zone_sentence
from tests.board.invented import MATTERS, REMEDIES, Matter

LAST_DAY = date(2025, 4, 10)
FIRST_DAY = LAST_DAY - timedelta(days=39)
ALERTS = {  # issue → (day, level)
    1: (LAST_DAY, "red"), 2: (LAST_DAY, "orange"), 3: (LAST_DAY, "yellow"), 4: (LAST_DAY, "blue"),
    5: (LAST_DAY - timedelta(days=3), "yellow"), 6: (LAST_DAY - timedelta(days=9), "orange"),
    7: (LAST_DAY - timedelta(days=16), "blue"), 24: (LAST_DAY, "yellow"),
}  # fmt: skip
QUIET_DAY = LAST_DAY - timedelta(days=1)
AREA_NAMES = {area.adcode: area.name for area in load_gazetteer().areas}
RESTRICTED_TITLE = "孩子在培训机构受伤害请求介入"
OFFICE_TITLE = "窗口人员态度恶劣推诿不办"
HOSTILE_TITLE = "<img src=x onerror=alert(1)> **加粗** [点我](http://example.invalid) `代码`"


@dataclass(frozen=True)
class Seeded:
    """One generated report."""

    key: str
    issue_id: int
    at: datetime
    source: str
    area: str
    town: str
    voice: int
    title: str
    body: str
    restricted: str
    about_office: str


def seed(path: Path) -> None:
    """Create and fill the warehouse at `path`."""
    draw = Random(7)
    reports = _reports(draw)
    with warehouse.writing(path) as con:
        _insert(con, "files", _files())
        _insert(con, "reports", [_report_row(r, n) for n, r in enumerate(reports, start=2)])
        old = [r for r in reports if r.at.date() < LAST_DAY - timedelta(days=12)]
        _insert(con, "updates", [row for r in old for row in _update_rows(r)])
        _insert(con, "watch", _watch_rows(reports))
        _insert(con, "quarantine", _quarantine_rows())
        _insert(con, "issues", [_issue_row(i, m, reports) for i, m in enumerate(MATTERS, start=1)])
        _insert(con, "issues", [(90, "旧名称", FIRST_DAY, "hotline:R0001", 2, QUIET_DAY, "engine")])
        _insert(con, "links", [(r.key, r.issue_id, r.at.date(), None, 0.3, "engine") for r in reports])
        counted = "report_days (report_key, day, place, is_voice, is_first, copy_of)"
        _insert(con, counted, _counted_rows(reports))
        _insert(con, "issue_days", _state_rows(reports))
        _insert(con, "day_totals", [
            (day, source, 3, 3.0, 1.0) for day in days_between(FIRST_DAY, LAST_DAY) for source in Source
        ])  # fmt: skip
        _insert(con, "evidence", _evidence_rows(reports))
        _insert(con, "alerts", [_alert_row(i, *ALERTS[i], reports) for i in ALERTS])
        _insert(con, "handling", _handling_rows())
        _insert(con, "runs", _run_rows(reports, draw))
        _insert(con, "models", [("themes", "t1", "current", start_of(FIRST_DAY), FIRST_DAY, "models/themes/t1", "")])
        _insert(con, "themes", [("t1", t, name, [name], 60) for t, name in THEMES.items()])
        _insert(con, "report_themes", [
            (r.key, "t1", MATTERS[r.issue_id - 1].theme, 0.5, _counted_on(r, n))
            for n, r in enumerate(reports, start=2)
        ])  # fmt: skip
        _insert(con, "voices", [(r.key, f"{r.voice}") for r in reports])
        memory = load_memory(con, Settings())
        for back in (28, 7, 0):
            save_cells(con, memory, LAST_DAY - timedelta(days=back), "t1", with_subjects=not back)
        save_statistics(con, LAST_DAY, Settings())


THEMES = {1: "施工噪声", 2: "物业服务", 3: "供水供气", 4: "道路交通", 5: "市容环境"}
CATEGORIES = {1: "生态环境", 2: "住房物业", 3: "公用事业", 4: "交通运输", 5: "城乡建设"}


def _insert(con: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    con.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _reports(draw: Random) -> list[Seeded]:
    reports, number = [], count(1)
    for issue_id, matter in enumerate(MATTERS, start=1):
        ended = ALERTS[issue_id][0] if issue_id in ALERTS else LAST_DAY - timedelta(days=issue_id % 4)
        born = ended - timedelta(days=matter.age if issue_id in ALERTS else 20 + issue_id * 7 % 17)
        for k in range(matter.n):
            share = (k / max(matter.n - 1, 1)) ** (0.6 if issue_id in ALERTS else 1.0)
            day = born + timedelta(days=round(share * (ended - born).days))
            at = datetime.combine(day, time(draw.randint(8, 20), draw.randint(0, 59)), LOCAL)
            source = draw.choices(("hotline", "petition", "grid"), (6, 3, 2))[0]
            reports.append(_report(issue_id, matter, next(number), k, at, source))
    return sorted(reports, key=lambda r: (r.at, r.key))


def _report(issue_id: int, matter: Matter, number: int, k: int, at: datetime, source: str) -> Seeded:
    area, town = matter.places[k % len(matter.places)]
    title, body = matter.titles[k % len(matter.titles)], matter.bodies[k % len(matter.bodies)]
    restricted = about = ""
    if issue_id == 24:
        title, restricted = RESTRICTED_TITLE, "minor"
    elif issue_id == 25 or (issue_id == 2 and k == 1):
        title, about = OFFICE_TITLE, "某街道办事处"
    elif issue_id == 1 and k == 2:
        title = HOSTILE_TITLE
    voice = issue_id * 1000 + k - (1 if k % 6 == 5 else 0)
    key = f"{source}:R{number:04d}"
    return Seeded(key, issue_id, at, source, area, town, voice, title, body, restricted, about)


def _report_row(r: Seeded, n: int) -> tuple[Any, ...]:
    known = min(_known(r, n), start_of(LAST_DAY) + timedelta(hours=23))
    category = f"{CATEGORIES[MATTERS[r.issue_id - 1].theme]}/其他"
    file_id = {"hotline": 1, "petition": 2, "grid": 3}[r.source]
    return (
        r.key, r.source, r.key.partition(":")[2], file_id, n, r.at, known,
        r.title, r.body, "", "complaint", category, r.area if n % 17 else "", r.town if n % 9 and n % 17 else "",
        "", "", "区住建局" if n % 2 else "", None, r.restricted, r.about_office, f"h{n}",
    )  # fmt: skip


def _known(r: Seeded, n: int) -> datetime:
    return r.at + timedelta(days=3 if n % 29 == 0 else 0, hours=2)


def _update_rows(r: Seeded) -> list[tuple[Any, ...]]:
    at = r.at + timedelta(days=8)
    return [(r.key, "answered", "", at, at, 1), (r.key, "answer", "已派员核查", at, at, 1)]


def _watch_rows(reports: list[Seeded]) -> list[tuple[Any, ...]]:
    gas = [r for r in reports if r.issue_id == 1][-2:]
    secret = [r for r in reports if r.issue_id == 24][-1]
    day = start_of(LAST_DAY)
    return [
        (gas[0].key, "燃气泄漏", "闻到煤气味", day + timedelta(hours=9), gas[0].area, gas[0].town, None),
        (gas[1].key, "燃气泄漏", "报警器一直响", day + timedelta(hours=11), gas[1].area, gas[1].town,
         day + timedelta(hours=11, minutes=8)),
        (secret.key, "未成年人受侵害", "受伤害", day + timedelta(hours=10), secret.area, secret.town, None),
    ]  # fmt: skip


def _counted_rows(reports: list[Seeded]) -> list[tuple[Any, ...]]:
    heard: set[int] = set()
    rows: list[tuple[Any, ...]] = []
    for n, r in enumerate(reports, start=2):
        is_first = not any(voice // 1000 == r.issue_id for voice in heard)
        rows.append((r.key, _counted_on(r, n), n, r.voice not in heard, is_first, ""))
        heard.add(r.voice)
    return rows


def _evidence_rows(reports: list[Seeded]) -> list[tuple[Any, ...]]:
    """Each issue on the days on which somebody followed its founder; issue 1 was expected less and less often."""
    rows: dict[tuple[int, date], tuple[Any, ...]] = {}
    for n, r in enumerate(reports, start=2):
        key = (r.issue_id, _counted_on(r, n))
        mu = 1.8 / (1 + key[1].day) if r.issue_id == 1 else 0.048
        rows[key] = (*key, 1, mu, 1.2, [0.1], 1.0, 1.0, 2.0)
    founded = {r.issue_id: _counted_on(r, n) for n, r in reversed(list(enumerate(reports, start=2)))}
    return [row for key, row in rows.items() if key[1] > founded[key[0]]]


def _counted_on(r: Seeded, n: int) -> date:
    return min(_known(r, n).date(), LAST_DAY)


def _files() -> list[tuple[Any, ...]]:
    at = start_of(LAST_DAY) + timedelta(hours=21)
    names = ("热线工单.xlsx", "信访导出.csv", "网格上报.xlsx")
    sources = ("hotline", "petition", "grid")
    return [
        (n + 1, names[n], f"sha{n}", sources[n], True, at, 180 - 40 * n, 170 - 40 * n, 2, 3, 5 - n) for n in range(3)
    ]


def _quarantine_rows() -> list[tuple[Any, ...]]:
    reasons = [
        ("留言时间", "留言时间不是日期；请按 2025-03-01 的样子改正后重新导入。", 5),
        ("内容", "内容为空；请补上诉求内容后重新导入。", 4),
        ("工单号", "编号重复而内容不同；请在原系统核对编号。", 3),
    ]
    rows, number = [], count(1)
    for column, reason, n in reasons:
        for k in range(n):
            values = {"工单号": f"Z{k}", "内容": "来电人〔姓名〕反映楼下〔户室〕漏水", column: "2025/13/40"}
            cells = json.dumps(values, ensure_ascii=False)
            at = start_of(LAST_DAY - timedelta(days=k)) + timedelta(hours=8)
            rows.append((next(number), 1, "热线工单.xlsx", "Sheet1", 30 + k, column, reason, cells, at))
    return rows


def _issue_row(issue_id: int, matter: Matter, reports: list[Seeded]) -> tuple[Any, ...]:
    own = [r for r in reports if r.issue_id == issue_id]
    name = own[0].title if issue_id in (24, 25) else matter.name
    return (issue_id, name, own[0].at.date(), own[0].key, None, None, None)


def _factors(points: float) -> list[dict[str, object]]:
    parts = [0.38, 0.3, 0.22, 0.22, -0.12]
    return [
        {"name": name, "points": round(points * part, 1), "value": value, "remedy": remedy}
        for part, (name, value, remedy) in zip(parts, REMEDIES, strict=True)
    ]


def _points(issue_id: int) -> float:
    level = ALERTS.get(issue_id, (None, "blue"))[1]
    return {"red": 84.0, "orange": 66.0, "yellow": 47.0, "blue": 22.0}[level]


def _state_rows(reports: list[Seeded]) -> list[tuple[Any, ...]]:
    rows = []
    for issue_id, matter in enumerate(MATTERS, start=1):
        own = [r for r in reports if r.issue_id == issue_id]
        for day in sorted({r.at.date() for r in own} | {LAST_DAY}):
            seen = [r for r in own if r.at.date() <= day]
            rows.append((
                issue_id, day, matter.name, "emerging" if issue_id in ALERTS else "weak", len(seen),
                _voices(seen), _voices([r for r in seen if r.at.date() > day - timedelta(days=7)]),
                _voices([r for r in seen if r.at.date() > day - timedelta(days=28)]),
                seen[0].at.date(), seen[-1].at.date(), sorted({r.area for r in seen}),
                sorted({r.town for r in seen}), sorted({r.source for r in seen}), matter.theme, ["搅拌站", "噪声"],
                0.04, 12.0 * issue_id, _points(issue_id), ALERTS.get(issue_id, (None, "blue"))[1],
                _factors(_points(issue_id)), None,
            ))  # fmt: skip
    return rows


def _voices(reports: list[Seeded]) -> int:
    return len({r.voice for r in reports})


def _alert_row(issue_id: int, day: date, level: str, reports: list[Seeded]) -> tuple[Any, ...]:
    own = [r for r in reports if r.issue_id == issue_id and r.at.date() <= day]
    matter = MATTERS[issue_id - 1]
    quotes = [f"{r.title[:38]}…" for r in (own[0], own[1])]
    if issue_id == 1:
        quotes = [HOSTILE_TITLE[:38], own[0].body[:36] + "…"]
    zone = _zone(own)
    reasons = [
        f"近 14 天 {_voices(own)} 人反映，按过去半年的频率预期 0.6 人。",
        f"涉及 {len({r.source for r in own})} 个来源，最近 4 天仍在增加。",
        f"{zone_sentence(zone, AREA_NAMES)}。" if zone else "地点未写明。",
        "这些诉求共同提到：搅拌站、夜间、噪声。",
    ]
    return (
        day, issue_id, own[0].title if issue_id == 24 else matter.name, level, "emerging", 2.1, 96.0 + 150 * issue_id,
        "scan" if issue_id % 2 else "esr", _points(issue_id), None, len(own), _voices(own), 0.6, _voices(own), 14,
        own[0].at.date(), sorted({r.area for r in own}), sorted({r.town for r in own}),
        sorted({r.source for r in own}), ["搅拌站"], reasons, quotes, [r.key for r in own], matter.owner,
        start_of(day) + timedelta(hours=32), matter.theme, _factors(_points(issue_id)), False,
        stored_zone(zone),
    )  # fmt: skip


def _zone(reports: list[Seeded]) -> Zone | None:
    """The town of most open reports, as if the scan had found it; an issue of sensitive reports alone has none."""
    places = Counter((r.area, r.town) for r in reports if not r.restricted and not r.about_office)
    if not places:
        return None
    place = places.most_common(1)[0][0]
    return Zone((place,), _voices([r for r in reports if (r.area, r.town) == place]), 0.08, 14, 9.0)


def _handling_rows() -> list[tuple[Any, ...]]:
    at = start_of(LAST_DAY - timedelta(days=8)) + timedelta(hours=9)
    steps = (("found", "风险研判员"), ("reported", "综治中心值班"), ("owned", "区住建局"))
    rows: list[tuple[Any, ...]] = [
        (6, step, at + timedelta(hours=5 * n), role, "", "区住建局", None) for n, (step, role) in enumerate(steps)
    ]
    return [*rows, (5, "found", at + timedelta(days=6), "风险研判员", "已电话核实", "", None)]


def _run_rows(reports: list[Seeded], draw: Random) -> list[tuple[Any, ...]]:
    rows = []
    for day in days_between(FIRST_DAY, LAST_DAY):
        n = sum(min(_known(r, i).date(), LAST_DAY) == day for i, r in enumerate(reports, start=2))
        at = start_of(day) + timedelta(hours=24, minutes=10)
        n_alerts = sum(on == day for on, _ in ALERTS.values())
        expected = round(7.0 + (1.5 if day.weekday() < 5 else -1.0) + draw.random(), 1)
        seconds = round(2 + draw.random(), 1)
        counts = (n, n % 3, n % 4, n_alerts, 2)
        rows.append((day, at, at + timedelta(seconds=3), *counts, seconds, "s1", "t1", expected, "r", 0.6, ""))
    return rows
