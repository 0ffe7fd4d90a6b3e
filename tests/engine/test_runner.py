"""Running days: once is enough, a restart changes nothing, no half day, and days in their order."""

import multiprocessing
import random
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.run import run_command
from signals import counting
from signals.clock import LOCAL, end_of
from signals.errors import StateError
from signals.records import Kind, Report, Source, Update
from signals.runner import days_due, run_days
from signals.settings import Settings
from signals.store.warehouse import create, kept_open, reading, writing
from tests.engine.stream import (
    FIRST_DAY,
    Entry,
    insert_entries,
    make_stream,
    results,
    run,
    settings_for,
    start_of,
    themes_by_matter,
    write_stream,
)
from tests.engine.worlds import stream_days, world_of

N_DAYS = 5


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return make_stream(N_DAYS, seed=9)


@pytest.fixture
def settings(tmp_path: Path, entries: list[Entry]) -> Settings:
    given = settings_for(tmp_path)
    write_stream(given.warehouse_path, entries)
    return given


def test_running_a_second_time_changes_nothing(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    through = FIRST_DAY + timedelta(days=N_DAYS - 1)
    assert run_command(settings, through=through) == 0
    before = settings.warehouse_path.read_bytes()
    assert run_command(settings, through=through) == 0
    assert run_command(settings, day=FIRST_DAY) == 0
    assert settings.warehouse_path.read_bytes() == before
    assert "已经运行过，没有改动" in capsys.readouterr().out
    for asked in ({"day": FIRST_DAY - timedelta(days=1)}, {"through": FIRST_DAY - timedelta(days=1)}):
        with pytest.raises(StateError, match=f"早于第一件诉求（{FIRST_DAY}）"):
            run_command(settings, **asked)


@pytest.mark.slow
def test_a_fresh_memory_for_each_day_gives_the_same_as_one_carried_on(settings: Settings, tmp_path: Path) -> None:
    days = stream_days(N_DAYS)
    other = Settings.model_validate({**settings.model_dump(), "warehouse": tmp_path / "other.duckdb"})
    other.warehouse_path.write_bytes(settings.warehouse_path.read_bytes())
    run(settings, days, with_cells=True)
    for day in days:
        run(other, [day], with_cells=True)
    assert results(other.warehouse_path) == results(settings.warehouse_path)
    with reading(settings.warehouse_path) as connection:
        counted = connection.execute("SELECT subject <> 'all', list(DISTINCT day ORDER BY day) FROM cells GROUP BY 1")
        assert dict(counted.fetchall()) == {False: days, True: days[-1:]}


def test_while_days_are_caught_up_with_no_theme_or_issue_is_counted_but_on_the_last(settings: Settings) -> None:
    days, counted = stream_days(N_DAYS), []
    for _ in run_days(settings.warehouse_path, days, settings):
        with reading(settings.warehouse_path) as connection:
            found = connection.execute("SELECT DISTINCT day FROM cells WHERE subject <> 'all'").fetchall()
        counted.append([day for (day,) in found])
    assert counted == [[]] * (N_DAYS - 1) + [days[-1:]]


def test_texts_that_were_read_by_another_rule_are_read_again_once(settings: Settings, tmp_path: Path) -> None:
    days = stream_days(N_DAYS)
    other = Settings.model_validate({**settings.model_dump(), "warehouse": tmp_path / "other.duckdb"})
    run(settings, days[:-1])
    other.warehouse_path.write_bytes(settings.warehouse_path.read_bytes())
    with writing(other.warehouse_path) as connection:
        connection.execute("DELETE FROM said WHERE day = ?", [days[0]])  # as versions before 7 left it
        connection.execute("UPDATE said SET made_by = 'older', texts = marks WHERE day = ?", [days[1]])
        connection.execute("UPDATE tokens SET made_by = 'older', counts = ends WHERE day = ?", [days[1]])
    run(settings, days[-1:])
    run(other, days[-1:])
    assert results(other.warehouse_path) == results(settings.warehouse_path)


def test_the_order_in_which_rows_were_inserted_does_not_matter(entries: list[Entry]) -> None:
    shuffled = random.Random(3).sample(entries, len(entries))
    found = []
    for order in (entries, shuffled):
        with world_of(order) as world:
            for day in stream_days(N_DAYS):
                world.run(day)
            found.append(world.results())
    assert found[0] == found[1]


def test_reports_known_at_one_instant_are_taken_by_receipt_then_key() -> None:
    known = start_of(FIRST_DAY) + timedelta(hours=9)

    def entry(number: str, minutes: int) -> Entry:
        received = known - timedelta(minutes=minutes)
        return Entry(Report(Source.GRID, number, received, known, f"路灯{number}不亮", "", Kind.COMPLAINT))

    with world_of([entry("c", 5), entry("b", 0), entry("a", 0), entry("d", 9)]) as world:
        assert world.run(FIRST_DAY).keys == ("grid:d", "grid:c", "grid:a", "grid:b")


def test_a_day_before_an_unrun_day_must_run_first(settings: Settings) -> None:
    with pytest.raises(StateError, match="前面的 2025年3月20日 星期四 还没有运行"):
        days_due(settings.warehouse_path, None, only=FIRST_DAY + timedelta(days=1))


def test_a_day_that_is_not_over_is_refused(settings: Settings) -> None:
    noon = start_of(FIRST_DAY) + timedelta(hours=12)
    with pytest.raises(StateError, match="还没有结束"):
        days_due(settings.warehouse_path, None, only=FIRST_DAY, now=noon)


def test_a_day_is_over_at_local_midnight(settings: Settings) -> None:
    assert days_due(settings.warehouse_path, None, only=FIRST_DAY, now=end_of(FIRST_DAY)) == [FIRST_DAY]


def test_without_a_date_all_days_through_yesterday_are_due(settings: Settings) -> None:
    now = datetime(2025, 3, 23, 8, tzinfo=LOCAL)
    assert days_due(settings.warehouse_path, None, now=now) == [date(2025, 3, 20), date(2025, 3, 21), date(2025, 3, 22)]


def test_a_warehouse_without_reports_says_to_ingest_first(tmp_path: Path) -> None:
    create(tmp_path / "empty.duckdb")
    with pytest.raises(StateError, match="请先运行 jianwei ingest"):
        days_due(tmp_path / "empty.duckdb", FIRST_DAY)


def test_a_crash_before_the_commit_leaves_no_half_day(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run(settings, [FIRST_DAY])
    before = results(settings.warehouse_path)

    def crash(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("signals.store.days._save_state", crash)  # after links, alerts and trends were written
        with pytest.raises(OSError, match="disk full"):
            run(settings, [FIRST_DAY + timedelta(days=1)])
    assert results(settings.warehouse_path) == before
    assert len(run(settings, [FIRST_DAY + timedelta(days=1)])) == 1


@pytest.mark.parametrize("kept", [False, True])
def test_saving_a_day_is_bounded_in_memory_and_in_threads_where_others_follow(
    settings: Settings, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from signals import runner

    saved, bounds = runner.save_day, []

    def save(connection, *given, **options):  # type: ignore[no-untyped-def]
        asked = "SELECT current_setting('memory_limit'), current_setting('threads')"
        bounds.append(connection.execute(asked).fetchone())
        saved(connection, *given, **options)

    monkeypatch.setattr(runner, "MEMORY_MB", 512)
    monkeypatch.setattr(runner, "save_day", save)
    with kept_open(settings.warehouse_path) if kept else nullcontext():
        assert len(list(run_days(settings.warehouse_path, stream_days(2), settings))) == 2
    every = duckdb.sql("SELECT current_setting('threads')").fetchall()[0][0]
    assert bounds == [("488.2 MiB", 1), ("488.2 MiB", every)]


@pytest.mark.parametrize(("table", "column", "least"), [("series_state", "issue_id", 6), ("paces", "kind", 1)])
def test_what_every_day_replaces_leaves_no_rows_in_the_file(
    settings: Settings, table: str, column: str, least: int
) -> None:
    assert list(run_days(settings.warehouse_path, stream_days(N_DAYS), settings, themes_by_matter, with_cells=False))
    with reading(settings.warehouse_path) as connection:
        [(n,)] = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
        [(n_stored,)] = connection.execute(
            f"SELECT sum(count) FROM pragma_storage_info('{table}')"
            f" WHERE column_name = '{column}' AND segment_type <> 'VALIDITY'"
        ).fetchall()
    assert n_stored == n >= least


def test_on_the_day_of_the_first_report_nothing_is_due(settings: Settings) -> None:
    assert days_due(settings.warehouse_path, None, now=start_of(FIRST_DAY) + timedelta(hours=9)) == []


def test_a_day_that_another_process_has_run_meanwhile_is_not_written_twice(settings: Settings) -> None:
    slow = run_days(settings.warehouse_path, stream_days(2), settings)
    next(slow)
    run(settings, [FIRST_DAY + timedelta(days=1)])
    before = results(settings.warehouse_path)
    with pytest.raises(StateError, match="另一个程序已经运行过这一天"):
        next(slow)
    assert results(settings.warehouse_path) == before


def test_reports_taken_in_while_their_day_is_computed_are_not_lost(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from signals import runner

    computed = runner.work_day

    def work_while_a_history_comes_in(*given):  # type: ignore[no-untyped-def]
        at = start_of(FIRST_DAY) + timedelta(hours=1)
        late = Entry(Report(Source.GRID, "meanwhile", at, at, "路灯不亮", "", Kind.COMPLAINT))
        with writing(settings.warehouse_path) as connection:
            insert_entries(connection, [late])
        return computed(*given)

    with monkeypatch.context() as patch:
        patch.setattr("signals.runner.work_day", work_while_a_history_comes_in)
        with pytest.raises(StateError, match="计算期间又导入了"):
            run(settings, [FIRST_DAY])
    [done] = run(settings, [FIRST_DAY])
    assert "grid:meanwhile" in done.result.keys


def test_an_issue_whose_recent_reports_are_all_void_does_not_stop_the_day() -> None:
    """Two old members, then a withdrawn one: nothing countable is left in the last 120 days."""
    later = FIRST_DAY + timedelta(days=130)
    while later.weekday() != 0:  # a Monday describes every live issue
        later += timedelta(days=1)

    def entry(number: str, day: date, *, void: bool = False) -> Entry:
        at = start_of(day) + timedelta(hours=9)
        report = Report(Source.HOTLINE, number, at, at, "海棠苑搅拌站夜间施工太吵", "凌晨轰隆响", Kind.COMPLAINT)
        return Entry(report, number, (Update(report.key, "void", "作废", None, at),) if void else ())

    with world_of([entry("1", FIRST_DAY), entry("2", FIRST_DAY), entry("3", later, void=True)]) as world:
        world.run(FIRST_DAY)
        assert world.run(later).issues.tolist() == [1]


def test_of_two_alerts_on_one_day_a_merged_issue_keeps_the_larger(entries: list[Entry]) -> None:
    """A rebuilt memory must not depend on the order in which the warehouse returns the alerts of a day."""
    with world_of(entries) as world:
        for day in stream_days(4):  # the fourth is a Sunday with merges
            result = world.run(day)
        absorbed = {step.absorbed: step.survivor for step in result.merges}
        assert absorbed
        child, parent = next(iter(absorbed.items()))
        columns = "SELECT * REPLACE (DATE '2025-03-22' AS day, ? AS issue_id, ? AS n_complainants, false AS is_update)"
        world.connection.execute("CREATE TABLE one AS SELECT * FROM alerts LIMIT 1")
        for given in ([(parent, 9), (child, 4)], [(child, 4), (parent, 9)]):
            world.connection.execute("DELETE FROM alerts")
            for issue, n in given:
                world.connection.execute(f"INSERT INTO alerts {columns} FROM one", [issue, n])
            last = world.restarted().memory.last_alert
            assert (last[parent].n_complainants, child in last) == (9, False)


def test_the_same_warehouse_reads_the_same_after_a_restart(settings: Settings) -> None:
    run(settings, stream_days(2))
    with reading(settings.warehouse_path) as connection:
        hashes = connection.execute("SELECT day, result_hash FROM runs ORDER BY day").fetchall()
    assert len({h for _, h in hashes}) == 2


def test_counting_ahead_in_another_process_changes_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = stream_days(N_DAYS)
    other = Settings.model_validate({**settings.model_dump(), "warehouse": tmp_path / "other.duckdb"})
    other.warehouse_path.write_bytes(settings.warehouse_path.read_bytes())
    run(settings, days)
    taken: list[bool] = []
    take = counting.Ahead.take

    def taking(self: counting.Ahead, day: date) -> counting.Counted | None:
        found = take(self, day)
        taken.append(found is not None)
        return found

    monkeypatch.setattr(counting, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(counting.Ahead, "take", taking)
    run(other, days)
    assert taken == [False] + [True] * (N_DAYS - 1)
    assert results(other.warehouse_path) == results(settings.warehouse_path)
    with reading(settings.warehouse_path) as one, reading(other.warehouse_path) as two:
        words = [c.execute("SELECT token, word FROM vocabulary ORDER BY token").fetchall() for c in (one, two)]
    assert words[0] == words[1]


def test_a_day_counts_itself_where_the_process_that_counts_ahead_was_killed() -> None:
    with counting.counting_ahead(counting.WORTH_A_PROCESS, 300) as ahead:
        day, text = date(2025, 3, 3), counting.Text("hotline:1", "路灯不亮", "海棠苑门口路灯不亮", "")
        ahead.start(day, [text])
        counted = ahead.take(day)
        assert counted is not None
        assert counted.keys == ("hotline:1",)
        ahead.start(day, [text] * 20_000)
        for child in multiprocessing.active_children():
            child.kill()
        assert ahead.take(day) is None
        assert not ahead.is_running
