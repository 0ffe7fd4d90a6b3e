"""Whether points and chances of escalation risk hold: against what came of issues, and the truth of planted incidents.

`python -m benchmarks.escalation [--seeds 10] [--days 90] [--per-day 44]`. Simulated cities replayed at the default;
incidents are worded by phrases kept apart for testing. Points are those of the alert that first named an incident, and
those that the board showed on days counted from its first report. Chances are those of a model fitted on the other
cities; they are held against what came of all issues within 30 days, by the definition, and against the true hazard.
"""

import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from benchmarks import commands, text_city
from benchmarks.recording import Cell, Result, Table, machine, write
from models.risk import fit_risk, measured
from signals.evaluate import Score
from signals.likelihood import Likelihood, Quality
from signals.records import Factor
from signals.settings import Settings
from signals.simulate.simulation import simulate
from signals.simulate.truth import Planted, Truth
from signals.store.escalations import Examples, examples
from signals.store.warehouse import reading
from signals.suppression import LEAST_PEOPLE

AFTER_DAYS = (7, 14, 30)  # after an incident's first report
FIRST_ALERT = "first alert"
FACTORS = {
    "不同诉求人": "complainants", "近7天增长": "growth in 7 days", "涉及县区": "districts", "来源渠道": "sources",
    "答复后又有人反映": "again after an answer", "超期未办": "overdue", "退回改派": "returned",
    "回访未解决": "not solved", "自述群体规模": "stated group", "生命安全": "life safety",
    "基本民生": "livelihood", "涉及钱款": "money", "近日无新增": "quiet days", "按时实质答复": "answered in time",
    "已达成调解": "settled", "封顶与保底": "cut to 0 … 100",
}  # fmt: skip
STATE_OF = """
with held as (
  select links.issue_id, count(*) as n from links join reports using (report_key)
  where list_contains($ids, report_id) and from_on <= $day and (until_on is null or until_on > $day) group by all
)
select risk_points, n_complainants, factors from held join issue_days using (issue_id)
where day <= $day order by n desc, issue_id, day desc limit 1
"""
ALERT_OF = """
with named as (
  select alerts.*, (select count(*) from reports
    where list_contains(report_keys, report_key) and list_contains($ids, report_id)) as n
  from alerts where day = $day and not is_update
)
select risk_points, n_complainants, factors from named order by n desc, issue_id limit 1
"""


@dataclass(frozen=True)
class Seen:
    """The issue that holds most of an incident's reports, as it was on a day, and the truth of the incident."""

    city: int
    points: float  # of escalation risk, 0 to 100
    n_complainants: int  # of the issue, in 120 days
    factors: dict[str, float]  # points by factor
    chance: float  # true hazard
    observed: float  # the hazard's logit without the part drawn for every incident
    said: float = math.nan  # chance of escalating, by a model fitted on the other cities


def main() -> None:
    """Simulate, replay, read points, write."""
    chosen = text_city.Cities.asked(__doc__ or "", seeds=10, days=90, per_day=44.0)
    if chosen.seeds < 2:
        raise SystemExit("--seeds: a standard error needs two cities or more")
    found: dict[str, list[Seen]] = {when: [] for when in (FIRST_ALERT, *map(after, AFTER_DAYS))}
    outcomes = dict[int, Examples]()
    for seed in range(1, chosen.seeds + 1):
        with tempfile.TemporaryDirectory() as folder:
            city, out = Path(folder) / "city", Path(folder) / "replay"
            truth = simulate(text_city.settings(seed, chosen.days, chosen.per_day), city)
            commands.replay([city], out)
            for when, seen in read(seed, truth, text_city.scored(city, truth, out), commands.warehouse(out)):
                found[when].append(seen)
            with reading(commands.warehouse(out)) as connection:
                last_on = truth.first_on + timedelta(days=truth.n_days - 1)
                outcomes[seed] = examples(connection, last_on, Settings().answer_days)
        print(f"seed {seed}: {', '.join(f'{len(seen)} {when}' for when, seen in found.items())}", flush=True)
    models = {seed: fit_risk(together([known for other, known in outcomes.items() if other != seed]), f"{seed}")
              for seed in outcomes}  # fmt: skip
    found = {when: [replace(one, said=chance_of(models[one.city], one.factors)) for one in seen]
             for when, seen in found.items()}  # fmt: skip
    command = f"python -m benchmarks.escalation {chosen}"
    tables = (ranking(found), calibration(outcomes, models), by_factor(found))
    write(Result("escalation", "Escalation risk on simulated cities", command, machine(), tables, NOTES))


def together(cities: Sequence[Examples]) -> Examples:
    """The examples of several cities as of one, whose issues stay apart."""
    names = sorted({name for city in cities for name in city.names})
    points = [np.zeros((len(city.issues), len(names))) for city in cities]
    for city, of in zip(cities, points, strict=True):
        of[:, [names.index(name) for name in city.names]] = city.points
    firsts = np.cumsum([0, *(int(city.issues.max(initial=0)) + 1 for city in cities[:-1])])
    return Examples(
        np.concatenate([city.issues + first for city, first in zip(cities, firsts.tolist(), strict=True)]),
        tuple(names), np.vstack(points), np.concatenate([city.escalated for city in cities]),
        np.concatenate([city.areas for city in cities]), np.concatenate([city.sources for city in cities]),
    )  # fmt: skip


def chance_of(model: Likelihood, factors: Mapping[str, float]) -> float:
    """What a model says of points by factor."""
    return model.of([Factor(name, points, "") for name, points in factors.items()])


def chances_of(model: Likelihood, known: Examples) -> NDArray[np.float64]:
    """What a model says of each example, (n,)."""
    return np.array([chance_of(model, dict(zip(known.names, row, strict=True))) for row in known.points.tolist()])


def calibration(outcomes: dict[int, Examples], models: dict[int, Likelihood]) -> Table:
    """A row: all cities as one, and the mean and the extremes of each alone."""
    chances = {seed: chances_of(models[seed], known) for seed, known in outcomes.items()}
    each = [measured(chances[seed], known) for seed, known in outcomes.items()]
    pooled = measured(np.concatenate(list(chances.values())), together(list(outcomes.values())))

    def row(name: str, of: Callable[[Quality], float | None]) -> tuple[Cell, ...]:
        alone = [value for one in each if (value := of(one)) is not None]
        return (name, of(pooled) or 0.0, sum(alone) / len(alone), min(alone), max(alone))

    rows = (
        row("issues", lambda q: q.n_issues), row("issues on days", lambda q: q.n),
        row("share that escalated", lambda q: q.share), row("AUC of chances", lambda q: q.auc),
        row("AUC of points", lambda q: q.points_auc), row("average precision", lambda q: q.average_precision),
        row("recall at 12 % flagged", lambda q: q.recall), row("Brier skill", lambda q: q.brier_skill),
        row("expected calibration error", lambda q: q.ece),
        row("widest gap of a district or source", lambda q: max((abs(gap) for gap in q.gaps.values()), default=0.0)),
    )  # fmt: skip
    columns = ("of what came within 30 days", "all cities as one", "mean of cities", "lowest", "highest")
    return Table(f"Chances by a model of the {len(outcomes) - 1} other cities", columns, rows)


def after(days: int) -> str:
    """The name of a day so many after an incident's first report."""
    return f"{days} days after its first report"


def read(seed: int, truth: Truth, score: Score, warehouse: Path) -> list[tuple[str, Seen]]:
    """What the issue of every incident looked like, on each day it is asked for and exists by then."""
    last_on = truth.first_on + timedelta(days=truth.n_days - 1)
    alerted = {named.event_id: named.day for named in score.caught}
    found = []
    with duckdb.connect(str(warehouse), read_only=True) as db:
        for event in truth.events:
            if event.hazard is None:
                continue
            began_on = date.fromisoformat(event.first)
            days = {after(n): began_on + timedelta(days=n) for n in AFTER_DAYS}
            for when, day in days.items():
                if day <= last_on and (seen := seen_on(db, seed, event, day)):
                    found.append((when, seen))
            on = alerted.get(event.event_id)
            if on and (seen := seen_on(db, seed, event, on, query=ALERT_OF)):
                found.append((FIRST_ALERT, seen))
    return found


def seen_on(
    db: duckdb.DuckDBPyConnection, seed: int, event: Planted, day: date, *, query: str = STATE_OF
) -> Seen | None:
    """The issue that holds most of an incident's reports on a day, by its last state then; None below two people.

    Of issues that hold as many the older. The state is what the board shows: kept on the last day on which anything
    came or a Monday renewed it. With ALERT_OF the alert of that day that has most of the incident's reports, instead.
    """
    row = db.execute(query, {"ids": event.ids, "day": day}).fetchone()
    if row is None or row[1] < LEAST_PEOPLE or event.hazard is None:
        return None
    points, people, factors = row
    observed = math.log(event.hazard / (1 - event.hazard)) - (event.hazard_unobserved or 0.0)
    return Seen(seed, points, people, {f["name"]: f["points"] for f in factors}, event.hazard, observed)


def expected_auc(scores: Sequence[float], chances: Sequence[float]) -> float:
    """Chance that of two incidents of which one escalates and the other not, the one scores higher; ties count half.

    Over all draws of what escalates with these chances, weighed by pairs: sum p_i (1 - p_j) [s_i > s_j] / sum
    p_i (1 - p_j), i ≠ j. One draw alone would add noise that no predictor is to blame for. Nan without pairs.
    """
    s, p = np.asarray(scores, float), np.asarray(chances, float)
    weights = np.outer(p, 1 - p)
    np.fill_diagonal(weights, 0)
    wins: NDArray[np.float64] = (s[:, None] > s) + 0.5 * (s[:, None] == s)
    return float((weights * wins).sum() / weights.sum()) if weights.sum() else math.nan


def with_error(seen: Sequence[Seen], scored: Callable[[Seen], float]) -> tuple[float, float]:
    """The expected AUC of a score, and its standard error by leaving out each city in turn (jackknife)."""
    def of(some: Sequence[Seen]) -> float:
        return expected_auc([scored(one) for one in some], [one.chance for one in some])

    cities = sorted({one.city for one in seen})
    without = [of([one for one in seen if one.city != city]) for city in cities]
    n = len(cities)
    return of(seen), float(np.sqrt((n - 1) / n * ((np.array(without) - np.mean(without)) ** 2).sum()))


PREDICTORS: dict[str, Callable[[Seen], float]] = {
    "true hazard": lambda one: one.chance,
    "its formula alone": lambda one: one.observed,
    "points": lambda one: one.points,
    "chances": lambda one: one.said,
    "complainants alone": lambda one: one.n_complainants,
}


def ranking(found: dict[str, list[Seen]]) -> Table:
    """A row a day: incidents, the chance in the mean, and the AUC of each predictor."""
    columns = ("on the day", "incidents", "escalate, mean chance",
               *(f"AUC of {name}" for name in PREDICTORS), "points, ± one s.e.", "chances, ± one s.e.")  # fmt: skip
    rows = list[tuple[Cell, ...]]()
    for when, seen in found.items():
        if seen:
            aucs = {name: with_error(seen, scored) for name, scored in PREDICTORS.items()}
            mean = sum(one.chance for one in seen) / len(seen)
            rows.append((when, len(seen), mean, *(auc for auc, _ in aucs.values()), aucs["points"][1],
                         aucs["chances"][1]))  # fmt: skip
    n_cities = len({one.city for seen in found.values() for one in seen})
    return Table(f"{n_cities} cities at the default", columns, tuple(rows))


def by_factor(found: dict[str, list[Seen]]) -> Table:
    """What each factor does to the ranking of the last day that is asked for: alone, and the points without it."""
    seen = found[after(AFTER_DAYS[-1])]
    names = sorted({name for one in seen for name in one.factors})
    rows = list[tuple[Cell, ...]]()
    chances = [one.chance for one in seen]
    for name in names:
        of_it = [one.factors.get(name, 0.0) for one in seen]
        without = [round(one.points - points, 1) for one, points in zip(seen, of_it, strict=True)]
        rows.append((FACTORS[name], sum(points != 0 for points in of_it), expected_auc(of_it, chances),
                     expected_auc(without, chances)))  # fmt: skip
    columns = ("factor", "incidents that have it", "AUC alone", "AUC of the points without it")
    return Table("By factor", columns, tuple(rows))


NOTES = (
    "Points are 0 to 100, set by judgement. Chances are of a model of the same factors whose weights were fitted on"
    " what came of the issues of the other cities, as `jianwei retrain risk` fits them on a site's own past. They say"
    " how likely an issue is to escalate within 30 days by the definition (overdue, returned, not solved at the visit,"
    " two others after an answer), which the true hazard of an incident is not: here most planted incidents have two"
    " people after the first answer, whatever is drawn of them, because orders end while people still call. So chances"
    " are calibrated to what came, and against the hazard only their order is scored.",
    "An issue has a row a day on which it was described; all rows whose 30 days were over are counted. ECE is over"
    " tenths of equal size; of one city it holds the luck of few hundred issues besides.",
    "An AUC here is the chance, over all draws of what escalates, that of two incidents of which one escalates"
    " and one does not the former scores higher. The true hazard is its own best predictor; its formula without"
    " the part drawn for every incident knows the planned number of reports, the shape and the kind of matter.",
    "First alert: of incidents that an alert named, by that alert. On the other days an incident is read off the"
    " issue that holds most of its reports then, as the board shows it; incidents whose issue has no two"
    " complainants, or that began too late for the day to be inside the period, are left out.",
    "By factor, 30 days after the first report. What the service does is drawn here for every report alone, with"
    " the hazard as its chance of going wrong, so overdue orders betray the hazard; and it makes nobody report"
    " again, so who does after an answer tells of an incident's size and of how fast orders end, and brings"
    " nothing of its own. Returned orders and visits have no time of their own in these exports: a replay never"
    " sees them.",
)

if __name__ == "__main__":
    main()
