"""`jianwei retrain risk`, the days that use its model, replays that fit it monthly, and days computed again."""

import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from models import registry
from pipelines import likelihood_source
from pipelines.likelihood_source import fitted_monthly
from pipelines.likelihood_source import likelihood_source as source_of
from pipelines.models import promote_model, roll_back_model
from pipelines.retrain_risk import retrain_risk
from pipelines.run import run_command, verify_command
from signals.clock import start_of
from signals.errors import StateError
from signals.likelihood import Bin, Likelihood, Quality, read_likelihood, read_quality, write_likelihood
from signals.records import Factor
from signals.settings import Settings
from signals.store.escalations import examples
from signals.store.warehouse import create, reading, writing
from tests.engine.stream import make_stream, settings_for, write_stream
from tests.engine.worlds import stream_days
from tests.store.outcomes import DAY, THROUGH, Outcomes, described, files

PEOPLE, QUIET = "不同诉求人", "近日无新增"
MODEL = Likelihood("v", -2.0, {PEOPLE: 1.0})
QUALITY = Quality(210, 400, 0.3, 0.75, 0.7, 0.6, 0.25, 0.2, 0.03, (Bin(400, 0.3, 0.3),), {})


def fill(settings: Settings, n: int, *, seed: int = 2, is_luck: bool = False) -> None:
    """n issues of two people or more; the more people, the likelier one report is overdue, unless all is luck."""
    chance = random.Random(seed)
    create(settings.warehouse_path)
    with writing(settings.warehouse_path) as connection:
        files(connection)
        told = Outcomes(connection)
        told.report(-60, done=-50, issue=n + 1)
        for issue in range(1, n + 1):
            points = chance.choice((7.0, 11.1, 18.1, 25.0))
            described(connection, issue, DAY, factors=[(PEOPLE, points), (QUIET, -2.0)], areas=["440703"])
            escalates = chance.random() < (0.5 if is_luck else points / 27)
            told.report(due=5 if escalates else 40, issue=issue)
        ran(connection, THROUGH)


def ran(connection: object, day: date) -> None:
    """A day that has run."""
    connection.execute(  # type: ignore[attr-defined]
        """INSERT INTO runs BY NAME SELECT ? AS day, ? AS started_at, ? AS finished_at, 1 AS n_reports,
          0 AS n_quarantined, 0 AS n_new_issues, 0 AS n_alerts, 0 AS n_updates, 1.0 AS seconds, 's' AS settings_hash,
          '' AS theme_version, 1.0 AS city_expected, 'h' AS result_hash, 0.6 AS budget""",
        [day, start_of(day), start_of(day)],
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(folder=tmp_path, demo=True)


def test_it_fits_registers_and_says_how_good_it_is(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    fill(settings, 400)
    assert retrain_risk(settings, None) == 0
    printed = capsys.readouterr().out
    with reading(settings.warehouse_path) as connection:
        [model] = registry.versions(connection, registry.RISK)
    folder = model.folder(settings.models_folder)
    assert (model.status, model.fitted_through, model.version) == ("current", THROUGH, f"{THROUGH:%Y%m%d}-1")
    fitted, quality = read_likelihood(folder), read_quality(folder)
    assert fitted.version == model.version
    assert fitted.weights[PEOPLE] > 0.5
    assert quality is not None
    assert quality.n_issues == 400
    assert quality.gaps.keys() == {"440703", "hotline"}
    for said in ("400 个议题、400 个议题日", "布里尔技巧分", "说的可能性", "各因素的权重", "蓬江区", "热线",
                 "之后的日子将使用它"):  # fmt: skip
        assert said in printed
    assert f"{quality.ece:.3f}" in model.notes


def test_too_few_outcomes_are_refused_with_how_many_there_are(settings: Settings) -> None:
    fill(settings, 199)
    with pytest.raises(StateError, match=r"199 个.*至少要 200 个和 40 个"):
        retrain_risk(settings, None)
    with reading(settings.warehouse_path) as connection:
        assert registry.versions(connection, registry.RISK) == []
    assert not (settings.models_folder / "risk").exists()


def test_chances_that_say_no_more_than_the_share_are_refused(settings: Settings) -> None:
    fill(settings, 300, is_luck=True, seed=5)
    with pytest.raises(StateError, match="不比一律说"):
        retrain_risk(settings, None)


def test_a_day_that_has_not_run_is_refused(settings: Settings) -> None:
    create(settings.warehouse_path)
    with pytest.raises(StateError, match=r"还没有运行过.*jianwei run"):
        retrain_risk(settings, None)
    with writing(settings.warehouse_path) as connection:
        ran(connection, THROUGH)
    with pytest.raises(StateError, match=f"只运行到 {THROUGH}"):
        retrain_risk(settings, THROUGH + timedelta(days=1))


def test_a_candidate_serves_no_day_until_promoted_and_one_rolled_back_no_longer(settings: Settings) -> None:
    fill(settings, 400)
    retrain_risk(settings, None, candidate=True)
    name, following = f"{THROUGH:%Y%m%d}-1", THROUGH + timedelta(days=1)
    assert source_of(settings)(following) is None
    promote_model(settings, "risk", name)
    used = source_of(settings)(following)
    assert used is not None
    assert used.version == name
    assert source_of(settings)(THROUGH) is None  # it has seen that day
    roll_back_model(settings, "risk")
    assert source_of(settings)(following) is None


def test_a_model_whose_folder_is_gone_stops_the_day_with_a_sentence(settings: Settings) -> None:
    fill(settings, 400)
    retrain_risk(settings, None)
    shutil.rmtree(settings.models_folder / "risk")
    with pytest.raises(StateError, match=r"risk.json.*jianwei retrain risk"):
        source_of(settings)(THROUGH + timedelta(days=1))


DAYS = stream_days(5)


def registered(settings: Settings, through: date) -> None:
    """A model that has seen the days up to `through`."""
    with writing(settings.warehouse_path) as connection:
        model = registry.new_version(settings.models_folder, registry.RISK, through, "")
        with registry.writing_folder(model.folder(settings.models_folder)) as folder:
            write_likelihood(folder, replace(MODEL, version=model.version), QUALITY)
        registry.add_version(connection, model)


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    """Five days, of which the last two use a model of the first three."""
    given = settings_for(tmp_path)
    write_stream(given.warehouse_path, make_stream(5, seed=9))
    registered(given, DAYS[2])
    assert run_command(given, through=DAYS[-1]) == 0
    return given


def rows(settings: Settings, query: str) -> Sequence[tuple[object, ...]]:
    with reading(settings.warehouse_path) as connection:
        return connection.execute(query).fetchall()


def test_days_after_what_a_model_has_seen_say_a_chance_of_issues_of_two_people(city: Settings) -> None:
    version = f"{DAYS[2]:%Y%m%d}-1"
    assert rows(city, "SELECT risk_version FROM runs ORDER BY day") == [("",)] * 3 + [(version,)] * 2
    found = rows(city, "SELECT day, n_complainants, risk, factors FROM issue_days")
    said = [(day, risk) for day, people, risk, _ in found if people >= 2]  # type: ignore[operator]
    assert {day for day, risk in said if risk is not None} == set(DAYS[3:])
    assert not {day for day, risk in said if risk is None} & set(DAYS[3:])
    assert all(risk is None for _, people, risk, _ in found if people < 2)  # type: ignore[operator]
    for _, _, risk, factors in found:
        told = [Factor(f["name"], f["points"], "") for f in factors]  # type: ignore[attr-defined]
        assert risk is None or risk == MODEL.of(told)


def test_an_alert_says_the_chance_of_its_issue_on_its_day(city: Settings) -> None:
    found = rows(city, "SELECT a.day, a.risk, d.risk FROM alerts a JOIN issue_days d USING (issue_id, day)")
    assert {day for day, _, _ in found} & set(DAYS[3:])
    assert all(risk == of_issue for _, risk, of_issue in found)
    assert {risk is None for day, risk, _ in found if day in DAYS[3:]} == {False}


def test_days_computed_again_use_the_models_that_they_used(
    city: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    registered(city, DAYS[1])  # fitted since; would have served the third day
    roll_back_model(city, "risk", f"{DAYS[2]:%Y%m%d}-1")
    capsys.readouterr()
    assert verify_command(city, DAYS[-1]) == 0
    assert "结果与保存的完全相同" in capsys.readouterr().out


def test_a_replay_fits_on_every_first_of_a_month_what_was_known_the_day_before(
    city: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[date]()

    def known(connection: object, through: date, answer_days: object) -> date:
        asked.append(through)
        return through

    monkeypatch.setattr(likelihood_source, "examples", known)
    monkeypatch.setattr(likelihood_source, "is_enough", lambda through: through >= date(2025, 4, 30))
    monkeypatch.setattr(likelihood_source, "quality_of", lambda through: through)
    monkeypatch.setattr(likelihood_source, "is_worth", lambda through: through != date(2025, 5, 31))
    monkeypatch.setattr(likelihood_source, "fit_risk", lambda through, version: Likelihood(version, 0.0, {}))
    on = fitted_monthly(city)(city.warehouse_path)
    used = {day: on(day) for day in (date(2025, 3, 1) + timedelta(days=i) for i in range(130))}
    ends = [date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30), date(2025, 5, 31), date(2025, 6, 30)]
    assert asked == ends
    assert all(used[day] is None for day in used if day < date(2025, 5, 1))
    versions = {model.version for day, model in used.items() if model and day < date(2025, 7, 1)}
    assert versions == {"20250430"}  # that of May was worth nothing
    assert {model.version for day, model in used.items() if model and day >= date(2025, 7, 1)} == {"20250630"}


@pytest.mark.slow
def test_outcomes_by_a_day_do_not_depend_on_days_that_ran_later(tmp_path: Path) -> None:
    """The first days of a stream: thirty days on, and again when eight more have run."""
    days = stream_days(42)
    given = settings_for(tmp_path)
    write_stream(given.warehouse_path, make_stream(42, seed=9, reports_per_day=8))
    run_command(given, through=days[33])
    with reading(given.warehouse_path) as connection:
        before = examples(connection, days[33], given.answer_days)
    run_command(given, through=days[41])
    with reading(given.warehouse_path) as connection:
        after = examples(connection, days[33], given.answer_days)
    assert len(before.issues) >= 5
    assert before.escalated.sum() > 0
    assert before.escalated.tolist() == after.escalated.tolist()
    assert (before.issues == after.issues).all()
    assert (before.points == after.points).all()
