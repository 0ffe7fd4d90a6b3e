"""Where an alert's people gather, on a city put together by hand: a populous town, a small one, an issue in both."""

from array import array
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from signals.memory import SOURCES, Memory
from signals.records import Kind, Zone
from signals.series import Crossing
from signals.zones import find_zones, place_shares, zone_sentence
from tests.engine.issues import ISSUE, SETTINGS, heard, issue_of, told
from tests.engine.stream import FIRST_DAY, Entry

RULE = SETTINGS.detector
TODAY = 130  # days after the first
DAY = FIRST_DAY + timedelta(days=TODAY)
BIG, SMALL = {"area": "440705", "town": "会城街道"}, {"area": "440703", "town": "棠下镇"}
NAMES = {"440703": "蓬江区", "440705": "新会区"}
CROSSING = Crossing(ISSUE, "scan", 2.0, 100.0, 7, 0.7, 5)  # 0.7 voices expected in 7 days


def usual(n: int, where: dict[str, str], *, first: int = 0, **changes: object) -> list[Entry]:
    """Grievances about other things, one a day."""
    return [heard(1000 * first + 100 + i, who=f"u{first}-{i}", days=first + i, **where, **changes) for i in range(n)]


PAST = [*usual(90, BIG), *usual(10, SMALL, first=1)]


def people(n: int, where: dict[str, str], *, days: int = TODAY, first: int = 0, **changes: object) -> list[Entry]:
    """n people with the issue on one day."""
    return [heard(first + i, who=f"p{first + i}", days=days, minutes=i, **where, **changes) for i in range(n)]


def city_of(past: Sequence[Entry], issue: Sequence[Entry]) -> Memory:
    """A memory with the issue and, as another one, the past; every day has been run, with the exposure 1."""
    memory = issue_of([*past, *issue])
    keys = {entry.report.key for entry in issue}
    own = [row for row, report in enumerate(memory.reports) if report.key in keys]
    other = sorted(set(range(memory.n)) - set(own))
    memory.members, memory.issue[other] = {ISSUE: array("q", own), 2: array("q", other)}, 2
    memory.is_voice[own] = memory.grievance[own]
    memory.days = [FIRST_DAY + timedelta(days=i) for i in range(TODAY)]
    memory.exposures = np.ones((TODAY, len(SOURCES)))
    return memory


def zone_of(memory: Memory, crossing: Crossing = CROSSING, *, day: date = DAY) -> Zone | None:
    return find_zones(memory, day, [crossing], np.ones(len(SOURCES)), RULE).get(ISSUE)


def test_the_town_with_more_people_than_its_share_is_the_zone_and_the_populous_one_is_not() -> None:
    zone = zone_of(city_of(PAST, [*people(4, SMALL), *people(1, BIG, first=9)]))
    assert zone is not None
    assert (zone.places, zone.observed, zone.window_days) == ((("440703", "棠下镇"),), 4, 7)
    assert zone.expected == pytest.approx(0.7 * 11 / 102, abs=1e-6)  # 10 of 100 before, one more in each of 2 towns


def test_both_towns_are_the_zone_where_both_exceed_their_shares_the_hotter_first() -> None:
    zone = zone_of(city_of(PAST, [*people(4, SMALL), *people(9, BIG, first=9)]))
    assert zone is not None
    assert zone.places == (("440703", "棠下镇"), ("440705", "会城街道"))
    assert (zone.observed, zone.expected) == (13, pytest.approx(0.7))


def test_people_spread_over_weeks_are_found_in_the_window_that_holds_them() -> None:
    spread = [entry for i in range(6) for entry in people(1, SMALL, days=TODAY - 4 * i, first=i)]
    zone = zone_of(city_of(PAST, spread))
    assert zone is not None
    assert (zone.observed, zone.window_days) == (6, 28)
    assert zone.expected == pytest.approx(4 * 0.7 * 13 / 104, abs=1e-6)  # two of the six came before the guard days


def test_as_many_people_as_expected_are_no_zone() -> None:
    crossing = Crossing(ISSUE, "scan", 2.0, 100.0, 7, 60.0, 5)
    assert zone_of(city_of(PAST, [*people(4, SMALL), *people(20, BIG, first=9)]), crossing) is None


@pytest.mark.parametrize("nowhere", [{"area": "", "town": ""}, {"area": "", "town": "棠下镇"}])
def test_reports_without_a_known_district_are_in_no_zone(nowhere: dict[str, str]) -> None:
    assert zone_of(city_of(PAST, people(4, nowhere))) is None
    zone = zone_of(city_of(PAST, [*people(4, nowhere), *people(2, SMALL, first=9)]))
    assert zone is not None
    assert zone.observed == 2


def test_where_no_town_is_known_the_district_is_the_place() -> None:
    zone = zone_of(city_of(PAST, people(3, {"area": "440703", "town": ""})))
    assert zone is not None
    assert zone.places == (("440703", ""),)
    assert zone.expected == pytest.approx(0.7 * 1 / 103, abs=1e-6)  # nobody before: one of 100 + 3 places


@pytest.mark.parametrize("hidden", [{"restricted": "minor"}, {"about_office": "棠下镇政府"}])
def test_sensitive_reports_and_those_about_an_office_are_in_no_zone(hidden: dict[str, str]) -> None:
    assert zone_of(city_of(PAST, people(4, SMALL, **hidden))) is None
    zone = zone_of(city_of(PAST, [*people(4, SMALL, **hidden), *people(3, BIG, first=9)]))
    assert zone is not None
    assert (zone.places, zone.observed) == ((("440705", "会城街道"),), 3)


def test_void_reports_and_enquiries_are_in_no_zone() -> None:
    void = [told(entry, ("void", "作废", None)) for entry in people(2, SMALL)]
    asked = people(2, SMALL, first=9, kind=Kind.ENQUIRY)
    assert zone_of(city_of(PAST, [*void, *asked])) is None


def test_one_person_makes_no_place_hot() -> None:
    assert zone_of(city_of(PAST, people(1, SMALL))) is None
    elsewhere = [entry for i in range(3) for entry in people(1, {"area": "440703", "town": f"第{i}镇"}, first=9 + i)]
    assert zone_of(city_of(PAST, elsewhere)) is None
    zone = zone_of(city_of(PAST, [*people(2, SMALL), *elsewhere]))
    assert zone is not None
    assert (zone.places, zone.observed) == ((("440703", "棠下镇"),), 2)


def test_a_person_whom_a_merge_made_count_twice_is_one() -> None:
    twice = [heard(50, who="p0", days=TODAY - 9, **SMALL), *people(3, SMALL)]
    zone = zone_of(city_of(PAST, twice))
    assert zone is not None
    assert zone.observed == 3


def test_only_firmly_linked_voices_count_where_only_they_crossed_the_line() -> None:
    memory = city_of(PAST, people(4, SMALL))
    memory.similarity[memory.rows_of(ISSUE)] = [0.2, 0.3, 0.4, 0.1]
    memory.is_first[memory.rows_of(ISSUE)] = False
    zone = zone_of(memory, Crossing(ISSUE, "scan", 2.0, 100.0, 7, 0.7, 2, firmness=0.22))
    assert zone is not None
    assert zone.observed == 2


def test_a_rush_inside_the_guard_days_does_not_change_what_is_usual_of_a_place() -> None:
    rush = usual(13, SMALL, first=TODAY - 13)
    shares = place_shares(city_of([*PAST, *rush], people(4, SMALL)), DAY, RULE)
    assert shares == pytest.approx(place_shares(city_of(PAST, people(4, SMALL)), DAY, RULE))
    earlier = usual(13, SMALL, first=TODAY - 33)
    shares = place_shares(city_of([*PAST, *earlier], people(4, SMALL)), DAY, RULE)
    assert shares.tolist() == pytest.approx([91 / 115, 24 / 115])


def test_enquiries_and_void_reports_are_no_part_of_what_is_usual() -> None:
    void = [told(entry, ("void", "作废", None)) for entry in usual(20, SMALL, first=3)]
    asked = usual(20, SMALL, first=2, kind=Kind.ENQUIRY)
    assert place_shares(city_of([*PAST, *asked, *void], []), DAY, RULE).tolist() == pytest.approx([91 / 102, 11 / 102])


def test_without_a_past_all_places_are_as_usual() -> None:
    zone = zone_of(city_of([], [*people(4, SMALL), *people(1, BIG, first=9)]))
    assert zone is not None
    assert (zone.places[0], zone.expected) == (("440703", "棠下镇"), pytest.approx(0.35))


def test_places_are_named_in_the_same_order_whichever_was_heard_first() -> None:
    one = zone_of(city_of([], [*people(3, SMALL), *people(3, BIG, first=9)]))
    other = zone_of(city_of([], [*people(3, BIG), *people(3, SMALL, first=9)]))
    assert one == other


def test_a_day_without_crossings_looks_at_nothing() -> None:
    assert find_zones(None, DAY, [], np.ones(len(SOURCES)), RULE) == {}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ((("440703", "棠下镇"),), "蓬江区棠下镇"),
        ((("440703", "棠下镇"), ("440705", "沙堆镇"), ("440703", "白沙街道")), "蓬江区棠下镇、白沙街道、新会区沙堆镇"),
        ((("440703", ""),), "蓬江区"),
        ((("440703", "棠下镇"), ("440703", "")), "蓬江区棠下镇（含未写明镇街的）"),
        (tuple(("440799", town) for town in "甲乙丙丁戊"), "440799甲、乙、丙等5处"),
    ],
)
def test_the_places_of_a_zone_are_named_by_district_at_most_three_of_them(
    places: tuple[tuple[str, str], ...], said: str
) -> None:
    assert zone_sentence(Zone(places, 5, 0.104, 7, 9.0), NAMES) == f"热区：{said}，近7天5位，按以往约0.10位"


def test_next_to_nothing_expected_is_said_as_such_and_never_as_nought() -> None:
    zone = Zone((("440703", "棠下镇"),), 3, 0.0004, 14, 9.0)
    assert zone_sentence(zone, NAMES) == "热区：蓬江区棠下镇，近14天3位，按以往不足0.01位"
    assert zone_sentence(zone, NAMES, counted="少于5位") == "热区：蓬江区棠下镇，近14天少于5位，按以往不足0.01位"
