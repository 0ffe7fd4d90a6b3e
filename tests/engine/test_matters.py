"""City-wide matters: one trouble heard from many places becomes one issue, and only then."""

from array import array
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from signals.clock import start_of
from signals.day import DayResult
from signals.linking.linker import Linked
from signals.matters import Near, count_matter_voices, join_raised
from signals.memory import Memory
from signals.records import Kind, Report, Source
from signals.store.corrections import GATHERED
from tests.engine.correcting import issues_now, remembered, undo
from tests.engine.issues import heard, issue_of, told
from tests.engine.stream import FIRST_DAY, Entry, make_stream
from tests.engine.worlds import World, days_that_see_the_future, stream_days, world_of

N_DAYS, STARTS = 26, 19
PLACES = tuple(
    "望江路 柳林村 金沙新村 朝霞小学 北苑市场 石桥公园 东湾码头 银杏大道 青松医院 南塘街 "
    "梅岭花园 鹤鸣大厦 长堤广场 清溪桥 杉木巷 云台山庄 白鹿中学 河西车站 新安酒店 红树湾".split()
)
SAYINGS = ("{p}晚上有人违规燃放烟花爆竹", "{p}晚上又有人违规燃放烟花爆竹")
ENDINGS = (
    "，老人心脏不好受惊送诊", "，刚满月的孩子吓得直哭", "，火星飘进阳台烧坏被子", "，满地纸屑次日无人清扫",
    "，停着的汽车警报响成一片", "，担心点着旁边的柴堆", "，已经连着三晚睡不成觉",
)  # fmt: skip


def fireworks(n: int, *, places: tuple[str, ...], starts: int = STARTS, over_days: int = 4) -> list[Entry]:
    """n reports of fireworks at the places in turn, by n different people."""
    entries = []
    for i in range(n):
        at = start_of(FIRST_DAY + timedelta(days=starts + i * over_days // n)) + timedelta(hours=20, minutes=i)
        place = places[i % len(places)]
        said = SAYINGS[i % len(SAYINGS)].format(p=place) + ENDINGS[i % len(ENDINGS)]
        town = f"{place[:2]}镇"
        report = Report(Source.HOTLINE, f"fw{i:03d}", at, at, "", said, Kind.COMPLAINT, area="440703", town=town)
        entries.append(Entry(report, f"caller{i}"))
    return entries


def days_with(planted: list[Entry]) -> list[DayResult]:
    """All days of a dense stream with something planted."""
    with world_of(make_stream(N_DAYS, seed=8) + planted) as world:
        return [world.run(day) for day in stream_days(N_DAYS)]


@pytest.fixture(scope="module")
def city_wide() -> list[DayResult]:
    """None of its last days may see the future or differ on a rebuilt memory; test_past_is_fixed has the first."""
    entries = make_stream(N_DAYS, seed=8) + fireworks(20, places=PLACES)
    differing, done = days_that_see_the_future(entries, N_DAYS, since=STARTS - 2)
    assert differing == {}
    return done


def issue_at_the_end(done: list[DayResult], key: str) -> int:
    issue = next(int(day.issues[day.keys.index(key)]) for day in done if key in day.keys)
    for step in (step for day in done for step in day.merges):
        issue = step.survivor if issue == step.absorbed else issue
    return issue


@pytest.mark.slow
def test_a_matter_that_rises_at_many_places_becomes_one_issue_with_an_alert(city_wide: list[DayResult]) -> None:
    raised = [(day, issue) for day in city_wide for _, (issue, *_) in day.raised]
    assert len(raised) == 1
    day, issue = raised[0]
    alert = next(alert for alert in (*day.alerts, *day.updates) if alert.issue_id == issue)
    assert any("全市多处" in reason for reason in alert.reasons)
    assert len({step.absorbed for step in day.merges if step.survivor == issue}) >= 2
    assert sum(key.startswith("hotline:fw") for key in alert.report_keys) == len(alert.report_keys)


def test_enquiries_may_raise_a_matter_and_make_no_grievance() -> None:
    """Where one complains and many ask the matter is gathered into one issue, and that is no alert yet."""
    complained, *others = fireworks(20, places=PLACES)
    asked = [replace(entry, report=replace(entry.report, kind=Kind.ENQUIRY)) for entry in others]
    done = days_with([complained, *asked])
    day, issue = next((day, issue) for day in done for _, (issue, *_) in day.raised)
    assert len({step.absorbed for step in day.merges if step.survivor == issue}) >= 2
    assert not any(alert.issue_id == issue for day in done for alert in (*day.alerts, *day.updates))


def test_one_who_asks_again_or_in_the_words_of_another_adds_nothing_to_a_matter() -> None:
    asked = [heard(i, who=who, minutes=i, kind=Kind.ENQUIRY) for i, who in enumerate(("a", "b", "a", None, None))]
    memory = issue_of(asked)
    memory.matter[:] = 1
    memory.matter_members[1] = array("q", range(len(asked)))
    count_matter_voices(memory, 0, ["", "", "", "hotline:n0", ""], voice_days=90)
    assert memory.matter_voice.tolist() == [True, True, False, False, True]
    assert memory.matter_first.tolist() == [True, False, False, False, False]
    assert not memory.is_voice.any()


@pytest.mark.slow
def test_those_who_report_it_later_join_that_issue(city_wide: list[DayResult]) -> None:
    issue = next(issue for day in city_wide for _, (issue, *_) in day.raised)
    raised_on = next(day.day for day in city_wide if day.raised)
    later = [key for day in city_wide if day.day > raised_on for key in day.keys if key.startswith("hotline:fw")]
    assert later
    joined = sum(issue_at_the_end(city_wide, key) == issue for key in later)
    assert joined >= 0.8 * len(later)


def test_a_report_that_tells_a_risen_matter_otherwise_joins_too_and_one_about_something_else_does_not() -> None:
    told = ("{p}晚上违规燃放烟花爆竹，烧着了绿化带的草坪，消防车开不进去", "{p}车位被占，物业不管")
    otherwise = []
    for k, said in enumerate(told):
        at = start_of(FIRST_DAY + timedelta(days=STARTS + 5)) + timedelta(hours=8, minutes=k)
        said = said.format(p=PLACES[-1 - k])
        report = Report(Source.HOTLINE, f"ot{k}", at, at, "", said, Kind.COMPLAINT, area="440703", town="红树镇")
        otherwise.append(Entry(report, f"other{k}"))
    done = days_with(fireworks(20, places=PLACES) + otherwise)
    matter, (issue, *_) = next(raised for day in done for raised in day.raised)
    assert next(day.day for day in done if day.raised) < FIRST_DAY + timedelta(days=STARTS + 5)
    at_once = {key: (int(day.issues[i]), int(day.matters[i])) for day in done for i, key in enumerate(day.keys)}
    assert at_once["hotline:ot0"][0] == issue
    assert at_once["hotline:ot0"][1] != matter  # too unlike to be of the matter by itself
    assert at_once["hotline:ot1"][0] != issue


def test_what_people_have_put_apart_from_a_city_wide_issue_is_not_drawn_into_it() -> None:
    memory = Memory()
    memory.standing.apart[1] = [(3, 7)]
    linked = Linked(np.array([7, 8]), np.array([0.14, 0.14]), 9, {})
    near = Near(np.array([3, 3]), np.array([0.2, 0.2]))
    assert join_raised(memory, linked, near).issues.tolist() == [7, 3]


def gatherings(world: World) -> list[int]:
    """The numbers of the merges that gathered a matter."""
    rows = world.connection.execute("SELECT correction_id FROM corrections WHERE reason = ?", [GATHERED]).fetchall()
    return [number for (number,) in rows]


def corrected_city(undone: slice) -> tuple[list[DayResult], dict[str, int], list[int]]:
    """Days on which some of what gathered is taken back the next morning: all days, issues at the end, what is live."""
    done, before = list[DayResult](), dict[str, int]()
    with world_of(make_stream(N_DAYS, seed=8) + fireworks(20, places=PLACES)) as world:
        for day in stream_days(N_DAYS):
            if not before and (numbers := gatherings(world)):
                before = issues_now(world)
                for number in numbers[undone]:
                    undo(world, number)
            done.append(world.run(day))
            assert remembered(world.memory) == remembered(world.restarted().memory)
        live = world.connection.execute("SELECT issue_id FROM issues WHERE merged_into IS NULL").fetchall()
        return done, issues_now(world), [issue for (issue,) in live]


@pytest.mark.slow
def test_one_issue_is_given_back_out_of_a_city_wide_one_and_never_gathered_again() -> None:
    done, now, live = corrected_city(slice(0, 1))
    rising = next(day for day in done if day.raised)
    ((_, (survivor, *_)),) = rising.raised
    first = next(step for step in rising.merges if step.survivor == survivor)
    assert first.absorbed in live
    assert first.absorbed in now.values()
    assert not [step for day in done for step in day.merges if day.day > rising.day and step.absorbed == first.absorbed]
    later = [key for day in done if day.day > rising.day for key in day.keys if key.startswith("hotline:fw")]
    assert sum(now[key] == survivor for key in later) >= 0.8 * len(later)  # the others are still one issue


@pytest.mark.slow
def test_a_matter_whose_gathering_is_all_taken_back_draws_no_more_reports() -> None:
    done, now, live = corrected_city(slice(None))
    ((_, issues),) = next(day.raised for day in done if day.raised)
    raised_on = next(day.day for day in done if day.raised)
    assert set(issues) <= set(live)
    later = [key for day in done if day.day > raised_on for key in day.keys if key.startswith("hotline:fw")]
    assert sum(now[key] == issues[0] for key in later) < 0.5 * len(later)


def test_issues_that_people_have_put_apart_are_not_gathered_together() -> None:
    with world_of(make_stream(N_DAYS, seed=8) + fireworks(20, places=PLACES)) as world:
        for day in stream_days(N_DAYS):
            now = issues_now(world)
            heard = sorted({issue for key, issue in now.items() if key.startswith("hotline:fw")})
            world.memory.standing.apart[10_000] = [(one, other) for one in heard[:1] for other in heard[1:]]
            done = world.run(day)
            if done.raised:
                break
    ((_, issues),) = done.raised
    assert len(issues) >= 2
    assert heard[0] not in issues or not set(issues) & set(heard[1:])


def test_what_rises_at_one_place_is_the_affair_of_its_issue() -> None:
    assert [day.raised for day in days_with(fireworks(20, places=PLACES[:1])) if day.raised] == []


def test_before_there_is_a_baseline_nothing_is_called_city_wide() -> None:
    assert [day.raised for day in days_with(fireworks(20, places=PLACES, starts=8)) if day.raised] == []


def test_one_person_at_many_places_raises_nothing() -> None:
    planted = [Entry(entry.report, "the same") for entry in fireworks(20, places=PLACES)]
    assert [day.raised for day in days_with(planted) if day.raised] == []


def matter_voices(*entries: Entry) -> list[bool]:
    """Which of some reports, all of one issue and matter, are voices of the matter."""
    memory = issue_of(entries)
    memory.matter[:] = 1
    memory.matter_members[1] = array("q", range(memory.n))
    count_matter_voices(memory, 0, [""] * memory.n, voice_days=90)
    return [bool(each) for each in memory.matter_voice]


def test_a_void_enquiry_is_no_voice_of_a_matter() -> None:
    assert matter_voices(told(heard(0, who="a", kind=Kind.ENQUIRY), ("void", "作废", None))) == [False]


VOID, THANKS = told(heard(0, who="a"), ("void", "作废", None)), heard(0, who="a", kind=Kind.THANKS)


@pytest.mark.parametrize("before", [VOID, THANKS])
def test_what_is_no_voice_of_a_matter_takes_none_from_who_sent_it(before: Entry) -> None:
    assert matter_voices(before, heard(1, who="a", days=1), heard(2, who="a", days=2)) == [False, True, False]


def test_who_asked_about_a_matter_and_then_complains_is_one_voice_of_it() -> None:
    assert matter_voices(heard(0, who="a", kind=Kind.ENQUIRY), heard(1, who="a", days=1)) == [True, False]
