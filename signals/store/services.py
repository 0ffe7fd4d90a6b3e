"""How reports were dealt with: what each measure is a share of and its hits, by source, district and unit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from signals.clock import end_of
from signals.settings import Settings
from signals.store.as_of import DAY, DEALT_WITH, ends_by, linked
from signals.store.rows import insert
from signals.store.tallies import ABSENT, COUNTED, Flags, Labels, Numbers, labels, quantiles, tally

SERVICE_PERIODS = (28, 90, 365)  # days
SETS = ((), ("source",), ("area",), ("source", "area"), ("unit",))
TOLD = {  # what may be true of a report; NULL is not
    "in_time": "ended_at <= ends_by", "ended": "ended_at IS NOT NULL", "ends": "ends_by < epoch_us($end)",
    "has_returned": "returned IS NOT NULL", "returned": "returned NOT IN ('', '0')",
    "has_satisfied": "satisfied IN ('是', '否')", "satisfied": "satisfied = '是'",
    "has_solved": "solved IN ('是', '否')", "solved": "solved = '是'", "is_known": f"who <> '{ABSENT}'",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dealt:
    """Reports as they were dealt with, as parallel columns (n,), those that were answered soonest first."""

    age: Numbers  # days before the last
    person: Numbers
    by: dict[str, Labels]  # source, area, unit
    took: NDArray[np.float64]  # days to the first answer, NaN before
    again: Flags  # the same person came again with the same issue after the answer
    told: dict[str, Flags]


def save_services(connection: duckdb.DuckDBPyConnection, day: date, settings: Settings) -> None:
    """Count all measures in all periods up to a day."""
    dealt, counted = _dealt(connection, day, settings), list[pa.Table]()
    for (measure, counts, is_hit), period in product(_measures(dealt), SERVICE_PERIODS):
        rows = np.flatnonzero(counts & (dealt.age < period))
        took = dealt.took[rows] if measure == "answer" else np.full(len(rows), np.nan)
        for names in SETS:
            by = {name: dealt.by[name].of(rows) for name in names}
            cells = tally(by, dealt.person[rows], is_hit[rows])
            n = len(cells.numbers)
            counted.append(pa.table({
                "day": pa.repeat(day, n), "period": pa.repeat(period, n), "measure": pa.repeat(measure, n),
                **{name: cells.name(name) for name in dealt.by}, "n": cells.n_reports, "people": cells.n_people,
                "hits": cells.n_hits, "hit_people": cells.n_hit_people,
                "median": quantiles(by, took, cells, 0.5), "late": quantiles(by, took, cells, 0.9),
            }))  # fmt: skip
    insert(connection, "service_counts", pa.concat_tables(counted))


def _measures(dealt: Dealt) -> Iterator[tuple[str, Flags, Flags]]:
    """The measures: of which reports each is a share, and which of these are hits."""
    told, source = dealt.told, dealt.by["source"].numbers
    answered = ~np.isnan(dealt.took)
    tells = np.isin(source, source[told["ended"]])
    yield "ontime", tells & (told["ended"] | told["ends"]), told["in_time"]
    yield "overdue", tells, ~told["ended"] & told["ends"]
    yield "returned", np.isin(source, source[told["has_returned"]]), told["returned"]
    yield "repeat", answered & told["is_known"], dealt.again
    yield "satisfied", told["has_satisfied"], told["satisfied"]
    yield "solved", told["has_solved"], told["solved"]
    yield "answer", tells, answered


def _dealt(connection: duckdb.DuckDBPyConnection, day: date, settings: Settings) -> Dealt:
    told = ", ".join(f"coalesce({what}, false) AS told_{name}" for name, what in TOLD.items())
    found = connection.execute(
        f"""WITH counted AS ({COUNTED}),
        facts AS (SELECT u.report_key,
            {DEALT_WITH},
            arg_max(u.value, u.known_at) FILTER (u.field = 'returned') AS returned,
            arg_max(u.value, u.known_at) FILTER (u.field = 'solved') AS solved,
            arg_max(u.value, u.known_at) FILTER (u.field = 'satisfied') AS satisfied
          FROM updates u
          WHERE u.field = 'due' OR u."at" < $end OR (u."at" IS NULL
            AND (u.known_at < $end OR u.field NOT IN ('answered', 'closed')))
          GROUP BY u.report_key),
        dealt AS (SELECT c.*, f.returned, f.solved, f.satisfied, epoch_us(least(f.answered, f.closed)) AS first_at,
            epoch_us(coalesce(f.closed, f.answered)) AS ended_at, l.issue_id,
            {ends_by("c", "f.moved", settings.answer_days)} AS ends_by
          FROM counted c LEFT JOIN facts f USING (report_key)
          LEFT JOIN links l ON l.report_key = c.report_key AND {linked("$day")})
        SELECT ($day - day)::BIGINT AS age, who, source, area, unit, coalesce(issue_id, 0) AS issue,
          epoch_us(received_at) AS received, first_at, (first_at - epoch_us(received_at)) / {DAY} AS took, {told}
        FROM dealt""",
        {"first": day - timedelta(days=max(SERVICE_PERIODS)), "day": day, "end": end_of(day)},
    ).to_arrow_table()
    person, flags = labels(found["who"]).numbers, {name: found[f"told_{name}"].to_numpy() for name in TOLD}
    issue, received, first = (found[name].to_numpy() for name in ("issue", "received", "first_at"))
    latest = _latest(issue * (person.max(initial=0) + 1) + person, received)
    again = (latest > first) & flags["is_known"] & (issue > 0)
    by, took = {name: labels(found[name]) for name in ("source", "area", "unit")}, found["took"].to_numpy()
    order = np.argsort(took)
    by, flags = {name: each.of(order) for name, each in by.items()}, {name: each[order] for name, each in flags.items()}
    return Dealt(found["age"].to_numpy()[order], person[order], by, took[order], again[order], flags)


def _latest(group: Numbers, at: Numbers) -> Numbers:
    """The latest time in the group of each row."""
    order = np.lexsort((at, group))
    ends = np.searchsorted(group[order], group, side="right")
    return np.asarray(at[order][ends - 1]) if len(group) else at
