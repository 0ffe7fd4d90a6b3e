"""Training the name model: `python -m models.naming.train` writes signals/redaction/naming.npz, in about five minutes.

A hashed table of embeddings, summed by group, one small hidden layer and a linear part beside it (the shape of Cheng et
al. 2016, wide & deep learning); torch is needed here and only here.
"""

import argparse
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.naming.examples import Example
from models.naming.texts import Writer
from models.naming.words import ordinary_words, plain_words, read_dictionary
from signals.redaction.candidates import PAD, brands, codes_of, propose, surnames
from signals.redaction.features import GROUPS, N_WEIGHTS, WIDTH, Lexicon, hashed
from signals.redaction.marks import fold
from signals.redaction.naming import SCALE, load_name_model

TARGET = Path(__file__).parent.parent.parent / "signals" / "redaction" / "naming.npz"
N_HIDDEN = 32
_PROPER = ("ns", "nt", "nz")
_RARE, _COMMON = 30, 1000  # frequencies of the dictionary that part its words into three ranks


def lexicon() -> Lexicon:
    """Words of two and three characters of jieba's dictionary that are no people's names, whatever their tags."""
    known = read_dictionary()
    words = {
        w: count for w, (count, tag) in known.items() if tag in _PROPER or (not tag.startswith("nr") and count > 2)
    }
    words |= ordinary_words()
    words |= dict.fromkeys(brands(), _COMMON + 1)
    words |= dict.fromkeys((part for part in _parts_of_idioms() if part not in words), _COMMON + 1)
    two, three = (_ranked({w: c for w, c in words.items() if len(w) == n}) for n in (2, 3))
    return Lexicon(*two, *three)


def _parts_of_idioms() -> list[str]:
    """Three characters from a surname on of longer words that are no places': 胡作非 of 胡作非为."""
    surnames_known = set(surnames()[0])
    return [
        word[i : i + 3]
        for word, count in plain_words().items()
        if len(word) > 3 and count > 2 and read_dictionary().get(word, (0, ""))[1] not in _PROPER
        for i in range(len(word) - 2)
        if word[i] in surnames_known
    ]


def _ranked(words: dict[str, int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    keyed = sorted((_key(word), 1 + (count > _RARE) + (count > _COMMON)) for word, count in words.items())
    return np.array([key for key, _ in keyed], np.int64), np.array([rank for _, rank in keyed], np.int64)


def _key(word: str) -> int:
    key = 0
    for character in word:
        key = key << 16 | ord(character)
    return key


def table(examples: Sequence[Example], words: Lexicon) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """(hashed features, 1 where the candidate is a name) of all candidates of all examples."""
    rows, labels = [], []
    for example in examples:
        codes = codes_of(fold(example.text))
        found = propose(codes)
        if len(found.start):
            rows.append(hashed(codes, found, words.ranks(codes)).astype(np.int32))
            spans = zip((found.start - PAD).tolist(), found.length.tolist(), strict=True)
            labels.append(np.array([span in example.names for span in spans], np.float32))
    return np.concatenate(rows), np.concatenate(labels)


def fit(rows: NDArray[np.int32], labels: NDArray[np.float32], *, seed: int, n_epochs: int = 2) -> "Learnt":
    """Learn from all candidates. Features are dropped at random, so that none of them is relied on alone."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)  # sums in one order: the same seed gives the same weights
    table = torch.nn.Embedding(N_WEIGHTS, WIDTH, sparse=True)
    torch.nn.init.normal_(table.weight, std=0.02)
    hidden = torch.nn.Linear(len(GROUPS) * WIDTH, N_HIDDEN)
    last = torch.nn.Linear(N_HIDDEN, 1)
    sparse = torch.optim.Adagrad(table.parameters(), lr=0.05)
    dense = torch.optim.Adam([*hidden.parameters(), *last.parameters()], lr=0.002)
    places, truth = torch.from_numpy(rows), torch.from_numpy(labels)
    edges = [0, *np.cumsum(GROUPS).tolist()]
    for epoch in range(n_epochs):
        total = 0.0
        if epoch == n_epochs - 1:
            for group in (*sparse.param_groups, *dense.param_groups):
                group["lr"] /= 3
        for batch in torch.randperm(len(truth)).split(1024):
            kept = (torch.rand(len(batch), rows.shape[1], 1) > 0.125) / 0.875
            seen = table(places[batch].long()) * kept
            side = (torch.rand(len(batch), 2) > 0.15).float()  # a whole side is hidden now and then
            shown = torch.cat([torch.ones(len(batch), 2), side], 1)
            groups = [seen[:, a:b].sum(1) * shown[:, [g]] for g, (a, b) in enumerate(itertools.pairwise(edges))]
            sums = torch.cat(groups, 1)
            margin = last(torch.relu(hidden(sums))).squeeze(1) + sums[:, ::WIDTH].sum(1)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(margin, truth[batch])
            sparse.zero_grad()
            dense.zero_grad()
            loss.backward()
            sparse.step()
            dense.step()
            total += float(loss.detach()) * len(batch)
        print(f"epoch {epoch + 1}: loss {total / len(truth):.4f}", flush=True)
    return Learnt(
        *(each.detach().numpy() for each in (table.weight, hidden.weight, hidden.bias, last.weight[0], last.bias))
    )


@dataclass(frozen=True)
class Learnt:
    """Everything `fit` learns: a row of WIDTH for every hashed feature, and the two layers above their sums."""

    table: NDArray[np.float32]
    hidden: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    last: NDArray[np.float32]
    last_bias: NDArray[np.float32]


def save(learnt: Learnt, words: Lexicon, path: Path) -> None:
    """Write what redaction loads; rows are rounded to 8 bits, and those hardly moved become 0."""
    rounded = np.clip(np.rint(learnt.table * SCALE), -127, 127).astype(np.int8)
    np.savez_compressed(
        path, table=rounded, hidden=learnt.hidden, hidden_bias=learnt.hidden_bias, last=learnt.last,
        last_bias=learnt.last_bias, two=words.two.astype(np.uint32), two_rank=words.two_rank.astype(np.uint8),
        three=words.three.astype(np.uint64), three_rank=words.three_rank.astype(np.uint8),
    )  # fmt: skip


def main() -> None:
    """Write the texts, learn, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=900_000)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", type=Path, default=TARGET)
    chosen = parser.parse_args()
    words = lexicon()
    writer = Writer(chosen.seed)
    rows, labels = table(list(writer.examples(chosen.examples)), words)
    save(fit(rows, labels, seed=chosen.seed, n_epochs=chosen.epochs), words, chosen.target)
    held, truth = table(list(writer.examples(5000)), words)
    margin = load_name_model(chosen.target).margins(held)
    print(f"{len(labels)} candidates, {labels.mean():.3f} of them names; on 5,000 more texts:")
    for line in (-2, -1, 0, 1, 2):
        above = margin > line
        print(f"  line {line}: recall {above[truth > 0].mean():.4f}, wrong {above[truth == 0].mean():.4f}")


if __name__ == "__main__":
    main()
