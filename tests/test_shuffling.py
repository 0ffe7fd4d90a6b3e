"""Shuffled dates: every day keeps its number of reports, no report keeps its day, later facts move along."""

import json
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from signals.errors import InputError
from signals.shuffling import Shuffle, shuffle_days, shuffle_named
from signals.store import warehouse
from tests.engine.stream import make_stream
from tests.engine.worlds import world_of
from tests.exports import Jianwei, write_petitions

PER_DAY = "SELECT source, CAST(known_at AS DATE), count(*) FROM reports GROUP BY ALL ORDER BY ALL"
TIMES = "SELECT report_key, known_at, received_at FROM reports ORDER BY report_key"


@pytest.mark.parametrize("name", ["", "years", "0d", "-3d", "60"])
def test_a_shuffle_without_a_meaning_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="60d"):
        shuffle_named(name)


@pytest.mark.parametrize("reach", [None, 10])
def test_every_day_and_source_keeps_its_number_of_reports(reach: int | None) -> None:
    with world_of(make_stream(40)) as world:
        before, times = world.connection.execute(PER_DAY).fetchall(), world.connection.execute(TIMES).fetchall()
        assert shuffle_days(world.connection, Shuffle(reach)) == len(times)
        after = world.connection.execute(TIMES).fetchall()
        assert world.connection.execute(PER_DAY).fetchall() == before
        assert sum(a != b for a, b in zip(times, after, strict=True)) > 0.9 * len(times)


def test_within_ten_days_no_report_goes_much_further_and_year_wide_most_do() -> None:
    def moves(connection: duckdb.DuckDBPyConnection, reach: int | None) -> list[timedelta]:
        before = connection.execute(TIMES).fetchall()
        shuffle_days(connection, Shuffle(reach))
        return [abs(b[1] - a[1]) for a, b in zip(before, connection.execute(TIMES).fetchall(), strict=True)]

    for reach, share in ((10, 1.0), (None, 0.4)):
        with world_of(make_stream(60)) as world:
            found = moves(world.connection, reach)
            assert sum(move <= timedelta(days=12) for move in found) / len(found) == pytest.approx(share, abs=0.07)


def test_answers_move_with_their_report() -> None:
    lag = """SELECT u.report_key, field, u.known_at - r.known_at, u."at" - r.known_at
             FROM updates u JOIN reports r USING (report_key) ORDER BY ALL"""
    with world_of(make_stream(30)) as world:
        before = world.connection.execute(lag).fetchall()
        shuffle_days(world.connection, Shuffle(None))
        assert world.connection.execute(lag).fetchall() == before


def test_the_same_seed_draws_the_same_dates_and_another_seed_others() -> None:
    def drawn(seed: int) -> list[tuple[object, ...]]:
        with world_of(make_stream(20)) as world:
            shuffle_days(world.connection, Shuffle(None, seed))
            return world.connection.execute(TIMES).fetchall()

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


@pytest.mark.slow
def test_what_a_shuffled_replay_measures_is_written_and_kept_beside_the_promise(
    jianwei: Jianwei, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, connect = [], warehouse._connect
    monkeypatch.setattr(warehouse, "_connect", lambda path, **named: opened.append(path) or connect(path, **named))
    petitions = write_petitions(tmp_path / "p.xlsx").path
    site = tmp_path / "site.duckdb"
    assert jianwei("ingest", str(petitions), "--history", "--warehouse", str(site))[0] == 0
    code, said = jianwei(
        "replay", str(petitions), "--out", str(tmp_path / "out"), "--shuffle", "year", "--record", str(site)
    )
    assert code == 0, said
    assert "实测÷预算" in said
    with duckdb.connect(str(site), read_only=True) as connection:
        kind, notes = connection.execute("SELECT kind, CAST(notes AS DOUBLE) FROM models").fetchone() or ("", -1.0)
    assert kind == "budget"
    assert 0 <= notes <= 1  # nothing starts in shuffled dates: the promise holds
    written = json.loads((tmp_path / "out" / "replay.json").read_text("utf-8"))
    assert notes == pytest.approx(written["realized_over_budget"], abs=0.006)
    assert 0 < opened.count(tmp_path / "out" / "work" / "jianwei.duckdb") < 15  # once for all of its 45 days


def test_a_measured_value_is_only_kept_of_shuffled_dates(jianwei: Jianwei, tmp_path: Path) -> None:
    petitions = write_petitions(tmp_path / "p.xlsx").path
    code, said = jianwei("replay", str(petitions), "--out", str(tmp_path / "out"), "--record", str(tmp_path / "w"))
    assert (code, "--shuffle year" in said) == (1, True)
