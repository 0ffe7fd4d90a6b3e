"""Charts of the same records are made once, whatever is clicked."""

from streamlit.testing.v1 import AppTest

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
