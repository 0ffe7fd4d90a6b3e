"""A small invented city: six subjects, each a few words long, with a known answer."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from signals.clock import start_of
from signals.store.warehouse import create, writing

SUBJECTS = {
    "施工": ("工地 施工 噪音 夜间 打桩 搅拌 扰民 凌晨", "工地夜间施工"),
    "供水": ("自来水 停水 水压 供水 管网 抢修 浑浊 用水", "停水没有通知"),
    "工资": ("工资 拖欠 工人 老板 结算 合同 劳动 欠薪", "老板拖欠工资"),
    "电梯": ("电梯 故障 维保 物业 困人 维修 停运 年检", "电梯经常故障"),
    "入学": ("学校 学位 入学 招生 划片 小学 报名 学生", "小学学位紧张"),
    "停车": ("车辆 停车 占道 车位 违停 堵塞 收费 路边", "路边车辆占道"),
}
PLACES = ("榕荫里", "望江台", "石桥头", "翠竹居", "龙溪湾", "南岸坊")
FIRST = date(2025, 1, 1)


@dataclass(frozen=True, slots=True)
class Told:
    """One invented report and the subject it was made from."""

    subject: str
    title: str
    body: str


def told(n: int, *, seed: int = 3) -> list[Told]:
    """n invented reports, subjects in turn; every fifth has no title."""
    dice = random.Random(seed)
    reports = []
    for i in range(n):
        subject = list(SUBJECTS)[i % len(SUBJECTS)]
        words, title = SUBJECTS[subject]
        place = dice.choice(PLACES)
        clauses = ["，".join(dice.sample(words.split(), 3)) for _ in range(3)]
        body = f"{place}这边{clauses[0]}。〔姓名〕说{clauses[1]}，电话〔手机〕；{clauses[2]}。"
        reports.append(Told(subject, "" if i % 5 == 4 else f"{place}{title}", body))
    return reports


def texts(n: int, *, seed: int = 3) -> list[tuple[str, str]]:
    return [(report.title, report.body) for report in told(n, seed=seed)]


def fill_warehouse(path: Path, n: int, *, a_day: int = 8, known_at: datetime | None = None) -> None:
    """Put n invented reports into a warehouse, `a_day` each day from FIRST, known when received."""
    create(path)
    rows = []
    for i, (title, body) in enumerate(texts(n)):
        at = known_at or start_of(FIRST + timedelta(days=i // a_day)) + timedelta(hours=9)
        rows.append((f"hotline:{i:05}", f"{i:05}", i, at, at, title, body, str(i)))
    with writing(path) as connection:
        connection.executemany(
            "INSERT INTO reports (report_key, source, report_id, file_id, row_number, received_at, known_at, "
            "title, body, context, kind, category, area, town, community, address, unit, restricted, about_office, "
            "content_hash) VALUES (?, 'hotline', ?, 1, ?, ?, ?, ?, ?, '', 'complaint', '', '', '', '', '', '', '', "
            "'', ?)",
            rows,
        )
