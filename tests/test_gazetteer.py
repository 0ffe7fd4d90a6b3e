"""Places are read from columns and text, and never guessed."""

from collections import Counter
from pathlib import Path

import pytest

from signals.errors import SettingsError
from signals.gazetteer import Gazetteer, Place, load_gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def test_jiangmen_has_seven_districts_and_eighty_two_towns(gazetteer: Gazetteer) -> None:
    assert (len(gazetteer.areas), len(gazetteer.towns)) == (7, 82)


def test_no_two_tiles_coincide(gazetteer: Gazetteer) -> None:
    for places in (gazetteer.areas, gazetteer.towns):
        assert max(Counter((place.column, place.row) for place in places).values()) == 1


def test_the_towns_of_a_district_touch_each_other(gazetteer: Gazetteer) -> None:
    for area in gazetteer.areas:
        tiles = {(town.column, town.row) for town in gazetteer.towns if town.area == area.adcode}
        reached, edge = set(), [min(tiles)]
        while edge:
            x, y = edge.pop()
            if (x, y) in tiles and (x, y) not in reached:
                reached.add((x, y))
                edge += [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]
        assert reached == tiles, area.name


def test_an_unknown_area_has_a_name_that_says_so(gazetteer: Gazetteer) -> None:
    assert gazetteer.area_name("") == "未知区域"
    assert gazetteer.area_name("440705") == "新会区"


@pytest.mark.parametrize(
    ("district", "town", "expected"),
    [
        ("蓬江区", "白沙街道", Place("440703", "白沙街道")),
        ("台山", "白沙", Place("440781", "白沙镇")),
        ("440783", "长沙", Place("440783", "长沙街道")),
        ("江门市新会区", "会城街道办事处", Place("440705", "会城街道")),
        ("", "会城", Place("440705", "会城街道")),
        ("", "白沙", Place()),
        ("蓬江区", "崖门镇", Place("440703")),
        ("开平市", "", Place("440783")),
        ("鶴山市", "宅梧鎮", Place("440784", "宅梧镇")),
        ("不详", "", Place()),
    ],
)
def test_columns_name_a_place(gazetteer: Gazetteer, district: str, town: str, expected: Place) -> None:
    assert gazetteer.locate(district=district, town=town) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("会城某小区楼下有人卖唱", Place("440705", "会城街道")),
        ("住在开平三埠，晚上很吵", Place("440783", "三埠街道")),
        ("开平市长沙街道的公交站", Place("440783", "长沙街道")),
        ("开平长沙这边停水", Place("440783", "长沙街道")),
        ("我从长沙回来办社保", Place()),
        ("快递从湖南长沙寄来", Place()),
        ("长沙市的亲戚", Place()),
        ("蓬江区和江海区交界处", Place()),
        ("白沙那边修路", Place()),
        ("白沙镇那边修路", Place("440781", "白沙镇")),
        ("台山的白沙镇修路", Place("440781", "白沙镇")),
        ("蓬江白沙修路", Place("440703", "白沙街道")),
        ("环市一路路灯不亮", Place()),
        ("蓬江区环市一路路灯不亮", Place("440703")),
        ("台山路口积水", Place()),
        ("公司来了新会计", Place()),
        ("大江大河都有人管", Place()),
        ("台山大江的厂排污", Place("440781", "大江镇")),
        ("門口積水，鶴山沙坪冇人理", Place("440784", "沙坪街道")),
        ("新会的崖门和双水镇都停电", Place("440705")),
        ("", Place()),
    ],
)  # fmt: skip
def test_text_names_a_place_or_none(gazetteer: Gazetteer, text: str, expected: Place) -> None:
    assert gazetteer.locate(text=text) == expected


def test_the_district_column_is_not_overruled_by_the_text(gazetteer: Gazetteer) -> None:
    assert gazetteer.locate(district="江海区", text="恩平市横陂镇的厂") == Place("440704")
    assert gazetteer.locate(district="江海区", text="外海街道办门口") == Place("440704", "外海街道")


def test_a_shared_town_name_is_settled_by_the_text(gazetteer: Gazetteer) -> None:
    assert gazetteer.locate(town="白沙", text="台山市汽车站") == Place("440781", "白沙镇")


def test_a_bad_row_is_refused_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("adcode,district,town,column,row\n1,甲区,,0,0\n1,甲区,乙镇,x,0\n", "utf-8")
    with pytest.raises(SettingsError, match=r"places\.csv:3"):
        load_gazetteer(path)


def test_places_are_made_once_and_anew_where_the_file_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    row = "adcode,district,town,column,row\n1,{},,0,0\n"
    path.write_text(row.format("甲区"), "utf-8")
    known = load_gazetteer(path)
    assert load_gazetteer(path) is known
    path.write_text(row.format("乙区"), "utf-8")
    assert [area.name for area in load_gazetteer(path).areas] == ["乙区"]
    other = tmp_path / "other.csv"
    other.write_text(row.format("丙区"), "utf-8")
    assert [area.name for area in load_gazetteer(other).areas] == ["丙区"]


def test_a_file_of_places_that_is_not_there_or_bad_is_refused_every_time(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("adcode\n", "utf-8")
    for path in (tmp_path / "nowhere.csv", bad) * 2:
        with pytest.raises(SettingsError, match=path.name):
            load_gazetteer(path)


def test_a_town_without_its_district_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("adcode,district,town,column,row\n1,甲区,,0,0\n2,丙区,乙镇,0,0\n", "utf-8")
    with pytest.raises(SettingsError, match="乙镇"):
        load_gazetteer(path)
