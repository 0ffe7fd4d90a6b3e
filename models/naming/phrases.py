"""Wordings that the name model is trained on, read from phrases.txt: what stands before and after a name, and what
merely looks like one.

Written for training alone: the texts of tests/redaction are other sentences with other names. Given characters stand as
often in the list as they are to be drawn; surnames stand commonest first, those of 2020 by the Ministry of Public
Security's report on names.
"""

from functools import lru_cache
from importlib.resources import files

_WRITTEN = {"<nothing>": "", "<space>": " ", "<line>": "\n", "<contact>": "\ue001"}


@lru_cache(maxsize=1)
def phrases() -> dict[str, tuple[str, ...]]:
    """The words of every block, by the block's heading."""
    blocks: dict[str, list[str]] = {}
    name = ""
    for line in files("models.naming").joinpath("phrases.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            name = line[2:]
            blocks[name] = []
        else:
            blocks[name] += [_written(word) for word in line.split(" ")]
    return {name: tuple(words) for name, words in blocks.items()}


def _written(word: str) -> str:
    for sign, written in _WRITTEN.items():
        word = word.replace(sign, written)
    return word


def characters(name: str) -> str:
    """A block of characters, as one string."""
    return "".join(phrases()[name])
