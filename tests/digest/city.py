"""A small warehouse filled by hand: eight quiet weeks and one busy day, all text invented."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import duckdb

from signals.clock import start_of

DAY = date(2025, 6, 18)  # a Wednesday, no holiday near
AT_NOON = timedelta(hours=12)
TOWNS = (("440703", "棠下镇"), ("440705", "会城街道"), ("440704", "外海街道"))
SUBJECTS = ("城市管理/施工噪声", "住房建设/物业服务", "交通出行/占道停车", "生态环境/异味扰民")


@dataclass
class City:
    """Plain inserts into an empty warehouse; every method takes only what its test is about."""

    connection: duckdb.DuckDBPyConnection
    n_reports: int = field(default=0)

    def report(
        self,
        day: date,
        *,
        body: str = "夜里机器响个不停",
        title: str = "",
        source: str = "hotline",
        kind: str = "complaint",
        area: str = "440703",
        town: str = "棠下镇",
        unit: str = "城管执法队",
        category: str = "城市管理/施工噪声",
        restricted: str = "",
        about_office: str = "",
        received_at: datetime | None = None,
        due_at: datetime | None = None,
    ) -> str:
        """Insert one report known at noon of a day; returns its key."""
        self.n_reports += 1
        key = f"{source}:{self.n_reports}"
        known_at = start_of(day) + AT_NOON
        self.connection.execute(
            f"INSERT INTO reports VALUES ({', '.join('?' * 21)})",
            [key, source, str(self.n_reports), 1, self.n_reports, received_at or known_at, known_at, title, body,
             "", kind, category, area, town, "", "", unit, due_at, restricted, about_office, "x"],
        )  # fmt: skip
        return key

    def update(self, key: str, name: str, known_at: datetime, value: str = "是") -> None:
        self.connection.execute("INSERT INTO updates VALUES (?, ?, ?, ?, ?, 1)", [key, name, value, known_at, known_at])

    def run(self, day: date, *, expected: float = 6.0, theme_version: str = "") -> None:
        self.connection.execute(
            "INSERT INTO runs VALUES (?, ?, ?, 0, 0, 0, 0, 0, 1.0, 'abc', ?, ?, 'h', 0.6, '')",
            [day, start_of(day), start_of(day), theme_version, expected],
        )

    def alert(
        self,
        day: date,
        issue_id: int,
        keys: Sequence[str],
        *,
        name: str = "棠下搅拌站夜间噪声",
        level: str = "yellow",
        n_complainants: int = 6,
        quotes: Sequence[str] = (),
        reasons: Sequence[str] = ("近期集中",),
        owner: str = "区生态环境分局",
        is_update: bool = False,
        due_at: datetime | None = None,
        zone: dict[str, object] | None = None,
    ) -> None:
        self.issue(issue_id, name, day)
        self.connection.execute(
            f"INSERT INTO alerts VALUES ({', '.join('?' * 29)})",
            [day, issue_id, name, level, "emerging", 2.1, 128.6, "esr", 46.0, None, len(keys) + 2, n_complainants,
             0.4, n_complainants - 1, 14, day - timedelta(days=9), ["440703"], ["棠下镇"], ["hotline", "petition"],
             ["搅拌站", "夜间", "噪声"], list(reasons), list(quotes), list(keys), owner,
             due_at or start_of(day) + timedelta(days=2), None, [], is_update, zone],
        )  # fmt: skip

    def issue(self, issue_id: int, name: str, born_on: date) -> None:
        self.connection.execute(
            "INSERT OR IGNORE INTO issues VALUES (?, ?, ?, 'hotline:1', NULL, NULL, NULL)", [issue_id, name, born_on]
        )

    def issue_day(self, day: date, issue_id: int, *, last_7: int = 4, last_28: int = 6) -> None:
        self.connection.execute(
            """INSERT INTO issue_days BY NAME SELECT ? AS issue_id, ? AS day, ? AS name, 'strong' AS stage,
                 9 AS n_reports, 8 AS n_complainants, ? AS n_complainants_7, ? AS n_complainants_28,
                 DATE '2025-01-01' AS first_on,
                 DATE '2025-06-01' AS last_on, ['440703'] AS areas, ['棠下镇'] AS towns, ['hotline'] AS sources,
                 NULL AS theme_id, ['噪声'] AS words, .1 AS expected_day, 90 AS recurrence_days, 50 AS risk_points,
                 'yellow' AS level, [] AS factors""",
            [issue_id, day, f"议题{issue_id}", last_7, last_28],
        )

    def handle(self, issue_id: int, step: str, at: datetime, unit: str = "") -> None:
        self.connection.execute(
            "INSERT INTO handling VALUES (?, ?, ?, 'duty', '', ?, NULL)", [issue_id, step, at, unit]
        )

    def watch(self, day: date, key: str, *, phoned_at: datetime | None = None) -> None:
        self.connection.execute(
            "INSERT INTO watch VALUES (?, '燃气泄漏', '煤气味', ?, '440703', '棠下镇', ?)",
            [key, start_of(day) + AT_NOON, phoned_at],
        )

    def cell(self, day: date, n_complainants: int, *, area: str = "", town: str = "") -> None:
        self.connection.execute(
            "INSERT INTO cells VALUES (?, 28, 'all', 0, '', ?, ?, ?, ?)",
            [day, area, town, n_complainants + 3, n_complainants],
        )

    def quiet_weeks(self, last: date, n_days: int = 63) -> None:
        """Six reports a day (four hotline, one petition, one grid) and a run on every day up to `last`."""
        for back in range(n_days):
            day = last - timedelta(days=back)
            for index, source in enumerate(("hotline",) * 4 + ("petition", "grid")):
                area, town = TOWNS[(back + index) % 3]
                self.report(
                    day, source=source, area=area, town=town, category=SUBJECTS[(back * 5 + index) % 4]
                )
            self.run(day)
