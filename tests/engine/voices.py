"""A city of hotline voices straight in memory, what a day of it crosses, and what its scan is told to hide."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from signals.detector.window_scan import Scan, scan
from signals.memory import NOBODY, SOURCES, Memory
from signals.series import Crossing, Expectation, detect, expect
from signals.settings import DetectorSettings

START = date(2024, 1, 1)
N_SOURCES = len(SOURCES)


def city(days: NDArray[np.int64], issues: NDArray[np.int64], similarities: NDArray[np.float64]) -> Memory:
    """A memory of hotline voices, one person each; the first voice of an issue founds it. days: from START, sorted."""
    memory, n = Memory(), len(days)
    memory.day, memory.issue, memory.similarity = START.toordinal() + days, issues, similarities
    memory.source, memory.complainant = np.ones(n, np.int64), np.full(n, NOBODY)
    memory.grievance, memory.is_voice, memory.void = np.ones(n, bool), np.ones(n, bool), np.zeros(n, bool)
    memory.is_first = np.zeros(n, bool)
    memory.is_first[np.unique(issues, return_index=True)[1]] = True
    return memory


def at(memory: Memory, n_days: int) -> date:
    """Let n_days ordinary days have passed before the day returned."""
    memory.days = [START + timedelta(days=i) for i in range(n_days)]
    memory.totals = memory.exposures = np.ones((n_days, N_SOURCES))
    return START + timedelta(days=n_days)


def seen_on(memory: Memory, n_days: int, budget: float = 0.5) -> tuple[Expectation, list[Crossing]]:
    day = at(memory, n_days)
    expectation = expect(memory, day, np.ones(N_SOURCES), DetectorSettings(false_alerts_per_day=budget))
    return expectation, detect(memory, day, expectation)[0]


def what_is_hidden(monkeypatch: pytest.MonkeyPatch) -> list[NDArray[np.bool_]]:
    """The outcomes that are hidden from each scan that follows, in their order."""
    found = list[NDArray[np.bool_]]()

    def noted(*given: Any, **options: Any) -> Scan:
        found.append(given[3])
        return scan(*given, **options)

    monkeypatch.setattr("signals.series.scan", noted)
    return found
