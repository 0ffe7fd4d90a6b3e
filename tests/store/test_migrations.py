"""A warehouse of an earlier version opens as one of today, with what it held."""

from pathlib import Path

import duckdb
import pytest

from signals.store import warehouse
from signals.store.migrations import MIGRATIONS, SCHEMA_VERSION


@pytest.fixture
def first_version(tmp_path: Path) -> Path:
    """A warehouse as version 1 wrote it, after one run."""
    path = tmp_path / "w.duckdb"
    warehouse.create(path)
    with duckdb.connect(str(path)) as connection:
        for table in ("report_matters", "tokens", "vocabulary"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DROP TABLE matters")
        connection.execute("INSERT INTO report_days VALUES ('hotline:1', '2025-01-02', 0, true, true, '')")
        connection.execute("ALTER TABLE engine_state DROP COLUMN next_matter")
        connection.execute("ALTER TABLE engine_state ALTER a0 TYPE DOUBLE USING a0[1]")
        connection.execute("ALTER TABLE engine_state ALTER b0 TYPE DOUBLE USING b0[1]")
        connection.execute("INSERT INTO engine_state VALUES ('2025-01-02', '2025-01-01', 0.3, 75.0, 9)")
        connection.execute("INSERT INTO series_state VALUES (4, 1, [1.0, 2.0]), (5, 0, [])")
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
    return path


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


def test_a_migration_that_fails_changes_nothing(first_version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MIGRATIONS, 2, (*MIGRATIONS[2], "SELECT * FROM no_such_table"))
    with pytest.raises(duckdb.CatalogException), warehouse.reading(first_version):
        pass
    with duckdb.connect(str(first_version)) as connection:
        assert connection.execute("SELECT a0 FROM engine_state").fetchall() == [(0.3,)]
