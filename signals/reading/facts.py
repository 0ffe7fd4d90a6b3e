"""One row as typed facts, or the fault that sends it to quarantine. Unredacted: for memory only."""

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from signals.clock import LOCAL
from signals.reading.fields import FIELD_NAMES, Field
from signals.reading.kinds import kind_of
from signals.reading.rows import RawRow
from signals.reading.values import Cell, id_of, instant_of, text_of
from signals.records import Kind, Source
from signals.redaction import is_bare_name, redact

_OPERATOR = re.compile("坐席|座席|客服|话务|接线|operator|agent", re.IGNORECASE)
_SPEAKER = re.compile(
    r"(?:^|(?<=[\n。？！?!；;]))[ \[【(（]*(?:\d{1,2}:\d{2}(?::\d{2})?[\])） ]*)?"
    r"(坐席|座席|客服|话务员?|接线员?|市民|来电人|诉求人|客户|用户|群众)[A-Za-z]?\d{0,6}[\]】 ]*[:：]"
)
_YES = re.compile("^(是|已解决|解决|满意|基本满意|非常满意|比较满意|y|yes|true|1)$", re.IGNORECASE)
_NO = re.compile("^(否|未解决|没有解决|不满意|非常不满意|很不满意|部分解决|n|no|false|0)$", re.IGNORECASE)
_UNNAMED = "无号-"
_SHOWN = 24  # characters of a value in a message
NEVER = datetime(1970, 1, 1, tzinfo=LOCAL)  # of a row without a time


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row cannot become a report."""

    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row says. Texts are clean but unredacted; "" and None mean absent."""

    report_id: str
    received_at: datetime
    title: str
    body: str
    context: str
    kind: Kind
    category: str
    district: str
    town: str
    community: str
    grid_cell: str
    address: str
    unit: str
    due_at: datetime | None
    id_number: str
    phone: str
    account: str
    name: str
    reporter: str
    status: str
    answer: str
    answered_at: datetime | None
    closed_at: datetime | None
    returned: str
    solved: str  # 是 | 否 | as in the file
    satisfied: str  # 是 | 否 | as in the file
    visited_at: datetime | None
    duplicate_of: str
    is_void: bool


def facts_of(row: RawRow, source: Source) -> Facts | Fault:
    """The facts of a row, or its first fault: number, time, text, in this order."""
    if row.fault:
        return Fault("", row.fault)
    texts: dict[Field, str] = {
        field: text_of(cell) for field, cell in row.cells.items() if field != Field.TURNS
    }
    body, context = _spoken(row.cells.get(Field.TURNS), texts.get(Field.BODY, ""))
    report_id = id_of(row.cells.get(Field.REPORT_ID))
    if report_id is None:
        return _fault(
            row, Field.REPORT_ID,
            f"被表格软件写成了科学计数，已丢失数字；得到 {shown(str(row.cells.get(Field.REPORT_ID)))}；应为完整的编号；"
            "请把该列设为文本后重新导出",
        )
    received_at = instant_of(row.cells.get(Field.RECEIVED_AT))
    if received_at is None:
        got = texts.get(Field.RECEIVED_AT, "")
        what = f"不是日期；得到 {shown(got)}" if got else "是空的"
        return _fault(
            row, Field.RECEIVED_AT, f"{what}；应为日期或时间，如 2025/3/1 9:30；请改正后重新导入这一行"
        )
    title = texts.get(Field.TITLE, "").replace("\n", " ")
    if not title and not body:
        field = next((f for f in (Field.BODY, Field.TURNS, Field.TITLE) if f in row.columns), Field.BODY)
        return _fault(row, field, "没有内容；标题与内容都是空的；请补上后重新导入这一行")
    return _build(row, source, texts, (report_id, received_at, title, body, context))


def _build(
    row: RawRow,
    source: Source,
    texts: dict[Field, str],
    core: tuple[str, datetime, str, str, str],
) -> Facts:
    report_id, received_at, title, body, context = core

    def said(field: Field) -> str:
        return texts.get(field, "")

    def at(field: Field) -> datetime | None:
        return instant_of(row.cells.get(field))

    levels = (Field.CATEGORY_1, Field.CATEGORY_2, Field.CATEGORY_3, Field.CATEGORY_4)
    return Facts(
        report_id=report_id or _made_id(received_at, title, body),
        received_at=received_at,
        title=title,
        body=body,
        context=context,
        kind=kind_of(said(Field.KIND), title, body, source),
        category="/".join(said(level) for level in levels if said(level)),
        district=said(Field.DISTRICT),
        town=said(Field.TOWN),
        community=said(Field.COMMUNITY),
        grid_cell=said(Field.GRID_CELL),
        address=said(Field.ADDRESS),
        unit=said(Field.UNIT),
        due_at=_due(row.cells.get(Field.DUE), received_at),
        id_number=said(Field.ID_NUMBER),
        phone=said(Field.PHONE),
        account=said(Field.ACCOUNT),
        name=said(Field.NAME),
        reporter=said(Field.REPORTER),
        status=said(Field.STATUS),
        answer=said(Field.ANSWER),
        answered_at=at(Field.ANSWERED_AT),
        closed_at=at(Field.CLOSED_AT),
        returned="" if said(Field.RETURNED) in ("", "0") else said(Field.RETURNED),
        solved=_yes_or_no(said(Field.SOLVED)),
        satisfied=_yes_or_no(said(Field.SATISFIED)),
        visited_at=at(Field.VISITED_AT),
        duplicate_of=id_of(row.cells.get(Field.DUPLICATE_OF)) or "",
        is_void="作废" in said(Field.STATUS) or said(Field.BODY).lstrip().startswith(("[作废]", "【作废】")),
    )


def partial_facts(row: RawRow, source: Source) -> Facts | None:
    """What can be said of a row that is no report, for its complainant's hash; None where its columns do not fit."""
    if row.fault:
        return None
    texts: dict[Field, str] = {field: text_of(cell) for field, cell in row.cells.items() if field != Field.TURNS}
    return _build(row, source, texts, ("", instant_of(row.cells.get(Field.RECEIVED_AT)) or NEVER, "", "", ""))


def shown(value: str) -> str:
    """A value for a message, redacted and short.

    >>> shown("13800138000"), shown("2025/13/40")
    ("'〔手机〕'", "'2025/13/40'")
    """
    clean = "〔姓名〕" if is_bare_name(value) else redact(" ".join(value.split()))
    return f"'{clean[:_SHOWN]}{'…' if len(clean) > _SHOWN else ''}'"


def _fault(row: RawRow, field: Field, reason: str) -> Fault:
    column = row.columns.get(field, "")
    return Fault(column, f"{column or FIELD_NAMES[field]} {reason}。")


def _made_id(received_at: datetime, title: str, body: str) -> str:
    return _UNNAMED + hashlib.sha256(f"{received_at.isoformat()}{title}{body}".encode()).hexdigest()[:16]


def _due(cell: Cell, received_at: datetime) -> datetime | None:
    """A deadline as an instant, or as so many days from receipt ("60", "15天")."""
    match = re.fullmatch(r"(\d{1,3})(?:个?(?:自然|日历)?[天日])?", text_of(cell))
    return received_at + timedelta(days=int(match.group(1))) if match else instant_of(cell)


def _yes_or_no(text: str) -> str:
    return "是" if _YES.match(text) else "否" if _NO.match(text) else text


def _spoken(turns: Cell, body: str) -> tuple[str, str]:
    """(the citizen's words, the operator's words and summary) of a call: a list of turns, its JSON, or one text."""
    if isinstance(turns, str) and turns.lstrip().startswith("["):
        with suppress(json.JSONDecodeError, RecursionError):
            turns = json.loads(turns)
    said = _turns_of(turns) if isinstance(turns, list) else _turns_in(text_of(turns))
    if not said and not turns:
        said = _turns_in(body)
        body = "" if said else body
    if not said:
        return (body, "") if body else (text_of(turns) if isinstance(turns, str) else "", "")
    citizen = [text for role, text in said if not _OPERATOR.search(role)]
    operator = [text for role, text in said if _OPERATOR.search(role)]
    if not citizen:
        return body, "\n".join(operator)
    return "\n".join(citizen), "\n".join([*operator, *([body] if body else [])])


def _turns_of(turns: list[object]) -> list[tuple[str, str]]:
    """(role, text) of each turn that says something."""
    pairs = []
    for turn in turns:
        if isinstance(turn, dict):
            said = text_of(str(turn.get("text") or turn.get("内容") or ""))
            pairs += [(str(turn.get("role") or turn.get("角色") or ""), said)] if said else []
    return pairs


def _turns_in(text: str) -> list[tuple[str, str]]:
    """The turns of a transcript written as one text; none where not at least two speakers are named in it.

    >>> _turns_in("坐席：您好\\n市民：东风路路灯不亮\\n修一下")
    [('坐席', '您好'), ('市民', '东风路路灯不亮\\n修一下')]
    """
    starts = list(_SPEAKER.finditer(text))
    if len({match.group(1) for match in starts}) < 2:
        return []
    ends = [match.start() for match in starts[1:]] + [len(text)]
    pairs = [(match.group(1), text[match.end() : end].strip()) for match, end in zip(starts, ends, strict=True)]
    return [(role, said) for role, said in pairs if said]
