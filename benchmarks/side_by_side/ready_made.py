"""The ready-made way: BERTopic on each week, topics merged over time, popularity that decays, thresholds on it.

Written from the published description of BERTrend (Boutaleb, Picault and Grosjean 2024, arXiv 2411.05930): topics of a
slice join the most similar earlier topic by the cosine of centroids or are new; popularity adds a slice's documents,
and without any shrinks by exp(−λΔ²), Δ in days since the last; below the tenth percentile of the popularities of the
window a topic is noise, below the median and rising weak, above it strong. Where the description leaves room: λ .01,
similarity .7, a window of 30 days, and an alert for a topic that is weak or strong in a slice that brought documents.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.arrays import Floats, Ints
from benchmarks.side_by_side.rules import Again, in_window
from benchmarks.side_by_side.streams import Raised
from signals.suppression import WATCHED_DAYS

DIMENSIONS = 256
FEWEST = 30  # documents of a slice; fewer wait for the next
DECAY = 0.01  # λ, a day squared
WINDOW_DAYS = 30  # of past popularities that make the thresholds
LOW, MEDIAN = 10, 50  # percentiles
TOPIC_SIZES = (2, 3, 5, 10)
SIMILARITIES = (0.5, 0.7, 0.85)
GROUPINGS: tuple[tuple[int, int | None], ...] = ((15, None), (5, None), (5, 1))  # UMAP's neighbours, HDBSCAN's samples


@dataclass(frozen=True)
class Choice:
    """One setting: smallest topic, similarity that merges topics, whether weak signals alert beside strong ones,
    neighbours of UMAP, and min_samples of HDBSCAN (None: the smallest topic's size, its default)."""

    topic_size: int = 10
    similarity: float = 0.7
    with_weak: bool = True
    neighbours: int = 15
    samples: int | None = None

    @property
    def fit(self) -> tuple[int, int, int | None]:
        """What BERTopic is fitted with."""
        return self.topic_size, self.neighbours, self.samples

    @property
    def name(self) -> str:
        which = "weak and strong" if self.with_weak else "strong only"
        samples = "" if self.samples is None else f", min_samples {self.samples}"
        groups = f"topics ≥ {self.topic_size}, {self.neighbours} neighbours{samples}"
        return f"{groups}, merged at {self.similarity:g}, {which}"


BERTOPIC = Choice()  # BERTopic's own defaults
BERTREND = Choice(5, neighbours=5)  # those that BERTrend ships for BERTopic
GRID = tuple(
    Choice(size, near, weak, *grouping)
    for grouping in GROUPINGS for size in TOPIC_SIZES for near in SIMILARITIES for weak in (True, False)
)  # fmt: skip


@dataclass(frozen=True)
class Slice:
    """Rows of one week, judged at the end of day `end` (an ordinal)."""

    end: int
    rows: Ints


def slices(day: Ints) -> list[Slice]:
    """Weeks that end on Sundays, the last one with the stream; weeks with few rows wait for the next."""
    sundays = day + (7 - day) % 7  # ordinal 7 is a Sunday
    found, waiting = [], np.zeros(0, np.int64)
    for end in np.unique(sundays).tolist():
        waiting = np.concatenate([waiting, np.flatnonzero(sundays == end)])
        if len(waiting) >= FEWEST:
            found.append(Slice(min(int(end), int(day.max())), waiting))
            waiting = np.zeros(0, np.int64)
    return found


def embed(vectors: Any) -> Floats:
    """TF-IDF reduced by a truncated SVD of the whole stream (hindsight), rows of length 1."""
    from sklearn.decomposition import TruncatedSVD

    size = min(DIMENSIONS, min(vectors.shape) - 1)
    dense = TruncatedSVD(size, random_state=1).fit_transform(vectors)
    return np.asarray(dense / np.maximum(np.linalg.norm(dense, axis=1, keepdims=True), 1e-12))


def topics(words: Sequence[Sequence[str]], vectors: Floats, choice: Choice) -> Ints:
    """BERTopic's topic of every document of a slice, −1 for none; its own defaults but for the seed and the choice."""
    from bertopic import BERTopic
    from hdbscan import HDBSCAN
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    reduce = UMAP(n_neighbors=choice.neighbours, n_components=5, min_dist=0.0, metric="cosine", random_state=1,
                  n_jobs=1)  # fmt: skip
    group = HDBSCAN(min_cluster_size=choice.topic_size, min_samples=choice.samples)
    model = BERTopic(umap_model=reduce, hdbscan_model=group, embedding_model=None, language="multilingual",
                     vectorizer_model=CountVectorizer(token_pattern=r"\S+"))  # fmt: skip
    found, _ = model.fit_transform([" ".join(document) or "-" for document in words], embeddings=vectors)
    return np.asarray(found, np.int64)


@dataclass
class Topic:
    """A topic over time: sum of its unit vectors, rows, popularity, and the end of its last slice."""

    total: Floats
    rows: list[int] = field(default_factory=list)
    popularity: float = 0.0
    seen_on: int = 0
    before: float = 0.0  # popularity at the slice before

    def advance(self, rows: Sequence[int], end: int, *, decay: float = DECAY) -> None:
        """Popularity at the end of a slice that brought `rows`."""
        self.before = self.popularity
        if len(rows):
            self.popularity += len(rows)
            self.seen_on = end
            self.rows.extend(rows)
        else:
            self.popularity *= float(np.exp(-decay * (end - self.seen_on) ** 2))


def nearest(known: Sequence[Topic], vector: Floats, *, similarity: float) -> int | None:
    """The known topic with the most similar centroid, None where none reaches `similarity`."""
    if not known:
        return None
    centroids = np.array([topic.total / max(float(np.linalg.norm(topic.total)), 1e-12) for topic in known])
    cosines = centroids @ (vector / max(float(np.linalg.norm(vector)), 1e-12))
    best = int(cosines.argmax())
    return best if cosines[best] >= similarity else None


def kind_of(topic: Topic, past: Sequence[float]) -> str:
    """noise | weak | strong, by the percentiles of the popularities of the window."""
    low, median = np.percentile(past, [LOW, MEDIAN])
    if topic.popularity > median:
        return "strong"
    return "weak" if topic.popularity >= low and topic.popularity > topic.before else "noise"


def watch(
    weeks: Sequence[Slice], labels: Sequence[Ints], vectors: Floats, day: Ints, choice: Choice
) -> tuple[list[Raised], dict[int, int]]:
    """Alerts at the ends of slices, and the topic of every row that has one."""
    known: list[Topic] = []
    past: list[tuple[int, float]] = []
    again = Again()
    found: list[Raised] = []
    for week, label in zip(weeks, labels, strict=True):
        brought = _merged(week, label, vectors, known, choice)
        for number, topic in enumerate(known):
            topic.advance(brought.get(number, []), week.end)
            past.append((week.end, topic.popularity))
        past = [(end, value) for end, value in past if end > week.end - WINDOW_DAYS]
        for number, rows in sorted(brought.items()):
            kind = kind_of(known[number], [value for _, value in past])
            if kind == "strong" or (kind == "weak" and choice.with_weak):
                found.extend(_raised(number, known[number], rows, week.end, day, again))
    return found, {row: number for number, topic in enumerate(known) for row in topic.rows}


def _merged(week: Slice, label: Ints, vectors: Floats, known: list[Topic], choice: Choice) -> dict[int, list[int]]:
    """Rows that a slice brings to each topic; new topics are appended to `known`."""
    brought: dict[int, list[int]] = {}
    n_before = len(known)
    for topic in sorted(set(label.tolist()) - {-1}):
        rows = week.rows[label == topic]
        total = vectors[rows].sum(axis=0)
        number = nearest(known[:n_before], total, similarity=choice.similarity)
        if number is None:
            known.append(Topic(np.zeros_like(total)))
            number = len(known) - 1
        known[number].total = known[number].total + total
        brought.setdefault(number, []).extend(rows.tolist())
    return brought


def _raised(number: int, topic: Topic, new: list[int], end: int, day: Ints, again: Again) -> Iterator[Raised]:
    rows = np.array(sorted(topic.rows), np.int64)
    n, earlier = in_window(day[rows], end, WATCHED_DAYS), day[np.setdiff1d(rows, new)]
    quiet = int(day[new].min()) - int(earlier.max()) if len(earlier) else 0
    if again.may_ring(number, n, quiet):
        again.counted[number] = n
        yield Raised(end, number, tuple(rows[day[rows] > end - WATCHED_DAYS].tolist()))
