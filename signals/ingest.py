"""Taking in one file: read, redact, stage, load. One transaction a file; the same file twice changes nothing.

Nothing unredacted leaves this file: not to disk, not in a message.
"""

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from signals.clock import LOCAL
from signals.complainants import Voices
from signals.dangers import find_danger
from signals.errors import InputError
from signals.gazetteer import Gazetteer, load_gazetteer
from signals.offices import about_office
from signals.reading import Facts, Fault, Field, RawRow, Reading, facts_of, read_rows
from signals.reading.values import text_of
from signals.records import Kind, Rejected, Report, Source
from signals.redaction import is_bare_name, redact
from signals.sensitive import sensitive_reason
from signals.settings import Settings
from signals.staging import Batch, Loaded, StagedReport, StagedUpdate, WatchLine, load, stage
from signals.store import warehouse

_PERSONAL = {
    Field.NAME: "〔姓名〕", Field.REPORTER: "〔姓名〕", Field.PHONE: "〔电话〕",
    Field.ID_NUMBER: "〔身份证〕", Field.ACCOUNT: "〔账号〕",
}  # fmt: skip
_NOBODY = frozenset(
    "业主 居民 村民 市民 群众 网友 匿名 保密 家长 学生 商户 住户 先生 女士 小姐 员工 工人 路人".split(" ")
)
_SKIPPED = re.compile(r"README.*|.*\.md|truth\.json|\..*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ingested:
    """What taking in one file did."""

    file_name: str
    source: Source
    n_rows: int
    n_new: int
    n_changed: int
    n_same: int
    n_quarantined: int
    watches: tuple[WatchLine, ...] = ()
    already: bool = False  # this very content had been taken in before


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of a folder that is no export."""

    file_name: str


def ingest_paths(
    paths: Sequence[Path],
    *,
    settings: Settings,
    key: bytes,
    source: str | None = None,
    history: bool = False,
    now: datetime | None = None,
    check: bool = False,
) -> Iterator[Ingested | Skipped]:
    """Take in files, and folders by file name; a file that is no export is an error."""
    for path in paths:
        if not path.exists():
            raise InputError(f"{path}: 没有这个文件或文件夹。请检查路径。")
        inside = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
        for each in inside:
            if path.is_dir() and _SKIPPED.fullmatch(each.name):
                yield Skipped(each.name)
            else:
                yield ingest_file(
                    each, settings=settings, source=source, history=history, key=key, now=now, check=check
                )


def ingest_file(
    path: Path,
    *,
    settings: Settings,
    source: str | None = None,
    history: bool = False,
    key: bytes,
    now: datetime | None = None,
    check: bool = False,
) -> Ingested:
    """Take in one file in one transaction.

    source: petition | hotline | grid where the headers do not say. history: see `staging.load`. key: for the
    complainants' hashes. now: the instant of the import, default the clock. check: count only, write nothing.
    Raises InputError where the file as a whole cannot be read; single bad rows go to quarantine.
    """
    now = now or datetime.now(LOCAL)
    reading = read_rows(path, source=source, settings=settings)
    if _is_taken_in(settings, reading):
        return _already(reading)
    batch = redact_batch(reading, settings=settings, voices=Voices(key), now=now)
    if not check:
        return _write(batch, settings.warehouse_path, settings, history=history, now=now)
    if settings.warehouse_path.is_file():
        return _write(batch, settings.warehouse_path, settings, history=history, now=now, check=True)
    with tempfile.TemporaryDirectory() as folder:
        return _write(batch, Path(folder) / "check.duckdb", settings, history=history, now=now)


def redact_batch(reading: Reading, *, settings: Settings, voices: Voices, now: datetime) -> Batch:
    """All rows of a reading, redacted; copies inside the file counted, contradictions put into quarantine."""
    gazetteer = load_gazetteer(settings.gazetteer)
    reports: dict[str, StagedReport] = {}
    updates: dict[tuple[str, str], StagedUpdate] = {}
    rejected: list[Rejected] = []
    n_rows = n_same = 0
    for row in reading:
        n_rows += 1
        facts = facts_of(row, reading.source)
        if isinstance(facts, Fault):
            rejected.append(_rejected(row, reading.file_name, facts))
            continue
        staged = _staged(row, facts, reading.source, settings, gazetteer, voices, now)
        known = reports.get(staged.report.key)
        if known and known.content_hash != staged.content_hash:
            reason = f"编号与第 {known.row_number} 行相同而内容不同；已收先到的一行；请核对编号。"
            rejected.append(_rejected(row, reading.file_name, Fault(row.columns.get(Field.REPORT_ID, ""), reason)))
            continue
        n_same += known is not None
        reports.setdefault(staged.report.key, staged)
        for update in _updates(facts, staged.report.key):
            updates[update.report_key, update.field] = update
    return Batch(
        redact(reading.file_name), reading.sha256, reading.source, n_rows, n_same,
        tuple(reports.values()), tuple(updates.values()), tuple(rejected),
    )  # fmt: skip


class _CheckedOnly(Exception):
    """Rolls a checked load back; never seen outside."""


def _write(
    batch: Batch, path: Path, settings: Settings, *, history: bool, now: datetime, check: bool = False
) -> Ingested:
    warehouse.create(path)
    loaded: Loaded | None = None
    with stage(path, batch) as folder:
        try:
            with warehouse.writing(path, wait_seconds=settings.wait_seconds) as connection:
                query = "SELECT 1 FROM files WHERE sha256 = ?"
                if not connection.execute(query, [batch.sha256]).fetchone():
                    loaded = load(connection, folder, batch, history=history, now=now)
                if check:
                    raise _CheckedOnly
        except _CheckedOnly:
            pass
    if loaded is None:
        return Ingested(batch.file_name, batch.source, batch.n_rows, 0, 0, batch.n_rows, 0, already=True)
    return Ingested(
        batch.file_name, batch.source, batch.n_rows, loaded.n_new, loaded.n_changed, loaded.n_same,
        loaded.n_quarantined, loaded.watches,
    )  # fmt: skip


def _is_taken_in(settings: Settings, reading: Reading) -> bool:
    if not settings.warehouse_path.is_file():
        return False
    with warehouse.reading(settings.warehouse_path, wait_seconds=settings.wait_seconds) as connection:
        query = "SELECT 1 FROM files WHERE sha256 = ?"
        return connection.execute(query, [reading.sha256]).fetchone() is not None


def _already(reading: Reading) -> Ingested:
    n_rows = sum(1 for _ in reading)
    return Ingested(redact(reading.file_name), reading.source, n_rows, 0, 0, n_rows, 0, already=True)


def _staged(
    row: RawRow,
    facts: Facts,
    source: Source,
    settings: Settings,
    gazetteer: Gazetteer,
    voices: Voices,
    now: datetime,
) -> StagedReport:
    clean = _redacted(facts)
    said = f"{clean.title}\n{clean.body}"
    place = gazetteer.locate(district=facts.district, town=facts.town, text=f"{clean.address}\n{said}")
    is_original = facts.kind not in (Kind.FOLLOW_UP, Kind.THANKS)
    danger = find_danger(said) if is_original and not facts.is_void else None
    report = Report(
        source=source, report_id=facts.report_id, received_at=facts.received_at, known_at=now,
        title=clean.title, body=clean.body, kind=facts.kind, context=clean.context, category=clean.category,
        area=place.area, town=place.town, community=clean.community, address=clean.address, unit=clean.unit,
        due_at=facts.due_at, restricted=sensitive_reason(said, facts.kind),
        about_office=about_office(said, settings.offices),
    )  # fmt: skip
    parts = (clean.title, clean.body, facts.received_at.isoformat())
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    kind, words = danger or ("", "")
    return StagedReport(report, row.sheet, row.row_number, digest, voices.of(facts, source), kind, words)


def _redacted(facts: Facts) -> Facts:
    """The same facts with every text that is stored redacted, the row's own names and accounts included."""
    names, accounts = _own_words(facts)

    def clean(text: str) -> str:
        return redact(text, names=names, accounts=accounts) if text else ""

    return replace(
        facts,
        title=clean(facts.title), body=clean(facts.body), context=clean(facts.context),
        category=clean(facts.category), community=clean(facts.community), address=clean(facts.address),
        unit=clean(facts.unit),
    )  # fmt: skip


def _own_words(facts: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(names, accounts) of the row's own columns that may stand in its texts."""
    words = (facts.name, facts.reporter, facts.account)
    names = tuple(word for word in words if re.fullmatch("[\u4e00-\u9fff]{2,4}", word) and word not in _NOBODY)
    accounts = tuple(
        word
        for word in (facts.account, facts.phone, facts.id_number)
        if re.fullmatch(r"[A-Za-z0-9_\-@.+ ]{5,40}", word) and "*" not in word
    )
    return names, accounts


def _updates(facts: Facts, key: str) -> Iterator[StagedUpdate]:
    """The later facts of a row; those without a time of their own are known from the import on."""
    names, accounts = _own_words(facts)
    answer = redact(facts.answer, names=names, accounts=accounts)
    if facts.answered_at:
        yield StagedUpdate(key, "answered", "", facts.answered_at, True)
    if answer:
        yield StagedUpdate(key, "answer", answer, facts.answered_at, facts.answered_at is not None)
    if facts.closed_at:
        yield StagedUpdate(key, "closed", "", facts.closed_at, True)
    for field, value in (("solved", facts.solved), ("satisfied", facts.satisfied)):
        if value:
            yield StagedUpdate(key, field, redact(value), facts.visited_at, facts.visited_at is not None)
    for field, value in (
        ("status", facts.status),
        ("returned", facts.returned),
        ("duplicate_of", facts.duplicate_of),
    ):
        if value:
            yield StagedUpdate(key, field, redact(value, names=names), None, False)
    if facts.due_at:
        yield StagedUpdate(key, "due", facts.due_at.isoformat(), facts.due_at, False)
    if facts.is_void:
        yield StagedUpdate(key, "void", "作废", None, False)


def _rejected(row: RawRow, file_name: str, fault: Fault) -> Rejected:
    """The row for quarantine: personal columns as marks; nothing of a row whose columns do not fit."""
    texts = {} if row.fault else {field: text_of(cell) for field, cell in row.cells.items()}
    names = tuple(text for field in (Field.NAME, Field.REPORTER) if 2 <= len(text := texts.get(field, "")) <= 4)
    accounts = tuple(texts[field] for field in (Field.ACCOUNT, Field.PHONE, Field.ID_NUMBER) if texts.get(field))
    cells = {}
    for field, text in texts.items():
        if text:
            cleaned = "〔姓名〕" if is_bare_name(text) else redact(text, names=names, accounts=accounts)
            cells[row.columns[field]] = _PERSONAL.get(field, cleaned)
    shown = json.dumps(cells, ensure_ascii=False)
    return Rejected(redact(file_name), row.sheet, row.row_number, fault.column, redact(fault.reason), shown)
