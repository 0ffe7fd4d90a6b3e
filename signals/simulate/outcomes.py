"""What became of a report by the day of the export: answers, closings, returns, visits. Always later than receipt."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from signals.records import Source
from signals.simulate.drafts import Draft
from signals.simulate.voice import Telling, Voice
from signals.simulate.wording import Script

NO_SCRIPT = Script((), ("",), (), ())


@dataclass(frozen=True, slots=True)
class Outcome:
    """The handling of one report as the export shows it; None and "" where nothing has happened yet."""

    due_at: datetime
    sent_at: datetime
    ended_at: datetime | None
    answer: str
    n_returned: int
    solved: str  # 是 | 否 | ""
    satisfied: str
    is_void: bool


class Outcomes:
    """Draws outcomes; `hazard` of a draft is the chance that handling goes wrong."""

    def __init__(self, seed: int, exported_at: datetime, voice: Voice) -> None:
        self._rng = random.Random(f"{seed}/outcomes")
        self._exported_at = exported_at
        self._voice = voice

    def of(self, draft: Draft) -> Outcome:
        rng = self._rng
        limit, median = self._pace(draft)
        wrong = rng.random() < draft.hazard
        taken = timedelta(days=median * rng.lognormvariate(0, 0.75))
        if wrong and rng.random() < 0.4:
            taken += limit  # overdue
        elif not wrong:
            taken = min(taken, limit * 0.95)
        sent_at = draft.received_at + timedelta(minutes=rng.randint(4, 25 if draft.urgent else 1500))
        ended: datetime | None = max(draft.received_at + taken, sent_at + timedelta(minutes=15))
        if ended and ended >= self._exported_at:
            ended = None
        n_returned = rng.choices((0, 1, 2, 3), (2, 4, 2, 1) if wrong else (14, 1, 0, 0))[0]
        answer, solved, satisfied = "", "", ""
        if ended:
            telling = Telling(draft.subject, NO_SCRIPT, draft.spot, draft.person, draft.received_at.date())
            answer = self._voice.answer(telling)
            if rng.random() < 0.7:
                solved = "否" if wrong and rng.random() < 0.8 else "是"
                good = ("满意", "基本满意") if solved == "是" else ("不满意", "不满意", "基本满意")
                satisfied = rng.choice(good)
        is_void = draft.source is Source.GRID and not draft.event and rng.random() < 0.04
        return Outcome(
            (draft.received_at + limit).replace(microsecond=0), min(sent_at, self._exported_at),
            ended.replace(microsecond=0) if ended else None, answer, n_returned, solved, satisfied, is_void,
        )  # fmt: skip

    def _pace(self, draft: Draft) -> tuple[timedelta, float]:
        """The time limit, and the median days taken."""
        if draft.source is Source.PETITION:
            return (timedelta(days=15), 6.0) if self._rng.random() < 0.35 else (timedelta(days=60), 14.0)
        if draft.urgent:
            return timedelta(hours=24), 0.3
        if draft.subject.kind in {"enquiry", "thanks"}:
            return timedelta(days=2), 0.2
        return (timedelta(days=7), 2.5) if draft.source is Source.GRID else (timedelta(days=15), 4.0)
