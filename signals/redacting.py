"""A row of an export as a redacted report, its later facts and its complainant's hash; or as a row for quarantine.

Nothing unredacted leaves this file: not to disk, not in a message.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from signals.complainants import Voices
from signals.dangers import find_danger
from signals.gazetteer import Gazetteer, load_gazetteer
from signals.offices import about_office
from signals.reading import Facts, Fault, Field, RawRow, facts_of, partial_facts
from signals.reading.values import text_of
from signals.records import Kind, Rejected, Report, Source
from signals.redaction import Said, is_bare_name, redact, redact_each
from signals.redaction.marks import INVISIBLE, fold
from signals.sensitive import sensitive_reason
from signals.settings import Settings
from signals.staging import StagedReport, StagedUpdate

_PERSONAL = {
    Field.NAME: "〔姓名〕", Field.REPORTER: "〔姓名〕", Field.PHONE: "〔电话〕",
    Field.ID_NUMBER: "〔身份证〕", Field.ACCOUNT: "〔账号〕",
}  # fmt: skip
_NOBODY = frozenset(
    "业主 居民 村民 市民 群众 网友 匿名 保密 家长 学生 商户 住户 先生 女士 小姐 员工 工人 路人".split(" ")
)


_MOST_WORDS = 4_096  # values kept, in memory, while a file is read


@dataclass(frozen=True, slots=True)
class Redacted:
    """What became of one row; complainant: the hash, 32 bytes, None where nobody can be told."""

    staged: StagedReport | Rejected
    updates: tuple[StagedUpdate, ...]
    complainant: bytes | None


class Redactor:
    """Redacts the rows of one file. gazetteer, offices and key are loaded once."""

    def __init__(self, file_name: str, source: Source, *, settings: Settings, key: bytes, now: datetime) -> None:
        self._file_name, self._source, self._now = redact(file_name), source, now
        self._offices = settings.offices
        self._gazetteer: Gazetteer = load_gazetteer(settings.gazetteer)
        self._voices = Voices(key)
        self._words = _Words()

    def each(self, rows: Sequence[RawRow]) -> list[Redacted]:
        """The rows, redacted, each as if it were alone."""
        told = [facts_of(row, self._source) for row in rows]
        clean = iter(_redacted([facts for facts in told if isinstance(facts, Facts)], self._words))
        return [
            self._refused(row, facts) if isinstance(facts, Fault) else self._taken(row, facts, next(clean))
            for row, facts in zip(rows, told, strict=True)
        ]

    def _refused(self, row: RawRow, fault: Fault) -> Redacted:
        known = partial_facts(row, self._source)
        voice = self._voices.of(known, self._source) if known else None
        return Redacted(_rejected(row, self._file_name, fault), (), _raw(voice))

    def _taken(self, row: RawRow, facts: Facts, clean: Facts) -> Redacted:
        staged = self._staged(row, clean)
        updates = tuple(_updates(clean, staged.report.key, self._words))
        return Redacted(staged, updates, _raw(self._voices.of(facts, self._source)))

    def _staged(self, row: RawRow, facts: Facts) -> StagedReport:
        said = f"{facts.title}\n{facts.body}"
        place = self._gazetteer.locate(district=facts.district, town=facts.town, text=f"{facts.address}\n{said}")
        is_original = facts.kind not in (Kind.FOLLOW_UP, Kind.THANKS)
        kind, words = (find_danger(said) if is_original and not facts.is_void else None) or ("", "")
        report = Report(
            source=self._source, report_id=facts.report_id, received_at=facts.received_at, known_at=self._now,
            title=facts.title, body=facts.body, kind=facts.kind, context=facts.context, category=facts.category,
            area=place.area, town=place.town, community=facts.community, address=facts.address, unit=facts.unit,
            due_at=facts.due_at, restricted=sensitive_reason(said, facts.kind),
            about_office=about_office(said, self._offices),
        )  # fmt: skip
        parts = (facts.title, facts.body, facts.received_at.isoformat())
        digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
        return StagedReport(report, row.sheet, row.row_number, digest, kind, words)


def _raw(voice: str | None) -> bytes | None:
    return bytes.fromhex(voice) if voice else None


class _Words:
    """Redacts the values that rows share, a category, a unit, each once; never any that holds the row's own words."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def redact(self, value: str, names: tuple[str, ...] = (), accounts: tuple[str, ...] = ()) -> str:
        said = fold(INVISIBLE.sub("", value))
        if any(fold(INVISIBLE.sub("", word)) in said for word in (*names, *accounts)):
            return redact(value, names=names, accounts=accounts)
        if value not in self._known:
            if len(self._known) >= _MOST_WORDS:
                self._known.clear()
            self._known[value] = redact(value)
        return self._known[value]


def _redacted(told: Sequence[Facts], words: _Words) -> list[Facts]:
    """The same facts with every text that is stored redacted, the row's own names and accounts included."""
    own = [_own_words(facts) for facts in told]
    texts = [(facts.title, facts.body, facts.context, facts.address, facts.answer) for facts in told]
    said = [Said(text, *known) for known, some in zip(own, texts, strict=True) for text in some]
    clean = zip(*[iter(redact_each(said))] * 5, strict=True)
    return [
        replace(
            facts, title=title, body=body, context=context, address=address, answer=answer,
            category=words.redact(facts.category, *known), community=words.redact(facts.community, *known),
            unit=words.redact(facts.unit, *known),
        )
        for facts, known, (title, body, context, address, answer) in zip(told, own, clean, strict=True)
    ]  # fmt: skip


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


def _updates(facts: Facts, key: str, words: _Words) -> Iterator[StagedUpdate]:
    """The later facts of a row with redacted texts; those without a time of their own are known from the import on."""
    names, _ = _own_words(facts)
    if facts.answered_at:
        yield StagedUpdate(key, "answered", "", facts.answered_at, True)
    if facts.answer:
        yield StagedUpdate(key, "answer", facts.answer, facts.answered_at, facts.answered_at is not None)
    if facts.closed_at:
        yield StagedUpdate(key, "closed", "", facts.closed_at, True)
    for field, value in (("solved", facts.solved), ("satisfied", facts.satisfied)):
        if value:
            yield StagedUpdate(key, field, words.redact(value), facts.visited_at, facts.visited_at is not None)
    for field, value in (
        ("status", facts.status),
        ("returned", facts.returned),
        ("duplicate_of", facts.duplicate_of),
    ):
        if value:
            yield StagedUpdate(key, field, words.redact(value, names), None, False)
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
    return Rejected(file_name, row.sheet, row.row_number, fault.column, redact(fault.reason), shown)
