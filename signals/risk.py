"""Escalation risk of an issue as transparent points, 0–100, marked 未校准 until `likelihood` makes a chance of them.

Escalated := within 30 days, not verified before: overdue, returned or reopened, the visit says not solved, or two other
complainants report again after an answer. The points measure what the service failed to do. Never used: anything about
who the reporters are, what they say they will do next, or their other reports.

What is overdue and not ended is escalated by that definition, so of all that the service did it weighs most.
People who report after an answer are counted among the complainants already, so they add little more. Of issues on
which nothing new has come for weeks fewer escalate, so every doubling of the quiet days takes two points off.
"""

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from signals.clock import end_of
from signals.memory import NOBODY, Memory
from signals.records import Factor
from signals.text.saying import LIFE_SAFETY, LIVELIHOOD, N_MARKS

DAY_SECONDS = 86_400
BOUNDS = "封顶与保底"  # the factor that keeps the sum within 0 to 100 and says nothing of the issue


@dataclass(frozen=True, slots=True)
class Progress:
    """What the service did about an issue's reports, as known at the end of a day."""

    n_answered: int
    n_overdue: int
    most_overdue_days: int
    n_returned: int
    n_not_solved: int
    n_again_after_answer: int  # distinct complainants who reported after the first answer
    has_substantive_answer: bool
    has_settlement: bool


def progress(memory: Memory, rows: NDArray[np.int64], day: date) -> Progress:
    """Answers, delays and returns of an issue's rows, from facts known by the end of the day."""
    handled = memory.handled
    done = handled.done(rows)
    is_done = ~np.isnan(done)
    over = memory.seconds_late(rows, end_of(day).timestamp())
    late = over[over > 0] // DAY_SECONDS + 1
    again = 0
    if is_done.any():
        is_later = memory.received[rows] > done[is_done].min()
        heard = set(memory.complainant[rows[~is_later]].tolist()) - {NOBODY}
        later = zip(rows[is_later].tolist(), memory.complainant[rows[is_later]].tolist(), strict=True)
        again = memory.distinct([row for row, person in later if person not in heard])
    return Progress(
        n_answered=int(is_done.sum()), n_overdue=len(late), most_overdue_days=int(late.max(initial=0)),
        n_returned=int(handled.returned[rows].sum()), n_not_solved=int(handled.not_solved[rows].sum()),
        n_again_after_answer=again, has_substantive_answer=bool(handled.substantive(rows).any()),
        has_settlement=bool(handled.settled[rows].any()),
    )  # fmt: skip


def risk_factors(memory: Memory, rows: NDArray[np.int64], day: date) -> tuple[Factor, ...]:
    """The addends of the points of an issue on a day; their sum is the points, in [0, 100].

    rows: the issue's reports of the last 120 days known at the end of `day`, in the order known.
    """
    today = day.toordinal()
    people = memory.distinct(rows)
    voiced = rows[memory.is_voice[rows]]
    new = int((memory.day[voiced] > today - 7).sum())
    before = int(((memory.day[voiced] <= today - 7) & (memory.day[voiced] > today - 28)).sum()) / 3.0
    often = (memory.marks[rows, None] >> np.arange(N_MARKS) & 1).sum(axis=0) * 3 >= len(rows)
    n_areas = len(set(memory.area[rows].tolist()) - {0})
    n_sources = len(set(memory.source[rows].tolist()))
    group = int(memory.group[rows].max(initial=0))
    words = next((word for word, is_named in zip(LIFE_SAFETY, often, strict=False) if is_named), "")
    living = next((word for word, is_named in zip(LIVELIHOOD, often[len(LIFE_SAFETY) :], strict=False) if is_named), "")
    done = progress(memory, rows, day)
    overdue = min(24.0, 8 + 4 * done.n_overdue + done.most_overdue_days / 10) if done.n_overdue else 0.0
    money = bool(often[-1])
    quiet = max(today - int(memory.day[rows].max()), 0)
    kept_word = done.has_substantive_answer and not done.n_again_after_answer
    found = [
        Factor("不同诉求人", min(26.0, 7 * math.log2(max(people, 1))), f"{people}位", "解决共性原因"),
        Factor("近7天增长", min(14.0, 3 * max(0.0, new - before)), f"新增{new}位，此前周均{before:.1f}位",
               "尽快现场处置"),
        Factor("涉及县区", min(8.0, 4.0 * max(0, n_areas - 1)), f"{n_areas}个", "由市级牵头统一处理"),
        Factor("来源渠道", min(8.0, 4.0 * (n_sources - 1)), f"{n_sources}种"),
        Factor("答复后又有人反映", min(8.0, 4.0 * done.n_again_after_answer), f"{done.n_again_after_answer}位",
               "核查答复是否落实"),
        Factor("超期未办", overdue, f"{done.n_overdue}件，最长{done.most_overdue_days}天", "先办超期件并说明原因"),
        Factor("退回改派", min(8.0, 4.0 * done.n_returned), f"{done.n_returned}件", "明确牵头单位"),
        Factor("回访未解决", min(12.0, 6.0 * done.n_not_solved), f"{done.n_not_solved}件", "重新办理并核查"),
        Factor("自述群体规模", min(12.0, 5 * math.log10(group)) if group >= 10 else 0.0, f"{group}户（人）",
               "主动联系受影响群众"),
        Factor("生命安全", 12.0 if words else 0.0, words, "立即排除危险"),
        Factor("基本民生", 8.0 if living else 0.0, living, "先保障基本生活"),
        Factor("涉及钱款", 5.0 if money else 0.0, "多件提到金额", "核清款项去向并公开"),
        Factor("近日无新增", -min(10.0, 2 * math.log2(1 + quiet)), f"{quiet}天"),
        Factor("按时实质答复", -10.0 if kept_word else 0.0, f"{done.n_answered}件已答复"),
        Factor("已达成调解", -8.0 if done.has_settlement else 0.0, "答复中载明"),
    ]  # fmt: skip
    found = [Factor(f.name, round(f.points, 1), f.value, f.remedy) for f in found if round(f.points, 1)]
    total = round(sum(f.points for f in found), 1)
    if not 0 <= total <= 100:
        found.append(Factor(BOUNDS, round(min(max(total, 0), 100) - total, 1), "分值限于0至100"))
    return tuple(found)


def risk_points(factors: tuple[Factor, ...]) -> float:
    """The sum of the addends, 0–100, one decimal."""
    return round(sum(f.points for f in factors), 1)
