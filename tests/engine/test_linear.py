"""Linking costs the same a report in a long stream as in a short one: 1,000 to 30,000 reports."""

import statistics
import time
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from signals.linking.linker import link
from signals.linking.sums import IssueSums
from signals.linking.vectors import COLUMNS, Vectors, no_vectors, weigh
from signals.settings import LinkingSettings
from tests.engine.stream import make_stream
from tests.engine.worlds import stream_days, world_of

BATCH, N_BATCHES = 1000, 30
OWN, COMMON, RARE = 12, 25, 15  # tokens of a report: of its issue, of everyone, of itself


def batch(chance: np.random.Generator, first_issue: int) -> Vectors:
    """Reports of one day: a third founds issues, the others belong to one of those born lately."""
    issues = np.where(np.arange(BATCH) % 3 == 0, first_issue + np.arange(BATCH),
                      first_issue - chance.integers(1, 10 * BATCH, BATCH))  # fmt: skip
    own = 1000 + (issues[:, None] * OWN + np.arange(OWN)) % 800_000
    common = (1000 * chance.random((BATCH, COMMON)) ** 3).astype(int)
    rare = chance.integers(900_000, COLUMNS // 2, (BATCH, RARE))
    tokens = np.concatenate([own, common, rare], axis=1)
    row = np.repeat(np.arange(BATCH), tokens.shape[1])
    counts = sparse.csr_matrix((np.ones(tokens.size, np.float32), (row, tokens.ravel())), shape=(BATCH, COLUMNS))
    weights = np.full(COLUMNS, 9.0, np.float32)
    weights[:1000] = 2.0
    return replace(no_vectors(BATCH), text=weigh(counts, weights))


@pytest.mark.slow
def test_linking_thirty_thousand_reports_takes_as_long_a_report_as_linking_the_first_thousands() -> None:
    chance, next_issue, seconds = np.random.default_rng(2), 1, []
    telling = np.ones(COLUMNS, bool)
    telling[:1000] = False  # as a refresh finds out
    sums = IssueSums(telling)
    for i in range(N_BATCHES):
        new = batch(chance, (i + 1) * BATCH)
        started = time.process_time()
        found = link(new, sums, next_issue=next_issue, rule=LinkingSettings())
        sums.add(new, found.issues)
        seconds.append(time.process_time() - started)
        next_issue = found.next_issue
    assert next_issue > 10_000  # issues kept being born, so there was something to search
    assert statistics.median(seconds[-5:]) < 2.5 * statistics.median(seconds[1:6])


def test_what_a_newborn_issue_finds_in_the_past_does_not_depend_on_how_much_is_compared_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = []
    for at_once in (20_000, 1):
        monkeypatch.setattr("signals.day.COMPARED_AT_ONCE", at_once)
        with world_of(make_stream(12)) as world:
            for day in stream_days(12):
                world.run(day)
            found.append(world.memory.back_count)
    assert found[0] == found[1]
    assert len(found[0]) > 3
