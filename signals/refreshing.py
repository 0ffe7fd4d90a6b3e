"""The monthly refresh: weights of tokens, what is likely by chance and what words mean, learnt from the past again."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from signals.linking.chance import TEXTS, chance_of
from signals.linking.index import TELLING_TEXTS
from signals.linking.latent import DIMENSIONS, latent_of
from signals.linking.sums import IssueSums
from signals.linking.vectors import inverse_document_frequency, weigh
from signals.memory import Memory
from signals.settings import LinkingSettings

SUMMED_AT_ONCE = 20_000  # rows


def refresh(memory: Memory, day: date, settings: LinkingSettings) -> None:
    """Recompute the token weights from all texts known by `day`, and with them what the issues' members sum to.

    Chance is learnt from what founded issues, or matters, before the last day: a large one counts once, and on the
    first day, when nothing is linked yet, nothing is learnt.
    """
    memory.voting_after = day.toordinal() - settings.memory_days
    first = int(np.searchsorted(memory.day, memory.voting_after, side="right"))
    end = int(np.searchsorted(memory.day, day.toordinal(), side="right"))
    counts, place_counts = memory.counts.between(first, end), memory.place_counts.between(first, end)
    memory.idf = idf = inverse_document_frequency(counts, max_share=settings.max_document_share)
    memory.place_idf = inverse_document_frequency(place_counts, max_share=settings.max_document_share)
    rows = np.arange(first, np.searchsorted(memory.day[:end], memory.day[end - 1]) if end > first else first)
    some = _spread(rows[memory.similarity[rows] == 0.0])
    memory.chance = chance_of(weigh(memory.counts.take(part), idf) for part in _portions(some))
    founders = np.array([members[0] for members in memory.matter_members.values()], np.int64)
    some = _spread(np.intersect1d(rows, founders))
    memory.matter_chance = chance_of(weigh(memory.matter_counts.take(part), idf) for part in _portions(some))
    memory.refreshed_on, memory.called = day, {}
    some = _spread(np.arange(first, end))
    memory.latent = latent_of(weigh(memory.counts.take(some), idf), settings.latent_weight)
    common = np.log((1.0 + end - first) / (1.0 + TELLING_TEXTS)) + 1.0
    telling = idf >= common if end - first > TELLING_TEXTS else None
    memory.sums = IssueSums(telling, dimensions=DIMENSIONS if memory.latent else 0)
    memory.matter_sums = IssueSums(telling)
    for voting in _portions(_by_group(memory, memory.issue, first)):
        memory.sums.add(memory.vectors(voting), memory.issue[voting])
    for voting in _portions(_by_group(memory, memory.matter, first)):
        memory.matter_sums.add(memory.matter_vectors(voting), memory.matter[voting])


def _by_group(memory: Memory, group: NDArray[np.int64], first: int) -> NDArray[np.int64]:
    """The rows from first on that vote in a group, group after group, so that each group is summed at once."""
    voting = first + np.flatnonzero((group[first:] > 0) & ~memory.void[first:])
    return voting[np.argsort(group[voting], kind="stable")]


def _portions(rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return np.array_split(rows, len(rows) // SUMMED_AT_ONCE + 1)


def _spread(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """At most TEXTS of rows, evenly spread."""
    return rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), TEXTS)).astype(np.int64))]
