"""Themes by area: one kind of trouble that rises in a district while no single issue of it rises by itself.

A node is a theme × an area. Nodes are judged by the scan alone, with a share of the budget and a bar of their own, so
that a loud theme hides no issue. What crossed belongs to the issue with most people newly heard there; while that one
has just been an alert, its theme is none. One model version tells a theme's whole past (`signals.theming`).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from signals.detector.baseline import Priors, baseline
from signals.detector.window_scan import LARGEST, scan
from signals.history import Floats, history
from signals.memory import NOBODY, Memory
from signals.nodes import SCALE, Nodes, first_of_each
from signals.series import Beside, Crossing, bunched, scan_crossing
from signals.settings import DetectorSettings
from signals.suppression import WATCHED_DAYS, least_shown

THEMES_SHARE = 0.03  # share of the budget that themes by area may spend, once any is watched
KNOWN_DAYS = 56  # that a theme has been known before it is watched: a new one has no past to be held against
PRIOR_VOICES = 0.5  # that the rate of a theme's areas weighs in the baseline of one of them, in voices
RECENT_DAYS = 42  # over which an issue's new voices in the area are counted
ARM = "theme"  # of the crossings


@dataclass(frozen=True, slots=True)
class ThemesToday:
    """The nodes watched today, and what today may bring to them; fixed before seeing it."""

    nodes: Nodes  # keys are theme · SCALE + area
    leaders: NDArray[np.int64]  # (n,) the issue with most recent voices in each, 0 when there is none
    expected: Beside


def watched_themes(memory: Memory, day: date, exposure_today: Floats, settings: DetectorSettings) -> ThemesToday:
    """Theme × area for themes known for KNOWN_DAYS, heard from within WATCHED_DAYS before `day`.

    No stream is young then, so nothing more than usual is expected.
    """
    today = day.toordinal()
    rows, keys = _voices(memory, today - 1, settings)
    live = np.unique(keys[memory.day[rows] >= today - WATCHED_DAYS])
    live = live[np.isin(live // SCALE, _themes_known(memory, today))]
    is_of = np.isin(keys, live)
    nodes = Nodes(live, rows[is_of], np.searchsorted(live, keys[is_of]))
    n = len(live)
    known = history(memory, day, exposure_today, settings, rows=nodes.rows, series=nodes.series, n=n,
                    is_first=first_of_each(nodes))  # fmt: skip
    past = known.past + 1  # what opened a node counts once
    rates = _rates_of_themes(live // SCALE, past, known.past_exposure)
    prior = Priors(np.full(n, PRIOR_VOICES), PRIOR_VOICES / rates)
    expected = baseline(prior, past, known.past_exposure, known.exposure, inflation=settings.inflation)
    leaders = _leaders(memory, nodes, today)
    just_shown = least_shown(memory, leaders, day, settings) > 0  # hidden without news of their own
    hidden = np.repeat(just_shown[:, None], LARGEST, axis=1)
    alone = np.zeros(n, np.int64)  # a theme's voices are of many issues
    seen = Beside(bunched(expected, known)[0], known.window_voices, known.window_exposure, hidden, alone)
    return ThemesToday(nodes, leaders, seen)


def theme_crossings(
    memory: Memory, day: date, themes: ThemesToday, budget: float, settings: DetectorSettings
) -> list[Crossing]:
    """What crossed today at a node, as crossings of the issue that leads there with today's voices; they name the area.

    budget: false alerts today of everything watched, of which nodes have THEMES_SHARE.
    """
    if not len(themes.nodes.keys):
        return []
    seen = themes.expected
    bar = scan(seen.baseline, seen.window_voices, seen.window_exposure, seen.hidden, budget=budget * THEMES_SHARE,
               inflation=settings.inflation)  # fmt: skip
    names = {number: name for name, number in memory.areas.items()}
    rows, keys = _voices(memory, day.toordinal(), settings)
    is_today = memory.day[rows] == day.toordinal()
    found = []
    for key, y in sorted(Counter(keys[is_today].tolist()).items()):
        k = int(np.searchsorted(themes.nodes.keys, key))
        if k == len(themes.nodes.keys) or themes.nodes.keys[k] != key:
            continue
        if bar.surprise(k, y) >= bar.bar and not seen.hidden[k, bar.column(k, y)]:
            own = rows[(keys == key) & (memory.day[rows] > day.toordinal() - RECENT_DAYS)]
            leader, area = _leader(memory.issue[own]), names[key % SCALE]
            found.append(scan_crossing(leader, y, seen, k, bar, k, area=area, arm=ARM))
    return found


def _voices(memory: Memory, until: int, settings: DetectorSettings) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of voices with a theme and an area until a day, and the node of each; a known person once in voice_days."""
    rows = np.flatnonzero(
        memory.is_voice & ~memory.void & (memory.day <= until) & (memory.area > 0) & (memory.theme > 0)
    )
    keys, person = memory.theme[rows] * SCALE + memory.area[rows], memory.complainant[rows]
    order = np.lexsort((rows, person, keys))
    again = np.zeros(len(rows), bool)
    one, other = order[:-1], order[1:]
    again[other] = (
        (keys[one] == keys[other]) & (person[one] == person[other]) & (person[one] != NOBODY)
        & (memory.day[rows[other]] - memory.day[rows[one]] < settings.voice_days)
    )  # fmt: skip
    return rows[~again], keys[~again]


def _themes_known(memory: Memory, today: int) -> NDArray[np.int64]:
    """Themes first given to a report KNOWN_DAYS ago or earlier."""
    return np.unique(memory.theme[(memory.day <= today - KNOWN_DAYS) & (memory.theme > 0)])


def _rates_of_themes(themes: NDArray[np.int64], past: NDArray[np.int64], exposure: Floats) -> Floats:
    """λ of each node's theme: voices a day and area over the baselines of all its nodes, shape (n_nodes,)."""
    _, place = np.unique(themes, return_inverse=True)
    voices, days = np.bincount(place, weights=past), np.bincount(place, weights=exposure)
    return np.asarray((voices / np.maximum(days, 1.0))[place])


def _leaders(memory: Memory, nodes: Nodes, today: int) -> NDArray[np.int64]:
    """The issue with most voices in each node over RECENT_DAYS, the older one of equals; 0 where nobody was heard."""
    recent = memory.day[nodes.rows] > today - RECENT_DAYS
    leaders = np.zeros(len(nodes.keys), np.int64)
    order = np.argsort(nodes.series[recent], kind="stable")
    series, issues = nodes.series[recent][order], memory.issue[nodes.rows[recent]][order]
    found, starts = np.unique(series, return_index=True)
    for k, own in zip(found.tolist(), np.split(issues, starts[1:]), strict=False):
        leaders[k] = _leader(own)
    return leaders


def _leader(issues: NDArray[np.int64]) -> int:
    found, counts = np.unique(issues, return_counts=True)
    return int(found[np.argmax(counts)])
