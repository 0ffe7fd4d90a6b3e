"""The simulated city: repeatable, complete, invented, and as varied as real reports."""

import csv
import itertools
import json
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from signals.errors import InputError
from signals.simulate import SimulationSettings, Wording, simulate
from signals.simulate.people import id_checksum
from signals.simulate.wording import Block, half, read_blocks, read_paraphrases, read_pools, read_words

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
SMALL = SimulationSettings(seed=3, n_days=40, reports_per_day=20)
FILES = ("hotline.jsonl", "grid.csv", "truth.json", "README.md")
FILES_OF_SCRIPTS = ("matters", "incidents", "families", "enquiries", "rare", "decoys", "vague")
HALVES = (Wording.TUNING, Wording.TESTING)


@dataclass(frozen=True)
class Line:
    """One report as read back from the files."""

    report_id: str
    at: datetime
    title: str
    text: str
    phone: str


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample city, written afresh."""
    folder = tmp_path_factory.mktemp("city")
    simulate(SimulationSettings(seed=7, n_days=90, reports_per_day=44), folder)
    return folder


@pytest.fixture(scope="module")
def lines(city: Path) -> dict[str, Line]:
    found = []
    for cells in petition_cells(city)[1:]:
        found.append(Line(str(cells[0]), cells[1], str(cells[2]), str(cells[3]), str(cells[5])))
    for order in orders(city):
        said = "".join(turn["text"] for turn in order["turns"] if turn["role"] == "市民")
        at = datetime.fromisoformat(order["来电时间"])
        found.append(Line(order["工单号"], at, order["标题"], said, order["来电号码"]))
    for note in notes(city):
        found.append(Line(note["编号"], datetime.fromisoformat(note["上报时间"]), "", note["问题描述"], ""))
    return {line.report_id: line for line in found}


@pytest.fixture(scope="module")
def truth(city: Path) -> dict:
    return json.loads((city / "truth.json").read_text("utf-8"))


def petition_cells(folder: Path) -> list[list]:
    return CalamineWorkbook.from_path(folder / "petitions.xlsx").get_sheet_by_index(0).to_python()


def orders(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "hotline.jsonl").read_text("utf-8").splitlines()]


def notes(folder: Path) -> list[dict]:
    with (folder / "grid.csv").open(encoding="gb18030", newline="") as file:
        return [row for row in csv.DictReader(file) if not row["编号"].endswith("D")]


def test_one_grid_row_in_two_hundred_comes_again_damaged(city: Path) -> None:
    with (city / "grid.csv").open(encoding="gb18030", newline="") as file:
        damaged = [row for row in csv.DictReader(file) if row["编号"].endswith("D")]
    assert len(damaged) == len(notes(city)) // 200
    assert all(row["上报时间"].endswith("/13/40") or not row["问题描述"] for row in damaged)


def test_the_same_seed_gives_the_same_bytes_and_cells(tmp_path: Path) -> None:
    simulate(SMALL, tmp_path / "a")
    simulate(SMALL, tmp_path / "b")
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    assert petition_cells(tmp_path / "a") == petition_cells(tmp_path / "b")


def test_another_seed_gives_another_city(tmp_path: Path) -> None:
    simulate(SMALL, tmp_path / "a")
    simulate(SimulationSettings(seed=4, n_days=40, reports_per_day=20), tmp_path / "b")
    assert (tmp_path / "a/hotline.jsonl").read_bytes() != (tmp_path / "b/hotline.jsonl").read_bytes()


def test_the_shipped_samples_are_what_the_command_writes(city: Path) -> None:
    for name in FILES:
        assert (SAMPLES / name).read_bytes() == (city / name).read_bytes(), name
    assert petition_cells(SAMPLES) == petition_cells(city)


def test_the_samples_stay_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.iterdir()) <= 3_000_000


def test_the_city_has_about_as_many_reports_as_asked_for(lines: dict[str, Line]) -> None:
    assert 0.9 * 44 * 90 <= len(lines) <= 1.1 * 44 * 90


def test_numbers_are_unique_over_all_files(city: Path, lines: dict[str, Line]) -> None:
    assert len(lines) == len(petition_cells(city)) - 1 + len(orders(city)) + len(notes(city))


def test_every_planted_report_is_in_a_file_inside_its_dates(lines: dict[str, Line], truth: dict) -> None:
    for planted in [*truth["events"], *truth["decoys"]]:
        days = [f"{lines[report_id].at:%Y-%m-%d}" for report_id in planted["ids"]]
        assert (min(days), max(days)) == (planted["first"], planted["last"]), planted["name"]


def test_about_fourteen_incidents_of_four_to_forty_reports_are_planted(truth: dict) -> None:
    sizes = [event["n"] for event in truth["events"] if event["kind"] == "burst"]
    assert 13 <= len(sizes) <= 16
    assert min(sizes) >= 4
    assert max(sizes) <= 40


def test_incidents_come_in_all_shapes_and_both_scopes(truth: dict) -> None:
    bursts = [event for event in truth["events"] if event["kind"] == "burst"]
    assert {event["shape"].split("-")[0] for event in bursts} == {"step", "exponential", "slow", "spike", "waves"}
    assert {event["scope"] for event in bursts} == {"specific", "citywide"}


def test_all_kinds_of_decoys_are_planted(truth: dict) -> None:
    kinds = {"one-person", "enquiries", "praise", "seasonal", "re-import"}
    assert {decoy["kind"] for decoy in truth["decoys"]} == kinds


def test_most_incidents_come_in_through_more_than_one_system(truth: dict) -> None:
    mixed = [len({report_id[:2] for report_id in event["ids"]}) > 1 for event in truth["events"]]
    assert sum(mixed) >= 0.8 * len(mixed)


def test_reports_of_one_incident_share_less_than_half_of_their_words(lines: dict[str, Line], truth: dict) -> None:
    for event in truth["events"]:
        if event["likeness"] == "copies":
            continue
        grams = [four_grams(lines[i].title + lines[i].text) for i in event["ids"]]
        shares = [len(a & b) / min(len(a), len(b)) for a, b in itertools.combinations(grams, 2)]
        assert statistics.median(shares) < 0.5, event["name"]


def test_everyday_reports_are_seldom_alike(lines: dict[str, Line], truth: dict) -> None:
    planted = {i for event in [*truth["events"], *truth["decoys"]] for i in event["ids"]}
    petitions = [line for line in lines.values() if line.report_id.startswith("XF")]
    grams = [four_grams(line.title + line.text) for line in petitions if line.report_id not in planted]
    alike = [len(a & b) / min(len(a), len(b)) > 0.3 for a, b in itertools.combinations(grams[:400], 2)]
    assert sum(alike) / len(alike) < 0.001


def test_one_person_of_the_decoy_has_one_number(lines: dict[str, Line], truth: dict) -> None:
    decoy = next(decoy for decoy in truth["decoys"] if decoy["kind"] == "one-person")
    assert len(decoy["ids"]) == 15
    assert len({lines[i].phone for i in decoy["ids"]}) == 1


def test_reimported_petitions_repeat_an_earlier_text_exactly(lines: dict[str, Line], truth: dict) -> None:
    decoy = next(decoy for decoy in truth["decoys"] if decoy["kind"] == "re-import")
    counts = Counter(line.text for line in lines.values())
    assert all(counts[lines[i].text] >= 2 for i in decoy["ids"])


def test_phone_numbers_use_prefixes_of_no_operator(lines: dict[str, Line]) -> None:
    phones = {line.phone for line in lines.values() if line.phone}
    said = {n for line in lines.values() for n in re.findall(r"(?<!\d)1\d{10}(?!\d)", line.text)}
    assert len(said) > 100
    assert all(phone.startswith(("154", "163", "164", "179")) and len(phone) == 11 for phone in phones | said)


def test_id_numbers_are_of_no_county_and_have_a_right_checksum(lines: dict[str, Line]) -> None:
    said = {n for line in lines.values() for n in re.findall(r"(?<!\d)\d{17}[\dX](?!\d)", line.text)}
    said = {number for number in said if not number.startswith("62")}
    assert len(said) >= 10
    assert all(number.startswith("440799") and number[-1] == id_checksum(number[:17]) for number in said)


def test_reports_fall_around_the_spring_festival_and_come_back(lines: dict[str, Line]) -> None:
    per_day = Counter(line.at.date() for line in lines.values())
    festival = date(2025, 1, 29)
    week = sum(per_day[festival + timedelta(days=i)] for i in range(-1, 6))
    before = sum(per_day[festival + timedelta(days=i)] for i in range(-15, -8))
    after = sum(per_day[festival + timedelta(days=i)] for i in range(9, 16))
    assert week < 0.6 * before
    assert after > before


def test_the_grid_uploads_on_fridays(city: Path) -> None:
    weekdays = Counter(datetime.fromisoformat(note["上报时间"]).weekday() for note in notes(city))
    assert weekdays[4] == max(weekdays.values())


def test_about_six_of_ten_calls_only_ask(city: Path) -> None:
    kinds = Counter(order["类型"] for order in orders(city))
    assert 0.54 <= kinds["咨询"] / kinds.total() <= 0.68


def test_some_places_are_missing(city: Path) -> None:
    missing = [not order["区"] for order in orders(city)]
    assert 0.04 <= sum(missing) / len(missing) <= 0.12


def test_nothing_ends_before_it_began_or_after_the_export(city: Path) -> None:
    ended = [(order["来电时间"], order["办结时间"]) for order in orders(city) if order["办结时间"]]
    ended += [(note["上报时间"], note["处置结束时间"]) for note in notes(city) if note["处置结束时间"]]
    ended += [(str(cells[1]), str(cells[14])) for cells in petition_cells(city)[1:] if cells[14]]
    assert all(begun < end < "2025-04-01" for begun, end in ended)


def test_some_orders_are_overdue_returned_void_or_unsolved(city: Path) -> None:
    calls = orders(city)
    assert any(order["办结时间"] > order["截止时间"] for order in calls)
    assert any(order["退单次数"] >= 2 for order in calls)
    assert any(order["回访是否解决"] == "否" for order in calls)
    assert any(note["当前阶段"] == "[作废]" for note in notes(city))


def test_no_slot_of_the_grammar_is_left_in_a_text(lines: dict[str, Line]) -> None:
    assert not [line for line in lines.values() if re.search(r"[{}\[\]|]", line.title + line.text)]


def test_some_reports_name_a_danger_to_life_and_some_are_sensitive(city: Path) -> None:
    classes = Counter(order["二级分类"] for order in orders(city))
    assert classes["燃气安全"] + classes["电梯困人"] + classes["水域安全"] >= 3
    assert classes["家庭纠纷"] + classes["校园欺凌"] + classes["未成年人保护"] >= 3


@pytest.mark.parametrize("name", FILES_OF_SCRIPTS)
def test_phrases_for_tuning_and_for_testing_do_not_overlap(name: str) -> None:
    for block in read_blocks(name, Wording.ALL):
        said = {mark: block.marked(mark) for mark in "TFEG" if block.marked(mark)}
        tuning, testing = ([half(lines, wording) for lines in said.values()] for wording in HALVES)
        assert all([*tuning, *testing]), block.fields[0]
        assert not pieces(tuning) & pieces(testing), block.fields[0]


def test_frames_for_tuning_and_for_testing_do_not_overlap() -> None:
    tuning, testing = (read_pools("common", wording) for wording in HALVES)
    for name in read_pools("common"):
        assert tuning[name], name
        assert testing[name], name
        assert not pieces([tuning[name]]) & pieces([testing[name]]), name
        assert not set(tuning[name]) & set(testing[name]) - {""}, name


def test_details_for_tuning_and_for_testing_do_not_overlap() -> None:
    tuning, testing = (read_words("details", wording) for wording in HALVES)
    for name, words in read_words("details").items():
        assert set(tuning[name]) | set(testing[name]) == set(words)
        assert not set(tuning[name]) & set(testing[name]), name


def test_substitutes_for_tuning_and_for_testing_do_not_overlap() -> None:
    tuning, testing = (dict(read_paraphrases(wording)) for wording in HALVES)
    assert len(testing) > 60
    assert not [word for word in testing if set(tuning[word]) & set(testing[word])]


def test_a_matter_that_may_burst_can_be_told_in_several_ways_in_each_half() -> None:
    blocks = [block for block in read_blocks("matters", Wording.ALL) if can_burst(block)]
    assert len(blocks) == 62
    for block, (mark, n), wording in itertools.product(blocks, (("T", 2), ("F", 4), ("E", 2)), HALVES):
        assert len(half(block.marked(mark), wording)) >= n, (block.fields[0], mark)


def test_further_lines_belong_to_a_block_of_another_file() -> None:
    headings = Counter(block.fields[0] for name in (*FILES_OF_SCRIPTS, "common") for block in read_blocks(name))
    assert all(headings[block.fields[0]] == 1 for block in read_blocks("more"))


def can_burst(block: Block) -> bool:
    """Whether an everyday matter may be an extra incident: called in, and about a place."""
    return "h" in block.fields[6] and block.fields[4] != "X"


def pieces(lists: Sequence[Sequence[str]]) -> set[str]:
    """What stands between choices, slots and marks in all lines, where it is five characters or longer."""
    cut = (re.split(r"\{\w*\}|[\[\]|，。；：、？！（）· ]", line) for lines in lists for line in lines)
    return {piece for parts in cut for piece in parts if len(piece) >= 5}


def test_extra_incidents_can_be_planted(tmp_path: Path) -> None:
    settings = SimulationSettings(seed=5, n_days=60, reports_per_day=30, n_extra_incidents=10)
    extra = [event for event in simulate(settings, tmp_path).events if event.event_id.startswith("X")]
    assert len(extra) >= 6


def test_a_city_without_days_is_refused() -> None:
    with pytest.raises(InputError, match="天数"):
        SimulationSettings(n_days=0)


def four_grams(text: str) -> set[str]:
    return {text[i : i + 4] for i in range(len(text) - 3)}


@pytest.mark.slow
def test_a_city_with_more_reports_than_matters_times_places_is_made_all_the_same(tmp_path: Path) -> None:
    truth = simulate(SimulationSettings(n_days=4, reports_per_day=5000.0), tmp_path)
    assert len((tmp_path / "hotline.jsonl").read_text("utf-8").splitlines()) > 8000
    assert truth.n_days == 4
