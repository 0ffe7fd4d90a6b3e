from pathlib import Path

import numpy as np
import pytest

from models.themes import carried_centroids, fit_themes, lasting_ids, naming_words
from signals.errors import StateError
from signals.themes import Match, StaticEncoder, ThemeAssigner, ThemeLayout, read_layout, unit, write_layout

EAST, NORTH = [1.0, 0.0], [0.0, 1.0]


def vectors(*rows: list[float]) -> np.ndarray:
    return unit(np.array(rows, np.float32))


def compass(min_similarity: float = 0.5) -> ThemeAssigner:
    table = np.array([[0, 0], EAST, NORTH], np.float32)
    encoder = StaticEncoder({"": 0, "停水": 1, "电梯": 2}, table)
    return ThemeAssigner(encoder, (4, 9), vectors(EAST, NORTH), min_similarity)


def test_a_report_gets_the_theme_of_the_nearest_centroid() -> None:
    assert compass().assign([("停水", ""), ("", "电梯")]) == [Match(4, 1.0), Match(9, 1.0)]


def test_a_report_near_nothing_has_no_theme() -> None:
    assert compass(0.8).assign([("停水", "电梯")]) == [Match(None, pytest.approx(0.7071, abs=1e-4))]


def test_a_report_of_unknown_words_has_no_theme_at_any_bound() -> None:
    assert compass(-1.0).assign([("", "噪音")]) == [Match(None, 0.0)]


def test_no_reports_get_no_themes() -> None:
    assert compass().assign([]) == []


def test_a_version_comes_back_as_it_was_written(tmp_path: Path) -> None:
    layout = ThemeLayout((4, 9), "some/model", "")
    write_layout(tmp_path, layout, vectors(EAST, NORTH))
    assert read_layout(tmp_path) == layout
    loaded = ThemeAssigner.load(tmp_path, min_similarity=0.5, encoder=compass().encoder)
    assert (loaded.centroids == compass().centroids).all()


def test_a_version_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    write_layout(tmp_path, ThemeLayout((4,), "static", "a"), vectors(EAST))
    path = tmp_path / "themes.json"
    path.write_text(path.read_text("utf-8").replace('"format": 1', '"format": 2'), "utf-8")
    with pytest.raises(StateError, match="格式是 2"):
        read_layout(tmp_path)


def test_centroids_that_do_not_fit_their_ids_are_refused(tmp_path: Path) -> None:
    write_layout(tmp_path, ThemeLayout((4, 9, 11), "some/model", ""), vectors(EAST, NORTH))
    with pytest.raises(StateError, match="有 3 个主题、2 个中心"):
        ThemeAssigner.load(tmp_path, min_similarity=0.5, encoder=compass().encoder)


def test_a_version_of_another_encoder_is_not_opened_without_it(tmp_path: Path) -> None:
    write_layout(tmp_path, ThemeLayout((4,), "some/model", ""), vectors(EAST))
    with pytest.raises(StateError, match="some/model"):
        ThemeAssigner.load(tmp_path, min_similarity=0.5)


def test_a_theme_keeps_its_id_when_the_fit_lists_it_elsewhere() -> None:
    assert lasting_ids(vectors(NORTH, EAST), vectors(EAST, NORTH), [4, 9], 10) == [9, 4]


def test_a_theme_that_drifts_a_little_keeps_its_id() -> None:
    assert lasting_ids(vectors([1.0, 0.3]), vectors(EAST, NORTH), [4, 9], 10) == [4]


def test_a_theme_unlike_all_before_gets_an_id_never_used() -> None:
    assert lasting_ids(vectors(EAST, [-1.0, -1.0]), vectors(EAST, NORTH), [4, 9], 17) == [4, 17]


def test_two_halves_of_a_theme_do_not_share_its_id() -> None:
    assert lasting_ids(vectors([1.0, 0.1], EAST), vectors(EAST), [4], 10) == [10, 4]


def test_a_theme_is_found_again_under_another_encoder() -> None:
    reports = [("停水", ""), ("停水", ""), ("电梯", "")]
    turned = vectors(NORTH, NORTH, EAST)
    carried, ids = carried_centroids(compass(), reports, turned)
    assert ids == [4, 9]
    assert (carried == vectors(NORTH, EAST)).all()


@pytest.mark.parametrize("word", ["5栋", "a市", "蓬江区", "迎宾大道", "水"])
def test_places_numbers_and_lone_characters_name_no_theme(word: str) -> None:
    assert word not in naming_words("", f"停水 {word} 通知")


def test_subjects_name_themes() -> None:
    assert naming_words("停水", "水压不足") == ["停水", "水压", "不足"]


@pytest.mark.slow
def test_words_of_few_reports_name_no_theme() -> None:
    pytest.importorskip("bertopic")
    dice = np.random.default_rng(1)
    subject = np.repeat([0, 1], 60)
    rows = unit((np.eye(8)[subject] + 0.2 * dice.normal(size=(120, 8))).astype(np.float32))
    documents = [["停水", "水压"] if s == 0 else ["电梯", "维保"] for s in subject]
    documents[3] = ["停水", *["独家"] * 200]
    found = fit_themes(documents, rows, min_size=20, seed=7)
    assert "独家" not in {word for words in found.words for word in words}
