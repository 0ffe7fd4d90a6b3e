from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from models import registry
from models.registry import CANDIDATE, CURRENT, ENCODER, RETIRED, THEMES, ModelVersion
from pipelines.models import list_models, promote_model, roll_back_model
from signals.clock import LOCAL
from signals.errors import StateError
from signals.records import Theme
from signals.settings import Settings
from signals.store.warehouse import reading, writing


def version(through: date, name: str, status: str = CURRENT, kind: str = THEMES) -> ModelVersion:
    return ModelVersion(kind, name, status, datetime(2025, 6, 1, 9, tzinfo=LOCAL), through, f"{kind}/{name}", "试")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(folder=tmp_path)


@pytest.fixture
def connection(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with writing(settings.warehouse_path) as connection:
        yield connection


def test_a_version_comes_back_as_it_was_added(connection: duckdb.DuckDBPyConnection) -> None:
    added = version(date(2025, 3, 1), "a")
    registry.add_version(connection, added)
    assert registry.versions(connection) == [added]


def test_themes_come_back_with_their_version(connection: duckdb.DuckDBPyConnection) -> None:
    theme = Theme(4, "a", "施工、夜间、搅拌", ("施工", "夜间", "搅拌", "扰民"), 31)
    registry.add_version(connection, version(date(2025, 3, 1), "a"), [theme])
    assert registry.themes_of(connection, "a") == [theme]


def test_a_day_never_uses_a_version_that_has_seen_it(connection: duckdb.DuckDBPyConnection) -> None:
    registry.add_version(connection, version(date(2025, 3, 1), "a"))
    assert registry.newest_themes(connection, date(2025, 3, 1)) is None
    assert registry.newest_themes(connection, date(2025, 3, 2)) == "a"


def test_each_day_uses_the_newest_version_before_it(connection: duckdb.DuckDBPyConnection) -> None:
    for day, name in ((1, "a"), (20, "c"), (10, "b")):
        registry.add_version(connection, version(date(2025, 3, day), name))
    days = (1, 5, 10, 11, 20, 21)
    used = [registry.newest_themes(connection, date(2025, 3, day)) for day in days]
    assert used == [None, "a", "a", "b", "b", "c"]


def test_of_two_versions_through_one_day_the_later_fit_is_used(connection: duckdb.DuckDBPyConnection) -> None:
    later = ModelVersion(THEMES, "a", CURRENT, datetime(2025, 6, 2, tzinfo=LOCAL), date(2025, 3, 1), "themes/a")
    registry.add_version(connection, later)
    registry.add_version(connection, version(date(2025, 3, 1), "b"))
    assert registry.newest_themes(connection, date(2025, 4, 1)) == "a"


@pytest.mark.parametrize("status", [CANDIDATE, RETIRED])
def test_a_version_not_in_use_serves_no_day(connection: duckdb.DuckDBPyConnection, status: str) -> None:
    registry.add_version(connection, version(date(2025, 3, 1), "a", status))
    assert registry.newest_themes(connection, date(2025, 4, 1)) is None


def test_an_encoder_is_no_version_of_themes(connection: duckdb.DuckDBPyConnection) -> None:
    registry.add_version(connection, version(date(2025, 3, 1), "a", kind=ENCODER))
    assert registry.newest_themes(connection, date(2025, 4, 1)) is None


def test_a_free_theme_id_is_above_all_ever_used(connection: duckdb.DuckDBPyConnection) -> None:
    assert registry.first_free_theme_id(connection) == 1
    for name, theme_id in (("a", 9), ("b", 2)):
        registry.add_version(
            connection, version(date(2025, 3, 1), name, RETIRED), [Theme(theme_id, name, "", (), 0)]
        )
    assert registry.first_free_theme_id(connection) == 10


def test_a_version_name_is_never_given_twice(tmp_path: Path) -> None:
    first = registry.free_version(tmp_path, THEMES, date(2025, 3, 1))
    (tmp_path / THEMES / first).mkdir(parents=True)
    assert (first, registry.free_version(tmp_path, THEMES, date(2025, 3, 1))) == ("20250301-1", "20250301-2")


def test_a_folder_appears_only_when_whole(tmp_path: Path) -> None:
    with registry.writing_folder(tmp_path / "themes" / "a") as folder:
        (folder / "x.json").write_text("{}")
        assert not (tmp_path / "themes" / "a").exists()
    assert [path.name for path in (tmp_path / "themes").iterdir()] == ["a"]


def test_a_failed_fit_leaves_no_folder(tmp_path: Path) -> None:
    def fail() -> None:
        with registry.writing_folder(tmp_path / "themes" / "a") as folder:
            (folder / "x.json").write_text("{")
            raise ValueError("power cut")

    with pytest.raises(ValueError, match="power cut"):
        fail()
    assert list((tmp_path / "themes").iterdir()) == []


def test_rolling_back_returns_to_the_version_before(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with writing(settings.warehouse_path) as connection:
        for day, name in ((1, "a"), (10, "b")):
            registry.add_version(connection, version(date(2025, 3, day), name))
    assert roll_back_model(settings, THEMES) == 0
    assert "themes b 已停用。现用 a。" in capsys.readouterr().out
    with reading(settings.warehouse_path) as connection:
        assert registry.newest_themes(connection, date(2025, 4, 1)) == "a"


def test_promoting_a_candidate_puts_it_to_use(settings: Settings) -> None:
    with writing(settings.warehouse_path) as connection:
        registry.add_version(connection, version(date(2025, 3, 1), "a", CANDIDATE))
    (settings.models_folder / THEMES / "a").mkdir(parents=True)
    assert promote_model(settings, THEMES, "a") == 0
    with reading(settings.warehouse_path) as connection:
        assert registry.newest_themes(connection, date(2025, 4, 1)) == "a"


def test_a_version_without_its_folder_is_not_promoted(settings: Settings) -> None:
    with writing(settings.warehouse_path) as connection:
        registry.add_version(connection, version(date(2025, 3, 1), "a", CANDIDATE))
    with pytest.raises(StateError, match="文件夹不在了"):
        promote_model(settings, THEMES, "a")


def test_an_unknown_version_is_refused_with_the_known_ones(settings: Settings) -> None:
    with writing(settings.warehouse_path) as connection:
        registry.add_version(connection, version(date(2025, 3, 1), "a"))
    with pytest.raises(StateError, match="没有 themes 的版本 'z'；现有：a。"):
        promote_model(settings, THEMES, "z")


def test_nothing_in_use_cannot_be_rolled_back(settings: Settings) -> None:
    with writing(settings.warehouse_path):
        pass
    with pytest.raises(StateError, match="无可回退"):
        roll_back_model(settings, THEMES)


def test_listing_shows_status_and_data_day(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with writing(settings.warehouse_path) as connection:
        registry.add_version(connection, version(date(2025, 3, 1), "a", CANDIDATE))
    assert list_models(settings) == 0
    shown = capsys.readouterr().out
    assert "候选" in shown
    assert "2025-03-01" in shown
