"""Scores of redaction on labelled texts: what share went behind marks, by kind."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from signals.redaction import Said, redact_each
from signals.redaction.candidates import PAD, codes_of, propose
from signals.redaction.marks import fold
from tests.redaction.labelled import PERSONAL, RARER, Labelled, masked

NUMBERS = tuple(kind for kind in PERSONAL if kind not in ("name", "surname"))
PLACES = ("place", "estate", "office")
_MATTERS = re.compile(r"[0-9A-Za-z\u3400-\u9fff]")  # brackets around a number may stay


@dataclass
class Score:
    """Counts by kind: how many there are, how many wholly masked, how many touched by a mark."""

    n: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    touched: Counter[str] = field(default_factory=Counter)
    n_texts: int = 0
    n_stray: int = 0  # texts in which a mark covers what no label names
    missed: list[str] = field(default_factory=list)

    def recall(self, *kinds: str) -> float:
        """Share of the kinds that is wholly behind marks."""
        return sum(self.gone[kind] for kind in kinds) / sum(self.n[kind] for kind in kinds)

    def loss(self, *kinds: str) -> float:
        """Share of the kinds that a mark touches."""
        return sum(self.touched[kind] for kind in kinds) / sum(self.n[kind] for kind in kinds)


def redacted(texts: Iterable[str]) -> list[str]:
    """All texts redacted together, as an import does."""
    return redact_each([Said(text) for text in texts])


def score(texts: Sequence[Labelled], after: Sequence[str]) -> Score:
    """Count what went; after: each text as it was redacted."""
    found = Score()
    for each, cleaned in zip(texts, after, strict=True):
        covered = masked(each.bare, cleaned)
        found.n_texts += 1
        labelled = set[int]()
        for span in each.spans:
            inside = range(span.start, span.end)
            labelled.update(inside)
            found.n[span.kind] += 1
            is_gone = all(covered[i] for i in inside if _MATTERS.match(each.bare[i]))
            is_touched = any(covered[i] for i in inside)
            found.gone[span.kind] += is_gone
            found.touched[span.kind] += is_touched
            if is_gone != (span.kind in PERSONAL + RARER):
                around = each.bare[max(0, span.start - 6) : span.start], each.bare[span.end : span.end + 6]
                found.missed.append(f"{span.kind}: {around[0]}[{each.bare[span.start : span.end]}]{around[1]}")
        stray = (i for i, is_covered in enumerate(covered) if is_covered and i not in labelled)
        found.n_stray += any(_MATTERS.match(each.bare[i]) for i in stray)
    return found


def gate_loss(texts: Iterable[Labelled]) -> float:
    """Share of full names that the gate does not propose as they are."""
    n = lost = 0
    for each in texts:
        found = propose(codes_of(fold(each.bare)))
        spans = set(zip((found.start - PAD).tolist(), found.length.tolist(), strict=True))
        for span in each.spans:
            if span.kind == "name":
                n += 1
                lost += (span.start, span.end - span.start) not in spans
    return lost / n


def reports_per_second(texts: list[str], redact: Callable[[list[str]], object], *, n_rounds: int = 3) -> float:
    """Texts a second of processor time on one core, the best of some rounds: other work counts little.

    redact: takes many together.
    """
    redact(texts[:1])
    best = float("inf")
    for _ in range(n_rounds):
        started = time.process_time()
        redact(texts)
        best = min(best, time.process_time() - started)
    return len(texts) / best
