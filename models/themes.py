"""Fitting themes: BERTopic over given vectors, then centroids, Chinese names and ids that last."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.encoder import load_encoder, require_extra
from signals.themes import ThemeAssigner, Vectors, read_layout, theme_words, unit

Labels = NDArray[np.int64]  # one a report: a row of `centroids`, −1 for none
N_WORDS = 10
NAMING_SHARE = 0.1  # of a theme's reports must hold a word for it to name the theme
MERGE = 0.7  # mean cosine between centroids from which two clusters are one subject
MATCH = 0.6  # cosine between centroids from which a theme is the same one as before
# Names of places make issues, not themes; numbers and lone characters name nothing.
_NAMELESS = re.compile(r".|.*\d.*|[a-z].*|.{2,}(?:市|区|县|镇|街道|村|路|大道|社区|花园|小区|号|苑)")


@dataclass(frozen=True, slots=True)
class FittedThemes:
    """What a fit found: row i of `centroids` belongs to `words[i]` and `n_reports[i]`."""

    centroids: Vectors
    words: tuple[tuple[str, ...], ...]  # c-TF-IDF, best first
    n_reports: tuple[int, ...]
    labels: Labels

    def names(self) -> list[str]:
        """A Chinese name a theme, from its first three words: 施工、夜间、搅拌站."""
        return ["、".join(words[:3]) for words in self.words]


def naming_words(title: str, body: str) -> list[str]:
    """The words of a report that may name a theme."""
    return [word for word in theme_words(title, body) if not _NAMELESS.fullmatch(word)]


def fit_themes(
    documents: Sequence[Sequence[str]], vectors: Vectors, *, min_size: int, seed: int
) -> FittedThemes:
    """Group reports by BERTopic, then keep one centroid a theme.

    documents: the naming words of each report; vectors: its unit vector, same order. The order must be fixed
    (by report key): the same rows in another order give other themes. A theme without words is left out.
    """
    labels, words = _topics(documents, vectors, min_size=min_size, seed=seed)
    kept = [topic for topic in range(int(labels.max(initial=-1)) + 1) if words.get(topic)]
    renumbered = np.full(len(labels), -1, np.int64)
    for row, topic in enumerate(kept):
        renumbered[labels == topic] = row
    centroids = np.zeros((len(kept), vectors.shape[1]), np.float32)
    for row in range(len(kept)):
        centroids[row] = vectors[renumbered == row].mean(axis=0)
    return FittedThemes(
        unit(centroids),
        tuple(words[topic] for topic in kept),
        tuple(int((renumbered == row).sum()) for row in range(len(kept))),
        renumbered,
    )


def _topics(
    documents: Sequence[Sequence[str]], vectors: Vectors, *, min_size: int, seed: int
) -> tuple[Labels, Mapping[int, tuple[str, ...]]]:
    from bertopic import BERTopic
    from bertopic.vectorizers import ClassTfidfTransformer
    from hdbscan import HDBSCAN
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    neighbours = min(15, len(documents) - 1)
    model = BERTopic(
        language="multilingual",  # the default strips Chinese
        embedding_model=None,
        umap_model=UMAP(
            n_neighbors=neighbours, n_components=5, min_dist=0.0, metric="cosine", random_state=seed, n_jobs=1
        ),
        hdbscan_model=HDBSCAN(min_cluster_size=min_size, min_samples=5, core_dist_n_jobs=1),
        vectorizer_model=CountVectorizer(token_pattern=r"\S+", lowercase=False),
        ctfidf_model=ClassTfidfTransformer(reduce_frequent_words=True),
        top_n_words=3 * N_WORDS,
        calculate_probabilities=False,
    )
    texts = [" ".join(words) or "无" for words in documents]
    topics, _ = model.fit_transform(texts, embeddings=vectors)
    if twins := _twins(np.asarray(topics, np.int64), vectors):
        model.merge_topics(texts, twins)
    labels = np.asarray(model.topics_, np.int64)
    words = {}
    for topic in sorted(set(labels.tolist()) - {-1}):
        shared = _shared_words([documents[row] for row in np.flatnonzero(labels == topic).tolist()])
        words[topic] = tuple(word for word, weight in model.get_topic(topic) if weight > 0 and word in shared)
    return labels, {topic: found[:N_WORDS] for topic, found in words.items()}


def _twins(labels: Labels, vectors: Vectors) -> list[list[int]]:
    """Groups of clusters too alike to be told apart by their centroids, by average linkage."""
    from scipy.cluster.hierarchy import fcluster, linkage

    n_topics = int(labels.max(initial=-1)) + 1
    if n_topics < 2:
        return []
    centroids = unit(np.array([vectors[labels == topic].mean(axis=0) for topic in range(n_topics)]))
    groups = fcluster(linkage(centroids, "average", metric="cosine"), 1 - MERGE, "distance")
    members = [np.flatnonzero(groups == group).tolist() for group in sorted(set(groups.tolist()))]
    return [group for group in members if len(group) > 1]


def _shared_words(documents: Sequence[Sequence[str]]) -> frozenset[str]:
    """Words in so many of a theme's reports that they are its subject, not one estate's or company's name."""
    counts = Counter(word for document in documents for word in set(document))
    return frozenset(word for word, n in counts.items() if n >= NAMING_SHARE * len(documents))


def lasting_ids(centroids: Vectors, before: Vectors, before_ids: Sequence[int], first_free: int) -> list[int]:
    """Theme ids of new centroids: that of the one earlier theme it continues, else a number never used.

    Both sets of centroids are unit vectors of one encoder. One-to-one, by the assignment with the highest
    total cosine; pairs under `MATCH` are two themes.
    """
    from scipy.optimize import linear_sum_assignment

    ids: dict[int, int] = {}
    if len(before_ids) and len(centroids):
        cosines = centroids @ before.T
        for row, column in zip(*linear_sum_assignment(-cosines), strict=True):
            if cosines[row, column] >= MATCH:
                ids[int(row)] = before_ids[column]
    fresh = iter(range(first_free, first_free + len(centroids)))
    return [ids[row] if row in ids else next(fresh) for row in range(len(centroids))]


def carried_centroids(
    before: ThemeAssigner, reports: Sequence[tuple[str, str]], vectors: Vectors
) -> tuple[Vectors, list[int]]:
    """Centroids of earlier themes among the vectors of another encoder: the mean of the reports they hold."""
    held = np.array([-1 if match.theme_id is None else match.theme_id for match in before.assign(reports)])
    ids = [theme_id for theme_id in before.theme_ids if (held == theme_id).any()]
    means = [vectors[held == theme_id].mean(axis=0) for theme_id in ids]
    return unit(np.array(means, np.float32).reshape(len(ids), vectors.shape[1])), ids


def load_assigner(folder: Path, *, min_similarity: float) -> ThemeAssigner:
    """Open a version of themes with whatever encoder it was fitted on; a static one never loads torch."""
    layout = read_layout(folder)
    if layout.encoder_version:
        return ThemeAssigner.load(folder, min_similarity=min_similarity)
    require_extra()
    return ThemeAssigner.load(folder, min_similarity=min_similarity, encoder=load_encoder(layout.encoder))
