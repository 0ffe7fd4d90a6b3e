"""One model version tells a theme's whole past: where the version changes, the past is given its themes anew."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from signals.memory import Memory
from signals.records import Report
from signals.runner import run_days
from signals.settings import DetectorSettings, Settings
from signals.store.memories import load_memory
from signals.store.warehouse import kept_open, reading
from signals.theming import AssignThemes, DayThemes, themes_of_version
from tests.engine.issues import heard, issue_of
from tests.engine.stream import FIRST_DAY, make_stream, settings_for, write_stream
from tests.engine.worlds import stream_days

N_DAYS = 7
CHANGES = FIRST_DAY + timedelta(days=3)


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    settings = settings_for(tmp_path)
    write_stream(settings.warehouse_path, make_stream(N_DAYS))
    return settings


def versions(*named: tuple[date, str, int]) -> tuple[AssignThemes, list[tuple[date, int]]]:
    """A source that gives all reports one theme: version and theme from each day on; and what it was asked."""
    asked = list[tuple[date, int]]()

    def assign(day: date, reports: Sequence[Report]) -> DayThemes:
        asked.append((day, len(reports)))
        (_, version, theme) = [("", "", 0), *(one for one in named if one[0] <= day)][-1]
        return DayThemes(version, [(report.key, theme, 0.9) for report in reports] if version else [])

    return assign, asked


def run(settings: Settings, assign: AssignThemes, days: Sequence[date]) -> Memory:
    with kept_open(settings.warehouse_path):
        list(run_days(settings.warehouse_path, days, settings, assign, with_cells=False))
    with reading(settings.warehouse_path) as connection:
        return load_memory(connection, settings)


def test_the_first_model_gives_the_past_its_themes_as_well(city: Settings) -> None:
    assign, _ = versions((CHANGES, "v1", 7))
    memory = run(city, assign, stream_days(N_DAYS))
    assert set(memory.theme.tolist()) == {7}
    assert {name for name, number in memory.kinds.items() if number in memory.kind} == {"#7"}


def test_another_version_replaces_the_themes_of_the_past_and_keeps_what_was_said(city: Settings) -> None:
    assign, asked = versions((FIRST_DAY, "v1", 7), (CHANGES, "v2", 8))
    memory = run(city, assign, stream_days(N_DAYS))
    assert set(memory.theme.tolist()) == {8}
    with reading(city.warehouse_path) as connection:
        assert set(themes_of_version(connection, "v1").values()) == {7}
    assert [day for day, _ in asked].count(CHANGES) == 2  # the day's reports, then the past
    assert len(asked) == N_DAYS + 2  # and on the first day an empty past


def test_what_another_version_gives_no_theme_has_none_in_a_memory_carried_on() -> None:
    memory = issue_of([heard(i, who=f"p{i}", days=i, category="噪声") for i in range(2)])
    memory.give_theme(0, 7)
    memory.set_themes("v2", {memory.reports[1].key: 8})
    assert (memory.theme_version, memory.theme.tolist()) == ("v2", [0, 8])
    assert memory.kind.tolist() == [memory.kinds["噪声"], memory.kinds["#8"]]


def test_a_version_that_comes_back_reads_only_what_it_has_not_read(city: Settings) -> None:
    back = CHANGES + timedelta(days=2)
    assign, asked = versions((FIRST_DAY, "v1", 7), (CHANGES, "v2", 8), (back, "v1", 7))
    memory = run(city, assign, stream_days(N_DAYS))
    assert set(memory.theme.tolist()) == {7}
    between = sum(1 for day in memory.day.tolist() if CHANGES.toordinal() <= day < back.toordinal())
    assert (back, between) in asked


def test_without_a_model_any_more_there_are_no_themes(city: Settings) -> None:
    assign, _ = versions((FIRST_DAY, "v1", 7), (CHANGES, "", 0))
    memory = run(city, assign, stream_days(N_DAYS))
    assert set(memory.theme.tolist()) == {0}
    assert "#7" not in {name for name, number in memory.kinds.items() if number in memory.kind}


def test_only_the_baseline_is_read_anew(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    short = settings.model_copy(update={"detector": DetectorSettings(false_alerts_per_day=3.0, baseline_days=28)})
    write_stream(short.warehouse_path, make_stream(34, reports_per_day=4))
    changes = FIRST_DAY + timedelta(days=33)
    assign, asked = versions((changes, "v1", 7))
    memory = run(short, assign, stream_days(34))
    in_baseline = (memory.day >= changes.toordinal() - 28) & (memory.day < changes.toordinal())
    assert asked[-1] == (changes, in_baseline.sum())
    assert (memory.theme[memory.day < changes.toordinal() - 28] == 0).all()


@pytest.mark.slow
def test_a_memory_carried_on_is_the_one_rebuilt_on_every_day(city: Settings) -> None:
    assign, _ = versions((FIRST_DAY, "v1", 7), (CHANGES, "v2", 8))
    for day in stream_days(N_DAYS):
        memory = run(city, assign, [day])  # every day by a fresh process
    whole, _ = versions((FIRST_DAY, "v1", 7), (CHANGES, "v2", 8))
    other = city.model_copy(update={"folder": city.folder / "other"})
    other.folder.mkdir()
    write_stream(other.warehouse_path, make_stream(N_DAYS))
    carried = run(other, whole, stream_days(N_DAYS))
    assert memory.theme.tolist() == carried.theme.tolist()
    assert memory.theme_version == carried.theme_version == "v2"
