"""A simulated city that has run for a year: what the seasons that come again ring, and what else is caught then.

`python -m benchmarks.second_year [--seeds 2] [--days 545] [--per-day 60]`. Default settings; incidents are worded by
phrases kept apart for testing. The first year is the same cities', when no season had been seen before.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from benchmarks import commands, text_city
from benchmarks.recording import Cell, Result, Table, machine, write
from benchmarks.text_city import LARGE, Judged
from signals.detector.window_scan import WINDOWS
from signals.evaluate import Event, RaisedAlert, read_events
from signals.seasons import SLACK_DAYS, YEAR_DAYS
from signals.simulate.simulation import simulate
from signals.simulate.truth import Truth

EXTRA_INCIDENTS = 80
PARTS = ("first year", "after it")
KNOWN_DAYS = YEAR_DAYS + SLACK_DAYS + WINDOWS[-1]  # all windows have been seen then, but near the festival


def main() -> None:
    """Simulate, replay, judge both parts, write."""
    chosen = text_city.Cities.asked(__doc__ or "", days=545, per_day=60.0)
    found: dict[str, list[Judged]] = {part: [] for part in PARTS}
    for seed in range(1, chosen.seeds + 1):
        with tempfile.TemporaryDirectory() as folder:
            city, out = Path(folder) / "city", Path(folder) / "replay"
            settings = replace(text_city.settings(seed, chosen.days, chosen.per_day), n_extra_incidents=EXTRA_INCIDENTS)
            truth = simulate(settings, city)
            commands.replay([city], out)
            score = text_city.scored(city, truth, out)
            catches = text_city.catches_of(truth, score)
            parts = by_part(truth, catches, read_events(city / "truth.json"), text_city.raised(out), score.pairwise_f1)
        for part, judged in zip(PARTS, parts, strict=True):
            found[part].append(judged)
            print(f"seed {seed}, {part}: {judged.n_alerts} alerts, {judged.n_false} false", flush=True)
    command = f"python -m benchmarks.second_year {chosen}"
    write(Result("second_year", "Simulated cities in their second year", command, machine(), (table(found),), NOTES))


def by_part(
    truth: Truth, catches: Sequence[text_city.Catch], events: Sequence[Event], alerts: Sequence[RaisedAlert],
    pairwise_f1: float,
) -> tuple[Judged, Judged]:  # fmt: skip
    """The first KNOWN_DAYS of a city and what follows: incidents and decoys by their start, alerts by their day."""
    then = truth.first_on + timedelta(days=KNOWN_DAYS)

    def part(is_later: bool, n_days: int) -> Judged:
        return text_city.judge(
            tuple(c for c in catches if (c.begins >= KNOWN_DAYS) == is_later), events,
            [d for d in truth.decoys if (date.fromisoformat(d.first) >= then) == is_later],
            [a for a in alerts if (a.day >= then) == is_later], n_days, pairwise_f1, 0.0,
        )  # fmt: skip

    return part(False, KNOWN_DAYS), part(True, truth.n_days - KNOWN_DAYS)


COLUMNS = ("part", "days", "alerts a week", "precision", "incidents", "caught", f"of ≥ {LARGE} reports",
           f"caught of ≥ {LARGE} reports", f"median days, ≥ {LARGE}", f"median reports, ≥ {LARGE}",
           "seasonal decoys alerted", "of", "other decoys alerted", "of them")  # fmt: skip


def table(found: dict[str, list[Judged]]) -> Table:
    """A row a part, all cities together."""
    return Table(f"{len(found[PARTS[0]])} cities at the default", COLUMNS,
                 tuple((part, *row(judged)) for part, judged in found.items()))  # fmt: skip


def row(judged: Sequence[Judged]) -> tuple[Cell, ...]:
    """One part of all cities."""
    catches = [c for one in judged for c in one.catches]
    large = [c for c in catches if c.size >= LARGE]
    days, n_alerts = sum(one.n_days for one in judged), sum(one.n_alerts for one in judged)
    decoys = [decoy for one in judged for decoy in one.decoys]
    seasonal = [decoy.is_alerted for decoy in decoys if decoy.kind == "seasonal"]
    others = [decoy.is_alerted for decoy in decoys if decoy.kind != "seasonal"]
    return (
        days, 7 * n_alerts / days, text_city.precision(judged),
        len(catches), text_city.share(catches), len(large), text_city.share(large),
        text_city.middle([c.days for c in large]), text_city.middle([c.reports for c in large]),
        sum(seasonal), len(seasonal), sum(others), len(others),
    )  # fmt: skip


NOTES = (
    "A season comes again all over the city, never twice at one place. What rose a year before and is not clearly more"
    f" now is an update and no alert (decision 18). The first year has {KNOWN_DAYS} days here: then all windows are"
    " known but those near the Spring Festival, whose second fireworks fall into it; after it come rain and exams.",
    f"Incidents are the written ones, which all begin in the first months, and {EXTRA_INCIDENTS} everyday matters that"
    " burst on any day. Incidents and decoys belong to the part in which they begin, alerts to the part of their day.",
    "The budget follows the stream: the default is scaled to its reports a week. Precision here is not a lower bound:"
    " all truth is known. An alert of a chronic spot is not false.",
)

if __name__ == "__main__":
    main()
