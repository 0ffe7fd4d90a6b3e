"""Issues by area: a rise in one district that the issue's total across the city is too large to show.

Only issues heard from several areas are watched so: elsewhere the series would be the issue's own twice, and pay twice.
Nodes pay from the scan's budget as issues do, under one bar, and a crossing belongs to the issue. The scan alone judges
them: it is fixed before the day from what is remembered anyway, so nodes have no state of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from signals.detector.baseline import Priors
from signals.detector.window_scan import most_of, outcomes_of
from signals.history import Floats, history
from signals.memory import FOUNDER, Memory
from signals.priors import paces_of
from signals.series import Beside, Crossing, Expectation, are_matters_watched, expected_of, scan_crossing
from signals.settings import DetectorSettings
from signals.suppression import WATCHED_DAYS, least_shown

LEAST_AREAS = 2  # of an issue in WATCHED_DAYS
SCALE = 1 << 20  # more than there are areas


@dataclass(frozen=True, slots=True)
class Nodes:
    """The n nodes watched today, and their voices before today."""

    keys: NDArray[np.int64]  # (n,) issue · SCALE + area, ascending
    rows: NDArray[np.int64]  # (n_voices,) rows of the memory, in the order known
    series: NDArray[np.int64]  # (n_voices,) the node of each

    @property
    def issues(self) -> NDArray[np.int64]:
        """The issue of each node, shape (n,)."""
        return self.keys // SCALE


def watched_nodes(memory: Memory, day: date, settings: DetectorSettings) -> Nodes:
    """Issue × area for every issue heard from several areas in WATCHED_DAYS before `day`; none without a baseline."""
    today = day.toordinal()
    rows = np.flatnonzero(memory.is_voice & ~memory.void & (memory.day < today) & (memory.area > 0))
    keys = memory.issue[rows] * SCALE + memory.area[rows]
    live = np.unique(keys[memory.day[rows] >= today - WATCHED_DAYS])
    issues, n_areas = np.unique(live // SCALE, return_counts=True)
    live = live[np.isin(live // SCALE, issues[n_areas >= LEAST_AREAS])]
    if not are_matters_watched(memory, settings):
        live = live[:0]
    is_of = np.isin(keys, live)
    return Nodes(live, rows[is_of], np.searchsorted(live, keys[is_of]))


def first_of_each(nodes: Nodes) -> NDArray[np.bool_]:
    """Which of the voices is the first of its node, shape (n_voices,)."""
    is_first = np.zeros(len(nodes.rows), bool)
    is_first[np.unique(nodes.series, return_index=True)[1]] = True
    return is_first


def expect_nodes(
    memory: Memory, day: date, nodes: Nodes, exposure_today: Floats, settings: DetectorSettings
) -> Beside:
    """What today may bring to the nodes, from their voices before it; what opened a node founds it."""
    n = len(nodes.keys)
    issues, place = np.unique(nodes.issues, return_inverse=True)
    known = history(memory, day, exposure_today, settings, rows=nodes.rows, series=nodes.series, n=n,
                    is_first=first_of_each(nodes))  # fmt: skip
    prior = Priors(np.full(n, memory.priors[0].a0), memory.priors[0].b0 / paces_of(memory, nodes.issues))
    past = known.past.astype(float) + FOUNDER[0]
    expected, _ = expected_of(known, prior, past)
    hidden = most_of(outcomes_of(expected)) < least_shown(memory, issues, day, settings)[place][:, None]
    return Beside(expected, known.window_voices, known.window_exposure, hidden, nodes.issues)


def node_crossings(
    memory: Memory, day: date, nodes: Nodes, expected: Beside, expectation: Expectation
) -> list[Crossing]:
    """What crossed today at a node, as crossings of its issue that name the area."""
    names = {number: name for name, number in memory.areas.items()}
    bar, first = expectation.scan, len(expectation.scan.z) - len(nodes.keys)
    return [
        scan_crossing(int(nodes.issues[k]), y, expected, k, bar, first + k,
                      area=names[int(nodes.keys[k] % SCALE)])  # fmt: skip
        for k, y in _voices_of(memory, day, nodes).items()
        if bar.surprise(first + k, y) >= bar.bar and not expected.hidden[k, bar.column(first + k, y)]
    ]


def _voices_of(memory: Memory, day: date, nodes: Nodes) -> Mapping[int, int]:
    """Voices that today brought to each node that it brought any, by node, ascending."""
    rows = np.flatnonzero(memory.is_voice & ~memory.void & (memory.day == day.toordinal()) & ~memory.is_first)
    keys = memory.issue[rows] * SCALE + memory.area[rows]
    found, counts = np.unique(keys[np.isin(keys, nodes.keys)], return_counts=True)
    places = np.asarray(np.searchsorted(nodes.keys, found), np.int64)
    return dict(zip(places.tolist(), counts.tolist(), strict=True))
