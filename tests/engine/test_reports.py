"""Reports of the past are records where they are read, and the same as those of a memory carried on."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from signals.records import Kind, Report, Source
from signals.reports import COLUMNS, Chosen, Reports

AT = datetime(2025, 3, 1, 1, 2, 3, 456_789, UTC)


def report(number: int, **changes: object) -> Report:
    said = {"title": f"路灯{number}不亮", "body": "三天了", "kind": Kind.COMPLAINT, "area": "440703"} | changes
    return Report(Source.HOTLINE, f"h{number}", AT, AT, **said)  # type: ignore[arg-type]


def microseconds(at: datetime | None) -> int | None:
    return None if at is None else round(at.timestamp() * 1e6)


def stored(reports: list[Report]) -> pa.Table:
    """Reports as the columns in which they are read."""
    rows = [{name: getattr(each, name) for name in COLUMNS} for each in reports]
    return pa.table({
        name: [microseconds(row[name]) if name.endswith("_at") else row[name] and str(row[name]) for row in rows]
        for name in COLUMNS
    })  # fmt: skip


PAST = [report(0), report(1, due_at=AT, restricted="疾病"), report(2, unit="城管局", about_office="城管局")]


def test_a_report_of_the_past_comes_back_as_it_was_wherever_it_lies() -> None:
    place = np.array([2, 0, 1])
    assert list(Reports(stored([PAST[1], PAST[2], PAST[0]]), place)) == PAST


def test_reports_of_the_run_follow_those_of_the_past() -> None:
    reports = Reports(stored(PAST), np.arange(3))
    reports.extend([report(3), report(4)])
    assert len(reports) == 5
    assert [each.report_id for each in reports] == ["h0", "h1", "h2", "h3", "h4"]
    assert reports[1:4] == [PAST[1], PAST[2], report(3)]
    assert reports[-1] == report(4)
    assert reports[-4] == PAST[1]


def test_the_words_of_a_row_are_those_of_its_report_wherever_it_lies() -> None:
    reports = Reports(stored([PAST[1], PAST[2], PAST[0]]), np.array([2, 0, 1]))
    reports.extend([report(3)])
    assert [reports.words(row) for row in range(4)] == [(each.title, each.body) for each in reports]
    assert len({reports.words(row) for row in range(4)}) == 4


def test_there_is_no_report_beyond_the_last() -> None:
    with pytest.raises(IndexError):
        Reports(stored(PAST), np.arange(3))[3]


def test_chosen_reports_are_equal_where_their_reports_are() -> None:
    one, other = Reports(stored(PAST), np.arange(3)), Reports()
    other.extend(PAST)
    assert Chosen(one, np.array([2, 0])) == Chosen(other, np.array([2, 0]))
    assert Chosen(one, np.array([2, 0])) != Chosen(other, np.array([0, 2]))
    assert list(Chosen(one, np.array([2, 0, 1]))[1:]) == [PAST[0], PAST[1]]
