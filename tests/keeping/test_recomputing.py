"""`run --verify`: done days computed again are equal; what changed since is found; nothing is written."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipelines.run import verify_command
from signals.clock import LOCAL
from signals.errors import StateError
from signals.keeping.recomputing import recompute
from signals.settings import Settings
from signals.store.recording import record_merge, record_split, record_undo, say
from signals.store.warehouse import reading, writing
from tests.engine.stream import make_stream, run, settings_for, write_stream
from tests.engine.worlds import stream_days

DAYS = stream_days(5)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Five days over a Sunday, with themes, a merge by a person, a split, and an undo of the first."""
    given = settings_for(tmp_path_factory.mktemp("days"))
    write_stream(given.warehouse_path, make_stream(5, seed=9))
    run(given, DAYS[:2])
    with writing(given.warehouse_path) as connection:
        first, second = (issue for (issue,) in connection.execute(
            "SELECT issue_id FROM links WHERE until_on IS NULL GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 2"
        ).fetchall())  # fmt: skip
        record_merge(connection, first, second, say("甲", "同一处", datetime.now(LOCAL)))
        withdrawn = record_undo(connection, 1, say("甲", "看错了", datetime.now(LOCAL)))
        record_merge(connection, first, second, say("甲", "确是同一处", datetime.now(LOCAL)))
    assert withdrawn.number == 2
    run(given, DAYS[2:4])
    with writing(given.warehouse_path) as connection:
        issue, keys = connection.execute(
            "SELECT issue_id, list(report_key ORDER BY report_key) FROM links WHERE until_on IS NULL GROUP BY 1"
            " ORDER BY count(*) DESC, 1 LIMIT 1"
        ).fetchall()[0]
        record_split(connection, issue, keys[:2], say("乙", "不是一处", datetime.now(LOCAL)))
        record_undo(connection, 3, say("乙", "还是两处", datetime.now(LOCAL)))
    run(given, DAYS[4:])
    return given


@pytest.fixture
def settings(original: Settings, tmp_path: Path) -> Settings:
    shutil.copytree(original.folder, tmp_path / "days")
    return original.model_copy(update={"folder": tmp_path / "days"})


def test_done_days_computed_again_are_equal_with_themes_and_corrections(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = settings.warehouse_path.read_bytes()
    assert verify_command(settings, DAYS[-1]) == 0
    assert "重新计算了 5 天，结果与保存的完全相同" in capsys.readouterr().out
    assert settings.warehouse_path.read_bytes() == before
    assert [path.name for path in settings.folder.iterdir()] == [settings.warehouse_path.name]


def test_a_day_that_was_changed_afterwards_is_found(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with writing(settings.warehouse_path) as connection:
        connection.execute("UPDATE reports SET title = '白鹭湾工地拖欠工人工资', body = '' WHERE report_key ="
                           " (SELECT min(report_key) FROM report_days JOIN links USING (report_key)"
                           "  WHERE day = ? AND similarity > 0)", [DAYS[2]])  # fmt: skip
    assert verify_command(settings, DAYS[3]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith(f"{DAYS[2]}  不同\n")
    assert "由旧版本程序计算" in printed


def test_other_settings_are_named_as_the_reason(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    other = settings.model_copy(update={"detector": settings.detector.model_copy(update={"inflation": 1.9})})
    assert verify_command(other, DAYS[2]) == 1
    assert "（当时设置不同）" in capsys.readouterr().out


def test_a_day_that_has_not_run_cannot_be_compared(settings: Settings) -> None:
    with pytest.raises(StateError, match="还没有运行，无从核对"):
        list(recompute(settings, DAYS[-1] + timedelta(days=1)))
    with reading(settings.warehouse_path) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchall() == [(5,)]
