"""Cells to values: texts, numbers written as floats, instants in every shape that exports have."""

import json
import re
from datetime import date, datetime, time, timedelta

from signals.clock import LOCAL

Cell = str | int | float | bool | date | datetime | time | timedelta | list[object] | dict[str, object] | bytes | None

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BLANKS = re.compile("[ \t\u00a0\u3000\u2002-\u200a\x0b\x0c]+")
_BREAKS = re.compile(r" *(?:\r\n|[\r\n\u2028\u2029\x85])[\s]*")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")  # and halves of characters, which no file can hold
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(上午|下午|中午|晚上|AM|PM)?\s*(\d{1,2})\s*[:：时点]\s*(\d{1,2})?\s*(?:[:：分]\s*(\d{1,2})?)?(?:\.\d+)?\s*秒?分?)?"
    r"\s*(上午|下午|AM|PM)?\s*(Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=LOCAL)
_EXCEL_DAYS = (20000.0, 80000.0)  # 1954 to 2119


def text_of(cell: Cell) -> str:
    """A cell as clean text: no zero-width or control characters, blanks as one blank, breaks as one "\\n".

    >>> text_of("\\n\\t\\xa0路灯\\u200b不亮 \\n")
    '路灯不亮'
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, bytes):
        cell = cell.decode("utf-8", errors="replace")
    if isinstance(cell, list | dict):
        cell = json.dumps(cell, ensure_ascii=False, default=str)
    text = cell if isinstance(cell, str) else str(cell)
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return _BREAKS.sub("\n", _BLANKS.sub(" ", text)).strip()


def id_of(cell: Cell) -> str | None:
    """The office's number as text ("188006.0" → "188006"); None where a spreadsheet has lost its digits.

    >>> id_of("188006.0"), id_of("2.01801E+13")
    ('188006', None)
    """
    if isinstance(cell, float) and (not cell.is_integer() or abs(cell) >= 2**53):
        return None
    text = re.sub(r"\s", "", text_of(cell))
    if re.fullmatch(r"\d+(?:\.\d+)?[eE]\+?\d+", text):
        return None
    return text[:-2] if re.fullmatch(r"\d+\.0", text) else text


def instant_of(cell: Cell) -> datetime | None:
    """An aware instant, local where no offset is given; a bare date is 00:00; None where it is none."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=LOCAL)
    if isinstance(cell, date):
        return datetime.combine(cell, time(), LOCAL)
    if isinstance(cell, int | float):
        return _from_number(float(cell)) if abs(cell) < 1e12 else None
    text = text_of(cell)
    if match := _DATE.fullmatch(text):
        return _from_parts(match)
    if match := _COMPACT.fullmatch(text):
        return _build(*(int(part or 0) for part in match.groups()))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _from_number(float(text))
    return None


def _from_number(number: float) -> datetime | None:
    if _EXCEL_DAYS[0] <= number <= _EXCEL_DAYS[1]:
        return _EXCEL_EPOCH + timedelta(seconds=round(number * 86400))
    return instant_of(str(int(number))) if 19500101 <= number < 21000101 else None


def _from_parts(match: re.Match[str]) -> datetime | None:
    year, month, day, before, hour, minute, second, after, offset = match.groups()
    half, hours = (before or after or "").upper(), int(hour or 0)
    if half in ("下午", "晚上", "PM") and hours < 12 or half == "中午" and hours < 3:
        hours += 12
    elif half in ("上午", "AM") and hours == 12:
        hours = 0
    at = _build(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))
    if at is None or not offset:
        return at
    try:
        return datetime.fromisoformat(at.replace(tzinfo=None).isoformat() + offset.upper().replace("Z", "+00:00"))
    except ValueError:  # an offset that there is not
        return None


def _build(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=LOCAL) if 1950 <= year < 2100 else None
    except ValueError:
        return None
