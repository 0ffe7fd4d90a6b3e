"""A text with known names, put together from parts."""

import random
from dataclasses import dataclass

Labels = frozenset[tuple[int, int]]  # (start, length)
_TAKEN = "\ue000"


@dataclass(frozen=True, slots=True)
class Example:
    """A text as redaction sees it, and which stretches of it are names."""

    text: str
    names: Labels


def joined(parts: list[tuple[str, bool]], chance: random.Random) -> Example:
    """One text; now and then another rule has cut a name before, as it happens when redacting."""
    text, names = "", set()
    for words, is_name in parts:
        if is_name and chance.random() < 0.08:
            text += _TAKEN * 4
            continue
        if is_name:
            names.add((len(text), len(words)))
        text += words
    return Example(text, frozenset(names))
