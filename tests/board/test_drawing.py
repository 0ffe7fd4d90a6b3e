"""What every click needs is made once: charts of the same records, the places of the city."""

import os
import shutil
from importlib.resources import files
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from board.places import known_places
from signals.errors import SettingsError
from signals.settings import Settings

MADE: list[tuple[int, ...]] = []


def _page() -> None:
    import altair as alt
    import pandas as pd
    import streamlit as st

    from board.drawing import draw
    from tests.board.test_drawing import MADE

    def points(values: tuple[int, ...]) -> alt.Chart:
        MADE.append(values)
        return alt.Chart(pd.DataFrame({"x": values})).mark_point().encode(x=alt.X("x:Q"))

    with st.columns(2)[1]:
        draw("points", points, tuple(st.session_state["values"]))


def _drawn(values: tuple[int, ...]) -> AppTest:
    page = AppTest.from_function(_page)
    page.session_state["values"] = values
    page.run()
    assert not page.exception
    return page


def test_a_chart_of_the_same_records_is_made_once_and_stands_in_its_place_every_time() -> None:
    MADE.clear()
    pages = [_drawn(values) for values in ((1, 2), (1, 2), (1, 3))]
    assert MADE == [(1, 2), (1, 3)]
    assert [len(page.columns[1].get("vega_lite_chart")) for page in pages] == [1, 1, 1]
    data = [page.get("vega_lite_chart")[0].proto.SerializeToString() for page in pages]
    assert data[0] == data[1] != data[2]


def test_places_are_read_once_and_anew_where_the_file_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    shutil.copy(str(files("signals.gazetteer").joinpath("jiangmen.csv")), path)
    settings = Settings(folder=tmp_path, gazetteer=path)
    known = known_places(settings)
    assert known_places(settings) is known
    path.write_text(path.read_text("utf-8").replace("蓬江区", "蓬江新区"), "utf-8")
    os.utime(path, ns=(1, 1))
    assert "蓬江新区" in [area.name for area in known_places(settings).areas]


def test_a_file_of_places_that_is_not_there_is_refused_every_time(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(SettingsError, match="nowhere.csv"):
            known_places(Settings(folder=tmp_path, gazetteer=tmp_path / "nowhere.csv"))
