"""The closed loop of an issue (处置, 五有): what its steps come to, which may come next, and what each one needs.

A case begins with an alert and ends when it is verified or dismissed; alerts meanwhile belong to it. Steps are only
ever added: one that was wrong is taken back by a step UNDONE, so that what was known on a day stays known of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from signals.errors import StateError
from signals.records import Handling

ENGINE = "引擎"  # the role of steps that no person took


class Step(StrEnum):
    """A step of the loop; the first five are the five that every case must have."""

    FOUND = "found"
    REPORTED = "reported"
    OWNED = "owned"
    HANDLED = "handled"
    VERIFIED = "verified"
    REOPENED = "reopened"
    DISMISSED = "dismissed"
    UNDONE = "undone"


FIVE = (Step.FOUND, Step.REPORTED, Step.OWNED, Step.HANDLED, Step.VERIFIED)
STEP_NAMES = {
    Step.FOUND: "发现", Step.REPORTED: "报告", Step.OWNED: "负责", Step.HANDLED: "处置", Step.VERIFIED: "核查验收",
    Step.REOPENED: "重新打开", Step.DISMISSED: "不立为预警", Step.UNDONE: "撤回上一步",
}  # fmt: skip
WAITS_FOR = {  # where a case stands → what it waits for, in a word
    Step.FOUND: "待确认", Step.REPORTED: "待交办", Step.OWNED: "办理中", Step.HANDLED: "待核查",
    Step.VERIFIED: "已办结", Step.DISMISSED: "不立为预警",
}  # fmt: skip
DISMISSALS = ("已知情况", "不成议题", "与其他议题重复")  # why an alert needs no handling; the note begins with one
SHORTEST_NOTE = 5  # characters that say what was done


@dataclass(frozen=True, slots=True)
class Case:
    """Where the loop of an issue stands."""

    begun_at: datetime
    n_alerts: int
    done: tuple[Step, ...]  # of FIVE, in their order
    unit: str
    due_at: datetime | None
    ended: Step | None = None  # VERIFIED | DISMISSED
    ended_at: datetime | None = None
    is_reopened: bool = False
    last: Handling | None = None  # the last step that a person took and nobody took back

    @property
    def place(self) -> Step:
        """The furthest of the five, or what ended it."""
        return self.ended or self.done[-1]

    def overdue_days(self, at: datetime) -> int:
        """Days begun past the deadline; 0 in time, without a deadline, and once it has ended."""
        return 0 if self.ended or self.due_at is None or self.due_at >= at else -((self.due_at - at).days)


def case_of(steps: Iterable[Handling]) -> Case | None:
    """What the steps of one issue come to, in their order; None before its first alert, which is a step FOUND."""
    case = None
    for step in standing(steps):
        if step.step == Step.FOUND:
            case = _alerted(case, step)
        elif case:
            case = _after(case, step)
    return case


def standing(steps: Iterable[Handling]) -> list[Handling]:
    """The steps that nobody took back."""
    kept: list[Handling] = []
    for step in steps:
        if step.step != Step.UNDONE:
            kept.append(step)
        elif (last := _last_of_people(kept)) is not None:
            del kept[last]
    return kept


def may_follow(case: Case) -> tuple[Step, ...]:
    """The steps that may come next, the most likely one first."""
    if case.ended:
        follow: tuple[Step, ...] = (Step.REOPENED,)
    elif Step.HANDLED in case.done:
        follow = (Step.VERIFIED, Step.REOPENED)
    elif Step.OWNED in case.done:
        follow = (Step.HANDLED, Step.OWNED)
    elif Step.REPORTED in case.done:
        follow = (Step.OWNED, Step.DISMISSED)
    else:
        follow = (Step.REPORTED, Step.OWNED, Step.DISMISSED)
    return (*follow, Step.UNDONE) if case.last else follow


def check_step(case: Case | None, step: Handling) -> None:
    """Raise StateError, one sentence, where a step may not come next or lacks what it needs."""
    where = f"议题 {step.issue_id}"
    if case is None:
        raise StateError(f"{where}: 还没有预警，没有可处置的；应为预警过的议题。请先等它越过预警线。")
    kind = Step(step.step)
    if kind not in may_follow(case):
        may = "、".join(STEP_NAMES[each] for each in may_follow(case))
        now = STEP_NAMES[case.place]
        raise StateError(f"{where}: 现在是“{now}”，不能记“{STEP_NAMES[kind]}”；应为 {may}。请刷新后再看。")
    if kind is Step.OWNED and not step.unit.strip():
        raise StateError(f"{where}: 没有写明交给哪个单位；得到空白；应为单位名称。请填写。")
    if kind is Step.OWNED and (step.due_at is None or step.due_at <= step.at):
        raise StateError(f"{where}: 办理期限不对；得到 {step.due_at or '空白'}；应晚于现在。请改正。")
    if kind is Step.DISMISSED and not step.note.startswith(DISMISSALS):
        raise StateError(f"{where}: 没有写明为什么不立；应为 {'、'.join(DISMISSALS)} 之一。请选择。")
    needs_note = kind in (Step.HANDLED, Step.VERIFIED, Step.REOPENED)
    if needs_note and len("".join(step.note.split())) < SHORTEST_NOTE:
        what = {Step.HANDLED: "做了什么", Step.VERIFIED: "谁怎样核查的", Step.REOPENED: "为什么重新打开"}[kind]
        raise StateError(f"{where}: 没有写明{what}；得到“{step.note.strip()}”；应不少于 {SHORTEST_NOTE} 个字。请补充。")


def _alerted(case: Case | None, step: Handling) -> Case:
    if case is None or case.ended:
        return Case(step.at, 1, (Step.FOUND,), step.unit, step.due_at)
    if Step.OWNED in case.done:  # whoever owns it keeps it, and the date agreed on
        return replace(case, n_alerts=case.n_alerts + 1)
    return replace(case, n_alerts=case.n_alerts + 1, unit=step.unit, due_at=step.due_at)


def _after(case: Case, step: Handling) -> Case:
    kind = Step(step.step)
    done = {*case.done}
    ended, ended_at, is_reopened = case.ended, case.ended_at, case.is_reopened
    if kind is Step.REOPENED:
        done -= {Step.HANDLED, Step.VERIFIED}
        ended, ended_at, is_reopened = None, None, True
    elif kind in FIVE:
        done.add(kind)
    if kind in (Step.VERIFIED, Step.DISMISSED):
        ended, ended_at = kind, step.at
    return replace(
        case, done=tuple(each for each in FIVE if each in done), unit=step.unit or case.unit,
        due_at=step.due_at or case.due_at, ended=ended, ended_at=ended_at, is_reopened=is_reopened,
        last=case.last if step.role == ENGINE else step,
    )  # fmt: skip


def _last_of_people(steps: Sequence[Handling]) -> int | None:
    """The place of the last step that a person took in the case that is open or ended last."""
    for place in range(len(steps) - 1, -1, -1):
        if steps[place].role != ENGINE:
            return place if steps[place].step != Step.FOUND else None
    return None
