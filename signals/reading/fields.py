"""Which column means what: headers of real exports mapped to fields, and the source recognised from them.

`headers.txt` is the one place to add a header. A site's own columns come from `settings.columns`
and win over it.
"""

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from signals.errors import InputError, SettingsError
from signals.records import SOURCE_NAMES, Source


class Field(StrEnum):
    """What a column can mean; the values are the names used in `[columns.<source>]` of the settings."""

    REPORT_ID = "report_id"
    RECEIVED_AT = "received_at"
    TITLE = "title"
    BODY = "body"
    TURNS = "turns"
    KIND = "kind"
    CATEGORY_1 = "category_1"
    CATEGORY_2 = "category_2"
    CATEGORY_3 = "category_3"
    CATEGORY_4 = "category_4"
    DISTRICT = "district"
    TOWN = "town"
    COMMUNITY = "community"
    GRID_CELL = "grid_cell"
    ADDRESS = "address"
    UNIT = "unit"
    DUE = "due_at"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    ACCOUNT = "account"
    NAME = "name"
    REPORTER = "reporter"  # 上报人: redacted, never hashed
    STATUS = "status"
    ANSWER = "answer"
    ANSWERED_AT = "answered_at"
    CLOSED_AT = "closed_at"
    RETURNED = "returned"
    SOLVED = "solved"
    SATISFIED = "satisfied"
    VISITED_AT = "visited_at"
    DUPLICATE_OF = "duplicate_of"
    IGNORED = "ignored"


FIELD_NAMES = {
    Field.REPORT_ID: "编号", Field.RECEIVED_AT: "收到时间", Field.TITLE: "标题", Field.BODY: "内容",
    Field.TURNS: "通话记录", Field.KIND: "类型", Field.CATEGORY_1: "一级分类", Field.CATEGORY_2: "二级分类",
    Field.CATEGORY_3: "三级分类", Field.CATEGORY_4: "四级分类", Field.DISTRICT: "区县", Field.TOWN: "镇街",
    Field.COMMUNITY: "社区", Field.GRID_CELL: "网格", Field.ADDRESS: "地址", Field.UNIT: "承办单位",
    Field.DUE: "办理期限", Field.ID_NUMBER: "证件号，只作哈希", Field.PHONE: "电话，只作哈希",
    Field.ACCOUNT: "账号，只作哈希", Field.NAME: "姓名，只作哈希", Field.REPORTER: "上报人，不存",
    Field.STATUS: "状态", Field.ANSWER: "答复", Field.ANSWERED_AT: "答复时间", Field.CLOSED_AT: "办结时间",
    Field.RETURNED: "退回次数", Field.SOLVED: "是否解决", Field.SATISFIED: "是否满意",
    Field.VISITED_AT: "回访时间", Field.DUPLICATE_OF: "关联单号", Field.IGNORED: "不用",
}  # fmt: skip
Columns = Mapping[str, str]  # header as in the file → value of a Field
_SEVERAL = (Field.REPORTER, Field.IGNORED)  # fields that several columns may have


def normal_header(header: str) -> str:
    """A header as it is looked up: NFKC, lower case, without blanks, brackets, stars and colons.

    >>> normal_header(" 区（县） *")
    '区县'
    """
    return re.sub(r"[\s\u200b-\u200f\ufeff()\[\]*:/、_\-]", "", unicodedata.normalize("NFKC", header)).lower()


@lru_cache(maxsize=1)
def _headers() -> Mapping[str, frozenset[str]]:
    """The lines of headers.txt: what a line is about → its headers."""
    lines = files("signals.reading").joinpath("headers.txt").read_text("utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if not line.startswith("#"))
    return {about: frozenset(headers.split()) for about, headers in pairs}


def _known_headers() -> dict[str, Field]:
    return {header: field for field in Field for header in _headers().get(field, ())}


def recognise(headers: Sequence[str]) -> Source | None:
    """The source whose own headers appear most often; None where there are none, or two tie."""
    found = {normal_header(header) for header in headers}
    scores = sorted(
        ((len(found & _headers()[f"sign of {source}"]), source) for source in Source), reverse=True
    )
    if scores[0][0] == 0 or scores[0][0] == scores[1][0]:
        return None
    return scores[0][1]


def map_headers(headers: Sequence[str], own: Columns, *, source: str = "…") -> dict[int, Field]:
    """Column index → field; of two columns with one meaning the first counts, others are left out.

    own: header → field, as settled by the site; source is named in messages. Raises SettingsError where `own` names a
    field that there is not.
    """
    chosen = {normal_header(name): known_field(f"columns.{source}.{name}", value) for name, value in own.items()}
    fields: dict[int, Field] = {}
    for wanted in (chosen, _known_headers()):
        for index, header in enumerate(headers):
            field = wanted.get(normal_header(header))
            if field and index not in fields and (field not in fields.values() or field in _SEVERAL):
                fields[index] = field
    return fields


def over(lower: Columns, upper: Columns) -> Columns:
    """Both, where a later word on a header or a field takes the place of an earlier one.

    >>> over({"内容": "body", "标题": "title"}, {"经过": "body"})
    {'标题': 'title', '经过': 'body'}
    """
    taken = set(upper.values()) - set(_SEVERAL)
    return {header: field for header, field in lower.items() if field not in taken} | dict(upper)


def demand_fields(fields: Mapping[int, Field], where: str, source: Source, headers: Sequence[str]) -> None:
    """Raise InputError unless there is a time and a text to read."""
    present = set(fields.values())
    missing = [] if Field.RECEIVED_AT in present else ["收到诉求的时间（received_at）"]
    if not present & {Field.BODY, Field.TITLE, Field.TURNS}:
        missing.append("诉求内容（body）")
    if missing:
        raise InputError(
            f"{where}: 作为{SOURCE_NAMES[source]}读，缺少{'和'.join(missing)}这一列；"
            f"得到表头 {show_headers(headers)}。"
            f'请用 --column 列名=字段 说明，或在设置 [columns.{source}] 里写明，例如 "列名" = "body"。'
        )


def show_headers(headers: Sequence[str]) -> str:
    """The headers for a message; what may be data of a headless file is not shown."""
    shown = [
        "…" if re.search(r"\d{4}", header) or len(header) > 12 else header for header in headers if header
    ]
    return "、".join(shown[:12]) or "（空）"


def known_field(where: str, value: str) -> Field:
    """The field that a site names. Raises SettingsError with the nearest, where there is no such field."""
    try:
        return Field(value)
    except ValueError as error:
        near = difflib.get_close_matches(value, list(Field), n=1)
        hint = f"是不是 {near[0]}？" if near else f"可用的有：{'、'.join(Field)}。"
        raise SettingsError(f"{where}: 没有字段 {value!r}。{hint}") from error
