"""Replay real reports and score them against labelled events: `python -m benchmarks.real_replay [BUDGET …]`.

The environment names the files and the days scored (`benchmarks/real_streams.py`). Budgets may be given as arguments,
"default" among them; without any the default budget is used. Seconds and memory are of this machine.
"""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import commands
from benchmarks.people import crowded
from benchmarks.real_streams import Stream, command, real_streams
from benchmarks.recording import Cell, Result, Table, machine, write

DEFAULT = "default"
COLUMNS = ("stream", "budget", "bursts", "alerted", "of ≥ 5 people", "of these alerted", "alerts a week",
           "precision, lower bound", "reports seen, median", "by the third's day", "days after it", "pairwise F1",
           "B-cubed F1", "seconds", "peak MB")  # fmt: skip
BY_SCOPE = ("stream", "budget", "scope", "bursts", "alerted", "recall", "reports seen, median", "by the third's day",
            "days after it", "pairwise F1", "B-cubed F1")  # fmt: skip


@dataclass(frozen=True)
class Scored:
    """One window of one replay: what `evaluate` and `replay` say, and which events so many people brought."""

    label: str
    budget: str
    score: dict[str, Any]
    ran: dict[str, Any]
    crowded: frozenset[str] = frozenset()


def main(budgets: list[str]) -> None:
    """Run replay and evaluate as a user would, print, write."""
    found = [
        scored for stream in real_streams() for budget in budgets or [DEFAULT] for scored in measure(stream, budget)
    ]
    if found:
        tables = tables_of(found, "Real reports, past data only, scored by labels that are incomplete")
        again = command("real_replay", *budgets)
        write(Result("real_replay", "Replay of real reports", again, machine(), tables, NOTES))


def measure(stream: Stream, budget: str) -> list[Scored]:
    """One replay, scored on each window."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "replay"
        ran = commands.replay(stream.files, out, *([] if budget == DEFAULT else ["--false-alerts-per-day", budget]))
        large = crowded(out, stream.events)
        found = [
            Scored(label, budget, commands.evaluate(out, stream.events, *window), ran, large)
            for label, window in windows(stream)
        ]
    for each in found:
        print(dict(zip(COLUMNS, row_of(each), strict=True)), flush=True)
    return found


def tables_of(found: Sequence[Scored], caption: str) -> tuple[Table, Table]:
    """The windows as they are, and by scope of the events."""
    by_scope = tuple(row for each in found for row in rows_by_scope(each))
    return (
        Table(caption, COLUMNS, tuple(row_of(each) for each in found)),
        Table("By scope of the events, where it is labelled", BY_SCOPE, by_scope),
    )


def windows(stream: Stream) -> list[tuple[str, list[str]]]:
    """The days scored of a stream: a name, and options of evaluate."""

    def options(first: date | None) -> list[str]:
        return [f"--{name}={day}" for name, day in (("from", first), ("to", stream.last)) if day]

    whole = [(stream.name, options(stream.first))]
    return whole + ([(f"{stream.name}, from {stream.apart}", options(stream.apart))] if stream.apart else [])


def row_of(scored: Scored) -> tuple[Cell, ...]:
    """One row; what is undefined, such as the precision of no alerts, is a dash."""
    score, ran = scored.score, scored.ran
    caught = {named["event_id"] for named in score["caught"]}
    large = scored.crowded & (caught | set(score["missed"]))
    return (
        scored.label, scored.budget, score["n_events"], score["n_caught"], len(large), len(large & caught),
        round(score["alerts_per_week"], 3), _shown(score["precision"]), *earliness(score),
        _shown(score["pairwise_f1"]), _shown(score["b_cubed_f1"]),
        round(commands.seconds_of(ran), 1), round(ran["peak_memory_mb"]),
    )  # fmt: skip


def rows_by_scope(scored: Scored) -> list[tuple[Cell, ...]]:
    """A row a scope, none where the events have none; a scope that has only chronic events has no bursts."""
    rows = list[tuple[Cell, ...]]()
    for scope, its in scored.score["by_scope"].items():
        if scope:
            n, caught = its["n_events"], its["n_caught"]
            recall = round(caught / n, 3) if n else "–"
            f1 = _shown(its["pairwise_f1"]), _shown(its["b_cubed_f1"])
            rows.append((scored.label, scored.budget, scope, n, caught, recall, *earliness(its), *f1))
    return rows


def earliness(score: dict[str, Any]) -> tuple[Cell, ...]:
    """Medians over the bursts alerted: reports seen, those that had come by the third's day, days after it."""
    return tuple(_shown(score[f"median_{name}"], 1) for name in ("seen", "at_third", "days_after_third"))


def _shown(value: float | None, digits: int = 3) -> Cell:
    return "–" if value is None else round(value, digits)


NOTES = (
    "Of ≥ 5 people: bursts that at least five different people brought within 42 days; a report that names nobody"
    " counts as one; the hotline names nobody.",
    "By the third's day: reports of a burst that had come by the end of the day of its third, the fewest that a method"
    " which runs once a day and waits for the third can have seen. Days after it: negative before that day. Both are"
    " over the bursts alerted that have a third.",
    "A stream whose labels have no scope is not in the second table. F1 by scope is over the labels of that scope's"
    " events alone, chronic ones included, and of the whole replay, whatever the window.",
)

if __name__ == "__main__":
    main(sys.argv[1:])
