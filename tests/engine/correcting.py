"""Corrections for tests of the engine: said by an analyst, at random where wanted, and what they must leave alone."""

import random
from dataclasses import dataclass, field
from datetime import datetime

from signals.clock import LOCAL
from signals.corrections import Correction
from signals.errors import StateError
from signals.memory import Memory
from signals.store.recording import Said, record_merge, record_move, record_split, record_undo
from tests.engine.worlds import World

SAID = Said("研判员", "现场核对过", datetime(2025, 4, 1, 9, tzinfo=LOCAL))


def merge(world: World, issue: int, other: int) -> Correction:
    return record_merge(world.connection, issue, other, SAID)


def split(world: World, issue: int, *keys: str) -> Correction:
    return record_split(world.connection, issue, keys, SAID)


def move(world: World, issue: int, other: int, *keys: str) -> Correction:
    return record_move(world.connection, issue, other, keys, SAID)


def undo(world: World, number: int) -> Correction:
    return record_undo(world.connection, number, SAID)


def issues_now(world: World) -> dict[str, int]:
    """The issue of every report, from the table of links."""
    rows = world.connection.execute("SELECT report_key, issue_id FROM links WHERE until_on IS NULL").fetchall()
    found = dict(rows)
    assert len(found) == len(rows)
    return found


def partition_of(issues: dict[str, int]) -> set[frozenset[str]]:
    """Which reports are together, whatever the numbers."""
    together: dict[int, set[str]] = {}
    for key, issue in issues.items():
        together.setdefault(issue, set()).add(key)
    return {frozenset(keys) for keys in together.values()}


@dataclass
class AtRandom:
    """Two corrections before each day, drawn with a seed; what cannot be is passed over."""

    seed: int
    with_undo: bool = True
    said: list[Correction] = field(default_factory=list)

    def __call__(self, world: World) -> None:
        chance = random.Random(f"{self.seed}-{len(world.memory.days)}")
        together: dict[int, list[str]] = {}
        for key, issue in sorted(issues_now(world).items()):
            together.setdefault(issue, []).append(key)
        wanted = len(self.said) + 2
        for _ in range(8 if len(together) > 3 else 0):
            try:
                if len(self.said) < wanted:
                    self.said.append(self._draw(chance, world, together))
            except StateError:
                continue

    def _draw(self, chance: random.Random, world: World, together: dict[int, list[str]]) -> Correction:
        one, other = chance.sample(sorted(together), 2)
        large = max(chance.sample(sorted(together), 3), key=lambda issue: len(together[issue]))
        some = chance.sample(together[large], chance.randint(1, max(1, len(together[large]) // 2)))
        kind = chance.randrange(5)
        if kind == 2 and self.with_undo:
            (last,) = world.connection.execute("SELECT max(correction_id) FROM corrections").fetchone()  # type: ignore[misc]
            return undo(world, chance.randint(1, last or 1))
        if kind == 0:
            return merge(world, one, other)
        if kind == 1:
            return move(world, large, one, *some)
        return split(world, large, *some)


def remembered(memory: Memory) -> dict[str, object]:
    """All of a memory that corrections touch, and kinds of trouble by name, fit to be compared."""
    arrays = ("issue", "home", "similarity", "is_voice", "is_first")
    plain = ("back_count", "last_alert", "raised", "standing", "next_issue")
    sizes = {int(i): n for i, n in zip(memory.sums.ids, memory.sums.sizes, strict=True) if n}
    stakes = {int(issue): m.tolist() for issue, m in zip(memory.watched, memory.m, strict=True) if m.any()}
    members = {issue: list(rows) for issue, rows in memory.members.items()}
    name_of = {number: name for name, number in memory.kinds.items()}
    return {
        **{name: getattr(memory, name).tolist() for name in arrays}, **{name: getattr(memory, name) for name in plain},
        "members": members, "sizes": sizes, "stakes": stakes, "themes": (memory.theme_version, memory.theme.tolist()),
        "kinds": [name_of[kind] for kind in memory.kind.tolist()],
        "paces": {name_of[kind]: pace for kind, pace in memory.paces.items()},
    }  # fmt: skip
