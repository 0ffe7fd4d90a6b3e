"""What is promised about alerts that chance alone raises, with what was measured, in the words of board and digest."""

import math
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Promise:
    """The budget of a day, what became of it when dates were shuffled, and how much the city says in a day."""

    budget: float  # false alerts a day, at most
    realized: float | None  # realized ÷ budget last measured
    measured_on: date | None  # and when
    reports_a_day: float  # of problems, over the weeks before the day

    def __str__(self) -> str:
        """The budget, what was measured, also as how often that is, and whether the city says so much at all.

        >>> str(Promise(1.15, 0.06, date(2025, 6, 18), 12.0))
        '平均每天不超过 1.15 条（实测÷预算：0.06，2025-06-18 测定，约合每 14 天 1 条）'
        >>> str(Promise(1.15, None, None, 0.7))
        '平均每天不超过 1.15 条（实测÷预算：尚未测定；诉求平均每天还没有这么多，实际只会更少）'
        """
        measured = "尚未测定"
        if self.realized is not None:
            measured = f"{self.realized:.2f}，{self.measured_on} 测定，{how_often(self.realized * self.budget)}"
        never = "；诉求平均每天还没有这么多，实际只会更少" if 0 < self.reports_a_day < self.budget else ""
        return f"平均每天不超过 {self.budget:g} 条（实测÷预算：{measured}{never}）"


def how_often(a_day: float) -> str:
    """How often so many a day are, rather too often than too seldom.

    >>> how_often(0.0), how_often(0.001), how_often(0.069), how_often(0.51), how_often(2.01)
    ('打乱日期后没有出现', '约合一年不到 1 条', '约合每 14 天 1 条', '约合每天 0.6 条', '约合每天 2.1 条')
    """
    if not a_day:
        return "打乱日期后没有出现"
    if a_day > 0.5:
        return f"约合每天 {math.ceil(round(10 * a_day, 6)) / 10:g} 条"
    days = math.floor(round(1 / a_day, 6))
    return f"约合每 {days} 天 1 条" if days <= 365 else "约合一年不到 1 条"
