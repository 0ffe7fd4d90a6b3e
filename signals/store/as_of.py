"""What held of a report at the end of a day, as conditions in SQL: it was not void, had a link, was counted as a voice.

A day is an SQL expression of a date, `$day` or a column; NOW: by all that is known. Whoever counts the reports of a
past day asks by that day, so that nothing learnt later moves a figure.
"""

from collections.abc import Mapping

from signals.progress import ANSWER_DAYS, ENDS

DAY = 86_400_000_000  # microseconds; times of day are added and taken off as such, which is far faster
# What rows of `updates u` tell of a report: to when its deadline was moved, when it was answered, when closed.
DEALT_WITH = """arg_max(u."at", u.known_at) FILTER (u.field = 'due') AS moved,
  arg_max(coalesce(u."at", u.known_at), u.known_at) FILTER (u.field = 'answered') AS answered,
  arg_max(coalesce(u."at", u.known_at), u.known_at) FILTER (u.field = 'closed') AS closed"""
NOW = "DATE '9999-01-01'"


def telling(end: str) -> str:
    """The sources that have told by an instant when a report was dealt with: only there can others be known overdue."""
    ends = ", ".join(f"'{name}'" for name in ENDS)
    return f"""(SELECT DISTINCT r.source FROM updates u JOIN reports r USING (report_key)
      WHERE u.field IN ({ends}) AND u.known_at < {end})"""


def not_void(key: str, day: str) -> str:
    """No fact known by the end of `day` made the report void. key: an SQL expression of its report_key."""
    return f"""NOT EXISTS (SELECT 1 FROM updates u WHERE u.report_key = {key} AND u.field = 'void'
      AND u.known_at < CAST({day} AS DATE) + 1)"""


def linked(day: str) -> str:
    """Whether the row of `links l` was in force at the end of `day`."""
    return f"(l.from_on <= {day} AND (l.until_on IS NULL OR l.until_on > {day}))"


def is_voice(day: str) -> str:
    """Whether the row of `report_days d` brought its issue one person more, by the newest correction up to `day`."""
    return f"""coalesce((SELECT arg_max(c.is_voice, c.from_on) FROM recounted c
      WHERE c.report_key = d.report_key AND c.from_on <= {day}), d.is_voice)"""


def ends_by(report: str, moved: str, answer_days: Mapping[str, int]) -> str:
    """By when a report must be dealt with, in microseconds since the epoch, as an SQL expression.

    Its deadline as it was moved, else the order's own, else so many days after receipt. report: the alias of a row of
    `reports`; moved: an expression; answer_days: by source.
    """
    own = " ".join(f"WHEN '{source}' THEN {days}" for source, days in answer_days.items())
    return f"""coalesce(epoch_us(coalesce({moved}, {report}.due_at)),
      epoch_us({report}.received_at) + {DAY} * CASE {report}.source {own} ELSE {ANSWER_DAYS} END)"""
