"""Steps in a real warehouse: checked, redacted, taken back, followed through merges, reopened by the run."""

import csv
from datetime import datetime, timedelta

import pytest

from signals.clock import end_of
from signals.errors import StateError
from signals.handling import ENGINE, Case, Step
from signals.ingest import How, ingest_file
from signals.records import Handling
from signals.store.handling import REOPENED_BY_REPORT, cases_known, note_telephoned, record_step
from signals.store.warehouse import changing
from tests.exports import BURST, HEADER
from tests.keeping.cities import KEY, City, run_through

SAID = "白鹭桥头搅拌站半夜还在装料，粉尘落满阳台，200户受影响。"


def morning(city: City, *, hours: float = 0) -> datetime:
    return end_of(city.export.last_on) + timedelta(hours=8 + hours)


def issue_of_burst(city: City) -> int:
    founder = f"petition:{city.export.burst_ids[0]}"
    [(issue,)] = city.rows("SELECT issue_id FROM links WHERE report_key = ? AND until_on IS NULL", founder)
    return int(str(issue))


def take(city: City, *steps: Handling) -> None:
    with changing(city.settings.warehouse_path) as connection:
        for step in steps:
            record_step(connection, step)


def case(city: City, issue: int) -> Case:
    with changing(city.settings.warehouse_path) as connection:
        return cases_known(connection, morning(city, hours=1000))[issue]


def verified(city: City, issue: int) -> datetime:
    """Owned, handled and verified within the morning; the instant of the verification."""
    due = morning(city, hours=48)
    take(
        city,
        Handling(issue, "owned", morning(city), "duty", "", "区住建局", due),
        Handling(issue, "handled", morning(city, hours=1), "duty", "已责令搅拌站夜间停工，电13800138000"),
        Handling(issue, "verified", morning(city, hours=2), "duty", "值班员回访三户，夜里安静了"),
    )
    return morning(city, hours=2)


def complain(city: City, at: datetime, *, kind: str = "") -> None:
    path = city.settings.folder.parent / f"{at:%m%d%H}.csv"
    about = ["", "13777777777", "", BURST, SAID, "蓬江区", "潮连街道", "", "办理中"]
    row = [f"XF9{at:%d%H}", f"{at:%Y-%m-%d %H:%M:%S}", *about]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*HEADER, "类型"], [*row, kind]])
    ingest_file(path, How(city.settings, KEY, source="petition", history=True, now=at))
    run_through(city, at.date())


def test_a_case_goes_from_found_to_verified_and_notes_are_redacted(city: City) -> None:
    issue = issue_of_burst(city)
    assert case(city, issue).place is Step.FOUND
    verified(city, issue)
    done = case(city, issue)
    assert (done.ended, done.done) == (Step.VERIFIED, tuple(Step)[:5])
    assert (done.unit, done.due_at) == ("区住建局", morning(city, hours=48))
    notes = city.rows("SELECT note FROM handling WHERE step = 'handled'")
    assert notes == [("已责令搅拌站夜间停工，电〔手机〕",)]


def test_a_refused_step_changes_nothing(city: City) -> None:
    issue, before = issue_of_burst(city), city.rows("FROM handling")
    with pytest.raises(StateError, match="应为 报告、负责、不立为预警"):
        take(city, Handling(issue, "verified", morning(city), "duty", "看过了，没有问题"))
    assert city.rows("FROM handling") == before


def test_handing_over_reports_too_and_is_taken_back_apart(city: City) -> None:
    issue = issue_of_burst(city)
    take(city, Handling(issue, "owned", morning(city), "duty", "", "区住建局", morning(city, hours=9)))
    assert case(city, issue).done == (Step.FOUND, Step.REPORTED, Step.OWNED)
    take(city, Handling(issue, "undone", morning(city, hours=1), "duty"))
    assert case(city, issue).done == (Step.FOUND, Step.REPORTED)


def test_a_grievance_after_the_verification_reopens_the_case_by_itself(city: City) -> None:
    issue = issue_of_burst(city)
    at = verified(city, issue)
    complain(city, at + timedelta(hours=3))
    assert issue_of_burst(city) == issue
    again = case(city, issue)
    assert (again.place, again.ended, again.is_reopened) == (Step.OWNED, None, True)
    [(role, note)] = city.rows("SELECT role, note FROM handling WHERE step = 'reopened'")
    assert (role, note) == (ENGINE, REOPENED_BY_REPORT)
    run_through(city, (at + timedelta(days=1)).date())
    assert city.rows("SELECT count(*) FROM handling WHERE step = 'reopened'") == [(1,)]


@pytest.mark.parametrize(("hours", "kind"), [(-1, ""), (3, "咨询")])
def test_an_earlier_report_or_an_enquiry_reopens_nothing(city: City, hours: float, kind: str) -> None:
    issue = issue_of_burst(city)
    complain(city, verified(city, issue) + timedelta(hours=hours), kind=kind)
    linked = "SELECT count(*) FROM links WHERE issue_id = ? AND report_key LIKE 'petition:XF9%'"
    assert city.rows(linked, issue) == [(1,)]
    assert city.rows("SELECT count(*) FROM handling WHERE step = 'reopened'") == [(0,)]
    assert case(city, issue).ended is Step.VERIFIED


def test_steps_of_a_merged_issue_belong_to_the_one_it_lives_on_in(city: City) -> None:
    issue = issue_of_burst(city)
    verified(city, issue)
    with changing(city.settings.warehouse_path) as connection:
        connection.execute("INSERT INTO issues VALUES (9999, '合并后的', '2025-01-01', 'x', NULL, NULL, NULL)")
        connection.execute("UPDATE issues SET merged_into = 9999 WHERE issue_id = ?", [issue])
    assert case(city, 9999).ended is Step.VERIFIED


def test_a_danger_is_telephoned_once(city: City) -> None:
    with changing(city.settings.warehouse_path) as connection:
        connection.execute("INSERT INTO watch VALUES ('petition:XF00001', '燃气泄漏', '煤气味', now(), '', '', NULL)")
        note_telephoned(connection, "petition:XF00001", morning(city))
        note_telephoned(connection, "petition:XF00001", morning(city, hours=1))
    assert city.rows("SELECT epoch(phoned_at) FROM watch WHERE report_key = 'petition:XF00001'") == [
        (morning(city).timestamp(),)
    ]
