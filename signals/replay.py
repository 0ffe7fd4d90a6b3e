"""A replay: files of the past run day by day in a warehouse of their own, as if each day were today.

What it writes is the format of results: `alerts.jsonl`, `updates.jsonl`, `assignments.csv`, `replay.json`.
"""

import csv
import json
import math
import resource
import secrets
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from signals.clock import LOCAL, day_of
from signals.errors import InputError
from signals.ingest import How, Ingested, Refused, ingest_paths
from signals.likelihood import LikelihoodOn, uncalibrated
from signals.runner import DayDone, days_due, run_days
from signals.settings import Settings
from signals.shuffling import Shuffle, shuffle_days
from signals.store.rows import first_row
from signals.store.warehouse import create, kept_open, reading, writing
from signals.theming import AssignThemes, no_themes


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay came to; memory in MB, alerts a week over the whole window."""

    first: date
    last: date
    n_reports: int
    n_quarantined: int
    n_alerts: int
    alerts_per_week: float
    seconds_ingest: float
    seconds_run: float
    peak_memory_mb: float
    realized_over_budget: float | None = None  # alerts ÷ false alerts promised, of shuffled dates only
    known_through: date | None = None  # the last day on which a report of the files became known, before any shuffle


def replay(
    files: Sequence[Path],
    out: Path,
    settings: Settings,
    *,
    first: date | None = None,
    last: date | None = None,
    shuffle: Shuffle | None = None,
    assign: AssignThemes = no_themes,
    likelihoods: Callable[[Path], LikelihoodOn] = lambda warehouse: uncalibrated,
    on_day: Callable[[DayDone, int, int], None] = lambda done, i, n: None,
) -> Replayed:
    """Replay files into the folder `out`, which must be empty or hold an earlier replay.

    first, last: the days of which alerts are written (all earlier days are run too, for their past). shuffle: dates are
    drawn anew before the run, so that all alerts are due to chance. likelihoods: the models of escalating, by the path
    of the replay's own warehouse. The complainants' key is random and forgotten.
    Raises InputError where `out` holds anything else.
    """
    if first and last and first > last:
        raise InputError(f"replay: --from {first} 晚于 --to {last}。请改正日期。")
    settings = _own_warehouse(out, settings)
    clock = time.perf_counter()
    taken = list(_taken(files, settings))
    seconds_ingest, clock = time.perf_counter() - clock, time.perf_counter()
    with reading(settings.warehouse_path) as connection:
        row = first_row(connection.execute("SELECT max(known_at) FROM reports"))
    if row is None or row[0] is None:
        raise InputError(f"{files[0]}: 没有可用的诉求，无法回放。请用 jianwei ingest --check 查看原因。")
    known_through = day_of(row[0])
    if shuffle:
        with writing(settings.warehouse_path) as connection:
            shuffle_days(connection, shuffle)
    days = days_due(settings.warehouse_path, min(last or date.max, known_through))
    if first and first > days[-1]:
        raise InputError(f"replay: --from {first} 晚于最后一件诉求（{days[-1]}）。请给更早的日期。")
    path = settings.warehouse_path
    with kept_open(path):
        for i, done in enumerate(run_days(path, days, settings, assign, likelihoods(path), with_cells=False)):
            on_day(done, i + 1, len(days))
    seconds_run = time.perf_counter() - clock
    start, end = max(first or days[0], days[0]), days[-1]
    with reading(settings.warehouse_path) as connection:
        n_alerts = _write_alerts(connection, out / "alerts.jsonl", start, end, is_update=False)
        _write_alerts(connection, out / "updates.jsonl", start, end, is_update=True)
        n_reports = _write_assignments(connection, out / "assignments.csv")
        realized = n_alerts / _promised(connection, start, end) if shuffle else None
    weeks = ((end - start).days + 1) / 7
    replayed = Replayed(start, end, n_reports, sum(t.n_quarantined for t in taken), n_alerts, n_alerts / weeks,
                        round(seconds_ingest, 2), round(seconds_run, 2), round(peak_mb(), 1), realized,
                        known_through)  # fmt: skip
    _write_summary(out / "replay.json", replayed, settings, shuffle)
    return replayed


def peak_mb() -> float:
    """Peak memory so far of the largest process: this one, or one that worked for it and has ended."""
    those = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(each).ru_maxrss for each in those) / 1024


def _taken(files: Sequence[Path], settings: Settings) -> Iterator[Ingested]:
    for done in ingest_paths(files, How(settings, secrets.token_bytes(32), history=True)):
        if isinstance(done, Refused):
            raise InputError(done.reason)
        if isinstance(done, Ingested):
            yield done


def record_realized(path: Path, replayed: Replayed, shuffle: Shuffle, *, measured_at: datetime) -> None:
    """Keep what a shuffled replay measured in a site's warehouse: digest and board print it beside the promise."""
    version = f"{shuffle.name}-{measured_at:%Y%m%dT%H%M%S}"
    with writing(path) as connection:
        connection.execute(
            "INSERT INTO models VALUES ('budget', ?, 'current', ?, ?, '', ?)",
            [version, measured_at, replayed.known_through or replayed.last, f"{replayed.realized_over_budget:.2f}"],
        )


def _promised(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> float:
    row = first_row(connection.execute("SELECT sum(budget) FROM runs WHERE day BETWEEN ? AND ?", [first, last]))
    return float(row[0]) if row else math.nan


def _own_warehouse(out: Path, settings: Settings) -> Settings:
    known = {"alerts.jsonl", "updates.jsonl", "assignments.csv", "replay.json", "work"}
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: 不是文件夹。请换一个空文件夹。")
    if out.exists() and (strange := sorted(p.name for p in out.iterdir() if p.name not in known)):
        raise InputError(f"{out}: 文件夹里有别的文件（{strange[0]} 等）。请换一个空文件夹。")
    shutil.rmtree(out / "work", ignore_errors=True)
    (out / "work").mkdir(parents=True)
    settings = settings.model_copy(update={"folder": out / "work", "warehouse": None, "demo": True})
    create(settings.warehouse_path)
    return settings


def _write_alerts(
    connection: duckdb.DuckDBPyConnection, path: Path, first: date, last: date, *, is_update: bool
) -> int:
    rows = connection.execute(
        "SELECT day, issue_id, name, level, evidence, recurrence_days, risk, risk_points, report_keys, areas,"
        " n_complainants, arm, stage, reasons FROM alerts WHERE day BETWEEN ? AND ? AND is_update = ?"
        " ORDER BY day, issue_id",
        [first, last, is_update],
    ).fetchall()
    lines = [
        json.dumps(
            {
                "date": day.isoformat(), "issue_id": issue, "theme_id": None, "name": name, "level": level,
                "evidence": evidence, "recurrence_days": recurrence, "risk": risk, "risk_points": points,
                "report_ids": [key.partition(":")[2] for key in keys], "areas": areas, "n_complainants": n,
                "arm": arm, "stage": stage, "reasons": reasons,
            },
            ensure_ascii=False,
        )
        for day, issue, name, level, evidence, recurrence, risk, points, keys, areas, n, arm, stage, reasons in rows
    ]  # fmt: skip
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    return len(lines)


def _write_assignments(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    rows = connection.execute(
        "SELECT r.report_id, l.issue_id, r.received_at, count(*) OVER (PARTITION BY l.issue_id) FROM reports r"
        " LEFT JOIN links l ON l.report_key = r.report_key AND l.until_on IS NULL ORDER BY r.received_at, r.report_key"
    ).fetchall()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["report_id", "issue_id", "received_at"])
        for report_id, issue, received_at, n in rows:
            alone = issue is None or n < 2
            writer.writerow([report_id, "" if alone else issue, received_at.astimezone(LOCAL).isoformat()])
    return len(rows)


def _write_summary(path: Path, replayed: Replayed, settings: Settings, shuffle: Shuffle | None) -> None:
    content = {
        "first": replayed.first.isoformat(), "last": replayed.last.isoformat(), "reports": replayed.n_reports,
        "quarantined": replayed.n_quarantined, "alerts": replayed.n_alerts,
        "alerts_per_week": round(replayed.alerts_per_week, 3),
        "seconds": {"ingest": replayed.seconds_ingest, "run": replayed.seconds_run},
        "peak_memory_mb": replayed.peak_memory_mb, "realized_over_budget": replayed.realized_over_budget,
        "shuffle": shuffle.name if shuffle else None, "seed": shuffle.seed if shuffle else None,
        "settings": settings.model_dump(mode="json", exclude={"folder", "warehouse"}),
    }  # fmt: skip
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
