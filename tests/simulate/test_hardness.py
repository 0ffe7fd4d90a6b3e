"""The simulated city is no easier than reality: links, likeness inside incidents, and what the hazard can predict."""


from statistics import mean

import numpy as np
import pytest

from signals.evaluate import Event
from signals.simulate import SimulationSettings, Wording, simulate
from signals.simulate.hardness import REAL, Hardness, auc, hazard_auc, measure_hardness, similarity_inside

MARGIN = 0.02


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> list[Hardness]:
    """The default cities of seeds 1 and 2 in the half of the wording that is kept for testing."""
    found = []
    for seed in (1, 2):
        folder = tmp_path_factory.mktemp("hard")
        simulate(SimulationSettings(seed=seed, wording=Wording.TESTING), folder)
        found.append(measure_hardness(folder))
    return found


@pytest.mark.slow
def test_linking_simulated_reports_is_no_easier_than_linking_the_real_half_year(measured: list[Hardness]) -> None:
    assert all(0.5 < each.f1 <= REAL.f1 + MARGIN for each in measured)
    assert all(0.5 < each.petitions.f1 <= REAL.petitions.f1 + MARGIN for each in measured)


@pytest.mark.slow
def test_reports_of_an_incident_are_no_more_alike_than_real_ones(measured: list[Hardness]) -> None:
    assert 0.1 < mean(each.petitions.similarity for each in measured) <= REAL.petitions.similarity
    assert 0.1 < mean(each.calls.similarity for each in measured) <= REAL.calls.similarity


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
