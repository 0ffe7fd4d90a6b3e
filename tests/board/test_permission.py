"""Who may see what: the tables of permission, and what the queries give to each viewer."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from board import queries_issue, queries_today
from board.cards import alert_card
from board.navigation import PAGES
from board.permission import MAY_OPEN, Viewer
from board.queries import day_figures
from board.queries_handling import case_rows, issue_loop
from board.queries_issue import (
    issue_choices,
    issue_state,
    issue_timeline,
    kept_by_season,
    newest_alert,
    open_reports,
    surviving_issue,
)
from board.queries_quality import rejected_rows, rejection_reasons
from board.queries_radar import radar
from board.queries_today import alert_quotes, day_alerts, day_dangers, past_alerts
from signals.accounts import Role
from signals.alerts import SEASONAL
from signals.clock import end_of
from signals.handling import Step
from signals.records import Handling
from signals.store.handling import record_step
from signals.store.warehouse import reading, writing
from tests.board.seeded import LAST_DAY, OFFICE_TITLE, RESTRICTED_TITLE
from tests.board.test_views import open_view, page_text
from tests.board.viewers import CENTRE, IN_HESHAN, IN_PENGJIANG, NAMED_ROLE, OFFICE

OPENS = {  # role → the pages it may open
    Role.ANALYST: {"", "issue", "radar", "hotspots", "themes", "handling", "indicators", "models", "quality", "upload"},
    Role.DUTY: {"", "issue", "hotspots", "handling"},
    Role.MODELER: {"models", "radar", "themes"},
    Role.OPERATOR: {"quality", "upload", "models"},
    Role.AUDITOR: {"audit"},
}
NOBODYS = [Viewer(role) for role in (Role.MODELER, Role.OPERATOR, Role.AUDITOR)]


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_its_pages_and_no_other(role: Role) -> None:
    assert {url for url in MAY_OPEN if Viewer(role).may_open(url)} == OPENS[role]
    assert not Viewer(role).may_open("unheard-of")


def test_every_page_of_the_board_has_a_line_in_the_table() -> None:
    assert {page.url for page in PAGES} <= set(MAY_OPEN)


def test_only_analysts_and_duty_officers_read_reports_and_only_analysts_decide() -> None:
    readers = [role for role in Role if Viewer(role).may_read("view_reports")]
    assert readers == [Role.ANALYST, Role.DUTY]
    assert [role for role in Role if Viewer(role).may_do("decide")] == [Role.ANALYST]
    assert [role for role in Role if Viewer(role).may_do("handle")] == [Role.ANALYST, Role.DUTY]
    assert [role for role in Role if Viewer(role).may_read("view_quarantine")] == [Role.ANALYST, Role.OPERATOR]
    assert not any(Viewer(role).may_read("view_anything") or Viewer(role).may_do("anything") for role in Role)


@pytest.mark.parametrize("viewer", NOBODYS)
def test_other_roles_get_no_text_from_any_query(viewer: Viewer, seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        assert open_reports(con, viewer, 2) == ()
        assert not any(alert_quotes(con, viewer, LAST_DAY).values())
        assert day_dangers(con, viewer, LAST_DAY, is_newest=True)[0] == ()


def test_a_district_reads_its_own_reports_of_a_shared_issue_and_no_other(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        own = {viewer: open_reports(con, viewer, 2) for viewer in (CENTRE, IN_PENGJIANG, IN_HESHAN)}
        state = issue_state(con, IN_HESHAN, 2)
        days = issue_timeline(con, IN_HESHAN, 2)
    assert {report.area for report in own[IN_PENGJIANG]} == {"440703"}
    assert {report.area for report in own[IN_HESHAN]} == {"440784"}
    assert len(own[IN_PENGJIANG]) + len(own[IN_HESHAN]) < len(own[CENTRE])  # some have no place, one is about an office
    assert state is not None
    assert state.n_reports == sum(day.n_reports for day in days) == len(own[IN_HESHAN])
    assert (state.areas, state.towns) == (("440784",), ("雅瑶镇",))
    assert not any(factor.value for factor in state.factors)


def test_a_district_sees_only_issues_with_a_report_of_its_own(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        picked = {choice.issue_id for choice in issue_choices(con, IN_HESHAN)}
        assert [surviving_issue(con, IN_HESHAN, issue) for issue in (1, 2, 8)] == [None, 2, 8]
        assert issue_state(con, IN_HESHAN, 1) is None
        assert {card.issue_id for card in day_alerts(con, IN_HESHAN, LAST_DAY).cards} == {2}
        assert {issue.issue_id for issue in radar(con, IN_HESHAN, LAST_DAY).issues} == picked
        assert past_alerts(con, IN_HESHAN, LAST_DAY) == ()
    assert picked == {2, 8, 17, 21}


def test_a_card_of_a_district_has_its_own_figures_and_the_others_as_a_safe_count(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        (card,) = day_alerts(con, IN_HESHAN, LAST_DAY).cards
        whole = {card.issue_id: card for card in day_alerts(con, CENTRE, LAST_DAY).cards}[2]
        assert newest_alert(con, IN_HESHAN, 2) is not None
        assert newest_alert(con, IN_HESHAN, 2).reasons == ()  # type: ignore[union-attr]
        assert newest_alert(con, IN_HESHAN, 2).zone is None  # type: ignore[union-attr]
    assert sum(card.spark) == card.n_reports < whole.n_reports
    assert (card.areas, card.report_keys, card.window_days) == (("440784",), (), 0)
    assert len(card.reasons) == 1
    assert "其他区县另有" in card.reasons[0]
    shown = alert_card(card, (), "")
    assert "级别和阶段按全市口径" in shown
    assert "矛盾风险" not in shown
    assert "全市范围" not in shown
    assert "全市口径" not in alert_card(whole, (), "")


def test_a_district_is_not_told_what_a_season_kept_from_being_an_alert(seeded_warehouse: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(seeded_warehouse, tmp_path / "w.duckdb"))
    with writing(path) as con:
        con.execute("UPDATE alerts SET is_update = true, reasons = [?] WHERE issue_id = 2", [SEASONAL])
    with reading(path) as con:
        assert kept_by_season(con, CENTRE, 2) is not None
        assert kept_by_season(con, IN_HESHAN, 2) is None


def test_no_chance_and_no_points_tell_a_district_of_the_people_elsewhere(
    full_folder: Path, monkeypatch: pytest.MonkeyPatch, on_loopback: Callable[[Path], None]
) -> None:
    """Points are a function of how many people there are: with the own part known, the rest could be worked out."""
    path = full_folder / "jianwei.duckdb"
    with reading(path) as con:
        state, alert = issue_state(con, IN_HESHAN, 2), newest_alert(con, IN_HESHAN, 2)
        (card,) = day_alerts(con, IN_HESHAN, LAST_DAY).cards
        assert {issue.risk_points for issue in radar(con, IN_HESHAN, LAST_DAY).issues} == {None}
        assert radar(con, CENTRE, LAST_DAY).issues[0].risk_points is not None
    assert state is not None
    assert alert is not None
    assert (state.recurrence_days, state.risk_points, alert.recurrence_days) == (None, None, None)
    assert (card.recurrence_days, card.risk_points, card.risk) == (None, None, None)
    assert state.factors
    assert {factor.points for factor in state.factors} == {0.0}
    on_loopback(full_folder)
    monkeypatch.setattr("board.page.viewer_of", lambda account, k: IN_HESHAN)
    said = page_text(open_view("issue.py", issue="2"))
    assert "级别和阶段按全市口径" in said
    assert "尽快公开处理进度，合并答复同一事项" in said
    for word in ("偶然", "分（未校准", " 分", "与平常相比"):
        assert word not in said


@pytest.mark.parametrize(("n_others", "told"), [(0, ""), (1, "少于 5 人"), (4, "少于 5 人"), (5, " 5 人")])
def test_fewer_than_five_people_elsewhere_are_not_told(n_others: int, told: str, full_folder: Path) -> None:
    path = full_folder / "jianwei.duckdb"
    with writing(path) as con:
        members = "SELECT report_key FROM links WHERE issue_id = 2"
        con.execute(f"UPDATE reports SET area = '440784', about_office = '' WHERE report_key IN ({members})")
        con.execute(f"UPDATE report_days SET is_voice = true WHERE report_key IN ({members})")
        others = f"report_key IN ({members} ORDER BY report_key LIMIT {n_others})"
        con.execute(f"UPDATE reports SET area = '440703' WHERE {others}")
    with reading(path) as con:
        state = issue_state(con, IN_HESHAN, 2)
    assert state is not None
    assert state.n_complainants == 22 - n_others
    assert ("其他区县另有" + told if told else "其他区县") in state.elsewhere or not told
    assert ("其他区县" in state.elsewhere) == bool(told)


def test_one_person_elsewhere_with_many_reports_stays_hidden(full_folder: Path) -> None:
    path = full_folder / "jianwei.duckdb"
    with writing(path) as con:
        con.execute("UPDATE report_days SET is_voice = false WHERE report_key IN (SELECT report_key FROM reports "
                    "WHERE area <> '440784')")  # fmt: skip
    with reading(path) as con:
        state = issue_state(con, IN_HESHAN, 2)
    assert state is not None
    assert "其他区县另有少于 5 人" in state.elsewhere


@pytest.mark.parametrize("viewer", [OFFICE, IN_PENGJIANG, Viewer(Role.DUTY, office="别的单位")])
def test_reports_about_an_office_are_read_by_the_centre_alone(viewer: Viewer, seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        assert OFFICE_TITLE in {report.title for report in open_reports(con, CENTRE, 2)}
        assert OFFICE_TITLE not in {report.title for report in open_reports(con, viewer, 2)}
        assert open_reports(con, viewer, 25) == ()
        assert surviving_issue(con, viewer, 25) is None
        assert 25 not in {issue.issue_id for issue in radar(con, viewer, LAST_DAY).issues}


def test_unsure_is_hidden_from_offices_too(full_folder: Path) -> None:
    path = full_folder / "jianwei.duckdb"
    with writing(path) as con:
        con.execute("UPDATE reports SET about_office = '未定' WHERE about_office <> ''")
    with reading(path) as con:
        assert OFFICE_TITLE not in {report.title for report in open_reports(con, OFFICE, 2)}


def test_no_number_tells_an_office_that_there_is_a_report_about_it(full_folder: Path) -> None:
    path = full_folder / "jianwei.duckdb"
    queries = {
        "figures": lambda con: day_figures(con, OFFICE, LAST_DAY),
        "alerts": lambda con: day_alerts(con, OFFICE, LAST_DAY),
        "past": lambda con: past_alerts(con, OFFICE, LAST_DAY),
        "choices": lambda con: issue_choices(con, OFFICE),
        "state": lambda con: issue_state(con, OFFICE, 2),
        "days": lambda con: issue_timeline(con, OFFICE, 2),
        "radar": lambda con: radar(con, OFFICE, LAST_DAY),
    }
    with reading(path) as con:
        before = {name: query(con) for name, query in queries.items()}
    with writing(path) as con:  # as if they had never come
        about = con.execute("SELECT list(report_key) FROM reports WHERE about_office <> ''").fetchone()
        assert about
        con.execute("DELETE FROM links WHERE list_contains(?, report_key)", list(about))
        kept = "list_filter(report_keys, k -> NOT list_contains(?, k))"
        con.execute(f"UPDATE alerts SET report_keys = {kept}", list(about))
        con.execute("DELETE FROM reports WHERE about_office <> ''")
    with reading(path) as con:
        assert {name: query(con) for name, query in queries.items()} == before


def test_restricted_reports_are_for_the_named_role_alone(seeded_warehouse: Path) -> None:
    misused = Viewer(Role.MODELER, sees_restricted=True), Viewer(Role.ANALYST, office="某单位", sees_restricted=True)
    with reading(seeded_warehouse) as con:
        assert {report.title for report in open_reports(con, NAMED_ROLE, 24)} == {RESTRICTED_TITLE}
        assert len(day_dangers(con, NAMED_ROLE, LAST_DAY, is_newest=True)[0]) == 3
        for viewer in (CENTRE, IN_PENGJIANG, OFFICE, *misused):
            assert open_reports(con, viewer, 24) == ()
            assert surviving_issue(con, viewer, 24) is None
        assert day_alerts(con, NAMED_ROLE, LAST_DAY).n_withheld == 0
        assert day_alerts(con, CENTRE, LAST_DAY).n_withheld == 1


def test_a_district_with_the_named_role_reads_restricted_reports_of_its_own_area_only(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        here = open_reports(con, Viewer(Role.ANALYST, ("440705",), sees_restricted=True), 24)
        there = open_reports(con, Viewer(Role.ANALYST, ("440703",), sees_restricted=True), 24)
    assert {report.title for report in here} == {RESTRICTED_TITLE}
    assert there == ()


@pytest.mark.parametrize("name", ["只在别处说过的话", "只在别处说过…", "只在别处说过的话，很长"])
@pytest.mark.parametrize("texts", ["title = '{}'", "title = '', body = '您好。{}。请处理'"])
def test_a_name_that_only_another_district_gave_is_not_shown(name: str, texts: str, full_folder: Path) -> None:
    path = full_folder / "jianwei.duckdb"
    with writing(path) as con:
        for table in ("issues", "alerts", "issue_days"):
            con.execute(f"UPDATE {table} SET name = ? WHERE issue_id = 2", [name])
        there = "SELECT report_key FROM links JOIN reports USING (report_key) WHERE issue_id = 2 AND area = '440703'"
        said = texts.format("只在别处说过的话,  很长!")
        con.execute(f"UPDATE reports SET {said} WHERE report_key = ({there} LIMIT 1)")
    with reading(path) as con:
        assert {card.name for card in day_alerts(con, IN_HESHAN, LAST_DAY).cards} == {"议题 2"}
        assert issue_state(con, IN_HESHAN, 2).name == "议题 2"  # type: ignore[union-attr]
        assert {issue.name for issue in radar(con, IN_HESHAN, LAST_DAY).issues if issue.issue_id == 2} == {"议题 2"}
        assert issue_state(con, IN_PENGJIANG, 2).name == name  # type: ignore[union-attr]


def test_the_figures_of_a_district_s_day_are_its_own(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        parts = [day_figures(con, Viewer(Role.ANALYST, (area,)), LAST_DAY - timedelta(days=3)) for area in
                 ("440703", "440704", "440705", "440781", "440783", "440784", "440785")]  # fmt: skip
        whole = day_figures(con, CENTRE, LAST_DAY - timedelta(days=3))
    assert 0 < sum(part.n_reports for part in parts) <= whole.n_reports
    assert all(part.expected == 0 for part in parts)


def test_quarantined_rows_have_no_area_and_are_for_the_centre(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        reason = rejection_reasons(con)[0].reason
        assert len(rejected_rows(con, Viewer(Role.OPERATOR), reason)) == 5
        for viewer in (IN_PENGJIANG, OFFICE, Viewer(Role.MODELER), Viewer(Role.OPERATOR, ("440703",))):
            assert rejected_rows(con, viewer, reason) == ()


def test_an_area_cannot_break_out_of_its_query(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        assert open_reports(con, Viewer(Role.ANALYST, ("x') OR ('1' = '1",)), 2) == ()


def test_queries_of_text_and_names_ask_who_is_looking() -> None:
    """A new one that does not would show everything to everybody."""
    import inspect

    from board.answers import ask

    free = {"freshness", "run_days", "issue_steps", ask.__name__}  # neither text nor names of issues
    for module in (queries_issue, queries_today):
        for name, query in inspect.getmembers(module, inspect.isfunction):
            taken = list(inspect.signature(query).parameters)
            if query.__module__ == module.__name__ and taken[:1] == ["con"] and name not in free:
                assert taken[1] == "viewer", name


def test_notes_on_an_issue_with_a_report_about_an_office_are_the_centre_s(full_folder: Path) -> None:
    path = full_folder / "jianwei.duckdb"
    for issue in (1, 2):  # 2 holds the report about an office
        with writing(path) as con:
            record_step(con, Handling(issue, Step.REPORTED, end_of(LAST_DAY), "analyst", note="窗口人员已约谈"))
    with reading(path) as con:
        for viewer, seen in ((CENTRE, {1, 2}), (OFFICE, {1})):
            told = {issue for issue in (1, 2) if any("约谈" in step.note for step in issue_loop(con, viewer, issue)[1])}
            shown = {row.issue_id for row in case_rows(con, viewer) if row.case.last and "约谈" in row.case.last.note}
            assert (told, shown) == (seen, seen)


def test_cases_are_those_of_issues_that_a_viewer_may_know_of(seeded_warehouse: Path) -> None:
    with reading(seeded_warehouse) as con:
        issues = {v: {row.issue_id for row in case_rows(con, v)} for v in (CENTRE, NAMED_ROLE, IN_HESHAN, OFFICE)}
        alerted = {issue for (issue,) in con.execute("SELECT issue_id FROM alerts WHERE NOT is_update").fetchall()}
        mine = con.execute(
            "SELECT DISTINCT a.issue_id FROM alerts a JOIN reports r ON list_contains(a.report_keys, r.report_key)"
            " WHERE r.area = '440784' AND r.restricted = '' AND r.about_office = ''"
        ).fetchall()
        people = [row.n_complainants for row in case_rows(con, IN_HESHAN)]
    assert issues[NAMED_ROLE] == alerted
    assert issues[CENTRE] == issues[OFFICE] == alerted - {24}  # 24 is of sensitive reports alone
    assert issues[IN_HESHAN] == {issue for (issue,) in mine} < issues[CENTRE]
    assert set(people) == {None}
