"""How hard a simulated city is, beside two real streams: our linker's F1, likeness inside incidents, the hazard's AUC.

A simulator written by the engine's own hand is a self-marked exam. The figures of real data are constants measured
once with the same functions; no text of them is kept.
"""

import csv
import random
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from signals.evaluate import Event, pairwise, read_events
from signals.linking.vectors import features, inverse_document_frequency, stack, weigh
from signals.records import Source
from signals.replay import replay
from signals.settings import LinkingSettings, load_settings
from signals.simulate.extra import SHAPES, draw_size
from signals.simulate.incidents import hazard_of
from signals.simulate.wording import read_blocks
from signals.store.warehouse import reading

CITYWIDE_SHARE = 0.12  # of drawn incidents
N_DRAWN = 20_000


@dataclass(frozen=True, slots=True)
class Likeness:
    """Of one source: pairwise F1 of our linking, and the median over events of the median cosine inside one."""

    f1: float
    similarity: float


@dataclass(frozen=True, slots=True)
class Hardness:
    """All reports together, and petitions and calls apart."""

    f1: float
    petitions: Likeness
    calls: Likeness


# Measured by replay and `similarity_inside` on 2,109 real petitions of the first half of 2019 (49 labelled events) and
# on 3,209 real hotline orders of another city, early 2018 (9 specific events).
REAL = Hardness(0.962, Likeness(0.962, 0.208), Likeness(0.835, 0.191))


def measure_hardness(folder: Path) -> Hardness:
    """Replay the city in `folder` in a warehouse of its own and score links and likeness by source."""
    events = read_events(folder / "truth.json")
    names = ("petitions*.xlsx", "hotline*.jsonl", "grid*.csv")
    files = [path for name in names for path in sorted(folder.glob(name))]
    with tempfile.TemporaryDirectory() as work:
        out = Path(work) / "replay"
        replay(files, out, load_settings(overrides={"folder": Path(work)}))
        with (out / "assignments.csv").open(encoding="utf-8", newline="") as file:
            issues = {row["report_id"]: row["issue_id"] for row in csv.DictReader(file)}
        with reading(out / "work" / "jianwei.duckdb") as connection:
            rows = connection.execute("SELECT report_id, source, title, body FROM reports").fetchall()
    texts = {report: (title, body) for report, _, title, body in rows}
    of = {source: {report for report, s, _, _ in rows if s == source} for source in Source}
    known = _only(events, texts.keys())
    return Hardness(
        pairwise(known, issues)[2], _likeness(known, issues, texts, of[Source.PETITION]),
        _likeness(known, issues, texts, of[Source.HOTLINE]),
    )  # fmt: skip


def similarity_inside(events: Sequence[Event], texts: Mapping[str, tuple[str, str]]) -> float:
    """Median over events of the median cosine of two of its texts, by the engine's words and bigrams, weighed on all.

    Only words: not the similarity the engine links by, which adds what texts mean, compares places apart and holds all
    that against chance.
    """
    share = LinkingSettings().max_document_share
    place = {report: i for i, report in enumerate(texts)}
    counts = stack([features(title, body).text for title, body in texts.values()])
    weighed = weigh(counts, inverse_document_frequency(counts, max_share=share)).astype(np.float64)
    medians = []
    for event in events:
        rows = weighed[[place[report] for report in sorted(event.ids - event.soft_ids)]]
        if rows.shape[0] > 1:
            cosines = (rows @ rows.T).toarray()
            medians.append(float(np.median(cosines[np.triu_indices(rows.shape[0], 1)])))
    return median(medians)


def hazard_auc(n: int = N_DRAWN, seed: int = 1) -> float:
    """How well the true chance of escalating ranks what then escalated, over n drawn incidents."""
    rng = random.Random(f"{seed}/hazard")
    levels = [block.fields[1] for block in read_blocks("matters")]
    chances = np.array([_chance(levels, rng) for _ in range(n)])
    escalated = np.array([rng.random() < chance for chance in chances])
    return auc(chances, escalated)


def auc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """Chance that a positive scores above a negative; scores without ties."""
    ranks = np.empty(len(scores))
    ranks[np.argsort(scores)] = np.arange(1, len(scores) + 1)
    n_positive = int(positive.sum())
    n_pairs = n_positive * (len(scores) - n_positive)
    return float((ranks[positive].sum() - n_positive * (n_positive + 1) / 2) / n_pairs)


def _chance(levels: Sequence[str], rng: random.Random) -> float:
    return hazard_of(
        n=draw_size(rng), shape=rng.choice(SHAPES), level1=rng.choice(levels),
        is_citywide=rng.random() < CITYWIDE_SHARE, rng=rng,
    ).probability  # fmt: skip


def _likeness(
    events: Sequence[Event], issues: dict[str, str], texts: Mapping[str, tuple[str, str]], reports: Collection[str]
) -> Likeness:
    mine = _only(events, reports)
    return Likeness(pairwise(mine, issues)[2], similarity_inside(mine, {i: texts[i] for i in texts if i in reports}))


def _only(events: Sequence[Event], reports: Collection[str]) -> list[Event]:
    """The events' reports among those given; events with fewer than two of them left out."""
    cut = [replace(event, ids=frozenset(i for i in event.ids if i in reports)) for event in events]
    return [event for event in cut if len(event.ids) > 1]
