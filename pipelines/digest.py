"""`jianwei digest`: write the digest of a day that has run, and say where it is."""

from datetime import date

import duckdb

from pipelines.auditing import note
from signals.audit import START, audit_head_at
from signals.clock import end_of
from signals.digest.content import collect_digest
from signals.digest.writing import write_digest
from signals.errors import StateError
from signals.gazetteer import load_gazetteer
from signals.settings import Settings
from signals.store.rows import first_row
from signals.store.warehouse import reading


def digest_command(settings: Settings, day: date | None = None) -> int:
    """Write HTML, Markdown and picture of `day`, default the last day that has run; returns 0.

    Raises StateError for a day that has not run.
    """
    gazetteer = load_gazetteer(settings.gazetteer)
    with reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        chosen = _run_day(connection, day)
        head = audit_head_at(settings.audit_folder, end_of(chosen))
        digest = collect_digest(connection, chosen, settings, gazetteer, audit_head="" if head == START else head)
    note(settings, "digest", f"day:{chosen}", len(digest.signs))
    for path in write_digest(digest, settings.digests_folder):
        print(path)
    for sentence in digest.sentences:
        print(sentence)
    return 0


def _run_day(connection: duckdb.DuckDBPyConnection, day: date | None) -> date:
    row = first_row(connection.execute("SELECT max(day), count(*) FILTER (day = ?) FROM runs", [day]))
    last, found = row if row else (None, 0)
    if last is None:
        raise StateError("日报：还没有运行过任何一天。请先运行 jianwei run。")
    if day is not None and not found:
        advice = f"请先运行 jianwei run --through {day}，或改选日期"
        raise StateError(f"日报：{day} 这一天还没有运行；最近运行的是 {last}。{advice}。")
    return day if day is not None else date.fromisoformat(str(last))
