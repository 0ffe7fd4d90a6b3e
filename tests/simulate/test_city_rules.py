"""What the simulated city promises to draw: calendar, dispersion, people, places, incidents, decoys. Fixed seeds."""

import json
import random
import statistics
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from signals.gazetteer import load_gazetteer
from signals.records import Source
from signals.simulate import SimulationSettings, Wording, simulate, writers
from signals.simulate.background import Background, misplaced
from signals.simulate.city import City, build_city
from signals.simulate.demand import daily_demand, day_factor, season_weight
from signals.simulate.drafts import Draft
from signals.simulate.extra import extra_incidents
from signals.simulate.incidents import LIKENESS, Incident, plant, read_incidents
from signals.simulate.people import Crowd
from signals.simulate.voice import Voice
from tests.exports import Jianwei

ORDINARY_WEEK = [date(2025, 11, 3) + timedelta(days=i) for i in range(7)]


@pytest.fixture(scope="module")
def city() -> City:
    return build_city(load_gazetteer(), 1)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year of a small city."""
    folder = tmp_path_factory.mktemp("year")
    simulate(SimulationSettings(seed=1, n_days=365, reports_per_day=25), folder)
    return folder


def made_incidents(city: City, count: int) -> list[Incident]:
    background = Background(city, Crowd(1, 0), Voice(1, Wording.ALL), 1, Wording.ALL)
    return extra_incidents(count, 90, city=city, background=background, seed=1)


def test_petitions_come_on_mondays_and_grid_notes_are_uploaded_on_fridays() -> None:
    petitions = [day_factor(day, Source.PETITION) for day in ORDINARY_WEEK]
    notes = [day_factor(day, Source.GRID) for day in ORDINARY_WEEK]
    assert petitions[0] == max(petitions)
    assert petitions[6] == min(petitions)
    assert notes[4] > 2 * sorted(notes)[-2]


def test_an_average_week_has_the_size_asked_for() -> None:
    for source in Source:
        assert sum(day_factor(day, source) for day in ORDINARY_WEEK) == pytest.approx(7)


def test_the_spring_festival_is_quiet_and_the_weeks_after_it_are_loud() -> None:
    for source in Source:
        ordinary, later = day_factor(ORDINARY_WEEK[0], source), day_factor(date(2025, 2, 10), source)  # Mondays
        assert day_factor(date(2025, 1, 29), source) < 0.5
        assert later > 1.1 * ordinary


def test_a_sunday_worked_for_a_holiday_counts_as_a_monday() -> None:
    for source in Source:
        assert day_factor(date(2025, 10, 11), source) == day_factor(ORDINARY_WEEK[0], source)


@pytest.mark.parametrize(
    ("season", "high", "low"),
    [("wages", date(2025, 1, 15), date(2025, 7, 15)), ("exam", date(2025, 6, 6), date(2025, 10, 6)),
     ("enrol", date(2025, 8, 1), date(2025, 12, 1)), ("rain", date(2025, 6, 1), date(2025, 12, 1)),
     ("fireworks", date(2025, 1, 29), date(2025, 5, 1)), ("qingming", date(2025, 4, 4), date(2025, 9, 4))],
)  # fmt: skip
def test_seasonal_matters_have_their_season(season: str, high: date, low: date) -> None:
    assert season_weight(season, high) >= 3 * season_weight(season, low)


def test_counts_are_overdispersed_between_one_and_three_times_the_mean() -> None:
    drawn = daily_demand(date(2025, 1, 1), 2000, 400, seed=1)
    for source in Source:
        squares = [(d.count - d.expected) ** 2 / d.expected for d in drawn if d.source is source]
        assert 1.15 < statistics.mean(squares) < 3.0


def test_the_city_drifts_slowly_upwards() -> None:
    drawn = [d for d in daily_demand(date(2025, 3, 3), 366, 100, seed=1) if d.source is Source.HOTLINE]
    per_factor = [d.expected / day_factor(d.day, Source.HOTLINE) for d in drawn]
    assert per_factor[-1] / per_factor[0] == pytest.approx(1.15, abs=0.01)


def test_one_caller_in_two_hundred_makes_one_call_in_twelve(year: Path) -> None:
    calls = Counter(order["来电号码"] for order in orders(year))
    often = [count for count in calls.values() if count >= 5]
    assert 0.003 < len(often) / len(calls) < 0.008
    assert 0.06 < sum(often) / calls.total() < 0.1


def test_six_calls_in_ten_only_ask_whatever_the_size_of_the_city(year: Path) -> None:
    kinds = Counter(order["类型"] for order in orders(year))
    assert kinds["咨询"] / kinds.total() == pytest.approx(0.6, abs=0.03)


def test_eight_places_in_a_hundred_are_missing_and_three_are_wrong(city: City) -> None:
    spot = city.spots["E"][0]
    at = datetime(2025, 1, 1)  # noqa: DTZ001
    subject = read_incidents("incidents", city, Wording.ALL, 1)[0].subject
    told = Draft(Source.HOTLINE, at, subject, spot, Crowd(1, 0).new(), "")
    rng = random.Random(1)
    filed = [misplaced(told, city.gazetteer, rng) for _ in range(5000)]
    assert sum(draft.is_without_place for draft in filed) / 5000 == pytest.approx(0.08, abs=0.015)
    assert sum(draft.wrong_area != "" for draft in filed) / 5000 == pytest.approx(0.03, abs=0.01)
    assert not [draft for draft in filed if draft.wrong_area == spot.area]
    assert not [draft for draft in filed if draft.wrong_area and draft.is_without_place]


def test_a_petition_is_written_later_than_a_call_is_made(city: City) -> None:
    days = {}
    for source in (Source.PETITION, Source.HOTLINE):
        incident = read_incidents("incidents", city, Wording.ALL, 1)[1]
        incident = replace(incident, mix=((source, 1.0),), n=150, shape="spike")
        told, _ = plant(incident, date(2025, 3, 3), 90, crowd=Crowd(1, 0), voice=Voice(1, Wording.ALL), seed=1)
        days[source] = statistics.mean(draft.received_at.toordinal() for draft in told)
    assert days[Source.PETITION] - days[Source.HOTLINE] > 0.7


def test_extra_incidents_have_four_to_two_hundred_reports_in_all_shapes(city: City) -> None:
    made = made_incidents(city, 300)
    assert {incident.shape for incident in made} == {
        "step", "exponential-2", "exponential-4", "exponential-7", "slow", "spike", "waves"
    }  # fmt: skip
    sizes = sorted(incident.n for incident in made)
    assert sizes[0] >= 4
    assert 80 <= sizes[-1] <= 200
    assert 10 <= sizes[150] <= 18


def test_extra_incidents_of_different_matters_come_in_by_different_channels(city: City) -> None:
    mixes: dict[str, set[tuple[tuple[Source, float], ...]]] = {}
    for incident in made_incidents(city, 300):
        mixes.setdefault(incident.name, set()).add(incident.mix)
    assert all(len(each) == 1 for each in mixes.values())
    shares = [dict(mix)[Source.PETITION] / dict(mix)[Source.HOTLINE] for each in mixes.values() for mix in each
              if Source.PETITION in dict(mix)]  # fmt: skip
    assert min(shares) < 0.5
    assert max(shares) > 1


def test_some_incidents_are_one_firm_at_many_places(city: City) -> None:
    many = [incident for incident in made_incidents(city, 300) if len(incident.spots) > 1]
    assert len(many) >= 5
    assert all(len({spot.names[0] for spot in incident.spots}) == 1 for incident in many)


def test_some_incidents_burst_where_another_matter_has_burst(city: City) -> None:
    places = Counter(incident.spots[0].names for incident in made_incidents(city, 100) if len(incident.spots) == 1)
    assert max(places.values()) >= 2


def test_wordings_range_from_near_copies_to_other_words(city: City) -> None:
    drawn = {i.likeness for seed in range(1, 6) for i in read_incidents("incidents", city, Wording.ALL, seed)}
    assert drawn == set(LIKENESS)


def test_near_copies_share_more_text_than_other_words(city: City) -> None:
    firsts = {}
    for likeness in ("copies", "diverse"):
        incident = replace(read_incidents("incidents", city, Wording.ALL, 1)[11], likeness=likeness, n=60)
        told, _ = plant(incident, date(2025, 3, 3), 90, crowd=Crowd(1, 0), voice=Voice(1, Wording.ALL), seed=1)
        bodies = [draft.body for draft in told if draft.source is Source.PETITION]
        firsts[likeness] = sum("我也是，" in body for body in bodies) / len(bodies)
    assert firsts["copies"] > 0.25
    assert firsts["diverse"] == 0


def test_every_season_of_a_year_is_a_decoy_of_its_own(year: Path) -> None:
    decoys = json.loads((year / "truth.json").read_text("utf-8"))["decoys"]
    names = [decoy["name"] for decoy in decoys if decoy["kind"] == "seasonal"]
    assert len(names) == 4


def test_chronic_spots_trickle_all_through_the_year(year: Path) -> None:
    events = json.loads((year / "truth.json").read_text("utf-8"))["events"]
    chronic = [event for event in events if event["kind"] == "chronic"]
    assert len(chronic) == 6
    assert all(event["n"] >= 20 and event["first"] < "2025-03" and event["last"] > "2025-10" for event in chronic)


def test_files_too_long_for_a_sheet_are_cut_and_old_pieces_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "ROWS_A_FILE", 60)
    small = SimulationSettings(seed=3, n_days=20, reports_per_day=20)
    simulate(small, tmp_path)
    pieces = [tmp_path / "petitions.xlsx", *sorted(tmp_path.glob("petitions-*.xlsx"))]
    rows = [CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python() for path in pieces]
    assert len(pieces) > 1
    assert all(len(sheet) <= 61 and sheet[0][0] == "信访件编号" for sheet in rows)
    monkeypatch.setattr(writers, "ROWS_A_FILE", 100_000)
    simulate(small, tmp_path)
    whole = CalamineWorkbook.from_path(tmp_path / "petitions.xlsx").get_sheet_by_index(0).to_python()
    assert [cells[0] for sheet in rows for cells in sheet[1:]] == [cells[0] for cells in whole[1:]]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "README.md", "grid.csv", "hotline.jsonl", "petitions.xlsx", "truth.json"
    ]  # fmt: skip


def test_the_command_writes_extra_incidents_in_one_half_of_the_wording(jianwei: Jianwei) -> None:
    code, _ = jianwei("simulate", "--out", "c", "--days", "30", "--reports-per-day", "20", "--wording", "testing",
                      "--extra-incidents", "8", "--seed", "20")  # fmt: skip
    assert code == 0
    events = json.loads(Path("c/truth.json").read_text("utf-8"))["events"]
    assert any(event["event_id"].startswith("X") for event in events)
    assert "--extra-incidents 8 --wording testing" in Path("c/README.md").read_text("utf-8")


def test_an_unknown_wording_is_refused(jianwei: Jianwei) -> None:
    code, printed = jianwei("simulate", "--out", "c", "--wording", "half")
    assert code == 1
    assert "tuning" in printed


def orders(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "hotline.jsonl").read_text("utf-8").splitlines()]
