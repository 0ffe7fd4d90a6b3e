"""Chances of escalating on the board: said once there are any, for as long as they hold, to who may know of all."""

from datetime import timedelta
from pathlib import Path

import pytest

from board.charts_risk import reliability, weight_bars
from board.permission import Viewer
from board.queries_issue import issue_state
from board.queries_radar import radar
from signals.likelihood import MODEL_FILE, QUALITY_FILE, Bin, Likelihood, Quality, write_likelihood
from signals.store.rows import put
from signals.store.warehouse import reading, writing
from tests.board.seeded import LAST_DAY, start_of
from tests.board.test_views import Point, open_view, page_text
from tests.board.viewers import CENTRE, IN_PENGJIANG

QUALITY = Quality(210, 400, 0.3, 0.75, 0.7, 0.6, 0.25, 0.2, 0.03, (Bin(200, 0.1, 0.12), Bin(200, 0.5, 0.48)),
                  {"440703": -0.02, "hotline": 0.11})  # fmt: skip


def say(folder: Path, issue: int, risk: float, *, ago: int = 0) -> None:
    """The newest state of an issue says a chance, and is so many days old."""
    with writing(folder / "jianwei.duckdb") as con:
        con.execute("DELETE FROM issue_days WHERE issue_id = ? AND day <> ?", [issue, LAST_DAY])
        con.execute("UPDATE issue_days SET risk = ?, day = ? WHERE issue_id = ?",
                    [risk, LAST_DAY - timedelta(days=ago), issue])  # fmt: skip


def seen(folder: Path, issue: int, viewer: Viewer = CENTRE) -> tuple[float | None, float | None]:
    """What issue page and radar say."""
    with reading(folder / "jianwei.duckdb") as con:
        state = issue_state(con, viewer, issue)
        assert state is not None
        [on_radar] = [each.risk for each in radar(con, viewer, LAST_DAY).issues if each.issue_id == issue]
    return state.risk, on_radar


@pytest.mark.parametrize(("ago", "expected"), [(0, 0.337), (29, 0.337), (30, None)])
def test_a_chance_is_said_until_its_thirty_days_are_over(full_folder: Path, ago: int, expected: float | None) -> None:
    say(full_folder, 1, 0.337, ago=ago)
    assert seen(full_folder, 1) == (expected, expected)


def test_a_district_is_told_no_chance_as_it_is_told_no_points(full_folder: Path) -> None:
    say(full_folder, 1, 0.337)
    assert seen(full_folder, 1, IN_PENGJIANG) == (None, None)


def test_the_page_says_points_as_uncalibrated(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    shown = page_text(open_view("issue.py", issue="1"))
    assert "分（未校准）" in shown
    assert "不是概率" in shown


def test_pages_say_a_chance_as_such(full_folder: Path, on_loopback: Point) -> None:
    say(full_folder, 1, 0.337)
    on_loopback(full_folder)
    shown = page_text(open_view("issue.py", issue="1"))
    assert "矛盾风险 34%（30 天内）" in shown
    assert "按以往议题的结果校准" in shown
    assert "未校准" not in shown
    assert "34%（30 天内）" in page_text(open_view("radar.py"))


def test_issues_with_a_chance_come_first_by_risk(full_folder: Path, on_loopback: Point) -> None:
    for issue, risk in ((3, 0.2), (5, 0.9)):
        say(full_folder, issue, risk)
    on_loopback(full_folder)
    board = open_view("radar.py")
    board.button_group(key="radar_order").set_value("risk").run()
    shown = page_text(board)
    assert shown.index('issue?issue=5"') < shown.index('issue?issue=3"') < shown.index('issue?issue=1"')


def test_the_page_of_models_says_that_nothing_is_calibrated(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    assert "还没有校准" in page_text(open_view("models.py"))


def calibrated(full_folder: Path) -> Path:
    """The folder of a model that the last day used."""
    folder = full_folder / "models" / "risk" / "20250401-1"
    folder.mkdir(parents=True)
    write_likelihood(folder, Likelihood("20250401-1", -2.0, {"超期未办": 0.7}), QUALITY)
    with writing(full_folder / "jianwei.duckdb") as con:
        row = ("risk", "20250401-1", "current", start_of(LAST_DAY), LAST_DAY, "risk/20250401-1", "误差 0.030")
        put(con, "models", [row])
        con.execute("UPDATE runs SET risk_version = '20250401-1' WHERE day = ?", [LAST_DAY])
    return folder


@pytest.mark.parametrize("name", [MODEL_FILE, QUALITY_FILE])
def test_a_broken_file_of_a_model_is_a_sentence_on_its_page(full_folder: Path, on_loopback: Point, name: str) -> None:
    (calibrated(full_folder) / name).write_text("{")
    on_loopback(full_folder)
    board = open_view("models.py")
    assert not board.exception
    assert f"{name}: " in page_text(board)
    assert "请重新训练：jianwei retrain risk。" in page_text(board)
    assert "承诺的预算守住没有" in page_text(board)  # the rest of the page stands


def test_the_page_of_models_says_how_good_the_chances_are(full_folder: Path, on_loopback: Point) -> None:
    calibrated(full_folder)
    on_loopback(full_folder)
    board = open_view("models.py")
    assert not board.exception
    text = page_text(board)
    assert "还没有校准" not in text
    assert "说的可能性比实际：热线 高 11%，蓬江区 低 2%。" in text
    assert "20250401-1（在用）" in text


def test_points_of_the_picture_are_the_bins_and_bars_the_factors_of_weight() -> None:
    [line, points] = list(reliability(QUALITY).to_dict()["datasets"].values())
    assert {len(line), len(points)} == {2}
    told = next(rows for rows in (line, points) if "数" in rows[0])
    assert [(row["说"], row["见"], row["数"]) for row in told] == [
        (0.1, 0.12, "200 个议题日"), (0.5, 0.48, "200 个议题日"),
    ]  # fmt: skip
    weights = {"超期未办": 0.7, "涉及钱款": 0.0, "不同诉求人": 1.1, "近日无新增": 0.41}
    bars = list(weight_bars(weights).to_dict()["datasets"].values())[0]
    assert [(row["因素"], row["字"]) for row in bars] == [
        ("不同诉求人", "× 3.0"), ("超期未办", "× 2.0"), ("近日无新增", "÷ 1.5"),
    ]  # fmt: skip
    assert len({row["色"] for row in bars}) == 2
