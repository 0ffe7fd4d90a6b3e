"""A warehouse of an earlier version opens as one of today, with what it held."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.migrate import migrate_command
from signals.clock import end_of
from signals.errors import StateError
from signals.memory import STATE
from signals.settings import Settings
from signals.store import warehouse
from signals.store.corrections import find_corrections, load_standing
from signals.store.migrations import MIGRATIONS, SCHEMA_VERSION
from signals.store.rows import put
from tests.engine.stream import make_stream, run, settings_for, write_stream
from tests.engine.worlds import stream_days

STATISTICS = ("subject_counts", "word_counts", "service_counts")
COLUMNS = "SELECT table_name, column_name, data_type FROM information_schema.columns ORDER BY ALL"
KEYS = "SELECT table_name, constraint_text FROM duckdb_constraints() ORDER BY ALL"
LATER = ("paces", "said", "erased", "export_columns", "repairs", *STATISTICS)  # tables of versions 6 and on
LATER_COLUMNS = ("issue_days DROP COLUMN risk", "runs DROP COLUMN risk_version")


def alert_row(issue_id: int) -> tuple[object, ...]:
    """An alert as versions without a zone wrote it."""
    day = date(2025, 1, 2)
    return (day, issue_id, "路灯不亮", "blue", "weak", 2.1, 128.6, "scan", 20.0, None, 3, 3, 0.2, 3, 14, day,
            ["440703"], ["棠下镇"], ["hotline"], ["路灯"], ["近14天有3位"], [], ["hotline:1"], "待定", end_of(day),
            None, [], False)  # fmt: skip


@pytest.fixture
def first_version(tmp_path: Path) -> Path:
    """A warehouse as version 1 wrote it, after one run."""
    path = tmp_path / "w.duckdb"
    warehouse.create(path)
    with duckdb.connect(str(path)) as connection:
        for table in ("report_matters", "tokens", "vocabulary", "corrections", "recounted", *LATER):
            connection.execute(f"DROP TABLE {table}")
        for column in LATER_COLUMNS:
            connection.execute(f"ALTER TABLE {column}")
        connection.execute("DROP TABLE matters")
        connection.execute("ALTER TABLE alerts DROP COLUMN zone")
        put(connection, "alerts", [alert_row(issue) for issue in (1, 2)])
        connection.execute("INSERT INTO report_days VALUES ('hotline:1', '2025-01-02', 0, true, true, '')")
        connection.execute("ALTER TABLE engine_state DROP COLUMN next_matter")
        connection.execute("ALTER TABLE engine_state ALTER a0 TYPE DOUBLE USING a0[1]")
        connection.execute("ALTER TABLE engine_state ALTER b0 TYPE DOUBLE USING b0[1]")
        connection.execute("INSERT INTO engine_state VALUES ('2025-01-02', '2025-01-01', 0.3, 75.0, 9)")
        connection.execute("INSERT INTO series_state VALUES (4, 1, [1.0, 2.0]), (5, 0, [])")
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
    return path


@pytest.fixture
def fourth_version(tmp_path: Path) -> Path:
    """A warehouse as version 4 wrote it: two merges of one night, one of them by a city-wide matter, and one before."""
    path = tmp_path / "fourth.duckdb"
    warehouse.create(path)
    with duckdb.connect(str(path)) as connection:
        for table in ("corrections", "recounted", *LATER):
            connection.execute(f"DROP TABLE {table}")
        for column in LATER_COLUMNS:
            connection.execute(f"ALTER TABLE {column}")
        connection.execute("ALTER TABLE matters DROP COLUMN gathered")
        connection.execute("INSERT INTO matters VALUES (5, 2, '2025-03-08'), (9, 7, '2025-03-08')")
        for issue, into, on in ((2, None, None), (3, 2, "2025-03-09"), (4, 1, "2025-03-02"), (6, 2, "2025-03-09")):
            by = "engine" if into else None
            row = [issue, "路灯", "2025-03-01", "hotline:1", into, on, by]
            connection.execute("INSERT INTO issues VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        connection.execute("UPDATE meta SET value = '4' WHERE key = 'schema_version'")
    return path


def test_merges_of_an_earlier_version_are_corrections_that_can_be_taken_back(fourth_version: Path) -> None:
    with warehouse.reading(fourth_version) as connection:
        found = find_corrections(connection, "true ORDER BY c.correction_id")
        standing = load_standing(connection)
    assert [(c.number, c.issue, c.other, c.by, str(c.in_force_on)) for c in found] == [
        (1, 4, 1, "engine", "2025-03-02"), (2, 3, 2, "engine", "2025-03-09"), (3, 6, 2, "engine", "2025-03-09"),
    ]  # fmt: skip
    assert standing.merged == {4: 1, 3: 2, 6: 2}


def test_matters_of_an_earlier_version_know_the_issues_they_gathered(fourth_version: Path) -> None:
    with warehouse.reading(fourth_version) as connection:
        found = connection.execute("SELECT matter_id, gathered FROM matters ORDER BY matter_id").fetchall()
    assert found == [(5, [2, 3, 6]), (9, [7])]


def test_a_migrated_warehouse_has_the_tables_of_a_new_one(fourth_version: Path, tmp_path: Path) -> None:
    warehouse.create(tmp_path / "new.duckdb")
    with warehouse.reading(fourth_version) as old, warehouse.reading(tmp_path / "new.duckdb") as new:
        assert old.execute(COLUMNS).fetchall() == new.execute(COLUMNS).fetchall()


def test_every_version_after_the_first_has_its_migration() -> None:
    assert sorted(MIGRATIONS) == list(range(2, SCHEMA_VERSION + 1))


@pytest.mark.parametrize("opening", [warehouse.reading, warehouse.writing])
def test_an_earlier_warehouse_is_brought_up_when_it_is_opened(first_version: Path, opening) -> None:  # type: ignore[no-untyped-def]
    with opening(first_version) as connection:
        assert connection.execute("SELECT a0, b0, next_issue, next_matter FROM engine_state").fetchall() == [
            ([0.3] * 4, [75.0] * 4, 9, 1)
        ]
        found = connection.execute("SELECT issue_id, m FROM series_state ORDER BY issue_id").fetchall()
        assert found == [(4, [1.0, 2.0, 0.0, 0.0, 0.0, 0.0]), (5, [])]
        version = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
        assert version == (str(SCHEMA_VERSION),)


@pytest.mark.parametrize("opening", [warehouse.reading, warehouse.writing])
def test_alerts_of_before_keep_what_they_said_and_have_no_zone(first_version: Path, opening) -> None:  # type: ignore[no-untyped-def]
    with opening(first_version) as connection:
        found = connection.execute("SELECT issue_id, name, reasons, is_update, zone FROM alerts ORDER BY 1").fetchall()
    assert found == [(issue, "路灯不亮", ["近14天有3位"], False, None) for issue in (1, 2)]


def test_an_alert_written_after_the_migration_has_its_zone(first_version: Path) -> None:
    zone = {"places": [{"area": "440703", "town": "棠下镇"}], "observed": 3, "expected": 0.1, "window_days": 7,
            "score": 7.3}  # fmt: skip
    with warehouse.writing(first_version) as connection:
        put(connection, "alerts", [(*alert_row(issue), zone if issue % 2 else None) for issue in range(3, 9)])
        found = connection.execute("SELECT issue_id, zone FROM alerts WHERE issue_id > 2 ORDER BY 1").fetchall()
    assert found == [(issue, zone if issue % 2 else None) for issue in range(3, 9)]


def test_a_migration_that_fails_changes_nothing(first_version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MIGRATIONS, 2, (*MIGRATIONS[2], "SELECT * FROM no_such_table"))
    with pytest.raises(duckdb.CatalogException), warehouse.reading(first_version):
        pass
    with duckdb.connect(str(first_version)) as connection:
        assert connection.execute("SELECT a0 FROM engine_state").fetchall() == [(0.3,)]


SCHEMAS = Path(__file__).parent / "schemas"
AS_OF = {  # how today's rows looked to earlier versions: version → table.column → expression
    "engine_state.a0": {1: "a0[1]", 2: "a0[1:3]"}, "engine_state.b0": {1: "b0[1]", 2: "b0[1:3]"},
    "series_state.m": {1: f"m[1:{STATE[1]}]"},  # of the first of three grades
}  # fmt: skip


def as_version(version: int, path: Path, original: Path) -> dict[str, int]:
    """Write a warehouse as a version wrote it, with the rows of today's as far as it had them; rows by table."""
    with duckdb.connect(str(path)) as connection:
        connection.execute((SCHEMAS / f"{version}.sql").read_text("utf-8"))
        connection.execute(f"ATTACH '{original}' AS today (READ_ONLY)")
        columns = "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE database_name = ? GROUP BY 1"
        now = dict(connection.execute(columns, ["today"]).fetchall())
        then = dict(connection.execute(columns, [path.stem]).fetchall())
        n: dict[str, int] = {}
        for table, names in then.items():
            both = [name for name in names if name in now[table]]
            shown = [AS_OF.get(f"{table}.{name}", {}).get(version, f'"{name}"') + f' AS "{name}"' for name in both]
            connection.execute(f"INSERT INTO {table} BY NAME SELECT {', '.join(shown)} FROM today.{table}")
            n[table] = connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", [str(version)])
    return n


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of today after some days, with alerts, merges and an answer."""
    settings = settings_for(tmp_path_factory.mktemp("today"))
    write_stream(settings.warehouse_path, make_stream(4, seed=9))
    run(settings, stream_days(4))
    return settings.warehouse_path


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_warehouse_of_any_earlier_version_comes_up_with_all_its_rows(
    version: int, tmp_path: Path, original: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old.duckdb", tmp_path / "new.duckdb"
    n_rows = as_version(version, old, original)
    assert n_rows["reports"] > 40
    assert n_rows["alerts"] > 0
    bytes_of_before = old.read_bytes()
    assert migrate_command(Settings(folder=tmp_path, warehouse=old)) == 0
    assert f"结构版本 {version} → {SCHEMA_VERSION}" in capsys.readouterr().out
    with duckdb.connect(str(tmp_path / f"old.duckdb.v{version}"), read_only=True) as kept:
        assert {table: kept.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in n_rows} == n_rows
        assert kept.execute("SELECT value FROM meta").fetchall() == [(str(version),)]
    assert old.read_bytes() != bytes_of_before
    warehouse.create(new)
    with warehouse.reading(old) as migrated, warehouse.reading(new) as fresh:
        assert migrated.execute(COLUMNS).fetchall() == fresh.execute(COLUMNS).fetchall()
        assert migrated.execute(KEYS).fetchall() == fresh.execute(KEYS).fetchall()
        now = {table: migrated.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in n_rows}
        same = [t for t in n_rows if t not in ("corrections", "meta")]
        assert {table: now[table] for table in same} == {table: n_rows[table] for table in same}
    assert migrate_command(Settings(folder=tmp_path, warehouse=old)) == 0
    assert f"已是结构版本 {SCHEMA_VERSION}" in capsys.readouterr().out


@pytest.mark.parametrize("version", [1, 3, SCHEMA_VERSION - 1])
def test_days_go_on_after_a_migration(version: int, tmp_path: Path, original: Path) -> None:
    old = tmp_path / "old.duckdb"
    as_version(version, old, original)
    settings = settings_for(tmp_path).model_copy(update={"warehouse": old})
    [done] = run(settings, [stream_days(5)[-1]])
    assert done.result.day == stream_days(5)[-1]


def test_no_migration_begins_where_its_copy_cannot_be_kept(
    first_version: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise duckdb.IOException("IO Error: Could not write file: No space left on device")

    monkeypatch.setattr("signals.store.warehouse.copy_database", full)
    with pytest.raises(StateError, match="磁盘或内存不够.*原有数据不变"), warehouse.reading(first_version):
        pass
    assert warehouse.version_of(first_version) == 1
