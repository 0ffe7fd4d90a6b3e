"""The simulated city is no easier than reality: links, likeness inside incidents, and what the hazard can predict."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from benchmarks import text_city
from signals.evaluate import Event, read_events
from signals.simulate import SimulationSettings, Wording, simulate
from signals.simulate.hardness import REAL, Hardness, auc, hazard_auc, measure_hardness, similarity_inside

MARGIN = 0.02


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Hardness:
    """The default city of seed 1, the one nearest to the bounds, in the half of the wording kept for testing."""
    folder = tmp_path_factory.mktemp("hard")
    simulate(SimulationSettings(seed=1, wording=Wording.TESTING), folder)
    return measure_hardness(folder)


@pytest.mark.slow
def test_linking_simulated_reports_is_no_easier_than_linking_the_real_half_year(measured: Hardness) -> None:
    assert 0.5 < measured.f1 <= REAL.f1 + MARGIN
    assert 0.5 < measured.petitions.f1 <= REAL.petitions.f1 + MARGIN


@pytest.mark.slow
def test_reports_of_an_incident_are_no_more_alike_than_real_ones(measured: Hardness) -> None:
    assert 0.1 < measured.petitions.similarity <= REAL.petitions.similarity
    assert 0.1 < measured.calls.similarity <= REAL.calls.similarity


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_reports_of_an_incident_of_the_benchmark_are_no_more_alike_than_real_ones(seed: int, tmp_path: Path) -> None:
    check_likeness(text_city.settings(seed, 90, 44), tmp_path)  # the same incidents among fewer everyday reports


def check_likeness(settings: SimulationSettings, folder: Path) -> None:
    simulate(settings, folder)
    events = read_events(folder / "truth.json")
    assert sum(event.event_id.startswith("X") for event in events) >= 20
    for texts, real in ((petitions(folder), REAL.petitions), (calls(folder), REAL.calls)):
        cut = [replace(event, ids=event.ids & texts.keys()) for event in events]
        assert 0.1 < similarity_inside([event for event in cut if len(event.ids) > 1], texts) <= real.similarity


def petitions(folder: Path) -> dict[str, tuple[str, str]]:
    rows = CalamineWorkbook.from_path(folder / "petitions.xlsx").get_sheet_by_index(0).to_python()[1:]
    return {str(cells[0]): (str(cells[2]), str(cells[3])) for cells in rows}


def calls(folder: Path) -> dict[str, tuple[str, str]]:
    orders = map(json.loads, (folder / "hotline.jsonl").read_text("utf-8").splitlines())
    said = {o["工单号"]: (o["标题"], [turn["text"] for turn in o["turns"] if turn["role"] == "市民"]) for o in orders}
    return {report: (title, "\n".join(lines)) for report, (title, lines) in said.items()}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_true_hazard_predicts_escalation_with_an_auc_of_ninety_percent(seed: int) -> None:
    assert hazard_auc(seed=seed) == pytest.approx(0.9, abs=0.01)


def test_the_auc_counts_pairs_in_the_right_order() -> None:
    assert auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])) == 0.75


def test_likeness_is_one_for_copies_and_none_for_strangers() -> None:
    titles = {"a": "路灯不亮", "b": "路灯不亮", "c": "医院挂号", "d": "工资拖欠", "e": "河涌发臭"}
    texts = {report: (title, "") for report, title in titles.items()}
    copies = Event("1", "burst", "specific", frozenset("ab"), frozenset(), None, False)
    strangers = Event("2", "burst", "specific", frozenset("cd"), frozenset(), None, False)
    assert similarity_inside([copies], texts) == pytest.approx(1, abs=0.01)
    assert similarity_inside([strangers], texts) == 0
