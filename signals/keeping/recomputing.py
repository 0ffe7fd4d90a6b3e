"""Computing done days again, in a warehouse of its own, and comparing: nothing of the real one is written.

A day depends on all days before it (priors, paces and states are kept for the last day only), so the replay starts with
the first. It is given what the days were given: reports and later facts by the instant they became known, themes as
assigned then, the models of escalating that were used then, corrections before the day that brought them in force. What
must differ is said as such: days of other settings, days since a report was erased, days first computed by an earlier
version of the program.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from signals.clock import LOCAL
from signals.corrections import ENGINE
from signals.errors import StateError
from signals.keeping.sweeping import sweep
from signals.likelihood import KIND, Likelihood, LikelihoodOn, read_likelihood
from signals.records import Report
from signals.runner import run_days
from signals.settings import Settings
from signals.store.compacting import quoted
from signals.store.rows import first_row
from signals.store.warehouse import create, held, kept_open, reading, writing
from signals.theming import AssignThemes, DayThemes

GIVEN = ("files", "reports", "voices", "updates", "watch", "quarantine", "repairs", "export_columns",
         "models", "themes", "erased")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recomputed:
    """One day computed again."""

    day: date
    is_equal: bool
    has_other_settings: bool  # than those of today
    has_erased: bool  # a report of the day, or of one before, was erased since it ran


def recompute(settings: Settings, through: date) -> Iterator[Recomputed]:
    """Compute all days again up to a done day, yielding each as it is compared.

    Raises StateError where the day has not run.
    """
    with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        found = connection.execute("SELECT day FROM runs WHERE day <= ? ORDER BY day", [through]).fetchall()
    days = [day for (day,) in found]
    if not days or days[-1] != through:
        raise StateError(f"{through}: 这一天还没有运行，无从核对。请先运行 jianwei run --through {through}。")
    sweep(settings.folder)
    folder = settings.folder / f".verify-{os.getpid()}"  # text never leaves the working folder
    folder.mkdir(mode=0o700)
    try:
        other = settings.model_copy(update={"folder": folder, "warehouse": folder / "again.duckdb"})
        _give(settings, other)
        with kept_open(other.warehouse_path):
            yield from _compare(settings, other, days)
    finally:
        shutil.rmtree(folder)


def _give(settings: Settings, other: Settings) -> None:
    """Copy what the engine is given, and nothing that it made."""
    create(other.warehouse_path)
    with held(settings.warehouse_path, wait_seconds=settings.wait_seconds) as (connection, name):
        connection.execute(f"ATTACH {quoted(other.warehouse_path)} AS again")
        for table in GIVEN:
            connection.execute(f"INSERT INTO again.{table} FROM {name}.{table}")
        connection.execute(f"CREATE TABLE again.given_corrections AS FROM {name}.corrections")
        connection.execute(f"CREATE TABLE again.given_themes AS FROM {name}.report_themes")
        connection.execute(f"CREATE TABLE again.given_runs AS FROM {name}.runs")
        connection.execute("DETACH again")


def _compare(settings: Settings, other: Settings, days: Sequence[date]) -> Iterator[Recomputed]:
    path = other.warehouse_path
    with reading(path) as connection:
        was = {day: (found, made_by, finished) for day, found, made_by, finished in connection.execute(
            "SELECT day, result_hash, settings_hash, epoch(finished_at) FROM given_runs").fetchall()}  # fmt: skip
        erased_on = _erased_on(connection)
    assign, likelihood_on = _themes_given(path), _likelihoods_given(path, settings.models_folder)
    _give_corrections(path, days[0])
    done = run_days(path, days, other, assign, likelihood_on, with_cells=False)
    following = [*days[1:], None]
    for day, tomorrow in zip(days, following, strict=True):
        next(done)
        with reading(path) as connection:
            row = first_row(connection.execute("SELECT result_hash FROM runs WHERE day = ?", [day]))
        found, made_by, finished = was[day]
        ran_at = datetime.fromtimestamp(finished, LOCAL)
        has_erased = any(first <= day and at > ran_at for first, at in erased_on)
        yield Recomputed(day, row is not None and row[0] == found, made_by != settings.digest(), has_erased)
        if tomorrow:
            _give_corrections(path, tomorrow)


def _erased_on(connection: duckdb.DuckDBPyConnection) -> list[tuple[date, datetime]]:
    """For each instant of erasing, the first day on which one of its reports was known."""
    return [
        (day, datetime.fromtimestamp(at, LOCAL))
        for day, at in connection.execute(
            "SELECT min((known_at AT TIME ZONE 'Asia/Shanghai')::DATE), epoch(erased_at) FROM erased"
            " JOIN reports USING (report_key) GROUP BY erased_at"
        ).fetchall()
    ]


def _themes_given(path: Path) -> AssignThemes:
    """Themes as the runs kept them, by the version that each day used."""
    with reading(path) as connection:
        version_on = dict(connection.execute("SELECT day, theme_version FROM given_runs").fetchall())
        kept: dict[str, dict[str, tuple[int, float, date]]] = {}
        for key, version, theme, near, on in connection.execute("FROM given_themes").fetchall():
            kept.setdefault(version, {})[key] = (theme, near, on)

    def assign(day: date, reports: Sequence[Report]) -> DayThemes:
        version = version_on[day]
        known = kept.get(version, {})
        rows = [(r.key, *known[r.key][:2]) for r in reports if r.key in known and known[r.key][2] <= day]
        return DayThemes(version, rows)

    return assign


def _likelihoods_given(path: Path, models_folder: Path) -> LikelihoodOn:
    """The model of escalating that each day used; its folder must still be there."""
    with reading(path) as connection:
        version_on = dict(connection.execute("SELECT day, risk_version FROM given_runs").fetchall())
    opened: dict[str, Likelihood | None] = {"": None}

    def likelihood_on(day: date) -> Likelihood | None:
        version = version_on[day]
        if version not in opened:
            opened[version] = read_likelihood(models_folder / KIND / version)
        return opened[version]

    return likelihood_on


def _give_corrections(path: Path, day: date) -> None:
    """Record what people had said before a day ran, under the numbers that it had, what was withdrawn too."""
    with writing(path) as connection:
        connection.execute(
            f"""INSERT INTO corrections
            SELECT correction_id, kind, issue_id, CASE WHEN kind = 'split' THEN NULL ELSE other_id END, report_keys,
                   made_by, reason, made_at, undoes, NULL, NULL, NULL
            FROM given_corrections g
            WHERE made_by <> '{ENGINE}' AND correction_id NOT IN (SELECT correction_id FROM corrections)
              AND coalesce(in_force_on <= $day, made_at < (SELECT min(started_at) FROM given_runs WHERE day >= $day))
            ORDER BY correction_id""",
            {"day": day},
        )
