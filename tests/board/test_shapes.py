"""The site's own map: features found by code or name, the others said, bad files refused by naming the feature."""

import json
from pathlib import Path
from typing import Any

import pytest

from board import shapes
from board.charts_map import TOWNS, shape_chart
from board.painting import Painted
from board.shapes import load_shapes
from board.tiles import Spot
from signals.errors import SettingsError
from signals.gazetteer import Place, load_gazetteer
from tests.board.invented import ENPING, PENGJIANG, TAISHAN
from tests.board.test_views import Point, open_view, page_text
from tests.hostile import HOSTILE, NEVER_IN_HTML

GAZETTEER = load_gazetteer()
RING = [[112.0, 22.0], [112.2, 22.0], [112.2, 22.1], [112.0, 22.1], [112.0, 22.0]]
SQUARE = {"type": "Polygon", "coordinates": [RING]}


def feature(geometry: Any = SQUARE, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def written(folder: Path, *features: Any) -> Path:
    path = folder / "地图.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


@pytest.mark.parametrize(
    ("properties", "place"),
    [({"adcode": 440703}, Place(PENGJIANG)), ({"code": "440703000000"}, Place(PENGJIANG)),
     ({"adcode": 440703.0}, Place(PENGJIANG)), ({"name": "蓬江"}, Place(PENGJIANG)),
     ({"name": "恩平市", "adcode": "440785"}, Place(ENPING)),
     ({"名称": "荷塘镇"}, Place(PENGJIANG, "荷塘镇")),
     ({"name": "荷塘", "district": "蓬江区"}, Place(PENGJIANG, "荷塘镇")),
     ({"name": "白沙镇", "code": "440781104"}, Place(TAISHAN, "白沙镇"))],
)  # fmt: skip
def test_a_feature_is_found_by_code_or_name(properties: dict[str, object], place: Place, tmp_path: Path) -> None:
    found = load_shapes(written(tmp_path, feature(**properties)), GAZETTEER)
    assert list(found.by_place) == [place]
    assert found.unmatched == ()


@pytest.mark.parametrize(
    "properties",
    [{"adcode": 440106, "name": "天河区"}, {"name": "不在册镇"}, {}, {"name": "荷塘镇", "code": "440785101"},
     {"name": ["蓬江区"]}, {"adcode": None}],
)  # fmt: skip
def test_what_is_no_known_place_is_said_and_never_guessed(properties: dict[str, object], tmp_path: Path) -> None:
    found = load_shapes(written(tmp_path, feature(adcode=440703), feature(**properties)), GAZETTEER)
    assert list(found.by_place) == [Place(PENGJIANG)]
    assert found.unmatched[0].startswith("第 2 个要素")


@pytest.mark.parametrize(
    "geometry",
    [None, {"type": "Point", "coordinates": [112, 22]}, {"type": "Polygon", "coordinates": []},
     {"type": "Polygon", "coordinates": [[[112, 22]]]}, {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]},
     {"type": "Polygon", "coordinates": [[[float("nan"), 1.0]] * 4]}, {"type": "MultiPolygon", "coordinates": [RING]},
     {"type": "Polygon", "coordinates": [[[112]] * 4]}, {"type": "Polygon"}, 7],
)  # fmt: skip
def test_a_bad_outline_is_refused_by_its_feature(geometry: object, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"地图\.geojson: 第 1 个要素 蓬江区"):
        load_shapes(written(tmp_path, feature(geometry, name="蓬江区")), GAZETTEER)


def test_two_features_of_one_place_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="第 2 个要素 蓬江与第 1 个要素是同一个地方"):
        load_shapes(written(tmp_path, feature(adcode=440703), feature(name="蓬江")), GAZETTEER)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"type": "Feature"}', b"\xff\xfe", b"[" * 100_000, b"7"])
def test_what_is_no_collection_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "地图.geojson"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"地图\.geojson: "):
        load_shapes(path, GAZETTEER)
    with pytest.raises(SettingsError, match="没有\\.geojson: 地图读不出"):
        load_shapes(tmp_path / "没有.geojson", GAZETTEER)


def test_a_map_too_large_for_browsers_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "LARGEST_MEGABYTES", 0)
    with pytest.raises(SettingsError, match="请简化边界"):
        load_shapes(written(tmp_path, feature(adcode=440703)), GAZETTEER)


def test_a_degree_is_as_wide_as_it_is_on_the_ground_and_metres_stay(tmp_path: Path) -> None:
    place, metres = Place(PENGJIANG), [[[x * 1000, y * 1000] for x, y in RING]]
    degrees = load_shapes(written(tmp_path, feature(adcode=440703)), GAZETTEER).by_place[place].geometry
    assert degrees["coordinates"][0][1] == [pytest.approx(112.2 * 0.9269, abs=0.01), 22.0]
    in_metres = feature({"type": "Polygon", "coordinates": metres}, adcode=440703)
    flat = load_shapes(written(tmp_path, in_metres), GAZETTEER).by_place[place].geometry
    assert flat["coordinates"] == metres


def test_the_picture_holds_the_outline_and_what_was_painted(tmp_path: Path) -> None:
    found = load_shapes(written(tmp_path, feature(name="荷塘镇")), GAZETTEER)
    painted = Painted(Spot(Place(PENGJIANG, "荷塘镇"), "荷塘", "蓬江区", 0, 0), "#eef0f1", said="<5", tip="少于5")
    sent = shape_chart([painted], found.by_place, TOWNS).to_json()
    assert '"type": "identity"' in sent
    assert '"said": "<5"' in sent


def test_the_page_draws_shapes_and_the_rest_as_tiles(
    full_folder: Path, on_loopback: Point, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hostile = [feature(name=said[:40], adcode=said[:12]) for said in HOSTILE[:7]]
    path = written(tmp_path, feature(adcode=440703), feature(name="荷塘镇"), *hostile)
    monkeypatch.setenv("JIANWEI_MAP_GEOJSON", str(path))
    on_loopback(full_folder)
    board = open_view("hotspots.py")
    assert not board.exception
    assert len(board.get("vega_lite_chart")) == 4
    shown = page_text(board)
    assert "地名表里没有这些要素，未画：第 3 个要素" in shown
    assert "没有边界的 6 处，用格子表示" in shown
    assert [each for each in NEVER_IN_HTML if each in shown] == []


def test_a_map_that_cannot_be_read_leaves_the_tiles(
    full_folder: Path, on_loopback: Point, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JIANWEI_MAP_GEOJSON", str(written(tmp_path, feature(None, name="蓬江区"))))
    on_loopback(full_folder)
    board = open_view("hotspots.py")
    assert not board.exception
    assert "第 1 个要素 蓬江区 的图形是 None" in page_text(board)
    assert "现在用自带的格子图" in page_text(board)
    assert len(board.get("vega_lite_chart")) == 2
