"""The back-count: earlier reports like what founded an issue, but linked elsewhere, belong in its baseline.

Here the index names every issue and texts have no directions yet, so that all of the past can be compared one by one.
"""

from datetime import timedelta

import numpy as np
import pytest

import signals.day
from signals.day import DayInput, work_day
from signals.linking.linker import LIKE_FOUNDER, Linked
from signals.linking.vectors import agreement, dots, latent_products
from signals.memory import Arrival, Memory
from signals.settings import LinkingSettings, Settings
from tests.engine.stream import FIRST_DAY, make_stream

N_DAYS = 12
RULE = LinkingSettings()


def one_by_one(memory: Memory, founder: int, before: int) -> int:
    """How many of the reports before a row are like it, each compared by itself."""
    old, new = memory.vectors(np.arange(before)), memory.vectors(np.array([founder]))
    one, other = np.zeros(before, np.int64), np.arange(before)
    texts = dots(new.text, one, old.text, other) + latent_products(new.latent[one], old.latent)
    places, towns = (dots(a, one, b, other) for a, b in ((new.place, old.place), (new.town, old.town)))
    similar = agreement(np.array([texts, places, towns]), new.known()[:, one] * old.known(), RULE)
    return int((similar >= LIKE_FOUNDER * RULE.join_similarity).sum())


def test_every_newborn_counts_what_is_like_its_founder(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[tuple[int, int]] = []
    real = signals.day._count_back

    def watched(memory: Memory, linked: Linked, first_row: int, settings: Settings) -> None:
        real(memory, linked, first_row, settings)
        for issue in linked.alike:
            founder = first_row + linked.issues.tolist().index(issue)
            counted.append((memory.back_count.get(issue, 0), one_by_one(memory, founder, first_row)))

    monkeypatch.setattr(signals.day, "_count_back", watched)
    memory, entries = Memory(), make_stream(N_DAYS)
    for day in (FIRST_DAY + timedelta(days=i) for i in range(N_DAYS)):
        today = [Arrival(e.report, e.complainant) for e in entries if e.report.received_at.date() == day]
        work_day(memory, DayInput(day, today, ()), Settings(linking=RULE), {})
    assert [found for found, _ in counted] == [alone for _, alone in counted]
    assert sum(found > 0 for found, _ in counted) >= 5
