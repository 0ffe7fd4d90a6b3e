"""What the picture of an issue against its usual range asks: new people of two weeks, and what was expected of them.

Links, counts and expectations are those of each day, as it stood then. They are of the whole city: the centre's alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from board.permission import Viewer
from board.queries import Connection, rows_of
from signals.detector.youth import days_heard, inflation_after
from signals.settings import DetectorSettings
from signals.store.as_of import is_voice, linked, not_void
from signals.usual import USUAL_WINDOW_DAYS, usual_range


@dataclass(frozen=True, slots=True)
class UsualDay:
    """New people of the two weeks up to a day, and the range that would be usual, both ends inclusive."""

    day: date
    n_people: int
    low: int
    high: int


def usual_days(
    con: Connection, viewer: Viewer, issue_id: int, first: date, detector: DetectorSettings
) -> tuple[UsualDay, ...]:
    """Run days from `first` on; none before the detector has expected anything of the issue, or outside the centre."""
    if not viewer.is_centre:
        return ()
    rows = rows_of(
        con,
        f"""WITH days AS (SELECT day FROM runs WHERE day >= $first),
             heard AS (
               SELECT days.day, d.day AS on_day, d.is_first, r.source, {is_voice("days.day")} AS is_voice
               FROM days JOIN links l ON l.issue_id = $issue AND {linked("days.day")}
               JOIN report_days d USING (report_key) JOIN reports r USING (report_key)
               WHERE {not_void("d.report_key", "days.day")}),
             counted AS (
               SELECT day, source, count(*) FILTER (on_day > day - $window) AS n,
                 count(*) FILTER (NOT is_first AND on_day >= day - $baseline AND on_day < day - $guard) AS n_past,
                 count(*) FILTER (on_day < day) AS n_before
               FROM heard WHERE is_voice GROUP BY ALL),
             exposed AS (
               SELECT days.day, t.source, sum(t.exposure) AS exposure
               FROM days JOIN day_totals t ON t.day <= days.day AND t.day > days.day - $window GROUP BY ALL),
             expected AS (
               SELECT days.day, arg_max(e.mu / e.exposure, e.day) AS rate FROM days JOIN evidence e ON e.day <= days.day
               WHERE e.issue_id = $issue AND e.exposure > 0 GROUP BY ALL)
           SELECT day, CAST(sum(n) AS BIGINT), any_value(rate),
             CAST(sum(n_past) AS BIGINT) + 1,
             sum(exposure * n_before) / sum(n_before)
           FROM counted JOIN exposed USING (day, source) JOIN expected USING (day)
           GROUP BY day HAVING sum(n_before) > 0 ORDER BY day""",
        {
            "issue": issue_id, "first": first, "window": USUAL_WINDOW_DAYS,
            "baseline": detector.baseline_days, "guard": detector.guard_days,
        },
    )  # fmt: skip
    if not rows:
        return ()
    days, n_people, rates, past, exposures = zip(*rows, strict=True)
    inflation = inflation_after(_heard_before(con, days), detector.inflation)
    usual = usual_range(np.array(rates), np.array(past, np.int64), np.array(exposures), inflation=inflation)
    ranges = zip(days, n_people, usual.low.tolist(), usual.high.tolist(), strict=True)
    return tuple(UsualDay(*each) for each in ranges)


def _heard_before(con: Connection, days: Sequence[date]) -> NDArray[np.int64]:
    """Over how many days the stream had been heard before each of some run days."""
    totals = rows_of(con, "SELECT day, sum(n_reports) FROM day_totals GROUP BY day ORDER BY day", {})
    heard = days_heard(np.array([0, *(n for _, n in totals[:-1])], float))
    before = {day: n for (day, _), n in zip(totals, heard.tolist(), strict=True)}
    return np.array([before[day] for day in days], np.int64)
