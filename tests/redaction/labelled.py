"""Labelled texts: what must go and what must stay, with places in the text; seeded, the same for the same seed."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from signals.redaction import MARKS
from tests.redaction import frames, numbering, stock

INVISIBLE = re.compile("[\u200b\ufeff]")
_SLOT = re.compile(r"\{(\w+)\}")
_NAMES: dict[str, Callable[[random.Random], str]] = {
    "name": stock.full_name, "sur": stock.surname, "nick": lambda chance: chance.choice(stock.NICK),
}  # fmt: skip
_STAYING = {
    "place": stock.PLACES,
    "estate": stock.ESTATES,
    "firm": stock.FIRMS,
    "office": stock.OFFICES,
    "plain": stock.PLAIN,
    "dotted": stock.DOTTED,
    "latin": stock.LATIN,
    "minority": stock.MINORITY,
    "estate_dotted": stock.ESTATES_DOTTED,
}
RARER = ("dotted", "latin", "minority", "bare", "broken")  # personal, of `rarer_texts` alone
PERSONAL = (
    "name",
    "surname",
    "mobile",
    "landline",
    "id",
    "card",
    "plate",
    "mail",
    "account",
    "room",
    "abroad",
    "passport",
)


@dataclass(frozen=True, slots=True)
class Span:
    """text[start:end] is of this kind: one of PERSONAL, or place, estate, firm, office, plain, number."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text without invisible characters in `bare`, for which the spans hold; `text` is what is redacted."""

    text: str
    bare: str
    spans: tuple[Span, ...]


def labelled_texts(seed: int, n: int) -> Iterator[Labelled]:
    """n texts of 1 to 4 sentences: names, numbers and neither in equal parts."""
    chance = random.Random(f"labelled/{seed}")
    for _ in range(n):
        yield _text(chance)


def rarer_texts(seed: int, n: int) -> Iterator[Labelled]:
    """n texts of 1 to 3 sentences, each with a kind of RARER or with what looks like it."""
    chance = random.Random(f"rarer/{seed}")
    for _ in range(n):
        text, spans = "", list[Span]()
        for _ in range(chance.randint(1, 3)):
            frame = chance.choice(frames.RARER).replace("{sur}", "{bare}")
            text = _fill(frame, text + ("。" if text else ""), spans, chance)
        yield _bare(text, spans)


def _text(chance: random.Random) -> Labelled:
    register = chance.choice(("petition", "hotline", "grid", "title"))
    if register == "title":
        chosen = [chance.choice(frames.TITLES if chance.random() < 0.6 else frames.NEGATIVE)]
    else:
        own = {"petition": frames.NAMED, "hotline": frames.SPOKEN, "grid": frames.NOTED}[register]
        pools = (own, frames.NAMED, frames.NUMBERED, frames.NEGATIVE, frames.NEGATIVE)
        chosen = [chance.choice(chance.choice(pools)) for _ in range(chance.randint(1, 4))]
    joint = chance.choice(("。", "。", "\n", "；"))
    text, spans = "", list[Span]()
    for frame in chosen:
        if text:
            text += "" if text.endswith(("。", "？")) and joint == "。" else joint
        text = _fill(frame, text, spans, chance)
    text += chance.choice(("", "。"))
    return _bare(text, spans)


def _fill(frame: str, text: str, spans: list[Span], chance: random.Random) -> str:
    for place, part in enumerate(_SLOT.split(frame)):
        if not place % 2:
            text += part
            continue
        for words, kind in _drawn(part, chance):
            if kind == "number" and "\n" not in words:
                start = len(text)
                text = _fill(words, text, spans, chance)
                spans.append(Span(start, len(text), "number"))
                continue
            if kind and words:
                spans.append(Span(len(text), len(text) + len(words), kind))
            text += words
    return text


def _drawn(slot: str, chance: random.Random) -> list[tuple[str, str]]:
    """[(words, kind or "")] that a slot is filled with."""
    if slot in _NAMES:
        if slot == "nick":
            return [(chance.choice(stock.NICK), "")]
        return [(_NAMES[slot](chance), {"sur": "surname"}.get(slot, slot))]
    if slot in _STAYING:
        return [(chance.choice(_STAYING[slot]), slot)]
    if slot == "bare":
        return [(stock.surname(chance), slot)]
    if slot in numbering.BROKEN:
        return [(numbering.BROKEN[slot](chance), "broken")]
    if slot == "two_lines":
        return [(numbering.two_lines(chance), "number")]
    if slot in numbering.KINDS:
        return [(numbering.KINDS[slot](chance), slot)]
    if slot in numbering.SAID:
        draw, kind = numbering.SAID[slot]
        before, words, after = draw(chance)
        return [(before, ""), (words, kind), (after, "")]
    if slot == "number":
        return [(chance.choice(frames.HARMLESS), "number")]
    if slot == "building":
        return [(numbering.building(chance), "number")]
    if slot == "house":
        return [(numbering.house(chance), "number")]
    return [(numbering.digits(chance, int(slot.removeprefix("d"))), "")]


def _bare(text: str, spans: list[Span]) -> Labelled:
    kept = [0]
    for character in text:
        kept.append(kept[-1] + (INVISIBLE.match(character) is None))
    moved = tuple(Span(kept[span.start], kept[span.end], span.kind) for span in spans)
    return Labelled(text, INVISIBLE.sub("", text), moved)


def masked(bare: str, redacted: str) -> list[bool]:
    """For every character of `bare`, whether it went behind a mark; a line's end never does.

    Raises ValueError where more than that differs.
    """
    parts = re.split("(" + "|".join(MARKS) + ")", redacted.replace("\n", ""))
    pattern = "".join(f"({'.+?' if i % 2 else re.escape(part)})" for i, part in enumerate(parts))
    places = [place for place, character in enumerate(bare) if character != "\n"]
    match = re.fullmatch(pattern, "".join(bare[place] for place in places), re.DOTALL)
    if match is None or bare.count("\n") != redacted.count("\n"):
        raise ValueError("what was redacted is no cut of the text")
    covered = [False] * len(bare)
    for i in range(1, len(parts), 2):
        for position in range(*match.span(i + 1)):
            covered[places[position]] = True
    return covered
