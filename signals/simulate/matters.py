"""The everyday matters of the city, read from the phrase files."""

from dataclasses import dataclass

from signals.records import Source
from signals.simulate.drafts import Subject
from signals.simulate.wording import Block, Script, Wording, read_blocks, script_of

LETTERS = {"p": Source.PETITION, "h": Source.HOTLINE, "g": Source.GRID}


@dataclass(frozen=True, slots=True)
class Matter:
    """One kind of everyday report: where it happens, who reports it, when, how often."""

    subject: Subject
    script: Script
    place_kinds: str  # letters of city.KINDS, X for nowhere in particular
    sources: frozenset[Source]
    season: str
    weight: float
    danger: bool = False  # names a danger to life
    things: tuple[str, ...] = ()  # a family of matters: each report is about one of them


def read_matters(name: str, wording: Wording) -> tuple[Matter, ...]:
    """The matters of one phrase file; a heading that begins with ! is a danger to life."""
    return tuple(_matter(block, wording) for block in read_blocks(name, wording))


def _matter(block: Block, wording: Wording) -> Matter:
    name, level1, level2, unit, places, kind, sources, season, weight = block.fields
    return Matter(
        Subject(name.removeprefix("!"), level1, level2, unit, kind),
        script_of(block, wording),
        places,
        frozenset(LETTERS[letter] for letter in sources),
        season,
        float(weight),
        name.startswith("!"),
        tuple(word for line in block.marked("O") for word in line.split("|")),
    )
