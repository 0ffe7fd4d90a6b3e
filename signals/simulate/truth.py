"""What was planted, in the form of the gold events, and as a page for people."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta

from signals.holidays import spring_festival
from signals.simulate.writers import Row


@dataclass(frozen=True, slots=True)
class Planted:
    """A true event: a burst, or a chronic spot."""

    event_id: str
    name: str
    kind: str  # burst | chronic
    scope: str  # specific | citywide
    shape: str
    ids: list[str]
    n: int
    first: str
    last: str
    onset: str
    soft_ids: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    hazard: float | None = None  # true chance of escalating, and what of it cannot be seen
    hazard_unobserved: float | None = None
    escalated: bool | None = None
    likeness: str = ""  # of a burst's texts: copies | ordinary | diverse


@dataclass(frozen=True, slots=True)
class Falsehood:
    """A decoy with its reports."""

    name: str
    kind: str
    ids: list[str]
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything planted."""

    seed: int
    first_on: date
    n_days: int
    events: list[Planted]
    decoys: list[Falsehood]

    def as_json(self) -> dict[str, object]:
        """The content of truth.json."""
        return {
            "seed": self.seed, "first_on": f"{self.first_on}", "n_days": self.n_days,
            "events": [asdict(event) for event in self.events],
            "decoys": [asdict(decoy) for decoy in self.decoys],
        }  # fmt: skip


def rows_by_event(rows: Sequence[Row]) -> defaultdict[str, list[Row]]:
    """The rows of each event or decoy, in order of receipt; empty for one that has none."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.draft.event:
            found[row.draft.event].append(row)
    return found


def days_of(rows: Sequence[Row]) -> tuple[str, str]:
    """First and last day of some rows."""
    return f"{rows[0].draft.received_at:%Y-%m-%d}", f"{rows[-1].draft.received_at:%Y-%m-%d}"


def summary(truth: Truth, rows: Sequence[Row], command: str) -> str:
    """README.md of the folder."""
    last_on = truth.first_on + timedelta(days=truth.n_days - 1)
    festival = spring_festival(truth.first_on.year)
    inside = truth.first_on <= festival <= last_on
    lines = [
        "# A simulated city", "",
        "Everything here is invented: people, phone and ID numbers, firms, estates and texts. Only the names of",
        "districts and towns are real. Made, and byte for byte remade, by", "", f"    {command}", "",
        f"{len(rows)} reports received {truth.first_on} to {last_on}"
        + (f", with the Spring Festival on {festival}." if inside else "."), "",
        "| file | what | rows |", "|---|---|---|",
        f"| petitions.xlsx | petitions (信访), Excel | {_count(rows, 'petition')} |",
        f"| hotline.jsonl | 12345 calls as turns (热线), UTF-8 | {_count(rows, 'hotline')} |",
        "| grid.csv | grid notes (网格), GB18030, some rows [作废], one in 200 again with a D and unusable"
        f" | {_count(rows, 'grid')} |",
        "| truth.json | what is planted: the gold events' form, and decoys | |", "",
        "## Planted incidents (should be alerted)", "",
        "| id | what | shape | reports | first | last |", "|---|---|---|---|---|---|",
        *(_line(event) for event in truth.events if event.kind == "burst"), "",
        "Chronic spots (true, but never new): "
        + "; ".join(f"{e.event_id} {e.name}, {e.n}" for e in truth.events if e.kind == "chronic") + ".", "",
        "## Decoys (false when alerted)", "",
        "| what | kind | reports | first | last |", "|---|---|---|---|---|",
        *(f"| {d.name} | {d.kind} | {len(d.ids)} | {d.first} | {d.last} |" for d in truth.decoys), "",
        "Phone numbers begin with 154, 163, 164 or 179 (given to no operator), ID numbers with 440799 (no such",
        "county) and carry a right checksum, mail ends in example.com.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _line(e: Planted) -> str:
    return f"| {e.event_id} | {e.name} | {e.shape}, {e.scope} | {e.n} | {e.first} | {e.last} |"


def _count(rows: Sequence[Row], source: str) -> int:
    return sum(row.draft.source == source for row in rows)
