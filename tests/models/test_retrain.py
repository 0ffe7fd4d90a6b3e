"""Fitting on an invented city of six subjects. The fixture fits three times: about half a minute."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from models import registry
from models.registry import ENCODER, THEMES
from models.themes import load_assigner
from pipelines.retrain import retrain_themes
from signals.clock import LOCAL
from signals.errors import StateError
from signals.records import Theme
from signals.settings import Settings
from signals.store.warehouse import create, reading, writing
from signals.themes import ThemeAssigner
from tests.models.grammar import FIRST, SUBJECTS, fill_warehouse, texts, told

MARCH = FIRST + timedelta(days=49)  # 400 reports are known
LATER = FIRST + timedelta(days=59)  # 480


@dataclass(frozen=True, slots=True)
class Fitted:
    """A warehouse with three fits: two through one day, one through a later day."""

    settings: Settings
    versions: tuple[str, ...]

    def assigner(self, number: int) -> ThemeAssigner:
        return load_assigner(self.settings.models_folder / THEMES / self.versions[number], min_similarity=0.25)

    def themes(self, number: int) -> list[Theme]:
        with reading(self.settings.warehouse_path) as connection:
            return registry.themes_of(connection, self.versions[number])


def small(folder: Path) -> Settings:
    return Settings.model_validate({"folder": folder, "themes": {"dimensions": 32, "min_theme_size": 20}})


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    pytest.importorskip("bertopic")
    settings = small(tmp_path_factory.mktemp("city"))
    fill_warehouse(settings.warehouse_path, 480)
    for through in (MARCH, MARCH, LATER):
        assert retrain_themes(settings, through) == 0
    return Fitted(settings, tuple(f"{day:%Y%m%d}-{n}" for day, n in ((MARCH, 1), (MARCH, 2), (LATER, 1))))


@pytest.mark.slow
class TestFitted:
    def test_themes_are_the_subjects(self, fitted: Fitted) -> None:
        reports = told(400)
        matches = fitted.assigner(0).assign([(report.title, report.body) for report in reports])
        held = Counter((match.theme_id, report.subject) for match, report in zip(matches, reports, strict=True))
        purity = sum(
            max(n for (theme_id, _), n in held.items() if theme_id == theme.theme_id) for theme in fitted.themes(0)
        )
        assert purity >= 0.95 * len(reports)
        assert len(fitted.themes(0)) >= len(SUBJECTS)

    def test_the_same_reports_and_seed_give_the_same_themes(self, fitted: Fitted) -> None:
        assert fitted.assigner(0).assign(texts(400)) == fitted.assigner(1).assign(texts(400))

    def test_ids_last_from_fit_to_fit(self, fitted: Fitted) -> None:
        before = [match.theme_id for match in fitted.assigner(0).assign(texts(400))]
        after = [match.theme_id for match in fitted.assigner(2).assign(texts(400))]
        assert sum(a == b for a, b in zip(before, after, strict=True)) >= 0.9 * len(before)

    def test_counts_are_those_of_the_daily_application(self, fitted: Fitted) -> None:
        held = Counter(match.theme_id for match in fitted.assigner(0).assign(texts(400)))
        assert {theme.theme_id: theme.n_reports for theme in fitted.themes(0)} == {
            theme_id: n for theme_id, n in held.items() if theme_id is not None
        }

    def test_names_are_three_words_of_the_subject(self, fitted: Fitted) -> None:
        known = {word for words, _ in SUBJECTS.values() for word in words.split()}
        for theme in fitted.themes(0):
            assert theme.name == "、".join(theme.words[:3])
            assert theme.words[0] in known

    def test_no_redaction_mark_is_a_word(self, fitted: Fitted) -> None:
        words = {word for theme in fitted.themes(0) for word in theme.words}
        assert not [word for word in words if "〔" in word or word in {"姓名", "手机"}]

    def test_the_encoder_is_fitted_once_and_shared(self, fitted: Fitted) -> None:
        with reading(fitted.settings.warehouse_path) as connection:
            assert [model.fitted_through for model in registry.versions(connection, ENCODER)] == [MARCH]

    def test_a_day_gets_the_newest_version_that_has_not_seen_it(self, fitted: Fitted) -> None:
        with reading(fitted.settings.warehouse_path) as connection:
            used = [registry.newest_themes(connection, day) for day in (MARCH, LATER, LATER + timedelta(days=1))]
        assert used == [None, fitted.versions[1], fitted.versions[2]]

    def test_the_artefact_holds_no_pickle_and_nothing_half_written(self, fitted: Fitted) -> None:
        paths = list((fitted.settings.models_folder / THEMES).rglob("*"))
        assert {path.suffix for path in paths if path.is_file()} == {".npy", ".json"}
        assert not [path for path in paths if path.name.startswith(".")]
        assert not [path for path in paths if path.suffix == ".npy" and b"'|O'" in path.read_bytes()[:200]]

    def test_what_became_known_later_changes_nothing(self, fitted: Fitted, tmp_path: Path) -> None:
        settings = small(tmp_path)
        fill_warehouse(settings.warehouse_path, 480)
        with writing(settings.warehouse_path) as connection:
            connection.execute(
                "UPDATE reports SET body = '广场 喷泉 开放', title = '' WHERE known_at >= ?",
                [datetime(MARCH.year, MARCH.month, MARCH.day, tzinfo=LOCAL) + timedelta(days=1)],
            )
        retrain_themes(settings, MARCH)
        folder = THEMES + "/" + fitted.versions[0]
        ours, theirs = (s.models_folder / folder / "centroids.npy" for s in (settings, fitted.settings))
        assert ours.read_bytes() == theirs.read_bytes()


def test_too_few_reports_are_refused_with_both_numbers(tmp_path: Path) -> None:
    pytest.importorskip("bertopic")
    settings = small(tmp_path)
    fill_warehouse(settings.warehouse_path, 480)
    with pytest.raises(StateError, match=r"只有 80 条诉求.*至少要 200 条"):
        retrain_themes(settings, FIRST + timedelta(days=9))


def test_a_refusal_leaves_no_version(tmp_path: Path) -> None:
    pytest.importorskip("bertopic")
    settings = small(tmp_path)
    fill_warehouse(settings.warehouse_path, 80)
    with pytest.raises(StateError):
        retrain_themes(settings, None)
    assert not settings.models_folder.exists()


def test_a_day_ahead_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("bertopic")
    settings = small(tmp_path)
    fill_warehouse(settings.warehouse_path, 8)
    with pytest.raises(StateError, match="还没有到"):
        retrain_themes(settings, date(2999, 1, 1))


def test_an_empty_warehouse_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("bertopic")
    settings = small(tmp_path)
    create(settings.warehouse_path)
    with pytest.raises(StateError, match="jianwei ingest"):
        retrain_themes(settings, None)


def test_a_missing_extra_is_said_before_anything_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(StateError, match=r"jianwei\[themes\]"):
        retrain_themes(small(tmp_path), None)
