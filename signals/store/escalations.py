"""How issues went on: their factors of risk on each day they were described, and whether they escalated in 30 days.

Escalated, as in `signals.risk`: after the day and within HORIZON_DAYS, and not after a verification that held, a report
was overdue, returned, or found unsolved at the visit; or the case was reopened; or two other complainants reported
after an answer. What a first load of the past tells without its time may lie in any window, and counts in none; where a
source has never told when a report was dealt with, none of its reports is overdue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from signals.clock import end_of
from signals.likelihood import HORIZON_DAYS
from signals.progress import DENIALS
from signals.records import GRIEVANCES
from signals.store.as_of import DAY, DEALT_WITH, ends_by, is_voice, not_void, telling
from signals.suppression import LEAST_PEOPLE

EXAMPLE_DAYS = 365  # of how many days back, at most, issues are looked at
SEVERAL = ""  # district or source of an issue that has more than one
COUNTED_AGAIN = 2  # complainants after an answer


@dataclass(frozen=True, slots=True)
class Examples:
    """Issues of two people or more as they were on n days, parallel; an issue has a row a day it was described on."""

    issues: NDArray[np.int64]  # (n,)
    names: tuple[str, ...]  # of factors, (k,)
    points: NDArray[np.float64]  # (n, k)
    escalated: NDArray[np.bool_]  # (n,)
    areas: NDArray[np.str_]  # (n,) adcode, SEVERAL or unknown: ""
    sources: NDArray[np.str_]  # (n,)

    @property
    def n_issues(self) -> int:
        return len(np.unique(self.issues))

    @property
    def n_escalated(self) -> int:
        """How many of the issues ever escalated."""
        return len(np.unique(self.issues[self.escalated]))


def examples(connection: duckdb.DuckDBPyConnection, through: date, answer_days: Mapping[str, int]) -> Examples:
    """All whose 30 days were over by the end of `through`, from what was known then; by issue and day."""
    newest = through - timedelta(days=HORIZON_DAYS)
    found = connection.execute(
        _query(answer_days),
        {"oldest": newest - timedelta(days=EXAMPLE_DAYS), "newest": newest, "through": through, "end": end_of(through),
         "grievances": sorted(GRIEVANCES)},
    ).to_arrow_table()  # fmt: skip
    return _parsed(found.combine_chunks())


def _query(answer_days: Mapping[str, int]) -> str:
    no = " OR ".join(f"starts_with(lower(u.value), '{word}')" for word in DENIALS)
    return f"""
    WITH described AS (
      SELECT issue_id, day, factors, areas, sources,
        epoch_us((day + 1)::TIMESTAMPTZ) AS opens, epoch_us((day + 1)::TIMESTAMPTZ) + {HORIZON_DAYS * DAY} AS closes
      FROM issue_days WHERE n_complainants >= {LEAST_PEOPLE} AND day > $oldest AND day <= $newest),
    facts AS (
      SELECT u.report_key, {DEALT_WITH},
        list(epoch_us(coalesce(u."at", u.known_at))) FILTER ((u."at" IS NOT NULL OR f.history = false)
          AND (u.field = 'returned' AND u.value NOT IN ('', '0') OR u.field = 'solved' AND ({no}))) AS wrong
      FROM updates u LEFT JOIN files f USING (file_id) WHERE u.known_at < $end GROUP BY u.report_key),
    told AS (
      SELECT l.issue_id, l.from_on, l.until_on, epoch_us(r.received_at) AS received, f.wrong,
        epoch_us(least(f.answered, f.closed)) AS done,
        CASE WHEN r.source IN {telling("$end")} THEN {ends_by("r", "f.moved", answer_days)} END AS ends_by,
        {is_voice("$through")} AS is_voice
      FROM links l JOIN reports r USING (report_key) JOIN report_days d USING (report_key)
        LEFT JOIN facts f USING (report_key)
      WHERE list_contains($grievances, r.kind) AND {not_void("r.report_key", "$through")}),
    lived AS (
      SELECT d.issue_id, d.day, d.opens, d.closes, t.received, t.is_voice,
        min(t.done) OVER (PARTITION BY d.issue_id, d.day) AS answered,
        CASE WHEN t.ends_by IS NOT NULL AND greatest(t.ends_by, d.opens) < least(coalesce(t.done, d.closes), d.closes)
          THEN greatest(t.ends_by, d.opens) END AS overdue,
        list_min(list_filter(t.wrong, x -> x >= d.opens AND x < d.closes)) AS wrong
      FROM described d JOIN told t ON t.issue_id = d.issue_id
        AND t.from_on <= d.day + {HORIZON_DAYS} AND (t.until_on IS NULL OR t.until_on > d.day)),
    served AS (
      SELECT issue_id, day, closes, opens, least(min(overdue), min(wrong), list_sort(list(received) FILTER (
          is_voice AND received > answered AND received >= opens AND received < closes))[{COUNTED_AGAIN}]) AS first
      FROM lived GROUP BY ALL),
    steps AS (SELECT issue_id, step, epoch_us("at") AS at FROM handling WHERE step IN ('verified', 'reopened')),
    ended AS (
      SELECT s.issue_id, s.day, s.first IS NOT NULL
          AND arg_max(t.step, t.at) FILTER (t.at <= s.first) IS DISTINCT FROM 'verified'
        OR count(*) FILTER (t.step = 'reopened' AND t.at >= s.opens AND t.at < s.closes) > 0 AS escalated
      FROM served s LEFT JOIN steps t USING (issue_id) GROUP BY s.issue_id, s.day, s.first, s.opens, s.closes)
    SELECT issue_id, factors, coalesce(escalated, false) AS escalated,
      CASE WHEN len(areas) = 1 THEN areas[1] ELSE '' END AS area,
      CASE WHEN len(sources) = 1 THEN sources[1] ELSE '' END AS source
    FROM described LEFT JOIN ended USING (issue_id, day) ORDER BY issue_id, day"""


def _parsed(found: Any) -> Examples:
    factors = found["factors"].combine_chunks() if found.num_rows else pa.array([], pa.list_(pa.struct([])))
    each = factors.flatten()
    row = np.repeat(np.arange(len(factors)), factors.value_lengths().to_numpy(zero_copy_only=False))
    names, which = np.unique(np.array(each.field("name").to_pylist() if len(each) else [], str), return_inverse=True)
    points = np.zeros((len(factors), len(names)))
    if len(each):
        np.add.at(points, (row, which), each.field("points").to_numpy(zero_copy_only=False))
    return Examples(
        found["issue_id"].to_numpy(), tuple(names.tolist()), points, found["escalated"].to_numpy(),
        np.array(found["area"].to_pylist(), str), np.array(found["source"].to_pylist(), str),
    )  # fmt: skip
