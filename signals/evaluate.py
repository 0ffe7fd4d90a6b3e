"""Scoring a replay against labelled events: did alerts name them, how early, how often was an alert about none.

An alert names an event when at least half of its reports, and at least two, are the event's. Precision is a lower
bound: lists of events are incomplete. Rates are nan where undefined.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from signals.errors import InputError


@dataclass(frozen=True, slots=True)
class Event:
    """One labelled event; soft ids count neither for nor against."""

    event_id: str
    kind: str
    scope: str  # specific | citywide | ""
    ids: frozenset[str]
    soft_ids: frozenset[str]
    onset: date | None
    is_left_censored: bool


@dataclass(frozen=True, slots=True)
class RaisedAlert:
    """One line of alerts.jsonl, as far as scoring needs it."""

    day: date
    report_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Named:
    """How an event was first named."""

    event_id: str
    day: date
    n_seen: int  # the event's reports among those received by that day
    n_at_third: float  # the same by the end of the day of the third: no day earlier could have seen three; or nan
    days_after_third: float  # negative: before it; nan for events with fewer than three
    share_to_come: float  # of the event's reports


@dataclass(frozen=True, slots=True)
class OfScope:
    """The figures of the events of one scope alone."""

    n_events: int
    n_caught: int
    median_seen: float
    median_at_third: float
    median_days_after_third: float
    pairwise_f1: float
    b_cubed_f1: float


@dataclass(frozen=True, slots=True)
class Score:
    """The figures of an evaluation; shares in [0, 1]."""

    n_events: int
    n_caught: int
    burst_recall: float
    n_alerts: int
    alerts_per_week: float
    precision: float
    median_seen: float
    median_at_third: float
    median_days_after_third: float
    median_share_to_come: float
    pairwise_f1: float
    pairwise_precision: float
    pairwise_recall: float
    b_cubed_f1: float
    caught: tuple[Named, ...]
    missed: tuple[str, ...]
    by_scope: dict[str, OfScope]


def fault_of(error: Exception) -> str:
    """What was wrong with a file that a replay or a labeller wrote, in brackets; "" where that says nothing."""
    match error:
        case json.JSONDecodeError():
            return f"（第 {error.lineno} 行第 {error.colno} 列不是 JSON）"
        case KeyError():
            return f"（缺少 {error.args[0]}）"
        case FileNotFoundError():
            return f"（缺少文件 {Path(error.filename).name}）"
    return ""


def read_events(path: Path) -> list[Event]:
    """Events of a gold file or a truth.json. Raises InputError naming the file when it is neither."""
    if not path.is_file():
        raise InputError(f"{path}: 没有这个事件清单文件。请检查 --events 的路径。")
    try:
        listed = json.loads(path.read_text("utf-8"))["events"]
        return [
            Event(e["event_id"], e["kind"], e.get("scope", ""), frozenset(map(str, e["ids"])),
                  frozenset(map(str, [*e.get("soft_ids", ()), *e.get("copies", ())])),
                  date.fromisoformat(e["onset"]) if e.get("onset") else None, bool(e.get("left_censored")))
            for e in listed
        ]  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{path}: 不是事件清单，或已损坏{fault_of(error)}；应为含 events 列表的 JSON。请核对文件。"
        ) from error


def names(alert: RaisedAlert, event: Event) -> bool:
    """Whether at least half of the alert's reports, and two or more, are the event's (soft ids left out)."""
    counted = alert.report_ids - (event.soft_ids - event.ids)
    hits = len(counted & event.ids)
    return hits >= 2 and 2 * hits >= len(counted)


def score(
    events: Sequence[Event],
    alerts: Sequence[RaisedAlert],
    assignments: dict[str, str],
    received: dict[str, date],
    *,
    first: date,
    last: date,
) -> Score:
    """Score alerts of [first, last] against bursts with their onset inside, and assignments against all labels."""
    shown = [alert for alert in alerts if first <= alert.day <= last]
    bursts = [event for event in events if _counts(event, received, first, last)]
    caught = [named for e in bursts if (named := first_named(e, shown, received))]
    seen_ids = {named.event_id for named in caught}
    right = sum(any(names(alert, event) for event in events) for alert in shown)
    weeks = ((last - first).days + 1) / 7
    precision, recall, f1 = pairwise(events, assignments)
    return Score(
        len(bursts), len(caught), len(caught) / len(bursts) if bursts else math.nan, len(shown), len(shown) / weeks,
        right / len(shown) if shown else math.nan, *_earliness(caught), _median([c.share_to_come for c in caught]),
        f1, precision, recall, b_cubed(events, assignments),
        tuple(caught), tuple(e.event_id for e in bursts if e.event_id not in seen_ids),
        {scope: _of_scope(scope, events, bursts, caught, assignments) for scope in sorted({e.scope for e in events})},
    )  # fmt: skip


def _of_scope(
    scope: str, events: Sequence[Event], bursts: Sequence[Event], caught: Sequence[Named], assignments: dict[str, str]
) -> OfScope:
    labelled = [event for event in events if event.scope == scope]
    ids = {event.event_id for event in bursts if event.scope == scope}
    named = [each for each in caught if each.event_id in ids]
    return OfScope(len(ids), len(named), *_earliness(named), pairwise(labelled, assignments)[2],
                   b_cubed(labelled, assignments))  # fmt: skip


def _earliness(caught: Sequence[Named]) -> tuple[float, float, float]:
    """Medians of n_seen, n_at_third and days_after_third."""
    return (
        _median([named.n_seen for named in caught]),
        _median([named.n_at_third for named in caught]),
        _median([named.days_after_third for named in caught]),
    )


def _counts(event: Event, received: dict[str, date], first: date, last: date) -> bool:
    if event.kind != "burst" or event.is_left_censored:
        return False
    days = [received[i] for i in event.ids if i in received]
    onset = event.onset or (min(days) if days else date.max)
    return first <= onset <= last


def first_named(event: Event, alerts: Sequence[RaisedAlert], received: dict[str, date]) -> Named | None:
    """The first alert that names the event, None when none does."""
    days = sorted(received[i] for i in event.ids if i in received)
    for alert in sorted(alerts, key=lambda a: a.day):
        if names(alert, event):
            seen = sum(day <= alert.day for day in days)
            at_third, after = math.nan, math.nan
            if len(days) > 2:
                at_third, after = sum(day <= days[2] for day in days), (alert.day - days[2]) / timedelta(days=1)
            return Named(event.event_id, alert.day, seen, at_third, after, 1 - seen / len(days))
    return None


def pairwise(events: Sequence[Event], assignments: dict[str, str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs of labelled reports in one issue; unassigned reports stand alone."""
    labels, clusters = _labelled(events, assignments)

    def pairs(groups: Counter[object]) -> int:
        return sum(n * (n - 1) // 2 for n in groups.values())

    both = pairs(Counter((labels[i], clusters[i]) for i in labels))
    truth, found = pairs(Counter(labels.values())), pairs(Counter(clusters.values()))
    precision = both / found if found else math.nan
    recall = both / truth if truth else math.nan
    return precision, recall, _f1(precision, recall)


def b_cubed(events: Sequence[Event], assignments: dict[str, str]) -> float:
    """B-cubed F1 over labelled reports (Bagga & Baldwin 1998)."""
    labels, clusters = _labelled(events, assignments)
    if not labels:
        return math.nan
    by_label, by_cluster = defaultdict(set), defaultdict(set)
    for i in labels:
        by_label[labels[i]].add(i)
        by_cluster[clusters[i]].add(i)
    precision = recall = 0.0
    for i in labels:
        both = len(by_label[labels[i]] & by_cluster[clusters[i]])
        precision += both / len(by_cluster[clusters[i]]) / len(labels)
        recall += both / len(by_label[labels[i]]) / len(labels)
    return _f1(precision, recall)


def _labelled(events: Sequence[Event], assignments: dict[str, str]) -> tuple[dict[str, object], dict[str, object]]:
    labels: dict[str, object] = {}
    for event in events:
        for i in sorted(event.ids - event.soft_ids):
            labels.setdefault(i, event.event_id)
    clusters: dict[str, object] = {i: assignments.get(i) or ("alone", i) for i in labels}
    return labels, clusters


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else math.nan


def _median(values: Sequence[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return float(median(known)) if known else math.nan
