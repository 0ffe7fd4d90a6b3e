"""What must never be (design, rules 1 to 4): no person-level output, nothing raw on disk, no forbidden purpose, and
no small number in a statistic. Rule 6 is in engine/test_past_is_fixed.py."""

import dataclasses
import inspect
import re
import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from board.queries_map import map_day, map_people
from pipelines.cli import app
from pipelines.digest import digest_command
from signals import records
from signals.dangers import find_danger
from signals.ingest import How, ingest_file
from signals.reading import Field
from signals.replay import replay
from signals.reports import Reports
from signals.risk import risk_factors
from signals.runner import days_due, run_days
from signals.settings import Settings
from signals.smallcells import Cell
from signals.store import warehouse
from signals.store.memories import load_memory
from signals.text.saying import marks_of, stated_group, words_of
from tests.exports import Export, write_petitions

KEY = b"a key for tests, nothing else...."
PERSON = ("complainant", "person", "citizen", "petitioner", "caller", "phone", "idcard", "id_number", "gender")
MAY_NAME_PERSONS = {  # a number of people, the one table of hashes, and what the office's file calls its columns
    "n_complainants", "n_complainants_7", "n_complainants_28", "n_hit_complainants", "voices.complainant",
    "phoned_at", "watch.phoned_at",
}  # fmt: skip
FORBIDDEN = (  # rule 3: what a column, field, setting or command may not be about
    "opinion", "sentiment", "politic", "protest", "gathering", "rally", "religio", "ethnic", "blacklist", "keyperson",
    "key_person", "petitioner", "loyalty", "credit_score", "social_credit", "instigat", "organizer", "ringleader",
    "face", "track", "detain", "persuade", "intercept", "fewer_petitions", "stability_score", "stance", "attitude",
    "petition_history", "舆情", "维稳", "重点人", "缠访", "闹访", "稳控", "劝返", "截访", "黑名单", "煽动", "串联",
    "非访", "政治", "民族", "宗教",
)  # fmt: skip
FORBIDDEN_WORDS = {  # whole words of a name: what risk never uses (domain), and records of a person
    "age", "sex", "race", "hukou", "job", "occupation", "profession", "health", "nation", "nationality", "income",
    "education", "marital", "birthday", "crime", "criminal", "petitions", "credit", "belief",
}  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class World:
    """A city that went through everything: its export, its folder, and what a replay wrote."""

    export: Export
    settings: Settings
    outputs: Path


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("never")
    export = write_petitions(folder / "petitions.xlsx", n_days=24)
    settings = Settings(folder=folder / "var", demo=True)
    ingest_file(export.path, How(settings, KEY, history=True))
    run_through(settings, export.last_on)
    assert digest_command(settings, export.last_on) == 0
    replay([export.path], folder / "out", settings)
    return World(export, settings, folder / "out")


def run_through(settings: Settings, last: date) -> None:
    path = settings.warehouse_path
    with warehouse.kept_open(path):
        assert len(list(run_days(path, days_due(path, last), settings))) > 10


def columns(path: Path) -> set[str]:
    """Every column of the warehouse as table.column."""
    with duckdb.connect(str(path), read_only=True) as connection:
        rows = connection.execute("SELECT table_name || '.' || column_name FROM information_schema.columns").fetchall()
    return {name for (name,) in rows}


def about_persons(names: Iterable[str]) -> set[str]:
    return {n for n in names if any(word in n.lower() for word in PERSON)} - MAY_NAME_PERSONS - {
        n for n in names if n.rpartition(".")[2] in MAY_NAME_PERSONS
    }  # fmt: skip


def forbidden(names: Iterable[str]) -> set[str]:
    """The names that hold a forbidden word anywhere, or one of FORBIDDEN_WORDS between dots, underscores, blanks."""
    return {
        name
        for name in names
        if any(word in name.lower() for word in FORBIDDEN) or FORBIDDEN_WORDS & set(re.split(r"[^a-z]+", name.lower()))
    }


def record_fields() -> set[str]:
    classes = [each for _, each in inspect.getmembers(records, inspect.isclass) if dataclasses.is_dataclass(each)]
    return {f"{each.__name__}.{field.name}" for each in classes for field in dataclasses.fields(each)}


def setting_names(model: type = Settings, head: str = "") -> set[str]:
    found: set[str] = set()
    for name, field in model.model_fields.items():  # type: ignore[attr-defined]
        found.add(head + name)
        if inspect.isclass(field.annotation) and hasattr(field.annotation, "model_fields"):
            found |= setting_names(field.annotation, f"{head}{name}.")
    return found


def command_names() -> set[str]:
    callbacks = [command.callback for command in app.registered_commands if command.callback]
    options = {f"{c.__name__} --{name}" for c in callbacks for name in inspect.signature(c).parameters}
    return options | {c.__name__ for c in callbacks}


def bytes_below(*folders: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}


def test_no_table_record_or_command_is_about_a_person(world: World) -> None:
    stored = columns(world.settings.warehouse_path)
    assert "voices.complainant" in stored
    assert about_persons(stored | command_names()) == set()
    assert about_persons(record_fields()) == set()
    assert about_persons({"scores.person_id", "alerts.n_complainants"}) == {"scores.person_id"}


def test_a_hash_of_a_complainant_stays_in_its_table(world: World) -> None:
    with warehouse.reading(world.settings.warehouse_path) as connection:
        hashes = [row[0] for row in connection.execute("SELECT complainant FROM voices").fetchall()]
        tables = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        others = {name: str(connection.execute(f"FROM {name}").fetchall()) for name in tables if name != "voices"}
    assert len(set(hashes)) > 60
    assert [name for name, text in others.items() if any(each in text for each in hashes)] == []
    files = bytes_below(world.settings.folder, world.outputs)
    shown = {path: data for path, data in files.items() if path.suffix not in {".duckdb", ".wal"}}
    assert len(shown) >= 6
    assert [path for path, data in shown.items() if any(each.encode() in data for each in hashes)] == []


def test_nothing_raw_is_left_in_any_byte_after_import_run_digest_and_replay(world: World) -> None:
    files = bytes_below(world.settings.folder, world.outputs)
    assert len(world.export.secrets) > 60
    assert any(path.suffix == ".duckdb" for path in files)
    assert [path for path, data in files.items() if any(each.encode() in data for each in world.export.secrets)] == []
    with warehouse.reading(world.settings.warehouse_path) as connection:
        bodies = [row[0] for row in connection.execute("SELECT body FROM reports").fetchall()]
    assert all("〔手机〕" in body and "〔姓名〕" in body for body in bodies)


def test_nothing_is_kept_set_or_asked_about_what_people_think_or_who_they_are(world: World) -> None:
    with warehouse.reading(world.settings.warehouse_path) as connection:
        factors = connection.execute("SELECT DISTINCT f.name FROM issue_days, unnest(factors) AS u(f)").fetchall()
    names = columns(world.settings.warehouse_path) | record_fields() | setting_names() | command_names() | set(Field)
    assert len(names) > 250
    assert len(factors) >= 3
    assert forbidden(names | {name for (name,) in factors}) == set()


@pytest.mark.parametrize(
    ("planted", "checker"),
    [("ALTER TABLE reports ADD COLUMN petition_history VARCHAR", "forbidden"),
     ("ALTER TABLE issues ADD COLUMN protest_risk DOUBLE", "forbidden"),
     ("ALTER TABLE voices ADD COLUMN age INTEGER", "forbidden"),
     ("CREATE TABLE 重点人名单 (level INTEGER)", "forbidden"),
     ("CREATE TABLE scores (complainant_hash VARCHAR, points DOUBLE)", "about_persons"),
     ("ALTER TABLE alerts ADD COLUMN caller VARCHAR", "about_persons")],
)  # fmt: skip
def test_a_planted_column_is_seen(world: World, tmp_path: Path, planted: str, checker: str) -> None:
    path = tmp_path / "copy.duckdb"
    shutil.copy(world.settings.warehouse_path, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(planted)
    check = {"forbidden": forbidden, "about_persons": about_persons}[checker]
    assert len(check(columns(path))) >= 1


def test_what_a_file_tells_about_the_person_is_not_kept(tmp_path: Path) -> None:
    own = {"性别": "女性甲", "年龄": "八十七岁甲", "民族": "某族甲", "宗教": "某教甲", "户籍": "外省甲",
           "职业": "焊工甲", "健康状况": "糖尿病甲", "信访次数": "第九十九次甲",
           "政治面貌": "某党派甲", "重点人员": "是甲"}  # fmt: skip
    good = ["A1", "2025-03-01 09:00", "河边路灯不亮", "河边路灯整排不亮", *own.values()]
    bad = ["A2", "2025/13/40", "河边路灯不亮", "河边路灯整排不亮", *own.values()]
    path = tmp_path / "petitions.csv"
    path.write_text(
        "\n".join(",".join(row) for row in (["信访件编号", "信访时间", "标题", "内容", *own], good, bad)), "utf-8"
    )
    settings = Settings(folder=tmp_path / "var", demo=True)
    outcome = ingest_file(path, How(settings, KEY, history=True))
    assert (outcome.n_new, outcome.n_quarantined) == (1, 1)
    with warehouse.reading(settings.warehouse_path) as connection:
        tables = [row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        kept = "".join(str(connection.execute(f"FROM {name}").fetchall()) for name in tables)
    assert "河边路灯整排不亮" in kept
    assert [value for value in own.values() if value in kept] == []


THREATS = "如果再不解决，我们就集体到市政府门口讨说法，还要去省里和北京上访，发到网上让大家转发，我以前就上访过三次。"


def test_what_people_say_they_will_do_next_adds_no_risk_and_no_danger(world: World) -> None:
    day = world.export.last_on
    with warehouse.reading(world.settings.warehouse_path) as connection:
        memory = load_memory(connection, world.settings)
    issues, sizes = np.unique(memory.issue, return_counts=True)
    rows = memory.rows_of(int(issues[sizes.argmax()]))
    before = risk_factors(memory, rows, day)
    assert len(rows) >= 5
    assert len(before) >= 2

    def say(row: int, **changes: str) -> None:
        reports = list(memory.reports)
        reports[row] = report = dataclasses.replace(reports[row], **changes)  # type: ignore[arg-type]
        memory.reports = Reports()
        memory.reports.extend(reports)
        words = words_of(report.title, report.body)
        memory.group[row], memory.marks[row] = stated_group(words), marks_of(words)

    for row in rows:
        say(row, body=memory.reports[row].body + THREATS)
    assert risk_factors(memory, rows, day) == before
    assert find_danger(THREATS) is None
    for row in rows:
        say(row, title="小区电梯停运")
    assert risk_factors(memory, rows, day) != before  # else nothing was read


def test_remedies_are_services(world: World) -> None:
    source = inspect.getsource(__import__("signals.risk", fromlist=["risk"]))
    assert "remedy" in source
    assert not re.search("|".join(word for word in FORBIDDEN if not word.isascii()), source)


def test_one_person_on_many_days_stays_hidden_on_the_map(tmp_path: Path) -> None:
    first, days = date(2025, 3, 1), 12
    lines = ["信访件编号,信访时间,信访人,联系电话,标题,内容,区,镇街"]
    for offset in range(days):
        day = first + timedelta(days=offset)
        lines.append(f"A{offset},{day} 09:00,王小明,13800138000,河边路灯不亮,河边第{offset}盏路灯不亮,蓬江区,潮连街道")
        for k in range(6):
            row = f"B{offset}-{k},{day} 10:00,,1390013{offset:02}{k:02},楼下噪声,楼下夜宵噪声{k},蓬江区,白沙街道"
            lines.append(row)
    path = tmp_path / "petitions.csv"
    path.write_text("\n".join(lines), "utf-8")
    settings = Settings(folder=tmp_path / "var", demo=True)
    ingest_file(path, How(settings, KEY, history=True))
    run_through(settings, first + timedelta(days=days - 1))
    with warehouse.reading(settings.warehouse_path) as connection:
        shown_on = map_day(connection)
        assert shown_on is not None
        quiet, busy = Cell("", "440703", "潮连街道"), Cell("", "440703", "白沙街道")
        counts = {
            Cell(*cell): n
            for *cell, n in connection.execute(
                "SELECT source, area, town, n_complainants FROM cells WHERE day = ? AND period_days = 28"
                " AND subject = 'all'", [shown_on]
            ).fetchall()
        }
        shown = map_people(connection, shown_on, 28, "all", "", tuple(counts), k=settings.min_cell)
    assert (counts[quiet], counts[busy]) == (1, 72)
    assert shown[quiet].n is None
    assert shown[busy].word != shown[quiet].word
