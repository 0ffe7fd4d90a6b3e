"""Sentence encoders: the embedded static one, fitted on the site's own corpus, or any named model."""

import importlib.util
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from signals.errors import SettingsError, StateError
from signals.text import segment
from signals.themes import Vectors, unit

UNKNOWN = "〔未知〕"  # row 0 of the table, zeros for ever
BATCH = 128  # pairs; the other pairs of a batch are its negatives
LEARNING_RATE = 0.02
EXTRA = ("torch", "sentence_transformers", "bertopic", "sklearn", "umap", "hdbscan")


def require_extra() -> None:
    """Raise StateError with the remedy where the optional packages of the topic model are missing."""
    missing = [name for name in EXTRA if importlib.util.find_spec(name) is None]
    if missing:
        raise StateError(
            f"retrain: 没有安装主题模型需要的程序包（缺 {'、'.join(missing)}）。"
            "请运行 pip install 'jianwei[themes]' 后重试。"
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """Two segmented texts that say the same thing: a title and its body, or the two halves of a body."""

    left: list[str]
    right: list[str]


def pairs_of(texts: Sequence[tuple[str, str]]) -> list[Pair]:
    """Training pairs of (title, body) texts; without a title, the two halves of the body."""
    pairs = []
    for title, body in texts:
        left, right = segment(title), segment(body)
        if not left:
            left, right = right[: len(right) // 2], right[len(right) // 2 :]
        if left and right:
            pairs.append(Pair(left, right))
    return pairs


def fit_static_encoder(
    texts: Sequence[tuple[str, str]], *, dimensions: int, epochs: int, seed: int, folder: Path
) -> None:
    """Fit word vectors on (title, body) texts and save them to `folder` as a sentence-transformers model.

    The same texts in the same order and the same seed give the same bytes. Words seen in one text only are
    left out. Raises StateError where fewer than two pairs can be made.
    """
    pairs = pairs_of(texts)
    rows, idf = _vocabulary(pairs)
    if len(pairs) < 2 or len(rows) < 2:
        raise StateError("retrain: 文本太少，训练不出编码器。请先导入更多诉求。")
    table = np.random.default_rng(seed).normal(0, dimensions**-0.5, (len(rows), dimensions)) * idf[:, None]
    model = _static_model(rows, table.astype(np.float32))
    _train(model, _numbered(pairs, rows), epochs=epochs, seed=seed)
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(str(folder), create_model_card=False)


def _vocabulary(pairs: Sequence[Pair]) -> tuple[dict[str, int], NDArray[np.float64]]:
    counts = Counter(word for pair in pairs for word in {*pair.left, *pair.right})
    kept = sorted((word for word, n in counts.items() if n > 1), key=lambda word: (-counts[word], word))
    rows = {UNKNOWN: 0} | {word: row for row, word in enumerate(kept, start=1)}
    idf = np.array([0.0] + [log(len(pairs) / counts[word]) for word in kept])
    return rows, idf


def _numbered(pairs: Sequence[Pair], rows: dict[str, int]) -> list[tuple[list[int], list[int]]]:
    """Pairs as row numbers of known words; pairs with an empty side are left out."""
    numbered = []
    for pair in pairs:
        left = [rows[word] for word in pair.left if word in rows]
        right = [rows[word] for word in pair.right if word in rows]
        if left and right:
            numbered.append((left, right))
    return numbered


def _static_model(rows: dict[str, int], table: Vectors) -> Any:
    _quiet()
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit

    tokenizer = Tokenizer(WordLevel(rows, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    embedding = StaticEmbedding(tokenizer, embedding_weights=torch.from_numpy(table))
    return SentenceTransformer(modules=[embedding, Normalize()], device="cpu")


def _train(model: Any, pairs: list[tuple[list[int], list[int]]], *, epochs: int, seed: int) -> None:
    import torch
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    loss = MultipleNegativesRankingLoss(model, directions=("query_to_doc", "doc_to_query"))
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    order = np.random.default_rng(seed)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # sums in one order, so that a fit repeats
    try:
        for _ in range(epochs):
            shuffled = order.permutation(len(pairs))
            for start in range(0, len(pairs) - 1, BATCH):
                batch = [pairs[i] for i in shuffled[start : start + BATCH]]
                if len(batch) < 2:
                    continue
                optimizer.zero_grad()
                sides = [_bag([pair[side] for pair in batch]) for side in (0, 1)]
                loss(sides, torch.empty(0)).backward()
                optimizer.step()
    finally:
        torch.set_num_threads(threads)


def _bag(texts: list[list[int]]) -> dict[str, Any]:
    import torch

    offsets = torch.from_numpy(np.cumsum([0] + [len(text) for text in texts[:-1]]))
    return {"input_ids": torch.tensor([row for text in texts for row in text]), "offsets": offsets}


@dataclass(frozen=True, slots=True)
class SentenceEncoder:
    """Any sentence-transformers model as an `Encoder`; it sees the redacted text itself, not words."""

    model: Any

    def encode(self, reports: Sequence[tuple[str, str]]) -> Vectors:
        texts = [f"{title}\n{body}".strip() for title, body in reports]
        vectors = self.model.encode(texts, batch_size=64, show_progress_bar=False, convert_to_numpy=True)
        return unit(np.asarray(vectors, np.float32))


def load_encoder(name_or_path: str) -> SentenceEncoder:
    """Open a sentence-transformers model by folder or name, offline unless HF_HUB_OFFLINE=0 is set.

    Raises SettingsError where it cannot be found.
    """
    require_extra()
    _quiet()
    from sentence_transformers import SentenceTransformer

    try:
        offline = os.environ["HF_HUB_OFFLINE"] != "0"  # the hub's own reading of it is fixed at its import
        return SentenceEncoder(SentenceTransformer(name_or_path, device="cpu", local_files_only=offline))
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"themes.encoder: 打不开编码器 {name_or_path!r}（{str(error).splitlines()[0]}）。"
            "请写 static、本机文件夹，或已下载的模型名。"
        ) from error


def _quiet() -> None:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
