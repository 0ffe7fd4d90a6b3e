"""The simulated city is no easier than reality: links, likeness inside incidents, and what the hazard can predict."""

import numpy as np
import pytest

from signals.evaluate import Event
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
