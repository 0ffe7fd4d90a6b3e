"""Local days. All windows and bins are whole days of Asia/Shanghai, half open: [00:00, next 00:00)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(microseconds: int) -> datetime:
    """The instant so many microseconds after the epoch, as the warehouse gives times quickly (epoch_us)."""
    return _EPOCH + timedelta(microseconds=microseconds)


def day_of(at: datetime) -> date:
    """The local day that holds the aware instant `at`."""
    return at.astimezone(LOCAL).date()


def start_of(day: date) -> datetime:
    """The first instant of a local day."""
    return datetime.combine(day, time(), LOCAL)


def end_of(day: date) -> datetime:
    """The first instant after a local day (exclusive end)."""
    return start_of(day + timedelta(days=1))


def days_between(first: date, last: date) -> list[date]:
    """All days from first to last, both included; empty when last < first."""
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


def chinese_day(day: date) -> str:
    """A day as people write it.

    >>> chinese_day(date(2025, 3, 1))
    '2025年3月1日 星期六'
    """
    return f"{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"
