"""Many rows are redacted by several processes, with the same result."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from signals import redacting_rows
from signals.clock import LOCAL
from signals.errors import InputError
from signals.reading import Field, RawRow
from signals.records import Source
from signals.redacting import Redactor
from signals.redacting_rows import redact_rows
from signals.settings import Settings
from signals.staging import StagedReport

NOW = datetime(2025, 3, 1, 9, tzinfo=LOCAL)
COLUMNS = {
    Field.REPORT_ID: "编号", Field.RECEIVED_AT: "时间", Field.BODY: "内容", Field.UNIT: "单位", Field.NAME: "姓名",
}  # fmt: skip


def row(number: int, *, unit: str = "区住建局", name: str = "") -> RawRow:
    told = f"我叫陈小文，电话1380013{number % 10000:04d}，御景湾旁搅拌站夜间噪声扰民"
    cells = (f"H{number}", "2025-02-28 10:00", told, unit, name)
    return RawRow("", number, dict(zip(COLUMNS, cells, strict=True)), COLUMNS)


@pytest.fixture
def redactor() -> Redactor:
    return Redactor("a.csv", Source.HOTLINE, settings=Settings(), key=b"k" * 32, now=NOW)


def test_several_processes_give_what_one_gives_in_the_same_order(
    redactor: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redacting_rows, "ALONE", 15)
    monkeypatch.setattr(redacting_rows, "AT_ONCE", 7)
    rows = [row(number) for number in range(60)] + [RawRow("", 61, {Field.BODY: "没有时间"}, COLUMNS)]
    alone = list(redact_rows(rows, redactor, n_processes=1))
    assert list(redact_rows(rows, redactor, n_processes=2)) == alone
    assert "1380013" not in str(alone)


def test_a_fault_of_the_file_stops_the_rows(
    redactor: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redacting_rows, "ALONE", 2)

    def broken() -> Iterator[RawRow]:
        yield from (row(number) for number in range(4))
        raise InputError("a.csv 第 5 行: 断了。")

    with pytest.raises(InputError, match="第 5 行"):
        list(redact_rows(broken(), redactor, n_processes=2))


def test_a_unit_named_as_the_complainant_is_masked_though_the_same_word_stood_before(redactor: Redactor) -> None:
    units = []
    for each in (row(1, unit="星汇物业"), row(2, unit="星汇物业", name="星汇物业")):
        staged = redactor.each([each])[0].staged
        assert isinstance(staged, StagedReport)
        units.append(staged.report.unit)
    assert units == ["星汇物业", "〔姓名〕"]


def test_what_the_columns_of_a_row_name_is_masked_in_its_own_texts_alone(redactor: Redactor) -> None:
    columns = {**COLUMNS, Field.ANSWER: "答复", Field.ACCOUNT: "账号"}

    def told(number: int, *own: str) -> RawRow:
        cells = (f"H{number}", "2025-02-28 10:00", "夏末说灯不亮，还有lantern", "", own[0], "已答复夏末", own[1])
        return RawRow("", number, dict(zip(columns, cells, strict=True)), columns)

    each = redactor.each([told(1, "", ""), told(2, "夏末", "lantern"), told(3, "", "")])
    said = [redacted.staged.report.body for redacted in each if isinstance(redacted.staged, StagedReport)]
    assert said == ["夏末说灯不亮，还有lantern", "〔姓名〕说灯不亮，还有〔账号〕", "夏末说灯不亮，还有lantern"]
    answers = [update.value for redacted in each for update in redacted.updates if update.field == "answer"]
    assert answers == ["已答复夏末", "已答复〔姓名〕", "已答复夏末"]
