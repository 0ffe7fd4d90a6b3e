"""Three voices of an issue: the most typical, the newest, the most different."""

from datetime import datetime, timedelta

from board.issue_parts import three_quotes
from board.queries_issue import OpenReport
from signals.clock import LOCAL

AT = datetime(2025, 4, 10, 9, tzinfo=LOCAL)


def reports(*similarities: float) -> list[OpenReport]:
    """Reports of these likenesses, the newest first, each with its place in the row as title."""
    return [
        OpenReport(f"hotline:{n}", at, "hotline", "complaint", "", "", f"第{n}件", "<b>", "", "", near)
        for n, near in enumerate(similarities)
        for at in (AT - timedelta(days=n),)
    ]


def chosen(*similarities: float) -> str:
    return three_quotes(reports(*similarities), ["地点"] * len(similarities))


def test_the_newest_the_most_typical_and_the_most_different_are_shown() -> None:
    shown = chosen(0.3, 0.2, 0.9, 0.1)
    found = [shown.index(word) for word in ("最新", "第0件", "最典型", "第2件", "最不同", "第3件")]
    assert found == sorted(found)
    assert "第1件" not in shown
    assert "<b>。" not in shown


def test_one_report_is_not_shown_twice() -> None:
    shown = chosen(0.9, 0.2, 0.1)
    assert shown.count("第0件") == 1
    assert "最新，也最典型" in shown


def test_few_reports_are_left_to_the_table() -> None:
    assert chosen(0.9, 0.2) == ""
