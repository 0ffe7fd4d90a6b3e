"""What the queries return, and what they hold back."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from board.cards import alert_card, figures_strip
from board.queries import day_figures, freshness, run_days
from board.queries_handling import case_rows
from board.queries_issue import issue_choices, issue_state, surviving_issue
from board.queries_quality import rejection_reasons, source_health
from board.queries_today import SPARK_DAYS, alert_quotes, day_alerts, day_dangers, past_alerts
from signals.recurrence import chance_statement
from signals.store.warehouse import reading, writing
from signals.theme_nodes import ARM
from tests.board.seeded import LAST_DAY, OFFICE_TITLE, QUIET_DAY, RESTRICTED_TITLE
from tests.board.viewers import CENTRE, IN_PENGJIANG, OFFICE, STRICT


def test_the_days_with_a_run_come_newest_first(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        days = run_days(con)
        newest = freshness(con)
    assert (len(days), days[0], days[-1]) == (40, LAST_DAY, LAST_DAY - timedelta(days=39))
    assert newest is not None
    assert newest.day == LAST_DAY


def test_the_figures_of_a_day_carry_their_denominators(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        figures = day_figures(con, CENTRE, LAST_DAY)
    assert sum(n for _, n in figures.by_source) == figures.n_reports
    assert (figures.n_alerts, figures.n_watch, figures.n_live_issues) == (5, 3, 25)
    assert "同为星期四，预期" in figures_strip(figures)


def test_a_card_has_a_sparkline_that_adds_up(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        cards = day_alerts(con, CENTRE, LAST_DAY).cards
    assert {len(card.spark) for card in cards} == {SPARK_DAYS}
    assert [sum(card.spark) for card in cards] == [card.n_reports for card in cards]


def test_the_figures_of_a_theme_are_not_shown_as_those_of_its_issue(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        card = day_alerts(con, CENTRE, LAST_DAY).cards[0]
    assert "同主题" not in alert_card(card, (), "")
    of_theme = alert_card(replace(card, arm=ARM), (), "")
    assert "同主题" in of_theme
    assert "近期" not in of_theme


def test_a_quote_that_no_open_report_holds_is_dropped(full_folder: Path) -> None:
    path = full_folder / "jianwei.duckdb"
    with writing(path) as con:
        con.execute("UPDATE alerts SET quotes = [?, '没有人这样说过'] WHERE issue_id = 2", [OFFICE_TITLE])
    with reading(path) as con:
        assert alert_quotes(con, CENTRE, LAST_DAY)[2] == (OFFICE_TITLE,)  # which the centre may read
        assert alert_quotes(con, IN_PENGJIANG, LAST_DAY)[2] == ()


def test_a_name_taken_from_a_closed_report_is_replaced(full_folder: Path) -> None:
    path = full_folder / "jianwei.duckdb"
    with writing(path) as con:
        con.execute("UPDATE alerts SET name = ? WHERE issue_id = 2", [OFFICE_TITLE])
        con.execute("UPDATE issues SET name = ? WHERE issue_id = 2", [OFFICE_TITLE[:6]])
    with reading(path) as con:
        names = {card.issue_id: card.name for card in day_alerts(con, STRICT, LAST_DAY).cards}
        state = issue_state(con, STRICT, 2)
    assert names[2] == "议题 2"
    assert state is not None
    assert state.name == "议题 2"


def test_an_update_between_alerts_is_no_card(full_folder: Path) -> None:
    path = full_folder / "jianwei.duckdb"
    with writing(path) as con:
        con.execute("UPDATE alerts SET is_update = true WHERE issue_id = 1")
    with reading(path) as con:
        assert 1 not in {card.issue_id for card in day_alerts(con, CENTRE, LAST_DAY).cards}


def test_sensitive_danger_reports_are_counted_only(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        rows, n_counted = day_dangers(con, CENTRE, LAST_DAY, is_newest=True)
    assert (len(rows), n_counted) == (2, 1)
    assert RESTRICTED_TITLE not in {row.said for row in rows}


def test_a_danger_report_after_the_newest_run_is_seen_on_the_newest_day(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        assert len(day_dangers(con, CENTRE, QUIET_DAY, is_newest=True)[0]) == 2
        assert len(day_dangers(con, CENTRE, QUIET_DAY, is_newest=False)[0]) == 0


def test_earlier_alerts_say_how_far_they_have_come(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        cases = {row.issue_id: row.case for row in case_rows(con, CENTRE)}
        steps = {row.issue_id: cases[row.issue_id].place for row in past_alerts(con, CENTRE, LAST_DAY)}
    assert steps == {5: "found", 6: "owned", 7: "found"}  # an alert is found by being raised


def test_issues_without_an_open_report_cannot_be_picked(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        picked = {choice.issue_id for choice in issue_choices(con, STRICT)}
        assert [surviving_issue(con, STRICT, issue) for issue in (24, 25, 90)] == [None, None, 2]
    assert picked == set(range(1, 24))


def test_shares_are_of_the_last_28_days(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        health = source_health(con, LAST_DAY)
        reasons = rejection_reasons(con)
    assert [row.source for row in health] == ["grid", "hotline", "petition"]
    assert all(0 <= row.no_area_share <= row.no_town_share <= 1 for row in health)
    assert [row.n_rows for row in reasons] == [5, 4, 3]


@pytest.mark.parametrize(
    ("days", "words"), [(0.57, "0.5 天"), (12.9, "12 天"), (1234.0, "1,234 天"), (9.2e17, "36,500 天")]
)
def test_the_chance_statement_is_rounded_down_and_ends_at_a_hundred_years(days: float, words: str) -> None:
    assert chance_statement(days).endswith(f"平均不少于 {words}一次")
    assert chance_statement(days).startswith("在所列基线假设成立时，全市范围内偶然达到这一强度")


def test_everything_on_a_card_is_escaped(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        card = day_alerts(con, CENTRE, LAST_DAY).cards[0]
    html = alert_card(card, ("<script>x</script>",), "<b>某地</b>")
    assert "<script>" not in html
    assert "<b>某地" not in html


def test_of_an_alert_whose_issue_was_taken_up_by_another_no_number_of_now_is_told(full_folder: Path) -> None:
    with writing(full_folder / "jianwei.duckdb") as con:
        con.execute("UPDATE issues SET merged_into = 5 WHERE issue_id = 6")
    with reading(full_folder / "jianwei.duckdb") as con:
        for viewer in (CENTRE, OFFICE):
            now = {row.issue_id: row.n_now for row in past_alerts(con, viewer, LAST_DAY)}
            assert now[6] is None
            assert now[5] is not None
