"""The streams compared, and one stream's reports as every method reads them: redacted, in the order they became known.

All methods read what Jianwei's replay stored, so that none sees a row that another does not.
"""

import csv
import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import numpy as np

from benchmarks.arrays import Ints
from benchmarks.real_streams import Stream, real_streams
from pipelines.evaluate import evaluate
from signals.clock import LOCAL, day_of
from signals.evaluate import Score
from signals.simulate import SimulationSettings, Wording, simulate
from signals.text.segmenting import segment

CITY = SimulationSettings(seed=1, n_days=120, reports_per_day=60.0, n_extra_incidents=20, wording=Wording.TESTING)


@dataclass(frozen=True)
class Corpus:
    """n reports in the order known; `day` are ordinals of the day each became known, shape (n,)."""

    keys: tuple[str, ...]
    ids: tuple[str, ...]
    received: tuple[datetime, ...]
    day: Ints
    texts: tuple[str, ...]

    def words(self) -> list[list[str]]:
        """Their words, stop words left out."""
        return [segment(text) for text in self.texts]


@dataclass(frozen=True)
class Raised:
    """One alert: the day, an ordinal, its cluster, and the rows it shows."""

    day: int
    cluster: int
    rows: tuple[int, ...]


def streams(folder: Path) -> list[Stream]:
    """The real streams that are named in the environment, and the simulated city, written into `folder`."""
    found = real_streams()
    city = folder / "city"
    simulate(CITY, city)
    return [*found, Stream("simulated city", (city,), city / "truth.json")]


def corpus(warehouse: Path) -> Corpus:
    """The reports of a warehouse."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(
            "SELECT report_key, report_id, received_at, known_at, title, body FROM reports"
            " ORDER BY known_at, received_at, report_key"
        ).fetchall()
    keys, ids, received, known, titles, bodies = zip(*rows, strict=True)
    days = np.array([day_of(at).toordinal() for at in known], np.int64)
    return Corpus(keys, ids, tuple(at.astimezone(LOCAL) for at in received), days,
                  tuple(f"{title} {body}" for title, body in zip(titles, bodies, strict=True)))  # fmt: skip


def write(folder: Path, found: list[Raised], clusters: dict[int, int], of: Corpus) -> None:
    """Write alerts and final clusters (row → cluster) as a replay writes them; a cluster of one is no cluster."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        {"date": str(date.fromordinal(a.day)), "issue_id": a.cluster, "report_ids": [of.ids[row] for row in a.rows]}
        for a in found
    ]
    (folder / "alerts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    sizes: dict[int, int] = {}
    for cluster in clusters.values():
        sizes[cluster] = sizes.get(cluster, 0) + 1
    with (folder / "assignments.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["report_id", "issue_id", "received_at"])
        for row, (report, at) in enumerate(zip(of.ids, of.received, strict=True)):
            mine = clusters.get(row)
            writer.writerow([report, mine if mine is not None and sizes[mine] > 1 else "", at.isoformat()])
    first, last = (str(date.fromordinal(int(day))) for day in (of.day.min(), of.day.max()))
    (folder / "replay.json").write_text(json.dumps({"first": first, "last": last}), "utf-8")


def scored(folder: Path, stream: Stream) -> Score:
    """The score of a folder, by the code of `jianwei evaluate`."""
    return evaluate(folder, stream.events, first=stream.first, last=stream.last)
