"""What evidence means, in the only words in which board and digest may say it."""

import math

LONGEST_RECURRENCE_DAYS = 36_500  # a hundred years; no baseline carries a claim beyond it


def chance_statement(recurrence_days: float) -> str:
    """How seldom chance alone is this strong; the number is rounded down, so that the statement stays true.

    >>> chance_statement(128.6)
    '在所列基线假设成立时，全市范围内偶然达到这一强度，平均不少于 128 天一次'
    >>> chance_statement(0.57)[-13:], chance_statement(9e17)[-10:], chance_statement(0.0)
    ('平均不少于 0.5 天一次', '36,500 天一次', '偶然性未能给出')
    """
    if not recurrence_days > 0:
        return "偶然性未能给出"
    days = min(recurrence_days, LONGEST_RECURRENCE_DAYS)
    said = f"{math.floor(days):,}" if days >= 1 else f"{math.floor(days * 10) / 10:.1f}"
    return f"在所列基线假设成立时，全市范围内偶然达到这一强度，平均不少于 {said} 天一次"
