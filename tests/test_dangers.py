"""Dangers to life, sensitive reports, offices and complainants: invented sentences with a known answer."""

import dataclasses
from datetime import datetime

import pytest

from signals.clock import LOCAL
from signals.complainants import Voices, site_key
from signals.dangers import find_danger
from signals.errors import SettingsError
from signals.offices import UNSURE, about_office
from signals.reading import Facts
from signals.records import Kind, Source
from signals.sensitive import sensitive_reason
from signals.settings import Settings

OFFICES = {"江门市城市管理局": ["市城管局", "城管局"], "蓬江区税务局": []}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("楼下餐馆煤气泄漏，味道很大", "燃气泄漏"),
        ("两位老人被困在电梯里", "电梯困人"),
        ("教学楼外墙开裂，随时会倒", "房屋坍塌"),
        ("他说不想活了", "轻生自伤"),
        ("配电房起火，正在冒烟", "火灾触电"),
        ("路口窨井盖不见了", "井盖缺失"),
        ("有人拿刀在小区追人", "暴力伤人"),
        ("幼儿园多名孩子午饭后呕吐", "食品中毒"),
        ("门无法打开有老人被困", "生命受困"),
        ("消防通道边的棚子起火", "火灾触电"),
        ("路口没有井盖", "井盖缺失"),
    ],
)
def test_a_danger_to_life_is_named(text: str, kind: str) -> None:
    found = find_danger(text)
    assert found is not None
    assert found[0] == kind


@pytest.mark.parametrize(
    "text",
    ["已检查，未发现燃气泄漏", "咨询火灾保险", "预防煤气泄漏的宣传", "路灯不亮", "随着火车站开通", "一旦起火后果严重"],
)
def test_denials_questions_and_fears_are_no_danger(text: str) -> None:
    assert find_danger(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("六岁的女孩独自在家", "未成年人"),
        ("邻居丈夫经常殴打妻子", "家庭暴力"),
        ("他多次说要轻生", "自杀自伤"),
        ("家中有人患有重病", "疾病"),
        ("实名举报村干部", "举报"),
        ("小区门口路灯不亮", ""),
        ("工厂排放致癌物", ""),
        ("学校门口堵车，孩子上学难", ""),
    ],
)
def test_sensitive_reports_are_restricted_with_the_reason(text: str, reason: str) -> None:
    assert sensitive_reason(text, Kind.COMPLAINT) == reason


def test_an_accusation_is_restricted_whatever_it_says() -> None:
    assert sensitive_reason("路边占道", Kind.ACCUSATION) == "举报"


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("城管局工作人员态度恶劣", "江门市城市管理局"),
        ("蓬江区税务局办事推诿", "蓬江区税务局"),
        ("路边摆摊，请市城管局核实处理", ""),
        ("窗口工作人员态度恶劣", UNSURE),
        ("路灯不亮", ""),
    ],
)
def test_the_office_a_report_is_about_is_found_and_unsure_is_hidden(text: str, office: str) -> None:
    assert about_office(text, OFFICES) == office


BLANK = Facts(
    report_id="1", received_at=datetime(2025, 3, 1, 9, tzinfo=LOCAL), title="", body="路灯", context="",
    kind=Kind.UNKNOWN, category="", district="", town="", community="", grid_cell="", address="", unit="",
    due_at=None, id_number="", phone="", account="", name="", reporter="", status="", answer="", answered_at=None,
    closed_at=None, returned="", solved="", satisfied="", visited_at=None, duplicate_of="", is_void=False,
)  # fmt: skip
VOICES = Voices(b"k" * 32)


def voice(source: Source = Source.HOTLINE, **values: str) -> str | None:
    return VOICES.of(dataclasses.replace(BLANK, **values), source)  # type: ignore[arg-type]


def test_one_phone_written_in_three_ways_is_one_voice() -> None:
    assert len({voice(phone=p) for p in ("13800138000", "+86 138-0013-8000", "１３８００１３８０００")}) == 1


def test_masked_and_empty_values_are_absent() -> None:
    assert voice(phone="138****8000", account="匿名", name="李四") is None


def test_the_first_present_value_decides() -> None:
    assert voice(phone="13800138000", account="U1") == voice(phone="13800138000", account="U2")


def test_a_name_counts_only_with_its_community() -> None:
    assert voice(name="李四") is None
    assert voice(name="李四", community="东风社区") != voice(name="李四", community="西园社区")


def test_a_grid_note_is_one_voice_a_community_and_day_whoever_reported_it() -> None:
    first = voice(Source.GRID, community="东风社区", reporter="李四", phone="13800138000")
    assert first == voice(Source.GRID, community="东风社区", reporter="王五")
    assert first != voice(Source.GRID, community="西园社区", reporter="李四")


def test_another_key_gives_another_hash() -> None:
    facts = dataclasses.replace(BLANK, phone="13800138000")
    assert Voices(b"a" * 32).of(facts, Source.HOTLINE) != Voices(b"b" * 32).of(facts, Source.HOTLINE)


def test_a_missing_key_refuses_and_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIANWEI_COMPLAINANT_KEY", raising=False)
    monkeypatch.delenv("JIANWEI_COMPLAINANT_KEY_FILE", raising=False)
    with pytest.raises(SettingsError, match="JIANWEI_COMPLAINANT_KEY: 没有设置"):
        site_key(Settings())


def test_the_demo_runs_under_a_random_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIANWEI_COMPLAINANT_KEY", raising=False)
    monkeypatch.delenv("JIANWEI_COMPLAINANT_KEY_FILE", raising=False)
    assert site_key(Settings(demo=True)) != site_key(Settings(demo=True))


def test_a_short_key_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANWEI_COMPLAINANT_KEY", "short")
    with pytest.raises(SettingsError, match="密钥太短"):
        site_key(Settings())
