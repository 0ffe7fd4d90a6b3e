"""`jianwei correct` as an analyst meets it: said, listed, in force the next day, refused in one sentence."""

import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from signals.audit import read_audit
from signals.ingest import How, ingest_file
from signals.runner import days_due, run_days
from signals.settings import Settings
from signals.store.warehouse import kept_open
from tests.exports import FIRST, Export, Jianwei, write_petitions

N_RUN = 22  # days; the last has many reports of one spot
SAID = ("--by", "研判员", "--reason", "现场核对过，联系人13800138000")
NEXT_DAY = str(FIRST + timedelta(days=N_RUN))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Export:
    """An export whose first days have run in a folder `var` beside it."""
    folder = tmp_path_factory.mktemp("city")
    export = write_petitions(folder / "petitions.xlsx", n_days=N_RUN + 2)
    settings = Settings(folder=folder / "var", demo=True)
    ingest_file(export.path, How(settings, b"a key for tests, nothing else...", history=True))
    path = settings.warehouse_path
    with kept_open(path):
        assert len(list(run_days(path, days_due(path, FIRST + timedelta(days=N_RUN - 1)), settings))) == N_RUN
    return export


@pytest.fixture
def issue(city: Export, jianwei: Jianwei) -> int:
    """The issue of the spot, in a copy of the city in the working folder."""
    shutil.copytree(city.path.parent / "var", "var")
    ((largest, n),) = asked(
        "SELECT issue_id, count(*) FROM links WHERE until_on IS NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    )
    assert n >= 4
    return int(largest)


def asked(query: str, *parameters: object) -> list[tuple[object, ...]]:
    with duckdb.connect("var/jianwei.duckdb", read_only=True) as connection:
        return connection.execute(query, list(parameters)).fetchall()


def reports_of(issue: int) -> list[str]:
    rows = asked("SELECT report_key FROM links WHERE issue_id = ? AND until_on IS NULL ORDER BY 1", issue)
    return [str(key) for (key,) in rows]


def last_number() -> int:
    return int(str(asked("SELECT coalesce(max(correction_id), 0) FROM corrections")[0][0]))


def another(issue: int) -> int:
    """An issue of one report."""
    rows = asked("SELECT issue_id FROM links WHERE until_on IS NULL GROUP BY 1 HAVING count(*) = 1 ORDER BY 1 DESC")
    return next(int(str(number)) for (number,) in rows if number != issue)


def test_a_split_is_recorded_listed_and_in_force_the_next_day(jianwei: Jianwei, issue: int) -> None:
    keys = reports_of(issue)
    code, printed = jianwei("correct", "split", str(issue), keys[0], keys[1], *SAID)
    number = last_number()
    assert code == 0
    assert printed == f"第 {number} 号更正已记录：拆分：议题 {issue} 的 2 条诉求到新议题。从 {NEXT_DAY} 起生效。\n"
    assert reports_of(issue) == keys
    assert "待生效" in jianwei("correct", "list")[1].splitlines()[0]
    assert jianwei("run", "--date", NEXT_DAY)[0] == 0
    first = jianwei("correct", "list", "--issue", str(issue))[1].splitlines()[0]
    ((new,),) = asked("SELECT other_id FROM corrections WHERE correction_id = ?", number)
    assert first.startswith(f"{number}  拆分：议题 {issue} 的 2 条诉求到议题 {new}  研判员  ")
    assert f"  {NEXT_DAY} 起生效  " in first
    assert set(keys[:2]) <= set(reports_of(int(str(new)))) - set(reports_of(issue))


def test_the_reason_is_redacted_before_it_is_kept(jianwei: Jianwei, issue: int) -> None:
    jianwei("correct", "merge", str(issue), str(another(issue)), *SAID)
    assert asked("SELECT reason FROM corrections ORDER BY correction_id DESC LIMIT 1") == [
        ("现场核对过，联系人〔手机〕",)
    ]
    assert not [path for path in Path("var").rglob("*") if path.is_file() and b"13800138000" in path.read_bytes()]


def test_a_correction_leaves_a_line_in_the_audit(jianwei: Jianwei, issue: int) -> None:
    jianwei("correct", "split", str(issue), reports_of(issue)[0], *SAID)
    (entry,) = read_audit(Path("var/audit"))
    assert (entry.account, entry.action, entry.subject, entry.n) == (
        "研判员", "correct", f"correction:{last_number()}", 1,
    )  # fmt: skip


def test_without_an_audit_there_is_no_correction(jianwei: Jianwei, issue: int) -> None:
    Path("var/audit").write_text("no folder")
    before = last_number()
    code, printed = jianwei("correct", "split", str(issue), reports_of(issue)[0], *SAID)
    assert (code, "审计不可写" in printed, last_number()) == (1, True, before)


def test_a_correction_that_was_withdrawn_changes_nothing_and_says_so(jianwei: Jianwei, issue: int) -> None:
    keys = reports_of(issue)
    jianwei("correct", "move", str(issue), str(another(issue)), keys[0], *SAID)
    number = last_number()
    code, printed = jianwei("correct", "undo", str(number), *SAID)
    assert (code, printed) == (0, f"第 {number + 1} 号更正已记录：撤销第 {number} 号。它不会再生效。\n")
    listed = jianwei("correct", "list")[1].splitlines()
    assert f"由第 {number + 1} 号撤回" in listed[1]
    jianwei("run", "--date", NEXT_DAY)
    assert set(keys) <= set(reports_of(issue))


def test_the_engines_own_merges_are_listed_and_can_be_undone(jianwei: Jianwei, issue: int) -> None:
    ((number, absorbed),) = asked("SELECT correction_id, issue_id FROM corrections WHERE made_by = 'engine' LIMIT 1")
    assert f"{number}  合并：议题 {absorbed} 并入议题 " in jianwei("correct", "list")[1]
    assert jianwei("correct", "undo", str(number), *SAID)[0] == 0
    jianwei("run", "--date", NEXT_DAY)
    assert reports_of(int(str(absorbed))) != []
    assert f"由第 {last_number()} 号撤销" in jianwei("correct", "list", "--issue", str(absorbed))[1]


def test_the_reports_of_an_issue_are_listed_by_number_and_no_text_is_shown(jianwei: Jianwei, issue: int) -> None:
    code, printed = jianwei("correct", "list", "--issue", str(issue))
    assert code == 0
    assert printed.splitlines()[-1] == f"议题 {issue} 现有 {len(reports_of(issue))} 条诉求：" + " ".join(
        key for (key,) in asked(
            "SELECT report_key FROM links WHERE issue_id = ? AND until_on IS NULL ORDER BY from_on, report_key", issue
        )
    )  # fmt: skip
    texts = asked("SELECT title, body FROM reports WHERE report_key = ANY(?)", reports_of(issue))
    assert not [text for row in texts for text in row if str(text) in printed]


@pytest.mark.parametrize(
    ("words", "said"),
    [("merge {a} {a}", "议题 {a}: 两个编号相同"), ("merge {a} 99999", "议题 99999: 没有这个议题；得到 99999"),
     ("merge {gone} {a}", "议题 {gone}: 已并入议题 "),
     ("split {a} {other}", "诉求 {other}: 不在议题 {a}；它在议题 {b}"),
     ("split {a} petition:nosuch", "诉求 petition:nosuch: 没有运行过这条诉求"),
     ("split {b} {other}", "议题 {b}: 没有诉求可留"), ("move {b} {a} {other}", "请改用 jianwei correct merge"),
     ("move {a} {gone} {own}", "议题 {gone}: 已并入议题 "), ("undo 99999", "更正 99999: 没有这一号；得到 99999")],
)  # fmt: skip
def test_what_cannot_be_carried_out_is_refused_in_one_sentence(
    jianwei: Jianwei, issue: int, words: str, said: str
) -> None:
    ((gone,),) = asked("SELECT issue_id FROM issues WHERE merged_into IS NOT NULL ORDER BY 1 LIMIT 1")
    other = another(issue)
    names = {"a": issue, "b": other, "gone": gone, "own": reports_of(issue)[0], "other": reports_of(other)[0]}
    before = last_number()
    code, printed = jianwei("correct", *words.format(**names).split(), *SAID)
    assert (code, len(printed.splitlines()), last_number()) == (1, 1, before)
    assert said.format(**names) in printed
    assert printed.rstrip().endswith("。")


def test_nothing_is_undone_twice_and_an_undo_not_at_all(jianwei: Jianwei, issue: int) -> None:
    jianwei("correct", "split", str(issue), reports_of(issue)[0], *SAID)
    number = last_number()
    jianwei("run", "--date", NEXT_DAY)
    jianwei("correct", "undo", str(number), *SAID)
    assert f"更正 {number}: 已经由第 {number + 1} 号撤销" in jianwei("correct", "undo", str(number), *SAID)[1]
    jianwei("run", "--date", str(FIRST + timedelta(days=N_RUN + 1)))
    assert f"更正 {number + 1}: 它本身是撤销" in jianwei("correct", "undo", str(number + 1), *SAID)[1]


def test_what_a_later_correction_rests_on_is_not_withdrawn_before_it(jianwei: Jianwei, issue: int) -> None:
    keys = reports_of(issue)
    jianwei("correct", "move", str(issue), str(another(issue)), keys[0], *SAID)
    jianwei("correct", "split", str(issue), keys[1], *SAID)
    number = last_number()
    assert f"请先撤销第 {number} 号" in jianwei("correct", "undo", str(number - 1), *SAID)[1]
    assert jianwei("correct", "undo", str(number), *SAID)[0] == 0
    assert jianwei("correct", "undo", str(number - 1), *SAID)[0] == 0


@pytest.mark.parametrize(
    ("by", "reason", "said"),
    [("engine", "理由", "--by: 不能这样署名"), (" ", "理由", "--by: 不能这样署名"),
     ("研判员", " ", "--reason: 没有理由")],
)  # fmt: skip
def test_who_and_why_must_be_said(jianwei: Jianwei, issue: int, by: str, reason: str, said: str) -> None:
    code, printed = jianwei("correct", "merge", "1", "2", "--by", by, "--reason", reason)
    assert (code, printed.startswith(said)) == (1, True)


@pytest.mark.parametrize(
    "words", ["merge 1 2", "split 1 --by a --reason b", "undo x --by a --reason b", "list --limit 0"]
)
def test_wrong_usage_ends_with_two(jianwei: Jianwei, words: str) -> None:
    assert jianwei("correct", *words.split())[0] == 2


def test_without_a_warehouse_nothing_is_corrected_and_none_is_made(jianwei: Jianwei) -> None:
    code, printed = jianwei("correct", "merge", "1", "2", *SAID)
    assert (code, "jianwei ingest" in printed) == (1, True)
    assert list(Path.cwd().iterdir()) == []
