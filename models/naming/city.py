"""Sentences of the simulated city, for the name model's training texts."""

import re
import tempfile
from pathlib import Path

from signals.reading import facts_of, read_rows
from signals.reading.facts import Facts
from signals.settings import Settings
from signals.simulate.simulation import SimulationSettings, simulate
from signals.simulate.wording import read_words


def simulated_sentences(seed: int) -> list[list[str | None]]:
    """Sentences of a simulated city, cut at its people's names; None stands where a name was."""
    words = read_words()
    people = re.compile("((?:" + "|".join(words["surname"]) + ")(?:" + "|".join(words["given"]) + "))")
    found: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        simulate(SimulationSettings(seed, 60), Path(folder))
        for path in sorted(Path(folder).iterdir()):
            if path.suffix in (".xlsx", ".jsonl", ".csv"):
                reading = read_rows(path, source=None, settings=Settings())
                for row in reading:
                    facts = facts_of(row, reading.source)
                    if isinstance(facts, Facts):
                        texts = (facts.title, facts.body, facts.context, facts.address, facts.answer, facts.unit)
                        found.update(s for text in texts for s in re.split("[。\n]", text) if len(s) > 3)
    return [[part if not i % 2 else None for i, part in enumerate(people.split(s))] for s in sorted(found)]
