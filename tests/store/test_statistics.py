"""Statistics of a run day, counted by hand on a few reports: people once, over the whole cell and period."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from signals.clock import LOCAL
from signals.linking.vectors import column
from signals.settings import Settings
from signals.store.rows import put
from signals.store.statistics import last_week, save_statistics
from signals.store.tokens import made_by
from signals.store.warehouse import writing

DAY = date(2025, 3, 30)  # a Sunday
SETTINGS = Settings()


@dataclass(frozen=True)
class Sent:
    """One report, so many days before DAY, by somebody."""

    who: str
    ago: int = 0
    source: str = "hotline"
    area: str = "440703"
    unit: str = "水务局"
    category: str = "公用事业/供水"
    restricted: str = ""
    words: tuple[str, ...] = ()
    answered: float | None = None  # days after receipt
    facts: tuple[tuple[str, str], ...] = ()


def counted(tmp_path: Path, sent: list[Sent], query: str) -> list[Any]:
    """What a query finds after the statistics of DAY were written."""
    with writing(tmp_path / "w.duckdb") as con:
        places: dict[date, list[Sent]] = {}
        for number, one in enumerate(sent):
            day, key = DAY - timedelta(days=one.ago), f"{one.source}:{number}"
            at = datetime.combine(day, time(9), LOCAL)
            text = ("漏水", "", "", "complaint", one.category, one.area, "", "", "", one.unit, None)
            row = (key, one.source, key, 1, number, at, at, *text, one.restricted, "", key)
            put(con, "reports", [row])
            there = places.setdefault(day, [])
            con.execute("INSERT INTO report_days VALUES (?, ?, ?, true, false, '')", [key, day, len(there)])
            there.append(one)
            put(con, "links", [(key, 1, day, None, 0.3, "engine")])
            if one.who:
                put(con, "voices", [(key, one.who)])
            if one.answered is not None:
                ends = at + timedelta(days=one.answered)
                put(con, "updates", [(key, "closed", "", ends, ends, 1)])
            late = at + timedelta(days=400)
            put(con, "updates", [(key, field, value, None, late, 1) for field, value in one.facts])
        for day, there in places.items():
            tokens = [sorted(column(word) for word in one.words) for one in there]
            ends = np.cumsum([0, *map(len, tokens)]).astype("<i4").tobytes()
            flat = np.array([token for some in tokens for token in some], "<i4")
            put(con, "tokens", [(day, "text", made_by(SETTINGS.linking), ends, flat.tobytes(), b"\1" * len(flat))])
        known = {word for one in sent for word in one.words}
        put(con, "vocabulary", [(column(word), word) for word in sorted(known)])
        save_statistics(con, DAY, SETTINGS)
        return con.execute(query).fetchall()


@pytest.mark.parametrize(("day", "monday"), [(30, 24), (31, 24), (29, 17), (24, 17)])
def test_the_last_week_is_one_that_is_over(day: int, monday: int) -> None:
    assert last_week(date(2025, 3, day)) == date(2025, 3, monday)


def test_one_person_on_five_days_of_a_week_is_one(tmp_path: Path) -> None:
    query = "SELECT n_reports, n_complainants FROM subject_counts WHERE subject = 'category' AND period_days = 7"
    found = counted(tmp_path, [Sent("a", ago) for ago in range(5)], query)
    assert set(found) == {(5, 1)}


def test_people_without_a_hash_are_one_together(tmp_path: Path) -> None:
    query = "SELECT n_complainants FROM subject_counts WHERE subject = 'all' AND period_days = 56 AND area = ''"
    assert set(counted(tmp_path, [Sent(""), Sent(""), Sent("a")], query)) == {(2,)}


def test_a_district_that_is_not_known_is_no_cell(tmp_path: Path) -> None:
    found = counted(tmp_path, [Sent("a", area="")], "SELECT DISTINCT area, source FROM subject_counts")
    assert sorted(found) == [("", ""), ("", "hotline")]


def test_a_void_report_counts_nowhere(tmp_path: Path) -> None:
    sent = [Sent("a", facts=(("void", "作废"),))]
    assert counted(tmp_path, sent, "FROM subject_counts UNION ALL BY NAME FROM service_counts") == []


def test_a_word_is_kept_from_five_people_on_and_restricted_reports_say_nothing(tmp_path: Path) -> None:
    sent = [Sent(name, words=("清明",)) for name in "abcde"] + [Sent(name, words=("扫墓",)) for name in "abcd"]
    sent += [Sent("e", words=("扫墓",), restricted="疾病"), Sent("a", words=("扫墓",)), Sent("a", 30, words=("清明",))]
    found = counted(tmp_path, sent, "SELECT word, n_now, n_before FROM word_counts WHERE source = '' AND area = ''")
    assert found == [("清明", 5, 1)]


def measured(tmp_path: Path, sent: list[Sent], measure: str) -> tuple[Any, ...]:
    """n_reports, n_complainants, n_hits, n_hit_complainants of the whole city in 90 days."""
    query = f"""SELECT n_reports, n_complainants, n_hits, n_hit_complainants FROM service_counts
      WHERE measure = '{measure}' AND period_days = 90 AND source = '' AND area = '' AND unit = ''"""
    [row] = counted(tmp_path, sent, query)
    return tuple(row)


def test_in_time_is_a_share_of_what_has_ended_or_is_due(tmp_path: Path) -> None:
    sent = [Sent("a", 20, answered=3), Sent("b", 40, answered=16), Sent("c", 20), Sent("d", 2)]
    assert measured(tmp_path, sent, "ontime") == (3, 3, 1, 1)  # hotline orders are due after 15 days


def test_overdue_is_a_share_of_all_of_the_sources_that_tell_when_reports_are_dealt_with(tmp_path: Path) -> None:
    sent = [Sent("a", 20, answered=3), Sent("b", 40, answered=16), Sent("c", 20), Sent("d", 2)]
    assert measured(tmp_path, sent, "overdue") == (4, 4, 1, 1)
    silent = [Sent("e", 80, source="petition"), Sent("f", 20, source="petition")]
    (tmp_path / "w.duckdb").unlink()
    assert measured(tmp_path, sent + silent, "overdue") == (4, 4, 1, 1)
    (tmp_path / "w.duckdb").unlink()
    assert measured(tmp_path, sent + silent, "ontime") == (3, 3, 1, 1)
    (tmp_path / "w.duckdb").unlink()
    told = [*sent, *silent, Sent("g", 20, source="petition", answered=2)]
    assert measured(tmp_path, told, "overdue") == (7, 7, 2, 2)  # a petition is due after 60 days


def test_an_answer_after_the_day_is_not_known_yet(tmp_path: Path) -> None:
    assert measured(tmp_path, [Sent("a", 2, answered=3), Sent("b", 20, answered=3)], "answer") == (2, 2, 1, 1)


def test_facts_without_a_time_count_from_their_import_on(tmp_path: Path) -> None:
    sent = [Sent("a", facts=(("solved", "是"), ("returned", "2"))), Sent("b", facts=(("solved", "否"),)), Sent("c")]
    assert measured(tmp_path, sent, "solved") == (2, 2, 1, 1)
    (tmp_path / "w.duckdb").unlink()
    assert measured(tmp_path, sent, "returned") == (3, 3, 1, 1)


def test_coming_again_is_the_same_person_in_the_same_issue_after_an_answer(tmp_path: Path) -> None:
    sent = [Sent("a", 20, answered=2), Sent("a", 5), Sent("b", 20, answered=2), Sent("", 20, answered=2), Sent("", 3)]
    assert measured(tmp_path, sent, "repeat") == (2, 2, 1, 1)


def test_each_run_replaces_what_was_counted_before(tmp_path: Path) -> None:
    counted(tmp_path, [Sent("a")], "SELECT 1")
    with writing(tmp_path / "w.duckdb") as con:
        before = con.execute("SELECT count(*) FROM service_counts").fetchall()
        save_statistics(con, DAY, SETTINGS)
        assert con.execute("SELECT count(*) FROM service_counts").fetchall() == before
