"""Phrases of the simulated city, kept as text files beside this one, and their grammar.

A file holds blocks: a line `# …` opens one, the lines after it belong to it. `[a|b|]` is a choice, `{p}` a slot.
`more.txt` has further lines of blocks of the other files, so that no list of a half is empty and few are short.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

CHOICE = re.compile(r"\[([^\[\]]*)\]")
SLOT = re.compile(r"\{(\w+)\}")

# Every second remark about a family of matters is put together freshly, so that few remarks come twice.
FRESH = "|{who}{reply}" * 8 + "|{shop}的老板{reply2}" * 3


class Wording(StrEnum):
    """Which phrases may be used: what is tuned on one half of all of them is tested on the other."""

    FIRST = "first"  # those without `more.txt`: of `data/samples`, which stays as it is
    ALL = "all"
    TUNING = "tuning"
    TESTING = "testing"


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a file: the fields of its heading and its lines."""

    fields: tuple[str, ...]
    lines: tuple[str, ...]

    def marked(self, mark: str) -> tuple[str, ...]:
        """The lines that begin with a mark (T titles, F facts, E effects, G grid notes, P names, W wheres)."""
        return tuple(line[2:].rstrip() for line in self.lines if line.startswith(f"{mark} "))


@dataclass(frozen=True, slots=True)
class Script:
    """What can be said about one matter."""

    titles: tuple[str, ...]
    facts: tuple[str, ...]
    effects: tuple[str, ...]
    notes: tuple[str, ...]  # of grid workers


def read_blocks(name: str, wording: Wording = Wording.FIRST) -> tuple[Block, ...]:
    """All blocks of one phrase file, in order, with their further lines where the wording has them; not yet halved."""
    blocks = _blocks(name)
    if wording is Wording.FIRST:
        return blocks
    more = {block.fields[0]: block.lines for block in _blocks("more")}
    return tuple(Block(block.fields, block.lines + more.get(block.fields[0], ())) for block in blocks)


def _blocks(name: str) -> tuple[Block, ...]:
    blocks: list[tuple[tuple[str, ...], list[str]]] = []
    for line in files(__name__).joinpath(f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            blocks.append((tuple(part.strip() for part in line[2:].split(" | ")), []))
        else:
            blocks[-1][1].append(line)
    return tuple(Block(fields, tuple(lines)) for fields, lines in blocks)


def read_pools(name: str, wording: Wording = Wording.FIRST) -> dict[str, tuple[str, ...]]:
    """Blocks with a one-word heading, as pools of the wording's lines; an empty line is an empty phrase."""
    return {block.fields[0]: half(block.lines, wording) for block in read_blocks(name, wording)}


def read_words(name: str = "slots", wording: Wording = Wording.FIRST) -> dict[str, tuple[str, ...]]:
    """Blocks of one line of words separated by `|`, those of the wording."""
    return {block.fields[0]: half(tuple(block.lines[0].split("|")), wording) for block in read_blocks(name)}


def read_paraphrases(wording: Wording) -> list[tuple[str, tuple[str, ...]]]:
    """Words, and what may stand for each in this wording; a word without a substitute is left out."""
    pairs = (line.split("=") for line in read_pools("paraphrase")["words"])
    found = [(word, half(tuple(others.split("|")), wording)) for word, others in pairs]
    return [(word, others) for word, others in found if others]


def script_of(block: Block, wording: Wording) -> Script:
    """The phrases of one block in the half asked for; lists X and Y of the block become choices."""
    lists = {f"{{{mark.lower()}}}": block.marked(mark) for mark in "XY"}

    def filled(line: str, mark: str) -> str:
        for slot, words in lists.items():
            if words:
                line = line.replace(slot, f"[{words[0]}{FRESH if slot == '{y}' and mark != 'G' else ''}]")
        return line

    return Script(*(tuple(filled(line, mark) for line in half(block.marked(mark), wording)) for mark in "TFEG"))


def about(script: Script, thing: str) -> Script:
    """The script of a family of matters, settled on one of its things."""
    return Script(
        *(
            tuple(line.replace("{o}", thing) for line in lines)
            for lines in (script.titles, script.facts, script.effects, script.notes)
        )
    )


def half(lines: tuple[str, ...], wording: Wording) -> tuple[str, ...]:
    """Every second line for tuning, the others for testing."""
    if wording in {Wording.FIRST, Wording.ALL}:
        return lines
    return lines[0::2] if wording is Wording.TUNING else lines[1::2]


def expand(template: str, rng: random.Random, slot: Callable[[str], str]) -> str:
    """Settle the choices of a template, inner ones first, then its slots."""
    while match := CHOICE.search(template):
        chosen = rng.choice(match.group(1).split("|"))
        template = template[: match.start()] + chosen + template[match.end() :]
    return SLOT.sub(lambda match: slot(match.group(1)), template)


def sample(pool: Sequence[str], count: int, rng: random.Random) -> list[str]:
    """Up to `count` different lines in random order."""
    return rng.sample(list(pool), min(count, len(pool)))
