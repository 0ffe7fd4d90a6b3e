"""What redaction finds, loses and takes, on the labelled texts of the tests: `python -m benchmarks.redaction [N]`.

The texts, names and places are those of tests/redaction, which share no sentence and no full name with what the name
model was trained on. Reports a second are of processor time on one core, of many together as an import redacts, and
one by one.
"""

import argparse

from benchmarks.recording import Cell, Result, Table, machine, write
from signals.redaction import redact
from tests.redaction.labelled import PERSONAL, RARER, labelled_texts, rarer_texts
from tests.redaction.scoring import Score, gate_loss, redacted, reports_per_second, score

SEED = 11
STAYING = ("place", "estate", "firm", "office", "plain", "number")
NAMES = {"plain": "ordinary word", "number": "other number", "abroad": "Hong Kong or Macau number", "id": "ID number"}
RARE = {
    "dotted": "name with a dot", "latin": "Latin name, announced", "minority": "name without a surname, asked for",
    "bare": "surname alone, announced", "broken": "number broken by a line's end",
}  # fmt: skip
LENGTHS = (1, 4, 8)  # labelled texts joined to one report


def main() -> None:
    """Redact, count, time; write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=int, nargs="?", default=20_000)
    n = parser.parse_args().texts
    texts = list(labelled_texts(SEED, n))
    rare_texts = list(rarer_texts(SEED, n // 4))
    found, rarer = (score(some, redacted([each.text for each in some])) for some in (texts, rare_texts))
    tables = (gone(found), rare(rarer), kept(found), speed([each.text for each in texts[:4000]]))
    notes = (
        f"The gate loses {gate_loss(texts):.4f} of the full names: it does not propose them to the model.",
        f"In {found.n_stray / found.n_texts:.4f} of the texts a mark covers more than what is labelled.",
        "A place, firm or word is lost where a mark touches any part of it. Half of these are chosen to look like"
        " people: they begin with a surname.",
    )
    write(Result("redaction", "Redaction", f"python -m benchmarks.redaction {n}", machine(), tables, notes))
    for table in tables:
        print(table.caption, *table.rows, sep="\n  ")
    print(*notes, sep="\n")


def gone(found: Score) -> Table:
    """Recall by kind; names together first."""
    rows: list[tuple[Cell, ...]] = [
        ("all names", found.n["name"] + found.n["surname"], found.recall("name", "surname"))
    ]
    rows += [(NAMES.get(kind, kind), found.n[kind], found.recall(kind)) for kind in PERSONAL]
    return Table(f"Wholly behind marks, {found.n_texts:,} texts", ("kind", "n", "recall"), tuple(rows))


def rare(found: Score) -> Table:
    """Recall of what is rarer, on texts of their own, and what has to stay beside it."""
    rows: list[tuple[Cell, ...]] = [(RARE[kind], found.n[kind], found.recall(kind)) for kind in RARER]
    rows.append(("lost: estate with a dot", found.n["estate_dotted"], found.loss("estate_dotted")))
    rows.append(("lost: two numbers on two lines", found.n["number"], found.loss("number")))
    return Table(f"Rarer kinds wholly behind marks, {found.n_texts:,} other texts", ("kind", "n", "share"), tuple(rows))


def kept(found: Score) -> Table:
    """Loss by kind; places and firms together first."""
    both = ("place", "estate", "office", "firm")
    rows: list[tuple[Cell, ...]] = [("places and firms", sum(found.n[kind] for kind in both), found.loss(*both))]
    rows += [(NAMES.get(kind, kind), found.n[kind], found.loss(kind)) for kind in STAYING]
    return Table("What has to stay", ("kind", "n", "lost"), tuple(rows))


def speed(texts: list[str]) -> Table:
    """Reports a second by length of a report."""
    rows: list[tuple[Cell, ...]] = []
    for length in LENGTHS:
        reports = ["\n".join(texts[i : i + length]) for i in range(0, min(len(texts), 800 * length), length)]
        mean = sum(map(len, reports)) / len(reports)
        ways = redacted, (lambda texts: list(map(redact, texts)))
        rows.append((round(mean), len(reports), *(round(reports_per_second(reports, way)) for way in ways)))
    columns = ("characters a report", "reports", "reports a second", "redacted one by one")
    return Table("Speed on one core", columns, tuple(rows))


if __name__ == "__main__":
    main()
