"""Texts that came in under weaker rules are masked again, with all that was read off them; counts stay."""

from datetime import timedelta

import pytest

from pipelines.digest import digest_command
from pipelines.doctor import doctor_command
from pipelines.redact import redact_stored_command
from signals.audit import read_audit
from signals.errors import StateError
from signals.keeping.masking import mask_again, pieces
from signals.keeping.soundness import check_soundness
from signals.store.warehouse import writing
from tests.keeping.cities import City, files_with, run_through
from tests.keeping.test_erasing import COUNTS, alerted

SECRET = "陈小文"


def slip(city: City) -> tuple[str, str]:
    """Let a name stand in a report, as an earlier version left it, and in what was read off it; its key, its issue."""
    key, quote, _ = alerted(city)
    [(issue,)] = city.rows("SELECT issue_id FROM links WHERE report_key = ? AND until_on IS NULL", key)
    said = f"找{SECRET}先生的工地{quote}"
    with writing(city.settings.warehouse_path) as connection:
        connection.execute("UPDATE reports SET body = ? WHERE report_key = ?", [said, key])
        connection.execute("INSERT INTO updates SELECT report_key, 'answer', ?, NULL, known_at, file_id FROM reports"
                           " WHERE report_key = ?", [said, key])  # fmt: skip
        connection.execute("UPDATE quarantine SET cells = '{\"内容\": \"我叫陈小文\"}'")
        connection.execute("UPDATE alerts SET name = ?, quotes = [?], words = ['工地', ?] WHERE issue_id = ?",
                           [said[:20], said[:30], SECRET, issue])  # fmt: skip
        connection.execute("UPDATE issues SET name = ? WHERE issue_id = ?", [said[:20], issue])
        connection.execute("UPDATE issue_days SET name = ?, words = ['工地', ?] WHERE issue_id = ?",
                           [said[:20], SECRET, issue])  # fmt: skip
    for (day,) in city.rows("SELECT max(day) FROM alerts WHERE issue_id = ?", issue):
        digest_command(city.settings, day)  # type: ignore[arg-type]
    return key, str(issue)


def test_what_newer_rules_find_goes_from_every_table_digest_and_byte_and_counts_stay(
    city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    key, issue = slip(city)
    assert files_with(city.settings.folder, SECRET)
    before = [city.rows(query) for query in COUNTS[:-1]]
    capsys.readouterr()
    assert doctor_command(city.settings, privacy=True) == 1
    assert "jianwei redact --stored" in capsys.readouterr().out
    assert redact_stored_command(city.settings) == 0
    assert "1 条诉求的内容补了脱敏标记" in capsys.readouterr().out
    assert files_with(city.settings.folder, SECRET) == []
    assert [city.rows(query) for query in COUNTS[:-1]] == before
    assert city.rows("SELECT body FROM reports WHERE starts_with(body, '找〔姓名〕先生的工地')") != []
    assert set(city.rows("SELECT words::VARCHAR FROM alerts WHERE issue_id = ?", issue)) == {("[工地]",)}
    assert doctor_command(city.settings, privacy=True) == 0
    assert [line.action for line in read_audit(city.settings.audit_folder)][-1] == "redact"
    of_day = "SELECT count(*) FROM said WHERE day IN (SELECT day FROM report_days WHERE report_key = ?)"
    assert city.rows(of_day, key) == [(0,)]  # to be read anew
    run_through(city, city.export.last_on + timedelta(days=1))
    with writing(city.settings.warehouse_path) as connection:
        assert check_soundness(connection) == []
    assert city.rows(of_day, key) == [(1,)]


def test_nothing_to_mask_changes_nothing_and_a_second_time_neither(city: City) -> None:
    assert mask_again(city.settings).n_reports == 0
    slip(city)
    assert [mask_again(city.settings).n_reports for _ in range(2)] == [1, 0]


def test_without_a_warehouse_it_is_refused(city: City) -> None:
    settings = city.settings.model_copy(update={"folder": city.settings.folder / "none"})
    with pytest.raises(StateError, match="还没有数据仓库"):
        redact_stored_command(settings)
    assert not settings.folder.exists()


def test_pieces_are_what_marks_took_the_place_of() -> None:
    assert list(pieces("林一二和〔姓名〕，周三四说", "〔姓名〕和〔姓名〕，〔姓名〕说")) == ["林一二", "周三四"]
