"""Recording a correction: what cannot be carried out is refused at once, in one sentence, with what waits in mind.

Nothing of the past changes here. The next day that runs brings the correction in force (`signals/correcting.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from signals.corrections import ENGINE, Correction, CorrectionKind, Standing
from signals.errors import StateError
from signals.redaction import redact
from signals.store.corrections import (
    find_corrections,
    insert_correction,
    load_standing,
    undone_by,
    waiting_corrections,
)
from signals.store.rows import first_row


@dataclass(frozen=True, slots=True)
class Said:
    """Who wants a correction, why, and when they said so."""

    by: str
    reason: str  # redacted
    at: datetime


def say(by: str, reason: str, at: datetime) -> Said:
    """Who and why, the reason redacted on one line. Raises StateError where either is empty, or the name is taken.

    >>> from signals.clock import LOCAL
    >>> say("研判员", "是两处工地，\\n详询13800138000", datetime(2025, 3, 1, tzinfo=LOCAL)).reason
    '是两处工地， 详询〔手机〕'
    """
    by, reason = " ".join(by.split()), redact(" ".join(reason.split()))
    if not by or by.lower() == ENGINE:
        raise StateError(f"--by: 不能这样署名；得到 {by!r}；应为更正人的岗位或账号。请改正后重试。")
    if not reason:
        raise StateError("--reason: 没有理由；得到空白；应为一句话。请写明为什么更正。")
    return Said(by, reason, at)


def record_merge(connection: duckdb.DuckDBPyConnection, issue: int, other: int, said: Said) -> Correction:
    """Make two issues one; the older number survives."""
    standing = _standing(connection)
    _check_pair(connection, standing, issue, other)
    return _insert(connection, said, CorrectionKind.MERGE, max(issue, other), min(issue, other), ())


def record_split(
    connection: duckdb.DuckDBPyConnection, issue: int, report_keys: Sequence[str], said: Said
) -> Correction:
    """Let reports leave an issue and become a new one, whose number is given when it is in force."""
    standing = _standing(connection)
    _check_live(connection, standing, issue)
    keys = _check_reports(connection, standing, issue, report_keys, "请留下至少一条")
    return _insert(connection, said, CorrectionKind.SPLIT, issue, None, keys)


def record_move(
    connection: duckdb.DuckDBPyConnection, issue: int, other: int, report_keys: Sequence[str], said: Said
) -> Correction:
    """Let reports leave one issue for another."""
    standing = _standing(connection)
    _check_pair(connection, standing, issue, other)
    keys = _check_reports(connection, standing, issue, report_keys, "请改用 jianwei correct merge")
    return _insert(connection, said, CorrectionKind.MOVE, issue, other, keys)


def record_undo(connection: duckdb.DuckDBPyConnection, number: int, said: Said) -> Correction:
    """Take a correction back; one that is not in force yet is withdrawn and never will be."""
    found = find_corrections(connection, "c.correction_id = ?", [number])
    if not found:
        last = first_row(connection.execute("SELECT coalesce(max(correction_id), 0) FROM corrections"))
        n = last[0] if last else 0
        raise StateError(
            f"更正 {number}: 没有这一号；得到 {number}；应为 1 到 {n} 之间的编号。请用 jianwei correct list 查看。"
        )
    target, waiting = found[0], waiting_corrections(connection)
    if undone := undone_by(connection).get(number):
        raise StateError(f"更正 {number}: 已经由第 {undone} 号撤销；得到 {number}；应为没有撤销过的更正。不用再撤销。")
    if target.kind is CorrectionKind.UNDO and target not in waiting:
        raise StateError(f"更正 {number}: 它本身是撤销；得到 {number}；应为合并、拆分或移动。请重新合并、拆分或移动。")
    if target in waiting:
        _check_nothing_builds_on(target, waiting)
    return _insert(connection, said, CorrectionKind.UNDO, target.issue, target.other, target.report_keys, number)


def _insert(
    connection: duckdb.DuckDBPyConnection, said: Said, kind: CorrectionKind, issue: int, other: int | None,
    keys: tuple[str, ...], undoes: int | None = None,
) -> Correction:  # fmt: skip
    new = Correction(0, kind, issue, other, keys, said.by, said.reason, said.at, undoes)
    return insert_correction(connection, new)


def _standing(connection: duckdb.DuckDBPyConnection) -> Standing:
    """What holds once everything that waits is in force."""
    standing = load_standing(connection)
    standing.learn_waiting(waiting_corrections(connection))
    return standing


def _check_pair(connection: duckdb.DuckDBPyConnection, standing: Standing, issue: int, other: int) -> None:
    if issue == other:
        raise StateError(f"议题 {issue}: 两个编号相同；得到 {issue} 和 {other}；应为两个不同的议题。请核对编号。")
    for number in (issue, other):
        _check_live(connection, standing, number)


def _check_live(connection: duckdb.DuckDBPyConnection, standing: Standing, issue: int) -> None:
    if first_row(connection.execute("SELECT 1 FROM issues WHERE issue_id = ?", [issue])) is None:
        raise StateError(f"议题 {issue}: 没有这个议题；得到 {issue}；应为已有议题的编号。请核对编号。")
    survivor = standing.survivor(issue)
    if survivor != issue:
        raise StateError(f"议题 {issue}: 已并入议题 {survivor}；应为没有并入别处的议题。请改用 {survivor}。")


def _check_reports(
    connection: duckdb.DuckDBPyConnection, standing: Standing, issue: int, report_keys: Sequence[str], remedy: str
) -> tuple[str, ...]:
    """The keys, each once. Raises StateError where one is not in the issue, or none would be left in it."""
    homes = dict(
        connection.execute("SELECT report_key, arg_min(issue_id, from_on) FROM links GROUP BY report_key").fetchall()
    )
    keys = tuple(dict.fromkeys(report_keys))
    for key in keys:
        if key not in homes:
            raise StateError(f"诉求 {key}: 没有运行过这条诉求；应为来源和编号，如 hotline:H1。请核对编号。")
        if (place := standing.place(key, homes[key])) != issue:
            now = f"议题 {place}" if place > 0 else "待生效的新议题"
            raise StateError(f"诉求 {key}: 不在议题 {issue}；它在{now}。请核对编号。")
    if not keys or all(key in keys or standing.place(key, home) != issue for key, home in homes.items()):
        n = len(keys)
        raise StateError(f"议题 {issue}: 没有诉求可留；得到 {n} 条；应少于它的全部诉求，且不为零。{remedy}。")
    return keys


def _check_nothing_builds_on(target: Correction, waiting: Sequence[Correction]) -> None:
    """Refuse to withdraw what a later correction that waits may rest on."""
    issues, keys = {target.issue, target.other} - {None}, set(target.report_keys)
    for later in waiting:
        if later.number > target.number and (issues & {later.issue, later.other} or keys & set(later.report_keys)):
            n = later.number
            raise StateError(f"更正 {target.number}: 第 {n} 号也在等待生效，动的是同一议题。请先撤销第 {n} 号。")
