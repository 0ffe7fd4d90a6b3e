"""Themes day by day: the nearest stored centroid, with numpy only. How they were fitted is not known here.

A static encoder's folder is a sentence-transformers model (`model.safetensors`, `tokenizer.json`); this file
reads the same bytes without torch, and a test holds both to the same vectors.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from signals.errors import StateError
from signals.text import segment

Vectors = NDArray[np.float32]  # one row a text, unit length; a row of zeros where no word is known
FORMAT = 1
REMEDY = "请重新运行 jianwei retrain themes。"


class Match(NamedTuple):
    """The theme nearest to a report; `theme_id` is None where nothing is near enough."""

    theme_id: int | None
    similarity: float  # cosine to the nearest centroid, in [−1, 1]


class Encoder(Protocol):
    """Turns (title, body) pairs into unit vectors, one row a report."""

    def encode(self, reports: Sequence[tuple[str, str]]) -> Vectors: ...


def theme_words(title: str, body: str) -> list[str]:
    """The words of a report that a static encoder sees: title, then body."""
    return segment(title) + segment(body)


@dataclass(frozen=True, slots=True)
class StaticEncoder:
    """The mean of its words' vectors, at unit length. Unknown words point to row 0, which is all zeros."""

    rows: dict[str, int]
    table: Vectors  # (words, dimensions)

    @classmethod
    def load(cls, folder: Path) -> "StaticEncoder":
        """Read a saved static sentence-transformers model. Raises StateError where the folder is not one."""
        try:
            rows = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
            table = _read_table(folder / "model.safetensors")
        except (OSError, ValueError, KeyError) as error:
            raise StateError(f"{folder}: 编码器读不出来（{error}）。{REMEDY}") from error
        if len(rows) != len(table):
            raise StateError(f"{folder}: 编码器的词表有 {len(rows)} 个词，向量有 {len(table)} 行。{REMEDY}")
        return cls(rows, table)

    def encode(self, reports: Sequence[tuple[str, str]]) -> Vectors:
        return self.encode_words([theme_words(title, body) for title, body in reports])

    def encode_words(self, texts: Sequence[Sequence[str]]) -> Vectors:
        """Vectors of texts that are segmented already: (texts, dimensions)."""
        vectors: Vectors = np.zeros((len(texts), self.table.shape[1]), np.float32)
        for vector, words in zip(vectors, texts, strict=True):
            if words:
                vector[:] = self.table[[self.rows.get(word, 0) for word in words]].mean(axis=0)
        return unit(vectors)


def unit(vectors: Vectors) -> Vectors:
    """Rows at length 1; rows of zeros stay so."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return units


@dataclass(frozen=True, slots=True)
class ThemeAssigner:
    """Gives each report the theme with the nearest centroid, or none."""

    encoder: Encoder
    theme_ids: tuple[int, ...]
    centroids: Vectors  # (themes, dimensions), rows as `theme_ids`
    min_similarity: float

    @classmethod
    def load(cls, folder: Path, *, min_similarity: float, encoder: Encoder | None = None) -> "ThemeAssigner":
        """Read a version's folder, and its static encoder unless one is given.

        Raises StateError where a file is missing or damaged, or the version needs another kind of encoder
        (`models.themes.load_assigner` opens those).
        """
        layout = read_layout(folder)
        if encoder is None and not layout.encoder_version:
            raise StateError(f"{folder}: 这个主题版本使用编码器 {layout.encoder}，需要先打开它。")
        found = encoder or StaticEncoder.load(folder.parent.parent / "encoder" / layout.encoder_version)
        try:
            centroids = np.load(folder / "centroids.npy", mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError) as error:
            raise StateError(f"{folder}: 主题中心读不出来（{error}）。{REMEDY}") from error
        if len(centroids) != len(layout.theme_ids):
            raise StateError(f"{folder}: 有 {len(layout.theme_ids)} 个主题、{len(centroids)} 个中心。{REMEDY}")
        return cls(found, layout.theme_ids, centroids, min_similarity)

    def assign(self, reports: Sequence[tuple[str, str]]) -> list[Match]:
        """The theme of each (title, body), in the same order."""
        if not reports:
            return []
        return self.assign_vectors(self.encoder.encode(reports))

    def assign_vectors(self, vectors: Vectors) -> list[Match]:
        """The theme of each unit vector; similarities are rounded to six places, so that they repeat."""
        cosines = np.round(vectors.astype(np.float64) @ self.centroids.astype(np.float64).T, 6)
        nearest = cosines.argmax(axis=1)
        matches = []
        for row, column in enumerate(nearest):
            similarity = float(cosines[row, column])
            near = similarity >= self.min_similarity and bool(vectors[row].any())
            matches.append(Match(self.theme_ids[column] if near else None, similarity))
        return matches


@dataclass(frozen=True, slots=True)
class ThemeLayout:
    """What `themes.json` of a version says; the arrays lie beside it."""

    theme_ids: tuple[int, ...]
    encoder: str  # "static", or the path or name of a sentence-transformers model
    encoder_version: str  # of the static encoder, "" for another one


def read_layout(folder: Path) -> ThemeLayout:
    """The layout of a version's folder. Raises StateError where there is none, or a newer one."""
    try:
        values: dict[str, Any] = json.loads((folder / "themes.json").read_text("utf-8"))
        form, layout = (
            values["format"],
            ThemeLayout(tuple(values["theme_ids"]), values["encoder"], values["encoder_version"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StateError(f"{folder}: 主题版本读不出来（{error}）。{REMEDY}") from error
    if form != FORMAT:
        raise StateError(f"{folder}: 主题版本的格式是 {form}，本程序只认识 {FORMAT}。请升级见微。")
    return layout


def write_layout(folder: Path, layout: ThemeLayout, centroids: Vectors) -> None:
    """Write `themes.json` and `centroids.npy`, as `ThemeAssigner.load` reads them."""
    values = {
        "format": FORMAT, "theme_ids": list(layout.theme_ids),
        "encoder": layout.encoder, "encoder_version": layout.encoder_version,
    }  # fmt: skip
    (folder / "themes.json").write_text(json.dumps(values, ensure_ascii=False, indent=1), "utf-8")
    np.save(folder / "centroids.npy", centroids.astype(np.float32), allow_pickle=False)


def _read_table(path: Path) -> Vectors:
    """The matrix of a safetensors file, mapped from disk: 8 bytes of length, a JSON header, raw numbers."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > path.stat().st_size:
            raise ValueError(f"{path.name} is cut short")
        entry = json.loads(file.read(length))["embedding.weight"]
    if entry["dtype"] != "F32":
        raise ValueError(f"{path.name} holds {entry['dtype']}, not F32")
    rows, columns = entry["shape"]
    start = 8 + length + entry["data_offsets"][0]
    return np.memmap(path, np.dtype("<f4"), mode="r", offset=start, shape=(rows, columns))
