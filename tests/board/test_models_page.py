"""数据与模型: what operators and modelers need, counted by hand on the invented city."""

import shutil
from datetime import timedelta
from pathlib import Path

import numpy as np

from board.queries_models import (
    drift_weeks,
    measured_budgets,
    model_rows,
    settings_spans,
    source_delays,
    standing,
    waiting_files,
)
from board.queries_words import new_words
from signals.clock import start_of
from signals.store.migrations import SCHEMA_VERSION
from signals.store.rows import put
from signals.store.warehouse import reading, writing
from tests.board.seeded import FIRST_DAY, LAST_DAY
from tests.board.test_views import Point, open_view, page_text


def test_it_says_on_what_the_data_stand(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        now = standing(con)
        [span] = settings_spans(con)
    assert (now.schema_version, now.settings_hash, now.theme_version) == (str(SCHEMA_VERSION), "s1", "t1")
    assert (now.budget, now.n_waiting) == (0.6, 12)
    assert (span.first, span.last, span.n_days) == (FIRST_DAY, LAST_DAY, 40)


def test_a_version_in_use_is_marked_and_measured_budgets_stand_apart(seeded_warehouse: Path, tmp_path: Path) -> None:
    path = shutil.copy(seeded_warehouse, tmp_path / "w.duckdb")
    with writing(Path(path)) as con:
        put(con, "models", [("budget", "year-1", "current", start_of(LAST_DAY), FIRST_DAY, "", "0.83")])
    with reading(Path(path)) as con:
        [model] = model_rows(con)
        [measured] = measured_budgets(con)
    assert (model.version, model.is_in_use, model.n_themes) == ("t1", True, 5)
    assert measured.ratio == 0.83


def test_reports_are_late_by_the_hours_from_receipt_to_being_known(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        delays = source_delays(con, LAST_DAY)
    assert {one.source for one in delays} == {"hotline", "petition", "grid"}
    assert min(one.median_hours for one in delays) >= 0
    assert 2.0 in {one.median_hours for one in delays}


def test_drift_is_of_whole_weeks(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        weeks = drift_weeks(con, LAST_DAY)
        [(n, no_place)] = con.execute(
            "SELECT count(*), avg(CAST(area = '' AS DOUBLE)) FROM report_days JOIN reports USING (report_key)"
            " WHERE day BETWEEN '2025-03-31' AND '2025-04-06'"
        ).fetchall()
    last = weeks[-1]
    assert (str(last.week_on), last.n_reports, last.no_place, last.no_theme) == ("2025-03-31", n, no_place, 0.0)
    assert last.expected > 40


def test_files_with_waiting_rows_are_counted(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        assert [(row.file_name, row.n_rows, row.n_reasons) for row in waiting_files(con)] == [("热线工单.xlsx", 12, 3)]


def test_a_word_is_new_in_its_first_week_only(seeded_warehouse: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(seeded_warehouse, tmp_path / "w.duckdb"))
    first = LAST_DAY - timedelta(days=LAST_DAY.weekday() + 70)  # a Monday
    said = {0: [1, 2], 56: [1, 3], 63: [3, 4, 5]}
    with writing(path) as con:
        for ago, tokens in said.items():
            columns = np.array(tokens, "<i4").tobytes()
            put(con, "tokens", [(first + timedelta(days=ago), "text", "r", b"", columns, b"")])
    with reading(path) as con:
        weeks = new_words(con, LAST_DAY)
    assert [(one.n_words, one.n_new) for one in weeks] == [(2, 1), (3, 2)]


def test_the_page_names_the_commands_that_empty_the_quarantine(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    text = page_text(open_view("models.py"))
    assert "jianwei quarantine export" in text
    assert "jianwei quarantine repair" in text
    assert "尚未测定" in text
    assert "缺文件" in text


def test_a_measured_budget_is_drawn(full_folder: Path, on_loopback: Point) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        put(con, "models", [("budget", "year-1", "current", start_of(LAST_DAY), FIRST_DAY, "", "0.83")])
    on_loopback(full_folder)
    board = open_view("models.py")
    assert not board.exception
    assert "0.83" in page_text(board)
    assert "尚未测定" not in page_text(board)


def test_the_page_of_quality_leads_to_the_rows_that_wait(full_folder: Path, on_loopback: Point) -> None:
    on_loopback(full_folder)
    text = page_text(open_view("quality.py"))
    assert "12 行没有进来，还在等待改正。最多的一种原因（5 行）" in text
    assert 'href="models"' in text
    assert "〔户室〕" not in text
